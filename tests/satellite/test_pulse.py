"""The real program on a real audio stack: PulseAudio's null sinks through PortAudio."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from protocol import (
    AudioChunk,
    Cancel,
    Playback,
    Settings,
    SettingsTaken,
    Status,
    Synthesize,
    Transcript,
    TurnEnded,
    Wake,
)
from tests.satellite.pulse import Pulse
from tests.satellite.scripted_hub import PATIENCE_S, RATE, ScriptedHub, Session
from tests.satellite.wav_samples import sine

pytestmark = pytest.mark.alone

HEARD_HZ, SPOKEN_HZ = 600, 1100
CLEAN = 0.95
"""Share of a tone's own frequency."""


@pytest.fixture
async def pulse(tmp_path: Path) -> AsyncIterator[Pulse]:
    async with Pulse(tmp_path) as running:
        yield running


async def start_satellite(pulse: Pulse, hub: ScriptedHub, *more: str) -> asyncio.subprocess.Process:
    # Its own sounds would be in the way of what is measured.
    pulse.environment.setdefault("SOTTO_SATELLITE_SOUNDS__AWAKE", "false")
    return await pulse.start(
        sys.executable, "-m", "satellite", "run", "--hub", hub.address, "--events", *more
    )


async def connected(hub: ScriptedHub, process: asyncio.subprocess.Process) -> Session:
    """Return the session, or skip where the sound library is not installed."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        line = await process.stdout.readline()
    if not line:
        _, err = await process.communicate()
        if b"PortAudio" in err or b"sounddevice" in err:
            pytest.skip(err.decode().strip())
        pytest.fail(err.decode())
    session = await hub.session()
    await session.expect(Status)
    return session


async def event(process: asyncio.subprocess.Process, name: str) -> dict[str, Any]:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        async for line in process.stdout:
            told: dict[str, Any] = json.loads(line)
            if told["event"] == name:
                return told
    pytest.fail(f"it ended without telling of {name}")


def tone(seconds: float, rate_hz: int, hz: int) -> bytes:
    return (sine(seconds, rate_hz, hz=hz) * 32_767).astype("<i2").tobytes()


def share_of(samples: npt.NDArray[np.int16], rate_hz: int, hz: int) -> float:
    """Return how much of the sound's power is at a frequency."""
    power = np.abs(np.fft.rfft(samples.astype(float) * np.hanning(samples.size))) ** 2
    around = np.abs(np.fft.rfftfreq(samples.size, 1 / rate_hz) - hz) < 20
    return float(power[around].sum() / max(power.sum(), 1.0))


async def loud(session: Session) -> npt.NDArray[np.int16]:
    """Return the first second after silence of what reaches the hub."""
    heard = np.zeros(0, dtype="<i2")
    async with asyncio.timeout(PATIENCE_S):
        while heard.size < 16_000:
            chunk = await session.expect(AudioChunk)
            part = np.frombuffer(chunk.audio, dtype="<i2")
            if heard.size or np.abs(part.astype(int)).max() > 300:
                heard = np.concatenate([heard, part])
    return heard


async def read_sound(
    process: asyncio.subprocess.Process, rate_hz: int, seconds: float
) -> npt.NDArray[np.int16]:
    """Return the first `seconds` of sound after silence."""
    assert process.stdout is not None
    heard = np.zeros(0, dtype="<i2")
    async with asyncio.timeout(PATIENCE_S):
        while heard.size < seconds * rate_hz:
            part = np.frombuffer(await process.stdout.readexactly(960), dtype="<i2")
            if heard.size or np.abs(part.astype(int)).max() > 300:
                heard = np.concatenate([heard, part])
    return heard


