"""One HTTP service that hears or speaks: its address, its key, its limits and its failures.

The key travels in a header and is shown nowhere: not in texts, addresses, logs or representations.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

import httpx2
import orjson
from pydantic import SecretStr

from hub.engines.base import EngineError
from hub.engines.speech_bounds import one_line
from hub.engines.speech_pace import SpeechPace
from hub.words import Words, worded

CONNECT_TIMEOUT_S = 5.0
MAX_ERROR_BYTES = 16 * 1024
MAX_ANSWER_BYTES = 256 * 1024
"""A transcript of five minutes in JSON, with room for what else a service tells."""
MAX_CONNECTIONS = 8
KEEP_CONNECTION_S = 60.0

_REFUSES = worded("did-refuse", "refuses")
_KEY = re.compile(r"[!-~]{1,1000}")


class ServiceKey(httpx2.Auth):
    """Adds the key to a request as it leaves."""

    def __init__(self, header: str, prefix: str, key: SecretStr) -> None:
        """Raises EngineError "bad-request" for what can not be a key."""
        if not _KEY.fullmatch(key.get_secret_value()):
            raise EngineError(
                "bad-request", worded("bad-key", "The API key has characters that no key has.")
            )
        self._header = header
        self._prefix = prefix
        self._key = key

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response]:
        """Put the key into the request's header."""
        request.headers[self._header] = self._prefix + self._key.get_secret_value()
        yield request

    def hidden_in(self, text: str) -> str:
        """Return a text without the key, which some services repeat in their errors."""
        return text.replace(self._key.get_secret_value(), "***")


class HttpService:
    """Requests to one service. `name` is for people; errors tell what to do where that is known."""

    def __init__(
        self, name: str, base_url: str, key: ServiceKey | None, advice: Mapping[str, str]
    ) -> None:
        """`advice` goes from a status ("401") or a code of the service to what to do.

        Raises EngineError "bad-request" for an address that is none.
        """
        self.name = name
        self._key = key
        self._advice = advice
        url = _url(name, base_url)
        self._place = url.host
        self._client = httpx2.AsyncClient(
            base_url=url,
            auth=key,
            # Compressed audio is no smaller, and compressed anything has no known end.
            headers={"Accept-Encoding": "identity"},
            timeout=httpx2.Timeout(None, connect=CONNECT_TIMEOUT_S, pool=CONNECT_TIMEOUT_S),
            limits=httpx2.Limits(
                max_connections=MAX_CONNECTIONS,
                max_keepalive_connections=2,
                keepalive_expiry=KEEP_CONNECTION_S,
            ),
            trust_env=False,  # proxies of the environment are not the hub's settings
            verify=url.scheme == "https",
        )

    async def close(self) -> None:
        """End every connection."""
        await self._client.aclose()

    async def check(self) -> None:
        """Raise EngineError where nobody answers; any answer will do. The key is not sent."""
        request = self._client.build_request("GET", "")
        async with self._failures(), asyncio.timeout(CONNECT_TIMEOUT_S):
            response = await self._client.send(request, stream=True, auth=None)
            await response.aclose()

    @asynccontextmanager
    async def post(
        self, path: str, limit_s: float, **content: Any
    ) -> AsyncIterator[httpx2.Response]:
        """Send a request and enter with a good answer's head, within `limit_s`.

        What the body raises in reading is turned into EngineError. Leaving early cancels.
        """
        request = self._client.build_request("POST", path, **content)
        response: httpx2.Response | None = None
        async with self._failures():
            try:
                async with asyncio.timeout(limit_s):
                    response = await self._client.send(request, stream=True)
                    if response.status_code != 200:
                        raise await self._refusal(response)
                yield response
            finally:
                if response is not None:
                    await response.aclose()

    @asynccontextmanager
    async def _failures(self) -> AsyncIterator[None]:
        """Turn what the client raises into EngineError."""
        try:
            yield
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise EngineError(
                "engine-timeout",
                worded(
                    "service-slow",
                    "{service} at {address} did not answer in time.",
                    service=self.name,
                    address=self._place,
                ),
            ) from error
        except httpx2.ConnectError as error:
            what = "can not be reached: look at its address, and whether it runs"
            raise self.failed(worded("did-not-reach", what)) from error
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise self.failed(
                worded("did-break-off", "broke off ({why})", why=type(error).__name__)
            ) from error

    async def pieces(self, response: httpx2.Response, pace: SpeechPace) -> AsyncGenerator[bytes]:
        """Yield a body as it comes, within the limits of `pace`, which is told of each sound."""
        body = response.aiter_bytes()
        async with aclosing(body):
            while True:
                async with pace.waiting():
                    piece = await anext(body, None)
                if piece is None:
                    return
                yield piece

    async def read(self, response: httpx2.Response, limit_s: float) -> Any:
        """Return the JSON of a body, within `limit_s`. Raises EngineError."""
        async with asyncio.timeout(limit_s):
            body = await _read(response, MAX_ANSWER_BYTES)
        if len(body) > MAX_ANSWER_BYTES:
            raise self.failed(worded("did-send-more", "sends more than any answer needs"))
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            raise self.failed(worded("did-no-json", "sends something that is not JSON")) from None

    def failed(self, what: str, *, code: str = "engine-failed") -> EngineError:
        """Return the error that says what the service did: `what` goes on after its name."""
        text = "{service} at {address} {what}."
        named = {"service": self.name, "address": self._place}
        return EngineError(code, worded("service-did", text, what=what, **named))

    def refusal(self, status: int | None, body: Any) -> EngineError:
        """Return the error for the JSON (or None) that came with a status, or in mid-stream."""
        reason, codes = _reason(body)
        if self._key is not None:
            reason = self._key.hidden_in(reason)
        usual = "bad-request" if status is not None and status < 500 else "engine-failed"
        shown = [] if status is None else [str(status)]
        advice = [self._advice[key] for key in (*codes, *shown) if key in self._advice]
        said = ": ".join([*shown, *([reason.rstrip(".")] if reason else [])])
        why: Words = worded("did-refuse-why", "refuses ({why})", why=said) if said else _REFUSES
        error = self.failed(why, code=_CODES.get(status, usual))
        if not advice:
            return error
        text = worded("with-advice", "{what} {advice}", what=str(error), advice=advice[0])
        return EngineError(error.code, text)

    async def _refusal(self, response: httpx2.Response) -> EngineError:
        try:
            body = orjson.loads((await _read(response, MAX_ERROR_BYTES))[:MAX_ERROR_BYTES])
        except (orjson.JSONDecodeError, httpx2.HTTPError):
            body = None
        return self.refusal(response.status_code, body)


