"""The commands, as somebody types them; the microphone is a file."""

import asyncio
import json
import os
import signal
import wave
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from satellite import events, handshake
from satellite.__main__ import app
from satellite.commands import doctor, unit
from satellite.commands.doctor import examine
from satellite.commands.hearing import judge
from satellite.commands.meter import WIDTH, bar
from satellite.service import ServiceStatus
from tests.satellite.scripted_hub import ScriptedHub
from tests.satellite.wav_samples import sine
from tests.speech import recordings


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    file = tmp_path / "spoken.wav"
    with wave.open(str(file), "wb") as writing:
        writing.setparams((1, 2, 16_000, 0, "NONE", "not compressed"))
        writing.writeframes((sine(1.0, 16_000, hz=400) * 8000).astype("<i2").tobytes())
    return file


@pytest.fixture
def config(tmp_path: Path, spoken: Path) -> Path:
    file = tmp_path / "satellite.toml"
    file.write_text(f'microphone = "wav:{spoken}"\nspeaker = "none"\nhub = "127.0.0.1:9"\n')
    return file


def run(*words: object, text: str | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words], input=text)
    return result.exit_code, result.output


def test_record_writes_what_is_heard_and_judges_it(tmp_path: Path, config: Path) -> None:
    file = tmp_path / "heard.wav"
    code, told = run("record", file, "--seconds", 0.5, "--config", config)
    assert code == 0
    assert "The level is good" in told
    with wave.open(str(file), "rb") as reading:
        assert (reading.getframerate(), reading.getnchannels()) == (16_000, 1)
        samples = np.frombuffer(reading.readframes(16_000), dtype="<i2")
    assert samples.size == pytest.approx(8_000, abs=512)
    assert np.abs(samples).max() > 3_900


def test_meter_ends_by_itself_with_a_sentence(config: Path) -> None:
    code, told = run("meter", "--seconds", 0.3, "--config", config)
    assert code == 0
    assert "The level is good" in told


def test_listen_shows_when_a_wake_word_is_heard(config: Path) -> None:
    for recording in recordings("wake"):
        code, told = run(
            *("listen", "--seconds", 3.5, "--mic", f"wav:{recording.path}", "--config", config),
            *("--wake-word", "okay_nabu", "--wake-word", "hey_jarvis"),
        )
        assert code == 0
        assert "Heard 1 time." in told
        assert f"  {recording.text}  0.9" in told


def test_without_a_wake_word_there_is_nothing_to_listen_for(config: Path) -> None:
    code, told = run("listen", "--config", config)
    assert code == 1
    assert "no wake word in the settings" in told


def test_a_microphone_that_hears_nothing_is_told(config: Path) -> None:
    code, told = run("meter", "--seconds", 0.2, "--mic", "none", "--config", config)
    assert code == 0
    assert "muted, or the wrong microphone" in told


def test_a_microphone_that_is_not_there_is_a_line_and_an_exit_code(config: Path) -> None:
    code, told = run("meter", "--mic", "no such device", "--config", config)
    assert code == 1
    assert "sotto-satellite: " in told
    assert "no such device" in told.replace("\n", " ")
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("samples", "verdict"),
    [
        (np.zeros(1600), "nothing at all"),
        (np.full(1600, 20), "very soft"),
        (np.full(1600, 3000), "good"),
        (np.full(1600, 32_700), "cut off"),
    ],
)
def test_every_level_has_its_advice(samples: "np.ndarray", verdict: str) -> None:
    assert verdict in judge([samples.astype("<i2").tobytes()]).verdict


def test_the_bar_grows_with_the_level_and_marks_the_loudest() -> None:
    soft, loud = bar(-60, -20).plain, bar(-10, -10).plain
    assert soft.count("█") < loud.count("█") <= WIDTH
    assert "│" in soft
    assert "silence" in bar(-96, -96).plain
    assert "cut off" in bar(0, 0, cut_off=True).plain


def test_the_doctor_finds_what_is_wrong_and_what_is_well(config: Path) -> None:
    config.chmod(0o600)
    code, told = run("doctor", "--json", "--config", config)
    found = {one["name"]: one for one in json.loads(told)}
    assert code == 1
    assert not found["hub"]["ok"]
    assert "is the hub on" in found["hub"]["text"]
    for name in ("Python", "settings", "secrets", "microphone", "wake words", "state"):
        assert found[name]["ok"], found[name]
    assert "hooks" not in found


def test_for_root_the_service_rests_while_the_doctor_looks(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(unit, "can_install", lambda: True)
    monkeypatch.setattr(unit, "_run", lambda *words: done.append(words[1]))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    _, told = run("doctor", "--config", config)
    assert told.startswith("OK    service      stopped for this")
    assert done[:2] == ["is-active", "stop"]
    assert done[-1] == "start"


@pytest.mark.parametrize(
    "words",
    [("meter", "--seconds", 0.1), ("listen", "--seconds", 0.1), ("record", "--seconds", 0.1)],
)
def test_for_root_the_service_rests_while_the_microphone_is_used(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...]
) -> None:
    done: list[str] = []
    monkeypatch.setattr(unit, "can_install", lambda: True)
    monkeypatch.setattr(unit, "_run", lambda *words: done.append(words[1]))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    more = {"record": (tmp_path / "heard.wav",), "listen": ("--wake-word", "okay_nabu")}
    code, told = run(*words, *more.get(str(words[0]), ()), "--config", config)
    assert (code, done) == (0, ["is-active", "stop", "start"])
    assert "service is stopped meanwhile" in told


