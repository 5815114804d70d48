"""A home of 1,000 entities over a real broker: learned, understood, driven, and its memory."""

import asyncio
import gc
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.harness import Bench, median, p95
from hub.home.actions import Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import AreaId, Home
from hub.household import Household
from hub.mqtt.address import BrokerAddress
from hub.mqtt.broker import EmbeddedBroker
from hub.mqtt.link import MqttLink
from hub.origin import Origin

NAME = "home"

ENTITIES = 1_000
ROOMS = 60
LEARNED_S = 2.0
MEMORY_MB = 60.0
RECOGNISED_MS, RECOGNISED_P95_MS = 10.0, 20.0
PUBLISHED_MS = 15.0
COMMANDS = 100
BETWEEN_S = 0.06
"""Nobody gives orders faster; in a burst the broker's system waits for acknowledgements."""
LIMIT_S = 30.0
_MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/opt/homebrew/sbin")
_THINGS = (
    *(("light", "Ceiling Light"), ("light", "Reading Lamp"), ("light", "Night Light")),
    *(("switch", "Heater Plug"), ("switch", "Fan Plug"), ("cover", "Blind")),
    *(("sensor", "Temperature"), ("sensor", "Humidity"), ("sensor", "Power")),
    *(("binary_sensor", "Window"), ("binary_sensor", "Motion"), ("climate", "Thermostat")),
    *(("lock", "Door"), ("light", "Strip"), ("light", "Desk Lamp"), ("switch", "Charger")),
    ("cover", "Curtain"),
)
_SENTENCES = (
    "turn on the {room} ceiling light",
    "turn off the lights in the {room}",
    "set the {room} desk lamp to 40 %",
    "open the {room} blind",
    "what is the temperature in the {room}",
    "is the {room} window open",
    "set the {room} thermostat to 21 degrees",
    "lock the {room} door",
    "how is the weather on the moon",
    "tell me a story about a lighthouse and a ship",
)


@dataclass(frozen=True, slots=True)
class _Message:
    topic: str
    payload: str


def run(bench: Bench) -> None:
    asyncio.run(_run(bench))


async def _run(bench: Bench) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with _broker(bench, Path(folder)) as address:
            device = MqttLink(address, client_id="devices")
            async with _running(device):
                await device.wait_connected(LIMIT_S)
                await _announce(device)
                await _measure(bench, address, device)


async def _measure(bench: Bench, address: BrokerAddress, device: MqttLink) -> None:
    home = Home()
    link = MqttLink(address, client_id="hub")
    household = Household(home, link)
    recognizer = IntentRecognizer(home)
    recognizer.warm_up()
    before_mb = _resident_mb()
    gc.freeze()  # as the hub does
    started = time.perf_counter()
    async with _running(link):
        task = asyncio.create_task(household.run())
        await link.wait_connected(LIMIT_S)
        settled = await household.settled(LIMIT_S)
        learned_s = time.perf_counter() - started
        known = sum(home.state(one.id).known for one in home.devices() if "state" in one.features)
        assert settled
        assert len(home.devices()) == ENTITIES
        note = f"{len(home.areas())} rooms, {known} states; with the wait of 0.15 s for the end"
        bench.figure("learned", learned_s, "s", target=LEARNED_S, at_most=True, note=note)
        _recognise(bench, recognizer)
        await _drive(bench, household, recognizer, device)
        bench.figure(
            "memory above the empty hub",
            _resident_mb() - before_mb,
            "MB",
            target=MEMORY_MB,
            at_most=True,
            note="after all sentences",
        )
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _recognise(bench: Bench, recognizer: IntentRecognizer) -> None:
    sentences = [text.format(room=_room(n)) for n in range(0, ROOMS, 3) for text in _SENTENCES]
    recognizer.recognize(sentences[0], area=None)
    times = []
    for text in sentences:
        start = time.perf_counter()
        recognizer.recognize(text, area=AreaId("room_1"))
        times.append((time.perf_counter() - start) * 1000)
    note = f"{len(sentences)} sentences, a fifth of them no command"
    bench.figure(
        "recognised, median", median(times), "ms", target=RECOGNISED_MS, at_most=True, note=note
    )
    bench.figure("recognised, p95", p95(times), "ms", target=RECOGNISED_P95_MS, at_most=True)
    kinds = len(_SENTENCES)
    rows = [[text, f"{median(times[index::kinds]):.1f}"] for index, text in enumerate(_SENTENCES)]
    bench.table("Recognised, by sentence", ["sentence", "ms"], rows)


