"""Every entity that announced itself, and what is known of it. No I/O: bytes in, facts out."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.mqtt.discovery import parse, parse_topic
from hub.mqtt.entity import NOW, UNAVAILABLE, UNKNOWN, VALUE, AvailabilityReading, Entity, Reading
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.lapses import Lapses

MAX_ENTITIES = 20_000
MAX_STATE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class EntityState:
    """What is known of an entity."""

    value: str = UNKNOWN
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """What a discovery message changed."""

    announced: tuple[Entity, ...] = ()
    """New entities, and known ones that announced themselves again with something new."""
    removed: tuple[str, ...] = ()
    """Ids."""
    problems: tuple[DiscoveryError, ...] = ()
    topics: tuple[str, ...] = ()
    """Topics that must be read from now on."""
    lost_topics: tuple[str, ...] = ()
    """Topics that need not be read any more."""


@dataclass(slots=True)
class _Known:
    entity: Entity
    payload: bytes
    value: str = UNKNOWN
    attributes: dict[str, Any] = field(default_factory=dict)
    reachable: dict[str, bool] = field(default_factory=dict)
    """By availability topic; in the order in which they were last heard."""
    recalled: dict[str, Any] = field(default_factory=dict)
    """The last values, but for none and 0, of what commands recall."""


class Entities:
    """The entities of a home and their states."""

    def __init__(
        self,
        prefix: str = "homeassistant",
        *,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`now` gives the time at home, for what happens at a moment; `clock` counts seconds."""
        self.prefix = prefix
        self._now = now
        self._clock = clock
        self._lapses = Lapses()
        self._known: dict[str, _Known] = {}
        self._by_source: dict[str, tuple[str, ...]] = {}
        self._by_topic: dict[str, dict[str, None]] = {}
        self._last: dict[str, bytes] = {}

    def __iter__(self) -> Iterator[Entity]:
        return iter([known.entity for known in self._known.values()])

    def __len__(self) -> int:
        return len(self._known)

    def get(self, entity_id: str) -> Entity | None:
        """Return an entity by its id."""
        known = self._known.get(entity_id)
        return known.entity if known else None

    def readers(self, topic: str) -> tuple[Entity, ...]:
        """Return the entities that read a topic."""
        return tuple(self._known[entity_id].entity for entity_id in self._by_topic.get(topic, ()))

    def state(self, entity_id: str) -> EntityState:
        """Return what is known of an entity, with "unavailable" for one that can not be reached."""
        known = self._known[entity_id]
        told = known.entity.resolve(known.value, known.attributes)
        value = told if _reachable(known) else UNAVAILABLE
        return EntityState(value, {**known.entity.facts, **known.attributes})

    def complete(self, entity_id: str, verb: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a command, with those that it recalls where it does not say them."""
        known = self._known[entity_id]
        names = known.entity.recalls.get(verb, frozenset()) & known.recalled.keys()
        return {**{name: known.recalled[name] for name in names}, **values}

    def next_lapse_s(self) -> float | None:
        """Return when the next state lapses, by the clock."""
        return self._lapses.next_s()

    def lapse(self) -> list[str]:
        """Let states lapse that are due; return the ids of entities whose state changed."""
        changed = []
        for entity_id, value in self._lapses.due(self._clock()):
            known = self._known[entity_id]
            if known.value != value:
                known.value = value
                changed.append(entity_id)
        return changed

    def announce(self, topic: str, payload: bytes) -> Difference:
        """Take a discovery message; one that says nothing new changes nothing."""
        parts = parse_topic(topic, self.prefix)
        if parts is None:
            return Difference()
        before = self._by_source.get(topic, ())
        if before and all(self._known[entity_id].payload == payload for entity_id in before):
            return Difference()
        announcement = parse(parts, payload, topic)
        problems = list(announcement.problems)
        announced = []
        for entity in announcement.entities:
            other = self._known.get(entity.id)
            if other is not None and other.entity.source != topic:
                text = f"The id {entity.id!r} belongs to {other.entity.source}."
                problems.append(DiscoveryError("duplicate-id", text))
            elif other is None and len(self._known) >= MAX_ENTITIES:
                text = f"There are {MAX_ENTITIES} entities already."
                problems.append(DiscoveryError("too-large", text))
            else:
                announced.append(entity)
        kept = {entity.id for entity in announced}
        removed = tuple(entity_id for entity_id in before if entity_id not in kept)
        touched = [*announced, *(self._known[entity_id].entity for entity_id in before)]
        topics = frozenset[str]().union(*(entity.topics for entity in touched))
        read_before = topics & self._by_topic.keys()
        for entity_id in removed:
            lost = self._known.pop(entity_id).entity
            self._release(lost, lost.topics)
            for lapse in lost.lapses:
                self._lapses.stop(entity_id, lapse.value)
        for entity in announced:
            self._learn(entity, payload)
        if announced:
            self._by_source[topic] = tuple(entity.id for entity in announced)
        else:
            self._by_source.pop(topic, None)
        read_now = topics & self._by_topic.keys()
        return Difference(
            tuple(announced),
            removed,
            tuple(problems),
            tuple(sorted(read_now - read_before)),
            tuple(sorted(read_before - read_now)),
        )

    def feed(
        self, topic: str, payload: bytes, *, retained: bool = False
    ) -> tuple[list[str], list[DiscoveryError]]:
        """Take a state message; return the ids of entities whose state changed, and what failed."""
        if topic not in self._by_topic:
            return [], []
        if len(payload) > MAX_STATE_BYTES:
            return [], [DiscoveryError("too-large", f"{len(payload)} bytes are no state.")]
        self._last[topic] = payload
        changed, problems = [], []
        for entity_id in self._by_topic[topic]:
            known = self._known[entity_id]
            before = (known.value, known.attributes.copy(), _reachable(known))
            problems += self._read(known, topic, payload, live=not retained)
            if before != (known.value, known.attributes, _reachable(known)):
                changed.append(entity_id)
        return changed, problems

    def _learn(self, entity: Entity, payload: bytes) -> None:
        """Take an entity in; of one that was known before, the state is kept."""
        before = self._known.get(entity.id)
        known = _Known(entity, payload)
        if before is not None:
            known.value, known.attributes = before.value, before.attributes
            known.reachable, known.recalled = before.reachable, before.recalled
            for lapse in before.entity.lapses:
                if lapse not in entity.lapses:
                    self._lapses.stop(entity.id, lapse.value)
            gone = before.entity.topics - entity.topics
            self._release(before.entity, gone)
        self._known[entity.id] = known
        for topic in entity.topics:
            self._by_topic.setdefault(topic, {})[entity.id] = None
            if topic in self._last:  # told before, to another entity that reads the same topic
                self._read(known, topic, self._last[topic], live=False)

    def _release(self, entity: Entity, topics: frozenset[str]) -> None:
        """Read these topics for this entity no more."""
        for topic in topics:
            readers = self._by_topic.get(topic, {})
            readers.pop(entity.id, None)
            if not readers:
                self._by_topic.pop(topic, None)
                self._last.pop(topic, None)

    def _read(
        self, known: _Known, topic: str, payload: bytes, *, live: bool
    ) -> list[DiscoveryError]:
        text = payload.decode(known.entity.encoding, errors="replace")
        problems = []
        readings: list[Reading | AvailabilityReading] = [
            *known.entity.availability,
            *known.entity.readings,
        ]
        for reading in readings:
            if reading.topic != topic or (isinstance(reading, Reading) and reading.live > live):
                continue
            try:
                self._take(known, reading, text)
            except DiscoveryError as error:
                problems.append(DiscoveryError(error.code, f"{known.entity.id}: {error}"))
        return problems

    def _take(self, known: _Known, reading: Reading | AvailabilityReading, text: str) -> None:
        """Put what one reading tells into what is known. Raises DiscoveryError."""
        told = reading.render(text)
        if isinstance(reading, AvailabilityReading):
            if told in {reading.available, reading.not_available}:
                known.reachable.pop(reading.topic, None)
                known.reachable[reading.topic] = told == reading.available
            return
        for name, value in reading.read(told).items():
            if name == VALUE:
                known.value = value
                self._restart_lapses(known)
            elif value is None:
                known.attributes.pop(name, None)
            else:
                known.attributes[name] = self._now().isoformat() if value is NOW else value
                if value and any(name in names for names in known.entity.recalls.values()):
                    known.recalled[name] = value

    def _restart_lapses(self, known: _Known) -> None:
        """A state was told: what lapses of it does so from now on."""
        for lapse in known.entity.lapses:
            if lapse.of in {None, known.value}:
                self._lapses.start(known.entity.id, lapse.value, self._clock() + lapse.after_s)
            else:
                self._lapses.stop(known.entity.id, lapse.value)


def _reachable(known: _Known) -> bool:
    """Tell whether an entity can be reached. One that has said nothing about it yet counts as so.

    Home Assistant counts it as unreachable until it speaks; but a home that was just learned is
    asked for things before the last of its retained messages is in.
    """
    heard = known.reachable
    if not heard:
        return True
    if known.entity.availability_mode == "all":
        return all(heard.values())
    if known.entity.availability_mode == "any":
        return any(heard.values())
    return next(reversed(heard.values()))
