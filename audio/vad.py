"""Voice activity: Silero as ONNX, one batched call for all streams that have a frame due.

The weights (Silero VAD v6, MIT) come as a file of the faster-whisper package; `audio.vad_graph`
lays its graph out for batches.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from audio.pcm import FRAME_SAMPLES, to_float
from audio.vad_graph import STATE_SIZE, GraphError, batched

CONTEXT_SAMPLES = 64
"""Silero sees the last 4 ms of the frame before in front of each frame (at 16 kHz)."""
FRAME_BYTES = FRAME_SAMPLES * 2


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
                batched(read_weights() if model is None else model),
                options,
                providers=["CPUExecutionProvider"],
            )
        except GraphError as error:
            raise VadError(str(error)) from error
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