async def _drive(
    bench: Bench, household: Household, recognizer: IntentRecognizer, device: MqttLink
) -> None:
    """Measure from text to the message that a device gets."""
    actions = Actions(household.home, household)
    arrived: asyncio.Queue[float] = asyncio.Queue()

    def obey(topic: str, payload: bytes, _retained: bool) -> None:
        arrived.put_nowait(time.perf_counter())
        answers.append((topic.removesuffix("/set"), payload.decode()))
        woken.set()

    answers: list[tuple[str, str]] = []
    woken = asyncio.Event()

    async def answer() -> None:
        while True:
            await woken.wait()
            woken.clear()
            while answers:
                await device.publish(*answers.pop(0))

    device.subscribe("bench/+/set", obey)
    await device.wait_subscribed(LIMIT_S)
    answering = asyncio.create_task(answer())
    published, confirmed = [], []
    for number in range(COMMANDS):
        verb = "on" if number % 2 == 0 else "off"
        text = f"turn {verb} the {_room(number // 2 % ROOMS)} ceiling light"
        start = time.perf_counter()
        match = recognizer.recognize(text, area=None)
        assert match is not None, text
        result = await actions.perform(match, Origin(None, "en"))
        confirmed.append((time.perf_counter() - start) * 1000)
        assert result.ok, text
        async with asyncio.timeout(LIMIT_S):
            published.append((await arrived.get() - start) * 1000)
        await asyncio.sleep(BETWEEN_S)
    answering.cancel()
    await asyncio.gather(answering, return_exceptions=True)
    bench.figure(
        "text command to MQTT, median",
        median(published),
        "ms",
        target=PUBLISHED_MS,
        at_most=True,
        note=f"at the device, through the broker; {COMMANDS} commands",
    )
    bench.figure("text command to MQTT, p95", p95(published), "ms")
    bench.figure("text command to confirmed, median", median(confirmed), "ms")


async def _announce(device: MqttLink) -> None:
    """Announce the home and tell all its states, retained."""
    for number in range(ENTITIES):
        for message in _messages(number):
            await device.publish(message.topic, message.payload, retain=True, qos=1)


def _messages(number: int) -> list[_Message]:
    room, (component, thing) = _room(number % ROOMS), _THINGS[number // ROOMS % len(_THINGS)]
    topic, key = f"bench/{number}", f"bench_{number}"
    config: dict[str, object] = {
        "name": None,
        "uniq_id": key,
        "stat_t": topic,
        "avty_t": f"{topic}/status",
        "dev": {"ids": [key], "name": f"{room} {thing}", "sa": room, "mf": "bench"},
        "o": {"name": "bench"},
    }
    state = "ON"
    match component:
        case "light":
            config |= {"cmd_t": f"{topic}/set", "bri_cmd_t": f"{topic}/bri", "bri_scl": 254}
        case "switch":
            config |= {"cmd_t": f"{topic}/set"}
        case "cover":
            config |= {"cmd_t": f"{topic}/set", "set_pos_t": f"{topic}/pos"}
            state = "open"
        case "lock":
            config |= {"cmd_t": f"{topic}/set"}
            state = "LOCKED"
        case "sensor":
            classes = {"Temperature": "°C", "Humidity": "%", "Power": "W"}
            config |= {
                "dev_cla": thing.lower(),
                "unit_of_meas": classes[thing],
                "val_tpl": "{{ value_json.value | round(1) }}",
            }
            state = json.dumps({"value": 20 + number / 100, "linkquality": 120})
        case "binary_sensor":
            config |= {"dev_cla": thing.lower()}
        case "climate":
            config |= {
                "temp_cmd_t": f"{topic}/temp",
                "temp_stat_t": topic,
                "curr_temp_t": topic,
                "mode_cmd_t": f"{topic}/mode",
            }
            state = "21.5"
    return [
        _Message(f"homeassistant/{component}/{key}/config", json.dumps(config)),
        _Message(topic, state),
        _Message(f"{topic}/status", "online"),
    ]


def _room(number: int) -> str:
    floor = ("Ground", "Upper", "Garden", "North", "South", "Guest")[number // 10 % 6]
    kind = ("Kitchen", "Bedroom", "Bathroom", "Office", "Hall")[number % 5]
    return f"{floor} {kind} {('One', 'Two')[number // 5 % 2]}"


def _resident_mb() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss / 1e6)


@asynccontextmanager
async def _running(link: MqttLink) -> AsyncIterator[None]:
    task = asyncio.create_task(link.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _broker(bench: Bench, folder: Path) -> AsyncIterator[BrokerAddress]:
    """Mosquitto as a process of its own; where it is not installed, the built-in broker."""
    if _MOSQUITTO is None:
        bench.note("Mosquitto is not installed: measured with the built-in broker, in this process")
        async with EmbeddedBroker(port=0) as broker:
            yield broker.own_address
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    file = folder / "mosquitto.conf"
    lines = ["persistence false", "allow_anonymous true", f"listener {port} 127.0.0.1"]
    if os.getuid() == 0:
        lines.append("user root")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        _MOSQUITTO, "-c", str(file), stderr=subprocess.DEVNULL
    )
    try:
        yield BrokerAddress("127.0.0.1", port)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