@pytest.mark.parametrize("hang_up", [signal.SIGHUP, signal.SIGTERM])
def test_the_service_goes_on_also_where_the_connection_to_the_machine_is_lost(
    monkeypatch: pytest.MonkeyPatch, hang_up: signal.Signals
) -> None:
    done: list[str] = []
    monkeypatch.setattr(unit, "can_install", lambda: True)
    monkeypatch.setattr(unit, "_run", lambda *words: done.append(words[1]))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    before = signal.signal(hang_up, signal.SIG_IGN)
    try:
        with pytest.raises(KeyboardInterrupt), unit.stopped():
            signal.raise_signal(hang_up)
        assert done == ["is-active", "stop", "start"]
        assert signal.getsignal(hang_up) is signal.SIG_IGN
    finally:
        signal.signal(hang_up, before)


def test_the_doctor_looks_for_no_hub_where_home_assistant_is_served(config: Path) -> None:
    config.write_text(config.read_text() + '[wyoming]\nuri = "tcp://127.0.0.1:10700"\n')
    _, told = run("doctor", "--config", config)
    assert "serves Home Assistant at tcp://127.0.0.1:10700" in told


def test_the_doctor_looks_at_lights_pins_hooks_secrets_and_words(config: Path) -> None:
    config.write_text(
        config.read_text()
        + 'wake_words = ["no_such_word"]\ntoken = "0123456789abcdef"\n'
        + '[lights]\nkind = "apa102"\ndevice = "/dev/no-spi"\n'
        + '[pins]\nchip = "/dev/no-chip"\nbutton = 17\n'
        + '[hooks]\nwake = "/no/such/program"\n'
        + '[sounds]\nerror = "/no/such.wav"\n'
    )
    config.chmod(0o644)
    code, told = run("doctor", "--config", config)
    assert code == 1
    for wanted in ("raspi-config", "no /dev/no-chip", "/no/such/program", "chmod 600", "no_such"):
        assert wanted in told
    assert "/no/such.wav: No such file" in told
    assert "0123456789abcdef" not in told


def test_settings_that_can_not_be_read_end_the_examination(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("volume = 7")
    code, told = run("doctor", "--config", tmp_path / "bad.toml")
    assert code == 1
    assert "volume" in told


class Manager:
    def __init__(self) -> None:
        self.told: list[str] = []

    def ready(self) -> None:
        self.told.append("READY")

    def status(self, text: str) -> None:
        self.told.append(text)


def test_the_service_manager_sees_what_the_satellite_does() -> None:
    manager = Manager()
    status = ServiceStatus(manager)  # type: ignore[arg-type]
    status.follow(events.Ready(0.0, "id", "default", "default"))
    status.follow(events.Connected(0.0, "Home", "192.0.2.1:10710", "s"))
    status.follow(events.Muted(0.0, True))
    status.follow(events.Disconnected(0.0, "no hub answers", "unreachable", 250))
    assert manager.told == [
        "READY",
        "looks for its hub",
        "connected to Home",
        "connected to Home, microphone off",
        "without a hub: no hub answers",
    ]


TOKEN = "the token of the house"


@pytest.mark.parametrize(
    ("token", "runs", "expected"),
    [
        (TOKEN, False, (True, ", and takes this satellite")),
        (TOKEN, True, (True, "run this with sudo")),
        ("an older one of the house", False, (False, "sotto-satellite pair")),
        (None, False, (True, ", and waits to be approved")),
    ],
)
async def test_the_doctor_tries_the_token(
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    token: str | None,
    runs: bool,
    expected: tuple[bool, str],
) -> None:
    monkeypatch.setattr(unit, "is_running", lambda: runs)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    async with ScriptedHub(token=TOKEN) as hub:
        text = f'hub = "{hub.address}"\nmicrophone = "none"\nspeaker = "none"\n'
        config.write_text(text + (f'token = "{token}"\n' if token else ""))
        found = {one.name: one async for one in examine(config)}
    assert found["hub"].ok == expected[0]
    assert expected[1] in found["hub"].text


async def test_the_doctor_looks_further_where_a_neighbours_hub_answers_first(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit, "is_running", lambda: False)
    async with (
        ScriptedHub(token="that of the neighbours") as other,
        ScriptedHub(token=TOKEN) as hub,
    ):
        hubs = json.dumps([other.address, hub.address])
        config.write_text(
            f'hub = {hubs}\nmicrophone = "none"\nspeaker = "none"\ntoken = "{TOKEN}"\n'
        )
        found = {one.name: one async for one in examine(config)}
    assert found["hub"].text == f"answers at {hub.address}, and takes this satellite"


async def test_the_doctor_trusts_a_hub_without_a_token_no_more_than_the_satellite_does(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit, "is_running", lambda: False)
    monkeypatch.setattr(doctor, "is_this_machine", lambda _: False)
    async with ScriptedHub() as hub:
        config.write_text(f'hub = "{hub.address}"\nmicrophone = "none"\nspeaker = "none"\n')
        found = {one.name: one async for one in examine(config)}
    assert not found["hub"].ok
    assert "asks for no token" in found["hub"].text


async def test_the_doctor_tells_of_what_takes_a_connection_and_is_no_hub(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit, "is_running", lambda: False)
    monkeypatch.setattr(handshake, "HANDSHAKE_TIMEOUT_S", 0.1)
    left = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        left.set()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        config.write_text(f'hub = "127.0.0.1:{port}"\nmicrophone = "none"\nspeaker = "none"\n')
        found = {one.name: one async for one in examine(config)}
        async with asyncio.timeout(60):
            await left.wait()
    assert "says nothing: is it a hub?" in found["hub"].text
