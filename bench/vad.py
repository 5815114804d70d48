"""Voice activity: how many real-time streams one core can follow, one by one and batched."""

import time

import numpy as np

from audio.vad import SileroVad, VadStream
from bench.harness import Bench, median, p95

NAME = "vad"

BATCHES = (1, 2, 4, 8, 16, 32, 64, 128)
FRAMES_PER_SECOND = 16_000 / 512
REPEATS = 15
FRAMES_PER_REPEAT = 1024
TARGET_STREAMS = 900


def run(bench: Bench) -> None:
    model = SileroVad()
    rng = np.random.default_rng(1)
    frames = [(rng.normal(size=512) * 3000).astype("<i2").tobytes() for _ in range(max(BATCHES))]
    streams = [VadStream() for _ in range(max(BATCHES))]
    times: dict[int, list[float]] = {size: [] for size in BATCHES}
    for _ in range(REPEATS):  # sizes take turns, so that a noisy moment hits all of them
        for size in BATCHES:
            calls = max(1, FRAMES_PER_REPEAT // size)
            start = time.process_time()
            for _ in range(calls):
                model.process(streams[:size], frames[:size])
            times[size].append((time.process_time() - start) / calls / size)
    rows = []
    for size in BATCHES:
        middle = median(times[size])
        rows.append([size, middle * 1e6, p95(times[size]) * 1e6, 1 / (middle * FRAMES_PER_SECOND)])
    bench.table(
        "Silero on one thread, CPU time per 32 ms frame",
        ["streams per call", "median us", "p95 us", "real-time streams per core"],
        rows,
    )
    best = max(rows, key=lambda row: row[3])
    bench.figure("streams per core, one by one", rows[0][3], "streams")
    bench.figure(
        "streams per core, batched",
        best[3],
        "streams",
        target=TARGET_STREAMS,
        note=f"{best[0]} streams per call",
    )
    bench.figure("batched against one by one", rows[0][1] / best[1], "times")
