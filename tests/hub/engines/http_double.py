"""A server that records HTTP requests and answers with the bytes that a test gives."""

import asyncio
import itertools
import json
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from typing import Any

Script = Callable[[asyncio.StreamWriter], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Request:
    """What came."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, Message]:
        """The parts of a multipart body by their names."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        message = BytesParser().parsebytes(head + self.body)
        parts = [part for part in message.get_payload() if isinstance(part, Message)]
        return {str(part.get_param("name", header="content-disposition")): part for part in parts}


class HttpDouble:
    """The server. A connection takes one request; the script ends when its client does."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.requests: list[Request] = []
        self.gone = asyncio.Event()
        self.url = ""
        self._stop = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "HttpDouble":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self._stop.set()
        async with asyncio.timeout(60):
            await asyncio.gather(*self._tasks)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            line, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[:-2]
            headers = {k.lower(): v for k, v in (entry.split(": ", 1) for entry in lines)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.requests.append(Request(line, headers, body))
            left = asyncio.create_task(reader.read())
            told = asyncio.create_task(self._script(writer))
            stopped = asyncio.create_task(self._stop.wait())
            waiting = [left, told, stopped]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for entry in waiting:
                entry.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has gone
        finally:
            writer.close()
            self._tasks.discard(task)
            self.gone.set()


def answer(
    body: bytes = b"",
    *,
    status: str = "200 OK",
    kind: str = "application/json",
    cuts: Iterable[int] | None = None,
    then: str = "end",
) -> Script:
    """Answer with a chunked body cut at `cuts`; then "end" it, "break" off, or "hang"."""

    async def script(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nConnection: close\r\n"
        writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        places = [0, *(cuts or ()), len(body)]
        for begin, end in itertools.pairwise(places):
            if begin < end:
                writer.write(b"%x\r\n" % (end - begin) + body[begin:end] + b"\r\n")
                await writer.drain()
        if then == "end":
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        if then == "hang":
            await asyncio.Event().wait()

    return script


def refuse(status: str, body: object) -> Script:
    """Answer with an error and its JSON, or with bare text."""
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return answer(content, status=status)


async def silent(writer: asyncio.StreamWriter) -> None:
    """Take the request and never answer."""
    await asyncio.Event().wait()


def patience_s(code: str) -> float:
    """Return how long to wait for what shall end with this code.

    Who waits for nothing shall not wait long, yet long enough for a busy machine to connect at all;
    all else comes, and a megabyte of it takes its time.
    """
    return 1.0 if code == "engine-timeout" else 60.0
