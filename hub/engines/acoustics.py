"""How likely each sound is at each moment: pocketsphinx's own acoustic model, evaluated with numpy.

The model has a codebook of Gaussians for every phone and a mixture over it for every state
("senone") of every phone in every context. Its files are Sphinx's: `means`, `variances`,
`sendump` (mixture weights), `mdef` (which senones a phone in its context has), `feat.params`.

pocketsphinx gives scores relative to the best of each frame and rates one string of words only.
To say whether a sentence fits better than any other sounds would, absolute ones are needed; whole
utterances as matrix products cost a tenth of what they cost there. Products are kept so small that
the matrix library does not start threads: for work of this size they only burn a second core.
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hub.engines.base import EngineError
from hub.words import worded

RATE_HZ = 16_000
FRAME_SAMPLES = 160
"""10 ms: one frame of features."""
STATES = 3
"""Emitting states of each phone."""

_BLOCK_FRAMES = 64
# OpenBLAS works on one thread up to 2^18 multiplications; a codebook for a block takes 2^17.7.
_MAX_PRODUCT = 200_000

Floats = npt.NDArray[np.float32]
Senones = npt.NDArray[np.uint16]

_WINDOW_SAMPLES = 410
_FFT_SIZE = 512
_PREEMPHASIS = 0.97
_CEPSTRA = 13
_STREAMS = 3  # cepstra, their slope, and the slope's slope
# Mixture weights are stored as whole numbers: logs of base 1.0001, a 1,024th of them, sign dropped.
_WEIGHT_STEP = np.float32(1024 * np.log(1.0001))
_VARIANCE_FLOOR = 1e-4
_MEL_FLOOR = np.float32(1e-4)
_LIKELIHOOD_FLOOR = np.float32(1e-30)
# Places of a phone in its word, as `mdef` numbers them.
_INSIDE, _FIRST, _LAST, _ALONE = range(4)


class AcousticModel:
    """The model in `folder`. Raises EngineError "engine-missing" if it is not one."""

    def __init__(self, folder: Path) -> None:
        try:
            self._features = _Features((folder / "feat.params").read_text())
            self._read_contexts((folder / "mdef").read_bytes())
            means = _read_gaussians((folder / "means").read_bytes())
            variances = _read_gaussians((folder / "variances").read_bytes())
            self._read_weights((folder / "sendump").read_bytes(), means.shape[2])
        except (OSError, ValueError, IndexError, KeyError, struct.error) as error:
            raise EngineError(
                "engine-missing",
                worded(
                    "acoustic-model-unreadable",
                    "The acoustic model in {folder} can not be read: {why}",
                    folder=str(folder),
                    why=str(error),
                ),
            ) from error
        variances = np.maximum(variances, _VARIANCE_FLOOR)
        # log N(x) = constant + x . mean/variance - x^2 . 1/(2 variance). Per stream: phone,
        # coefficient, density; and phone, frame (one for all), density.
        slopes = np.concatenate([means / variances, -0.5 / variances], axis=3)
        self._factors = np.ascontiguousarray(slopes.transpose(1, 0, 3, 2))
        spread = np.log(2 * np.pi * variances) + means * means / variances
        self._constants = -0.5 * spread.sum(axis=3).transpose(1, 0, 2)[:, :, np.newaxis]

    def hear(self, audio: bytes) -> "Heard":
        """Return the likelihoods of an utterance: PCM, 16 kHz, 16 bit, mono, of 0.1 s or more."""
        densities = []
        peaks = []
        streams = self._features(audio)
        frames = len(streams[0])
        for stream, values in enumerate(streams):
            squares = np.concatenate([values, values * values], axis=1)
            padded = np.pad(squares, ((0, -frames % _BLOCK_FRAMES), (0, 0)))
            blocks = padded.reshape(-1, 1, _BLOCK_FRAMES, squares.shape[1])
            logs = np.matmul(blocks, self._factors[stream])
            logs += self._constants[stream]
            peak = logs.max(axis=3, keepdims=True)
            logs -= peak
            densities.append(np.exp(logs, out=logs))
            peaks.append(peak)
        return Heard(self, frames, densities, peaks)

    def senones(self, phone: int, left: int, right: int, place: int) -> Senones:
        """Return the senones of a phone between two others; those without context if unknown."""
        key = _context_key(place, phone, left, right)
        index = int(np.searchsorted(self._context_keys, key))
        if index < len(self._context_keys) and self._context_keys[index] == key:
            return self._sequence(self._context_sequences[index])
        return self._sequence(self._plain_sequences[phone])

    def word_senones(self, phones: Sequence[int], before: int, after: int) -> list[Senones]:
        """Return the senones of each phone of a word between two phones of other words."""
        around = [before, *phones, after]
        places = [_FIRST, *[_INSIDE] * (len(phones) - 2), _LAST] if len(phones) > 1 else [_ALONE]
        return [
            self.senones(phone, around[index], around[index + 2], places[index])
            for index, phone in enumerate(phones)
        ]

    def _sequence(self, number: int) -> Senones:
        senones: Senones = self._sequences[number]
        return senones

    def _read_contexts(self, data: bytes) -> None:
        if data[:4] != b"BMDF":
            raise ValueError("mdef is not of the binary kind")
        (description,) = struct.unpack_from("<i", data, 8)
        offset = 12 + description
        counts = struct.unpack_from("<10i", data, offset)
        phones, all_phones, states, _, self._senone_count, _, _, _, tree_nodes, _ = counts
        if states != STATES:
            raise ValueError(f"phones have {states} states instead of {STATES}")
        offset += 40
        names = data[offset:].split(b"\0", phones)[:phones]
        self.phones = tuple(name.decode("ascii") for name in names)
        self.number = {name: index for index, name in enumerate(self.phones)}
        offset += sum(len(name) + 1 for name in names)
        offset += -offset % 4 + 8 * tree_nodes
        entry = np.dtype([("sequence", "<i4"), ("matrix", "<i4"), ("context", "u1", 4)])
        table = np.frombuffer(data, entry, all_phones, offset)
        offset += table.nbytes
        (length,) = struct.unpack_from("<i", data, offset)
        self._sequences = np.frombuffer(data, "<u2", length, offset + 4).reshape(-1, STATES)
        self._plain_sequences = table["sequence"][:phones]
        # Bytes of a context: place in the word, phone, left and right neighbour.
        place, phone, left, right = table["context"][phones:].astype(np.int64).T
        keys = _context_key(place, phone, left, right)
        order = np.argsort(keys)
        self._context_keys = keys[order]
        self._context_sequences = table["sequence"][phones:][order]
        self.phone_of_senone = np.zeros(self._senone_count, dtype=np.int64)
        self.phone_of_senone[self._sequences[table["sequence"][phones:]].T] = phone
        for number, sequence in enumerate(self._plain_sequences):
            self.phone_of_senone[self._sequences[sequence]] = number

    def _read_weights(self, data: bytes, densities: int) -> None:
        size = _STREAMS * densities * self._senone_count
        if len(data) < size or b"cluster_count 0" not in data[:1024]:
            raise ValueError("sendump is not of the plain kind")
        self._weights = np.frombuffer(data, np.uint8, size, len(data) - size).reshape(
            _STREAMS, densities, self._senone_count
        )
        plain = self._sequences[self._plain_sequences].reshape(-1)
        # Per stream: phone, density, state.
        self.plain_weights = [
            np.ascontiguousarray(
                weights.reshape(densities, len(self.phones), STATES).transpose(1, 0, 2)
            )
            for weights in self.weights(plain)
        ]

    def weights(self, senones: Senones) -> Floats:
        """Return the mixture weights of senones: stream, density, senone."""
        weights: Floats = np.exp(self._weights[:, :, senones] * -_WEIGHT_STEP)
        return weights


class Heard:
    """What the model makes of one utterance; times are in frames of 10 ms."""

    def __init__(
        self, model: AcousticModel, frames: int, densities: list[Floats], peaks: list[Floats]
    ) -> None:
        self.frames = frames
        self._model = model
        # Per stream: block of frames, phone, frame, density.
        self._densities = densities
        self._peaks = peaks

    def plain(self) -> Floats:
        """Return the log-likelihood of each phone's states without context: frame, phone, state."""
        total = sum(
            np.log(np.matmul(densities, weights) + _LIKELIHOOD_FLOOR) + peaks
            for densities, peaks, weights in zip(
                self._densities, self._peaks, self._model.plain_weights, strict=True
            )
        )
        by_frame = np.asarray(total, dtype=np.float32).transpose(0, 2, 1, 3)
        return by_frame.reshape(-1, len(self._model.phones), STATES)[: self.frames]

    def of(self, senones: Senones) -> Floats:
        """Return the log-likelihood of some senones: frame, senone."""
        phones = self._model.phone_of_senone[senones]
        weights = self._model.weights(senones)
        total = np.empty((self.frames, len(senones)), dtype=np.float32)
        for phone in np.unique(phones):
            columns = phones == phone
            blocks = sum(
                np.log(densities[:, phone] @ weights[stream][:, columns] + _LIKELIHOOD_FLOOR)
                + self._peaks[stream][:, phone]
                for stream, densities in enumerate(self._densities)
            )
            total[:, columns] = np.reshape(blocks, (-1, columns.sum()))[: self.frames]
        return total


