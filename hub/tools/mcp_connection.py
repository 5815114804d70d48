"""A connection to one MCP server, by the library of the protocol's makers.

Nothing else imports that library, and this is imported with the first server.
"""

import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import httpx2
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.client.subscriptions import ListenNotSupportedError
from mcp.types import CallToolResult, TextContent, Tool, ToolListChangedNotification

from hub.tools.mcp_port import Offer, Result
from hub.tools_settings import McpServer

MAX_DESCRIPTION_CHARS = 1_000
MAX_RESULT_CHARS = 4_000


class McpConnection:
    """A server that is there."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def tools(self, most_pages: int) -> AsyncIterator[Offer]:
        """Yield the tools that there are, of so many pages at most."""
        cursor: str | None = None
        for _ in range(most_pages):
            page = await self._client.list_tools(cursor=cursor)
            for tool in page.tools:
                yield _offer(tool)
            cursor = page.next_cursor
            if cursor is None:
                return

    async def use(self, tool: str, arguments: Mapping[str, Any]) -> Result:
        """Use a tool, by the server's own name for it. Raises whatever a connection fails with."""
        try:
            result = await self._client.call_tool(tool, dict(arguments))
        except MCPError as error:
            return Result(str(error), refused=True)
        return Result(_text(result), failed=bool(result.is_error))

    async def listen(self, changed: Callable[[], None]) -> None:
        """Hear of changes from servers of the newer protocol, which have to be asked to tell."""
        with suppress(ListenNotSupportedError, MCPError, TimeoutError, ConnectionError):
            async with self._client.listen(tools_list_changed=True) as changes:
                changed()  # what changed before this was not told
                async for _ in changes:
                    changed()


@asynccontextmanager
async def connect(
    settings: McpServer, changed: Callable[[], None], limit_s: float
) -> AsyncGenerator[McpConnection]:
    """Connect; `changed` is called when the server tells that its tools did.

    Neither sampling nor elicitation is offered, so a server can ask for neither.
    """

    async def on_message(message: Any) -> None:
        if isinstance(message, ToolListChangedNotification):
            changed()

    async with AsyncExitStack() as stack:
        if settings.url is None:
            environment = {name: value.get_secret_value() for name, value in settings.env.items()}
            program = StdioServerParameters(
                command=settings.command,
                args=list(settings.args),
                env=environment,
                encoding_error_handler="replace",
            )
            nowhere = stack.enter_context(open(os.devnull, "w"))  # noqa: ASYNC230, PTH123, SIM115
            transport = stdio_client(program, errlog=nowhere)
        else:
            headers = {name: value.get_secret_value() for name, value in settings.headers.items()}
            if settings.token is not None:
                headers["Authorization"] = f"Bearer {settings.token.get_secret_value()}"
            web = await stack.enter_async_context(
                httpx2.AsyncClient(headers=headers, timeout=httpx2.Timeout(limit_s, read=None))
            )
            transport = streamable_http_client(settings.url, http_client=web)
        client = await stack.enter_async_context(
            Client(transport, message_handler=on_message, cache=None)
        )
        yield McpConnection(client)


def _offer(tool: Tool) -> Offer:
    words = (tool.description or tool.title or tool.name).split()
    reads = tool.annotations is not None and bool(tool.annotations.read_only_hint)
    return Offer(tool.name, " ".join(words)[:MAX_DESCRIPTION_CHARS], tool.input_schema, reads)


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
