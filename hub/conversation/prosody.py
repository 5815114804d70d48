"""How the last words sounded: pitch, level and length at the end of an utterance. Pure, numpy only.

Pitch is the normalised autocorrelation method of Boersma (1993): the autocorrelation of a windowed
frame, divided by that of the window. Constants without a source were chosen by us.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audio.pcm import SPEECH_RATE_HZ, to_float

FLOOR_HZ = 65
CEILING_HZ = 450
"""Below lies hardly a man's creak, above hardly a child's call."""
QUIET_DBFS = -55.0
"""Nobody speaks below this: the loudest 10 ms of silence stay under it."""
LEAST_SPEECH_MS = 200
"""Shorter is a click or a breath: there is no contour to see."""

_HOP = SPEECH_RATE_HZ // 100
_HOP_MS = 10
_FRAME_HOPS = 4
"""40 ms hold two and a half periods of the lowest pitch."""
_PITCH_RATE_HZ = SPEECH_RATE_HZ // 2
"""Half the samples cost half the time, and pitch lies far below."""
_PITCH_HOP = _HOP // 2
_FRAME = _FRAME_HOPS * _PITCH_HOP
_FFT = 512
"""At least a frame and the longest lag, so that nothing wraps around."""
_LAGS = np.arange(_PITCH_RATE_HZ // CEILING_HZ - 1, _PITCH_RATE_HZ // FLOOR_HZ + 2)
_VOICED = 0.5
"""Part of a frame's energy that repeats; Praat takes 0.45, rooms need a little more."""
_FIRST_PEAK = 0.85
"""The shortest period this close to the best one wins: a multiple of the period fits as well."""
_TAIL_HOPS = 65
"""Where the end of the voice is looked for: an unvoiced ending ("lights") is 250 ms at most."""
_CONTOUR_HOPS = 40
_LEAST_VOICED = 8
_LEVEL_HOPS = 40
_MEDIAN_FRAMES = 25
_OUTLIER_ST = 6.0
_SPEECH_BELOW_PEAK_DB = 30.0
_SPEECH_ABOVE_NOISE_DB = 8.0
_NOISE_BELOW_PEAK_DB = 20.0
"""The noise floor is not believed above this: an utterance without pauses has none to measure."""
_RECENT_HOPS = 300

_WINDOW: npt.NDArray[np.float32] = np.hanning(_FRAME + 2)[1:-1].astype(np.float32)


@dataclass(frozen=True, slots=True)
class Prosody:
    """The end of an utterance. Falling pitch and level, and a long last sound, close a turn."""

    pitch_slope: float | None
    """Of the last 400 ms of voice, in semitones a second; None where too little was voiced."""
    pitch_end: float | None
    """Last 100 ms of voice against the speaker's median in the utterance, in semitones."""
    level_slope: float
    """Of the last 400 ms of speech, in dB a second."""
    lengthening: float
    """The last sounding stretch over the median of those before; 1 where there are too few."""


