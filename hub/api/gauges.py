"""What is measured anew whenever Prometheus asks."""

import time

from hub.api import readiness
from hub.api.parts import Parts
from hub.figures import Gauge
from protocol.version import VERSION


async def gauges(hub: Parts) -> list[Gauge]:
    """Return the gauges of a hub."""
    parts = await readiness.parts_state(hub)
    waiting = readiness.queues(hub)
    engines = hub.desk.board.last.values()
    memory: dict[tuple[str, ...], float] = {
        ("speech-to-text",): sum(one.memory_bytes for one in hub.ears.processes),
        ("text-to-speech",): sum(one.memory_bytes for one in hub.voice.processes),
    }
    there = hub.directory
    started_s = hub.figures.samples.started_at.timestamp()
    return [
        Gauge("sotto_info", "This hub.", {(VERSION, hub.settings.name): 1}, ("version", "name")),
        Gauge("sotto_uptime_seconds", "Since the hub started.", {(): time.time() - started_s}),
        Gauge(
            "sotto_part_up",
            "Whether a part works, if need be by another in its place.",
            {(part.name,): float(part.state != "down") for part in parts},
            ("part",),
        ),
        Gauge(
            "sotto_engine_ready",
            "Whether the engine that was chosen is ready.",
            {(fact.role, fact.engine): float(fact.ready) for fact in engines},
            ("role", "engine"),
        ),
        Gauge("sotto_engine_memory_bytes", "What engines take.", memory, ("role",)),
        Gauge("sotto_satellites", "Satellites that are connected.", {(): there.satellites}),
        Gauge(
            "sotto_browsers",
            "Browsers and programs on the talk socket.",
            {(): len(there) - there.satellites},
        ),
        Gauge("sotto_devices", "Devices of the home.", {(): len(hub.home.devices())}),
        Gauge(
            "sotto_queue_waiting",
            "What waits in a queue.",
            {(queue.name,): queue.waiting for queue in waiting},
            ("queue",),
        ),
        Gauge(
            "sotto_queue_lost",
            "What did not fit into a queue.",
            {(queue.name,): queue.lost for queue in waiting},
            ("queue",),
        ),
    ]
