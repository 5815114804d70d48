import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from hub.home.model import CommandFailed, DeviceId, Home, HomeCommand
from hub.household import QUIET_S, Household
from hub.mqtt.broker import EmbeddedBroker
from hub.mqtt.link import MqttLink
from tests.hub.living_home import (
    LIMIT_S,
    Witness,
    connected,
    learning,
    living_home,
    running,
    witness,
)
from tests.hub.mqtt.test_lapses import Link
from tests.virtual_time import run_virtual

LAMP = {
    "name": "Lamp",
    "unique_id": "lamp",
    "command_topic": "lamp/set",
    "state_topic": "lamp",
    "device": {"suggested_area": "Living Room"},
}
LAMP_ID = DeviceId("light.lamp")


@asynccontextmanager
async def empty_house() -> AsyncIterator[tuple[Household, MqttLink]]:
    """A household that has learned nothing yet, and a link to announce things with."""
    async with (
        EmbeddedBroker(port=0) as broker,
        connected(broker.url, "device") as device,
        learning(broker.url) as household,
    ):
        assert await household.settled(LIMIT_S)
        yield household, device


async def announce(
    link: MqttLink, config: dict[str, Any] | bytes, component: str = "light", name: str = "lamp"
) -> None:
    payload = config if isinstance(config, bytes) else json.dumps(config).encode()
    await link.publish(f"homeassistant/{component}/{name}/config", payload, retain=True)


async def until(home: Home, test: Any) -> None:
    """Wait until the home's structure passes a test."""
    changed = asyncio.Event()
    home.on_structure_changed(changed.set)
    async with asyncio.timeout(LIMIT_S):
        while not test(home):
            changed.clear()
            await changed.wait()


def problems_of(household: Household) -> dict[str, str]:
    """What can not be used, and why: by discovery topic or by state topic."""
    return {broken.topic: broken.reason for broken in household.broken}


async def known(household: Household, topic: str) -> str:
    """Wait for a problem with a topic; return it. Each message after it is a turn to look."""
    async with asyncio.timeout(LIMIT_S):
        while topic not in problems_of(household):
            await asyncio.sleep(0)
    return problems_of(household)[topic]


async def test_a_home_is_learned_from_what_was_retained() -> None:
    async with living_home() as living:
        home = living.home
        assert {area.name for area in home.areas()} == {"Kitchen", "Office"}
        assert {(device.name, device.domain) for device in home.devices()} >= {
            ("Bed Light", "light"),
            ("Front Door", "lock"),
            ("EcoBee", "climate"),
            ("TV", "media_player"),
            ("New York", "weather"),
            ("Party Time", "script"),
            ("Mood Lighting", "scene"),
            ("Outdoor Humidity", "sensor"),
        }
        assert problems_of(living.household) == {}
        assert living.value("Front Door") == "locked"
        assert living.value("Outdoor Humidity") == "54"
        assert home.state(living.device("EcoBee").id).attributes["current_temperature"] == 20.5


async def test_a_device_that_comes_later_is_learned_with_its_state() -> None:
    async with empty_house() as (household, device):
        await device.publish("lamp", "ON", retain=True)
        await announce(device, LAMP)
        await until(household.home, lambda home: home.device(LAMP_ID))
        assert await household.home.wait_for(LAMP_ID, lambda state: state.value == "on", LIMIT_S)
        (area,) = household.home.areas()
        assert (area.id, area.name) == ("living_room", "Living Room")


async def test_a_device_that_is_removed_is_forgotten_with_its_room() -> None:
    async with empty_house() as (household, device):
        await announce(device, LAMP)
        await until(household.home, lambda home: home.devices())
        await announce(device, b"")
        await until(household.home, lambda home: not home.devices() and not home.areas())


async def test_a_device_that_moves_leaves_its_old_room() -> None:
    async with empty_house() as (household, device):
        await announce(device, LAMP)
        await until(household.home, lambda home: home.area_named("living room"))
        await announce(device, {**LAMP, "device": {"suggested_area": "Attic"}})
        await until(household.home, lambda home: [a.name for a in home.areas()] == ["Attic"])


