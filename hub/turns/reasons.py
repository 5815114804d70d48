"""Why a turn took what it took, in words, from the stages that were measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.turns.kept import KeptTurn
from hub.turns.latency import RESPONSE, durations

NOTABLE_MS = 1.0
"""What takes less is not worth a word."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the explanation."""

    code: str
    """Stable, for translations."""
    ms: float | None
    """How long it took, where it is about time."""
    text: str
    """In English."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How the time until the answer could be heard is made up; what is not known is None."""

    response_ms: float | None
    """From the end of speech to the first sound of the answer."""
    speech_ms: float | None
    endpoint_ms: float | None
    transcript_ms: float | None
    """Of recognising; some of it may have been done while the pause went on."""
    intent_ms: float | None
    action_ms: float | None
    thinking_ms: float | None
    """Of a model, to its first words."""
    voice_ms: float | None
    """From asking for the first audio, or from the model's first words, to its first audio."""
    playback_ms: float | None
    answer_ms: float | None
    """Of what was typed and is only read."""


def shares(turn: KeptTurn) -> Shares:
    """Return how long each part of a turn took."""
    took = {name: round(ms, 1) for name, ms in durations(turn.stages).items()}
    at = {stage.name: stage for stage in turn.stages}
    voice = took.get("first audio")
    if voice is not None and "thinking" in at:
        begun = max(at["first audio"].start_ms, at["thinking"].end_ms)
        voice = round(max(at["first audio"].end_ms - begun, 0.0), 1)
    return Shares(
        took.get(RESPONSE),
        took.get("speech"),
        took.get("endpoint"),
        took.get("transcript"),
        took.get("intent"),
        took.get("action"),
        took.get("thinking"),
        voice,
        took.get("playback"),
        took.get("answer"),
    )


def reasons(turn: KeptTurn) -> list[Reason]:
    """Return why it took what it took, in the order in which it happened."""
    return [*_waiting(turn), *_working(turn), *_ending(turn)]


def _waiting(turn: KeptTurn) -> Iterator[Reason]:
    part, details = shares(turn), turn.details
    if turn.outcome == "nothing-heard" and part.speech_ms is None:
        yield Reason("nobody-spoke", None, "Nobody spoke.")
    if part.speech_ms is not None:
        yield Reason("speech", part.speech_ms, f"Somebody spoke for {_time(part.speech_ms)}.")
    if part.endpoint_ms is not None:
        waited = part.endpoint_ms
        match details.get("ending"):
            case "too-long":
                text = f"The sentence did not end; {_time(waited)} after the last word it was cut."
                yield Reason("cut", waited, text)
            case "gap":
                text = f"No sound came any more; {_time(waited)} later the sentence was taken."
                yield Reason("gap", waited, text)
            case _:
                text = f"The pause was {_time(waited)} long before the sentence counted as over."
                yield Reason("endpoint", waited, text)
    if details.get("paid"):
        ahead = float(details.get("ahead_ms", 0))
        text = f"Work during the pause saved {_time(ahead)}."
        yield Reason("ahead", ahead, text)
    tries = int(details.get("tries") or 0)
    if tries > 1:
        text = f"It was tried {tries} times, for the speaker went on after a pause."
        yield Reason("tries", None, text)
    lost = float(details.get("lost_ms") or 0)
    if lost:
        yield Reason("lost", lost, f"{_time(lost)} of sound were lost on the way.")


def _working(turn: KeptTurn) -> Iterator[Reason]:
    part, details = shares(turn), turn.details
    if part.transcript_ms is not None:
        text = f"Recognising took {_time(part.transcript_ms)}."
        yield Reason("transcript", part.transcript_ms, text)
    if turn.intent is not None and part.intent_ms is not None:
        took = _time(part.intent_ms)
        text = f"The home understood it as {turn.intent} in {took}, without a model."
        yield Reason("intent", part.intent_ms, text)
    if part.thinking_ms is not None:
        took = _time(part.thinking_ms)
        text = f"The home has no such command: the model took {took} to its first words."
        yield Reason("thinking", part.thinking_ms, text)
    if part.action_ms is not None and part.action_ms >= NOTABLE_MS:
        text = f"Doing it took {_time(part.action_ms)}"
        confirmed = "" if not details.get("confirmed") else ", until the device confirmed it"
        yield Reason("action", part.action_ms, f"{text}{confirmed}.")
    if part.answer_ms is not None and part.answer_ms >= NOTABLE_MS:
        yield Reason("answer", part.answer_ms, f"The answer took {_time(part.answer_ms)}.")
    if part.voice_ms is not None and part.voice_ms >= NOTABLE_MS:
        text = f"The voice needed {_time(part.voice_ms)} to its first sound."
        yield Reason("voice", part.voice_ms, text)


def _ending(turn: KeptTurn) -> Iterator[Reason]:
    part = shares(turn)
    if part.response_ms is not None:
        took = _time(part.response_ms)
        text = f"From the last word to the first sound of the answer it was {took}."
        yield Reason("response", part.response_ms, text)
    match turn.outcome:
        case "interrupted":
            yield Reason("interrupted", None, "Somebody spoke over the answer, and it stopped.")
        case "not-understood":
            yield Reason("not-understood", None, "No words were understood, and nobody thought.")
        case "failed":
            code = str(turn.details.get("code") or "")
            why = f" ({code})" if code else ""
            yield Reason("failed", None, f"It failed{why}; the log of the hub says why.")
        case "handed-over":
            yield Reason("handed-over", None, "It went on in another room.")
        case "cancelled":
            yield Reason("cancelled", None, "It was cancelled before it was over.")
        case "stopped":
            yield Reason("stopped", None, "Only silence was asked for.")
        case _:
            pass


def _time(ms: float) -> str:
    return f"{ms / 1000:.1f} s" if ms >= 1000 else f"{ms:.0f} ms"
