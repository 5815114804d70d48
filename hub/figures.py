"""What can be counted and timed of the hub's work, for Prometheus and for whoever looks."""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hub.bus import Bus
from hub.events import SatelliteConnected, SatelliteGone, TurnEnded
from hub.samples import Samples
from hub.turns.latency import Percentiles, percentiles

LATELY = 100
"""Turns that "lately" means."""
MAX_STAGES = 40
MAX_OUTCOMES = 20
_BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 15.0)


@dataclass(frozen=True, slots=True)
class Gauge:
    """Something that is what it is at the moment."""

    name: str
    help: str
    values: Mapping[tuple[str, ...], float]
    """By the values of the labels."""
    labels: tuple[str, ...] = ()


class Figures:
    """Counts while `run` runs."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._turns = Counter(
            "sotto_turns", "Turns that ended, by outcome.", ["outcome"], registry=self._registry
        )
        self._stages = Histogram(
            "sotto_stage_seconds",
            "How long the stages of turns took.",
            ["stage"],
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._links = Counter(
            "sotto_satellite_links", "Links of satellites.", ["what"], registry=self._registry
        )
        self._lately: dict[str, deque[float]] = {}
        self._outcomes: set[str] = set()
        self.facts_lost = 0
        """Facts that came faster than they were counted."""
        self.samples = Samples()

    async def run(self, bus: Bus) -> None:
        """Count until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.samples.run())
            tasks.create_task(self._count(bus))

    async def _count(self, bus: Bus) -> None:
        with bus.subscribe() as facts:
            async for fact in facts:
                self.facts_lost = facts.lost
                if isinstance(fact, TurnEnded):
                    self.add(fact)
                elif isinstance(fact, SatelliteConnected):
                    self._links.labels("connected").inc()
                elif isinstance(fact, SatelliteGone):
                    self._links.labels("gone").inc()

    def add(self, turn: TurnEnded) -> None:
        """Count a turn."""
        if turn.outcome in self._outcomes or len(self._outcomes) < MAX_OUTCOMES:
            self._outcomes.add(turn.outcome)
            self._turns.labels(turn.outcome).inc()
        for stage in turn.stages:
            lately = self._lately.get(stage.name)
            if lately is None:
                if len(self._lately) >= MAX_STAGES:
                    continue
                lately = self._lately[stage.name] = deque(maxlen=LATELY)
            took_ms = max(0.0, stage.end_ms - stage.start_ms)
            lately.append(took_ms)
            self._stages.labels(stage.name).observe(took_ms / 1000)

    def speed(self, stage: str) -> Percentiles | None:
        """Return how long a stage took lately; None where it was not needed yet."""
        lately = self._lately.get(stage)
        return percentiles(lately) if lately else None

    def text(self, gauges: Iterable[Gauge] = ()) -> bytes:
        """Return everything as Prometheus reads it."""
        now = CollectorRegistry(auto_describe=False)
        now.register(_Now(gauges))
        return generate_latest(self._registry) + generate_latest(now)


class _Now(Collector):
    def __init__(self, gauges: Iterable[Gauge]) -> None:
        self._gauges = tuple(gauges)

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Yield them."""
        for gauge in self._gauges:
            family = GaugeMetricFamily(gauge.name, gauge.help, labels=gauge.labels)
            for labels, value in gauge.values.items():
                family.add_metric(labels, value)
            yield family
