"""Models that somebody has asked for in the dashboard: fetched one after the other, told live."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from hub.due import Due
from hub.engines.base import EngineError
from hub.engines.model_catalog import OLLAMA, find_model, ollama_name
from hub.engines.model_progress import Progress
from hub.engines.models import Models

AT_ONCE = 2
"""More would only share the same line."""
MAX_KEPT = 40
"""Downloads that are known, over or not."""
TELL_S = 0.25
"""Between two reports of how far one is: an eye sees no more."""

Step = Literal["queued", "waiting", "asking", "fetching", "checking", "done", "failed", "cancelled"]
OVER = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Download:
    """How far a model is."""

    model: str
    step: Step
    done_bytes: int = 0
    total_bytes: int | None = None
    bytes_per_s: float | None = None
    """How fast it comes, over all of its time so far."""
    problem: str = ""
    """Why it failed, and what to do."""


class TooManyDownloads(Exception):
    """There are too many already."""


Show = Callable[[str, Download | None], None]


class Downloads:
    """All of them. `run` fetches."""

    def __init__(self, models: Models, *, fetched: Callable[[], None] = lambda: None) -> None:
        """`fetched` is called when a model has come."""
        self._models = models
        self._fetched = fetched
        self._known: dict[str, Download] = {}
        # One that fails must not end the others, as in a group.
        self._fetching: dict[str, asyncio.Task[None]] = {}
        self._begun_s: dict[str, float] = {}
        self._told_s: dict[str, float] = {}
        self._to_tell: dict[str, Due] = {}
        self._show: Show = lambda _model, _download: None
        self._places = asyncio.Semaphore(AT_ONCE)

    @property
    def all(self) -> tuple[Download, ...]:
        """Return what there is, in the order in which it was asked for."""
        return tuple(self._known.values())

    def on_change(self, show: Show) -> None:
        """Call `show` with all there is, and whenever one moves; None: it is forgotten."""
        self._show = show
        for download in self.all:
            show(download.model, download)

    async def run(self) -> None:
        """Fetch until cancelled. What has come of a model by then is gone on with next time."""
        try:
            await asyncio.Event().wait()
        finally:
            fetching = tuple(self._fetching.values())
            for task in fetching:
                task.cancel()
            await asyncio.gather(*fetching, return_exceptions=True)

    def start(self, name: str) -> Download:
        """Have a model fetched. Raises EngineError for a name that is none; TooManyDownloads."""
        if name.startswith(OLLAMA):
            ollama_name(name)
        else:
            name = find_model(name).name
        known = self._known.get(name)
        if known is not None and known.step not in OVER:
            return known
        self._make_room()
        self._known.pop(name, None)
        self._put(Download(name, "queued"))
        fetching = asyncio.create_task(self._fetch(name))
        fetching.add_done_callback(partial(self._over, name))
        self._fetching[name] = fetching
        return self._known[name]

    def cancel(self, name: str) -> bool:
        """Stop fetching a model, or forget that one is over; return whether there was one."""
        fetching = self._fetching.get(name)
        if fetching is not None:
            return fetching.cancel()
        if self._known.pop(name, None) is None:
            return False
        self._show(name, None)
        return True

    async def _fetch(self, name: str) -> None:
        async with self._places:
            await self._models.pull(name, self._report)

    def _over(self, name: str, fetching: "asyncio.Task[None]") -> None:
        """Tell what came of it; one that is cancelled may never have begun."""
        for kept in (self._fetching, self._begun_s, self._told_s):
            kept.pop(name, None)
        if (to_tell := self._to_tell.pop(name, None)) is not None:
            to_tell.cancel()
        if fetching.cancelled():
            self._end(name, "cancelled")
        elif (error := fetching.exception()) is None:
            self._end(name, "done")
            self._fetched()
        else:
            text = str(EngineError.of(error) if isinstance(error, Exception) else error)
            self._end(name, "failed", text)

    def _report(self, progress: Progress) -> None:
        name = progress.model
        known = self._known.get(name)
        if known is None or known.step in OVER or progress.step == "done":
            return
        step: Step = progress.step  # type: ignore[assignment]
        rate = None
        if step == "fetching":
            now_s = asyncio.get_running_loop().time()
            took_s = now_s - self._begun_s.setdefault(name, now_s)
            came = progress.done_bytes - progress.had_bytes
            rate = came / took_s if took_s > 0 and came > 0 else None
        self._known[name] = Download(name, step, progress.done_bytes, progress.total_bytes, rate)
        if step != known.step:
            self._tell(name)
        else:
            # The last report before a line stalls must be told too, so none is left out for good.
            to_tell = self._to_tell.setdefault(name, Due(partial(self._tell, name)))
            to_tell.by(self._told_s[name] + TELL_S)

    def _end(self, name: str, step: Step, problem: str = "") -> None:
        self._put(replace(self._known[name], step=step, bytes_per_s=None, problem=problem))

    def _put(self, download: Download) -> None:
        self._known[download.model] = download
        self._show(download.model, download)

    def _tell(self, name: str) -> None:
        self._told_s[name] = asyncio.get_running_loop().time()
        self._show(name, self._known[name])

    def _make_room(self) -> None:
        if len(self._known) < MAX_KEPT:
            return
        over = next((one.model for one in self.all if one.step in OVER), None)
        if over is None:
            raise TooManyDownloads
        self.cancel(over)
