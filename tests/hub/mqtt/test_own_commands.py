"""What is commanded by MQTT is done once, and what came of it is told."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiomqtt import Client, ProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from hub.announcing import Announcement, Fate, Priority
from hub.controlling import ControlError, TextAnswer
from hub.mqtt.command_link import MAX_PAYLOAD_BYTES, Delivery
from hub.mqtt.own_commands import OwnCommands
from hub.mqtt.own_guard import BURST, PER_S
from hub.mqtt.own_topics import OwnTopics
from tests.hub.mqtt.driven import BASE, HALL, KITCHEN, House, driven
from tests.hub.mqtt.mosquitto import mosquitto

PLAIN = [
    ("satellite/kitchen-1/command/listen", "", ("listen", "kitchen-1")),
    ("satellite/kitchen-1/command/listen", "PRESS", ("listen", "kitchen-1")),
    ("satellite/kitchen-1/command/stop", "PRESS", ("stop", "kitchen-1")),
    ("command/stop", "", ("stop", None)),
    ("command/stop", {"room": "hall"}, ("stop", "hall-1")),
    ("satellite/kitchen-1/command/volume", "40", ("volume", "kitchen-1", 0.4)),
    ("command/volume", {"volume": 30, "satellite": "hall-1"}, ("volume", "hall-1", 0.3)),
    (
        "satellite/kitchen-1/command/settings",
        {"settings": {"wake.mode": "voice", "lights.moving": None}},
        ("set", "kitchen-1", {"wake.mode": "voice", "lights.moving": None}),
    ),
    (
        "command/settings",
        {"room": "hall", "settings": {"sound.gain_db": 6}},
        ("set", "hall-1", {"sound.gain_db": 6}),
    ),
    ("satellite/kitchen-1/command/identify", "PRESS", ("identify", "kitchen-1", 5.0)),
    ("command/identify", {"satellite": "hall-1", "seconds": 2}, ("identify", "hall-1", 2.0)),
    ("satellite/kitchen-1/command/mute", "ON", ("mute", "kitchen-1", True)),
    ("satellite/kitchen-1/command/mute", {"muted": False}, ("mute", "kitchen-1", False)),
    ("command/listen", {"room": "Hall"}, ("listen", "hall-1")),
    ("command/text", "turn on the lamp", ("text", "turn on the lamp", None, None)),
    (
        "satellite/kitchen-1/command/text",
        {"text": "turn on the lamp", "language": "en"},
        ("text", "turn on the lamp", "Kitchen", "en"),
    ),
    ("satellite/kitchen-1/command/ask", "shall I?", ("ask", "kitchen-1", "shall I?")),
]
WRONG: list[tuple[str, str | bytes | dict[str, Any], str, str]] = [
    ("satellite/kitchen-1/command/volume", "loud", "bad-payload", "a number from 0 to 100"),
    ("satellite/kitchen-1/command/volume", "101", "bad-payload", "volume: "),
    ("satellite/kitchen-1/command/settings", "loud", "bad-payload", "nothing or a JSON object"),
    ("satellite/kitchen-1/command/settings", {"settings": 1}, "bad-payload", "settings: "),
    (
        "satellite/kitchen-1/command/settings",
        {"settings": {"hub": "x"}},
        "bad-setting",
        "kitchen-1: hub can not be changed.",
    ),
    ("satellite/kitchen-1/command/identify", {"seconds": 61}, "bad-payload", "seconds: "),
    ("satellite/kitchen-1/command/volume", "nan", "bad-payload", "volume: "),
    ("satellite/kitchen-1/command/mute", "perhaps", "bad-payload", "ON, OFF"),
    ("satellite/kitchen-1/command/listen", "now", "bad-payload", "PRESS"),
    ("command/announce", "{", "bad-payload", "no JSON"),
    ("command/announce", {"text": "a", "loud": 1}, "bad-payload", "no key 'loud'"),
    ("command/announce", {"text": "a", "priority": "top"}, "bad-payload", "priority: "),
    ("command/announce", {"text": 5}, "bad-payload", "text: "),
    ("command/announce", "", "bad-text", "nothing to say"),
    ("command/announce", b"\xff\xfe", "bad-payload", "no UTF-8"),
    ("command/announce", {"text": "a", "room": "attic"}, "unknown-room", "attic"),
    ("command/announce", {"text": "a", "satellite": "x"}, "unknown-satellite", "'x'"),
    ("command/ask", "shall I?", "unknown-satellite", "Name a satellite"),
    ("command/text", "", "bad-payload", "text: "),
    ("command/dance", "", "unknown-command", "there are announce"),
    ("command/forget", {"satellite": "hall-1"}, "connected", "come back"),
    ("satellite/kitchen-1/command/stop", {"room": "Hall"}, "bad-payload", "already"),
]


@pytest.mark.parametrize(("topic", "payload", "done"), PLAIN)
async def test_a_command_is_done(
    tmp_path: Path, topic: str, payload: str | dict[str, Any], done: tuple[Any, ...]
) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.send(topic, payload)
        result = await hub.result(
            topic.replace("/command/", "/result/").replace("command/", "result/")
        )
        assert result["ok"] is True
        assert hub.house.done == [done]


@pytest.mark.parametrize(("topic", "payload", "code", "text"), WRONG)
async def test_a_wrong_command_is_answered_with_what_is_wrong(
    tmp_path: Path, topic: str, payload: str | bytes | dict[str, Any], code: str, text: str
) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.send(topic, payload)
        result = await hub.result(topic.replace("command/", "result/"))
        assert result["ok"] is False
        assert result["error"]["code"] == code
        assert text in result["error"]["text"]
        assert hub.house.done == []


async def test_an_announcement_is_kept_and_its_fate_is_told_later(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        values = {
            "id": "7",
            "text": "dinner",
            "rooms": ["kitchen", "Hall"],
            "priority": "high",
            "chime": "chime",
            "within_s": 60,
        }
        await hub.send("command/announce", values)
        await hub.send("command/stop", {"id": "after"})
        await hub.result("result/stop", "after")
        [(key, announcement)] = hub.house.accepted.items()
        assert announcement == Announcement(
            "dinner", ("kitchen-1", "hall-1"), (), Priority.HIGH, "chime", None, 60
        )
        assert not [topic for topic, _ in hub.seen if topic == f"{BASE}/result/announce"]
        hub.own.announced(key, {"kitchen-1": Fate.HEARD, "hall-1": Fate.STOPPED})
        result = await hub.result("result/announce", "7")
        assert result["satellites"] == {"kitchen-1": "heard", "hall-1": "stopped"}
        assert result["ok"] is False


async def test_the_fate_of_an_announcement_from_before_a_restart_is_told(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        hub.own.announced('mqtt:[null,"7"]', {"kitchen-1": Fate.HEARD})
        hub.own.announced("somebody else's", {"kitchen-1": Fate.HEARD})
        result = await hub.result("result/announce", "7")
        assert result["ok"] is True
        assert len([topic for topic, _ in hub.seen if topic.endswith("/result/announce")]) == 1


async def test_an_announcement_for_which_nobody_was_there_says_so(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        hub.own.announced('mqtt:[null,"8"]', {})
        result = await hub.result("result/announce", "8")
        assert (result["ok"], result["satellites"]) == (False, {})
        assert result["error"]["code"] == "nobody"


async def test_ids_that_look_alike_are_told_apart_and_come_back_as_they_were(
    tmp_path: Path,
) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.send("command/announce", {"id": 4, "text": "one"})
        await hub.send("command/announce", {"id": "4", "text": "two"})
        await hub.send("command/stop", {"id": "after"})
        await hub.result("result/stop", "after")
        one, two = hub.house.accepted
        assert orjson.loads(one.removeprefix("mqtt:")) == [None, 4]
        assert orjson.loads(two.removeprefix("mqtt:")) == [None, "4"]


async def test_an_announcement_that_can_not_be_kept_is_answered_and_may_be_tried_again(
    tmp_path: Path,
) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        hub.house.fault = ControlError("not-kept", "the disk is full")
        await hub.send("command/announce", {"id": 1, "text": "dinner"})
        result = await hub.result("result/announce", 1)
        assert result["error"] == {"code": "not-kept", "text": "the disk is full"}
        hub.house.fault = None
        await hub.send("command/announce", {"id": 1, "text": "dinner"})
        await hub.send("command/stop", {"id": 2})
        await hub.result("result/stop", 2)
        assert hub.house.done == [("announce", "dinner"), ("stop", None)]


async def test_a_question_is_answered_while_other_commands_go_on(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        hub.house.may_answer.clear()
        await hub.send("command/ask", {"id": "q", "text": "shall I?", "room": "hall"})
        await hub.send("command/stop", {"id": "s"})
        await hub.result("result/stop", "s")
        hub.house.may_answer.set()
        assert await hub.result("result/ask", "q") == {
            "command": "ask",
            "id": "q",
            "ok": True,
            "satellite": "hall-1",
            "fate": "heard",
            "answer": "yes",
        }


async def test_what_a_satellite_can_not_do_is_told_on_its_own_topic(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        hub.house.fault = ControlError("unsupported", "The microphone of kitchen-1 is off.")
        await hub.send("satellite/kitchen-1/command/listen")
        result = await hub.result("satellite/kitchen-1/result/listen")
        assert result["error"]["code"] == "unsupported"


async def test_nothing_is_told_below_the_name_of_an_unknown_satellite(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.send("satellite/attic/command/listen", {"id": 1})
        assert (await hub.result("result/listen", 1))["error"]["code"] == "unknown-satellite"
        assert not [
            topic for topic, _ in hub.seen if topic.startswith(f"{BASE}/satellite/attic/re")
        ]


async def test_a_command_with_an_id_that_was_there_is_not_done_again(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        for _ in range(3):
            await hub.send("command/text", {"id": "once", "text": "toggle the lamp"})
        await hub.send("command/stop", {"id": "end"})
        await hub.result("result/stop", "end")
        assert [done[0] for done in hub.house.done].count("text") == 1


async def test_a_payload_of_megabytes_costs_nothing_but_an_answer(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.send("command/announce", "x" * (4 * 1024 * 1024))
        await hub.send("command/announce", "x" * (MAX_PAYLOAD_BYTES + 1))
        result = await hub.result("result/announce")
        assert result["error"]["code"] == "too-large"
        await hub.send("command/stop", {"id": "end"})
        await hub.result("result/stop", "end")
        assert hub.house.done == [("stop", None)]


async def test_a_retained_command_is_ignored(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker:
        async with driven(broker.url) as hub:
            await hub.link.publish(f"{BASE}/command/text", "toggle the lamp", retain=True)
            await hub.result("result/text")
            assert len(hub.house.done) == 1  # published while somebody listens, it is as good
        async with driven(broker.url) as hub:
            await hub.send("command/stop", {"id": "end"})
            await hub.result("result/stop", "end")
            assert hub.house.done == [("stop", None)]


async def test_commands_that_come_too_fast_take_longer_and_are_all_done(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        many, loop = BURST + 20, asyncio.get_running_loop()
        began_s = loop.time()
        await asyncio.gather(*(hub.send("command/stop", {"id": number}) for number in range(many)))
        await hub.until(lambda: len([t for t, _ in hub.seen if t.endswith("/result/stop")]) == many)
        assert hub.house.done == [("stop", None)] * many
        assert loop.time() - began_s > 0.9 * 20 / PER_S


async def test_a_response_goes_where_mqtt_5_says(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.ResponseTopic = "my/answers"
        properties.CorrelationData = b"17"
        async with Client("127.0.0.1", broker.port, protocol=ProtocolVersion.V5) as client:
            await client.subscribe("my/answers")
            await client.publish(f"{BASE}/command/stop", "", qos=1, properties=properties)
            message = await anext(aiter(client.messages))
        assert orjson.loads(message.payload)["ok"] is True
        assert message.properties is not None
        assert getattr(message.properties, "CorrelationData", None) == b"17"
        assert not [topic for topic, _ in hub.seen if topic == f"{BASE}/result/stop"]


@pytest.mark.parametrize("topic", ["homeassistant/switch/x/config", f"{BASE}/command/text"])
async def test_a_response_never_goes_where_it_would_be_taken_for_something_else(
    tmp_path: Path, topic: str
) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.ResponseTopic = topic
        async with Client("127.0.0.1", broker.port, protocol=ProtocolVersion.V5) as client:
            await client.publish(f"{BASE}/command/stop", "", qos=1, properties=properties)
        await hub.result("result/stop")
        assert topic not in dict(hub.seen)


async def test_a_room_is_known_also_when_its_satellite_is_away(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url, house=House()) as hub:
        hub.change(KITCHEN)
        await hub.told("satellite/hall-1/status", lambda payload: payload == "offline")
        await hub.send("command/announce", {"text": "dinner", "room": "hall"})
        await hub.send("command/stop", {"id": "end"})
        await hub.result("result/stop", "end")
        [announcement] = hub.house.accepted.values()
        assert announcement.satellites == (HALL.id,)


async def test_settings_without_any_tell_what_holds_at_each(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.send("command/settings", {"id": 1, "satellites": ["kitchen-1", "hall-1"]})
        result = await hub.result("result/settings", 1)
        held = {"wake.sensitivity": 0.5}
        assert result["settings"] == {"kitchen-1": held, "hall-1": held}


async def test_where_one_satellite_refuses_the_others_are_changed(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        asked = {"id": 2, "satellites": ["kitchen-1", "hall-1"], "settings": {"hub": "x"}}
        await hub.send("command/settings", asked)
        error = (await hub.result("result/settings", 2))["error"]
        assert error["code"] == "bad-setting"
        assert "kitchen-1: " in error["text"]
        assert "hall-1: " in error["text"]


async def test_a_text_command_has_begun_when_the_broker_may_forget_it() -> None:
    order: list[str] = []

    class House:
        async def run_text(self, text: str, **_: object) -> TextAnswer:
            order.append(f"begun {text}")
            return TextAnswer("done", ok=True)

    never: Any = None
    clock = asyncio.get_running_loop().time
    controls: Any = House()
    commands = OwnCommands(
        OwnTopics("sotto/test"),
        controls,
        never,
        never,
        timers=None,
        tell=lambda *_: None,
        forget=never,
        clock=clock,
    )
    deliveries: asyncio.Queue[Delivery] = asyncio.Queue()
    for number, text in enumerate(("one", "two")):
        deliveries.put_nowait(
            Delivery(
                "sotto/test/command/text",
                text.encode(),
                3,
                retained=False,
                repeated=False,
                number=number,
                acknowledge=lambda text=text: order.append(f"acknowledged {text}"),  # type: ignore[misc]
            )
        )
    running = asyncio.create_task(commands.run(deliveries.get))
    async with asyncio.timeout(5):
        while len(order) < 4:
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert order == ["begun one", "acknowledged one", "begun two", "acknowledged two"]


async def test_an_announcement_is_confirmed_by_its_id_on_the_topics_it_came_by(
    tmp_path: Path,
) -> None:
    async with mosquitto(tmp_path) as broker, driven(broker.url) as hub:
        await hub.send("command/announce", {"text": "the door is open", "id": "door", "times": 5})
        await hub.send("command/confirm", {"announcement": "door", "id": 1})
        assert (await hub.result("result/confirm", 1))["announcements"] == 1
        [key] = hub.house.accepted
        done = [("announce", "the door is open"), ("confirm", key)]
        assert hub.house.done == done
        await hub.send("command/confirm", "PRESS")
        assert (await hub.result("result/confirm"))["ok"] is True
        assert hub.house.done == [*done, ("confirm", None)], "all that are said several times"
        hub.house.confirmed = 0
        await hub.send("command/confirm", {"announcement": "nobody", "id": 2})
        failed = await hub.result("result/confirm", 2)
        assert failed["error"]["code"] == "unknown-announcement"