class _Features:
    """Mel cepstra less their mean, with slopes, as the model was trained on."""

    def __init__(self, parameters: str) -> None:
        words = parameters.split()
        settings = dict(zip(words[::2], words[1::2], strict=True))
        if settings["-feat"] != "1s_c_d_dd" or settings["-transform"] != "dct":
            raise ValueError("feat.params asks for other features than cepstra with slopes")
        filters, lifter = int(settings["-nfilt"]), int(settings["-lifter"])
        low_hz, high_hz = float(settings["-lowerf"]), float(settings["-upperf"])
        self._filters = _mel_filters(filters, low_hz, high_hz)
        order = np.arange(_CEPSTRA)
        waves = np.cos(np.pi * np.outer(np.arange(filters) + 0.5, order) / filters)
        waves *= np.sqrt(2 / filters)
        waves[:, 0] *= np.sqrt(0.5)
        waves *= 1 + lifter / 2 * np.sin(np.pi * order / lifter)
        self._cosines = waves.astype(np.float32)
        self._window = np.hamming(_WINDOW_SAMPLES).astype(np.float32)

    def __call__(self, audio: bytes) -> tuple[Floats, Floats, Floats]:
        """Return cepstra, slopes and slopes of slopes: frame, coefficient."""
        samples = np.frombuffer(audio, "<i2").astype(np.float32)
        samples[1:] -= _PREEMPHASIS * samples[:-1]
        windows = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW_SAMPLES)
        spectra = np.fft.rfft(windows[::FRAME_SAMPLES] * self._window, _FFT_SIZE)
        power = (spectra.real**2 + spectra.imag**2).astype(np.float32)
        mels = np.log(np.maximum(_product(power, self._filters), _MEL_FLOOR))
        cepstra = _product(mels, self._cosines)
        cepstra -= cepstra.mean(axis=0)
        reach = 3
        padded = np.pad(cepstra, ((reach, reach), (0, 0)), mode="edge")

        def at(offset: int) -> Floats:
            return padded[reach + offset : reach + offset + len(cepstra)]

        return cepstra, at(2) - at(-2), at(3) - at(-1) - at(1) + at(-3)


