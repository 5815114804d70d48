"""What it costs to find out who speaks, and whether a turn is over."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from audio.vad import FRAME_BYTES, SileroVad, VadStream
from bench.candidates import RANDOM, REAL, Candidate, Figures, Group
from bench.harness import median
from bench.hosted import in_hub
from bench.smart_turn_shape import make_smart_turn
from hub.engines.smart_turn import WINDOW_SAMPLES, SmartTurn

COLUMNS = ("load s", "MB", "a call ms", "RTF")
BATCHES = (1, 32)
REPEATS = 300
TURNS = 15
FRAME_S = 0.032


def group(folder: Path) -> Group:
    """Return voice activity and Smart Turn; the model is made in `folder`."""
    candidates = [
        Candidate(f"Silero, streams a call: {size}", REAL, partial(_activity, size))
        for size in BATCHES
    ]
    candidates.append(Candidate("Smart Turn v3", RANDOM, partial(_smart_turn, folder)))
    return Group("Voice activity and the end of a turn", COLUMNS, candidates)


def detector(path: str) -> SmartTurn:
    """Return a loaded Smart Turn."""
    model = SmartTurn()
    model.load(Path(path))
    return model


async def _activity(size: int) -> Figures:
    load_s, memory_mb = in_hub("audio.vad:SileroVad")
    model, streams = SileroVad(), [VadStream() for _ in range(size)]
    frames = [_noise(FRAME_BYTES // 2)] * size
    call_s = _call_s(lambda: model.process(streams, frames), REPEATS)
    return [load_s, memory_mb, call_s * 1000, call_s / FRAME_S / size]


async def _smart_turn(folder: Path) -> Figures:
    path = make_smart_turn(folder / "smart-turn.onnx")
    load_s, memory_mb = in_hub("bench.turn_ends:detector", str(path))
    model, audio = detector(str(path)), _noise(WINDOW_SAMPLES)
    call_s = _call_s(lambda: model.probability(audio), TURNS)
    return [load_s, memory_mb, call_s * 1000, None]


def _noise(samples: int) -> bytes:
    return (np.random.default_rng(1).normal(size=samples) * 3000).astype("<i2").tobytes()


def _call_s(call: Callable[[], object], repeats: int) -> float:
    took = []
    for _ in range(1 + repeats):
        began_s = time.perf_counter()
        call()
        took.append(time.perf_counter() - began_s)
    return median(took[1:])  # the first one finds caches cold
