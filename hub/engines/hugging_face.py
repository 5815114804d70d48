"""The Hugging Face Hub: what a model's files are there, and their bytes.

Its documented HTTP interface is spoken directly; docs/decisions/0011-models.md tells why. No token,
no cookie and nothing that tells of this house is sent, and the environment is not read.
"""

import asyncio
import fnmatch
import re
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import quote

import httpx2
import orjson

from hub.engines.base import EngineError
from hub.engines.model_catalog import Model
from hub.words import worded

DEFAULT_ENDPOINT = "https://huggingface.co"
REVISION = "main"
CONNECT_S = 10.0
STALL_S = 30.0
"""Without a byte for this long, a connection is given up; what has come is kept."""
ANSWER_S = 60.0
"""For what the hub tells of a repository."""
MAX_INFO_BYTES = 16 << 20
"""Of a repository's description; the one with all Piper voices takes a few hundred kB."""
MAX_REDIRECTS = 5
MAX_PORT = 65_535

_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Interrupted(EngineError):
    """The connection broke, stalled, or the hub had trouble: it may work when tried again."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the hub describes it."""

    name: str
    path: str
    """In the repository."""
    size_bytes: int
    sha256: str | None
    """Of large files; of small ones the hub tells the id that git gives them."""
    git_id: str
    """SHA-1 of "blob SIZE", a zero byte and the content; of large files, of a pointer to them."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of a model at one commit."""

    model: str
    """Its name, for people."""
    repository: str
    revision: str
    files: tuple[RemoteFile, ...]
    """In the order in which they are to be put in place."""


