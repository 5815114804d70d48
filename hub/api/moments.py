"""Times that clients name."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query

from hub.api.problems import Problem

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(3000, 1, 1, tzinfo=UTC)
"""Nothing is kept from before or after; a time further off means the same."""

Moment = Annotated[datetime | None, Query(description="A time with its zone.")]


def moment(given: datetime | None, name: str) -> datetime | None:
    """Return a time in UTC. Raises Problem for one without a zone."""
    if given is None:
        return None
    if given.tzinfo is None:
        raise Problem(
            422, "no-zone", f"`{name}` has no time zone: write it like 2026-03-01T07:00:00Z."
        )
    try:
        utc = given.astimezone(UTC)
    except OverflowError:  # there it is before the first year, or after the last
        utc = given.replace(tzinfo=UTC)
    return min(max(utc, EARLIEST), LATEST)
