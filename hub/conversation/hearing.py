"""Hears one utterance: gathers audio, asks for voice activity, cuts the speech out."""

import asyncio
from collections import deque
from dataclasses import dataclass

from audio.pcm import FRAME_SAMPLES, SPEECH_RATE_HZ
from audio.vad import FRAME_BYTES, SileroVad, VadStream
from hub.conversation.endpoint import FRAME_MS, Ending, Endpointer, Rules

MARGIN_MS = 300
"""Silence kept on each side of an utterance: what the recognisers do best with."""
MAX_BATCH = 32
"""Streams in one call of the model, so that one call does not hold the event loop for long."""


class VoiceActivity:
    """One model for all streams. Frames that arrive in one turn of the loop go through together."""

    def __init__(self, model: SileroVad) -> None:
        self._model = model
        self._due: deque[tuple[VadStream, bytes, asyncio.Future[float]]] = deque()
        self._scheduled = False

    async def probability(self, stream: VadStream, frame: bytes) -> float:
        """Return the probability that `frame`, the stream's next, is speech."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[float] = loop.create_future()
        self._due.append((stream, frame, result))
        if not self._scheduled:
            self._scheduled = True
            loop.call_soon(self._run)
        return await result

    def _run(self) -> None:
        batch = [self._due.popleft() for _ in range(min(MAX_BATCH, len(self._due)))]
        live = [entry for entry in batch if not entry[2].cancelled()]
        probabilities = self._model.process([s for s, _, _ in live], [f for _, f, _ in live])
        for (_, _, result), probability in zip(live, probabilities, strict=True):
            result.set_result(float(probability))
        self._scheduled = bool(self._due)
        if self._scheduled:
            asyncio.get_running_loop().call_soon(self._run)


@dataclass(frozen=True, slots=True)
class Heard:
    """What listening gave."""

    ending: Ending
    audio: bytes
    """The speech with MARGIN_MS around it, as far as there was audio; 16 kHz pcm16."""
    speech_start_ms: float | None
    """Start of the speech, in ms of audio since listening began."""
    speech_end_ms: float | None
    """End of the speech as voice activity sees it, likewise."""
    speech_end_at: float | None
    """When the last frame of speech had arrived, by the clock of `take`."""


class Hearing:
    """One utterance being heard. Audio goes in as it arrives; `done` tells when it is over."""

    def __init__(self, activity: VoiceActivity, rules: Rules) -> None:
        self._activity = activity
        self._endpointer = Endpointer(rules)
        self._stream = VadStream()
        self._audio = bytearray()
        self._taken_bytes = 0
        self.max_s = (rules.max_ms + rules.no_speech_ms) / 1000
        """Seconds of audio that are listened to at most."""
        self._max_bytes = int(self.max_s * SPEECH_RATE_HZ) * 2
        self._speech_end_at: float | None = None

    @property
    def speaking(self) -> bool:
        """Whether speech has begun."""
        return self._endpointer.speech_start is not None

    async def take(self, audio: bytes, now: float) -> Ending | None:
        """Take 16 kHz pcm16 of any length that arrived at `now`; return why listening ends."""
        room = self._max_bytes - len(self._audio)
        self._audio += audio[: max(room, 0)]
        ending = self._endpointer.ending
        while ending is None and len(self._audio) - self._taken_bytes >= FRAME_BYTES:
            frame = bytes(self._audio[self._taken_bytes : self._taken_bytes + FRAME_BYTES])
            before = self._endpointer.speech_end
            ending = self._endpointer.push(await self._activity.probability(self._stream, frame))
            self._taken_bytes += FRAME_BYTES
            if self._endpointer.speech_end != before:
                self._speech_end_at = now
        return ending

    def cut(self, ending: Ending | None = None) -> Heard:
        """Return what was heard so far; `ending` says why, where the audio itself does not."""
        endpointer = self._endpointer
        why = endpointer.ending or ending or Ending.TOO_LONG
        start, end = endpointer.speech_start, endpointer.speech_end
        if start is None or end is None:
            return Heard(Ending.NOBODY_SPOKE, b"", None, None, None)
        margin = int(MARGIN_MS / 1000 * SPEECH_RATE_HZ)
        first = max(start * FRAME_SAMPLES - margin, 0)
        last = (end + 1) * FRAME_SAMPLES + margin
        return Heard(
            why,
            bytes(self._audio[first * 2 : last * 2]),
            start * FRAME_MS,
            (end + 1) * FRAME_MS,
            self._speech_end_at,
        )
