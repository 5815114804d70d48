"""What holds for every test of the wire."""

import asyncio
import functools
import inspect
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The same examples in every run, on machines of any speed.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

with warnings.catch_warnings():
    # The wyoming package takes audioop where Python still has it, and some Pythons complain.
    warnings.simplefilter("ignore", DeprecationWarning)
    import wyoming.audio  # noqa: F401

# No test of the wire takes a second by itself; a machine that is busy may be much slower.
LIMIT_S = 20.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the asynchronous tests of this folder under a time limit: no wait is for ever."""
    here = Path(__file__).parent
    for item in items:
        if (
            isinstance(item, pytest.Function)
            and item.path.is_relative_to(here)
            and inspect.iscoroutinefunction(item.obj)
        ):
            item.obj = _limited(item.obj)


def _limited(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    @functools.wraps(test)
    async def limited(*args: Any, **kwargs: Any) -> None:
        async with asyncio.timeout(LIMIT_S):
            await test(*args, **kwargs)

    return limited
