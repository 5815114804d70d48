"""Smart Turn v3 of pipecat-ai: from the sound of the last 8 s, whether a turn is over.

The file is an ONNX graph (BSD 2-clause) on the log-mel spectrum that Whisper uses. Shapes and steps
are those of its publisher's own inference; its output is named after logits, but the graph ends in
a sigmoid, and gives a probability.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from audio.pcm import SPEECH_RATE_HZ, to_float
from hub.engines import failures
from hub.engines.base import EngineError
from hub.words import worded

INPUT = "input_features"
MELS = 80
FRAMES = 800
HOP = 160
FFT = 400
WINDOW_SAMPLES = FRAMES * HOP
"""8 s: what the model has seen in training."""

_POWER_FLOOR = 1e-10
_VARIANCE_FLOOR = 1e-7
_RANGE_DECADES = 8.0
_BLOCK_FRAMES = 16
"""OpenBLAS starts threads from 2^18 multiplications; 16 frames take 2^17.97."""


class SmartTurn:
    """The model. Blocking, one thread; several threads may call it at once."""

    def __init__(self) -> None:
        self._session: Any = None

    def load(self, path: Path) -> None:
        """Read the ONNX file at `path`, and try it once.

        Raises EngineError "engine-missing" (no such file, or no onnxruntime), "engine-failed" (no
        ONNX in it, or it does not run) or "bad-request" (another model).
        """
        try:
            import onnxruntime
        except ImportError as error:
            raise failures.library_missing("onnxruntime", error) from error
        try:
            model = path.read_bytes()
        except OSError as error:
            raise EngineError(
                "engine-missing",
                worded(
                    "smart-turn-unreadable",
                    "The Smart Turn model {path} can not be read ({why}): put it "
                    "there, or mend listening.turn_detector.",
                    path=str(path),
                    why=str(error.strerror or error),
                ),
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's errors share no base class
            raise EngineError(
                "engine-failed",
                worded(
                    "file-not-loaded",
                    "{file} can not be loaded: {why}",
                    file=str(path),
                    why=str(error),
                ),
            ) from error
        _check(session, path)
        _ask(session, features(b""))
        self._session = session

    def probability(self, audio: bytes) -> float:
        """Return the probability that a turn is over at the end of `audio`, pcm16 at 16 kHz.

        Of longer audio the last 8 s count; in front of shorter one goes silence. Raises
        EngineError "engine-failed" or, for half a sample, "bad-request".
        """
        if self._session is None:
            raise failures.not_loaded("Smart Turn")
        if len(audio) % 2:
            raise EngineError(
                "bad-request",
                worded("half-sample", "The recording ends in the middle of a sample."),
            )
        return _ask(self._session, features(audio))


def features(audio: bytes) -> npt.NDArray[np.float32]:
    """Return the model's view of pcm16 at 16 kHz: log-mel, shape (MELS, FRAMES).

    Whisper's: Hann windows of 25 ms every 10 ms, mirrored at both ends, Slaney's mel bands up to
    8 kHz, eight decades below the loudest. The window is brought to mean 0 and variance 1 before.
    """
    samples = np.zeros(WINDOW_SAMPLES, dtype=np.float32)
    heard = to_float(audio[-WINDOW_SAMPLES * 2 :])
    samples[WINDOW_SAMPLES - heard.size :] = heard
    samples = (samples - samples.mean()) / np.sqrt(samples.var() + _VARIANCE_FLOOR)
    padded = np.pad(samples, FFT // 2, mode="reflect")
    # Frames are centred on multiples of the hop; Whisper leaves the one at the very end out.
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT)[::HOP][:FRAMES]
    spectrum = np.fft.rfft(frames * _HANN, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).reshape(-1, _BLOCK_FRAMES, FFT // 2 + 1)
    bands = (power @ _BANDS).reshape(FRAMES, MELS)
    logs = np.log10(np.maximum(bands, _POWER_FLOOR))
    logs = np.maximum(logs, logs.max() - _RANGE_DECADES)
    return np.ascontiguousarray(((logs + 4) / 4).T, dtype=np.float32)


def _check(session: Any, path: Path) -> None:
    """Raise EngineError "bad-request" unless the model takes what Smart Turn v3 takes."""
    inputs = session.get_inputs()
    fits = len(inputs) == 1 and inputs[0].name == INPUT and inputs[0].type == "tensor(float)"
    if fits:
        # A dimension may have a name instead of a length: any length will do then.
        fits = len(inputs[0].shape) == 3 and all(
            not isinstance(there, int) or there == wanted
            for there, wanted in zip(inputs[0].shape, (1, MELS, FRAMES), strict=True)
        )
    if not fits:
        raise EngineError(
            "bad-request",
            worded("not-smart-turn", "{path} is not a Smart Turn v3 model.", path=str(path)),
        )


def _ask(session: Any, view: npt.NDArray[np.float32]) -> float:
    """Run the model on one view. Raises EngineError."""
    try:
        answer = np.asarray(session.run(None, {INPUT: view[np.newaxis]})[0])
    except Exception as error:  # onnxruntime's errors share no base class
        why = worded("smart-turn-failed", "Smart Turn did not run: {why}", why=str(error))
        raise EngineError("engine-failed", why) from error
    if answer.size != 1 or answer.dtype.kind != "f":
        raise EngineError(
            "bad-request",
            worded(
                "smart-turn-answers",
                "This is not a Smart Turn v3 model: it answers {shape}.",
                shape=str(answer.shape),
            ),
        )
    probability = float(answer.reshape(-1)[0])
    if not 0 <= probability <= 1:
        raise EngineError(
            "engine-failed",
            worded(
                "no-probability",
                "Smart Turn gave {number}, which is no probability.",
                number=probability,
            ),
        )
    return probability


def _mel_bands() -> npt.NDArray[np.float64]:
    """Return Slaney's triangular bands of equal area, shape (bins, MELS).

    His scale (Auditory Toolbox, 1998): 200/3 Hz a mel up to 1 kHz, then 27 mels for a factor 6.4.
    """
    linear_mels = 15.0
    top_mel = linear_mels + 27 * np.log(SPEECH_RATE_HZ / 2 / 1000) / np.log(6.4)
    mels = np.linspace(0, top_mel, MELS + 2)
    curved = 1000 * 6.4 ** ((mels - linear_mels) / 27)
    corners = np.where(mels < linear_mels, mels * 200 / 3, curved)
    low, peak, high = corners[:-2], corners[1:-1], corners[2:]
    bins = np.fft.rfftfreq(FFT, 1 / SPEECH_RATE_HZ)[:, np.newaxis]
    rising, falling = (bins - low) / (peak - low), (high - bins) / (high - peak)
    result: npt.NDArray[np.float64] = np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
    return result


_BANDS = _mel_bands()
_HANN = np.hanning(FFT + 1)[:-1]
