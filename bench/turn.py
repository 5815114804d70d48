"""End of speech to the first answer audio at the satellite's speaker, stage by stage."""

import asyncio
import tempfile
from pathlib import Path

from bench.harness import Bench, median, p95
from bench.speech import ROOT, find
from hub.demo.report import STAGES
from hub.demo.runner import demo_files
from hub.demo.stack import Spoken, Stack

NAME = "turn"

REPEATS_OF_OWN_FILES = 5


def run(bench: Bench) -> None:
    files = [recording.path for recording in find("en") if not recording.out_of_vocabulary]
    if not files:
        files = demo_files() * REPEATS_OF_OWN_FILES
        bench.note(f"No recordings in {ROOT / 'en'}; the demo's own files were spoken instead.")
    turns = asyncio.run(_speak(files))
    answered = [turn for turn in turns if turn.latency_ms is not None]
    heard = [turn for turn in answered if turn.outcome == "answered"]
    bench.table(
        "Each recording, ms after its last voiced sample",
        ["recording", "heard", "outcome", "endpoint", "transcript", "first audio"],
        [
            [
                turn.wav.stem,
                turn.transcript or "-",
                turn.outcome or "-",
                *(f"{_end_ms(turn, name):.0f}" for name in ("endpoint", "transcript")),
                "-" if turn.latency_ms is None else f"{turn.latency_ms:.0f}",
            ]
            for turn in turns
        ],
    )
    rows = []
    for name, words in STAGES.items():
        took = [end - start for turn in heard if (at := turn.stage_ms(name)) for start, end in [at]]
        if took and name != "speech":
            rows.append([words, median(took), p95(took)])
    # Voice activity sees speech end later or earlier than loudness does; that is no waiting.
    seen = [at[1] for turn in heard if (at := turn.stage_ms("speech"))]
    if seen:
        rows.insert(0, ["voice activity's end of speech", median(seen), p95(seen)])
    wire = [
        turn.latency_ms - at[1]
        for turn in heard
        if turn.latency_ms is not None and (at := turn.stage_ms("first audio"))
    ]
    rows.append(["wire and speaker", median(wire), p95(wire)])
    bench.table("Stages of answered commands, ms", ["stage", "median", "p95"], rows)
    latencies = [turn.latency_ms for turn in heard if turn.latency_ms is not None]
    note = f"{len(latencies)} answered commands"
    endpoints = [at[1] for turn in heard if (at := turn.stage_ms("endpoint"))]
    bench.figure("end of speech to the decision that it is over, median", median(endpoints), "ms")
    bench.figure("end of speech to the decision that it is over, p95", p95(endpoints), "ms")
    for name, value, target in (("median", median(latencies), 300), ("p95", p95(latencies), 450)):
        bench.figure(
            f"end of speech to first audio, {name}", value, "ms", target=target, at_most=True,
            note=note,
        )  # fmt: skip
    bench.figure("commands answered", 100 * len(heard) / len(turns), "%")
    bench.note("End of speech is the last voiced sample of the file, found by loudness alone.")


async def _speak(files: list[Path]) -> list[Spoken]:
    with tempfile.TemporaryDirectory() as answers:
        async with Stack() as stack:
            turns = stack.speak(files, Path(answers), area="Kitchen")
            return [turn async for turn in turns]


def _end_ms(turn: Spoken, stage: str) -> float:
    at = turn.stage_ms(stage)
    return float("nan") if at is None else at[1]