def prosody(audio: bytes) -> Prosody | None:
    """Look at 16 kHz pcm16 that ends with its last word, or some silence after it.

    None where there is no speech or less than LEAST_SPEECH_MS of it.
    """
    samples = to_float(audio[: len(audio) // 2 * 2])
    count = samples.size // _HOP
    if count * _HOP_MS < LEAST_SPEECH_MS:
        return None
    # Hops are counted from the end, so that the last samples are never cut off.
    samples = samples[samples.size - count * _HOP :]
    hops = samples.reshape(count, _HOP)
    levels = 10 * np.log10(np.einsum("ij,ij->i", hops, hops) / _HOP + 1e-12)
    speech = _speech(levels)
    if speech.sum() * _HOP_MS < LEAST_SPEECH_MS:
        return None
    end = int(np.flatnonzero(speech)[-1]) + 1
    slope, relative = _pitch_end(samples, np.flatnonzero(speech), end)
    tail = levels[max(0, end - _LEVEL_HOPS) : end]
    return Prosody(
        pitch_slope=slope,
        pitch_end=relative,
        level_slope=_slope(np.arange(tail.size), tail),
        lengthening=_lengthening(speech[max(0, end - _RECENT_HOPS) : end]),
    )


def _speech(levels: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Tell for each hop whether it sounds like speech, from its level alone."""
    peak = float(levels.max())
    noise = min(float(np.percentile(levels, 10)), peak - _NOISE_BELOW_PEAK_DB)
    threshold = max(QUIET_DBFS, peak - _SPEECH_BELOW_PEAK_DB, noise + _SPEECH_ABOVE_NOISE_DB)
    result: npt.NDArray[np.bool_] = levels >= threshold
    return result


def _pitch_end(
    samples: npt.NDArray[np.float32], speech: npt.NDArray[np.intp], end: int
) -> tuple[float | None, float | None]:
    """Return the slope of the last pitches, and the last ones against the utterance's median."""
    halved = (samples[0::2] + samples[1::2]) * np.float32(0.5)
    tail = np.arange(max(0, end - _TAIL_HOPS), end - _FRAME_HOPS + 1)
    spread = speech[np.linspace(0, speech.size - 1, _MEDIAN_FRAMES).astype(np.intp)]
    spread = np.minimum(spread, halved.size // _PITCH_HOP - _FRAME_HOPS)
    pitches = _semitones(halved, np.concatenate([tail, spread]))
    contour, overall = pitches[: tail.size], pitches[tail.size :]
    at = np.flatnonzero(np.isfinite(contour))
    if at.size:
        at = at[at > at[-1] - _CONTOUR_HOPS]
        at = at[np.abs(contour[at] - np.median(contour[at])) <= _OUTLIER_ST]
    if at.size < _LEAST_VOICED:
        return None, None
    voiced = overall[np.isfinite(overall)]
    median = float(np.median(voiced)) if voiced.size else float(np.median(contour[at]))
    last = float(np.median(contour[at[-10:]]))
    return _slope(at, contour[at]), last - median


def _semitones(
    samples: npt.NDArray[np.float32], starts: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    """Return pitches of frames that start at these hops, in semitones over 1 Hz; NaN unvoiced."""
    frames = samples[(starts * _PITCH_HOP)[:, np.newaxis] + np.arange(_FRAME)]
    frames = (frames - frames.mean(axis=1, keepdims=True)) * _WINDOW
    correlation = _autocorrelation(frames)
    near = correlation[:, _LAGS] / _WINDOW_CORRELATION[_LAGS]
    near /= np.maximum(correlation[:, :1], 1e-9)
    middle = near[:, 1:-1]
    peaks = np.where((middle > near[:, :-2]) & (middle >= near[:, 2:]), middle, 0.0)
    best = peaks.max(axis=1)
    first = np.argmax(peaks >= _FIRST_PEAK * best[:, np.newaxis], axis=1)
    rows = np.arange(starts.size)
    left, top, right = near[rows, first], near[rows, first + 1], near[rows, first + 2]
    bend = np.minimum(left - 2 * top + right, -1e-9)
    period = _LAGS[first + 1] + np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
    pitch = 12 * np.log2(_PITCH_RATE_HZ / period)
    result: npt.NDArray[np.float64] = np.where(best >= _VOICED, pitch, np.nan)
    return result


def _autocorrelation(frames: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    spectrum = np.fft.rfft(frames, n=_FFT, axis=-1)
    power = spectrum.real**2 + spectrum.imag**2
    return np.fft.irfft(power, n=_FFT, axis=-1).astype(np.float32, copy=False)


def _slope(hops: npt.NDArray[np.intp], values: npt.NDArray[np.floating]) -> float:
    """Return the slope of a least-squares line, per second."""
    seconds = (hops - hops.mean()) * (_HOP_MS / 1000)
    return float(seconds @ (values - values.mean()) / (seconds @ seconds))


def _lengthening(speech: npt.NDArray[np.bool_]) -> float:
    """Return the length of the last stretch over the median of the ones before it."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], speech, [False]])))
    lengths = edges[1::2] - edges[::2]
    return float(lengths[-1] / np.median(lengths[:-1])) if lengths.size > 2 else 1.0


_WINDOW_CORRELATION = _autocorrelation(_WINDOW[np.newaxis])[0]
_WINDOW_CORRELATION /= _WINDOW_CORRELATION[0]
