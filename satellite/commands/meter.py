"""Shows live how loud a microphone hears."""

import asyncio
from contextlib import aclosing

from rich.console import Console
from rich.live import Live
from rich.text import Text

from audio.pcm import SILENCE_DBFS, dbfs
from satellite.commands.hearing import LOUD_PEAK, SOFT_DBFS, WITHOUT_COMMANDS, frames_of, judge
from satellite.sound_settings import Sound

LOWEST_DBFS = -70.0
WIDTH = 50
HOLD_FRAMES = 30
"""For how long the loudest stays marked: 1 s."""
_WARM_DBFS, _HOT_DBFS = -12.0, -3.0


def bar(level_dbfs: float, held_dbfs: float, *, cut_off: bool = False) -> Text:
    """Return a level as a line; `held_dbfs` is the loudest of the last second."""
    filled, held = _column(level_dbfs), _column(held_dbfs)
    line = Text()
    for column in range(WIDTH):
        at_dbfs = LOWEST_DBFS + (column + 1) * -LOWEST_DBFS / WIDTH
        style = "red" if at_dbfs > _HOT_DBFS else "yellow" if at_dbfs > _WARM_DBFS else "green"
        mark = "█" if column < filled else "│" if column == held else "·"
        line.append(mark, style if mark != "·" else "dim")
    shown = "silence" if level_dbfs <= SILENCE_DBFS else f"{level_dbfs:5.0f} dBFS"
    line.append(f"  {shown}")
    if cut_off:
        line.append("  too loud: cut off", "bold red")
    return line


async def meter(
    choice: str, seconds: float | None, console: Console, sound: Sound = WITHOUT_COMMANDS
) -> str:
    """Show the level until the time is over; return in a sentence what there is to say of it.

    Raises SatelliteError.
    """
    levels: list[float] = []
    kept: list[bytes] = []
    console.print(f"Speak. Between {SOFT_DBFS:.0f} and -10 dBFS is good. Ctrl-C ends it.")
    with Live(bar(SILENCE_DBFS, SILENCE_DBFS), console=console, refresh_per_second=15) as live:
        async with aclosing(frames_of(choice, seconds, sound)) as frames:
            async for frame in frames:
                levels = [*levels[-HOLD_FRAMES:], dbfs(frame.audio)]
                kept = [*kept[-HOLD_FRAMES * 10 :], frame.audio]
                cut_off = judge([frame.audio]).peak >= LOUD_PEAK
                live.update(bar(levels[-1], max(levels), cut_off=cut_off))
                await asyncio.sleep(0)
    return judge(kept).verdict


def _column(level_dbfs: float) -> int:
    share = 1 - level_dbfs / LOWEST_DBFS
    return max(0, min(WIDTH, round(share * WIDTH)))
