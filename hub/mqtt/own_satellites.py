"""Which satellites there are for MQTT: those that are connected, and those that once were."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import orjson

from hub.controlling import SatelliteView
from hub.mqtt.own_topics import topic_id

MAX_KNOWN = 500
"""More than any house has; strangers on the broker could name any number."""


@dataclass(frozen=True, slots=True)
class Known:
    """A satellite, and what is told of it."""

    id: str
    name: str
    area: str | None = None
    connected: bool = False
    state: str = "idle"
    muted: bool | None = None
    volume: float | None = None
    """From 0 to 1."""
    turn: int | None = None

    @property
    def level(self) -> str:
        """What it is called in topics."""
        return topic_id(self.id)

    @property
    def payload(self) -> str:
        """What is told of it."""
        values = {
            "id": self.id,
            "name": self.name,
            "room": self.area,
            "connected": self.connected,
            "state": self.state if self.connected else "offline",
            "turn": self.turn,
            "volume": None if self.volume is None else round(self.volume * 100),
            "muted": self.muted,
        }
        return orjson.dumps(values).decode()


class OwnSatellites:
    """All of them, by what they are called in topics."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._turns: dict[str, int] = {}

    def __iter__(self) -> Iterator[Known]:
        return iter(tuple(self._known.values()))

    def get(self, level: str) -> Known | None:
        """Return the one that is called so in topics."""
        return self._known.get(level)

    def named(self, satellite: str) -> Known | None:
        """Return the one with this id."""
        return self._known.get(topic_id(satellite))

    def in_room(self, room: str) -> tuple[Known, ...]:
        """Return those in a room, connected ones first. Upper and lower case are the same."""
        wanted = room.casefold()
        here = [one for one in self if (one.area or "").casefold() == wanted]
        return tuple(sorted(here, key=lambda one: not one.connected))

    def see(self, views: Sequence[SatelliteView]) -> None:
        """Take over how those that are connected look now; others are not."""
        connected = {view.id for view in views}
        for one in self:
            if one.id not in connected:
                self._known[one.level] = replace(one, connected=False, turn=None)
        for view in views:
            self._known[topic_id(view.id)] = Known(
                view.id,
                view.name,
                view.area,
                connected=True,
                state=view.state,
                muted=view.muted,
                volume=view.volume,
                turn=self._turns.get(view.id),
            )

    def begin_turn(self, satellite: str, turn: int) -> None:
        """Take note of a turn that goes on."""
        self._turns[satellite] = turn

    def end_turn(self, satellite: str, turn: int | None = None) -> None:
        """Take note that a turn is over, unless another one goes on already."""
        if turn is None or self._turns.get(satellite) == turn:
            self._turns.pop(satellite, None)

    def remember(self, level: str, payload: bytes) -> bool:
        """Take in what the broker retained of one from before; return whether it is one."""
        if level in self._known or len(self._known) >= MAX_KNOWN:
            return False
        try:
            values = orjson.loads(payload)
            one = Known(values["id"], values["name"], values["room"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return False
        texts = (one.id, one.name, one.area or "")
        if not all(isinstance(text, str) for text in texts) or one.level != level:
            return False
        self._known[level] = one
        return True

    def forget(self, level: str) -> None:
        """Forget one."""
        self._known.pop(level, None)
