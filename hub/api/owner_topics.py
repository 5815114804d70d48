"""What the live socket shows to owners: engines, downloads, tools, and the log as it is written."""

import asyncio
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any

from hub.api.access import Role
from hub.api.parts import Parts
from hub.downloads import Download
from hub.events import EngineChanged
from hub.recent_log import LogLine, recent_log
from hub.words import told

SHOWN_LINES = 100
"""Of the log; more can be asked for."""


@contextmanager
def owner_topics(parts: Parts) -> Generator[None]:
    """Show them while the block runs."""
    engines = parts.live.topic("engines", Role.OWNER)
    downloads = parts.live.topic("downloads", Role.OWNER)
    lines = parts.live.topic("log", Role.OWNER)
    tools = parts.live.topic("tools", Role.OWNER)
    shown: deque[int] = deque()

    def show_engine(role: str, fact: EngineChanged) -> None:
        engines.put(role, engine_value(fact))

    def show_download(model: str, download: Download | None) -> None:
        if download is None:
            downloads.drop(model)
        else:
            downloads.put(model, {**asdict(download), "words": told(download.problem)})

    def show_line(line: LogLine) -> None:
        if line.level == "debug":
            return
        shown.append(line.number)
        lines.put(str(line.number), line_value(line))
        if len(shown) > SHOWN_LINES:
            lines.drop(str(shown.popleft()))

    loop = asyncio.get_running_loop()

    def take_line(line: LogLine) -> None:
        with suppress(RuntimeError):  # the loop has ended, and a thread still logs
            loop.call_soon_threadsafe(show_line, line)

    def show_tools() -> None:
        tools.put("tools", {"version": parts.acting.tooling.version})

    for line in reversed(recent_log.lines("info", SHOWN_LINES)):
        show_line(line)
    end = recent_log.follow(take_line)
    parts.desk.board.on_change(show_engine)
    parts.desk.downloads.on_change(show_download)
    parts.acting.tooling.on_change(show_tools)
    show_tools()
    try:
        yield
    finally:
        end()


def engine_value(fact: EngineChanged) -> dict[str, Any]:
    """Return what an engine told, as it is sent."""
    return {
        "engine": fact.engine,
        "ready": fact.ready,
        "text": fact.text,
        "words": told(fact.text),
        "memory_bytes": fact.memory_bytes,
    }


def line_value(line: LogLine) -> dict[str, Any]:
    """Return a line of the log as it is sent."""
    return {
        "number": line.number,
        "at": line.at.isoformat(),
        "level": line.level,
        "text": line.text,
        "values": dict(line.values),
    }
