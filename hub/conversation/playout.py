"""Plays an answer at a satellite: paced, held while somebody talks, resumed, cut short."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import structlog

from audio.pcm import duration_ms, size_bytes
from hub.conversation.answer_speech import Piece
from hub.conversation.output import Output
from hub.conversation.pacing import Pacer
from hub.conversation.spoken import Spoken
from hub.engines.base import EngineError

log = structlog.get_logger(__name__)

CHUNK_MS = 32.0
MAX_LEAD_MS = 60_000.0
"""Audio that waits to be sent; then whoever makes it waits. Most answers are shorter: a model that
several rooms share is done with them soon."""
PLAYBACK_TIMEOUT_S = 3.0
"""Added to the length of the audio: then playback is over without the satellite's word."""
FLUSH_TIMEOUT_S = 0.3
"""A satellite falls silent within 50 ms of being told; the rest is Wi-Fi."""
REPORT_MS = 100.0
"""A satellite that reports positions does so as often."""
RESUME_TIMEOUT_S = 0.15
"""A satellite that is paused has told already where: its word is not waited for as long."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Audio that was sent in one go: where it began at the satellite, and in the answer."""

    stream_ms: float
    answer_ms: float


class Playout:
    """One answer being played. `run` plays; the other methods may be called meanwhile."""

    def __init__(self, output: Output, clock: Callable[[], float]) -> None:
        self.started_at: float | None = None
        """When the first audio went out."""
        self.confirmed = False
        """Whether the satellite said that it played everything."""
        self._output = output
        self._clock = clock
        self._spoken = Spoken()
        self._pacer = Pacer()
        self._stretch = _Stretch(output.position_ms or 0.0, 0.0)
        self._sent_bytes = 0
        self._heard_ms = 0.0
        self._written = False
        self._failed: EngineError | None = None
        self._held = False
        self._changed = asyncio.Event()
        self._dry = asyncio.Event()  # set while all that came has been sent
        self._moved = asyncio.Event()  # set when more was sent

    async def run(self, pieces: AsyncIterator[Piece]) -> None:
        """Play everything, and return when the satellite has; what comes later is played after it.

        Raises EngineError, after what there was has been played, when no more comes because of one.
        """
        self._written = self.confirmed = False
        self._failed = None
        async with asyncio.TaskGroup() as tasks:
            feeding = tasks.create_task(self._feed(pieces))
            try:
                await self._send()
            finally:
                feeding.cancel()
        if self._failed is not None:
            raise self._failed

    async def hold(self) -> None:
        """Fall silent where it is, for now."""
        self._held = True
        if self.started_at is not None:
            await self._output.pause()

    async def resume(self) -> None:
        """Go on with the word that was cut off."""
        if self.started_at is not None:
            dropped = await self._fall_silent(RESUME_TIMEOUT_S)
            left_s = 0.0 if dropped else self._pacer.remaining_s(self._clock())
            self._go_on_from(self._spoken.word_start(self._heard_ms), left_s)
        self._held = False
        self._changed.set()

    async def stop(self) -> None:
        """Fall silent for good, and learn how far it was heard."""
        self._held = True
        if self.started_at is not None:
            await self._fall_silent()

    async def drop(self) -> None:
        """Fall silent and forget what is left: something else will be said."""
        if self.started_at is not None:
            left_s = 0.0 if await self._fall_silent() else self._pacer.remaining_s(self._clock())
            self._go_on_from(self._sent_ms, left_s)
        self._spoken.cut(self._sent_bytes)
        self._held = False

    async def duck(self, gain_db: float, ramp_ms: int) -> None:
        """Play more quietly, or as before with 0 dB."""
        if self.started_at is not None:
            await self._output.duck(gain_db, ramp_ms)

    @property
    def heard_ms(self) -> float:
        """How much of the answer was heard: as the satellite reports, else as the clock says."""
        reported = self._output.position_ms
        if reported is None:
            played_ms = self._pacer.played_ms(self._clock())
            position_ms = self._stretch.answer_ms + played_ms
        else:
            position_ms = self._stretch.answer_ms + reported - self._stretch.stream_ms
        self._heard_ms = max(self._heard_ms, min(position_ms, self._sent_ms))
        return self._heard_ms

    def heard(self, written: str) -> tuple[str, str]:
        """Split what was written at what was heard: what was, and what was not."""
        if self.confirmed:
            return written, ""
        return self._spoken.split(self.heard_ms, written)

    def saying(self, before_ms: float, after_ms: float) -> str:
        """Return the words around the one that is being played."""
        return self._spoken.around(self.heard_ms, before_ms, after_ms)

    @property
    def _sent_ms(self) -> float:
        rate_hz = self._spoken.rate_hz
        return duration_ms(self._sent_bytes, rate_hz=rate_hz) if rate_hz else 0.0

    async def wait_dry(self) -> None:
        """Wait until all that came so far has been sent: soon the person hears that it stops."""
        await self._dry.wait()

    async def _feed(self, pieces: AsyncIterator[Piece]) -> None:
        try:
            async for piece in pieces:
                self._spoken.add(piece)
                if piece.words:
                    self._output.show_words(self._spoken.timed(piece))
                self._dry.clear()
                self._changed.set()
                while self._spoken.length_ms - self._sent_ms > MAX_LEAD_MS:
                    self._moved.clear()
                    await self._moved.wait()
        except EngineError as error:
            self._failed = error
        self._spoken.finish()
        self._written = True
        self._changed.set()

    async def _send(self) -> None:
        while True:
            self._changed.clear()
            if self._held:
                await self._changed.wait()
            elif self._sent_bytes < self._spoken.size_bytes:
                await self._send_chunk()
            elif not self._written:
                self._dry.set()
                await self._changed.wait()
            elif await self._finish():
                return

    async def _send_chunk(self) -> None:
        wait_s = self._pacer.wait_s(CHUNK_MS, self._clock())
        if wait_s > 0:
            await asyncio.sleep(wait_s)
            if self._held:
                return
        rate_hz = self._spoken.rate_hz
        chunk = self._spoken.audio(self._sent_bytes, size_bytes(CHUNK_MS, rate_hz=rate_hz))
        if self.started_at is None:
            self.started_at = self._clock()
            await self._output.start_audio(rate_hz)
        await self._output.play(chunk, rate_hz)
        self._pacer.sent(duration_ms(len(chunk), rate_hz=rate_hz), self._clock())
        self._sent_bytes += len(chunk)
        self._moved.set()

    async def _finish(self) -> bool:
        """Wait for the end of playback; return False when it has to be resumed instead."""
        if self.started_at is None:
            return True
        await self._output.end_audio()
        beyond_s = PLAYBACK_TIMEOUT_S + self._output.away_s
        limit_s = self._pacer.remaining_s(self._clock()) + beyond_s
        played = asyncio.ensure_future(self._output.wait_played())
        changed = asyncio.ensure_future(self._hold_lasts())
        try:
            done, _ = await asyncio.wait(
                {played, changed}, timeout=limit_s, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            played.cancel()
            changed.cancel()
            await asyncio.wait({played, changed})
        if self._sent_bytes < self._spoken.size_bytes:
            return False  # it was resumed: the satellite may have fallen silent because of that
        if self._held and not done:
            return False
        self.confirmed = played in done and self._failed is None
        if not done:
            log.warning("no word of the playback's end", limit_s=beyond_s)
        return True

    async def _hold_lasts(self) -> None:
        """Return once playback was held and resumed."""
        while self._sent_bytes >= self._spoken.size_bytes:
            self._changed.clear()
            await self._changed.wait()

    async def _fall_silent(self, limit_s: float = FLUSH_TIMEOUT_S) -> bool:
        """Drop what was sent, and note how far it was heard; return whether it was dropped."""
        before_ms = self.heard_ms
        try:
            async with asyncio.timeout(limit_s):
                position_ms = await self._output.flush()
        except TimeoutError:
            self._heard_ms = max(before_ms, self.heard_ms)
            return False
        if position_ms is None:
            # It can not drop anything. Plain ones play all that they have; who tells positions
            # ends with the turn, and has played a little more than it told last.
            by_clock_ms = self._stretch.answer_ms + self._pacer.played_ms(self._clock())
            more_ms = max(before_ms, min(by_clock_ms, before_ms + REPORT_MS))
            self._heard_ms = self._sent_ms if self._output.position_ms is None else more_ms
            return False
        told_ms = self._stretch.answer_ms + position_ms - self._stretch.stream_ms
        self._heard_ms = max(before_ms, min(told_ms, self._sent_ms))
        return True

    def _go_on_from(self, answer_ms: float, left_s: float) -> None:
        """Send from there on, when the satellite has played the `left_s` that it still has."""
        self._stretch = _Stretch(self._output.position_ms or 0.0, answer_ms)
        self._sent_bytes = size_bytes(answer_ms, rate_hz=self._spoken.rate_hz)
        self._pacer = Pacer(self._clock() + left_s if left_s > 0 else None)
