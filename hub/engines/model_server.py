"""The HTTP side of a language model's server: bounded lines as they come, errors in plain words."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

import httpx2
import orjson

from hub.engines.base import ChatPart, EngineError
from hub.words import Words, worded

CONNECT_S = 1.0
"""A server at home accepts in milliseconds; one that is away must not hold up every turn."""
FIRST_PART_S = 15.0
"""Until the first word or tool call. A turn gives up after 16 s: this error comes first."""
NEXT_PART_S = 10.0
"""Between two words: a server that hangs, not one that is slow."""
ANSWER_S = 5.0
"""For a short question about a model."""
LOAD_S = 300.0
"""To load a large model from a slow disk."""
MAX_LINE_BYTES = 1 << 20
"""One piece of an answer; a tool call with all its arguments comes in one."""
MAX_BODY_BYTES = 4 << 20
"""A list of models, or a model's card with its licence."""
MAX_ERROR_CHARS = 300
"""Of what a server says about an error."""


class ServerRefused(Exception):
    """The server answered with an error. `status` is that of HTTP, `text` what it says."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"HTTP {status}: {text}")
        self.status = status
        self.text = text


class ConnectionBroke(EngineError):
    """The server answered, and the connection ended before the answer did."""


class ModelServer:
    """A connection pool to one server. Raises EngineError, and ServerRefused for its errors."""

    def __init__(self, url: str, *, kind: str, away: str, key: str = "") -> None:
        """`kind` names the server in errors, `away` says what to do when nobody answers."""
        self._url = httpx2.URL(url.rstrip("/") + "/")
        self._kind = kind
        self._away = away
        self._key = key
        headers = {"Accept-Encoding": "identity"}  # a compressed stream comes in lumps
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._client = httpx2.AsyncClient(
            base_url=self._url,
            headers=headers,
            timeout=httpx2.Timeout(None, connect=CONNECT_S),
            # Proxies and keys of the environment are not the hub's settings.
            trust_env=False,
            verify=self._url.scheme == "https",
        )

    @property
    def place(self) -> str:
        """The server's address without what is secret in it."""
        port = f":{self._url.port}" if self._url.port is not None else ""
        return f"{self._url.scheme}://{self._url.host}{port}"

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Return a short answer's JSON."""
        try:
            async with asyncio.timeout(ANSWER_S), self._open(method, path, body) as response:
                answer = parsed(await _body(response))
        except TimeoutError:
            raise EngineError(
                "engine-timeout",
                worded("server-slow", "{server} did not answer in time.", server=self._kind),
            ) from None
        if not isinstance(answer, dict):
            raise EngineError(
                "engine-failed",
                worded(
                    "server-strange", "{server} answered with something else.", server=self._kind
                ),
            )
        return answer

    async def tell(self, method: str, path: str, body: Mapping[str, Any]) -> None:
        """Send what is answered with a status alone."""
        try:
            async with asyncio.timeout(ANSWER_S), self._open(method, path, body) as response:
                await _body(response)
        except TimeoutError:
            raise EngineError(
                "engine-timeout",
                worded("server-slow", "{server} did not answer in time.", server=self._kind),
            ) from None

    async def lines(self, path: str, body: Mapping[str, Any]) -> AsyncGenerator[bytes]:
        """Yield the lines of a streamed answer, empty ones too, without their ends."""
        async with self._open("POST", path, body) as response:
            splitter = LineSplitter()
            async for chunk in response.aiter_bytes():
                for line in splitter.feed(chunk):
                    yield line
            if rest := splitter.rest:
                yield rest

    @asynccontextmanager
    async def _open(
        self, method: str, path: str, body: Mapping[str, Any] | None
    ) -> AsyncGenerator[httpx2.Response]:
        content = None if body is None else orjson.dumps(body)
        headers = {"Content-Type": "application/json"} if content is not None else {}
        try:
            async with self._client.stream(
                method, path.lstrip("/"), content=content, headers=headers
            ) as response:
                if response.status_code >= 300:
                    text = error_text(await _body(response))
                    raise ServerRefused(response.status_code, self._scrubbed(text))
                yield response
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            text = worded(
                "server-away",
                "{server} does not answer at {address}. {advice}",
                server=self._kind,
                address=self.place,
                advice=self._away,
            )
            raise EngineError("engine-missing", text) from None
        except httpx2.UnsupportedProtocol:
            text = worded(
                "server-address",
                "{server}'s address must begin with http:// or https://.",
                server=self._kind,
            )
            raise EngineError("bad-request", text) from None
        except httpx2.HTTPError as error:
            what = self._scrubbed(str(error) or type(error).__name__)
            raise ConnectionBroke(
                "engine-failed",
                worded(
                    "server-broke",
                    "The connection to {server} broke: {why}",
                    server=self._kind,
                    why=what,
                ),
            ) from None

    def failed(self, text: str) -> EngineError:
        """Return the error for what the server said in the middle of an answer."""
        return EngineError(
            "engine-failed",
            worded(
                "server-failed",
                "{server} failed: {why}",
                server=self._kind,
                why=self._scrubbed(text),
            ),
        )

    def _scrubbed(self, text: str) -> str:
        if isinstance(text, Words):
            return text  # the hub's own
        text = text.replace(self._key, "***") if self._key else text
        return " ".join(text.split())[:MAX_ERROR_CHARS]


