"""What every benchmark reports to: figures with targets, tables for people, JSON for programs."""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `met` is None where there is no target."""

    name: str
    value: float
    unit: str
    target: float | None
    at_most: bool
    met: bool | None
    note: str


@dataclass(slots=True)
class Bench:
    """Collects what one benchmark measures."""

    name: str
    console: Console = field(default_factory=Console)
    figures: list[Figure] = field(default_factory=list)
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    skipped: str | None = None

    def figure(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        target: float | None = None,
        at_most: bool = False,
        note: str = "",
    ) -> None:
        """Report a value; `target` is a least value, or a greatest one with `at_most`."""
        met = None if target is None else (value <= target if at_most else value >= target)
        self.figures.append(Figure(name, value, unit, target, at_most, met, note))

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Print a table of details at once, and keep it for the JSON."""
        table = Table(title=title, title_justify="left")
        for index, column in enumerate(columns):
            table.add_column(column, justify="left" if index == 0 else "right")
        for row in rows:
            table.add_row(*(_text(cell) for cell in row))
        self.console.print(table)
        self.tables[title] = [dict(zip(columns, row, strict=True)) for row in rows]

    def note(self, text: str) -> None:
        """Say what a reader of the figures must know."""
        self.notes.append(text)

    def skip(self, reason: str) -> None:
        """Say why nothing, or not everything, was measured."""
        self.skipped = reason

    def report(self) -> None:
        """Print the figures and write them to RESULTS."""
        if self.figures:
            table = _table(self.name, ("figure",))
            for figure in self.figures:
                table.add_row(*_row(figure))
            self.console.print(table)
        for note in self.notes:
            self.console.print(f"  {note}", highlight=False)
        if self.skipped:
            self.console.print(f"[yellow]skipped:[/] {self.skipped}")
        result = {
            "figures": [asdict(figure) for figure in self.figures],
            "tables": self.tables,
            "notes": self.notes,
            "skipped": self.skipped,
        }
        _write(self.name, result)


def summarize(benches: Sequence[Bench], console: Console) -> None:
    """Print all figures that have a target in one table, and write them to RESULTS."""
    wanted = [(one.name, f) for one in benches for f in one.figures if f.met is not None]
    table = _table("All figures with a target", ("benchmark", "figure"))
    for name, figure in wanted:
        table.add_row(name, *_row(figure))
    console.print(table)
    _write("summary", {"figures": [{"benchmark": name} | asdict(f) for name, f in wanted]})


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    model = platform.processor() or "unknown"
    memory_kb = 0
    cpuinfo, meminfo = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    if cpuinfo.exists():
        names = [x.split(":", 1)[1] for x in cpuinfo.read_text().splitlines() if "model name" in x]
        model = names[0].strip() if names else model
    if meminfo.exists():
        memory_kb = int(meminfo.read_text().split()[1])
    return {
        "processor": model,
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory_kb / 2**20, 1),
        "load_1min": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def median(values: Sequence[float]) -> float:
    """Return the middle of `values`."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """Return the value that 95 % of `values` do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]


def time_per_call(work: Callable[[], object], calls: int) -> float:
    """Return seconds per call of `work`, over `calls` of them."""
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 1000 else f"{cell:.3g}"
    return str(cell)


def _table(title: str, first: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in first:
        table.add_column(column)
    for column in ("value", "unit", "target", "met"):
        table.add_column(column, justify="right" if column == "value" else "left")
    table.add_column("note")
    return table


def _row(figure: Figure) -> tuple[str, ...]:
    sign = "at most" if figure.at_most else "at least"
    target = "" if figure.target is None else f"{sign} {figure.target:g}"
    met = {None: "", True: "[green]yes", False: "[bold red]NO"}[figure.met]
    return figure.name, _text(figure.value), figure.unit, target, met, figure.note


def _write(name: str, result: Mapping[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    head = {"name": name, "at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "machine": machine()}
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps({**head, **result}, indent=2, default=str) + "\n", encoding="utf-8")
