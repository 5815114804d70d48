"""Models that the hub fetches by itself: the log tells how far, and wrong ones are left alone."""

import time
from collections.abc import Callable
from pathlib import Path

import structlog

from hub.engines.base import EngineError
from hub.engines.model_download import WrongContent
from hub.engines.model_progress import Progress
from hub.engines.models import Models
from hub.words import worded

log = structlog.get_logger(__name__)

REST_S = 6 * 3600.0
"""Before a model that came with a wrong content is fetched again: each try costs all of it."""
STEP_PERCENT = 10
"""Of a fetched model, between two lines in the log."""


class Fetching:
    """What was fetched while the program runs, as far as it came wrong."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: dict[tuple[Path, str], tuple[float, str]] = {}

    async def fetch(self, models: Models, name: str) -> None:
        """Fetch a model.

        Raises EngineError; for a model that came with a wrong content lately, the same as then.
        """
        key = models.store.folder, name
        since_s, why = self._wrong.get(key, (0.0, ""))
        if why and self._clock() < since_s + REST_S:
            raise EngineError("engine-failed", why)
        log.info("fetching a model", model=name)
        try:
            await models.pull(name, _Teller())
        except WrongContent as wrong:
            why = worded(
                "tries-again-later",
                "{why} The hub itself tries again in {hours:g} h.",
                why=str(wrong),
                hours=round(REST_S / 3600),
            )
            self._wrong[key] = self._clock(), why
            raise EngineError("engine-failed", why) from None
        self._wrong.pop(key, None)
        log.info("a model is here", model=name)


class _Teller:
    """Tells the log how far a model has come."""

    def __init__(self) -> None:
        self._told = 0

    def __call__(self, progress: Progress) -> None:
        if not progress.total_bytes:
            return
        percent = 100 * progress.done_bytes // progress.total_bytes
        if percent >= self._told + STEP_PERCENT:
            self._told = percent
            log.info("fetching a model", model=progress.model, percent=percent)


fetch = Fetching().fetch
"""That of this program, whatever is fetched for whom."""
