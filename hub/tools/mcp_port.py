"""What a hub asks of an MCP server, whatever library connects to it."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool, as its server offers it."""

    name: str
    description: str
    schema: Mapping[str, Any]
    """Of its arguments: JSON Schema."""
    reads: bool
    """Whether it says of itself that it only reads."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of using a tool."""

    text: str
    failed: bool = False
    """The tool says that it failed."""
    refused: bool = False
    """The server did not use it."""


class Connection(Protocol):
    """A server that is there."""

    def tools(self, most_pages: int) -> AsyncIterator[Offer]:
        """Yield the tools that there are, of so many pages at most."""

    async def use(self, tool: str, arguments: Mapping[str, Any]) -> Result:
        """Use a tool, by the server's own name for it. Raises whatever a connection fails with."""

    async def listen(self, changed: Callable[[], None]) -> None:
        """Call `changed` whenever the server tells that its tools did, until it tells no more."""
