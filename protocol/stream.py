"""Opening links and accepting them: with `link`, what does the wire's I/O."""

import asyncio
import logging
import socket
import ssl as tls
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Self

from protocol.connection import KeepAlive
from protocol.errors import LinkClosed, PeerError, Unreachable
from protocol.limits import Limits
from protocol.link import CLOSE_TIMEOUT_S, Link
from protocol.listening import stop_listening
from protocol.state import Role

__all__ = ["Handler", "Link", "Server", "connect", "open_link", "serve"]

_log = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 5.0
# A home has a dozen satellites; this is what one core carries with ease.
MAX_LINKS = 256
# Behind one address may be a whole house: a proxy, or several satellites on one machine.
MAX_LINKS_PER_HOST = 64

Handler = Callable[[Link], Awaitable[None]]


async def connect(
    host: str,
    port: int,
    *,
    role: Role,
    timeout_s: float = CONNECT_TIMEOUT_S,
    limits: Limits | None = None,
    keep_alive: KeepAlive | None = None,
    ssl: tls.SSLContext | None = None,
) -> Link:
    """Open a link to an address.

    Raises:
        Unreachable: nobody answers there, or not in time.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            _, link = await loop.create_connection(
                lambda: Link(role, limits=limits, keep_alive=keep_alive),
                host,
                port,
                ssl=ssl,
                ssl_shutdown_timeout=CLOSE_TIMEOUT_S if ssl else None,
            )
    except TimeoutError as error:
        raise Unreachable(
            "connect-timeout", f"{host}:{port} did not answer within {timeout_s:g} s"
        ) from error
    except OSError as error:
        raise Unreachable("unreachable", f"{host}:{port} can not be reached: {error}") from error
    return link


async def open_link(
    sock: socket.socket,
    *,
    role: Role,
    limits: Limits | None = None,
    keep_alive: KeepAlive | None = None,
) -> Link:
    """Make a link of a connected stream socket, such as half of a socketpair, and own it."""
    loop = asyncio.get_running_loop()
    sock.setblocking(False)
    open_ = loop.create_unix_connection if sock.family == socket.AF_UNIX else loop.create_connection
    async with asyncio.timeout(CONNECT_TIMEOUT_S):
        _, link = await open_(lambda: Link(role, limits=limits, keep_alive=keep_alive), sock=sock)
    return link


class Server:
    """Accepts links and runs a handler for each. A handler that fails costs its own link only."""

    def __init__(self, handler: Handler, *, max_links: int, max_links_per_host: int) -> None:
        self._handler = handler
        self._max_links = max_links
        self._max_links_per_host = max_links_per_host
        self._sockets: asyncio.Server | None = None
        self._tasks: dict[Link, asyncio.Task[None]] = {}
        self._ending: set[Link] = set()
        self._farewells: set[asyncio.Task[None]] = set()
        self._closed = False

    async def listen(
        self,
        make_link: Callable[[Callable[[Link], None]], Link],
        host: str,
        port: int,
        ssl: tls.SSLContext | None,
    ) -> None:
        """Begin to accept links. Raises OSError when the address can not be listened on."""
        loop = asyncio.get_running_loop()
        self._sockets = await loop.create_server(
            lambda: make_link(self._accept),
            host,
            port,
            ssl=ssl,
            ssl_shutdown_timeout=CLOSE_TIMEOUT_S if ssl else None,
        )

    @property
    def addresses(self) -> Sequence[tuple[str, int]]:
        """Where it listens."""
        sockets = self._sockets.sockets if self._sockets is not None else ()
        return [sock.getsockname()[:2] for sock in sockets]

    @property
    def links(self) -> Sequence[Link]:
        """The links that are open."""
        return list(self._tasks)

    async def close(self) -> None:
        """Stop listening, cancel every handler and end its link, within twice `CLOSE_TIMEOUT_S`."""
        if self._sockets is not None:
            await stop_listening(self._sockets)
        self._closed = True
        tasks = dict(self._tasks)
        for link, task in tasks.items():
            # A link that is being closed already ends by itself, and its last words count.
            if link not in self._ending:
                task.cancel()
        if tasks or self._farewells:
            waiting = [*tasks.values(), *self._farewells]
            await asyncio.wait(waiting, timeout=2 * CLOSE_TIMEOUT_S)
        for link in self._tasks:
            link.abort()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def _accept(self, link: Link) -> None:
        if self._closed:  # it was still agreeing on TLS
            link.abort()
            return
        same_host = sum(other.host == link.host for other in self._tasks)
        if len(self._tasks) >= self._max_links or same_host >= self._max_links_per_host:
            self._turn_away(link)
            return
        task = asyncio.create_task(self._run(link), name=f"link {link.peer}")
        self._tasks[link] = task
        task.add_done_callback(lambda _: self._forget(link))

    def _turn_away(self, link: Link) -> None:
        if len(self._farewells) >= self._max_links:
            link.abort()  # a flood gets no explanations
            return
        link.reject("too-many-links", "too many links; try again later")
        task = asyncio.create_task(link.close(), name=f"farewell {link.peer}")
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    def _forget(self, link: Link) -> None:
        del self._tasks[link]
        self._ending.discard(link)

    async def _run(self, link: Link) -> None:
        try:
            await self._handler(link)
        except (PeerError, LinkClosed) as error:
            _log.info("link %s ended: %s (%s)", link.peer, error.text, error.code)
        except Exception:  # noqa: BLE001  # a bug in one link's handler must not cost the others
            _log.exception("link %s failed", link.peer)
            link.reject("internal-error", "the other side failed; its log says why")
        finally:
            self._ending.add(link)
            await link.close()


async def serve(
    handler: Handler,
    host: str,
    port: int,
    *,
    role: Role,
    max_links: int = MAX_LINKS,
    max_links_per_host: int = MAX_LINKS_PER_HOST,
    limits: Limits | None = None,
    keep_alive: KeepAlive | None = None,
    ssl: tls.SSLContext | None = None,
) -> Server:
    """Listen on an address and run `handler` for each link; the link is closed when it returns.

    Raises:
        OSError: the address can not be listened on.
    """
    server = Server(handler, max_links=max_links, max_links_per_host=max_links_per_host)

    def make_link(on_open: Callable[[Link], None]) -> Link:
        return Link(role, limits=limits, keep_alive=keep_alive, on_open=on_open)

    await server.listen(make_link, host, port, ssl)
    return server
