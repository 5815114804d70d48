"""One MCP server: started, asked for its tools, used, and started again when it ends."""

import asyncio
import importlib
import random
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import structlog

from hub.engines.base import ToolError, ToolSpec
from hub.home.verbs import Risk
from hub.tools.mcp_port import Connection, Offer
from hub.tools_settings import McpServer
from hub.words import worded

log = structlog.get_logger(__name__)

CONNECT_S = 20.0
"""A program may have to be fetched and started first."""
LIST_S = 10.0
CLOSE_S = 5.0
LOOK_AGAIN_S = 300.0
"""Servers tell when their tools change; some forget to."""
FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 60.0
SETTLED_S = 60.0
"""A connection that lasted this long was a good one: the next failure is the first again."""
MAX_TOOLS = 50
"""Of one server."""
MAX_PAGES = 20
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]+")


class McpLink:
    """The tools of one server, for as long as it is there."""

    def __init__(
        self,
        name: str,
        settings: McpServer,
        changed: Callable[[], None] = lambda: None,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        """`changed` is called whenever the tools become others, `told` when the server comes or
        goes. They must not block or raise."""
        self.name = name
        self.problem: str = worded("server-not-started", "not started yet")
        """Why it can not be used; empty while it can."""
        self.settings = settings
        self.hidden: frozenset[str] = frozenset()
        """Tools that are not offered, as the server calls them."""
        self._changed = changed
        self._told = told
        self._connection: Connection | None = None
        self._tools: dict[str, Offer] = {}
        self._look = asyncio.Event()

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tools, by their names; their own, with the server's before it."""
        return [
            ToolSpec(name, tool.description, tool.schema)
            for name, tool in self._tools.items()
            if tool.name not in self.hidden
        ]

    def known(self) -> Sequence[Offer]:
        """Return what the server offers, also what is hidden."""
        return list(self._tools.values())

    def has(self, name: str) -> bool:
        """Return whether a tool is of this server, and offered."""
        return name in self._tools and self._tools[name].name not in self.hidden

    def risk(self, name: str) -> Risk:
        """Return whether a yes is needed first."""
        tool, settings = self._tools[name], self.settings
        if tool.name in settings.risks:
            return settings.risks[tool.name]
        if settings.risk is not None:
            return settings.risk
        return "low" if tool.reads else "confirm"

    async def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Use a tool. Raises ToolError."""
        connection, tool = self._connection, self._tools.get(name)
        if connection is None or tool is None:
            text = "the server {server} is not there now."
            raise ToolError(worded("tool-server-gone", text, server=self.name))
        limit_s = self.settings.timeout_s
        try:
            async with asyncio.timeout(limit_s):
                result = await connection.use(tool.name, arguments)
        except TimeoutError:
            self._look.set()  # perhaps it hangs for good
            text = "no answer within {seconds:g} s. It is not known whether it was done."
            raise ToolError(worded("tool-no-answer", text, seconds=limit_s)) from None
        except Exception as error:  # noqa: BLE001 - whatever a server does costs its call alone
            self._look.set()
            log.warning("an mcp tool failed", server=self.name, tool=name, error=repr(error)[:300])
            text = "the server {server} failed."
            raise ToolError(worded("tool-server-failed", text, server=self.name)) from None
        if result.refused:
            self._look.set()
            text = "{server} refuses: {why}."
            raise ToolError(worded("tool-refused", text, server=self.name, why=result.text[:300]))
        if result.failed:
            raise ToolError(result.text[:1_000] or worded("tool-failed", "it failed."))
        return result.text

    async def look(self) -> Sequence[Offer]:
        """Connect, ask for the tools, and end. Raises ToolError, which tells what went wrong."""
        try:
            async with asyncio.timeout(CONNECT_S + CLOSE_S):
                async with self._connected() as connection:
                    await self._learn(connection)
        except Exception as error:  # noqa: BLE001 - whatever a server does
            raise ToolError(_reason(error)) from None
        return self.known()

    async def run(self) -> None:
        """Keep the server until cancelled."""
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            began_s = loop.time()
            try:
                await self._live()
                why: str = worded("server-ended", "it ended")
            except Exception as error:  # noqa: BLE001 - whatever a server does, the hub goes on
                why = _reason(error)
            finally:
                self._connection = None
                self._offer({})
            failures = 1 if loop.time() - began_s > SETTLED_S else failures + 1
            if why != self.problem:
                log.warning("an mcp server is away", server=self.name, reason=why)
                self.problem = why
                self._told()
            await asyncio.sleep(retry_s(failures) * random.uniform(0.75, 1.0))  # noqa: S311 - no secret

    async def _live(self) -> None:
        """Live through one connection; return or raise when it ends."""
        self._look.clear()
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(CONNECT_S):
                connection = await stack.enter_async_context(self._connected())
                await self._learn(connection)
            self._connection, self.problem = connection, ""
            self._told()
            log.info("an mcp server is ready", server=self.name, tools=len(self._tools))
            listening = asyncio.create_task(connection.listen(self._look.set))
            stack.callback(listening.cancel)
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN_S):
                        await self._look.wait()
                self._look.clear()
                async with asyncio.timeout(LIST_S):
                    await self._learn(connection)

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[Connection]:
        # With the first server the library is imported: it takes most of a second, and most homes
        # have none.
        library = await asyncio.to_thread(importlib.import_module, "hub.tools.mcp_connection")
        async with library.connect(self.settings, self._look.set, CONNECT_S) as connection:
            yield connection

    async def _learn(self, connection: Connection) -> None:
        """Ask which tools there are."""
        found: dict[str, Offer] = {}
        async for tool in connection.tools(MAX_PAGES):
            if not self.settings.tools or tool.name in self.settings.tools:
                found.setdefault(_prefixed(self.name, tool.name), tool)
            if len(found) > MAX_TOOLS:
                log.warning("an mcp server has too many tools", server=self.name, most=MAX_TOOLS)
                break
        self._offer(dict(sorted(found.items())[:MAX_TOOLS]))

    def _offer(self, tools: dict[str, Offer]) -> None:
        if tools != self._tools:
            self._tools = tools
            self._changed()


def retry_s(failures: int) -> float:
    """Return how long to wait after so many failures in a row, of which there may be any number."""
    return min(FIRST_RETRY_S * 2.0 ** min(failures - 1, 16), LONGEST_RETRY_S)


def _prefixed(server: str, tool: str) -> str:
    return f"{server}_{_NO_NAME.sub('_', tool)}"[:64]


def _reason(error: BaseException) -> str:
    """Return why a connection ended, in a line."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, TimeoutError):
        return worded("server-does-not-answer", "it does not answer")
    if isinstance(error, FileNotFoundError):
        return worded("no-program", "there is no program '{program}'", program=str(error.filename))
    text = next(iter(str(error).splitlines()), "")[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
