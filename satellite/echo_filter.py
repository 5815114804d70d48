"""Learns the way from the speaker to the microphone, and takes the echo out that it explains.

A frequency-domain Kalman filter in partitions. It knows how sure it is of what it has learnt, so
who speaks over the echo does not lead it astray.

G. Enzner and P. Vary, "Frequency-domain adaptive Kalman filter for acoustic echo control in
hands-free telephones", Signal Processing 86 (2006); F. Kuech, E. Mabande and G. Enzner,
"State-space architecture of the partitioned-block-based acoustic echo controller", ICASSP 2014.
With each piece one partition is brought back to a length that can be: all at once would cost three
times as much.
"""

import numpy as np
import numpy.typing as npt

from audio.sinc import Samples
from satellite.audio_processing import CHUNK_SAMPLES

PARTITIONS = 12
"""Of 10 ms: an echo and its reverberation are looked for so long after their cause."""
STEADY = 0.9995
"""So much of the way is the same after 10 ms."""
UNSURE = 3.0
"""At first the way may be so many times as strong as sound tells."""
LEARNS_CHUNKS = 20
"""So long it is heard how strong the echo is, before anything is taken out."""
UNEXPLAINED = 0.1
"""The way is the same if it leaves so much of the echo at most."""
AUDIBLE = 1e-5
"""Power of -50 dBFS: what is played more quietly tells nothing."""
HEARS = 1e-8
"""Power of -80 dBFS: a microphone that hears less is switched off."""
SMOOTHING = 0.9
_SIZE = 2 * CHUNK_SAMPLES
_BINS = CHUNK_SAMPLES + 1
_COMPARED = slice(2, 120)
"""100 Hz to 6 kHz: below is rumble, above is little of what speakers play."""
_TINY = 1e-9

_Spectra = npt.NDArray[np.complex64]
_Powers = npt.NDArray[np.float32]


def change_power(sound: Samples) -> float:
    """Return the mean power of the change from sample to sample: consonants count as vowels do."""
    change = np.diff(sound)
    return float(change @ change) / change.size


_CHANGE = (
    2 / _SIZE**2 * np.abs(1 - np.exp(-1j * np.pi * np.arange(_BINS) / CHUNK_SAMPLES)) ** 2
).astype(np.float32)
"""What `change_power` makes of a spectrum."""


