"""The tools of all MCP servers."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from hub.engines.base import ToolError, ToolSpec
from hub.home.verbs import Risk
from hub.origin import Origin
from hub.tools.mcp_server import McpLink
from hub.tools_settings import McpServer


class McpTools:
    """Servers that run beside the hub: what they do costs nobody but themselves."""

    def __init__(
        self,
        servers: Mapping[str, McpServer],
        changed: Callable[[], None] = lambda: None,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        """`changed` and `told` are as those of a link."""
        self._changed = changed
        self._told = told
        self._put = asyncio.Event()
        self.links: list[McpLink] = []
        self.put(servers)

    def put(
        self, servers: Mapping[str, McpServer], hidden: Mapping[str, AbstractSet[str]] | None = None
    ) -> None:
        """Replace the servers; one that is as it was goes on. `hidden` are tools by server."""
        known = {link.name: link for link in self.links}
        links = []
        for name, settings in servers.items():
            link = known.get(name)
            if link is None or link.settings != settings:
                link = McpLink(name, settings, self._changed, self._told)
            link.hidden = frozenset((hidden or {}).get(name, ()))
            links.append(link)
        self.links = links
        self._put.set()

    async def run(self) -> None:
        """Keep the servers until cancelled."""
        running: dict[McpLink, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._put.clear()
                for link in [link for link in running if link not in self.links]:
                    running.pop(link).cancel()
                for link in self.links:
                    if link not in running:
                        running[link] = tasks.create_task(link.run())
                await self._put.wait()

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
