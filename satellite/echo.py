"""Takes what the speaker plays, and noise, out of what the microphone hears."""

from collections.abc import Callable, Iterator

import numpy as np

from audio.pcm import SPEECH_RATE_HZ, from_float, gain_from_db, scale, to_float
from audio.sinc import Samples
from satellite import events
from satellite.audio_processing import CHUNK_SAMPLES, DELAY_SAMPLES
from satellite.echo_delay import DelayEstimator
from satellite.echo_loss import EchoLoss
from satellite.fading_processing import FadingProcessing
from satellite.ports import Processing
from satellite.reference import SETTLED_S, Reference, Timeline
from satellite.steady_place import SteadyPlace

AIM_S = 0.02
"""The echo shall come so long after its cause: what devices say of their time is a little wrong."""
NEAR_S, FAR_S = 0.004, 0.05
"""An echo between these is found; outside, the sound played is moved."""
SAME_S = 0.003
"""Two estimates in a row that differ by less are believed."""
REPORT_S = 60.0
REST_S = 1.5
"""After this much silence of the speaker no echo is left in any room that people live in."""
_CHUNK_BYTES = CHUNK_SAMPLES * 2


class EchoCanceller:
    """Cleans the microphone's sound, with what the speaker plays as the reference."""

    def __init__(
        self,
        processing: Processing,
        reference: Reference | None,
        emit: Callable[[events.Event], None],
        *,
        gain_db: float = 0.0,
        may_rest: bool = False,
    ) -> None:
        """Without a `reference` no echo is cancelled.

        If it `may_rest`, it costs little while nothing is played: no noise is suppressed then.
        """
        self._processing = processing
        self._reference = reference
        self._emit = emit
        self._gain = self._wanted_gain = gain_from_db(gain_db)
        self._waiting = b""
        # A microphone that was just opened tells of losses that are none.
        self._line = Timeline(steps_from_s=SETTLED_S)
        self._place = SteadyPlace()
        self._samples = 0
        self._lead_s = AIM_S
        self._delay = DelayEstimator()
        self._loss = EchoLoss()
        self._last_s: float | None = None
        self._told_at: float | None = None
        self._may_rest = may_rest
        self._rests = False
        self._silent_samples = 0
        self._recent = bytes(_CHUNK_BYTES * 2)
        self._expect_another_echo()

    @property
    def held_samples(self) -> int:
        """Return how many samples it was given and has not returned."""
        return len(self._waiting) // 2

    @property
    def echo_db(self) -> float | None:
        """Return how much quieter the echo has become, or None while that is not known."""
        return self._loss.db

    @property
    def delay_ms(self) -> float | None:
        """Return how long after the devices' own times the echo comes, if known."""
        if self._last_s is None:
            return None
        return (self._last_s + self._place.away / SPEECH_RATE_HZ - self._lead_s) * 1000

    def become(self, other: "EchoCanceller") -> None:
        """Clean as a fresh one would from now on; one fades into the other."""
        before = self._processing
        if isinstance(before, FadingProcessing):
            before = before.after
        self._processing = FadingProcessing(before, other._processing)  # noqa: SLF001  # a twin
        self._wanted_gain = other._wanted_gain  # noqa: SLF001
        self._may_rest = other._may_rest  # noqa: SLF001

    def process(self, pcm16: bytes, at: float) -> bytes:
        """Take 16 kHz sound that was in the air from `at` on; return what is cleaned of it."""
        begins_at = at - self.held_samples / SPEECH_RATE_HZ
        self._waiting += pcm16
        usable = len(self._waiting) - len(self._waiting) % _CHUNK_BYTES
        heard, self._waiting = self._waiting[:usable], self._waiting[usable:]
        return self._louder(self._clean(heard, begins_at)) if heard else b""

    def _louder(self, cleaned: bytes) -> bytes:
        """Apply the gain; another one comes in over this piece."""
        before, self._gain = self._gain, self._wanted_gain
        if before == self._gain:
            return scale(cleaned, self._gain)
        sound = to_float(cleaned)
        return from_float(sound * np.linspace(before, self._gain, sound.size, dtype=np.float32))

    def _clean(self, heard: bytes, at: float) -> bytes:
        """Clean whole chunks."""
        samples = len(heard) // 2
        self._samples += samples
        length_s = samples / SPEECH_RATE_HZ
        self._line.see(self._samples, at + length_s, length_s)
        if self._reference is None or self._line.zero is None:
            return b"".join(self._processing.clean(chunk) for chunk in _chunks(heard))
        begins_at = self._line.zero + (self._samples - samples) / SPEECH_RATE_HZ
        place = self._reference.place(begins_at + self._lead_s)
        if place is not None:
            wandering_s = self._line.wandering_s + self._reference.wandering_s
            place = self._place.of(self._samples - samples, place, wandering_s * SPEECH_RATE_HZ)
            if self._place.stepped:  # and by how much is known to a millisecond or two at best
                self._expect_another_echo()
        played = self._reference.sound(place, samples)
        self._silent_samples = 0 if played.any() else self._silent_samples + samples
        if self._may_rest and self._silent_samples > REST_S * SPEECH_RATE_HZ:
            return self._pass_on(heard)
        self._begin_again()
        cleaned = bytearray()
        for chunk_played, chunk_heard in zip(
            _chunks(from_float(played)), _chunks(heard), strict=True
        ):
            self._processing.play(chunk_played)
            cleaned += self._processing.clean(chunk_heard)
        self._recent = (self._recent + heard)[-len(self._recent) :]
        self._measure(played, to_float(heard), to_float(bytes(cleaned)), at)
        return bytes(cleaned)

    def _pass_on(self, heard: bytes) -> bytes:
        """Return what is heard as it is, as late as it would be cleaned."""
        self._rests = True
        late = DELAY_SAMPLES * 2
        passed = self._recent[-late:] + heard
        self._recent = (self._recent + heard)[-len(self._recent) :]
        return passed[:-late]

    def _begin_again(self) -> None:
        """Let the processing know the last moments before it goes on, when it has rested."""
        if not self._rests:
            return
        self._rests = False
        self._delay.forget()
        for chunk in _chunks(self._recent):
            self._processing.play(bytes(len(chunk)))
            self._processing.clean(chunk)

    def _measure(self, played: Samples, heard: Samples, cleaned: Samples, now: float) -> None:
        if self._loss.add(played, heard, cleaned):
            self._report(now)
        late_s = self._delay.add(played, heard)
        if late_s is not None:
            self._align(late_s)

    def _align(self, late_s: float) -> None:
        """Move the reference where the echo comes too early or too late after it."""
        before, self._last_s = self._last_s, late_s
        if before is None or abs(before - late_s) > SAME_S or NEAR_S <= late_s <= FAR_S:
            return
        self._lead_s += AIM_S - late_s
        self._last_s = None
        self._expect_another_echo()

    def _expect_another_echo(self) -> None:
        """Let all forget how the echo came: it comes otherwise from now on."""
        self._delay.forget()
        if self._reference is not None:
            self._processing.expect_echo_after(round(AIM_S * 1000))

    def _report(self, now: float) -> None:
        loss_db, told_at = self.echo_db, self._told_at
        if loss_db is None or (told_at is not None and now - told_at < REPORT_S):
            return
        self._told_at = now
        delay_ms = None if self.delay_ms is None else round(self.delay_ms)
        self._emit(events.EchoMeasured(now, round(loss_db, 1), delay_ms))


def _chunks(pcm16: bytes) -> Iterator[bytes]:
    return (pcm16[begin : begin + _CHUNK_BYTES] for begin in range(0, len(pcm16), _CHUNK_BYTES))
