"""The ear of a turn: audio in as it arrives, frames out with what is speech in them.

It stays open for as long as the microphone does: through the question, and through the answer
where the satellite hears while it plays.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from audio.pcm import SPEECH_RATE_HZ
from audio.vad import FRAME_BYTES, VadStream
from hub.conversation.endpoint import Endpointer
from hub.conversation.loudness import levels
from hub.conversation.voice_activity import VoiceActivity

MAX_WAITING_BYTES = 64 * FRAME_BYTES
"""About 2 s of audio between the wire and voice activity; then the wire waits."""
READ_BYTES = 8 * FRAME_BYTES
"""What is read in one go, a quarter of a second: of a flood, more than a sentence may take is left
to whoever reads next."""
MAX_KEPT_S = 60.0
"""Audio that is kept to be heard again; of a longer stream, the last of it."""
MARGIN_MS = 300
"""Silence kept on each side of an utterance: what the recognisers do best with."""

_BYTES_PER_MS = SPEECH_RATE_HZ * 2 // 1000


@dataclass(frozen=True, slots=True)
class Sound:
    """One frame that was heard."""

    voiced: bool
    """Whether somebody speaks in it."""
    end_ms: float
    """Audio so far, this frame included."""
    at: float
    """When it had arrived, by the ear's clock."""


class Ear:
    """One stream of 16 kHz pcm16. One task reads, another one writes."""

    def __init__(
        self,
        activity: VoiceActivity,
        clock: Callable[[], float],
        *,
        away_s: float = 0.0,
        after_wake_word: bool = False,
    ) -> None:
        """Without sound for `away_s`, what was said meanwhile may still come, all at once.

        `after_wake_word`: the sound may begin with the rest of that.
        """
        self.away_s = away_s
        self.speech = Endpointer(after_wake_word=after_wake_word)
        """Where speech began and ended in what was read so far."""
        self.closed = False
        """Whether no more audio is wanted."""
        self._activity = activity
        self._clock = clock
        self._stream = VadStream()
        self._waiting: deque[tuple[bytes, float]] = deque()
        self._waiting_bytes = 0
        self._rest = b""
        self._kept = bytearray()
        self._kept_from_ms = 0.0
        self._ended = False
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    async def hear(self, audio: bytes) -> None:
        """Take audio of any length; waits while too much of it waits to be read."""
        await self._room.wait()
        self.put(audio)

    def put(self, audio: bytes) -> None:
        """Take audio without waiting."""
        if self.closed or not audio:
            return
        now = self._clock()
        self._waiting.extend(
            (audio[start : start + READ_BYTES], now) for start in range(0, len(audio), READ_BYTES)
        )
        self._waiting_bytes += len(audio)
        if self._waiting_bytes >= MAX_WAITING_BYTES:
            self._room.clear()
        self._changed.set()

    def end(self) -> None:
        """Take note that the microphone was closed."""
        self._ended = True
        self._changed.set()

    def close(self) -> None:
        """Want no more audio, and let go whoever waits to hand some over."""
        self.closed = True
        self._waiting.clear()
        self._waiting_bytes = 0
        self._room.set()

    def notice(self) -> None:
        """Let `read` return although there is nothing to hear: something else happened."""
        self._changed.set()

    @property
    def ended(self) -> bool:
        """Whether the microphone was closed and everything was read."""
        return self._ended and not self._waiting

    async def read(self, limit_s: float) -> list[Sound]:
        """Return what has arrived since the last call, waiting for it if need be.

        The list is empty after `notice`, at the end, and for audio of less than a frame. Raises
        TimeoutError when nothing happens for `limit_s`.
        """
        if not self._waiting and not self._ended:
            async with asyncio.timeout(limit_s):
                await self._changed.wait()
        self._changed.clear()
        sounds: list[Sound] = []
        while self._waiting and not sounds:
            audio, at = self._waiting.popleft()
            self._waiting_bytes -= len(audio)
            if self._waiting_bytes < MAX_WAITING_BYTES:
                self._room.set()
            sounds += await self._take(audio, at)
        if self._waiting:
            self._changed.set()
        return sounds

    async def _take(self, audio: bytes, at: float) -> list[Sound]:
        self._keep(audio)
        self._rest += audio
        sounds = []
        while len(self._rest) >= FRAME_BYTES:
            frame, self._rest = self._rest[:FRAME_BYTES], self._rest[FRAME_BYTES:]
            probability = await self._activity.probability(self._stream, frame)
            voiced = self.speech.push(probability, levels(frame))
            sounds.append(Sound(voiced, self.speech.now_ms, at))
        return sounds

    def take_over(self, from_ms: float) -> bytes:
        """Close, and return everything from MARGIN_MS before `from_ms` on, read or not."""
        audio = self.cut(from_ms) + b"".join(audio for audio, _ in self._waiting)
        self.close()
        return audio

    def _keep(self, audio: bytes) -> None:
        self._kept += audio
        excess = len(self._kept) - int(MAX_KEPT_S * 1000) * _BYTES_PER_MS
        if excess > 0:
            del self._kept[:excess]
            self._kept_from_ms += excess / _BYTES_PER_MS

    def cut(self, start_ms: float, end_ms: float | None = None) -> bytes:
        """Return the audio from MARGIN_MS before `start_ms` to MARGIN_MS after `end_ms`.

        Without an end, to the newest. What was never heard or is not kept is left out.
        """
        first = max(0, int(start_ms - MARGIN_MS - self._kept_from_ms))
        last = None
        if end_ms is not None:
            last = max(0, int(end_ms + MARGIN_MS - self._kept_from_ms)) * _BYTES_PER_MS
        return bytes(self._kept[first * _BYTES_PER_MS : last])
