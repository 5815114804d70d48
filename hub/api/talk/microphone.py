"""The microphone of a client: which of its audio belongs to which turn.

Hold to talk: what comes before the hub listens is kept for that. Hands-free: what comes between
turns is searched for a voice, or for a wake word; a sentence that begins is a turn, with the sound
just before it.
"""

from collections import deque
from enum import Enum
from typing import Protocol

from audio.pcm import SPEECH_RATE_HZ, duration_ms
from audio.vad import FRAME_BYTES, VadStream
from audio.wake import WakeHit
from hub.conversation.endpoint import Endpointer
from hub.conversation.loudness import levels
from hub.conversation.voice_activity import VoiceActivity
from protocol.wyoming_audio import AudioChunk, AudioStop

BYTES_PER_S = 2 * SPEECH_RATE_HZ
KEPT_BYTES = 3 * BYTES_PER_S
"""Three seconds from before the hub listens: it does within a moment, if it does."""
PRE_ROLL_BYTES = KEPT_BYTES // 2
"""From before a voice is found: a soft beginning, and silence to tell it from."""
AFTER_WORD_BYTES = BYTES_PER_S // 50
"""From before a wake word is found, which is a moment after its end. With more of it, a recogniser
that knows the home's own sentences hears the end of the word, and takes it for a part of one."""
ASKED_BYTES = 10 * BYTES_PER_S
"""A hub that was asked to listen and does not within this time is asked again."""


class Mode(Enum):
    """How the microphone is used."""

    OFF = "off"
    HOLD = "hold"
    HANDS_FREE = "hands-free"


class Waking(Protocol):
    """Listens for wake words."""

    @property
    def names(self) -> tuple[str, ...]:
        """Those it listens for."""

    async def hear(self, audio: bytes) -> WakeHit | None:
        """Take audio; return the word that was heard in it."""

    def close(self) -> None:
        """Listen no more."""


