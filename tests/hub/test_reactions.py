"""What happens at devices has commands done: a real broker, a household, and the owner's rules."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from hub.bus import Bus
from hub.calm import BURST, Calm
from hub.controlling import ControlError, TextAnswer
from hub.happenings import Happening
from hub.home.model import DeviceId
from hub.home_settings import OwnDevice, OwnHome
from hub.household import Household
from hub.mqtt.broker import EmbeddedBroker
from hub.mqtt.link import MqttLink
from hub.owner_home import OwnerHome
from hub.reactions import Reactions, fact_of
from hub.tools.mqtt_tool_file import read_tools
from hub.tools.when_rules import When
from tests.hub.living_home import LIMIT_S, connected, learning, running
from tests.hub.mqtt.driven import House

REMOTE = {"identifiers": ["0x01"], "name": "Hall Remote", "suggested_area": "Hall"}
REMOTE_ID = DeviceId("device_automation.0x01")
BELL = {
    "name": "Bell",
    "unique_id": "bell",
    "state_topic": "bell",
    "event_types": ["press", "hold"],
    "device": {"suggested_area": "Hall"},
}
LAMP_ON = {"device": "hall remote", "type": "short_press", "subtype": "button_1",
           "command": "turn on the lamp"}  # fmt: skip
LISTEN = {"device": "Bell", "type": "press", "listen": True}


def trigger(number: int, **other: Any) -> dict[str, Any]:
    """One button of the remote."""
    return {
        "automation_type": "trigger",
        "topic": "remote",
        "type": "short_press",
        "subtype": f"button_{number}",
        "payload": str(number),
        "device": REMOTE,
        **other,
    }


@dataclass
class Wired:
    """A household, what is done by its rules, and somebody who presses."""

    url: str
    household: Household
    device: MqttLink
    house: House
    reactions: Reactions
    happened: list[Happening]
    rules: list[When]

    async def announce(self, name: str, config: dict[str, Any] | None, kind: str = "") -> None:
        topic = f"homeassistant/{kind or 'device_automation'}/{name}/config"
        await self.device.publish(topic, json.dumps(config) if config else "", retain=True)

    async def until(self, test: Any) -> None:
        async with asyncio.timeout(LIMIT_S):
            while not test():
                await asyncio.sleep(0)

    async def press(self, topic: str, payload: str) -> None:
        """Press, and wait until it has happened."""
        count = len(self.happened)
        await self.device.publish(topic, payload)
        await self.until(lambda: len(self.happened) > count)


@asynccontextmanager
async def wired(*rules: dict[str, Any], owner: OwnHome | None = None) -> AsyncIterator[Wired]:
    """A home with a remote of two buttons and a bell."""
    bus, house, happened = Bus(), House(), list[Happening]()
    made = [When.model_validate(rule) for rule in rules]
    async with (
        EmbeddedBroker(port=0) as broker,
        connected(broker.url, "device") as device,
        learning(broker.url, owner=OwnerHome(owner)) as household,
    ):
        reactions = Reactions(house, lambda: made, household.sources)

        def tell(happening: Happening) -> None:
            happened.append(happening)
            bus.publish(fact_of(happening))

        household.on_happening(tell)
        one = Wired(broker.url, household, device, house, reactions, happened, made)
        for number in (1, 2):
            await one.announce(f"r{number}", trigger(number))
        await one.announce("bell", BELL, "event")
        async with running(reactions.run(bus)):
            await one.until(lambda: len(household.sources()) == 2)
            assert await household.link.wait_subscribed(LIMIT_S)
            yield one


async def test_all_buttons_of_a_remote_are_one_device() -> None:
    async with wired() as home:
        await home.until(lambda: len(home.household.sources()[0].kinds) == 2)
        assert len(home.household.home.devices()) == 2
        (remote,) = [one for one in home.household.home.devices() if one.id == REMOTE_ID]
        assert (remote.name, remote.domain, remote.area) == ("Hall Remote", "event", "hall")
        await home.press("remote", "2")
        state = home.household.home.state(REMOTE_ID)
        assert state.value == "button_2 short_press"
        assert state.attributes["time"]


async def test_a_remote_is_there_as_long_as_one_of_its_buttons() -> None:
    async with wired() as home:
        await home.announce("r1", None)
        await home.until(lambda: len(home.household.sources()[0].kinds) == 1)
        assert home.household.home.device(REMOTE_ID) is not None
        await home.announce("r2", None)
        await home.until(lambda: home.household.home.device(REMOTE_ID) is None)


async def test_a_button_that_makes_no_sense_is_broken_with_its_reason() -> None:
    async with wired() as home:
        await home.announce("r3", trigger(3, subtype=None))
        await home.until(lambda: bool(home.household.broken))
        (broken,) = home.household.broken
        assert broken.topic == "homeassistant/device_automation/r3/config"
        assert broken.reason == "'subtype' is missing."


async def test_a_press_does_what_its_rule_says_in_the_room_of_the_device() -> None:
    async with wired(LAMP_ON) as home:
        await home.press("remote", "2")
        await home.press("remote", "1")
        await home.until(lambda: home.house.done)
        assert home.house.done == [("text", "turn on the lamp", "Hall", None)]


async def test_an_event_opens_a_microphone_in_its_room() -> None:
    async with wired(LISTEN) as home:
        await home.press("bell", '{"event_type": "press"}')
        await home.until(lambda: home.house.done)
        assert home.house.done == [("listen", "hall-1")]


async def test_a_rule_may_name_another_room_satellite_and_language() -> None:
    there = {**LAMP_ON, "room": "Kitchen", "language": "de", "command": "licht an"}
    async with wired(there, {**LISTEN, "satellite": "kitchen-1"}) as home:
        await home.press("remote", "1")
        await home.press("bell", '{"event_type": "press"}')
        await home.until(lambda: len(home.house.done) == 2)
        assert home.house.done == [
            ("text", "licht an", "Kitchen", "de"),
            ("listen", "kitchen-1"),
        ]


async def test_a_retained_press_does_nothing() -> None:
    async with wired(LAMP_ON) as home:
        await home.device.publish("remote", "1", retain=True)
        await home.until(lambda: home.happened)  # the broker passes it on as a new one
        async with learning(home.url) as second:  # to which all of it is old
            told: list[Happening] = []
            second.on_happening(told.append)
            assert await second.settled(LIMIT_S)
            assert second.home.device(REMOTE_ID) is not None
            assert second.home.state(REMOTE_ID).value == "unknown"
            assert told == []


async def test_a_hidden_remote_is_not_spoken_of_but_works() -> None:
    owner = OwnHome(devices={REMOTE_ID: OwnDevice(hidden=True, aliases=("Clicker",))})
    async with wired({**LAMP_ON, "device": "clicker"}, owner=owner) as home:
        assert all(device.id != REMOTE_ID for device in home.household.home.devices())
        await home.press("remote", "1")
        await home.until(lambda: home.house.done)


async def test_a_rule_for_what_is_not_there_is_told_once_with_what_is() -> None:
    wrong = [{**LAMP_ON, "device": "Attic"}, {**LAMP_ON, "type": "twist"}]
    async with wired(*wrong, LAMP_ON) as home:
        with capture_logs() as logs:
            home.reactions.check()
            home.reactions.check()
        problems = [log["problem"] for log in logs if "problem" in log]
        assert problems == [
            "nothing happens at 'Attic'; devices at which something does: Bell, Hall Remote",
            "'hall remote' knows no such type or subtype; what it knows: "
            "short_press / button_1, short_press / button_2",
        ]


async def test_what_can_not_be_done_costs_nothing_else() -> None:
    async with wired({**LISTEN, "room": "Attic"}, LISTEN) as home:
        with capture_logs() as logs:
            await home.press("bell", '{"event_type": "press"}')
            await home.until(lambda: home.house.done)
        assert [log["error"] for log in logs if log["event"] == "not done"] == [
            "There is no satellite in 'Attic'."
        ]
        home.house.fault = ControlError("unsupported", "The microphone is off.")
        await home.press("bell", '{"event_type": "press"}')
        home.house.fault = None


async def test_the_same_rule_is_not_begun_again_while_it_goes_on() -> None:
    async with wired(LAMP_ON) as home:
        may_end, begun = asyncio.Event(), []

        async def slow(text: str, **_: Any) -> TextAnswer:
            begun.append(text)
            await may_end.wait()
            return TextAnswer("done", ok=True)

        home.house.run_text = slow  # type: ignore[method-assign]
        await home.press("remote", "1")
        await home.until(lambda: begun)
        await home.press("remote", "1")
        await home.press("remote", "2")
        may_end.set()
        assert begun == ["turn on the lamp"]


def test_what_happens_too_often_is_let_through_now_and_then() -> None:
    now_s = 0.0
    calm = Calm(lambda: now_s)
    with capture_logs() as logs:
        assert sum(calm.lets("x") for _ in range(100)) == BURST
        assert calm.lets("y")
        now_s = 1.0
        assert sum(calm.lets("x") for _ in range(100)) == 2
        assert len(logs) == 1
        now_s = 100.0
        assert sum(calm.lets("x") for _ in range(100)) == BURST
    assert len(logs) == 2


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ('device = "Bell"\ntype = "press"', "it needs either command or listen = true"),
        ('device = "Bell"\nlisten = true', "it needs type or subtype: what happens at the device"),
        ('type = "press"\nlisten = true', "device: this is missing"),
        ('device = "Bell"\ntype = "a"\nlisten = true\nroon = "x"', "roon: there is no such key"),
    ],
)
def test_a_rule_that_makes_no_sense_is_told_with_its_number(
    rule: str, problem: str, tmp_path: Path
) -> None:
    file = tmp_path / "tools.toml"
    file.write_text(f"[[when]]\n{rule}\n", encoding="utf-8")
    read = read_tools(file)
    assert read.whens == ()
    assert read.problems == (f"{file}: when number 1: {problem}",)
