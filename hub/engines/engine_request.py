"""What an engine process is asked, and what it does."""

import asyncio
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from hub.engines.base import EngineError, Rank
from hub.words import untold
from protocol.frames import Event, encode

MAX_ANSWERS = 1024
"""Answers of one request that wait to be taken. A reader so far behind has stopped reading."""
MOVED = "moved"
"""Among the answers to a request: its turn has come, or it has to wait again."""


class State(StrEnum):
    """What an engine process does."""

    STARTING = "starting"
    READY = "ready"
    ENDED = "ended"
    """It was not needed for long, or not at all yet; it starts when it is."""
    FAILED = "failed"
    """It ends by itself, and is started again and again."""


class Request:
    """One request: what is sent, and what has come back."""

    def __init__(self, event: Event, rank: Callable[[], Rank], abandon_s: float) -> None:
        self.number = int(event.data["id"])
        self.configuration: dict[str, Any] | None = None
        """What the engine is to be configured with, if it is that."""
        if event.type == "configure":
            self.configuration = event.data["values"]
        self.data = encode(event)
        self.rank = rank
        self.abandon_s = abandon_s
        self.given_up_at: float | None = None
        self.answers: asyncio.Queue[Event | EngineError] = asyncio.Queue(MAX_ANSWERS)
        self.attempts = 0
        self.answered = False
        """Whether a part of the answer was handed out."""

    def put(self, answer: Event | EngineError) -> None:
        """Hand out an answer, or why there is none."""
        if self.answers.full():  # nobody takes them any more; what matters is how it ends
            self.answers.get_nowait()
        self.answers.put_nowait(answer)


class Configurations:
    """Which configuration an engine is started with, if there is one."""

    def __init__(self) -> None:
        self._taken: dict[str, Any] | None = None
        self._untried: dict[str, Any] | None = None

    @property
    def known(self) -> dict[str, Any] | None:
        """The one to start with."""
        return self._taken if self._untried is None else self._untried

    def note(self, values: dict[str, Any]) -> None:
        """Start with this one next time, to see whether the engine takes it."""
        self._untried = values

    def taken(self, values: dict[str, Any]) -> None:
        """Take note that the engine has taken this one."""
        self._taken, self._untried = values, None

    def refused(self) -> dict[str, Any] | None:
        """Take note that it has refused what it was started with; return what it may take."""
        untried, self._untried = self._untried, None
        return None if untried is None else self._taken


def error_of(event: Event) -> EngineError:
    """Return what an engine process tells of a failure."""
    data = event.data
    return EngineError(str(data["code"]), untold(str(data["text"]), data.get("named")))
