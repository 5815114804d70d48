"""What the hub's facts are in the words of the talk socket, for one client."""

from hub.api.talk import messages as words
from hub.events import (
    AnswerGrew,
    Fact,
    ToolAnswered,
    ToolCalled,
    TranscriptGrew,
    TurnEnded,
    TurnStarted,
    WordsTimed,
)


class Reporting:
    """Follows the turns of one satellite."""

    def __init__(self, satellite: str) -> None:
        self._satellite = satellite
        self._turn = 0
        self._written = ""  # of that turn, as far as it was told

    def said(self, fact: Fact) -> words.Down | None:
        """Return what the client is told of a fact."""
        if getattr(fact, "satellite", None) != self._satellite:
            return None
        match fact:
            case TurnStarted(turn=turn, ref=ref):
                return words.TurnStarted(turn=turn, ref=ref)
            case TranscriptGrew(turn=turn, text=text):
                return words.Transcript(turn=turn, text=text, final=False)
            case AnswerGrew(turn=turn, text=text):
                return self._grown(turn, text)
            case WordsTimed(turn=turn, words=timed):
                told = tuple(words.Word(text=one.text, at_ms=one.at_ms) for one in timed)
                return words.Words(turn=turn, words=told)
            case ToolCalled():
                return words.Tool(
                    turn=fact.turn,
                    call=fact.call,
                    tool=fact.tool,
                    arguments=fact.arguments,
                    status="running",
                )
            case ToolAnswered():
                return words.Tool(
                    turn=fact.turn,
                    call=fact.call,
                    status="asked" if fact.asked else "done" if fact.ok else "failed",
                    result=fact.text,
                    took_ms=fact.took_ms,
                )
            case TurnEnded():
                return words.TurnEnded(
                    turn=fact.turn,
                    outcome=fact.outcome,
                    transcript=fact.transcript,
                    language=fact.language,
                    answer=fact.answer,
                    heard=fact.heard,
                    intent=fact.intent,
                    stages={one.name: (one.start_ms, one.end_ms) for one in fact.stages},
                )
            case _:
                return None

    def _grown(self, turn: int, text: str) -> words.Answer:
        before = self._written if turn == self._turn else ""
        self._turn, self._written = turn, text
        at = len(before)
        if not text.startswith(before):  # something else is said instead
            same = (n for n, (a, b) in enumerate(zip(before, text, strict=False)) if a != b)
            at = next(same, min(len(before), len(text)))
        return words.Answer(turn=turn, at=at, text=text[at:])