async def test_rooms_that_are_written_differently_are_one_room() -> None:
    async with empty_house() as (household, device):
        await announce(device, LAMP)
        second = {**LAMP, "unique_id": "two", "device": {"suggested_area": "living-room"}}
        await announce(device, second, name="two")
        await until(household.home, lambda home: len(home.devices()) == 2)
        assert len(household.home.areas()) == 1


def test_listeners_are_told_once_after_a_burst() -> None:
    async def burst() -> list[int]:
        link, home = Link(), Home()
        household = Household(home, cast("MqttLink", link))
        calls: list[int] = []
        household.on_structure_changed(lambda: calls.append(len(home.devices())))
        async with running(household.run()):
            await asyncio.sleep(1)
            for number in range(20):
                config = {**LAMP, "unique_id": f"n{number}"}
                topic = f"homeassistant/light/n{number}/config"
                announce = link.handlers["homeassistant/+/+/config"]
                announce(topic, json.dumps(config).encode(), False)
                await asyncio.sleep(QUIET_S / 2)
            await asyncio.sleep(60)
        return calls

    assert run_virtual(burst()) == [20]


async def test_a_listener_that_fails_does_not_keep_others_from_hearing() -> None:
    async with empty_house() as (household, device):
        told = asyncio.Event()

        def fail() -> None:
            raise ZeroDivisionError

        household.on_structure_changed(fail)
        household.on_structure_changed(told.set)
        with capture_logs() as logs:
            await announce(device, LAMP)
            async with asyncio.timeout(LIMIT_S):
                await told.wait()
        assert "listener to changes of the home failed" in [entry["event"] for entry in logs]


async def test_a_state_does_not_count_as_a_change_of_structure() -> None:
    async with empty_house() as (household, device):
        await announce(device, LAMP)
        await until(household.home, lambda home: home.devices())
        version = household.home.version
        await device.publish("lamp", "ON", retain=True)
        assert await household.home.wait_for(LAMP_ID, lambda state: state.value == "on", LIMIT_S)
        assert household.home.version == version


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"{", "It is no JSON"),
        (b"[]", "It is no JSON object."),
        (b'{"name": "x"}', "'command_topic' is missing."),
        (b'{"command_topic": "x", "state_topic": "y/#"}', "'state_topic' is no topic: 'y/#'."),
        (b'{"command_topic":"x","state_topic":"y","value_template":"{{"}', "A template is refused"),
    ],
)
async def test_what_is_malformed_is_logged_once_with_its_reason_and_harms_nobody(
    payload: bytes, reason: str
) -> None:
    topic = "homeassistant/light/bad/config"
    async with empty_house() as (household, device):
        with capture_logs() as logs:
            for _ in range(3):
                await announce(device, payload, name="bad")
            assert reason in await known(household, topic)
            await announce(device, LAMP)
            await until(household.home, lambda home: home.device(LAMP_ID))
        complaints = [entry for entry in logs if entry["event"] == "device can not be used"]
        assert [entry["topic"] for entry in complaints] == [topic]


async def test_a_problem_is_over_when_the_device_mends_it() -> None:
    async with empty_house() as (household, device):
        await announce(device, b"{")
        await known(household, "homeassistant/light/lamp/config")
        await announce(device, LAMP)
        await until(household.home, lambda home: home.device(LAMP_ID))
        assert problems_of(household) == {}


async def test_a_template_that_fails_is_logged_once_and_its_device_stays() -> None:
    async with empty_house() as (household, device):
        await announce(device, {**LAMP, "value_template": "{{ value_json.a.b }}"})
        await until(household.home, lambda home: home.device(LAMP_ID))
        assert await household.link.wait_subscribed(LIMIT_S)
        with capture_logs() as logs:
            for number in range(3):
                await device.publish("lamp", json.dumps({"n": number}))
            assert "light.lamp" in await known(household, "lamp")
        assert len([entry for entry in logs if entry["event"] == "device can not be used"]) == 1
        assert household.home.state(LAMP_ID).value == "unknown"


