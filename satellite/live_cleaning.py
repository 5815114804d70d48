"""Changes how the microphone's sound is cleaned, while it is heard.

One processing fades into the other where there was one before. Where cleaning begins or ends
altogether, microphone and speaker are opened anew, in a moment in which nobody talks.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Protocol

from satellite.cleaning import Cleaning
from satellite.events import Event, StateChanged
from satellite.intake import Cleaner
from satellite.jitter import PlaybackBuffer
from satellite.sound_settings import Sound
from satellite.speaker import Speaker
from satellite.wav_devices import WavSpeaker

MOST_WAIT_S = 60.0
"""For a moment in which nobody talks; then it is done anyway."""
LIVE = (
    "sound.echo_cancelling",
    "sound.noise_suppression",
    "sound.gain_db",
    "sound.automatic_gain",
)
"""What can be changed."""

Decide = Callable[[Sound, Callable[[Event], None]], Cleaning]


class Reopening(Protocol):
    """Who opens microphones."""

    def clean_with(self, cleaner: Cleaner | None) -> None:
        """Clean what the next microphone hears."""


class LiveCleaning:
    """Holds what cleans the sound now."""

    def __init__(
        self,
        cleaning: Cleaning,
        decide: Decide,
        devices: Reopening,
        emit: Callable[[Event], None],
        *,
        at_rest: Callable[[], bool],
    ) -> None:
        """`decide` makes what settings ask for; it may take long, and is called aside."""
        self.cleaning = cleaning
        self.on_changed: Callable[[], None] = _ignore
        """Called when it is another."""
        self._decide = decide
        self._devices = devices
        self._emit = emit
        self._at_rest = at_rest
        self._wanted: Sound | None = None
        self._changed = asyncio.Event()
        self._moved = asyncio.Event()
        self._uses: set[asyncio.Timeout] = set()

    def use(self, sound: Sound) -> None:
        """Clean otherwise, as soon as that is made."""
        self._wanted = sound
        self._changed.set()

    def follow(self, event: Event) -> None:
        """Take an event."""
        if isinstance(event, StateChanged):
            self._moved.set()

    async def play(self, buffer: PlaybackBuffer, device: Speaker | WavSpeaker) -> None:
        """Let a speaker play, and hear what it plays if that is needed."""
        reference = self.cleaning.reference
        if reference is None or isinstance(device, WavSpeaker):
            await self.until_reopened(device.run(buffer))
        else:
            await self.until_reopened(device.run(reference.tap(buffer)))

    async def until_reopened(self, work: Awaitable[None], *, stale: bool = False) -> None:
        """Use a device until it has to be opened anew: at once, if it is `stale` already."""
        limit = asyncio.timeout(0 if stale else None)
        try:
            async with limit:
                self._uses.add(limit)
                await work
        except TimeoutError:
            if not limit.expired():
                raise
        finally:
            self._uses.discard(limit)

    async def run(self) -> None:
        """Make what is asked for, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            wanted = self._wanted
            if wanted is None:
                continue
            told: list[Event] = []
            made = await asyncio.to_thread(partial(self._decide, wanted, told.append))
            for event in told:
                self._emit(event)
            if wanted is self._wanted:
                await self._take(made)

    async def _take(self, made: Cleaning) -> None:
        now = self.cleaning
        same = (now.reference is None) == (made.reference is None)
        if now.canceller is not None and made.canceller is not None and same:
            now.canceller.become(made.canceller)
            made = replace(made, canceller=now.canceller, reference=now.reference)
        elif now.canceller is not None or made.canceller is not None:
            await self._rest()
            self._devices.clean_with(made.canceller)
            while self._uses:
                self._uses.pop().reschedule(asyncio.get_running_loop().time())
        self.cleaning = made
        self.on_changed()

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(MOST_WAIT_S):
                while not self._at_rest():
                    self._moved.clear()
                    await self._moved.wait()


def _ignore() -> None:
    """Stand in where nobody listens."""
