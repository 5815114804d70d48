"""A small HTTP server that says what a test wrote down, in the pieces that the test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Answer:
    """One HTTP answer."""

    body: bytes | Sequence[bytes]
    """Chunks as they are sent; whole bytes go out with a length, as short answers do."""
    status: int = 200
    stall_after: int | None = None
    """After so many chunks nothing more is sent, until the other side hangs up."""
    cut_after: int | None = None
    """After so many chunks the connection is closed."""


@dataclass
class ModelService:
    """The server. Answers are given in order to each path; the last one again and again."""

    answers: dict[str, list[Answer]]
    port: int = 0
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when somebody hangs up on an answer that is not over."""
    stalled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def bodies(self, path: str) -> list[dict[str, Any]]:
        return [body for asked, body in self.asked if asked == path]

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *rest = head.decode().strip().split("\r\n")
        path = first.split(" ")[1]
        headers = {key.lower(): value for key, value in (line.split(": ", 1) for line in rest)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.asked.append((path, json.loads(body) if body else {}))
        self.headers.append(headers)
        answers = self.answers[path]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return await self._say(answer, reader, writer)

    async def _say(
        self, answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = f"HTTP/1.1 {answer.status} Said\r\nContent-Type: application/json\r\n"
        if isinstance(answer.body, bytes):
            head += f"Content-Length: {len(answer.body)}\r\n\r\n"
            writer.write(head.encode() + answer.body)
            await writer.drain()
            return True
        writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        for number, chunk in enumerate(answer.body):
            if number == answer.cut_after:
                return False
            if number == answer.stall_after:
                await self._wait_for_hang_up(reader)
                return False
            if chunk:
                writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                await writer.drain()
                await asyncio.sleep(0)
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True

    async def _wait_for_hang_up(self, reader: asyncio.StreamReader) -> None:
        self.stalled.set()
        try:
            if not await reader.read(1):
                self.hung_up.set()
        except ConnectionError:
            self.hung_up.set()


@asynccontextmanager
async def serving(answers: dict[str, list[Answer]], port: int = 0) -> AsyncIterator[ModelService]:
    """Serve for as long as the block runs."""
    service = ModelService(answers)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(service.handle(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    service.port = server.sockets[0].getsockname()[1]
    try:
        yield service
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def cut(data: bytes, size: int) -> list[bytes]:
    """Cut bytes into chunks of a size."""
    return [data[at : at + size] for at in range(0, len(data), size)]
