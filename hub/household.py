"""The household: what MQTT tells becomes a home, and what the home is told becomes MQTT."""

import asyncio
import hmac
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import structlog

from hub.broken import Broken, BrokenDevices, name_of
from hub.calm import Calm
from hub.due import Due
from hub.flapping import Flapping
from hub.furnishing import Furnishing
from hub.happenings import Happening, Source, TriggerDevices, kinds, latest
from hub.home.model import (
    UNAVAILABLE,
    CommandFailed,
    DeviceId,
    DeviceState,
    Home,
    HomeCommand,
)
from hub.home.spoken_codes import Code
from hub.mqtt.entities import Entities, EntityState
from hub.mqtt.entity import Entity
from hub.mqtt.errors import DiscoveryError, MqttUnavailable
from hub.mqtt.link import MqttLink
from hub.owner_home import OwnerHome

log = structlog.get_logger(__name__)

QUIET_S = 0.15
"""Devices announce themselves in bursts; this long without one, a burst is over."""
LONGEST_BURST_S = 2.0
"""A home that never stops announcing is taken as it is after this."""

_TOLD = frozenset({"out-of-range", "needs-code", "wrong-code"})
"""Codes of commands that fail for what was said, and not for how the device announced itself."""

Listener = Callable[[], None]


class Household:
    """A home kept true to what its devices tell. Commands go through it."""

    def __init__(
        self,
        home: Home,
        link: MqttLink,
        *,
        prefix: str = "homeassistant",
        owner: OwnerHome | None = None,
    ) -> None:
        self.home = home
        self.link = link
        self._owner = owner or OwnerHome()
        self._entities = Entities(prefix, clock=lambda: asyncio.get_running_loop().time())
        self._triggers = TriggerDevices()
        self.furnishing = Furnishing(
            home, self._owner, self._entities, self._triggers, self._show_state
        )
        """The devices of the home, and what its owner says of them."""
        self._calm = Calm(lambda: asyncio.get_running_loop().time())
        self._broken = BrokenDevices()
        self._flapping = Flapping(lambda: asyncio.get_running_loop().time())
        self._later = Due(self._take_due)
        self._lapsing = Due(self._lapse)
        self._listeners: list[Listener] = []
        self._followers: list[Callable[[Happening], None]] = []
        self._changed = asyncio.Event()
        self._heard_at_s = 0.0
        self._started = False
        home.reachable = link.connected
        home.on_structure_changed(self._changed.set)
        link.on_connection(self._on_connection)

    @property
    def broken(self) -> tuple[Broken, ...]:
        """The devices that can not be used, or not in full."""
        return tuple(self._broken)

    def verbs(self, device_id: DeviceId) -> frozenset[str]:
        """Return what a device can be told."""
        entity = self._entities.get(device_id)
        return frozenset() if entity is None else frozenset(entity.commands)

    def on_structure_changed(self, listener: Listener) -> None:
        """Call `listener` when rooms, names or devices changed, once after a burst of changes."""
        self._listeners.append(listener)

    def on_happening(self, follower: Callable[[Happening], None]) -> None:
        """Call `follower` whenever something happens at a device. It must not block or raise."""
        self._followers.append(follower)

    def sources(self) -> tuple[Source, ...]:
        """Return the devices at which things happen, those that are hidden too."""
        all_of_them = (self._source(entity) for entity in self._entities if kinds(entity))
        return tuple({source.device: source for source in all_of_them}.values())

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
        try:
            await self._follow()
        finally:
            self._later.cancel()
            self._lapsing.cancel()

    async def _follow(self) -> None:
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
                    # Where the sleep was too long, what came meanwhile still waits to be read.
                    in_time = loop.time() < heard_at_s + 2 * QUIET_S
                    if in_time and self._heard_at_s == heard_at_s and self.link.subscribed:
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
        values = self._with_code(entity, command.values)
        try:
            values = self._entities.complete(entity.id, command.verb, values)
            for publication in make(values):
                await self.link.publish(
                    publication.topic,
                    publication.payload,
                    qos=publication.qos,
                    retain=publication.retain,
                )
        except MqttUnavailable as error:
            raise CommandFailed("unavailable", str(error)) from None
        except DiscoveryError as error:  # its command template fails on these values
            code = error.code if error.code in _TOLD else "bad-config"
            # What a template says of its values may tell the code among them.
            secret = code == "bad-config" and "code" in values
            reason = "its command can not be made with the code" if secret else error
            raise CommandFailed(code, f"{entity.name!r}: {reason}") from None

    def _with_code(self, entity: Entity, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return values with the code that was said, or else the owner's. Raises CommandFailed."""
        said, known = values.get("code"), self._owner.code(entity.id)
        if isinstance(said, Code):
            if known is not None and not hmac.compare_digest(known.encode(), said.secret.encode()):
                raise CommandFailed("wrong-code", f"{entity.name!r}: that is not its code.")
            return {**values, "code": said.secret}
        return values if known is None else {**values, "code": known}

    def _on_discovery(self, topic: str, payload: bytes, _retained: bool) -> None:
        if self._flapping.takes(topic, payload):
            self._heard_at_s = asyncio.get_running_loop().time()
            self._announce(topic, payload)
            return
        text = "It announces itself too often; its changes are taken now and then."
        self._broken.note(topic, name_of(topic, payload), (DiscoveryError("flapping", text),))
        self._wait_for_due()

    def _wait_for_due(self) -> None:
        """See to it that what is held back is taken when it is due."""
        if not self._later.is_set:  # looking at all at each message would cost what is to be saved
            self._later.by(self._flapping.next_s())

    def _take_due(self) -> None:
        for topic, payload in self._flapping.due():
            self._announce(topic, payload)
        self._wait_for_due()

    def _announce(self, topic: str, payload: bytes) -> None:
        """Take in what a discovery message says."""
        difference = self._entities.announce(topic, payload)
        for entity_id in difference.removed:
            self.furnishing.remove(entity_id)
        for entity in difference.announced:
            self.furnishing.put(entity)
        self.furnishing.settle_rooms()
        for gone in difference.lost_topics:
            self.link.unsubscribe(gone, self._on_state)
        for new in difference.topics:
            self.link.subscribe(new, self._on_state)
        self._lapsing.by(self._entities.next_lapse_s())
        name = name_of(topic, payload) if difference.problems else ""
        self._broken.note(topic, name, difference.problems)

    def _on_state(self, topic: str, payload: bytes, retained: bool) -> None:
        if retained:
            self._heard_at_s = asyncio.get_running_loop().time()
        moments = self._moments(topic)
        changed, problems = self._entities.feed(topic, payload, retained=retained)
        for entity_id in changed:
            self._show_state(entity_id)
        self._tell_of(moments, self._moments(topic))
        self._lapsing.by(self._entities.next_lapse_s())
        readers = self._entities.readers(topic) if problems else ()
        name = ", ".join(entity.name for entity in readers[:3])
        self._broken.note(topic, name, tuple(problems))

    def _on_connection(self, connected: bool) -> None:
        """Without a connection nothing can be told or asked; what is known may be long past."""
        self.home.reachable = connected
        for entity in self._entities:
            self._show_state(entity.id)

    def _lapse(self) -> None:
        """Show what is not true any more as that."""
        for entity_id in self._entities.lapse():
            self._show_state(entity_id)
        self._lapsing.by(self._entities.next_lapse_s())

    def _moments(self, topic: str) -> dict[str, str | None]:
        """Return when something happened last at what a topic tells of."""
        return {
            entity.id: self._entities.state(entity.id).attributes.get("time")
            for entity in self._entities.readers(topic)
            if kinds(entity)
        }

    def _tell_of(self, before: dict[str, str | None], now: dict[str, str | None]) -> None:
        """Tell what has happened between two looks."""
        for entity_id, moment in now.items():
            entity = self._entities.get(entity_id)
            if moment == before.get(entity_id) or entity is None:
                continue
            kind = latest(entity, self._entities.state(entity_id))
            if self._calm.lets((entity_id, kind)):
                happening = Happening(self._source(entity), kind)
                for follower in self._followers:
                    follower(happening)

    def _source(self, entity: Entity) -> Source:
        """Return the device of an entity at which something can happen."""
        device_id, known = self.furnishing.device_of(entity.id), kinds(entity)
        if self._triggers.knows(entity.id):
            known = self._triggers.kinds(device_id)
        own = self._owner.device(device_id)
        names = (own.name or entity.name, *own.aliases, device_id)
        return Source(device_id, names, self.furnishing.room_of(device_id, entity), known)

    def _show_state(self, entity_id: str) -> None:
        state: EntityState | DeviceState = self._entities.state(entity_id)
        device_id = DeviceId(entity_id)
        if self._triggers.knows(entity_id):
            self._triggers.note(entity_id, self._entities.state(entity_id))
            device_id = self._triggers.device_of(entity_id)
            state = self._triggers.state(device_id)
        value = state.value if self.link.connected else UNAVAILABLE
        self.home.update_state(device_id, DeviceState(value, state.attributes))
