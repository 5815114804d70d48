"""The real program next to its own loudspeaker: PulseAudio with a room that echoes."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from audio.pcm import to_float
from audio.resample import resample
from protocol import AudioChunk, Listen, Transcript, Wake
from satellite.wav_files import read_speech
from tests.satellite.pulse import Pulse
from tests.satellite.scripted_hub import PATIENCE_S, RATE, ScriptedHub, Session
from tests.satellite.test_pulse import connected, event, start_satellite
from tests.speech import recordings

pytestmark = pytest.mark.alone

HZ = 16_000
PIECE = HZ // 4
ADAPTING_S = 3.0
TRIES, TRY_S = 5, 4.0
"""Over an answer not every one is heard: whoever is not heard says it again."""
"""People say it again when it was not heard over loud speech."""


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Pulse]:
    async with Pulse(tmp_path) as running:
        yield running


def story(seconds: float) -> bytes:
    """Return speech at 16 kHz, loud and without long pauses."""
    words = [read_speech(one.path) for one in recordings("en")[:20]]
    speech = to_float(b"".join(words))
    frames = speech[: speech.size // 320 * 320].reshape(-1, 320)
    spoken = frames[np.sqrt((frames**2).mean(axis=1)) > 0.01].reshape(-1)
    long = np.resize(spoken / np.abs(spoken).max() * 0.7, int(seconds * HZ))
    return (long * 32_767).astype("<i2").tobytes()


def last(recording: Path, seconds: float) -> npt.NDArray[np.float32]:
    """Return the last seconds of a recording that still goes on."""
    heard = recording.read_bytes()
    return to_float(heard[: len(heard) // 2 * 2])[-int(seconds * HZ) :]


async def sent(session: Session, seconds: float) -> npt.NDArray[np.float32]:
    """Return the next seconds of what the satellite sends."""
    audio = b""
    async with asyncio.timeout(PATIENCE_S + seconds):
        while len(audio) < seconds * HZ * 2:
            audio += (await session.expect(AudioChunk)).audio
    return to_float(audio)


def level_db(sound: npt.NDArray[np.float32]) -> float:
    """Return the usual level: a sound server under load hiccups, which a real room does not."""
    pieces = sound[: sound.size // PIECE * PIECE].reshape(-1, PIECE)
    return 10 * float(np.log10(np.median(np.mean(pieces**2, axis=1)) + 1e-12))


async def open_all_along(satellite: asyncio.subprocess.Process, session: Session) -> None:
    satellite.send_signal(signal.SIGUSR1)
    wake = await session.expect(Wake)
    await session.send(Listen(1, wake.candidate, 60_000, keep_open=True))


async def test_the_satellite_hardly_hears_its_own_speaker(room: Pulse, tmp_path: Path) -> None:
    await room.reflect(0.3)
    async with ScriptedHub() as hub:
        satellite = await start_satellite(room, hub)
        session = await connected(hub, satellite)
        assert "barge-in" in session.hello.features
        ear = tmp_path / "ear.raw"
        await room.record(HZ, source="ear", into=ear)
        await open_all_along(satellite, session)
        await sent(session, 0.5)
        await session.speak(1, resample(story(16.0), HZ, RATE))
        await sent(session, ADAPTING_S)
        cleaned = await sent(session, 4.0)
        before = last(ear, 4.0)
        told = await event(satellite, "echo-measured")
        assert level_db(before) - level_db(cleaned) > 25
        assert told["loss_db"] > 15


async def test_who_speaks_while_the_speaker_sounds_is_heard(room: Pulse, tmp_path: Path) -> None:
    near = read_speech(recordings("wake")[0].path)
    await room.reflect(0.3)
    async with ScriptedHub() as hub:
        satellite = await start_satellite(room, hub)
        session = await connected(hub, satellite)
        await open_all_along(satellite, session)
        await sent(session, 0.5)
        await session.speak(1, resample(story(16.0), HZ, RATE))
        await sent(session, ADAPTING_S)
        await room.say(near, HZ)
        both = await sent(session, 4.0)
    spoken = to_float(near)
    level = np.sqrt(np.convolve(both**2, np.ones(1600) / 1600, "same"))
    own = np.sqrt(np.convolve(spoken**2, np.ones(1600) / 1600, "same"))
    loss_db = 20 * np.log10(own.max() / level.max())
    assert abs(loss_db) < 8


@pytest.mark.parametrize("name", ["okay_nabu", "hey_jarvis"])
async def test_a_wake_word_is_heard_over_an_answer_and_the_answer_is_no_wake_word(
    room: Pulse, name: str
) -> None:
    (word,) = (one for one in recordings("wake") if one.path.stem == name)
    await room.reflect(0.1)  # the person is louder than the echo
    async with ScriptedHub() as hub:
        satellite = await start_satellite(room, hub, "--wake-word", name)
        session = await connected(hub, satellite)
        await open_all_along(satellite, session)
        await sent(session, 0.5)
        await session.speak(1, resample(story(ADAPTING_S + TRIES * TRY_S + 1.0), HZ, RATE))
        await session.send(Transcript("tell me a story", turn=1))
        await sent(session, ADAPTING_S)
        assert not [wake for wake in session.of(Wake) if wake.trigger == "wake-word"]
        wake = None
        for _ in range(TRIES):
            await room.say(read_speech(word.path), HZ)
            with suppress(TimeoutError):
                async with asyncio.timeout(TRY_S):
                    wake = await session.expect(Wake, lambda heard: heard.trigger == "wake-word")
                    break
        assert wake is not None
        assert wake.wake_word == name
