"""What all WebSockets of the API have in common: who may open one, and how one is refused."""

from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson
from starlette.websockets import WebSocket

from hub.api.access import Principal, Role, admit
from hub.api.problems import Problem
from hub.store.errors import StoreError

NOT_LOGGED_IN = 4401
NOT_ALLOWED = 4403
TOO_MANY = 4429
GOING_AWAY = 1001
TRY_LATER = 1013
MOST = 64
"""Open ones of one user: a panel on every wall, and all tabs. They share the hub's connections."""
MOST_TALKING = 16
"""Open ones of one user that may bring sound."""
MAX_CLOSE_CHARS = 100
"""Of a reason that goes with a close: 123 bytes at most are allowed."""
_CLOSES = {401: NOT_LOGGED_IN, 429: TOO_MANY, 503: TRY_LATER}


@asynccontextmanager
async def opened(
    websocket: WebSocket, least: Role, scope: str, most: int
) -> AsyncGenerator[Principal | None]:
    """Open a socket for whoever may, for the block; say why not otherwise, and give None.

    One user has at most so many of a scope.
    """
    open_: Counter[tuple[str, str]] = websocket.app.state.sockets
    try:
        principal = await admit(websocket, least, scope)
        mine = principal.user, scope
        if open_[mine] >= most:
            raise Problem(
                429, "too-many-sockets", f"You have {most} connections here. Close some windows."
            )
    except Problem as problem:
        await _refuse(websocket, problem)
        yield None
        return
    except StoreError as error:
        await _refuse(websocket, Problem(503, f"store-{error.code}", str(error)))
        yield None
        return
    open_[mine] += 1
    try:
        await websocket.accept()
        yield principal
    finally:
        open_[mine] -= 1
        if not open_[mine]:
            del open_[mine]


async def send(websocket: WebSocket, message: Mapping[str, Any]) -> None:
    """Send a message as JSON."""
    await websocket.send_text(orjson.dumps(message).decode())


async def _refuse(websocket: WebSocket, problem: Problem) -> None:
    await websocket.accept()  # only an open socket can say why it is closed
    await send(websocket, {"type": "error", "code": problem.code, "text": problem.detail})
    code = _CLOSES.get(problem.status, NOT_ALLOWED)
    await websocket.close(code, problem.detail[:MAX_CLOSE_CHARS])
