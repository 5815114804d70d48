"""What the hub does whenever something happened, for as long as it runs."""

from typing import Protocol

import structlog

from hub.bus import Bus
from hub.conversation.tally import Tally
from hub.events import TurnEnded, TurnStarted

log = structlog.get_logger(__name__)


class Waking(Protocol):
    """Engines that may have ended for want of work."""

    def wake(self) -> None:
        """Get ready: there will be work."""


async def wake_engines(bus: Bus, *engines: Waking) -> None:
    """Start engines that have ended for want of work when a satellite begins a turn."""
    with bus.subscribe() as facts:
        async for fact in facts:
            if isinstance(fact, TurnStarted) and fact.satellite:
                for engine in engines:
                    engine.wake()


async def log_turns(bus: Bus, tally: Tally) -> None:
    """Write a line for each turn, and count how often it paid to work ahead."""
    with bus.subscribe() as facts:
        async for fact in facts:
            if isinstance(fact, TurnEnded):
                tally.add(fact.details)
                log.info(
                    "turn",
                    satellite=fact.satellite,
                    turn=fact.turn,
                    outcome=fact.outcome,
                    intent=fact.intent,
                    stages_ms={s.name: round(s.end_ms - s.start_ms) for s in fact.stages},
                    ahead_ms=fact.details.get("ahead_ms", 0),
                    paid_percent=round(tally.paid_percent),
                )