class HuggingFace:
    """A connection to the hub, or to a mirror of it. An asynchronous context manager."""

    def __init__(self, endpoint: str = "", *, stall_s: float = STALL_S) -> None:
        """Raises EngineError "bad-request" for an address that is none."""
        url = _address((endpoint or DEFAULT_ENDPOINT).rstrip("/"))
        self._url = str(url)
        self._secure = url.scheme == "https"
        self.place = url.netloc.decode()
        """Its name, for people."""
        self._client = httpx2.AsyncClient(
            headers={"User-Agent": "sotto", "Accept-Encoding": "identity"},
            timeout=httpx2.Timeout(stall_s, connect=CONNECT_S),
            follow_redirects=True,  # to where the bytes are, and of repositories that were renamed
            max_redirects=MAX_REDIRECTS,
            trust_env=False,  # proxies and keys of the environment are not the hub's settings
        )

    async def __aenter__(self) -> "HuggingFace":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def look_up(self, model: Model) -> Snapshot:
        """Return the newest files of a model. Raises EngineError."""
        repository = f"api/models/{quote(model.repository)}"
        info = await self._json(model.name, f"{repository}/revision/{REVISION}")
        revision = info.get("sha") if isinstance(info, dict) else None
        if not isinstance(revision, str) or not _COMMIT.fullmatch(revision):
            raise self._nonsense()
        folder = f"/{quote(model.source)}" if model.source else ""
        tree = await self._json(model.name, f"{repository}/tree/{revision}{folder}")
        if not isinstance(tree, list):
            raise self._nonsense()
        there = [self._file(entry) for entry in tree if _is_file(entry)]
        files: dict[str, RemoteFile] = {}
        for pattern in model.patterns:
            found = [file for file in there if fnmatch.fnmatchcase(file.name, pattern)]
            if not found and pattern not in model.extra:
                raise EngineError(
                    "engine-missing",
                    worded(
                        "source-without-file",
                        "{repository} at {source} has no {file}.",
                        repository=model.repository,
                        source=self.place,
                        file=pattern,
                    ),
                )
            files |= {file.name: file for file in found}
        return Snapshot(model.name, model.repository, revision, tuple(files.values()))

    @asynccontextmanager
    async def open(
        self, snapshot: Snapshot, file: RemoteFile, offset: int
    ) -> AsyncGenerator[httpx2.Response]:
        """Enter with the bytes of a file from `offset` on (206), or all of them (200).

        Raises EngineError, Interrupted where trying again makes sense. 416 is passed on.
        """
        path = f"{quote(snapshot.repository)}/resolve/{snapshot.revision}/{quote(file.path)}"
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        async with self._request(snapshot.model, path, headers) as response:
            if response.status_code not in {200, 206, 416}:
                self._refuse(snapshot.model, response)
            yield response

    async def _json(self, name: str, path: str) -> Any:
        body = bytearray()
        try:
            async with asyncio.timeout(ANSWER_S), self._request(name, path, {}) as response:
                if response.status_code != 200:
                    self._refuse(name, response)
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > MAX_INFO_BYTES:
                        raise self._nonsense()
        except TimeoutError:
            raise Interrupted(
                "engine-timeout",
                worded("server-slow", "{server} did not answer in time.", server=self.place),
            ) from None
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            raise self._nonsense() from None

    @asynccontextmanager
    async def _request(
        self, name: str, path: str, headers: dict[str, str]
    ) -> AsyncGenerator[httpx2.Response]:
        try:
            async with self._client.stream(
                "GET", f"{self._url}/{path}", headers=headers
            ) as response:
                if self._secure and response.url.scheme != "https":
                    raise EngineError(
                        "engine-failed",
                        worded(
                            "source-unencrypted",
                            "{source} leads to a place without encryption.",
                            source=self.place,
                        ),
                    )
                yield response
        except httpx2.ConnectError as error:
            raise Interrupted("engine-failed", self._away(error)) from None
        except httpx2.TimeoutException:
            text = worded(
                "source-silent",
                "{source} sent nothing for {seconds:g} s.",
                source=self.place,
                seconds=self._client.timeout.read or 0,
            )
            raise Interrupted("engine-timeout", text) from None
        except httpx2.TooManyRedirects:
            raise EngineError(
                "engine-failed",
                worded("source-circles", "{source} leads in circles.", source=self.place),
            ) from None
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            what = worded(
                "source-broke-off",
                "{source} broke off while {model} was fetched ({why}).",
                source=self.place,
                model=name,
                why=type(error).__name__,
            )
            raise Interrupted("engine-failed", what) from None

    def _refuse(self, name: str, response: httpx2.Response) -> NoReturn:
        status = response.status_code
        if status in {401, 403, 404, 410}:
            # The hub says 401 of what does not exist: whether it does is not everybody's to know.
            raise EngineError(
                "engine-missing",
                worded(
                    "source-without-model",
                    "{source} has no {model} that is open to everybody (HTTP {status}).",
                    source=self.place,
                    model=name,
                    status=status,
                ),
            )
        if status == 429:
            after = response.headers.get("Retry-After", "")
            wait = worded("in-a-while", "in a while")
            if after.isdecimal():
                wait = worded("in-seconds", "in {seconds} s", seconds=int(after[:9]))
            raise EngineError(
                "engine-busy",
                worded(
                    "source-busy",
                    "{source} has had too many requests from here (HTTP 429): try again {wait}.",
                    source=self.place,
                    wait=wait,
                ),
            )
        text = worded(
            "source-trouble",
            "{source} has trouble (HTTP {status}): try again later.",
            source=self.place,
            status=status,
        )
        raise (Interrupted if status >= 500 else EngineError)("engine-failed", text)

    def _away(self, error: httpx2.ConnectError) -> str:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, socket.gaierror):
                return worded(
                    "source-not-found",
                    "{source} is not found: is this machine connected to the internet?",
                    source=self.place,
                )
            cause = cause.__cause__ or cause.__context__
        why = str(error) or worded("no-connection", "no connection")
        return worded(
            "source-away", "{source} can not be reached ({why}).", source=self.place, why=why
        )

    def _file(self, entry: Any) -> RemoteFile:
        try:
            large = entry.get("lfs")
            path, sha256 = str(entry["path"]), None if large is None else str(large["oid"])
            size = int(entry["size"] if large is None else large["size"])
            file = RemoteFile(path.rpartition("/")[2], path, size, sha256, str(entry["oid"]))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise self._nonsense() from None
        known = _SHA256.fullmatch(sha256) if sha256 else _COMMIT.fullmatch(file.git_id)
        if size < 0 or not known:
            raise self._nonsense()
        return file

    def _nonsense(self) -> EngineError:
        return EngineError(
            "engine-failed",
            worded(
                "source-strange",
                "{source} answers with something that no hub says: is models.endpoint right?",
                source=self.place,
            ),
        )


def _address(endpoint: str) -> httpx2.URL:
    """Return a hub's address. Raises EngineError for what is none."""
    try:
        url = httpx2.URL(endpoint)
        usable = url.scheme in {"http", "https"} and url.host and not url.userinfo and not url.query
        if usable and (url.port is None or 0 < url.port <= MAX_PORT):
            return url
    except (httpx2.InvalidURL, ValueError):
        pass  # told below: what cannot even be read is no address either
    raise EngineError(
        "bad-request",
        worded("bad-endpoint", "models.endpoint: a hub is named like https://huggingface.co."),
    )


def _is_file(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("type") == "file"
