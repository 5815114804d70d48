"""Listens to a microphone for a while: what `meter`, `record`, `doctor` and `setup` share."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

import numpy as np

from audio.pcm import SILENCE_DBFS, dbfs
from satellite.devices import Devices, wav_path
from satellite.microphone import FRAME_S, Frame
from satellite.sound_settings import Sound
from satellite.wav_devices import WavMicrophone
from satellite.wav_files import read_speech

SOFT_DBFS = -50.0
"""Speech in a room is louder than this at a microphone that is set well."""
WITHOUT_COMMANDS = Sound()
LOUD_PEAK = 32_000
"""Samples above this are cut off, or nearly."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard."""

    pcm16: bytes
    """16 kHz, mono."""
    loudest_dbfs: float
    """The loudest 32 ms."""
    peak: int
    """The largest sample, from 0 to 32768."""

    @property
    def silent(self) -> bool:
        """Whether there was nothing but digital silence."""
        return self.peak == 0

    @property
    def verdict(self) -> str:
        """Return in a sentence what is wrong with the level, or that nothing is."""
        if self.silent:
            return "It hears nothing at all: is it muted, or the wrong microphone?"
        if self.peak >= LOUD_PEAK:
            return "It is too loud and is cut off: turn the microphone down."
        if self.loudest_dbfs < SOFT_DBFS:
            return "It is very soft: turn the microphone up, or speak up."
        return "The level is good."


async def frames_of(
    choice: str, seconds: float | None, sound: Sound = WITHOUT_COMMANDS
) -> AsyncGenerator[Frame]:
    """Yield the frames of a microphone for so long; None: for ever. Raises SatelliteError."""
    microphone = Devices(sound).open_microphone(choice)
    file = wav_path(choice)
    if file is not None and isinstance(microphone, WavMicrophone):
        microphone.say(read_speech(file))
    left = None if seconds is None else max(1, round(seconds / FRAME_S))
    async with aclosing(microphone.frames()) as frames:
        async for frame in frames:
            yield frame
            if left is not None:
                left -= 1
                if left == 0:
                    return


async def listen_for(choice: str, seconds: float, sound: Sound = WITHOUT_COMMANDS) -> Heard:
    """Listen to a microphone for so long. Raises SatelliteError."""
    kept: list[bytes] = []
    async with aclosing(frames_of(choice, seconds, sound)) as frames:
        async for frame in frames:
            kept.append(frame.audio)
            await asyncio.sleep(0)
    return judge(kept)


def judge(frames: list[bytes]) -> Heard:
    """Return what frames sound like."""
    pcm16 = b"".join(frames)
    levels = [dbfs(frame) for frame in frames] or [SILENCE_DBFS]
    samples = np.frombuffer(pcm16, dtype="<i2").astype(np.int32)
    peak = int(np.abs(samples).max()) if samples.size else 0
    return Heard(pcm16, max(levels), peak)
