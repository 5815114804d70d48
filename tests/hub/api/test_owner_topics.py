"""What the live socket shows to owners."""

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hub.api.live import Live, Topic
from hub.api.owner_topics import owner_topics
from hub.api.parts import Parts
from hub.downloads import Downloads
from hub.engine_board import EngineBoard
from hub.engines.models import Models
from hub.recent_log import recent_log

LIMIT_S = 30.0


async def test_what_a_thread_logs_is_shown_by_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: dict[str, int] = {}
    news = asyncio.Event()
    put = Topic.put

    def watched(topic: Topic, id_: str, value: Any) -> None:
        put(topic, id_, value)
        if value.get("text") == "from afar":
            shown[topic.name] = threading.get_ident()
            news.set()

    monkeypatch.setattr(Topic, "put", watched)
    desk = SimpleNamespace(board=EngineBoard(), downloads=Downloads(Models(tmp_path, "")))
    acting = SimpleNamespace(tooling=SimpleNamespace(version=1, on_change=lambda _: None))
    parts = SimpleNamespace(live=Live(), desk=desk, acting=acting)
    with owner_topics(cast("Parts", parts)):
        record = {"event": "from afar", "level": "warning"}
        await asyncio.to_thread(recent_log, None, "warning", record)
        async with asyncio.timeout(LIMIT_S):
            await news.wait()
    assert shown == {"log": threading.get_ident()}
