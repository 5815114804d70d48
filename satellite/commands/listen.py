"""Shows live how sure each wake word is: to choose a sensitivity, and to find out what wakes it."""

import asyncio
import time
from contextlib import aclosing

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from audio.wake import WakeWord, WakeWordError, WakeWords
from satellite.commands.hearing import frames_of
from satellite.errors import SatelliteError
from satellite.settings import SatelliteSettings

WIDTH = 40
HOLD_FRAMES = 30
"""For how long the highest score stays marked: 1 s."""


def line(name: str, score: float, held: float, cutoff: float) -> Text:
    """Return a word's score as a line; `held` is the highest of the last second."""
    text = Text(f"{name:<20} ")
    for column in range(WIDTH):
        at = (column + 1) / WIDTH
        if column == round(cutoff * WIDTH) - 1:
            text.append("┃", "bold")
        elif at <= score:
            text.append("█", "green" if score > cutoff else "yellow")
        else:
            text.append("│" if column == round(held * WIDTH) - 1 else "·", "dim")
    text.append(f"  {held:.2f}")
    return text


async def listen(
    settings: SatelliteSettings, choice: str, seconds: float | None, console: Console
) -> int:
    """Listen and show until the time is over; return how often a word was heard.

    Raises SatelliteError.
    """
    names = dict.fromkeys((*settings.wake_words, settings.wake.stop_word))
    wake = settings.wake
    wanted = [
        WakeWord(name, wake.sensitivities.get(name, wake.sensitivity)) for name in names if name
    ]
    if not wanted:
        raise SatelliteError("bad-wake-word", "there is no wake word in the settings: name one")
    try:
        words = WakeWords(wanted, folder=wake.folder, refractory_s=wake.refractory_s)
    except WakeWordError as error:
        raise SatelliteError("bad-wake-word", str(error)) from error
    cutoffs = words.cutoffs
    recent: dict[str, list[float]] = {name: [] for name in words.names}
    heard = 0
    console.print("Say a wake word. The bold line is what its score must exceed. Ctrl-C ends it.")
    with Live(console=console, refresh_per_second=15) as live:
        async with aclosing(frames_of(choice, seconds, settings.sound)) as frames:
            async for frame in frames:
                hit = words.process(frame.audio)
                if hit is not None:
                    heard += 1
                    at = time.strftime("%H:%M:%S")
                    live.console.print(f"{at}  {hit.name}  {hit.score:.2f}", highlight=False)
                for name, score in words.scores.items():
                    recent[name] = [*recent[name][-HOLD_FRAMES:], score]
                live.update(Group(*(line(n, s[-1], max(s), cutoffs[n]) for n, s in recent.items())))
                await asyncio.sleep(0)
    return heard
