"""A wire between satellite and hub that can be cut, for a moment or without a word."""

import asyncio
import contextlib
import socket
import struct
from types import TracebackType
from typing import Literal, Self

Cut = Literal["fin", "reset", "silence"]


class Wire:
    """Listens on loopback, and passes everything on to a port of the hub, both ways."""

    def __init__(self, hub_port: int) -> None:
        self.hub_port = hub_port
        self.port = 0
        self.links = 0
        """How many were made."""
        self._slams = False
        self._whole = asyncio.Event()
        self._whole.set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self._silenced: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    def cut(self, how: Cut) -> None:
        """Cut every link: in good order, by force, or so that nobody is told."""
        writers, self._writers = self._writers, []
        for writer in writers:
            if how == "silence":
                self._silenced.add(writer)
                self._writers.append(writer)
                continue
            if how == "reset":
                linger = struct.pack("ii", 1, 0)
                sock = writer.get_extra_info("socket")
                with contextlib.suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()
            else:
                writer.close()

    async def cut_for(self, how: Cut, seconds: float, *, slams: bool = False) -> None:
        """Cut every link; new ones wait, or end at once, before `seconds` are over."""
        self._whole.clear()
        self._slams = slams
        self.cut(how)
        await asyncio.sleep(seconds)
        self._whole.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._writers.append(writer)
        if self._slams and not self._whole.is_set():
            writer.transport.abort()
            return
        await self._whole.wait()
        if writer.is_closing():
            return
        try:
            from_hub, to_hub = await asyncio.open_connection("127.0.0.1", self.hub_port)
        except OSError:
            writer.transport.abort()
            return
        self._writers.append(to_hub)
        self.links += 1
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pump(reader, to_hub))
            group.create_task(self._pump(from_hub, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(4096):
                if writer not in self._silenced:
                    writer.write(data)
                    await writer.drain()
        if writer not in self._silenced:
            writer.close()