class LineSplitter:
    """Cuts bytes into lines, wherever they were cut before. A line ends in CR, LF or both."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._after_cr = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that `chunk` completes. Raises EngineError for an endless one."""
        if not chunk:
            return []
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            self._after_cr = False
            if not chunk:
                return []
        self._after_cr = chunk.endswith(b"\r")
        parts = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        lines = []
        for part in parts[:-1]:
            lines.append(bytes(self._rest) + part)
            self._rest.clear()
        self._rest += parts[-1]
        if len(self._rest) > MAX_LINE_BYTES:
            raise EngineError(
                "engine-failed",
                worded("server-endless-line", "The model's server sent a line without end."),
            )
        return lines

    @property
    def rest(self) -> bytes:
        """A last line that has no end."""
        return bytes(self._rest)


async def in_time(
    parts: AsyncGenerator[ChatPart | None], first_s: float, next_s: float
) -> AsyncGenerator[ChatPart]:
    """Yield parts, each in time; None tells that one is being written. Raises EngineError."""
    limit_s = first_s
    async with aclosing(parts) as stream:
        while True:
            try:
                async with asyncio.timeout(limit_s):
                    part = await anext(stream, _END)
            except TimeoutError:
                text = worded(
                    "model-silent", "The model wrote nothing for {seconds:g} s.", seconds=limit_s
                )
                raise EngineError("engine-timeout", text) from None
            if part is _END:
                return
            limit_s = next_s
            if part is not None:
                yield part


def parsed(data: bytes) -> Any:
    """Return what JSON says. Raises EngineError."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        shown = data[:80].decode("utf-8", "replace")
        raise EngineError(
            "engine-failed",
            worded("server-no-json", "The model's server sent no JSON: {shown}", shown=shown),
        ) from None


def error_text(body: bytes) -> str:
    """Return what a server says about an error: servers of both kinds say it in "error"."""
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return " ".join(body.decode("utf-8", "replace").split())[:MAX_ERROR_CHARS]
    return said_error(said) or str(said)[:MAX_ERROR_CHARS]


def said_error(said: Any) -> str:
    """Return the text of an error object; empty if there is no error in it."""
    error = said.get("error") if isinstance(said, dict) else None
    if isinstance(error, dict):
        error = error.get("message") or error.get("code") or "no reason given"
    return str(error) if error else ""


async def _body(response: httpx2.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise EngineError(
                "engine-failed",
                worded("server-endless", "The model's server sent an answer without end."),
            )
    return bytes(body)


_END: Any = object()
