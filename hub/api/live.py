"""What is so now, pushed: a snapshot, then changes. A client that was away gets what it missed.

Each part of the hub that shows something has a topic: values by id. Every change has a number; the
newest are kept, so a connection needs no queue: it knows what it has sent. Of a topic that is
fleeting only the last change of each thing is kept, so that it does not push the others out.
"""

import asyncio
import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hub.api.access import Role

KEPT = 2000
"""Changes that a client which was away can catch up on."""

Value = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is another now, or gone."""

    number: int
    topic: "Topic"
    id: str
    value: Value | None

    def to_dict(self) -> dict[str, Any]:
        """Return it as it is sent."""
        return {
            "type": "change",
            "seq": self.number,
            "topic": self.topic.name,
            "id": self.id,
            "value": self.value,
        }


class Topic:
    """Things of one kind."""

    def __init__(self, live: "Live", name: str, least: Role, *, fleeting: bool = False) -> None:
        self.name = name
        self.fleeting = fleeting
        self.least = least
        """Who may see them."""
        self._live = live
        self._values: dict[str, Value] = {}

    @property
    def values(self) -> Mapping[str, Value]:
        """Return what is there now, by id."""
        return self._values

    def put(self, id_: str, value: Value) -> None:
        """Say what something is like now."""
        if self._values.get(id_) != value:
            self._values[id_] = value
            self._live.changed(self, id_, value)

    def drop(self, id_: str) -> None:
        """Say that something is gone."""
        if self._values.pop(id_, None) is not None:
            self._live.changed(self, id_, None)

    def replace(self, values: Mapping[str, Value]) -> None:
        """Say what all of it is like now."""
        for id_ in [id_ for id_ in self._values if id_ not in values]:
            self.drop(id_)
        for id_, value in values.items():
            self.put(id_, value)


class Live:
    """All topics, and the last changes of them."""

    def __init__(self, kept: int = KEPT) -> None:
        self.epoch = uuid.uuid4().hex
        """Numbers of changes are comparable only within one run of the hub."""
        self._topics: dict[str, Topic] = {}
        self._kept = kept
        self._changes: deque[Change] = deque()
        self._fleeting: dict[tuple[str, str], Change] = {}
        self._forgotten = 0  # the newest change that is not kept any more
        self._number = 0
        self._waiting: set[asyncio.Event] = set()

    def topic(self, name: str, least: Role = Role.PANEL, *, fleeting: bool = False) -> Topic:
        """Return a topic, a new one if there is none of the name."""
        if name not in self._topics:
            self._topics[name] = Topic(self, name, least, fleeting=fleeting)
        return self._topics[name]

    @property
    def number(self) -> int:
        """Return the number of the newest change."""
        return self._number

    def changed(self, topic: Topic, id_: str, value: Value | None) -> None:
        """Number a change, and wake those who wait for one."""
        self._number += 1
        change = Change(self._number, topic, id_, value)
        if topic.fleeting:
            self._fleeting[topic.name, id_] = change
        else:
            self._changes.append(change)
            if len(self._changes) > self._kept:
                self._forgotten = self._changes.popleft().number
        for waiting in self._waiting:
            waiting.set()

    def snapshot(self, role: Role) -> dict[str, Any]:
        """Return all that a role may see, as it is sent."""
        state = {
            name: dict(topic.values) for name, topic in self._topics.items() if topic.least <= role
        }
        return {
            "type": "snapshot",
            "epoch": self.epoch,
            "seq": self._number,
            "now": _now(),
            "state": state,
        }

    def resumed(self, number: int) -> dict[str, Any]:
        """Return what tells a client that it goes on after a number, as it is sent."""
        return {"type": "resumed", "seq": number, "now": _now()}

    def since(self, number: int, role: Role) -> list[Change] | None:
        """Return what a role may see of the changes after a number; None: too many."""
        if not self._forgotten <= number <= self._number:
            return None
        return [
            change
            for change in (*self._changes, *self._fleeting.values())
            if change.number > number and change.topic.least <= role
        ]

    def latest(self, changes: Iterable[Change]) -> list[Change]:
        """Return the last change of each thing, in order: a client that lags skips the others."""
        last = {(change.topic.name, change.id): change for change in changes}
        return sorted(last.values(), key=lambda change: change.number)

    async def wait(self, number: int) -> None:
        """Wait until there is a change after a number."""
        waiting = asyncio.Event()
        self._waiting.add(waiting)
        try:
            while self._number <= number:
                waiting.clear()
                await waiting.wait()
        finally:
            self._waiting.discard(waiting)


def _now() -> str:
    """Return the time: a client's clock may be wrong."""
    return datetime.now(UTC).isoformat()
