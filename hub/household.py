"""The household: what MQTT tells becomes a home, and what the home is told becomes MQTT."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress

import structlog

from hub.home.model import (
    UNAVAILABLE,
    Area,
    AreaId,
    CommandFailed,
    Device,
    DeviceId,
    DeviceState,
    Home,
    HomeCommand,
)
from hub.mqtt.entities import Entities
from hub.mqtt.entity import Entity
from hub.mqtt.errors import DiscoveryError, MqttUnavailable
from hub.mqtt.link import MqttLink

log = structlog.get_logger(__name__)

QUIET_S = 0.15
"""Devices announce themselves in bursts; this long without one, a burst is over."""
LONGEST_BURST_S = 2.0
"""A home that never stops announcing is taken as it is after this."""
MAX_PROBLEMS = 1_000
_NO_WORD = re.compile(r"[\W_]+")

Listener = Callable[[], None]


class Household:
    """A home kept true to what its devices tell. Commands go through it."""

    def __init__(self, home: Home, link: MqttLink, *, prefix: str = "homeassistant") -> None:
        self.home = home
        self.link = link
        self.problems: dict[str, str] = {}
        """What of the home can not be used, and why: by discovery topic or by state topic."""
        self._entities = Entities(prefix)
        self._listeners: list[Listener] = []
        self._changed = asyncio.Event()
        self._heard_at_s = 0.0
        self._started = False
        home.reachable = link.connected
        home.on_structure_changed(self._changed.set)
        link.on_connection(self._on_connection)

    def on_structure_changed(self, listener: Listener) -> None:
        """Call `listener` when rooms, names or devices changed, once after a burst of changes."""
        self._listeners.append(listener)

    def start(self) -> None:
        """Begin to learn the home. Without a connection, learning begins with it."""
        if not self._started:
            self._started = True
            prefix = self._entities.prefix
            # Not `prefix/#`: what else is kept below it is none of our business.
            for levels in ("+/+/config", "+/+/+/config"):
                self.link.subscribe(f"{prefix}/{levels}", self._on_discovery)

    async def run(self) -> None:
        """Tell listeners of changes, until cancelled."""
        self.start()
        while True:
            await self._changed.wait()
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_BURST_S):
                    while self._changed.is_set():
                        self._changed.clear()
                        await asyncio.sleep(QUIET_S)
            self._changed.clear()
            for listener in self._listeners:
                try:
                    listener()
                except Exception:  # one listener must not keep the others from hearing
                    log.exception("listener to changes of the home failed")

    async def settled(self, timeout_s: float) -> bool:
        """Wait until the home is learned: subscribed, and nothing retained came for QUIET_S.

        Returns whether that was so in time.
        """
        self.start()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    if not await self.link.wait_subscribed(timeout_s):
                        return False
                    heard_at_s = self._heard_at_s = max(self._heard_at_s, loop.time())
                    await asyncio.sleep(QUIET_S)
                    if self._heard_at_s == heard_at_s and self.link.subscribed:
                        return True
        except TimeoutError:
            return False

    async def perform(self, command: HomeCommand) -> None:
        """Send a command to its device. Raises CommandFailed."""
        entity = self._entities.get(command.device)
        if entity is None:
            raise CommandFailed("unknown-device", f"There is no device {command.device!r}.")
        make = entity.commands.get(command.verb)
        if make is None:
            text = f"{entity.name!r} can not be told to {command.verb!r}."
            raise CommandFailed("unsupported", text)
        try:
            for publication in make(command.values):
                await self.link.publish(
                    publication.topic,
                    publication.payload,
                    qos=publication.qos,
                    retain=publication.retain,
                )
        except MqttUnavailable as error:
            raise CommandFailed("unavailable", str(error)) from None
        except DiscoveryError as error:  # its command template fails on these values
            raise CommandFailed("bad-config", f"{entity.name!r}: {error}") from None

    def _on_discovery(self, topic: str, payload: bytes, _retained: bool) -> None:
        self._heard_at_s = asyncio.get_running_loop().time()
        difference = self._entities.announce(topic, payload)
        left = {self._remove(entity_id) for entity_id in difference.removed}
        left |= {self._put(entity) for entity in difference.announced}
        for area_id in left:
            self._drop_if_empty(area_id)
        for gone in difference.lost_topics:
            self.link.unsubscribe(gone, self._on_state)
        for new in difference.topics:
            self.link.subscribe(new, self._on_state)
        self._note(topic, difference.problems)

    def _on_state(self, topic: str, payload: bytes, retained: bool) -> None:
        if retained:
            self._heard_at_s = asyncio.get_running_loop().time()
        changed, problems = self._entities.feed(topic, payload, retained=retained)
        for entity_id in changed:
            self._show_state(entity_id)
        self._note(topic, tuple(problems))

    def _on_connection(self, connected: bool) -> None:
        """Without a connection nothing can be told or asked; what is known may be long past."""
        self.home.reachable = connected
        for entity in self._entities:
            self._show_state(entity.id)

    def _remove(self, entity_id: str) -> AreaId | None:
        """Remove a device; return the room that it left."""
        device = self.home.device(DeviceId(entity_id))
        self.home.remove(DeviceId(entity_id))
        return device.area if device else None

    def _put(self, entity: Entity) -> AreaId | None:
        """Add or replace a device; return the room that it left, if it moved."""
        before = self.home.device(DeviceId(entity.id))
        area = _area(entity.area)
        if area is not None and self.home.area(area.id) is None:
            self.home.put_area(area)
        device = Device(
            id=DeviceId(entity.id),
            name=entity.name,
            domain=entity.component,
            area=area.id if area else None,
            device_class=entity.device_class,
            features=entity.features,
            unit=entity.unit,
        )
        self.home.put(device)
        self._show_state(entity.id)
        return before.area if before and before.area != device.area else None

    def _show_state(self, entity_id: str) -> None:
        state = self._entities.state(entity_id)
        value = state.value if self.link.connected else UNAVAILABLE
        self.home.update_state(DeviceId(entity_id), DeviceState(value, state.attributes))

    def _drop_if_empty(self, area_id: AreaId | None) -> None:
        if area_id and not any(device.area == area_id for device in self.home.devices()):
            self.home.remove_area(area_id)

    def _note(self, topic: str, problems: tuple[DiscoveryError, ...]) -> None:
        """Keep what is wrong with a topic, and log it once."""
        if not problems:
            self.problems.pop(topic, None)
            return
        reason = " ".join(str(problem) for problem in problems)
        known = self.problems.get(topic)
        if known == reason or (known is None and len(self.problems) >= MAX_PROBLEMS):
            return
        self.problems[topic] = reason
        unsupported = all(problem.code == "unsupported" for problem in problems)
        tell = log.info if unsupported else log.warning
        tell("device can not be used", topic=topic, reason=reason)


def _area(name: str | None) -> Area | None:
    """Return the room of a name; names that are said alike are one room."""
    word = _NO_WORD.sub("_", name.casefold()).strip("_") if name else ""
    return Area(AreaId(word), name) if name and word else None
