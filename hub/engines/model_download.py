"""One file of a model on its way: it grows beside its place, until it is what it must be.

What has come stays when the connection breaks, the disk is full or the program ends; the next try
goes on behind it. Nothing stands under a model's name that has not been checked.
"""

import asyncio
import errno
import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from pathlib import Path

import httpx2

from hub.engines.base import EngineError
from hub.engines.hugging_face import HuggingFace, Interrupted, RemoteFile, Snapshot
from hub.words import worded

PIECE_BYTES = 1 << 20
"""Written at once, in a thread of its own: the disk may be slow."""
PARTIAL = ".partial"

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


Received = Callable[[int], None]
"""Is told of bytes that came, or, less than 0, of such that have to come again."""


class WrongContent(EngineError):
    """A model came whole, and is not what it must be: it will not be the next time either."""


class Partial:
    """The part of a file that has come. Blocking; all but the constructor raise OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size_bytes = 0
        self._sha256 = hashlib.sha256()
        self._file: FileIO | None = None
        self._closing = False
        # What a thread does goes on when whoever waits for it is cancelled.
        self._busy = threading.Lock()

    def open(self) -> None:
        """Read what has come earlier."""
        with self._busy:
            self._file = FileIO(self.path, "a+")
            self._file.seek(0)
            while not self._closing and (piece := self._file.read(PIECE_BYTES)):
                self._sha256.update(piece)
                self.size_bytes += len(piece)

    def append(self, data: bytes) -> None:
        """Write a piece at the end, or as much of it as the disk takes."""
        with self._busy:
            left = memoryview(data)
            while left and self._file is not None:
                count = self._file.write(left)
                self._sha256.update(left[:count])
                self.size_bytes += count
                left = left[count:]

    def restart(self) -> None:
        """Forget what has come."""
        with self._busy:
            assert self._file is not None
            self._file.truncate(0)
            self._sha256 = hashlib.sha256()
            self.size_bytes = 0

    def finish(self, wanted: RemoteFile) -> str | None:
        """Return the SHA-256 of the file, safe on the disk; None if it is not what is wanted."""
        with self._busy:
            assert self._file is not None
            os.fsync(self._file.fileno())
            # Where locks do nothing, another program may have written to it as well.
            if self.path.stat().st_size != self.size_bytes:
                return None
        found = self._sha256.hexdigest()
        if wanted.sha256 is not None:
            return found if found == wanted.sha256 else None
        return found if git_id(self.path) == wanted.git_id else None

    def close(self) -> None:
        """Close the file; what was written stays."""
        self._closing = True
        with self._busy:
            if self._file is not None:
                self._file.close()
            self._file = None


async def fetch(
    hub: HuggingFace, snapshot: Snapshot, wanted: RemoteFile, path: Path, received: Received
) -> str:
    """Fetch what is missing of a file into the partial file at `path`; return its SHA-256.

    What is there already is told to `received`, too. Raises EngineError, Interrupted where trying
    again makes sense.
    """
    partial = Partial(path)
    try:
        await asyncio.to_thread(partial.open)
        received(partial.size_bytes)
        resumed = partial.size_bytes > 0
        if partial.size_bytes > wanted.size_bytes:
            await _restart(partial, received)
        if partial.size_bytes < wanted.size_bytes:
            async with hub.open(snapshot, wanted, partial.size_bytes) as response:
                if not _goes_on(response, partial.size_bytes):
                    await _restart(partial, received)
                    if response.status_code != 200:
                        raise Interrupted(
                            "engine-failed",
                            worded(
                                "source-does-not-go-on",
                                "{source} does not go on with {file}.",
                                source=hub.place,
                                file=wanted.name,
                            ),
                        )
                await _write(response, partial, wanted, hub, received)
        sha256 = await asyncio.to_thread(partial.finish, wanted)
        if sha256 is None:
            received(-partial.size_bytes)
            await asyncio.to_thread(path.unlink)
            kind = Interrupted if resumed else WrongContent
            raise kind(
                "engine-failed",
                worded(
                    "other-content",
                    "{file} of {model} came with another content than {source} has told: it was "
                    "removed. Try again; if it stays so, do not trust that place.",
                    file=wanted.name,
                    model=snapshot.model,
                    source=hub.place,
                ),
            )
        return sha256
    except OSError as error:
        raise disk_error(error, path.parent) from error
    finally:
        partial.close()


def disk_error(error: OSError, folder: Path) -> EngineError:
    """Return what an error of the disk means for a pull."""
    if error.errno in _FULL:
        return EngineError(
            "engine-failed",
            worded(
                "models-disk-full",
                "The disk is full at {folder}. Free some space and pull again: it goes on where it "
                "stopped. `sotto-hub models rm` removes what has come of it.",
                folder=str(folder),
            ),
        )
    return EngineError(
        "engine-failed",
        worded(
            "folder-not-writable",
            "{folder} can not be written to: {why}.",
            folder=str(folder),
            why=str(error.strerror or error),
        ),
    )


def git_id(path: Path) -> str:
    """Return the id that git gives a file. Raises OSError."""
    found = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            found.update(piece)
    return found.hexdigest()


async def _write(
    response: httpx2.Response,
    partial: Partial,
    wanted: RemoteFile,
    hub: HuggingFace,
    received: Received,
) -> None:
    pieces = bytearray()
    try:
        async for data in response.aiter_bytes():
            if partial.size_bytes + len(pieces) + len(data) > wanted.size_bytes:
                raise WrongContent(
                    "engine-failed",
                    worded(
                        "source-sends-more",
                        "{source} sends more than {file} can have.",
                        source=hub.place,
                        file=wanted.name,
                    ),
                )
            pieces += data
            received(len(data))
            if len(pieces) >= PIECE_BYTES:
                piece = bytes(pieces)
                pieces.clear()
                await asyncio.to_thread(partial.append, piece)
    except BaseException:
        # The last piece before a connection broke need not come again.
        with suppress(OSError):
            partial.append(bytes(pieces))
        raise
    await asyncio.to_thread(partial.append, bytes(pieces))
    if partial.size_bytes < wanted.size_bytes:
        raise Interrupted(
            "engine-failed",
            worded(
                "source-ended-early",
                "{source} ended {file} too early.",
                source=hub.place,
                file=wanted.name,
            ),
        )


def _goes_on(response: httpx2.Response, offset: int) -> bool:
    """Return whether an answer begins where the partial file ends."""
    if response.status_code == 206:
        return response.headers.get("Content-Range", "").startswith(f"bytes {offset}-")
    return response.status_code == 200 and offset == 0


async def _restart(partial: Partial, received: Received) -> None:
    received(-partial.size_bytes)
    await asyncio.to_thread(partial.restart)
