"""A Hugging Face Hub in small: what its documented HTTP interface answers, and faults on demand.

`test_the_double_is_a_hub_to_its_own_client` has huggingface_hub itself fetch from it.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

LARGE_BYTES = 1000
"""From this size on a file is kept in LFS, somewhere else, as the hub does with large ones."""
PIECE_BYTES = 64 * 1024


@dataclass
class Fault:
    """What goes wrong with one request for a file's bytes."""

    status: int = 0
    """Answer with this, and nothing else."""
    headers: dict[str, str] = field(default_factory=dict)
    after: int | None = None
    """After so many bytes, hang up, or stall."""
    stall: bool = False
    short: bool = False
    """End after them in all order, as if that were all."""
    content: bytes | None = None
    """Send this instead."""
    ignore_range: bool = False
    hold: asyncio.Event | None = None
    """After `after` bytes, wait for this, and go on."""


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]

    @property
    def range(self) -> str | None:
        return self.headers.get("range")


@dataclass
class ModelHub:
    """The hub. `repositories` are files by their paths, by the names of the repositories."""

    repositories: dict[str, dict[str, bytes]]
    commits: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    """By the end of a path ("model.bin", or "/revision/main"), in the order of requests."""
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a fault stalls, or holds."""
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fetched(self, name: str) -> list[Asked]:
        """The requests for the bytes of a file, where they are kept."""
        found = [content for files in self.repositories.values() for path, content in files.items()
                 if path.rpartition("/")[2] == name]  # fmt: skip
        ends = tuple(f"/blobs/{_sha256(content)}" for content in found)
        ends += (f"/{name}",)
        kept = [
            each for each in self.asked if each.path.startswith(("/blobs/", "/api/resolve-cache/"))
        ]
        return [each for each in kept if each.method == "GET" and each.path.endswith(ends)]

    def commit(self, repository: str) -> str:
        return self.commits.get(repository) or hashlib.sha1(repository.encode()).hexdigest()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            method, target, _ = first.split(" ")
            headers = {key.lower(): value for key, value in (line.split(": ", 1) for line in lines)}
            path = unquote(urlsplit(target).path)
            self.asked.append(Asked(method, path, headers))
            await self._answer(method, path, headers, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(
        self, method: str, path: str, headers: dict[str, str], writer: asyncio.StreamWriter
    ) -> None:
        fault = self._fault(path)
        if fault.status:
            await _send(writer, method, fault.status, fault.headers, b'{"error":"asked for"}')
        elif path.startswith("/api/models/"):
            await self._tell(method, path.removeprefix("/api/models/"), fault, writer)
        elif path.startswith("/blobs/"):
            content = self._blob(path.rpartition("/")[2])
            await self._send_bytes(method, content, headers, fault, writer)
        elif path.startswith("/api/resolve-cache/"):
            repository, _, rest = path.removeprefix("/api/resolve-cache/models/").partition("@")
            content = self.repositories[repository][rest.partition("/")[2]]
            extra = {"ETag": f'"{git_id(content)}"', "X-Repo-Commit": self.commit(repository)}
            await self._send_bytes(method, content, headers, fault, writer, extra=extra)
        else:
            await self._resolve(method, path, writer)

    async def _tell(
        self, method: str, path: str, fault: Fault, writer: asyncio.StreamWriter
    ) -> None:
        owner, name, *rest = path.split("/")
        repository = f"{owner}/{name}"
        files = self.repositories.get(repository)
        if files is None:
            code = {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"}
            body = b'{"error":"Invalid username or password."}'
            await _send(writer, method, 401, code, body)
            return
        commit = self.commit(repository)
        if rest[:1] == ["tree"]:
            folder = "/".join(rest[2:])
            entries = [_entry(file, content) for file, content in files.items()
                       if file.rpartition("/")[0] == folder]  # fmt: skip
            if not entries:
                code = {"X-Error-Code": "EntryNotFound"}
                await _send(writer, method, 404, code, b'{"error":"folder does not exist"}')
                return
            told: Any = [{"type": "directory", "oid": "0" * 40, "size": 0, "path": "x"}, *entries]
        else:
            told = {
                "_id": "0", "id": repository, "modelId": repository, "sha": commit,
                "private": False, "siblings": [{"rfilename": file} for file in files],
            }  # fmt: skip
        body = fault.content or json.dumps(told).encode()
        await self._send_bytes(
            method, body, {}, Fault(after=fault.after, stall=fault.stall), writer
        )

    async def _resolve(self, method: str, path: str, writer: asyncio.StreamWriter) -> None:
        repository, _, rest = path.strip("/").partition("/resolve/")
        revision, _, file = rest.partition("/")
        content = self.repositories.get(repository, {}).get(file)
        commit = self.commit(repository)
        if content is None or revision not in {commit, "main"}:
            await _send(writer, method, 404, {"X-Error-Code": "EntryNotFound"}, b"Entry not found")
            return
        told = {"X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
        if len(content) < LARGE_BYTES:
            place = f"/api/resolve-cache/models/{repository}@{commit}/{file}"
            await _send(writer, method, 307, {**told, "Location": place}, b"")
            return
        told["X-Linked-Size"] = str(len(content))
        told["X-Linked-ETag"] = f'"{_sha256(content)}"'
        place = f"http://localhost:{self.port}/blobs/{_sha256(content)}"
        await _send(writer, method, 302, {**told, "Location": place}, b"Found")

    async def _send_bytes(
        self,
        method: str,
        content: bytes,
        headers: dict[str, str],
        fault: Fault,
        writer: asyncio.StreamWriter,
        *,
        extra: dict[str, str] | None = None,
    ) -> None:
        told = {"ETag": f'"{_sha256(content)}"', "Accept-Ranges": "bytes", **(extra or {})}
        body = content if fault.content is None else fault.content
        status, begin = 200, 0
        if headers.get("range", "").startswith("bytes=") and not fault.ignore_range:
            begin = int(headers["range"].removeprefix("bytes=").partition("-")[0])
            if begin >= len(body):
                told["Content-Range"] = f"bytes */{len(body)}"
                await _send(writer, method, 416, told, b"")
                return
            status = 206
            told["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
        body = body[begin:]
        if fault.after is None:
            await _send(writer, method, status, told, body)
            return
        length = fault.after if fault.short else len(body)
        _head(writer, status, told, length)
        for at in range(0, fault.after, PIECE_BYTES):
            writer.write(body[at : min(at + PIECE_BYTES, fault.after)])
            await writer.drain()
        if fault.short:
            return
        if fault.stall or fault.hold is not None:
            self.reached.set()
            await (fault.hold or self.closing).wait()
        if fault.hold is not None:
            writer.write(body[fault.after :])
            await writer.drain()

    def _fault(self, path: str) -> Fault:
        for end, faults in self.faults.items():
            wanted = {f"/blobs/{_sha256(content)}" for files in self.repositories.values()
                      for file, content in files.items() if file.endswith(end)}  # fmt: skip
            there = path in wanted or (path.endswith(end) and "/resolve/" not in path)
            if there and faults:
                return faults.pop(0)
        return Fault()

    def _blob(self, sha256: str) -> bytes:
        return next(content for files in self.repositories.values() for content in files.values()
                    if _sha256(content) == sha256)  # fmt: skip


@asynccontextmanager
async def model_hub(repositories: dict[str, dict[str, bytes]]) -> AsyncIterator[ModelHub]:
    """Serve for as long as the block runs."""
    hub = ModelHub(repositories)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(hub.handle(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    hub.port = server.sockets[0].getsockname()[1]
    try:
        yield hub
    finally:
        hub.closing.set()
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def git_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _entry(path: str, content: bytes) -> dict[str, Any]:
    size = len(content)
    if size < LARGE_BYTES:
        return {"type": "file", "oid": git_id(content), "size": size, "path": path}
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n" % (
        _sha256(content).encode(),
        size,
    )
    large = {"oid": _sha256(content), "size": size, "pointerSize": len(pointer)}
    return {"type": "file", "oid": git_id(pointer), "size": size, "lfs": large, "path": path}


def _head(writer: asyncio.StreamWriter, status: int, headers: dict[str, str], length: int) -> None:
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {length}", "Connection: close"]
    lines += [f"{key}: {value}" for key, value in headers.items()]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())


async def _send(
    writer: asyncio.StreamWriter, method: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    _head(writer, status, headers, len(body))
    if method != "HEAD":
        writer.write(body)
    await writer.drain()
