"""The sockets of conversation by text and by voice."""

from fastapi import APIRouter
from starlette.websockets import WebSocket

from hub.api import sockets
from hub.api.access import Role
from hub.api.parts import parts_of
from hub.api.talk.accent import Accent, Plain
from hub.api.talk.predecessor import Predecessor
from hub.api.talk.visit import visit

router = APIRouter(tags=["talk"])


@router.websocket("/talk")
async def talk(websocket: WebSocket) -> None:
    """Talk, as `docs/api-talk.md` says."""
    await _serve(websocket, Plain())


@router.websocket("/ws/audio")
async def audio(websocket: WebSocket, token: str = "", language: str | None = None) -> None:
    """Talk in the words of the predecessor's clients; `token` is an API token."""
    headers: list[tuple[bytes, bytes]] = websocket.scope["headers"]
    if token and not any(name == b"authorization" for name, _ in headers):
        headers.append((b"authorization", f"Bearer {token}".encode()))
    await _serve(websocket, Predecessor(language))


async def _serve(websocket: WebSocket, accent: Accent) -> None:
    most = sockets.MOST_TALKING
    async with sockets.opened(websocket, Role.GUEST, "talk", most) as principal:
        if principal is not None:
            await visit(websocket, principal, parts_of(websocket), accent)
