"""What devices get wrong, over a real Mosquitto: the rest of the home works meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from hub.flapping import Flapping
from hub.home.actions import Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import DeviceId
from hub.household import Household
from hub.mqtt.link import MqttLink
from hub.origin import Origin
from tests.hub.living_home import LIMIT_S, connected, heard, learning, running
from tests.hub.mqtt.flood import flood
from tests.hub.mqtt.mosquitto import mosquitto

LAMP = {
    "name": "Good Lamp",
    "unique_id": "good",
    "command_topic": "good/set",
    "state_topic": "good",
    "device": {"suggested_area": "Hall"},
}
COMPLAINT = "device can not be used"
# Mosquitto drops what a reader that is slow for a moment has not taken yet: also the lamp's state.
KEEPS_ALL = ("allow_anonymous true", "max_queued_messages 0", "max_queued_bytes 0")


class House:
    """A household with one lamp that works, whatever else is on the broker."""

    def __init__(self, household: Household, device: MqttLink, port: int) -> None:
        self.household = household
        self.device = device
        self.port = port
        self._recognizer = IntentRecognizer(household.home)
        self._actions = Actions(household.home, household, confirm_timeout_s=LIMIT_S)

    async def announce(
        self, key: str, config: dict[str, Any] | bytes, component: str = "light"
    ) -> str:
        """Announce something; return its topic."""
        payload = config if isinstance(config, bytes) else json.dumps(config).encode()
        topic = f"homeassistant/{component}/{key}/config"
        await self.device.publish(topic, payload, retain=True)
        return topic

    async def heard(self) -> None:
        """Wait until everything that was published before is heard."""
        assert await self.household.settled(LIMIT_S)
        await heard(self.household, self.device)

    async def works(self) -> None:
        """Drive the good lamp, there and back."""
        for verb in ("on", "off"):
            match = self._recognizer.recognize(f"turn {verb} the good lamp", area=None)
            assert match is not None
            result = await self._actions.perform(match, Origin(None, "en"))
            assert result.ok
            assert result.confirmed

    def reason(self, topic: str) -> tuple[str, str]:
        """Name and reason of what is broken there."""
        (broken,) = [one for one in self.household.broken if one.topic == topic]
        return broken.name, broken.reason


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    async with (
        mosquitto(folder, *KEEPS_ALL) as broker,
        connected(broker.url, "device") as device,
        learning(broker.url) as household,
    ):
        orders: asyncio.Queue[bytes] = asyncio.Queue()
        device.subscribe("good/set", lambda _topic, payload, _retained: orders.put_nowait(payload))

        async def obey() -> None:
            while True:
                await device.publish("good", await orders.get(), retain=True)

        async with running(obey()):
            one = House(household, device, broker.port)
            await one.announce("good", LAMP)
            await one.heard()
            yield one


def named(name: str, **config: Any) -> dict[str, Any]:
    """A lamp of this name."""
    return {"name": name, "unique_id": name, "command_topic": "bad/set", **config}


@pytest.mark.parametrize(
    ("config", "name", "reason"),
    [
        (b'{"name": "Bad', "bad", "It is no JSON"),
        (b"\xff\xfe\x00", "bad", "It is no JSON"),
        (b"[1]", "bad", "It is no JSON object"),
        (b'{"name": "Bad Lamp"}', "Bad Lamp", "'command_topic' is missing"),
        (b'{"device": {"name": "Bad Lamp"}}', "Bad Lamp", "'command_topic' is missing"),
        (named("Bad Lamp", stat_t="x/#"), "Bad Lamp", "is no topic"),
        (named("Bad Lamp", stat_t="x", val_tpl="{{ x."), "Bad Lamp", "A template is refused"),
        (b"[" * 100_000, "bad", "It is no JSON"),
        (b'{"name": "' + b"x" * 200_000 + b'"}', "bad", "bytes are too many"),
    ],
)
async def test_a_device_that_can_not_be_understood_is_shown_as_broken_with_its_reason(
    tmp_path: Path, config: dict[str, Any] | bytes, name: str, reason: str
) -> None:
    async with house(tmp_path) as one:
        with capture_logs() as logs:
            for _ in range(3):
                topic = await one.announce("bad", config)
            await one.heard()
        shown, why = one.reason(topic)
        assert shown == name
        assert reason in why
        assert [log["event"] for log in logs].count(COMPLAINT) == 1
        await one.works()


@pytest.mark.parametrize(
    "template",
    [
        "{{ value_json.a.b.c }}",
        "{{ 1 / 0 }}",
        "{{ value.__class__.__mro__ }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
        "{{ value | float }}",
    ],
)
async def test_a_template_that_raises_or_loops_costs_its_message_alone(
    tmp_path: Path, template: str
) -> None:
    async with house(tmp_path) as one:
        await one.announce("bad", named("Bad Lamp", stat_t="bad", val_tpl=template))
        await one.heard()
        with capture_logs() as logs:
            for number in range(20):
                await one.device.publish("bad", json.dumps({"number": number}))
            await one.heard()
        assert [log["event"] for log in logs].count(COMPLAINT) == 1
        assert one.reason("bad")[0] == "Bad Lamp"
        await one.works()


async def test_a_state_that_fails_every_other_time_is_logged_once(tmp_path: Path) -> None:
    async with house(tmp_path) as one:
        await one.announce("bad", named("Bad Lamp", stat_t="bad", val_tpl="{{ value_json.a.b }}"))
        await one.heard()
        with capture_logs() as logs:
            for number in range(40):
                state = {"a": {"b": "ON"}} if number % 2 else {"x": number}
                await one.device.publish("bad", json.dumps(state))
            await one.heard()
        assert [log["event"] for log in logs].count(COMPLAINT) == 1
        assert not one.household.broken
        assert one.household.home.state(DeviceId("light.Bad Lamp")).value == "on"


async def test_payloads_of_megabytes_are_dropped(tmp_path: Path) -> None:
    async with house(tmp_path) as one:
        megabytes = b"x" * 3_000_000
        with capture_logs() as logs:
            await one.device.publish("good", megabytes, retain=True)
            await one.announce("huge", megabytes)
            await one.device.publish("good", megabytes, retain=True)
            await one.heard()
        dropped = [log["topic"] for log in logs if "too large" in log["event"]]
        assert sorted(dropped) == ["good", "homeassistant/light/huge/config"]
        await one.works()


@pytest.mark.parametrize(
    "name",
    ["Lamp/Desk", "💡 Lamp 💡", "מנורה בסלון", "مصباح", "a\u0000b\nc\u202e", "x" * 5000, "💡"],
)
async def test_names_of_all_kinds_are_taken(tmp_path: Path, name: str) -> None:
    async with house(tmp_path) as one:
        config = {**named("odd", device={"suggested_area": name}), "name": name}
        await one.announce("odd", config)
        await one.heard()
        device = one.household.home.device(DeviceId("light.odd"))
        assert device is not None
        assert 0 < len(device.name) <= 128
        await one.works()


async def test_of_two_devices_with_one_id_the_second_is_shown_as_broken(tmp_path: Path) -> None:
    async with house(tmp_path) as one:
        topic = await one.announce("thief", {**LAMP, "name": "Thief", "command_topic": "thief"})
        await one.heard()
        name, reason = one.reason(topic)
        assert (name, "belongs to" in reason) == ("Thief", True)
        await one.works()


async def test_a_device_whose_state_and_availability_flap_leaves_the_home_alone(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as one:
        await one.announce("bad", named("Flapping", stat_t="bad", avty_t="bad/status"))
        await one.heard()
        taught: list[int] = []
        one.household.on_structure_changed(lambda: taught.append(1))
        version = one.household.home.version
        messages = []
        for number in range(1_000):
            messages.append(("bad", b"ON" if number % 2 else b"OFF"))
            messages.append(("bad/status", b"online" if number % 3 else b"offline"))
        with capture_logs() as logs:
            flooding = asyncio.create_task(flood(one.port, messages))
            await one.works()
            await flooding
            await one.heard()
        assert one.household.home.version == version
        assert taught == []
        assert logs == []


async def test_a_device_that_announces_itself_100_times_a_second_is_calmed(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as one:
        # However long all of this takes, it is within the same second.
        one.household._flapping = Flapping(lambda: 1e9)
        taught: list[int] = []
        one.household.on_structure_changed(lambda: taught.append(1))
        version = one.household.home.version
        topic = "homeassistant/light/bad/config"
        messages = [
            (topic, json.dumps(named("Flapping", n=number)).encode() if number % 2 else b"")
            for number in range(1_000)
        ]
        with capture_logs() as logs:
            flooding = asyncio.create_task(flood(one.port, messages, retain=True))
            await one.works()
            await flooding
            await one.heard()
        assert one.household.home.version - version <= 5
        assert len(taught) <= 2
        assert "announces itself too often" in one.reason(topic)[1]
        assert [log["event"] for log in logs].count(COMPLAINT) == 1
        await one.works()


async def test_retained_rubbish_is_left_aside(tmp_path: Path) -> None:
    async with house(tmp_path) as one:
        rubbish = [
            ("homeassistant/light/config", b"{}"),
            ("homeassistant/light/a b/config", b"{}"),
            ("homeassistant/spaceship/one/config", b'{"name": "Rocket"}'),
            ("homeassistant/device/two/config", b'{"cmps": 1}'),
            ("homeassistant/device/three/config", b'{"cmps": {"a": {"p": 7, "b": 1}}}'),
            ("homeassistant/status", b"online"),
            ("homeassistant/light/four/config", b"\x00" * 1000),
            *((f"rubbish/{number}", bytes(100)) for number in range(2_000)),
        ]
        await flood(one.port, rubbish, retain=True)
        await one.heard()
        await one.works()
        shown = {broken.name: broken.topic for broken in one.household.broken}
        assert shown["Rocket"] == "homeassistant/spaceship/one/config"
        assert {"two", "three", "four"} <= set(shown)
        assert [device.name for device in one.household.home.devices()] == ["Good Lamp"]
