"""Virtual time beside a real store: the clock stands still while the store is at work."""

import asyncio
import selectors
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from hub.store.database import Store
from tests.virtual_time import VirtualLoop

T = TypeVar("T")

PATIENCE_S = 60.0
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday."""


class Clock:
    """The wall clock and the steady one of a house on virtual time; the first can be set."""

    def __init__(self, start: datetime = START) -> None:
        self.start = start

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.steady())

    def steady(self) -> float:
        return asyncio.get_running_loop().time()

    def set(self, seconds: float) -> None:
        """Set the wall clock forward."""
        self.start += timedelta(seconds=seconds)


class PatientStore(Store):
    """A store that tells when it is at work."""

    at_work = 0

    async def __aenter__(self) -> "PatientStore":
        PatientStore.at_work += 1
        try:
            await super().__aenter__()
        finally:
            PatientStore.at_work -= 1
        return self

    async def __aexit__(self, *error: Any) -> None:
        PatientStore.at_work += 1
        try:
            await super().__aexit__(*error)
        finally:
            PatientStore.at_work -= 1

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        PatientStore.at_work += 1
        try:
            async with super().session() as session:
                yield session
        finally:
            PatientStore.at_work -= 1


class PatientLoop(VirtualLoop):
    """A virtual loop that waits for the store for real, and lets no time pass meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        jump = self._jumping.select

        def select(timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            if PatientStore.at_work and timeout != 0:
                ready = selectors.SelectSelector.select(self._jumping, PATIENCE_S)
                assert ready, "the store hangs"
                return ready
            return jump(timeout)

        self._jumping.select = select  # type: ignore[method-assign]

    async def shutdown_default_executor(self, *limits: float | None) -> None:
        """End the threads, in which stores are opened: they take real time."""
        PatientStore.at_work += 1
        try:
            await super().shutdown_default_executor(*limits)
        finally:
            PatientStore.at_work -= 1


def run_patiently(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end on virtual time, with a real store."""
    PatientStore.at_work = 0
    with asyncio.Runner(loop_factory=PatientLoop) as runner:
        return runner.run(main)
