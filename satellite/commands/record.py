"""Records what a microphone hears into a WAV file."""

import asyncio
from contextlib import aclosing
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from audio.pcm import SPEECH_RATE_HZ
from satellite.commands.hearing import WITHOUT_COMMANDS, Heard, frames_of, judge
from satellite.microphone import FRAME_S
from satellite.sound_settings import Sound
from satellite.wav_files import WavWriter


async def record(
    choice: str,
    file: Path | None,
    seconds: float,
    console: Console,
    sound: Sound = WITHOUT_COMMANDS,
) -> Heard:
    """Record for so long, into `file` if one is given; return what was heard.

    Raises SatelliteError.
    """
    kept: list[bytes] = []
    progress = Progress(
        TextColumn("Recording"), BarColumn(), TimeRemainingColumn(), console=console, transient=True
    )
    writer = None if file is None else WavWriter(file, SPEECH_RATE_HZ)
    try:
        with progress:
            task = progress.add_task("recording", total=seconds)
            async with aclosing(frames_of(choice, seconds, sound)) as frames:
                async for frame in frames:
                    kept.append(frame.audio)
                    if writer is not None:
                        writer.write(frame.audio)
                    progress.advance(task, FRAME_S)
                    await asyncio.sleep(0)
    finally:
        if writer is not None:
            writer.close()
    return judge(kept)
