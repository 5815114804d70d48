"""Turns under way and the last ones, as they are shown while they happen."""

from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from hub.events import ToolAnswered, ToolCalled, TurnEnded, TurnStarted
from hub.turns.kept import KeptTurn

SHOWN = 10
"""Turns that are over and still shown."""
MAX_UNDER_WAY = 256
NOT_YET = TurnEnded("", 0, "running")
MAX_TOOLS = 50
"""Of one turn; what comes after is not kept."""
MAX_SHOWN_CHARS = 400
"""Of what was said and answered."""


class Board(Protocol):
    """Shows values by id."""

    def put(self, id_: str, value: Mapping[str, Any]) -> None:
        """Show what something is like now."""

    def drop(self, id_: str) -> None:
        """Show it no more."""


@dataclass(slots=True)
class UnderWay:
    """One turn that has begun."""

    id: str
    conversation: str
    started: datetime
    fact: TurnStarted
    text: str = ""
    tools: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was done in it, by call."""

    def ended(self, fact: TurnEnded, took_ms: float) -> KeptTurn:
        """Return it as it is kept."""
        begun = self.fact
        return KeptTurn(
            self.id,
            self.conversation,
            begun.turn,
            begun.satellite,
            begun.name or begun.satellite,
            begun.area,
            begun.person,
            begun.opening,
            self.started,
            took_ms,
            fact.outcome,
            fact.transcript,
            fact.language,
            fact.answer,
            fact.heard,
            fact.intent,
            fact.stages,
            {**fact.details, **({"tools": list(self.tools.values())} if self.tools else {})},
        )


class TurnsUnderWay:
    """The turns that go on, by satellite and number; what happens to them is shown on a board."""

    def __init__(self, run: str) -> None:
        """`run` tells numbers of turns and conversations from those of other runs of the hub."""
        self.board: Board | None = None
        self._run = run
        self._turns: OrderedDict[tuple[str, int], UnderWay] = OrderedDict()
        self._shown: deque[str] = deque()

    def began(self, fact: TurnStarted, now: datetime) -> None:
        """Take in a turn."""
        while len(self._turns) >= MAX_UNDER_WAY:  # their ends were missed
            _, lost = self._turns.popitem(last=False)
            self._drop(lost.id)
        id_ = f"{self._run}-{fact.turn}"
        conversation = f"{self._run}-{fact.conversation}" if fact.conversation else id_
        turn = UnderWay(id_, conversation, now, fact)
        self._turns[fact.satellite, fact.turn] = turn
        self._show(turn)

    def grew(self, satellite: str, number: int, text: str) -> None:
        """Take in what is heard so far."""
        turn = self._turns.get((satellite, number))
        if turn is not None:
            turn.text = text
            self._show(turn)

    def called(self, fact: ToolCalled, now: datetime) -> None:
        """Take in that something is being done."""
        turn = self._turns.get((fact.satellite or "", fact.turn or 0))
        if turn is None or len(turn.tools) >= MAX_TOOLS:
            return
        began_ms = round((now - turn.started).total_seconds() * 1000, 1)
        turn.tools[fact.call] = {
            "tool": fact.tool,
            "arguments": fact.arguments,
            "start_ms": max(began_ms, 0.0),
            "took_ms": 0.0,
            "ok": False,
            "text": "",
        }
        self._show(turn)

    def answered(self, fact: ToolAnswered) -> None:
        """Take in what came of it."""
        turn = self._turns.get((fact.satellite or "", fact.turn or 0))
        if turn is not None and fact.call in turn.tools:
            took_ms = round(fact.took_ms, 1)
            turn.tools[fact.call].update(took_ms=took_ms, ok=fact.ok, text=_short(fact.text))
            self._show(turn)

    def ended(self, fact: TurnEnded, now: datetime) -> KeptTurn:
        """Return a turn that is over; one whose beginning was missed began when it ended."""
        key = (fact.satellite, fact.turn)
        if key not in self._turns:
            self.began(TurnStarted(fact.satellite, fact.turn), now)
        turn = self._turns.pop(key)
        # The wall clock may have been set meanwhile; stages are measured by one that is not.
        measured = max((stage.end_ms for stage in fact.stages), default=0.0)
        by_wall = (now - turn.started).total_seconds() * 1000
        kept = turn.ended(fact, round(measured or max(by_wall, 0.0), 1))
        self._show_end(kept)
        return kept

    def forget(self, ids: list[str]) -> None:
        """Show some turns no more."""
        gone = set(ids) & set(self._shown)
        self._shown = deque(id_ for id_ in self._shown if id_ not in gone)
        for id_ in gone:
            self._drop(id_)

    def _show(self, turn: UnderWay) -> None:
        if self.board is not None:
            value = _place(turn.ended(NOT_YET, 0.0))
            doing = [tool["tool"] for tool in turn.tools.values()]
            shown = {"running": True, "transcript": _short(turn.text), "tools": doing}
            self.board.put(turn.id, {**value, **shown})

    def _show_end(self, turn: KeptTurn) -> None:
        if self.board is None:
            return
        self.board.put(
            turn.id,
            {
                **_place(turn),
                "running": False,
                "outcome": turn.outcome,
                "transcript": _short(turn.transcript),
                "answer": _short(turn.answer),
                "heard": _short(turn.heard),
                "took_ms": turn.took_ms,
            },
        )
        self._shown.append(turn.id)
        while len(self._shown) > SHOWN:
            self._drop(self._shown.popleft())

    def _drop(self, id_: str) -> None:
        if self.board is not None:
            self.board.drop(id_)


def _place(turn: KeptTurn) -> dict[str, Any]:
    return {
        "id": turn.id,
        "conversation": turn.conversation,
        "satellite": turn.satellite,
        "satellite_name": turn.satellite_name,
        "area": turn.area,
        "person": turn.person,
        "opening": turn.opening,
        "started": turn.started.isoformat(),
    }


def _short(text: str | None) -> str | None:
    if text is None or len(text) <= MAX_SHOWN_CHARS:
        return text
    return f"{text[: MAX_SHOWN_CHARS - 1]}…"
