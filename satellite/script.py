"""Speaks WAV files to the hub, one command after the other, and tells how they went."""

import asyncio
import time
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
OVERHEARD_S = 3.0
"""After the end of a file that is spoken over an answer, for the hub to make a turn of it."""
HOPELESS_CODES = frozenset({"no-token", "bad-token", "removed", "hub-not-proved", "version"})
"""Reasons why a hub is not there that do not mend themselves."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One spoken command."""

    path: Path
    audio: bytes
    """pcm16 at 16 kHz."""

    @property
    def seconds(self) -> float:
        """Return how long it takes to say it."""
        return duration_ms(len(self.audio), rate_hz=FORMAT.rate) / 1000


class Speaking(Protocol):
    """What the script needs of the satellite."""

    @property
    def state(self) -> State:
        """What it is doing."""

    def wake(self, trigger: Trigger) -> None:
        """Ask the hub to listen."""

    def emit(self, event: events.Event) -> None:
        """Tell what happens."""


@dataclass(slots=True)
class _Said:
    """What became of a clip."""

    after: int
    """The newest turn that can not be about it."""
    turn: int | None = None
    outcome: str | None = None
    audio_at: float | None = None
    """When the answer was heard first."""


class Script:
    """Says each clip when the turn before is over and the speaker is silent, or over its answer."""

    def __init__(
        self,
        clips: Sequence[Clip],
        say: Callable[[bytes, Callable[[float], None]], None],
        *,
        before: Callable[[int], None],
        has_wake_words: bool,
        patient: bool,
        talk_over_s: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`before` is called with the number of each clip, from 1.

        `say` speaks into a microphone and calls back when that begins, which wakes the satellite;
        with wake words, it is left to them to be heard in the clips. Who is `patient` waits for a
        hub as long as it takes. With `talk_over_s`, the next clip is said so long after an answer
        began to be heard, and wakes nobody.
        """
        self._clips = clips
        self._say = say
        self._before = before
        self._has_wake_words = has_wake_words
        self._patient = patient
        self._talk_over_s = talk_over_s
        self._clock = clock
        self._changed = asyncio.Event()
        self._woken = False
        self._newest_turn = -1
        self._said: list[_Said] = []
        self._by_turn: dict[int, _Said] = {}
        self._away: events.Disconnected | None = None

    def on_event(self, event: events.Event) -> None:
        """Take note of what happens at the satellite."""
        match event:
            case events.Woken():
                self._woken = True
            case events.Listening(turn=turn):
                self._find(turn)
            case events.FirstAudio(at=at, turn=turn):
                if (said := self._find(turn)) is not None:
                    said.audio_at = at
            case events.TurnOver(turn=turn, outcome=outcome):
                if (said := self._find(turn)) is not None:
                    said.outcome = outcome
            case events.StoodDown():
                self._give_up("answered elsewhere")
            case events.Failed(code="waking-timeout" | "no-hub" | "hub-lost"):
                self._give_up("failed")
            case events.Connected():
                # The next hub counts its turns anew.
                self._newest_turn = -1
                self._by_turn.clear()
            case events.Disconnected():
                self._away = event
        self._changed.set()

    async def run(self, satellite: Speaking) -> bool:
        """Return True if every command was answered. Raises SatelliteError if no hub is found."""
        over = False
        for number, clip in enumerate(self._clips, start=1):
            if not over:
                await self._wait_for_hub(satellite)
            self._before(number)
            said = _Said(after=self._newest_turn - (satellite.state is State.LISTENING))
            self._said.append(said)
            self._begin(number, clip, satellite, wakes=not over and not self._has_wake_words)
            if self._has_wake_words and not over and not await self._is_woken(clip):
                continue
            if number < len(self._clips) and await self._answers(said, satellite):
                over = satellite.state not in _AT_REST
            else:
                await self._end(said, clip, satellite, over=over)
                over = False
        return all(said.outcome in _ANSWERED for said in self._said)

    def _begin(self, number: int, clip: Clip, satellite: Speaking, *, wakes: bool) -> None:
        def on_start(at: float) -> None:
            satellite.emit(events.ClipStarted(at, str(clip.path), number))
            if wakes:
                satellite.wake(Trigger("stream"))

        self._woken = False
        self._say(clip.audio, on_start)

    async def _is_woken(self, clip: Clip) -> bool:
        return await self._until(lambda: self._woken, clip.seconds + WAKE_WORD_S)

    async def _answers(self, said: _Said, satellite: Speaking) -> bool:
        """Wait until it is time to talk over the answer; return False if there is none."""
        if self._talk_over_s is None:
            return False

        def decided() -> bool:
            over = said.outcome is not None and satellite.state in _AT_REST
            return said.audio_at is not None or over

        await self._until(decided, TURN_S)
        if said.audio_at is None:
            return False
        await asyncio.sleep(max(0.0, said.audio_at + self._talk_over_s - self._clock()))
        return True

    async def _end(self, said: _Said, clip: Clip, satellite: Speaking, *, over: bool) -> None:
        """Wait until the clip's turn is over; what is said over an answer may lead to none."""

        def ended() -> bool:
            return said.outcome is not None and satellite.state in _AT_REST

        if not over:
            await self._until(ended, TURN_S)
        elif not await self._until(ended, clip.seconds + OVERHEARD_S):
            ignored = said.turn is None
            await self._until(
                lambda: satellite.state in _AT_REST and (ignored or said.outcome is not None),
                TURN_S,
            )

    def _find(self, turn: int) -> _Said | None:
        """Return the clip that a turn is about; the first turn that follows a clip is its own."""
        self._newest_turn = max(self._newest_turn, turn)
        last = self._said[-1] if self._said else None
        if turn not in self._by_turn and last is not None:
            if last.turn is not None or turn <= last.after:
                return None
            last.turn = turn
            self._by_turn[turn] = last
        return self._by_turn.get(turn)

    def _give_up(self, outcome: str) -> None:
        if self._said:
            self._said[-1].outcome = self._said[-1].outcome or outcome

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
_ANSWERED = ("answered", "interrupted")
"""What is said over an answer may interrupt it."""