async def test_of_two_devices_with_one_id_the_first_works_and_the_second_is_named() -> None:
    async with empty_house() as (household, device):
        await announce(device, LAMP)
        await until(household.home, lambda home: home.device(LAMP_ID))
        await announce(device, {**LAMP, "name": "Thief"}, name="thief")
        reason = await known(household, "homeassistant/light/thief/config")
        assert reason == "The id 'light.lamp' belongs to homeassistant/light/lamp/config."
        assert [device.name for device in household.home.devices()] == ["Lamp"]


async def test_names_with_slashes_and_emoji_are_learned_and_driven() -> None:
    async with empty_house() as (household, device):
        await announce(device, {**LAMP, "name": "Lampe/Büro 💡"})
        await until(household.home, lambda home: home.device(LAMP_ID))
        seeing = Witness(device, "lamp/set")
        assert await device.wait_subscribed(LIMIT_S)
        await household.perform(HomeCommand(LAMP_ID, "turn_on"))
        await seeing.wait_for(lambda seen: seen == [("lamp/set", "ON")])


async def test_a_value_that_a_device_does_not_know_is_refused_as_such() -> None:
    pump = {"name": "Pump", "unique_id": "pump", "command_topic": "pump/set", "max": 10}
    async with empty_house() as (household, device):
        await announce(device, pump, "number")
        await until(household.home, lambda home: home.device(DeviceId("number.pump")))
        with pytest.raises(CommandFailed) as caught:
            await household.perform(
                HomeCommand(DeviceId("number.pump"), "set_value", {"value": 50})
            )
        assert caught.value.code == "out-of-range"


async def test_a_command_is_published_and_seen_by_another() -> None:
    async with living_home() as living, witness(living.url, "sotto-home/+/set") as seeing:
        await living.household.perform(HomeCommand(living.device("Front Door").id, "unlock"))
        await seeing.wait_for(lambda seen: seen == [("sotto-home/front_door/set", "UNLOCK")])


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (HomeCommand(DeviceId("light.nobody"), "turn_on"), "unknown-device"),
        (HomeCommand(DeviceId("lock.sotto_home_front_door"), "fly"), "unsupported"),
    ],
)
async def test_a_command_that_makes_no_sense_is_refused(command: HomeCommand, code: str) -> None:
    async with living_home() as living:
        with pytest.raises(CommandFailed) as caught:
            await living.household.perform(command)
        assert caught.value.code == code


async def test_a_command_template_that_fails_is_the_devices_fault() -> None:
    async with empty_house() as (household, device):
        config = {"command_topic": "b", "command_template": "{{ 1 / 0 }}", "unique_id": "b"}
        await announce(device, config, component="button")
        await until(household.home, lambda home: home.devices())
        with pytest.raises(CommandFailed) as caught:
            await household.perform(HomeCommand(DeviceId("button.b"), "press"))
        assert caught.value.code == "bad-config"


async def test_without_a_broker_settling_ends_in_time_and_commands_fail_at_once() -> None:
    async with living_home() as living:
        lamp = living.device("Bed Light").id
        await living.broker.close()
        unavailable = await living.home.wait_for(
            lamp, lambda state: state.value == "unavailable", LIMIT_S
        )
        assert unavailable
        assert not await living.household.settled(0.05)
        with pytest.raises(CommandFailed) as caught:
            await living.household.perform(HomeCommand(lamp, "turn_on"))
        assert caught.value.code == "unavailable"


async def test_after_a_restart_of_the_broker_the_home_is_learned_again() -> None:
    async with living_home() as living:
        await living.say("turn on the standing light")
        await living.broker.close()
        await living.home.wait_for(
            living.device("Standing Light").id,
            lambda state: state.value == "unavailable",
            LIMIT_S,
        )
        await living.broker.start()
        await living.back()
        lamp = living.device("Standing Light").id
        assert await living.home.wait_for(lamp, lambda state: state.value == "on", LIMIT_S)
        result = await living.say("turn off the standing light")
        assert result.confirmed
        assert len(living.home.devices()) == 14
