"""Rules that hold for every test: no task outlives its test."""

import asyncio
import gc
import uuid
from collections.abc import AsyncIterator

import pytest


def pytest_collection_finish() -> None:
    """Leave what was collected out of garbage collection: it stays to the end.

    Looking through it again and again stalls what keeps real time by half a second.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a state folder of its own: what one keeps is nothing to another."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / uuid.uuid4().hex))


@pytest.fixture(autouse=True)
async def no_leaked_tasks() -> AsyncIterator[None]:
    """Fail a test that leaves an asyncio task running."""
    yield
    # What was cancelled last may need a few turns of the loop to end.
    for _ in range(20):
        leaked = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        if not leaked:
            return
        await asyncio.sleep(0)
    pytest.fail(f"left running: {leaked}")