class Microphone:
    """One client's microphone."""

    def __init__(self, activity: VoiceActivity) -> None:
        self.mode = Mode.OFF
        self.turn: int | None = None
        """The turn that is being listened to."""
        self._activity = activity
        self._waking: Waking | None = None
        self._deaf = False  # it hears a speaker that plays, and should not
        self._listened = False  # the hub waits for words, and for no wake word
        self._kept: deque[bytes] = deque()
        self._kept_bytes = 0
        self._recent: deque[bytes] = deque()  # while a wake word is waited for
        self._search = _Search()
        self._asked = False  # whether the hub was asked to listen
        self._asked_bytes = 0  # what came since then
        self._ended = False  # whether it was closed before the hub listened
        self._sent_ms = 0.0

    @property
    def wake_words(self) -> tuple[str, ...]:
        """Return the wake words that open it; none: a voice does."""
        return () if self._waking is None else self._waking.names

    def begin(self, mode: Mode, waking: Waking | None = None) -> None:
        """Use it so from now on; hands-free, a wake word may open it and not any voice."""
        self._wait_for(waking)
        self.mode = mode
        self._asked = mode is Mode.HOLD
        self._asked_bytes = 0
        self._ended = self._listened = False
        self.turn = None
        self._forget()

    def end(self) -> int | None:
        """Use it no more; return the turn whose audio ends with that."""
        self._wait_for(None)
        turn, self.turn = self.turn, None
        waits = self._asked and turn is None and self.mode is Mode.HOLD
        self.mode = Mode.OFF
        self._ended = waits and bool(self._kept)  # it ends once the hub has heard that
        if not self._ended:
            self._asked = False
            self._forget()
        return turn

    def listening(self, turn: int) -> list[AudioChunk | AudioStop]:
        """Take note that the hub listens; return what it has to hear first."""
        self._deaf = False
        if self._ended:
            self.turn, self._ended, self._asked, self._sent_ms = turn, False, False, 0.0
            all_of_it = self._chunk(b"".join(self._kept))
            self.turn = None
            self._forget()
            return [all_of_it, AudioStop(turn=turn)]
        if self.mode is Mode.OFF:
            return []
        over = self.turn is not None  # a turn that goes on from the one before, in the same stream
        self.turn, self._asked, self._listened = turn, False, True
        if not over:
            self._sent_ms = 0.0
        kept = b"".join(self._kept)
        self._forget()
        return [self._chunk(kept)] if kept else []

    def heard(self) -> None:
        """Take note that the person has finished."""
        self._listened = False

    def answered(self, *, deaf: bool) -> None:
        """Take note that an answer plays, and whether the microphone should not hear it."""
        self._listened, self._deaf = False, deaf

    def heard_out(self, turn: int) -> None:
        """Take note that a turn is over."""
        self._deaf = False
        if self.turn is not None and self.turn <= turn:
            self.turn, self._listened = None, False
            self._forget()

    def stood_down(self) -> None:
        """Take note that another one answers."""
        if self.turn is None:
            self._asked = False
            self._forget()

    async def hear(self, audio: bytes) -> AudioChunk | WakeHit | bool:
        """Take audio; return it where a turn hears it, else what asks the hub to listen.

        That is a wake word, or that a sentence begins.
        """
        hit = await self._woken(audio)
        if hit is not None:
            return hit
        if self._deaf:
            return False
        if self.turn is not None:
            return self._chunk(audio)
        if self.mode is Mode.OFF:
            return False
        self._keep(audio)
        if self._asked:
            self._wait(len(audio))
        if self.mode is Mode.HOLD or self._asked or self._waking is not None:
            return False
        search = self._search
        search.rest += audio
        while len(search.rest) >= FRAME_BYTES and not self._asked:
            frame, search.rest = search.rest[:FRAME_BYTES], search.rest[FRAME_BYTES:]
            probability = await self._activity.probability(search.stream, frame)
            search.speech.push(probability, levels(frame))
            self._asked = search.speech.speech_start_ms is not None
        return self._asked

    async def _woken(self, audio: bytes) -> WakeHit | None:
        """Return the wake word that is heard, also in what a turn hears that is answered."""
        waking = self._waking
        if waking is None or self._asked or self._listened:
            return None
        recent = self._recent
        recent.append(audio)
        while sum(map(len, recent)) - len(recent[0]) >= AFTER_WORD_BYTES:
            recent.popleft()
        hit = await waking.hear(audio)
        if hit is None or waking is not self._waking or self._listened:
            return None
        self.turn, self._asked, self._deaf, self._asked_bytes = None, True, False, 0
        self._forget()
        for frame in recent:
            self._keep(frame)
        recent.clear()
        return hit

    def _wait_for(self, waking: Waking | None) -> None:
        if self._waking is not None:
            self._waking.close()
        self._waking = waking
        self._recent.clear()

    def _wait(self, arrived: int) -> None:
        """Wait for a hub that was asked to listen, but not for ever."""
        self._asked_bytes += arrived
        if self.mode is Mode.HANDS_FREE and self._asked_bytes > ASKED_BYTES:
            self._asked, self._asked_bytes = False, 0
            self._forget()

    def _chunk(self, audio: bytes) -> AudioChunk:
        at_ms = round(self._sent_ms)
        self._sent_ms += duration_ms(len(audio), rate_hz=SPEECH_RATE_HZ)
        return AudioChunk(SPEECH_RATE_HZ, 2, 1, audio, at_ms, self.turn)

    def _keep(self, audio: bytes) -> None:
        self._kept.append(audio)
        self._kept_bytes += len(audio)
        most = KEPT_BYTES if self._asked else PRE_ROLL_BYTES
        while self._kept_bytes > most:
            self._kept_bytes -= len(self._kept.popleft())

    def _forget(self) -> None:
        self._kept.clear()
        self._kept_bytes = 0
        self._search = _Search()


class _Search:
    """Looks for a voice in what comes between turns."""

    def __init__(self) -> None:
        self.stream = VadStream()
        self.speech = Endpointer()
        self.rest = b""
