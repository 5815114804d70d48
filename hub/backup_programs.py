"""Programs that a backup has the hub start: MCP servers with a command, of its store or its
settings."""

import shlex
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import orjson

from hub.settings import HubSettings
from hub.store.errors import StoreError
from hub.tools.additions import NamedServer, parsed
from hub.tools.masking import MASK, shown
from hub.tools.mistakes import Mistaken
from hub.tools_settings import McpServer
from hub.words import worded


class RunsPrograms(Exception):
    """A backup has the hub start programs that it does not start now."""

    def __init__(self, programs: Sequence[str]) -> None:
        super().__init__(f"This backup runs programs: {'; '.join(programs)}.")
        self.programs = tuple(programs)
        """As they would be typed, secrets left out."""


def check_programs(store: Path, settings: HubSettings | None, known: Iterable[McpServer]) -> None:
    """Raise RunsPrograms for those in a store and in settings that are not `known`.

    Raises StoreError.
    """
    try:
        stored = list(_stored(store))
    except sqlite3.Error:
        raise StoreError(
            "bad-backup", worded("backup-damaged", "The database in this backup is damaged.")
        ) from None
    trusted = {_started(server) for server in known}
    found = {
        _started(server): _typed(server) for server in (*stored, *_set(settings)) if server.command
    }
    new = [typed for started, typed in found.items() if started not in trusted]
    if new:
        raise RunsPrograms(new)


def _stored(store: Path) -> Iterator[NamedServer]:
    """Yield the servers of a store that are in force."""
    with closing(sqlite3.connect(store)) as opened:
        if not opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'additions'").fetchone():
            return
        query = "SELECT value FROM additions WHERE kind = 'server' AND enabled"
        for (value,) in opened.execute(query):
            try:
                server = parsed("server", orjson.loads(value))
            except (Mistaken, ValueError, TypeError):
                continue  # the hub would not take it either
            if isinstance(server, NamedServer):
                yield server


def _set(settings: HubSettings | None) -> Iterator[NamedServer]:
    """Yield the servers of settings."""
    for name, server in {} if settings is None else settings.mcp.servers.items():
        yield NamedServer.model_validate({**server.model_dump(), "name": name})


def _started(server: McpServer) -> tuple[object, ...]:
    """Return what tells one program from another, its variables among it."""
    variables = {name: value.get_secret_value() for name, value in server.env.items()}
    return server.command, server.args, tuple(sorted(variables.items()))


def _typed(server: NamedServer) -> str:
    """Return how it would be typed."""
    variables = [f"{name}={MASK}" for name in server.env]
    words = [server.command, *shown(server)["args"]]
    return " ".join([*variables, *(word if word == MASK else shlex.quote(word) for word in words)])
