"""Long lists come in pages: `?limit=50&after=...` gives the next 50."""

import base64
import binascii
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from hub.api.problems import Problem

T = TypeVar("T")

MOST = 200

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many there may be in a page.")]
After = Annotated[
    str | None,
    Query(max_length=400, description="What the page before gave as `next`."),
]


class Page(BaseModel, Generic[T]):
    """Some of a list."""

    items: list[T]
    next: str | None = Field(default=None, description="`after` of the next page; null: no more.")


def cursor(*parts: str) -> str:
    """Return a place in a list as an opaque text."""
    return base64.urlsafe_b64encode("\x1f".join(parts).encode()).decode().rstrip("=")


def place(after: str, parts: int) -> list[str]:
    """Return what a cursor was made of. Raises Problem."""
    try:
        padded = after + "=" * (-len(after) % 4)
        found = base64.urlsafe_b64decode(padded.encode()).decode().split("\x1f")
    except (ValueError, binascii.Error):
        found = []
    if len(found) != parts:
        raise Problem(422, "bad-cursor", "`after` is no place in this list. Begin without it.")
    return found
