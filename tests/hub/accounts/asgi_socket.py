"""A WebSocket to an app without a network between: what goes in and comes out are messages."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import orjson
from fastapi import FastAPI
from starlette.types import Message

LIMIT_S = 30.0


class Socket:
    """One end of a socket."""

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[Message] = asyncio.Queue()
        self.outbox: asyncio.Queue[Message] = asyncio.Queue()

    async def next(self) -> Message:
        """Return the next message of the app."""
        async with asyncio.timeout(LIMIT_S):
            return await self.outbox.get()

    async def json(self) -> dict[str, Any]:
        """Return what the next message of the app holds."""
        message = await self.next()
        assert message["type"] == "websocket.send", message
        found: dict[str, Any] = orjson.loads(message["text"])
        return found


@asynccontextmanager
async def socket(app: FastAPI, address: str, **headers: str) -> AsyncGenerator[Socket]:
    """Open a socket; it may be refused with a message."""
    path, query = urlsplit(address).path, urlsplit(address).query
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0"},
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"hub")]
        + [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("192.0.2.1", 1),
        "server": ("hub", 80),
        "subprotocols": [],
        "state": {},
    }
    end = Socket()
    end.inbox.put_nowait({"type": "websocket.connect"})
    serving = asyncio.create_task(app(scope, end.inbox.get, end.outbox.put))
    try:
        yield end
        end.inbox.put_nowait({"type": "websocket.disconnect", "code": 1000})
        async with asyncio.timeout(LIMIT_S):
            await serving
    finally:
        serving.cancel()
