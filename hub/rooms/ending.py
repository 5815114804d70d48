"""The fact that a turn is over, made of its record, and the satellite's news of it."""

from hub.conversation.turn import Turn
from hub.events import TurnEnded
from protocol import sotto_messages


def ended(satellite: str, turn: Turn) -> TurnEnded:
    """Return what is told of a turn that is over."""
    record = turn.record
    return TurnEnded(
        satellite,
        turn.number,
        record.outcome,
        record.transcript,
        record.language,
        record.answer,
        record.intent,
        turn.timings.stages,
        record.details,
        record.heard,
    )


def told(turn: Turn) -> sotto_messages.TurnEnded:
    """Return what the satellite is told of a turn that is over."""
    stages = {stage.name: [stage.start_ms, stage.end_ms] for stage in turn.timings.stages}
    return sotto_messages.TurnEnded(turn.number, turn.record.outcome, turn.record.answer, stages)
