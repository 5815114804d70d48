"""The tools of all MCP servers."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hub.engines.base import ToolError, ToolSpec
from hub.home.verbs import Risk
from hub.origin import Origin
from hub.tools.mcp_server import McpLink
from hub.tools_settings import McpServer


class McpTools:
    """Servers that run beside the hub: what they do costs nobody but themselves."""

    def __init__(
        self, servers: Mapping[str, McpServer], changed: Callable[[], None] = lambda: None
    ) -> None:
        self.links = [McpLink(name, settings, changed) for name, settings in servers.items()]

    async def run(self) -> None:
        """Keep the servers until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for link in self.links:
                tasks.create_task(link.run())
            await asyncio.Event().wait()

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tools, in the order of the servers in the settings."""
        return [spec for link in self.links for spec in link.specs()]

    def risk(self, name: str) -> Risk:
        """Return whether a yes is needed first."""
        link = self._of(name)
        return "confirm" if link is None else link.risk(name)

    def question(self, name: str, arguments: Mapping[str, Any], language: str) -> str:
        """Return nothing: the hub asks in its own words."""
        del name, arguments, language
        return ""

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        """Use a tool. Raises ToolError. Who asks is not told to servers."""
        del origin
        link = self._of(name)
        if link is None:
            raise ToolError(f"there is no tool {name} now.")
        return await link.call(name, arguments)

    def _of(self, name: str) -> McpLink | None:
        return next((link for link in self.links if link.has(name)), None)
