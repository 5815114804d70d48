"""The fact that a turn is over, made of its record."""

from hub.conversation.turn import Turn
from hub.events import TurnEnded


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
