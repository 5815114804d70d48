"""A hub that is driven over a real broker, and somebody who drives it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from hub.announcing import Announcement, Fate
from hub.bus import Bus
from hub.controlling import ControlError, SatelliteView, SettingView, TextAnswer, TimerView
from hub.events import SatelliteChanged
from hub.mqtt.address import BrokerAddress
from hub.mqtt.link import Backoff, MqttLink
from hub.mqtt.own import OwnMqtt, OwnSettings
from tests.hub.living_home import LIMIT_S, QUICKLY, connected, running

BASE = "sotto/test"
KITCHEN = SatelliteView("kitchen-1", "Kitchen", "Kitchen", "idle", muted=False, volume=0.5)
HALL = SatelliteView("hall-1", "Hall", "Hall", "idle")


class House:
    """Controls and acceptor of a hub with two satellites; notes what it is told."""

    def __init__(self) -> None:
        self.views: list[SatelliteView] = [KITCHEN, HALL]
        self.done: list[tuple[Any, ...]] = []
        self.accepted: dict[str, Announcement] = {}
        self.known_keys: set[str] = set()
        self.answer: str | None = "yes"
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.fault: Exception | None = None
        self.confirmed = 1

    def satellites(self) -> Sequence[SatelliteView]:
        return self.views

    async def accept(self, announcement: Announcement, key: str) -> bool:
        if self.fault is not None:
            raise self.fault
        if key in self.known_keys:
            return False
        self.known_keys.add(key)
        self.accepted[key] = announcement
        self.done.append(("announce", announcement.text))
        return True

    def confirm(self, key: str | None = None) -> int:
        self.done.append(("confirm", key))
        return self.confirmed

    async def ask(self, satellite: str, question: Announcement) -> tuple[Fate, str | None]:
        self.done.append(("ask", satellite, question.text))
        await self.may_answer.wait()
        return Fate.HEARD, self.answer

    def listen(self, satellite: str) -> None:
        if self.fault is not None:
            raise self.fault
        self.done.append(("listen", satellite))

    def stop(self, satellite: str | None = None) -> None:
        self.done.append(("stop", satellite))

    async def set_volume(self, satellite: str, volume: float) -> None:
        self.done.append(("volume", satellite, volume))

    async def set_muted(self, satellite: str, muted: bool) -> None:
        self.done.append(("mute", satellite, muted))

    def settings(self, satellite: str) -> Sequence[SettingView]:
        return [SettingView("wake.sensitivity", "number", 0.5, 0.5, 0, 1)]

    async def set(self, satellite: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        if "hub" in values:
            raise ControlError("bad-setting", f"{satellite}: hub can not be changed.")
        self.done.append(("set", satellite, dict(values)))
        return values

    async def identify(self, satellite: str, seconds: float) -> None:
        self.done.append(("identify", satellite, seconds))

    async def run_text(
        self, text: str, *, area: str | None = None, language: str | None = None
    ) -> TextAnswer:
        self.done.append(("text", text, area, language))
        return TextAnswer("Turned on the lamp.", ok=True, intent="HassTurnOn", details={"n": 1})


class Timers:
    """Two timers, of which one rings."""

    def __init__(self) -> None:
        noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
        self.there = [
            TimerView("t1", "timer", "ringing", noon, None, "kitchen-1", "Kitchen", "pasta"),
            TimerView("t2", "timer", "paused", noon, 61.4, "hall-1", "Hall", "eggs"),
        ]
        self.asked: list[str | None] = []
        self._followers: list[Callable[[], None]] = []

    def views(self) -> Sequence[TimerView]:
        return self.there

    def follow(self, follower: Callable[[], None]) -> None:
        self._followers.append(follower)

    async def stop_ringing(self, satellite: str | None = None) -> Sequence[str]:
        self.asked.append(satellite)
        return await self._take(lambda one: one.state == "ringing")

    async def cancel(self, timer: str) -> bool:
        return bool(await self._take(lambda one: one.id == timer))

    async def _take(self, test: Callable[[TimerView], bool]) -> list[str]:
        gone = [one.id for one in self.there if test(one)]
        self.there = [one for one in self.there if one.id not in gone]
        for follower in self._followers:
            follower()
        return gone


class Driven:
    """A driven hub, what it is told, and what it tells."""

    def __init__(self, house: House, bus: Bus, own: OwnMqtt, link: MqttLink) -> None:
        self.house = house
        self.bus = bus
        self.own = own
        self.link = link
        self.seen: list[tuple[str, str]] = []
        link.subscribe("#", self._take)

    def _take(self, topic: str, payload: bytes, _retained: bool) -> None:
        self.seen.append((topic, payload.decode()))

    async def send(self, name: str, payload: str | Mapping[str, Any] | bytes = "") -> None:
        """Publish a command; `name` is the topic after the base."""
        text = payload if isinstance(payload, str | bytes) else orjson.dumps(payload)
        await self.link.publish(f"{BASE}/{name}", text)

    async def until(self, test: Callable[[], Any]) -> Any:
        """Wait until a test holds, of what is seen or of the house; return what it returned."""
        async with asyncio.timeout(LIMIT_S):
            while not (found := test()):
                await asyncio.sleep(0.005)
        return found

    async def told(self, topic: str, test: Callable[[str], Any] = lambda _: True) -> str:
        """Wait until something passes a test that was told on a topic below the base."""
        full = topic if topic.startswith("homeassistant/") else f"{BASE}/{topic}"

        def newest() -> str | None:
            told = [payload for seen, payload in self.seen if seen == full]
            return next((payload or " " for payload in reversed(told) if test(payload)), None)

        return str(await self.until(newest)).strip()

    async def result(self, topic: str, named: str | int | None = None) -> dict[str, Any]:
        """Wait for the result of a command."""
        text = await self.told(topic, lambda payload: orjson.loads(payload)["id"] == named)
        values: dict[str, Any] = orjson.loads(text)
        return values

    def change(self, *views: SatelliteView) -> None:
        """Have the satellites be like this."""
        self.house.views = list(views)
        self.bus.publish(SatelliteChanged(views[0].id if views else "nobody"))


def make_own(
    url: str,
    house: House,
    *,
    words: bool = False,
    backoff: Backoff = QUICKLY,
    version: Literal["auto", "5", "3.1.1"] = "auto",
    timers: Timers | None = None,
) -> OwnMqtt:
    """The hub's own topics, not yet running."""
    settings = OwnSettings("1234abcd", "Home", BASE, words=words)
    address = replace(BrokerAddress.parse(url), version=version)
    return OwnMqtt(settings, address, house, house, timers=timers, backoff=backoff)


@asynccontextmanager
async def driven(
    url: str, *, house: House | None = None, words: bool = False, **options: Any
) -> AsyncIterator[Driven]:
    """A driven hub that runs, and somebody who is connected and sees everything."""
    house, bus = house or House(), Bus()
    own = make_own(url, house, words=words, **options)
    async with connected(url, "driver") as link:
        world = Driven(house, bus, own, link)
        assert await link.wait_subscribed(LIMIT_S)
        async with running(own.run(bus)):
            await own.link.wait_connected(LIMIT_S)
            assert await own.link.wait_subscribed(LIMIT_S)
            yield world
