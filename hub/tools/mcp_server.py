"""One MCP server: started, asked for its tools, used, and started again when it ends."""

import asyncio
import os
import random
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import httpx2
import structlog
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.client.subscriptions import ListenNotSupportedError
from mcp.types import CallToolResult, TextContent, Tool, ToolListChangedNotification

from hub.engines.base import ToolError, ToolSpec
from hub.home.verbs import Risk
from hub.tools_settings import McpServer

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
MAX_DESCRIPTION_CHARS = 1_000
MAX_RESULT_CHARS = 4_000
_NO_NAME = re.compile(r"[^A-Za-z0-9_-]+")


class McpLink:
    """The tools of one server, for as long as it is there."""

    def __init__(
        self, name: str, settings: McpServer, changed: Callable[[], None] = lambda: None
    ) -> None:
        """`changed` is called whenever the tools become others. It must not block or raise."""
        self.name = name
        self.problem = "not started yet"
        """Why it can not be used; empty while it can."""
        self._settings = settings
        self._changed = changed
        self._client: Client | None = None
        self._tools: dict[str, Tool] = {}
        self._look = asyncio.Event()

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tools, by their names; their own, with the server's before it."""
        return [
            ToolSpec(
                name,
                " ".join((tool.description or tool.title or tool.name).split())[
                    :MAX_DESCRIPTION_CHARS
                ],
                tool.input_schema,
            )
            for name, tool in self._tools.items()
        ]

    def has(self, name: str) -> bool:
        """Return whether a tool is of this server."""
        return name in self._tools

    def risk(self, name: str) -> Risk:
        """Return whether a yes is needed first."""
        tool, settings = self._tools[name], self._settings
        if tool.name in settings.risks:
            return settings.risks[tool.name]
        if settings.risk is not None:
            return settings.risk
        reads = tool.annotations is not None and tool.annotations.read_only_hint
        return "low" if reads else "confirm"

    async def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Use a tool. Raises ToolError."""
        client, tool = self._client, self._tools.get(name)
        if client is None or tool is None:
            raise ToolError(f"the server {self.name} is not there now.")
        limit_s = self._settings.timeout_s
        try:
            async with asyncio.timeout(limit_s):
                result = await client.call_tool(tool.name, dict(arguments))
        except TimeoutError:
            self._look.set()  # perhaps it hangs for good
            raise ToolError(
                f"no answer within {limit_s:g} s. It is not known whether it was done."
            ) from None
        except MCPError as error:
            self._look.set()
            raise ToolError(f"{self.name} refuses: {str(error)[:300]}.") from None
        except Exception as error:  # noqa: BLE001 - whatever a server does costs its call alone
            self._look.set()
            log.warning("an mcp tool failed", server=self.name, tool=name, error=repr(error)[:300])
            raise ToolError(f"the server {self.name} failed.") from None
        text = _text(result)
        if result.is_error:
            raise ToolError(text[:1_000] or "it failed.")
        return text

    async def run(self) -> None:
        """Keep the server until cancelled."""
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            began_s = loop.time()
            try:
                await self._live()
                why = "it ended"
            except Exception as error:  # noqa: BLE001 - whatever a server does, the hub goes on
                why = _reason(error)
            finally:
                self._client = None
                self._offer({})
            failures = 1 if loop.time() - began_s > SETTLED_S else failures + 1
            if why != self.problem:
                log.warning("an mcp server is away", server=self.name, reason=why)
            self.problem = why
            await asyncio.sleep(retry_s(failures) * random.uniform(0.75, 1.0))  # noqa: S311 - no secret

    async def _live(self) -> None:
        """Live through one connection; return or raise when it ends."""
        self._look.clear()
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(CONNECT_S):
                client = await stack.enter_async_context(self._connected())
                await self._learn(client)
            self._client, self.problem = client, ""
            log.info("an mcp server is ready", server=self.name, tools=len(self._tools))
            listening = asyncio.create_task(self._listen(client))
            stack.callback(listening.cancel)
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN_S):
                        await self._look.wait()
                self._look.clear()
                async with asyncio.timeout(LIST_S):
                    await self._learn(client)

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[Client]:
        """Connect. Neither sampling nor elicitation is offered, so a server can ask for neither."""
        settings = self._settings
        async with AsyncExitStack() as stack:
            if settings.url is None:
                environment = {
                    name: value.get_secret_value() for name, value in settings.env.items()
                }
                program = StdioServerParameters(
                    command=settings.command,
                    args=list(settings.args),
                    env=environment,
                    encoding_error_handler="replace",
                )
                nowhere = stack.enter_context(open(os.devnull, "w"))  # noqa: ASYNC230, PTH123, SIM115
                transport = stdio_client(program, errlog=nowhere)
            else:
                headers = {
                    name: value.get_secret_value() for name, value in settings.headers.items()
                }
                if settings.token is not None:
                    headers["Authorization"] = f"Bearer {settings.token.get_secret_value()}"
                web = await stack.enter_async_context(
                    httpx2.AsyncClient(
                        headers=headers, timeout=httpx2.Timeout(CONNECT_S, read=None)
                    )
                )
                transport = streamable_http_client(settings.url, http_client=web)
            yield await stack.enter_async_context(
                Client(transport, message_handler=self._on_message, cache=None)
            )

    async def _on_message(self, message: Any) -> None:
        if isinstance(message, ToolListChangedNotification):
            self._look.set()

    async def _listen(self, client: Client) -> None:
        """Hear of changes from servers of the newer protocol, which have to be asked to tell."""
        with suppress(ListenNotSupportedError, MCPError, TimeoutError, ConnectionError):
            async with client.listen(tools_list_changed=True) as changes:
                self._look.set()  # what changed before this was not told
                async for _ in changes:
                    self._look.set()

    async def _learn(self, client: Client) -> None:
        """Ask which tools there are."""
        found: dict[str, Tool] = {}
        cursor: str | None = None
        for _ in range(MAX_PAGES):
            page = await client.list_tools(cursor=cursor)
            for tool in page.tools:
                if not self._settings.tools or tool.name in self._settings.tools:
                    found.setdefault(_prefixed(self.name, tool.name), tool)
            cursor = page.next_cursor
            if cursor is None or len(found) > MAX_TOOLS:
                break
        if len(found) > MAX_TOOLS:
            log.warning("an mcp server has too many tools", server=self.name, most=MAX_TOOLS)
        self._offer(dict(sorted(found.items())[:MAX_TOOLS]))

    def _offer(self, tools: dict[str, Tool]) -> None:
        if tools != self._tools:
            self._tools = tools
            self._changed()


def retry_s(failures: int) -> float:
    """Return how long to wait after so many failures in a row, of which there may be any number."""
    return min(FIRST_RETRY_S * 2.0 ** min(failures - 1, 16), LONGEST_RETRY_S)


def _prefixed(server: str, tool: str) -> str:
    return f"{server}_{_NO_NAME.sub('_', tool)}"[:64]


def _text(result: CallToolResult) -> str:
    """Return a result as text, shortened; what is no text is named."""
    parts = []
    left = MAX_RESULT_CHARS
    for item in result.content:
        text = item.text if isinstance(item, TextContent) else f"[{item.type}]"
        parts.append(text[:left])
        left -= len(parts[-1])
        if left <= 0:
            return "".join(["\n".join(parts)[: MAX_RESULT_CHARS - 2], " …"])
    return "\n".join(parts)


def _reason(error: BaseException) -> str:
    """Return why a connection ended, in a line."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, TimeoutError):
        return "it does not answer"
    if isinstance(error, FileNotFoundError):
        return f"there is no program {error.filename!r}"
    text = next(iter(str(error).splitlines()), "")[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
