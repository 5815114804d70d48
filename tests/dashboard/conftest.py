"""What the tests in a browser share."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.dashboard.household import Household, household

LIMIT_S = 400.0


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Household]:
    async with asyncio.timeout(LIMIT_S), household(tmp_path) as running:
        yield running
        # Shown only with a failure.
        for hub in running.hubs:
            sys.stderr.write(hub.log_tail)
