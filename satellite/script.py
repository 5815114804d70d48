"""Speaks WAV files to the hub, one command after the other, and tells how they went."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from audio.pcm import duration_ms
from satellite import events
from satellite.errors import SatelliteError
from satellite.microphone import FORMAT
from satellite.state import State, Trigger

CONNECT_S = 15.0
"""Discovery takes 5 s, and a hub that has just been started a few."""
TURN_S = 120.0
WAKE_WORD_S = 3.0
"""After the end of the file, for a wake word in it to be noticed."""
HOPELESS_CODES = frozenset({"no-token", "bad-token", "hub-not-proved", "version"})
"""Reasons why a hub is not there that do not mend themselves."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One spoken command."""

    path: Path
    audio: bytes
    """pcm16 at 16 kHz."""


class Speaking(Protocol):
    """What the script needs of the satellite."""

    @property
    def state(self) -> State:
        """What it is doing."""

    def wake(self, trigger: Trigger) -> None:
        """Ask the hub to listen."""


class Script:
    """Says each clip when the turn before is over and the speaker is silent."""

    def __init__(
        self,
        clips: Sequence[Clip],
        say: Callable[[bytes, Callable[[], None]], None],
        *,
        before: Callable[[int], None],
        has_wake_words: bool,
        patient: bool,
    ) -> None:
        """`before` is called with the number of each clip, from 1.

        `say` speaks into a microphone and calls back when that begins, which wakes the satellite;
        with wake words, it is left to them to be heard in the clips. Who is `patient` waits for a
        hub as long as it takes.
        """
        self._clips = clips
        self._say = say
        self._before = before
        self._has_wake_words = has_wake_words
        self._patient = patient
        self._changed = asyncio.Event()
        self._woken = False
        self._outcome: str | None = None
        self._away: events.Disconnected | None = None

    def on_event(self, event: events.Event) -> None:
        """Take note of what happens at the satellite."""
        match event:
            case events.Woken():
                self._woken = True
            case events.TurnOver(outcome=outcome):
                self._outcome = outcome
            case events.StoodDown():
                self._outcome = "answered elsewhere"
            case events.Failed(code="waking-timeout" | "no-hub" | "hub-lost"):
                self._outcome = self._outcome or "failed"
            case events.Disconnected():
                self._away = event
        self._changed.set()

    async def run(self, satellite: Speaking) -> bool:
        """Return True if every command was answered. Raises SatelliteError if no hub is found."""
        answered = 0
        for number, clip in enumerate(self._clips, start=1):
            await self._wait_for_hub(satellite)
            self._before(number)
            answered += await self._speak(clip, satellite) == "answered"
        return answered == len(self._clips)

    async def _speak(self, clip: Clip, satellite: Speaking) -> str | None:
        self._outcome, self._woken = None, False
        if self._has_wake_words:
            self._say(clip.audio, lambda: None)
            seconds = duration_ms(len(clip.audio), rate_hz=FORMAT.rate) / 1000 + WAKE_WORD_S
            if not await self._until(lambda: self._woken, seconds):
                return None
        else:
            self._say(clip.audio, lambda: satellite.wake(Trigger("stream")))
        await self._until(lambda: self._outcome is not None and satellite.state in _AT_REST, TURN_S)
        return self._outcome

    async def _wait_for_hub(self, satellite: Speaking) -> None:
        def settled() -> bool:
            hopeless = self._away is not None and self._away.code in HOPELESS_CODES
            return satellite.state is State.IDLE or hopeless

        if self._patient:
            await self._until(lambda: satellite.state is State.IDLE, None)
            return
        await self._until(settled, CONNECT_S)
        if satellite.state is State.IDLE:
            return
        if self._away is not None:
            raise SatelliteError(self._away.code, f"no hub to speak to: {self._away.reason}")
        raise SatelliteError("no-hub", f"no hub was found within {CONNECT_S:g} s")

    async def _until(self, reached: Callable[[], bool], limit_s: float | None) -> bool:
        """Wait for a condition on what happens; return False if it is not reached in time."""
        try:
            async with asyncio.timeout(limit_s):
                while not reached():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True


_AT_REST = (State.IDLE, State.DISCONNECTED)
