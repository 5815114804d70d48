"""What happens too often is let through now and then: a button that bounces, a switch gone mad."""

from collections.abc import Callable, Hashable

import structlog

log = structlog.get_logger(__name__)

BURST = 20
"""A knob that is turned quickly tells about so many steps."""
PER_S = 2.0
MAX_KNOWN = 1_000


class Calm:
    """A bucket for each thing that happens, which fills by PER_S and holds BURST."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._known: dict[Hashable, tuple[float, float, bool]] = {}
        """What is left in the bucket, since when, and whether that it was empty is logged."""

    def lets(self, key: Hashable) -> bool:
        """Return whether it may happen once more; that it may not is logged once at a time."""
        now_s = self._clock()
        left, at_s, told = self._known.pop(key, (float(BURST), now_s, False))
        left = min(float(BURST), left + (now_s - at_s) * PER_S)
        lets = left >= 1
        if not lets and not told:
            log.warning("this happens too often and is let through now and then", what=str(key))
        told = not lets or (told and left < BURST)
        if len(self._known) >= MAX_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[key] = (left - 1 if lets else left, now_s, told)
        return lets
