"""A home that lives: a real broker, the simulated home, and a household that learns it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from hub.demo.simulated_home import SimulatedHome
from hub.demo.simulated_home_devices import HOME, SimulatedDevice
from hub.home.actions import ActionResult, Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import AreaId, Device, Home
from hub.household import Household
from hub.mqtt.address import BrokerAddress
from hub.mqtt.broker import EmbeddedBroker
from hub.mqtt.errors import BrokerUnreachable
from hub.mqtt.link import Backoff, MqttLink
from hub.origin import Origin
from hub.owner_home import OwnerHome

LIMIT_S = 30.0
QUICKLY = Backoff(first_s=0.01, cap_s=0.05)
KITCHEN = AreaId("kitchen")
OFFICE = AreaId("office")


@asynccontextmanager
async def running(*coroutines: object) -> AsyncIterator[None]:
    """Run coroutines beside the test; a failure of one fails the test."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]  # type: ignore[call-overload]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome


class PatientLink(MqttLink):
    """A link that gives up nothing for want of speed: a busy machine is no broken broker."""

    async def publish(
        self, topic: str, payload: str | bytes, *, timeout_s: float = LIMIT_S, **rest: Any
    ) -> None:
        await super().publish(topic, payload, timeout_s=timeout_s, **rest)


@asynccontextmanager
async def connected(
    url: str, client_id: str = "test", *, backoff: Backoff = QUICKLY
) -> AsyncIterator[MqttLink]:
    """A link that is connected."""
    link = PatientLink(BrokerAddress.parse(url), client_id=client_id, backoff=backoff)
    async with running(link.run()):
        await link.wait_connected(LIMIT_S)
        yield link


async def refusal(link: MqttLink) -> BrokerUnreachable:
    """Why there is no connection, as it is said to who waits for one."""
    async with asyncio.timeout(LIMIT_S):
        while link._failure is None:
            await asyncio.sleep(0.01)
    try:
        await link.wait_connected(0)
    except BrokerUnreachable as failure:
        return failure
    raise AssertionError("it is connected")


@contextmanager
def nowhere() -> Iterator[int]:
    """A port of loopback on which nothing listens and nothing will."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


class Witness:
    """Sees what is published, independently of the household, and waits for what should come."""

    def __init__(self, link: MqttLink, topic_filter: str) -> None:
        self.seen: list[tuple[str, str]] = []
        self._news = asyncio.Event()
        link.subscribe(topic_filter, self._take)

    def _take(self, topic: str, payload: bytes, _retained: bool) -> None:
        self.seen.append((topic, payload.decode(errors="replace")))
        self._news.set()

    async def wait_for(self, test: Callable[[list[tuple[str, str]]], object]) -> None:
        """Wait until what was seen passes a test."""
        async with asyncio.timeout(LIMIT_S):
            while not test(self.seen):
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def witness(url: str, topic_filter: str = "#") -> AsyncIterator[Witness]:
    """A witness that is subscribed."""
    async with connected(url, "witness") as link:
        seeing = Witness(link, topic_filter)
        assert await link.wait_subscribed(LIMIT_S)
        yield seeing


@dataclass
class LivingHome:
    """What a test of the home works with."""

    url: str
    household: Household
    recognizer: IntentRecognizer
    actions: Actions
    broker: EmbeddedBroker
    simulated: SimulatedHome

    @property
    def home(self) -> Home:
        return self.household.home

    def device(self, name: str) -> Device:
        """The device that is called so."""
        return next(device for device in self.home.devices() if device.name == name)

    def value(self, name: str) -> str:
        """The state of the device that is called so."""
        return self.home.state(self.device(name).id).value

    async def say(self, text: str, area: AreaId | None = KITCHEN) -> ActionResult:
        """Understand a sentence and do it."""
        match = self.recognizer.recognize(text, area=area)
        assert match is not None, f"not understood: {text}"
        return await self.actions.perform(match, Origin(area, "en"))

    async def back(self) -> None:
        """Wait until hub and home have found each other again after a loss."""
        for link in (self.simulated.link, self.household.link):
            await link.wait_connected(LIMIT_S)
            assert await link.wait_subscribed(LIMIT_S)
        assert await self.household.settled(LIMIT_S)


@asynccontextmanager
async def learning(url: str, *, owner: OwnerHome | None = None) -> AsyncIterator[Household]:
    """A household that learns whatever is announced."""
    link = PatientLink(BrokerAddress.parse(url), client_id="hub", backoff=QUICKLY)
    household = Household(Home(), link, owner=owner)
    async with running(link.run(), household.run()):
        await link.wait_connected(LIMIT_S)
        yield household


async def heard(household: Household, device: MqttLink) -> None:
    """Wait until a household has heard all that was published over a link before."""
    done = asyncio.Event()

    def take(_topic: str, _payload: bytes, _retained: bool) -> None:
        done.set()

    household.link.subscribe("heard", take)
    assert await household.link.wait_subscribed(LIMIT_S)
    await device.publish("heard", "x")
    async with asyncio.timeout(LIMIT_S):
        await done.wait()
    household.link.unsubscribe("heard", take)


@asynccontextmanager
async def living_home(
    devices: Iterable[SimulatedDevice] = HOME,
    *,
    url: str | None = None,
    deaf: tuple[str, ...] = (),
    confirm_timeout_s: float = LIMIT_S,
) -> AsyncIterator[LivingHome]:
    """A simulated home, learned over a real broker: an embedded one, or the one at `url`."""
    broker = EmbeddedBroker(port=0)
    await broker.start()
    try:
        url = url or broker.url
        simulated = SimulatedHome(BrokerAddress.parse(url), devices, deaf=deaf, backoff=QUICKLY)
        ready = asyncio.Event()
        async with running(simulated.run(ready.set)):
            async with asyncio.timeout(LIMIT_S):
                await ready.wait()
            async with learning(url) as household:
                assert await household.settled(LIMIT_S)
                recognizer = IntentRecognizer(household.home)
                actions = Actions(household.home, household, confirm_timeout_s=confirm_timeout_s)
                yield LivingHome(url, household, recognizer, actions, broker, simulated)
    finally:
        await broker.close()
