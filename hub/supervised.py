"""An engine that is brought up beside everything else, again and again until it works."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from hub.engines.base import EngineError
from hub.engines.host import EngineProcess
from hub.events import EngineChanged

log = structlog.get_logger(__name__)

RETRY_S = (5.0, 15.0, 60.0)
"""Waits between tries to bring an engine up; something may be put right meanwhile."""
MEMORY_REST_S = 10.0
"""Between two looks at what an engine in use takes of the memory."""
MEMORY_STEP_BYTES = 10_000_000
"""What is worth telling: this much more or less than was told, and a fifth of that."""

BringUp = Callable[[], Awaitable[str]]
"""Makes an engine ready, and returns what there is then, in a line. Raises EngineError."""
Publish = Callable[[EngineChanged], None]


class SupervisedEngine:
    """One engine, and whether it is ready. `run` keeps trying until cancelled."""

    def __init__(
        self,
        role: str,
        name: str,
        bring_up: BringUp,
        publish: Publish,
        process: EngineProcess | None = None,
        *,
        optional: bool = False,
    ) -> None:
        """`role` and `name` are those of `EngineChanged`; `process` is run along.

        One that is `optional` is not missed while it is "engine-missing": it would be better.
        """
        self.role = role
        self.name = name
        self.ready = False
        self.process = process
        self._optional = optional
        self._bring_up = bring_up
        self._publish = publish
        self._changed = asyncio.Event()
        self._told = ""  # last
        self._has = ""  # what there is while it is ready
        self._memory_bytes = 0  # told last

    async def run(self) -> None:
        """Bring it up, and again whenever `refresh` is called. Runs until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            if self.process is not None:
                tasks.create_task(self.process.run())
                tasks.create_task(self._follow_memory(self.process))
            tries = 0
            while True:
                self._changed.clear()
                tries = 0 if await self.bring_up() else tries + 1
                delay_s = None if self.ready else RETRY_S[min(tries, len(RETRY_S)) - 1]
                try:
                    async with asyncio.timeout(delay_s):
                        await self._changed.wait()
                except TimeoutError:
                    pass

    async def bring_up(self) -> bool:
        """Try once to make it ready; return whether it is. What came of it is told."""
        started = time.monotonic()
        try:
            text = await self._bring_up()
        except Exception as error:  # noqa: BLE001 - one engine must not end the hub
            self.ready = False
            self.failed(EngineError.of(error))
            return False
        took_ms = round((time.monotonic() - started) * 1000)
        if not self.ready or text != self._has:
            self._has = text
            memory = 0 if self.process is None else self.process.memory_bytes
            self._tell("engine ready", memory, what=text, took_ms=took_ms)
        self.ready = True
        return True

    def recovered(self) -> None:
        """Tell that it works again, after a failure in use."""
        # Somebody is being answered: what it takes now is looked at by `_follow_memory`.
        self._tell("engine works again", self._memory_bytes, what=self._has)

    async def _follow_memory(self, process: EngineProcess) -> None:
        """Tell what it takes of the memory when that has changed: it loads, unloads and grows."""
        while True:
            await process.moved.wait()
            process.moved.clear()
            # Looking for its children takes milliseconds.
            memory = await asyncio.to_thread(lambda: process.memory_bytes)
            told = self._memory_bytes
            changed = abs(memory - told) >= max(MEMORY_STEP_BYTES, told / 5)
            if changed and self.ready and self._told == self._has:
                self._tell("engine takes memory", memory)
            await asyncio.sleep(MEMORY_REST_S)

    def _tell(self, event: str, memory: int, **details: str | float) -> None:
        """Tell that it is ready, and what it takes."""
        self._told, self._memory_bytes = self._has, memory
        log.info(
            event,
            role=self.role,
            engine=self.name,
            memory_mb=round(memory / 1e6),
            **details,
        )
        self._publish(EngineChanged(self.role, self.name, True, self._has, memory))

    def refresh(self) -> None:
        """Bring it up anew: what it is configured with has changed."""
        self._changed.set()

    def failed(self, error: EngineError) -> None:
        """Tell why another engine works in its place; once for each reason."""
        if str(error) == self._told:
            return
        self._told = str(error)
        if self._optional and error.code == "engine-missing":
            log.info("better is possible", role=self.role, engine=self.name, how=self._told)
        else:
            log.error(
                "engine failed",
                role=self.role,
                engine=self.name,
                code=error.code,
                error=self._told,
            )
        self._publish(EngineChanged(self.role, self.name, False, self._told))
