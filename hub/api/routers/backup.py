"""One file with all that the hub has to keep, and the way back. For owners."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from hub.api.access import Owner, logged_in
from hub.api.parts import Hub
from hub.api.problems import Problem
from hub.backing_up import Places, make_backup, restore
from hub.backup_programs import RunsPrograms
from hub.words import worded

router = APIRouter(tags=["backup"])

MAX_BACKUP_BYTES = 4 << 30
PIECE_BYTES = 1 << 20
_busy: set[str] = set()


class RestoredView(BaseModel):
    """What is so from the next start of the hub on."""

    made: datetime = Field(description="When the backup was made.")
    version: str = Field(description="By which version of Sotto.", examples=["0.1.0"])
    settings: str = Field(
        description="What became of the owner's files: `none`, `left`, `replaced`, or why not.",
        examples=["replaced"],
    )


@router.get("/backup", response_class=StreamingResponse)
async def backup(_: Owner, hub: Hub) -> StreamingResponse:
    """Return a backup: the store as it is now, the engines chosen in the dashboard, and the
    owner's files. It holds secrets."""
    places = Places.of(hub.settings)
    with _alone(str(places.store)):
        file = await asyncio.to_thread(make_backup, places)
    length = file.seek(0, 2)
    file.seek(0)
    name = f"sotto-{datetime.now(UTC):%Y-%m-%d-%H%M}.backup.tar.gz"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(length),
        "Content-Encoding": "identity",  # it is compressed as it is
    }
    return StreamingResponse(_pieces(file), media_type="application/gzip", headers=headers)


@router.post("/restore", max_body_size=MAX_BACKUP_BYTES)
async def restore_backup(
    request: Request,
    who: Owner,
    hub: Hub,
    settings: Annotated[
        bool,
        Query(description="Whether to take its settings, tools and sentences, too."),
    ] = False,
    programs: Annotated[
        bool, Query(description="Whether it may have the hub start programs that are new to it.")
    ] = False,
) -> RestoredView:
    """Check a backup, the whole body of the request; the hub uses it from its next start on.

    What it replaces is kept beside it. Everybody has to log in again. Where it would have the hub
    start other programs than now, it is refused (409, `runs-programs`) and they are told in
    `programs`, unless that is allowed.
    """
    places = Places.of(hub.settings)
    if settings:
        logged_in(who)  # settings can name programs to run: no token may bring them
    known = None if programs else [link.settings for link in hub.acting.tooling.mcp.links]
    with (
        _alone(str(places.store)),
        tempfile.NamedTemporaryFile(dir=places.store.parent, prefix=".upload-") as file,
    ):
        await _receive(request, file)
        work = partial(restore, Path(file.name), places, settings=settings, known=known)
        try:
            done = await asyncio.to_thread(work)
        except RunsPrograms as error:
            runs = list(error.programs)
            raise Problem(
                409,
                "runs-programs",
                worded(
                    "backup-runs-programs",
                    "This backup has the hub run programs: {programs}. Allow it if you trust them.",
                    programs="; ".join(runs),
                ),
                programs=runs,
            ) from None
    return RestoredView(made=done.made, version=done.version, settings=done.settings)


async def _receive(request: Request, file: IO[bytes]) -> None:
    """Write a body to a file, a piece at a time and aside."""
    waiting = bytearray()
    async for piece in request.stream():
        waiting += piece
        if len(waiting) >= PIECE_BYTES:
            await asyncio.to_thread(file.write, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(file.write, bytes(waiting))
    await asyncio.to_thread(file.flush)


async def _pieces(file: IO[bytes]) -> AsyncGenerator[bytes]:
    with file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece


@contextmanager
def _alone(store: str) -> Generator[None]:
    """Let one at a time do this: each takes much of the disk."""
    if store in _busy:
        raise Problem(
            409,
            "busy",
            worded("backup-busy", "A backup is being made or restored. Try again in a moment."),
        )
    _busy.add(store)
    try:
        yield
    finally:
        _busy.discard(store)
