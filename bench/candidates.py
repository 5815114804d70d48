"""What a benchmark of engines measures: engines in groups, a table for each group."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

REAL, RANDOM, DOUBLE = "real", "random", "double"
"""What an engine runs with: itself, random weights of a published shape, or a service of ours that
answers at once."""

Figures = list[float | None]
"""In the order of the table's columns; None: there is no such figure."""
NO_PROCESS: Figures = [None, None, None]
"""Load time, memory and peak of what is a service elsewhere."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine that can be measured."""

    name: str
    runs_with: str
    measure: Callable[[], Coroutine[Any, Any, Figures]]
    """Raises EngineError where the engine can not be run here."""


@dataclass(frozen=True, slots=True)
class Group:
    """Engines that are measured alike."""

    title: str
    columns: tuple[str, ...]
    """Beside the engine and what it runs with."""
    candidates: list[Candidate]
    note: str = ""
