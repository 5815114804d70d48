"""Serves the API within the hub's own loop."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress

import uvicorn
from fastapi import FastAPI

from hub.api.connections import Connection
from hub.dashboard_settings import Dashboard
from hub.hub_errors import HubError, explain_address
from protocol.listening import stop_listening
from protocol.time_limit import time_limit

START_S = 10.0
CLOSE_S = 2.0
MAX_MESSAGE_BYTES = 1 << 20
"""Of a WebSocket: what is larger ends it."""
BACKLOG = 128


class _Server(uvicorn.Server):
    """Leaves signals to the hub."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.listens.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End, with all who were let in."""
        for server in self.servers:
            await stop_listening(server)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def serving(app: FastAPI, settings: Dashboard) -> AsyncGenerator[str]:
    """Serve for as long as the block runs; gives the page's address. Raises HubError."""
    listening = _listen(settings.host, settings.port)
    host, port = listening.getsockname()[:2]
    scheme = "http" if settings.certificate is None else "https"
    shown = _shown(host, by_name=settings.certificate is not None)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        http=Connection,
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=10.0,
        ws_ping_timeout=10.0,
        timeout_graceful_shutdown=round(CLOSE_S),
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
    )
    try:
        config.load()
    except (OSError, ValueError) as error:
        listening.close()
        raise HubError(
            f"dashboard.certificate or dashboard.key can not be used: {error}."
        ) from None
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        async with asyncio.timeout(START_S):
            await server.listens.wait()
        yield f"{scheme}://{shown}:{port}"
    finally:
        server.should_exit = True
        with suppress(TimeoutError, asyncio.CancelledError):
            async with time_limit(CLOSE_S * 2):
                await task
        task.cancel()
        listening.close()


def _shown(host: str, *, by_name: bool) -> str:
    """Return how others on the network call a host that is listened on.

    A phone finds an address always, and a name where the network's router knows it; certificates
    are for names.
    """
    if host in {"127.0.0.1", "::1"}:
        return "localhost"
    if host in {"0.0.0.0", "::"}:  # noqa: S104  # compared, not listened on
        host = socket.gethostname() if by_name else _own_address() or socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _own_address() -> str | None:
    """Return the address by which this machine is in its network; None: it is in none."""
    for family, anywhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.connect((anywhere, 9))  # nothing is sent: it only chooses the way
            return str(asking.getsockname()[0])
    return None


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By the protocol's name asyncio knows it for TCP, and sends each answer at once: without it the
    # kernel holds the second piece of an answer back for 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise HubError(explain_address(host, port, error, "dashboard")) from None
    return listening
