"""Rules that hold for every test: no task outlives its test."""

import asyncio
import gc
import math
import uuid
from collections.abc import AsyncIterator
from copy import copy
from functools import cache

import pytest
from hassil import intents
from hassil.expression import Sentence
from hassil.parse_expression import parse_sentence
from hypothesis import HealthCheck, settings

# The same examples in every run, on machines of any speed.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")


def pytest_configure() -> None:
    """Parse each sentence of hassil's once for all tests: for many a hub that is half its start."""
    parsed = cache(parse_sentence)

    def parse(text: str, keep_text: bool = False) -> Sentence:
        # A copy: a sentence keeps what the rules of its home make of it.
        return copy(parsed(text, keep_text=keep_text))

    pytest.MonkeyPatch().setattr(intents, "parse_sentence", parse)


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
async def no_leaked_tasks(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """Fail a test that leaves an asyncio task running."""
    loop = asyncio.get_running_loop()
    # On a busy machine the loop would warn of any step, and tests look at what is in the log.
    loop.slow_callback_duration = math.inf
    if request.node.get_closest_marker("alone") is not None:
        # Keeping the traceback of each callback takes half of the time, and this keeps real time.
        loop.set_debug(False)
    yield
    # What was cancelled last may need a few turns of the loop to end.
    for _ in range(20):
        leaked = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        if not leaked:
            return
        await asyncio.sleep(0)
    pytest.fail(f"left running: {leaked}")
