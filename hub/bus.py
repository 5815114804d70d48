"""Bounded in-process publish and subscribe for facts."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from hub.events import Fact

DEFAULT_BACKLOG = 256
"""Facts that one subscriber may lag behind. They are small; turns come a few a second at most."""


class Subscription:
    """One subscriber's view: facts in order. A slow one loses the oldest, counted in `lost`."""

    def __init__(self, backlog: int) -> None:
        self.lost = 0
        self._facts: asyncio.Queue[Fact] = asyncio.Queue(backlog)

    def put(self, fact: Fact) -> None:
        """Take a fact in; never waits."""
        if self._facts.full():
            self._facts.get_nowait()
            self.lost += 1
        self._facts.put_nowait(fact)

    async def __aiter__(self) -> AsyncIterator[Fact]:
        while True:
            yield await self._facts.get()


class Bus:
    """Hands every published fact to every subscriber. Publishing never waits and never fails."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    def publish(self, fact: Fact) -> None:
        """Hand `fact` to every subscriber."""
        for subscription in self._subscriptions:
            subscription.put(fact)

    @contextmanager
    def subscribe(self, backlog: int = DEFAULT_BACKLOG) -> Iterator[Subscription]:
        """Subscribe for as long as the block runs."""
        subscription = Subscription(backlog)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
