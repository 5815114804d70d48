"""One address on the web that is asked now and then: in bounds, and not too often."""

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from typing import Generic, TypeVar

import httpx2

from hub.engines.base import ToolError

FETCH_S = 4.0
"""For all of an answer, redirects too: a tool has 4.5 s, for a turn waits no longer."""
KEEP_S = 600.0
"""How long an answer is taken for the present one."""
REST_S = 30.0
"""How long a source that failed is left alone."""
MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

T = TypeVar("T")


class WebSource(Generic[T]):
    """What is at an address, as `read` makes it of the bytes. For one event loop.

    Only the name and the host stand in errors: the rest of an address may be private.
    """

    def __init__(
        self,
        name: str,
        url: str,
        read: Callable[[bytes], T],
        *,
        max_bytes: int,
        fetch_s: float = FETCH_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`read` raises ValueError for what it can not read, with the reason; it has a thread."""
        self._name = name
        self._url = httpx2.URL(url)
        self._read = read
        self._max_bytes = max_bytes
        self._fetch_s = fetch_s
        self._clock = clock
        self._lock = asyncio.Lock()
        self._kept: tuple[float, T | ToolError] | None = None

    async def get(self) -> T:
        """Return what is there, as it was within the last ten minutes. Raises ToolError."""
        try:
            async with asyncio.timeout(self._fetch_s), self._lock:  # whoever asks at once waits
                kept = self._recent()
                if kept is None:
                    kept = await self._fetched()
                    self._kept = (self._clock(), kept)
        except TimeoutError:
            kept = ToolError(f"{self._place} did not answer in time.")
            self._kept = (self._clock(), kept)
        if isinstance(kept, ToolError):
            raise ToolError(str(kept))
        return kept

    @property
    def _place(self) -> str:
        return f"{self._name} at {self._url.host}"

    def _recent(self) -> T | ToolError | None:
        if self._kept is None:
            return None
        since_s, kept = self._kept
        limit_s = REST_S if isinstance(kept, ToolError) else KEEP_S
        return kept if self._clock() - since_s < limit_s else None

    async def _fetched(self) -> T | ToolError:
        try:
            return await asyncio.to_thread(self._read, await self._body())
        except ToolError as error:
            return error
        except ValueError as error:
            return ToolError(f"{self._place} sends what can not be used: {error}.")
        except httpx2.ConnectError:
            return ToolError(f"{self._place} can not be reached.")
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
            return ToolError(f"{self._place} broke off ({type(error).__name__}).")

    async def _body(self) -> bytes:
        verify = await asyncio.to_thread(httpx2.create_ssl_context, trust_env=False)
        async with httpx2.AsyncClient(
            # Compressed anything has no known end.
            headers={"Accept-Encoding": "identity", "User-Agent": "Sotto"},
            timeout=httpx2.Timeout(None),  # all of it together has one
            trust_env=False,  # proxies of the environment are not the hub's settings
            verify=verify,
        ) as client:
            url = self._url
            for _ in range(MAX_REDIRECTS + 1):
                async with client.stream("GET", url) as response:
                    if response.status_code not in _REDIRECTS:
                        return await self._content(response)
                    url = self._next(url, response.headers.get("location", ""))
        raise ToolError(f"{self._place} sends from one address to the next without end.")

    def _next(self, url: httpx2.URL, location: str) -> httpx2.URL:
        """Return where a redirect leads. Raises ToolError.

        Only over TLS to another host: a page on the web must not steer the hub to the machines of
        the house, which answer in plain text.
        """
        there = url.join(location)
        here = (url.scheme, url.host, url.port)
        if not there.userinfo and (
            there.scheme == "https" or (there.scheme, there.host, there.port) == here
        ):
            return there
        raise ToolError(f"{self._place} sends to another address, which is not asked.")

    async def _content(self, response: httpx2.Response) -> bytes:
        if response.status_code != 200:
            raise ToolError(f"{self._place} answers with status {response.status_code}.")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise ToolError(f"{self._place} compresses its answer, though asked not to.")
        body = bytearray()
        async with aclosing(response.aiter_raw()) as pieces:
            async for piece in pieces:
                body += piece
                if len(body) > self._max_bytes:
                    raise ToolError(f"{self._place} sends more than {self._max_bytes} bytes.")
        return bytes(body)