class EchoFilter:
    """Works in pieces of 10 ms at 16 kHz."""

    def __init__(self) -> None:
        self._played = np.zeros(_SIZE, dtype=np.float32)
        self._spectra: _Spectra = np.zeros((PARTITIONS, _BINS), dtype=np.complex64)
        self._turn = 0
        self._silent = PARTITIONS
        self.sounds = 0
        """For how many pieces something has been played; 0 where no echo is left."""
        self._way: _Spectra = np.zeros((PARTITIONS, _BINS), dtype=np.complex64)
        self._doubt: _Powers = np.zeros((PARTITIONS, _BINS), dtype=np.float32)
        self._both = np.zeros((2, _SIZE), dtype=np.float32)
        self.ways = 0
        """How many ways it has set out to learn: what was known of those before is of no use."""
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget the way: the speaker or the microphone has been moved."""
        self._way[:] = 0.0
        self.try_again()

    def try_again(self) -> None:
        """Hear whether the way is still the same: it is forgotten if not."""
        self._rest: _Powers = np.full(_BINS, 1e-6, dtype=np.float32)
        self._to_learn = LEARNS_CHUNKS
        self.learns = True
        """Whether nothing was taken out of the last piece."""
        self._cause = self._effect = self._strength = 0.0
        self._before = self._after = 0.0
        self._agrees = self._weight = 0.0
        self.doubt_power = 0.0
        """How much of the echo may still be in what is left, by `change_power`."""

    def forget(self) -> None:
        """Learn another way, from now on; its echo is about as strong."""
        self._way[:] = 0.0
        self._doubt[:] = UNSURE * self._strength / PARTITIONS
        self._agrees = self._weight = 0.0
        self.ways += 1

    @property
    def usual_power(self) -> float:
        """Return how much of an echo there would usually be now, by `change_power`."""
        return self._strength * change_power(self._played)

    @property
    def echo(self) -> Samples:
        """Return what was taken out of the last piece, shape (CHUNK_SAMPLES,)."""
        return self._both[1, CHUNK_SAMPLES:]

    def process(self, played: Samples, heard: Samples) -> Samples:
        """Return what is left of `heard`, shape (CHUNK_SAMPLES,), without the echo of `played`."""
        self._played[:CHUNK_SAMPLES] = self._played[CHUNK_SAMPLES:]
        self._played[CHUNK_SAMPLES:] = played
        self._spectra[1:] = self._spectra[:-1].copy()
        self._spectra[0] = np.fft.rfft(self._played)
        self._silent = 0 if played.any() else self._silent + 1
        self.sounds = 0 if self._silent > PARTITIONS else self.sounds + 1
        if not self.sounds:
            self._both[:] = self.doubt_power = 0.0
            return heard
        powers = _power(self._spectra)
        echo = np.fft.irfft((self._way * self._spectra).sum(axis=0), _SIZE)[CHUNK_SAMPLES:]
        left = (heard - echo).astype(np.float32)
        self.learns = self._to_learn > 0
        if self.learns:
            self._learn_strength(float(powers.sum()) / _SIZE, heard, left)
            return heard
        self._both[0, CHUNK_SAMPLES:] = left
        self._both[1, CHUNK_SAMPLES:] = echo
        left_spectrum, echo_spectrum = np.fft.rfft(self._both)
        power = _power(left_spectrum)
        self._rest = SMOOTHING * self._rest + (1 - SMOOTHING) * power
        # In the moment in which somebody begins to speak the mean does not know it yet.
        rest = np.maximum(self._rest, power)
        self._compare(left_spectrum, echo_spectrum, rest)
        self._adapt(powers, left_spectrum, rest)
        return left

    def mismatch(self) -> tuple[float, float]:
        """Return how wrong the echo is that is taken out, and how sure that is.

        The first is 0 where what is heard holds all of the echo that was expected, and 1 where it
        holds nothing of it, whoever speaks at the same time; the second is a multiple of its
        standard deviation.
        """
        if self._weight < _TINY:
            return 0.0, 0.0
        wrong = 1 - self._agrees / self._weight
        return wrong, wrong * self._weight**0.5

    def _learn_strength(self, played: float, heard: Samples, left: Samples) -> None:
        effect = float(heard @ heard)
        if played < AUDIBLE * PARTITIONS * CHUNK_SAMPLES or effect < HEARS * CHUNK_SAMPLES:
            return
        self._cause += played / PARTITIONS
        self._effect += effect
        self._before += change_power(heard)
        self._after += change_power(left)
        self._to_learn -= 1
        if self._to_learn:
            return
        self._strength = self._effect / self._cause
        if self._after > UNEXPLAINED * self._before:
            self.forget()

    def _compare(self, left: _Spectra, echo: _Spectra, rest: _Powers) -> None:
        """Fit the echo to what is heard: least squares, weighted by what else is heard."""
        expected = _power(echo)
        # Limited: a time in which all was right shall not outweigh the moment in which it ends.
        weights = 1 / (np.maximum(rest, expected)[_COMPARED] + _TINY)
        agrees = (echo.real * (left + echo).real + echo.imag * (left + echo).imag)[_COMPARED]
        self._agrees = SMOOTHING * self._agrees + float(agrees @ weights)
        self._weight = SMOOTHING * self._weight + float(expected[_COMPARED] @ weights)

    def _adapt(self, powers: _Powers, left: _Spectra, rest: _Powers) -> None:
        doubt = (powers * self._doubt).sum(axis=0)
        self.doubt_power = float(_CHANGE @ doubt)
        step = self._doubt / (doubt / 2 + rest + _TINY)
        self._way += step * np.conj(self._spectra) * left
        turn = self._turn = (self._turn + 1) % PARTITIONS
        response = np.fft.irfft(self._way[turn], _SIZE)
        response[CHUNK_SAMPLES:] = 0.0
        self._way[turn] = np.fft.rfft(response)
        self._doubt *= STEADY**2 * (1 - step * powers / 2)
        self._doubt += (1 - STEADY**2) * _power(self._way)


def _power(spectra: npt.NDArray[np.complexfloating]) -> _Powers:
    return (spectra.real**2 + spectra.imag**2).astype(np.float32, copy=False)
