"""A small MCP server made with the SDK. Arguments: stdio, or the port for HTTP."""

import asyncio
import os
import sys

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

server = MCPServer("small")
READS = ToolAnnotations(read_only_hint=True)


@server.tool(annotations=READS)
def add(a: int, b: int) -> str:
    """Add two numbers."""
    return str(a + b)


@server.tool()
def water(plant: str) -> str:
    """Water a plant."""
    return f"{plant} has water"


@server.tool(annotations=READS)
def secret() -> str:
    """Tell the secret of the environment."""
    return os.environ.get("SMALL_SECRET", "none")


@server.tool(annotations=READS)
async def hang() -> str:
    """Never answer."""
    await asyncio.sleep(3600)
    return ""


@server.tool(annotations=READS)
def crash() -> str:
    """End the server."""
    os._exit(3)


@server.tool(annotations=READS)
def flood() -> str:
    """Answer with a megabyte."""
    return "x" * 1_000_000


@server.tool(annotations=READS)
def fail() -> str:
    """Fail."""
    raise ToolError("the moon is full")


@server.tool(annotations=READS)
async def grow(ctx: Context) -> str:
    """Have one tool more."""

    def grown() -> str:
        """Be new."""
        return "new"

    server.add_tool(grown, name="grown", annotations=READS)
    await ctx.notify_tools_changed()
    return "grown"


if __name__ == "__main__":
    if sys.argv[1] == "stdio":
        server.run("stdio")
    else:
        server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
