"""What wakes the satellite: wake words, a voice, or nothing but the button, by its mode."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from functools import partial

import msgspec

from satellite import events
from satellite.events import Event
from satellite.levels import Levels
from satellite.microphone import Frame
from satellite.pre_roll import BEFORE_WAKE_S
from satellite.state import Trigger
from satellite.voice_gate import VoiceGate
from satellite.wake_settings import Mode, Wake
from satellite.wake_words import Detector, Loaded, LoadWords, load_words

RETRY_S = 60.0
"""A wake word whose model is missing or damaged is looked for again this often."""
VOICE_BEFORE_S = 0.5
"""A voice has been there for a while when the gate opens."""
STREAM_REST_S = 0.3
"""After a turn, before sound itself wakes again."""


class Heard(Enum):
    """What was heard that is no wake."""

    STOP = "stop"


class Waking:
    """Listens to the microphone for what the mode asks for."""

    def __init__(
        self,
        words: Sequence[str],
        wake: Wake,
        tell: Callable[[Event], None],
        *,
        load: LoadWords = load_words,
        clock: Callable[[], float] = time.monotonic,
        aside: Callable[[Callable[[], Loaded]], Awaitable[Loaded]] = asyncio.to_thread,
    ) -> None:
        """Load the wake words; `tell` hears of those that can not be used, and goes on.

        `aside` loads them while it listens.
        """
        self._wanted = tuple(words)
        self._wake = wake
        self._tell = tell
        self._load = load
        self._clock = clock
        self._aside = aside
        self._gate = VoiceGate()
        self._rested_at = 0.0
        self._missing: tuple[str, ...] = ()
        self._detector: Detector | None = None
        self._changed = asyncio.Event()
        self.on_loaded: Callable[[], None] = _ignore
        """Called when other words are listened for, or the same otherwise."""
        self._used = self._asked
        self._use(self._load(*self._used))

    @property
    def mode(self) -> Mode:
        """Return what wakes it."""
        return self._wake.mode

    @property
    def words(self) -> tuple[str, ...]:
        """Return the wake words that are listened for."""
        if self.mode != "wake-word" or self._detector is None:
            return ()
        return tuple(name for name in self._detector.names if name != self._wake.stop_word)

    @property
    def before_s(self) -> float:
        """Return how much from before a wake belongs to what is said."""
        return VOICE_BEFORE_S if self.mode == "voice" else BEFORE_WAKE_S

    def use(self, words: Sequence[str], wake: Wake) -> None:
        """Be woken by something else; other words, or the same otherwise, once they are loaded."""
        if wake.mode != self.mode:
            self._gate.reset()
        self._wanted, self._wake = tuple(words), wake
        self._changed.set()

    def hear(self, frame: Frame, levels: Levels, *, at_rest: bool) -> Trigger | Heard | None:
        """Take a frame; return what it wakes, if anything.

        `at_rest`: nothing goes on, so sound itself may wake.
        """
        hit = self._detector.process(frame.audio) if self._detector is not None else None
        if hit is not None and hit.name == self._wake.stop_word:
            return Heard.STOP
        if hit is not None and self.mode == "wake-word":
            return Trigger(
                "wake-word",
                wake_word=hit.name,
                score=round(hit.score, 3),
                loudness_dbfs=round(levels.loudness_dbfs, 1),
                noise_dbfs=round(levels.noise_dbfs, 1),
                age_ms=round(max(0.0, self._clock() - frame.captured_at) * 1000),
                language=self._wake.languages.get(hit.name),
            )
        if not at_rest:
            self._gate.reset()
            self._rested_at = frame.captured_at
            return None
        if frame.captured_at - self._rested_at < STREAM_REST_S:
            return None
        if self.mode == "always":
            return Trigger("stream")
        if self.mode == "voice" and self._gate.hear(frame.audio, levels.noise_dbfs):
            loudness_dbfs = round(levels.loudness_dbfs, 1)
            return Trigger("stream", loudness_dbfs=loudness_dbfs, began_before=True)
        return None

    async def run(self) -> None:
        """Load what was asked for, and look again for what could not be used, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(RETRY_S if self._missing else None):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            await self._load_aside()

    async def _load_aside(self) -> None:
        asked = self._asked
        if asked == self._used and not self._missing:
            return
        loaded = await self._aside(partial(self._load, *asked))
        if asked != self._asked:
            return  # something else was asked for meanwhile
        # The detector that listens goes on, unless there is something else to listen for.
        if asked != self._used or tuple(sorted(loaded[1])) != self._missing:
            self._used = asked
            self._use(loaded)
            self.on_loaded()

    @property
    def _asked(self) -> tuple[tuple[str, ...], Wake, float]:
        """Return what the models depend on."""
        wake = self._wake
        stop = (wake.stop_word,) if wake.stop_word else ()
        loaded = msgspec.structs.replace(wake, mode="wake-word", languages={})
        return (*self._wanted, *stop), loaded, wake.sensitivity

    def _use(self, loaded: Loaded) -> None:
        self._detector, problems = loaded
        missing = tuple(sorted(problems))
        if problems:
            # In one: of those that come together the log tells the first.
            text = " ".join(problems.values())
            self._tell(events.Failed(self._clock(), "bad-wake-word", text))
        if missing != self._missing:
            words = () if self._detector is None else tuple(self._detector.names)
            self._tell(events.WakeWords(self._clock(), words, missing))
        self._missing = missing


def _ignore() -> None:
    """Stand in where nobody listens."""
