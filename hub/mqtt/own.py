"""The hub at the broker: it tells of itself and its satellites, and does what it is commanded."""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from hub.announcing import Fate
from hub.bus import Bus
from hub.controlling import Acceptor, Controls, Timers, TimerView
from hub.events import (
    Fact,
    SatelliteChanged,
    SatelliteConnected,
    SatelliteGone,
    TurnEnded,
    TurnStarted,
)
from hub.mqtt.address import BrokerAddress
from hub.mqtt.command_link import CommandLink, Delivery
from hub.mqtt.errors import MqttUnavailable
from hub.mqtt.link import Backoff
from hub.mqtt.own_commands import OwnCommands, Result
from hub.mqtt.own_entities import OwnEntities
from hub.mqtt.own_outbox import Outbox
from hub.mqtt.own_satellites import Known, OwnSatellites
from hub.mqtt.own_topics import Order, OwnTopics, topic_id
from hub.mqtt.publication import Publication

ONLINE, OFFLINE = "online", "offline"
FAREWELL_S = 0.5
MAX_TOPIC_CHARS = 1_000
MAX_WORDS_CHARS = 4_000
MAX_TIMERS = 100
"""That are told of; Home Assistant keeps them as attributes."""


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """How the hub shows itself at the broker."""

    hub: str
    """The hub's id."""
    name: str
    """Its name, for people."""
    base: str
    """The topic that all others begin with."""
    discovery_prefix: str = "homeassistant"
    words: bool = False
    """Whether it is published what was heard and said."""


