"""Where a turn's progress and its answer go: one satellite, or somebody who reads."""

from collections.abc import Sequence
from typing import Protocol

from hub.events import SpokenWord


class OutputLost(Exception):
    """There is nobody any more who could hear or read."""


class Output(Protocol):
    """What a satellite can not do it leaves out: pacing alone must do then.

    Every method may raise OutputLost.
    """

    async def show_speech(self, *, started: bool) -> None:
        """Tell that speech was found, or that the sentence is over."""

    async def show_partial(self, text: str) -> None:
        """Tell what was heard so far of a sentence that goes on."""

    async def show_transcript(self, text: str) -> None:
        """Tell what was heard."""

    async def show_answer(self, text: str) -> None:
        """Tell what will be said next: the whole answer, or a sentence of it."""

    def show_written(self, text: str) -> None:
        """Tell what is written of the answer so far: all of it will be said."""

    def show_words(self, words: Sequence[SpokenWord]) -> None:
        """Tell when the next words sound, in the answer's audio."""

    async def start_audio(self, rate_hz: int) -> None:
        """Begin the answer's audio."""

    async def play(self, audio: bytes, rate_hz: int) -> None:
        """Send a piece of the answer's audio."""

    async def end_audio(self) -> None:
        """Tell that no more audio follows."""

    async def wait_played(self) -> None:
        """Wait until the satellite says that it has played everything."""

    async def duck(self, gain_db: float, ramp_ms: int) -> None:
        """Play more quietly, or as before with 0 dB."""

    async def pause(self) -> None:
        """Hold the audio that was sent."""

    async def flush(self) -> float | None:
        """Drop what was sent and not played.

        Returns the position at which it fell silent, as `position_ms` counts; None if not told.
        """

    @property
    def away_s(self) -> float:
        """How long it may be gone for and come back: playback stands still meanwhile."""

    @property
    def position_ms(self) -> float | None:
        """How much of all audio sent for this turn was heard, as last reported; None if never."""
