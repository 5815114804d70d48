"""The satellite's own short sounds: a few bells, made here, or the owner's WAV files."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from audio import wav
from audio.pcm import FormatError, from_float, gain_from_db
from audio.resample import resample
from satellite.errors import SatelliteError

LONGEST_S = 10.0
"""Longer files are music, and are in the way of what is said."""
_LEVEL_DB = -12.0
_PARTIALS = ((1.0, 1.0), (2.0, 0.35), (3.0, 0.12))
"""Of a small bell: multiples of its frequency, and how strong they are."""
_ATTACK_S = 0.004
_FALL_S = 0.06
"""In which a note becomes quieter by a factor of e."""


class Chime(StrEnum):
    """What there is a sound for."""

    AWAKE = "awake"
    DONE = "done"
    ERROR = "error"
    TIMER = "timer"
    MUTED = "muted"
    UNMUTED = "unmuted"


_A5, _C6, _E6, _A6 = 880.0, 1046.5, 1318.5, 1760.0
_E5, _C5 = 659.3, 523.3
NOTES: Mapping[Chime, tuple[tuple[float, float, float], ...]] = {
    # Begin in seconds, frequency in Hz, length in seconds. Rising asks, falling ends.
    Chime.AWAKE: ((0.0, _A5, 0.09), (0.05, _E6, 0.12)),
    Chime.DONE: ((0.0, _E6, 0.12),),
    Chime.ERROR: ((0.0, _E5, 0.18), (0.14, _C5, 0.26)),
    Chime.TIMER: tuple((start, _A6, 0.2) for start in (0.0, 0.16, 0.32, 0.8, 0.96, 1.12)),
    Chime.MUTED: ((0.0, _C6, 0.12), (0.09, _E5, 0.2)),
    Chime.UNMUTED: ((0.0, _E5, 0.12), (0.09, _C6, 0.2)),
}


def synthesise(chime: Chime, rate_hz: int) -> bytes:
    """Return a chime as pcm16 at `rate_hz`."""
    notes = NOTES[chime]
    length_s = max(start + seconds for start, _, seconds in notes)
    mix = np.zeros(round(length_s * rate_hz))
    for start, hz, seconds in notes:
        begin = round(start * rate_hz)
        note = _note(hz, seconds, rate_hz)[: mix.size - begin]
        mix[begin : begin + note.size] += note
    return from_float(mix / max(1e-9, float(np.abs(mix).max())) * gain_from_db(_LEVEL_DB))


def load(path: Path, rate_hz: int) -> bytes:
    """Return a WAV file as pcm16 at `rate_hz`. Raises SatelliteError "bad-wav"."""
    try:
        file_hz, pcm16 = wav.read(path.expanduser())
    except OSError as error:
        raise _bad(path, error.strerror or "can not be read") from error
    except FormatError as error:
        raise _bad(path, str(error)) from error
    if len(pcm16) / 2 / file_hz > LONGEST_S:
        raise _bad(path, f"a sound lasts at most {LONGEST_S:g} s")
    return resample(pcm16, file_hz, rate_hz)


def _note(hz: float, seconds: float, rate_hz: int) -> npt.NDArray[np.float64]:
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    wave = sum(
        share * np.sin(2 * np.pi * hz * multiple * times)
        for multiple, share in _PARTIALS
        if hz * multiple < rate_hz / 2
    )
    # It begins and ends at nothing: a step would click.
    envelope = np.minimum(times / _ATTACK_S, 1) * np.exp(-times / _FALL_S)
    envelope *= np.minimum((seconds - times) / _ATTACK_S, 1)
    return np.asarray(wave * envelope, dtype=np.float64)


def _bad(path: Path, what: str) -> SatelliteError:
    return SatelliteError("bad-wav", f"{path}: {what}")