class OwnMqtt:
    """The hub's own topics. They live while `run` runs."""

    def __init__(
        self,
        settings: OwnSettings,
        address: BrokerAddress,
        controls: Controls,
        acceptor: Acceptor,
        *,
        timers: Timers | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self.topics = OwnTopics(settings.base)
        self.link = CommandLink(
            address,
            client_id=_client_id(settings.base),
            will=Publication(self.topics.status, OFFLINE, retain=True),
            birth=Publication(self.topics.status, ONLINE, retain=True),
            backoff=backoff,
        )
        self._settings = settings
        self._controls = controls
        self._timers = timers
        self._outbox = Outbox(self.link)
        self._satellites = OwnSatellites()
        self._described: dict[str, tuple[str, str | None]] = {}
        self._entities = OwnEntities(
            self.topics,
            settings.hub,
            settings.name,
            settings.discovery_prefix,
            words=settings.words,
            timers=timers is not None,
        )
        self._commands = OwnCommands(
            self.topics,
            controls,
            acceptor,
            self._satellites,
            timers=timers,
            tell=self._tell,
            forget=self._forget,
            clock=time.monotonic,
        )

    async def run(self, bus: Bus) -> None:
        """Tell and obey, until cancelled."""
        self.link.take(*self.topics.commands, self.topics.of_satellite("+", "state"))
        self._outbox.state(self._entities.topic(), self._entities.hub())
        with bus.subscribe() as facts:
            self._show_all()
            if self._timers is not None:
                self._timers.follow(self._show_timers)
                self._show_timers()
            async with self._linked() as link, asyncio.TaskGroup() as tasks:
                tasks.create_task(_watch(link))
                tasks.create_task(self._outbox.run())
                tasks.create_task(self._commands.run(self._next))
                async for fact in facts:
                    self._take_fact(fact)

    def announced(self, key: str, fates: Mapping[str, Fate]) -> None:
        """Tell what became of an announcement, if it came by MQTT."""
        self._commands.announced(key, fates)

    @asynccontextmanager
    async def _linked(self) -> AsyncGenerator[asyncio.Task[None]]:
        """Hold the link; a hub that ends says so, for then the broker does not."""
        link = asyncio.create_task(self.link.run())
        try:
            yield link
        finally:
            with suppress(MqttUnavailable):
                await self.link.publish(
                    self.topics.status, OFFLINE, retain=True, timeout_s=FAREWELL_S
                )
            link.cancel()
            await asyncio.gather(link, return_exceptions=True)

    async def _next(self) -> Delivery:
        """Wait for a command. What the broker retained of satellites comes the same way."""
        while True:
            delivery = await self.link.next()
            level = self.topics.satellite_of(delivery.topic)
            if level is None:
                return delivery
            if delivery.retained and self._satellites.remember(level, delivery.payload):
                self._show_all()
            delivery.acknowledge()

    def _take_fact(self, fact: Fact) -> None:
        match fact:
            case SatelliteConnected() | SatelliteChanged():
                pass
            case SatelliteGone():
                self._satellites.end_turn(fact.satellite)
            case TurnStarted(satellite="") | TurnEnded(satellite=""):
                return  # it was written, and at no satellite
            case TurnStarted():
                self._satellites.begin_turn(fact.satellite, fact.turn)
            case TurnEnded():
                self._satellites.end_turn(fact.satellite, fact.turn)
                self._show_words(fact)
            case _:
                return
        self._show_all()

    def _show_all(self) -> None:
        """Tell how everything is now; what is as it was is not published again."""
        self._satellites.see(self._controls.satellites())
        connected = [one for one in self._satellites if one.connected]
        turns = [one for one in connected if one.turn is not None]
        latest = max(turns, key=lambda one: one.turn or 0, default=None)
        state = {
            "satellites": len(connected),
            "turn": latest.turn if latest else None,
            "satellite": latest.id if latest else None,
        }
        self._outbox.state(self.topics.state, orjson.dumps(state).decode())
        for one in self._satellites:
            if self._described.get(one.level) != (one.name, one.area):
                self._described[one.level] = (one.name, one.area)
                self._outbox.state(self._entities.topic(one.level), self._entities.satellite(one))
            self._outbox.state(
                self.topics.of_satellite(one.level, "status"), ONLINE if one.connected else OFFLINE
            )
            self._outbox.state(self.topics.of_satellite(one.level, "state"), one.payload)
            if not self._settings.words:
                # They may be there from a time when they were published.
                for topic in self._words_of(one.level):
                    self._outbox.state(topic, "")

    def _show_timers(self) -> None:
        """Tell what is set, and what of it rings."""
        if self._timers is None:
            return
        views = [_timer(one, words=self._settings.words) for one in self._timers.views()]
        state = {
            "waiting": sum(one["state"] == "waiting" for one in views),
            "ringing": sum(one["state"] == "ringing" for one in views),
            "timers": views[:MAX_TIMERS],
        }
        self._outbox.state(self.topics.timers, orjson.dumps(state).decode())

    def _show_words(self, ended: TurnEnded) -> None:
        if not self._settings.words:
            return
        heard, said = self._words_of(topic_id(ended.satellite))
        for topic, text in ((heard, ended.transcript), (said, ended.heard or ended.answer)):
            if text:
                values = {
                    "text": text[:MAX_WORDS_CHARS],
                    "turn": ended.turn,
                    "at": datetime.now(UTC).isoformat(timespec="seconds"),
                }
                self._outbox.state(topic, orjson.dumps(values).decode())

    def _words_of(self, level: str) -> tuple[str, str]:
        return (
            self.topics.of_satellite(level, "last_heard"),
            self.topics.of_satellite(level, "last_said"),
        )

    def _forget(self, one: Known) -> None:
        """Take back all that is retained of a satellite."""
        self._satellites.forget(one.level)
        self._described.pop(one.level, None)
        topics = [self._entities.topic(one.level), *self._words_of(one.level)]
        topics += [self.topics.of_satellite(one.level, name) for name in ("status", "state")]
        for topic in topics:
            self._outbox.state(topic, "")

    def _tell(self, delivery: Delivery | None, order: Order, result: Result) -> None:
        """Publish what came of a command: where it was asked for, or on the result topic."""
        values = {"command": order.name, **result}
        payload = orjson.dumps(values, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
        wanted = None if delivery is None else delivery.respond_to
        if delivery is not None and wanted is not None and self._may_respond(wanted):
            self._outbox.result(wanted, payload, delivery.correlation)
        else:
            self._outbox.result(self.topics.result(order), payload)

    def _may_respond(self, topic: str) -> bool:
        """Whether a response may go there: never where it could be taken for something else."""
        prefixes = (f"{self._settings.discovery_prefix}/", f"{self._settings.base}/", "$")
        usable = 0 < len(topic) <= MAX_TOPIC_CHARS and not set(topic) & set("+#\0")
        return usable and not topic.startswith(prefixes)


def _client_id(base: str) -> str:
    """Return the same id after each restart, in the 23 characters that every broker takes."""
    return f"sotto-{hashlib.sha256(base.encode()).hexdigest()[:16]}"


async def _watch(link: asyncio.Task[None]) -> None:
    """Fail where the link does; it outlives this for a last word."""
    await asyncio.shield(link)


def _timer(one: TimerView, *, words: bool) -> dict[str, Any]:
    """Return what is told of a timer; what it is called is what somebody said."""
    return {
        "id": one.id,
        "kind": one.kind,
        "state": one.state,
        "due": one.due.isoformat(timespec="seconds"),
        "left_s": None if one.left_s is None else round(one.left_s),
        "satellite": one.satellite,
        "room": one.area,
        "name": one.name if words else None,
        "text": one.text if words else None,
    }
