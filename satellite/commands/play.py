"""Plays a sound through a speaker, once."""

import asyncio
from contextlib import suppress

from audio.resample import resample
from satellite.commands.hearing import WITHOUT_COMMANDS
from satellite.devices import Devices
from satellite.jitter import PlaybackBuffer
from satellite.sound_settings import Sound

TAIL_S = 0.3
"""What the device has taken is still to be heard."""


async def play(choice: str, pcm16: bytes, rate_hz: int, sound: Sound = WITHOUT_COMMANDS) -> None:
    """Play pcm16 to its end. Raises SatelliteError."""
    speaker = Devices(sound).open_speaker(choice)
    buffer = PlaybackBuffer(speaker.rate_hz)
    buffer.start(0)
    buffer.write(resample(pcm16, rate_hz, speaker.rate_hz))
    buffer.end()
    seconds = len(pcm16) / 2 / rate_hz
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds + TAIL_S):
            await speaker.run(buffer)
