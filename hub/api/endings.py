"""Ends WebSockets whose login has ended."""

import asyncio
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.accounts.accounts import Accounts
from hub.accounts.callers import Caller
from hub.api.gate import CALLERS
from hub.api.sockets import NOT_LOGGED_IN
from hub.store.errors import StoreError

_GONE: Message = {"type": "websocket.disconnect", "code": NOT_LOGGED_IN}


class Endings:
    """Passes everything on; a socket whose login ends is closed, and hears that it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        accounts: Accounts = scope["app"].state.parts.accounts
        callers: list[Caller] = scope.setdefault(CALLERS, [])
        ending: asyncio.Task[None] | None = None
        closed = False

        async def received() -> Message:
            nonlocal ending, closed
            if not callers:
                return await receive()
            ending = ending or asyncio.create_task(_ended(accounts, callers[0]))
            next_ = asyncio.ensure_future(receive())
            try:
                await asyncio.wait({ending, next_}, return_when=asyncio.FIRST_COMPLETED)
                if next_.done() and not ending.done():
                    return next_.result()
            finally:
                if not next_.done():
                    next_.cancel()
                    with suppress(asyncio.CancelledError):
                        await next_
            if not closed:
                closed = True
                await send({"type": "websocket.close", "code": NOT_LOGGED_IN})
            return _GONE

        async def sent(message: Message) -> None:
            if not closed:
                await send(message)

        try:
            await self._app(scope, received, sent)
        finally:
            if ending is not None:
                ending.cancel()
                with suppress(asyncio.CancelledError):
                    await ending


async def _ended(accounts: Accounts, caller: Caller) -> None:
    while True:
        with suppress(StoreError):  # it can not tell for now
            await accounts.until_ended(caller)
            return
