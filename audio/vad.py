"""Voice activity: Silero as ONNX, one batched call for all streams that have a frame due.

The weights (Silero VAD v6, MIT) come as a file of the faster-whisper package. As published, the
graph's batch axis is the time of one stream. Edits of equal length, made on the bytes at load time,
turn it into a batch of streams that keep their own LSTM state; results are equal to the published
graph run stream by stream (`tests/audio/test_vad.py`).
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from audio.pcm import FRAME_SAMPLES, to_float

CONTEXT_SAMPLES = 64
"""Silero sees the last 4 ms of the frame before in front of each frame (at 16 kHz)."""
STATE_SIZE = 128
FRAME_BYTES = FRAME_SAMPLES * 2

_TRANSPOSE = b"Transpose*\x0f\n\x04perm@%b@%b@%b\xa0\x01\x07"
_TIME_BATCH = _TRANSPOSE % (b"\x00", b"\x02", b"\x01")
_STREAM_BATCH = _TRANSPOSE % (b"\x02", b"\x00", b"\x01")
# The shape [1, 1, 128] of the state inputs and outputs; the edit frees the size of its middle axis.
_FIXED_STATE = b"\n\x02\x08\x01\n\x02\x08\x01\n\x03\x08\x80\x01"
_FREE_STATE = b"\n\x02\x08\x01\n\x02\x12\x00\n\x03\x08\x80\x01"
_STATE_NAMES = (b"h", b"c", b"hn", b"cn")


class VadError(RuntimeError):
    """The voice activity model can not be loaded."""


class VadStream:
    """What voice activity remembers of one stream between frames."""

    __slots__ = ("cell", "context", "hidden")

    def __init__(self) -> None:
        self.hidden: npt.NDArray[np.float32] = np.zeros(STATE_SIZE, dtype=np.float32)
        self.cell: npt.NDArray[np.float32] = np.zeros(STATE_SIZE, dtype=np.float32)
        self.context: npt.NDArray[np.float32] = np.zeros(CONTEXT_SAMPLES, dtype=np.float32)

    def reset(self) -> None:
        """Forget everything: at the start of a stream, and after each utterance."""
        self.hidden = np.zeros(STATE_SIZE, dtype=np.float32)
        self.cell = np.zeros(STATE_SIZE, dtype=np.float32)
        self.context = np.zeros(CONTEXT_SAMPLES, dtype=np.float32)


class SileroVad:
    """The model. One instance serves every stream; it is cheap to call and not thread-safe."""

    def __init__(self, model: bytes | None = None) -> None:
        """Load the published weights, or `model`. Raises VadError."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                batch_by_stream(read_weights() if model is None else model),
                options,
                providers=["CPUExecutionProvider"],
            )
        except Exception as error:  # onnxruntime's errors share no base class
            raise VadError(f"The voice activity model can not be loaded: {error}") from error

    def process(
        self, streams: Sequence[VadStream], frames: Sequence[bytes]
    ) -> npt.NDArray[np.float32]:
        """Return the probability of speech of one frame of each stream, shape (streams,).

        A frame is FRAME_BYTES of pcm16 at 16 kHz. The streams' states move on by one frame.
        Raises ValueError for a frame of another length, or too many or too few of them.
        """
        if len(streams) != len(frames):
            raise ValueError(f"{len(frames)} frames for {len(streams)} streams")
        if any(len(frame) != FRAME_BYTES for frame in frames):
            raise ValueError(f"a frame of voice activity has {FRAME_BYTES} bytes")
        if not streams:
            return np.zeros(0, dtype=np.float32)
        batch = np.empty((len(streams), CONTEXT_SAMPLES + FRAME_SAMPLES), dtype=np.float32)
        batch[:, :CONTEXT_SAMPLES] = [stream.context for stream in streams]
        batch[:, CONTEXT_SAMPLES:] = to_float(b"".join(frames)).reshape(-1, FRAME_SAMPLES)
        probabilities, hidden, cell = self._session.run(
            None,
            {
                "input": batch,
                "h": np.stack([stream.hidden for stream in streams])[np.newaxis],
                "c": np.stack([stream.cell for stream in streams])[np.newaxis],
            },
        )
        for index, stream in enumerate(streams):
            stream.hidden = hidden[0, index]
            stream.cell = cell[0, index]
            stream.context = batch[index, -CONTEXT_SAMPLES:]
        result: npt.NDArray[np.float32] = np.asarray(probabilities, dtype=np.float32).reshape(-1)
        return result


def read_weights() -> bytes:
    """Return the published ONNX file. Raises VadError if its package is not installed."""
    # find_spec does not run the package: it would load CTranslate2 and much else.
    spec = importlib.util.find_spec("faster_whisper")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in folders:
        for path in sorted(Path(folder, "assets").glob("silero_vad*.onnx"), reverse=True):
            return path.read_bytes()
    raise VadError(
        "The voice activity weights are missing: they come with the faster-whisper package. "
        "Install Sotto's hub extra: pip install 'sotto[hub]'"
    )


def batch_by_stream(model: bytes) -> bytes:
    """Return the published graph with streams, not time, along its batch axis. Raises VadError."""
    if model.count(_TIME_BATCH) != 1:
        raise VadError("This Silero graph is not the one Sotto knows (its transpose is missing)")
    edited = model.replace(_TIME_BATCH, _STREAM_BATCH)
    for name in _STATE_NAMES:
        # ValueInfoProto: name, then the type with the shape.
        head = b"\n" + bytes([len(name)]) + name + b"\x12\x13\n\x11\x08\x01\x12\r"
        if edited.count(head + _FIXED_STATE) != 1:
            raise VadError(f"This Silero graph is not the one Sotto knows (state {name.decode()})")
        edited = edited.replace(head + _FIXED_STATE, head + _FREE_STATE)
    return edited
