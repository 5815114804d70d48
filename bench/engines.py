"""What each engine costs: load time, memory, real-time factor, first audio or token, final text."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import hearing, speaking, thinking, turn_ends
from bench.candidates import Group
from bench.harness import Bench
from hub.engines.base import EngineError

NAME = "engines"

NOTES = (
    "Engines with a process of their own are measured through it, as the hub uses them, at the "
    "hub's own settings: Whisper takes the cores of the machine, four at most, others take one.",
    "real: itself. random: the real library on random weights of the published shapes; what is "
    "computed is real, what comes out is not. The Whispers are built to hear one sentence of ten "
    "words, so that decoding ends where it does with real weights. They hold a matrix twice that "
    "published ones hold once: 20 MB of tiny, 27 of base, 40 of small.",
    "double: a service in this process that answers at once; what is measured is adapter, wire and "
    "double. There is nothing to load.",
    "load: from nothing, median of three starts, files in the page cache. MB: resident memory "
    "after loading, of all processes of the engine; of what lives in the hub, what a process grows "
    "by. peak: the most until the end.",
    "RTF: computing time by length of audio. final text: from the last frame to the text. first "
    "audio: of a sentence of 5 words, and of one of 15 without a comma to begin with.",
)


def run(bench: Bench) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        groups = [
            hearing.group(folder),
            speaking.group(folder),
            thinking.group(),
            turn_ends.group(folder),
        ]
        terminal = bench.console.is_terminal
        with Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(), console=bench.console, transient=True, disable=not terminal,
        ) as progress:  # fmt: skip
            count = sum(len(group.candidates) for group in groups)
            task = progress.add_task("", total=count)
            for group in groups:
                rows = []
                for candidate in group.candidates:
                    what = f"{group.title}: {candidate.name}"
                    progress.update(task, description=what)
                    if not terminal:
                        bench.console.print(f"{what} ...", highlight=False)
                    try:
                        figures = asyncio.run(candidate.measure())
                        rows.append([candidate.name, candidate.runs_with, *figures])
                    except EngineError as error:
                        bench.note(f"{what} was not measured: {error}")
                    progress.advance(task)
                _show(bench, group, rows)
    for note in (*(group.note for group in groups if group.note), *NOTES):
        bench.note(note)


def _show(bench: Bench, group: Group, rows: list[list[Any]]) -> None:
    cells = [["-" if cell is None else cell for cell in row] for row in rows]
    bench.table(group.title, ["engine", "runs with", *group.columns], cells)
