"""Where something that was set at one place is told: there, or as near as somebody listens."""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.origin import Origin, is_fixed


@dataclass(frozen=True, slots=True)
class Listening:
    """A satellite that is connected."""

    satellite: str
    area: str | None = None
    person: str | None = None


def nearest(place: Origin, connected: Iterable[Listening]) -> str | None:
    """Return the satellite that stands for a place, None where none is connected.

    It is the same one; else one in the same room, else one of the same person, else any: somebody's
    browser last, for nobody may be there.
    """

    def distance(one: Listening) -> tuple[int, str]:
        if one.satellite == place.satellite:
            return 0, one.satellite
        if _is_there(one, place):
            return 1, one.satellite
        if _same(one.person, place.person):
            return 2, one.satellite
        return (3 if is_fixed(one.satellite) else 4), one.satellite

    return min(map(distance, connected), default=(0, None))[1]


def is_near(place: Origin, one: Listening) -> bool:
    """Return whether a satellite is where something was set, or of who set it."""
    return (
        one.satellite == place.satellite or _is_there(one, place) or _same(one.person, place.person)
    )


def _is_there(one: Listening, place: Origin) -> bool:
    return is_fixed(one.satellite) and _same(one.area, place.area)


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one.casefold() == other.casefold()