async def test_what_is_said_in_the_room_reaches_the_hub_and_its_answer_the_speaker(
    pulse: Pulse,
) -> None:
    async with ScriptedHub() as hub:
        satellite = await start_satellite(pulse, hub)
        session = await connected(hub, satellite)
        recording = await pulse.record(16_000)
        satellite.send_signal(signal.SIGUSR1)
        await session.listen(1)
        await pulse.say(tone(2.0, 16_000, HEARD_HZ), 16_000)
        heard = await loud(session)
        assert share_of(heard[2000:], 16_000, HEARD_HZ) > CLEAN
        assert np.abs(heard[2000:].astype(int)).max() == pytest.approx(16_384, rel=0.1)

        await session.send(Transcript("do it", turn=1), Synthesize("Done.", turn=1))
        await session.speak(1, tone(1.5, RATE, SPOKEN_HZ))
        spoken = await read_sound(recording, 16_000, 1.0)
        assert share_of(spoken[1000:], 16_000, SPOKEN_HZ) > CLEAN
        end = await session.expect(Playback, lambda playback: playback.finished)
        assert end.position_ms == 1500
        await session.send(TurnEnded(1, "answered", "Done.", {}))
        first, finished = (
            await event(satellite, "first-audio"),
            await event(satellite, "playback-finished"),
        )
        assert 1.3 < finished["at"] - first["at"] < 5.0
        satellite.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            _, err = await satellite.communicate()
        assert satellite.returncode == 0
        assert b"Traceback" not in err


async def test_an_interrupted_answer_falls_silent(pulse: Pulse) -> None:
    async with ScriptedHub() as hub:
        satellite = await start_satellite(pulse, hub)
        session = await connected(hub, satellite)
        recording = await pulse.record(16_000)
        satellite.send_signal(signal.SIGUSR1)
        await session.listen(1)
        await session.send(Transcript("tell me a story", turn=1))
        await session.speak(1, tone(10.0, RATE, SPOKEN_HZ))
        await read_sound(recording, 16_000, 0.5)
        satellite.send_signal(signal.SIGUSR1)
        assert (await session.expect(Cancel)).turn == 1
        assert (await session.expect(Wake)).candidate == 2
        stopped = await session.expect(Playback, lambda playback: playback.finished)
        assert 300 < stopped.position_ms < 9000
        quiet = 0
        assert recording.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            while quiet < 8000:
                part = np.frombuffer(await recording.stdout.readexactly(960), dtype="<i2")
                quiet = 0 if np.abs(part.astype(int)).max() > 300 else quiet + part.size


async def test_a_device_that_is_not_there_is_said_with_what_there_is(pulse: Pulse) -> None:
    async with ScriptedHub() as hub:
        satellite = await start_satellite(pulse, hub, "--mic", "no such microphone")
        said = await event(satellite, "error")
        assert said["code"] == "no-microphone"
        assert "no such microphone" in said["text"]
        assert "usb_microphone" in said["text"]
        session = await hub.session()
        await session.expect(Status)
        satellite.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            _, err = await satellite.communicate()
        assert b"ALSA lib" not in err
        assert b"Traceback" not in err


async def test_a_microphone_may_be_plugged_in_late_and_pulled_out_in_the_middle_of_a_command(
    pulse: Pulse,
) -> None:
    async with ScriptedHub() as hub:
        satellite = await start_satellite(pulse, hub, "--mic", "usb_microphone")
        session = await connected(hub, satellite)
        await pulse.plug_in("usb_in")
        opened = await event(satellite, "device-opened")
        while opened["kind"] != "microphone":
            opened = await event(satellite, "device-opened")
        assert opened["device"] == "usb_microphone"
        satellite.send_signal(signal.SIGUSR1)
        await session.listen(1)
        await pulse.say(tone(2.0, 16_000, HEARD_HZ), 16_000, into="usb_in")
        heard = await loud(session)
        assert share_of(heard[2000:], 16_000, HEARD_HZ) > CLEAN

        await pulse.pull_out_all()
        assert (await session.expect(Cancel)).reason == "microphone-lost"
        lost = {(await event(satellite, "error"))["code"] for _ in range(2)}
        assert lost == {"microphone-lost", "speaker-lost"}
        await pulse.plug_in("usb_in")
        back = {(await event(satellite, "device-opened"))["kind"] for _ in range(2)}
        assert back == {"microphone", "speaker"}
        satellite.send_signal(signal.SIGUSR1)
        await session.listen(2)
        await pulse.say(tone(2.0, 16_000, HEARD_HZ), 16_000, into="usb_in")
        assert share_of((await loud(session))[2000:], 16_000, HEARD_HZ) > CLEAN