def _mel_filters(count: int, low_hz: float, high_hz: float) -> Floats:
    """Return triangles of equal area, evenly spaced in mel: bin, filter."""
    step_hz = RATE_HZ / _FFT_SIZE
    low_mel, high_mel = (2595 * np.log10(1 + hz / 700) for hz in (low_hz, high_hz))
    mels = np.linspace(low_mel, high_mel, count + 2)
    edges = np.round(700 * (10 ** (mels / 2595) - 1) / step_hz) * step_hz
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    hz = np.arange(_FFT_SIZE // 2 + 1)[:, np.newaxis] * step_hz
    rising, falling = (hz - low) / (middle - low), (high - hz) / (high - middle)
    triangles = np.clip(np.minimum(rising, falling), 0, None) * 2 / (high - low)
    return np.asarray(triangles, dtype=np.float32)


def _read_gaussians(data: bytes) -> Floats:
    """Return a file of means or variances: phone, stream, density, coefficient."""
    end = b"endhdr\n"
    # After the header's text comes a word that tells the byte order.
    offset = data.index(end) + len(end)
    order, phones, streams, densities, *lengths, count = struct.unpack_from("<8I", data, offset)
    if order != 0x11223344 or lengths != [_CEPSTRA] * _STREAMS or streams != _STREAMS:
        raise ValueError("Gaussians are not those of three streams of cepstra")
    values = np.frombuffer(data, "<f4", count, offset + 32)
    return values.reshape(phones, streams, densities, _CEPSTRA)


def _context_key(place: Any, phone: Any, left: Any, right: Any) -> Any:
    """Return one number for a phone in its context; works on arrays too."""
    return ((place * 256 + phone) * 256 + left) * 256 + right


def _product(rows: Floats, factor: Floats) -> Floats:
    """Return rows @ factor, made in pieces that stay on one thread."""
    step = max(_MAX_PRODUCT // factor.size, 1)
    return np.concatenate([rows[i : i + step] @ factor for i in range(0, len(rows), step)])