_CODES: dict[int | None, str] = {
    401: "engine-failed",
    402: "engine-failed",
    403: "engine-failed",
    404: "engine-missing",
    408: "engine-timeout",
    429: "engine-busy",
    503: "engine-busy",
}


def _url(name: str, base_url: str) -> httpx2.URL:
    try:
        url = httpx2.URL(base_url)
    except (httpx2.InvalidURL, ValueError):
        url = httpx2.URL("")
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo or url.query:
        raise EngineError(
            "bad-request",
            worded(
                "service-address",
                "{service}: the address must be like http://host:port/v1, without name, key or "
                "query.",
                service=name,
            ),
        )
    return url


async def _read(response: httpx2.Response, limit_bytes: int) -> bytes:
    """Return a body, or a little more of it than allowed."""
    body = bytearray()
    async with aclosing(response.aiter_bytes()) as pieces:
        async for piece in pieces:
            body += piece
            if len(body) > limit_bytes:
                break
    return bytes(body)


def _reason(body: Any) -> tuple[str, list[str]]:
    """Return what an error's JSON says, in words and in codes, in the shapes that are in use."""
    if not isinstance(body, dict):
        return "", []
    inner = body.get("error") or body.get("detail") or body
    if isinstance(inner, list) and inner:
        inner = inner[0]
    if isinstance(inner, str):
        return one_line(inner), []
    if not isinstance(inner, dict):
        return "", []
    words = inner.get("message") or inner.get("msg") or ""
    codes = [inner.get(key) for key in ("status", "code", "type")]
    return one_line(str(words)), [code for code in codes if isinstance(code, str)]
