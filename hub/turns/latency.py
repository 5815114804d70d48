"""How long the parts of turns took over time: percentiles, by stage and by span of time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from hub.events import Stage

RESPONSE = "response"
"""From the end of speech to the first sound of the answer: what a person waits."""
MAX_SPANS = 800
"""More than a screen has room for; a month has 744 hours."""


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Of one stage in one span."""

    count: int
    p50_ms: float
    p95_ms: float
    max_ms: float


@dataclass(frozen=True, slots=True)
class Span:
    """One span of time."""

    start: datetime
    turns: int
    stages: Mapping[str, Percentiles]


def fitting_width(since: datetime, until: datetime) -> timedelta:
    """Return how wide spans are by default: an hour, or wider where there would be too many."""
    widths = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))
    fits = (width for width in widths if (until - since) / width <= MAX_SPANS)
    return next(fits, timedelta(days=365))


class Tally:
    """Counts turns into spans of time."""

    def __init__(self, width: timedelta) -> None:
        self.turns = 0
        self._width = width
        self._counts: dict[datetime, int] = defaultdict(int)
        self._spans: dict[datetime, dict[str, list[float]]] = {}
        self._total: dict[str, list[float]] = defaultdict(list)

    def add(self, started: datetime, stages: Sequence[Stage]) -> None:
        """Count a turn."""
        start = _start(started, self._width)
        self.turns += 1
        self._counts[start] += 1
        here = self._spans.setdefault(start, defaultdict(list))
        for name, took_ms in durations(stages).items():
            here[name].append(took_ms)
            self._total[name].append(took_ms)

    def percentiles(self) -> tuple[list[Span], Mapping[str, Percentiles]]:
        """Return the spans in which there were turns, in order, and the percentiles of them all."""
        found = [
            Span(start, self._counts[start], _all(stages))
            for start, stages in sorted(self._spans.items())
        ]
        return found, _all(self._total)


def durations(stages: Sequence[Stage]) -> Mapping[str, float]:
    """Return how long each stage took, in ms, and how long the person waited."""
    at = {stage.name: stage for stage in stages}
    found = {name: stage.end_ms - stage.start_ms for name, stage in at.items()}
    if "speech" in at and "playback" in at:
        found[RESPONSE] = at["playback"].start_ms - at["speech"].end_ms
    return found


def percentiles(values: Iterable[float]) -> Percentiles:
    """Return the percentiles of at least one value, by nearest rank."""
    ordered = sorted(values)

    def rank(percent: int) -> float:
        return round(ordered[max(ceil(len(ordered) * percent / 100) - 1, 0)], 1)

    return Percentiles(len(ordered), rank(50), rank(95), round(ordered[-1], 1))


def _all(values: Mapping[str, Sequence[float]]) -> Mapping[str, Percentiles]:
    return {name: percentiles(some) for name, some in sorted(values.items())}


def _start(moment: datetime, width: timedelta) -> datetime:
    seconds = width.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)