async def test_both_devices_come_back_when_the_sound_server_does(pulse: Pulse) -> None:
    async with ScriptedHub() as hub:
        satellite = await start_satellite(pulse, hub)
        session = await connected(hub, satellite)
        await event(satellite, "device-opened")
        await event(satellite, "device-opened")
        await pulse.crash()
        lost = {(await event(satellite, "error"))["code"] for _ in range(2)}
        assert lost == {"microphone-lost", "speaker-lost"}
        await pulse.begin()
        back = {(await event(satellite, "device-opened"))["kind"] for _ in range(2)}
        assert back == {"microphone", "speaker"}
        satellite.send_signal(signal.SIGUSR1)
        await session.listen(1)
        await pulse.say(tone(2.0, 16_000, HEARD_HZ), 16_000)
        assert share_of((await loud(session))[2000:], 16_000, HEARD_HZ) > CLEAN
        satellite.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            _, err = await satellite.communicate()
        assert b"ALSA lib" not in err
        assert b"pa_linux_alsa.c" not in err, "PortAudio tells past the log"
        assert b"Traceback" not in err


async def test_programs_are_microphone_and_speaker(pulse: Pulse) -> None:
    raw = "--raw --format=s16le --channels=1"
    async with ScriptedHub() as hub:
        satellite = await start_satellite(
            pulse,
            hub,
            *("--mic-command", f"pacat --record --device=ear {raw} --rate=16000 --latency-msec=20"),
            *("--snd-command", f"pacat --playback --device=speaker {raw} --rate=22050"),
        )
        session = await connected(hub, satellite)
        recording = await pulse.record(16_000)
        satellite.send_signal(signal.SIGUSR1)
        await session.listen(1)
        await pulse.say(tone(2.0, 16_000, HEARD_HZ), 16_000)
        # Another program may lose a piece where the machine is busy.
        assert share_of((await loud(session))[2000:], 16_000, HEARD_HZ) > 0.8
        await session.send(Transcript("do it", turn=1))
        await session.speak(1, tone(1.5, RATE, SPOKEN_HZ))
        spoken = await read_sound(recording, 16_000, 1.0)
        assert share_of(spoken[1000:], 16_000, SPOKEN_HZ) > CLEAN


async def test_who_presses_the_button_hears_that_it_listens(pulse: Pulse) -> None:
    pulse.environment["SOTTO_SATELLITE_SOUNDS__AWAKE"] = "true"
    async with ScriptedHub() as hub:
        satellite = await start_satellite(pulse, hub)
        session = await connected(hub, satellite)
        recording = await pulse.record(16_000)
        satellite.send_signal(signal.SIGUSR1)
        await session.listen(1)
        chime = await read_sound(recording, 16_000, 0.1)
        assert share_of(chime, 16_000, 880) + share_of(chime, 16_000, 1318) > 0.5


async def test_noise_suppression_begins_while_it_runs_and_the_microphone_is_heard_on(
    pulse: Pulse,
) -> None:
    pulse.environment["SOTTO_SATELLITE_SOUND__ECHO_CANCELLING"] = "off"
    async with ScriptedHub() as hub:
        satellite = await start_satellite(pulse, hub)
        session = await connected(hub, satellite)
        changes: tuple[dict[str, Any], ...] = (
            {"sound.noise_suppression": True},
            {"sound.gain_db": 6.0},
            {"sound.echo_cancelling": "on"},
        )
        for request, values in enumerate(changes):
            await session.send(Settings(values, request))
            taken = await session.expect(SettingsTaken)
            assert (taken.request, taken.values, taken.refused) == (request, values, {})
        # Who cancels echo can be spoken over.
        await session.expect(Status, lambda status: status.barge_in is True)
        await event(satellite, "device-opened")
        satellite.send_signal(signal.SIGUSR1)
        await session.listen(1)
        await pulse.say(tone(2.0, 16_000, HEARD_HZ), 16_000)
        assert share_of((await loud(session))[4000:], 16_000, HEARD_HZ) > 0.5
