"""The socket of what is so now."""

import asyncio
from contextlib import suppress

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from hub.api import sockets
from hub.api.access import Principal, Role
from hub.api.live import Live
from hub.api.parts import parts_of

router = APIRouter(tags=["live"])

PAUSE_S = 0.05
"""Changes within this time go together: the last one of each thing."""
SEND_S = 10.0
"""A client that takes nothing for so long is let go."""


@router.websocket("/live")
async def live(websocket: WebSocket, epoch: str = "", since: int = -1) -> None:
    """Send a snapshot, then changes; with `epoch` and `since`, only what was missed."""
    async with sockets.opened(websocket, Role.PANEL, "read", sockets.MOST) as principal:
        if principal is not None:
            await _serve(websocket, principal, epoch, since)


async def _serve(websocket: WebSocket, principal: Principal, epoch: str, since: int) -> None:
    state = parts_of(websocket).live
    sending = asyncio.create_task(_send(websocket, state, principal, epoch, since))
    receiving = asyncio.create_task(_receive(websocket))
    try:
        await asyncio.wait({sending, receiving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sending, receiving):
            task.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect, TimeoutError, RuntimeError):
            await asyncio.gather(sending, receiving)


async def _receive(websocket: WebSocket) -> None:
    """Read until the client goes; what it says is of no interest."""
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return


async def _send(
    websocket: WebSocket, state: Live, principal: Principal, epoch: str, number: int
) -> None:
    changes = state.since(number, principal.role) if epoch == state.epoch else None
    if changes is not None:
        async with asyncio.timeout(SEND_S):
            await sockets.send(websocket, state.resumed(number))
    while True:
        newest = state.number
        async with asyncio.timeout(SEND_S):
            if changes is None:
                await sockets.send(websocket, state.snapshot(principal.role))
            else:
                for change in state.latest(changes):
                    await sockets.send(websocket, change.to_dict())
        await state.wait(newest)
        await asyncio.sleep(PAUSE_S)
        changes = state.since(newest, principal.role)
