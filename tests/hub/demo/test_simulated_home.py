import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hub.demo.simulated_home_devices import HOME, KINDS, many
from hub.mqtt.broker import EmbeddedBroker
from tests.hub.living_home import LIMIT_S, connected, learning, living_home, witness

STATUS = "sotto-home/status"


@asynccontextmanager
async def program(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The simulated home as a process of its own; killed if the test does not end it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "hub.demo.simulated_home", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(LIMIT_S):
        return (await process.stdout.readline()).decode().strip()


async def test_it_says_ready_once_everything_is_announced_and_ends_cleanly_on_sigterm() -> None:
    async with (
        EmbeddedBroker(port=0) as broker,
        witness(broker.url) as seeing,
        program("--broker", broker.url) as process,
    ):
        assert await line(process) == "ready"
        await seeing.wait_for(
            lambda seen: sum(topic.endswith("/config") for topic, _ in seen) == len(HOME)
        )
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(LIMIT_S):
            assert await process.wait() == 0
        await seeing.wait_for(lambda seen: seen[-1] == (STATUS, "offline"))


async def test_when_it_is_killed_its_last_will_makes_everything_unavailable() -> None:
    async with (
        EmbeddedBroker(port=0) as broker,
        program("--broker", broker.url) as process,
        learning(broker.url) as household,
    ):
        assert await line(process) == "ready"
        assert await household.settled(LIMIT_S)
        home = household.home
        door = next(device for device in home.devices() if device.name == "Front Door")
        assert home.state(door.id).value == "locked"
        process.kill()
        assert await home.wait_for(door.id, lambda state: state.value == "unavailable", LIMIT_S)


@pytest.mark.parametrize(
    ("broker", "code", "text"),
    [("mqtt://127.0.0.1:1", 1, "No MQTT broker answers"), ("http://x", 2, "is no address")],
)
async def test_without_a_broker_it_says_so_in_one_line_and_fails(
    broker: str, code: int, text: str
) -> None:
    async with program("--broker", broker) as process:
        async with asyncio.timeout(60):
            stdout, stderr = await process.communicate()
        assert process.returncode == code
        assert stdout == b""
        assert text in stderr.decode().strip().splitlines()[-1]


async def test_it_announces_itself_again_to_a_broker_that_forgot_it() -> None:
    async with living_home() as living:
        await living.broker.close()
        await living.home.wait_for(
            living.device("Front Door").id, lambda state: not state.known, LIMIT_S
        )
        await living.broker.start()
        await living.back()
        async with learning(living.url) as other:
            assert await other.settled(LIMIT_S)
            assert len(other.home.devices()) == len(HOME)


async def test_a_motor_takes_its_time_and_a_new_command_overrides_it() -> None:
    async with living_home() as living, connected(living.url, "hand") as hand:
        door = living.device("Garage Door").id
        await hand.publish("sotto-home/garage_door/set", "OPEN")
        assert await living.home.wait_for(door, lambda state: state.value == "opening", LIMIT_S)
        await hand.publish("sotto-home/garage_door/set", "CLOSE")
        assert await living.home.wait_for(door, lambda state: state.value == "closed", LIMIT_S)
        assert living.home.state(door).attributes["position"] == 0


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("standing_light/set", "BLINK"),
        ("ceiling_light/brightness/set", "bright"),
        ("ceiling_light/brightness/set", "nan"),
        ("bed_light/set", "[]"),
        ("bed_light/set", "{"),
        ("tv/set", '{"command": "fly"}'),
    ],
)
async def test_a_command_that_makes_no_sense_is_not_obeyed(topic: str, payload: str) -> None:
    async with living_home() as living, connected(living.url, "hand") as hand:
        before = {device.id: living.home.state(device.id) for device in living.home.devices()}
        await hand.publish(f"sotto-home/{topic}", payload)
        assert (await living.say("turn on the standing light")).confirmed
        lamp = living.device("Standing Light").id
        for device_id, state in before.items():
            if device_id != lamp:
                assert living.home.state(device_id) == state


async def test_a_larger_home_can_be_made_to_measure_with() -> None:
    devices = list(many(120, 10))
    async with living_home(devices) as living:
        assert len(living.home.devices()) == 120
        assert len(living.home.areas()) == 10
        result = await living.say("turn on room 7 thing 7", None)
        assert result.confirmed


def test_every_device_is_of_a_known_kind_and_every_kind_can_be_told_in_json() -> None:
    assert {device.kind for device in (*HOME, *many(20, 3))} <= KINDS.keys()
    for kind in KINDS.values():
        assert json.loads(json.dumps(kind.config)) == kind.config
