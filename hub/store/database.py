"""The store: what the hub knows and must not lose, in one database.

A part of the hub that keeps something adds three things:

- a file `hub/store/<noun>.py` with its tables, subclasses of `tables.Table`, and a repository: a
  class that is given the `Store` and whose methods are what the part wants to keep and look up;
- a migration `hub/store/migrations/versions/v<number>_<noun>.py`, its `revision` the next number
  ("0002") and its `down_revision` the one before, written by hand in the manner of the others;
- an import of its file in `hub/store/migrations/env.py`, by which a test sees that the tables
  which the migrations make are those that are declared.

What has left the block of `session` without an error is on the disk: it outlives kill -9, and a
power cut as far as the disk keeps its word (`synchronous = FULL`; with NORMAL, the last seconds
before a power cut would be gone, though they were acknowledged).
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from hub.store.errors import StoreError
from hub.store.migrate import UnknownRevision, upgrade
from hub.store.restoring import put_in_place
from protocol.time_limit import time_limit

OPEN_S = 60.0
"""Opening takes this long at most: a large file is copied and changed, on a slow card."""
WAIT_S = 4.0
"""The longest wait for one transaction: somebody waits for the answer, 8 s at most."""
BUSY_S = 2.5
"""How long SQLite waits for another program to let go of the file."""
CLOSE_S = 1.0
CONNECTIONS = 4
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


class Store:
    """One database, open for as long as the context is."""

    def __init__(self, url: str) -> None:
        """`url` is like sqlite:////folder/hub.db or postgresql://user:password@host/database."""
        self._url = _parsed(url)
        self._engine: AsyncEngine | None = None
        self._sessions: async_sessionmaker[AsyncSession] | None = None

    async def __aenter__(self) -> Self:
        """Open it, and bring its tables up to date. Raises StoreError."""
        try:
            async with asyncio.timeout(OPEN_S):
                await self._open()
        except StoreError:
            await self._dispose()
            raise
        except (SQLAlchemyError, OSError, TimeoutError, sqlite3.Error, ImportError) as error:
            await self._dispose()
            raise self._unopened(error) from error
        except BaseException:
            await self._dispose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._dispose()

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        """A transaction: committed at the end of the block, all of it or nothing.

        Wait for nothing else inside. Raises StoreError.
        """
        if self._sessions is None:
            raise StoreError("failed", "the store is not open")
        session = self._sessions()
        try:
            async with asyncio.timeout(WAIT_S):
                yield session
                await session.commit()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            raise StoreError.of(error) from error
        finally:
            # A disk that hangs hangs here as well; what was not committed is gone anyway.
            with suppress(SQLAlchemyError, OSError, TimeoutError):
                async with time_limit(CLOSE_S):
                    await session.close()

    async def _open(self) -> None:
        if (file := _file(self._url)) is not None:
            await asyncio.to_thread(put_in_place, file)
            _make_private(file)
        sqlite = self._url.get_backend_name() == "sqlite"
        engine = self._engine = create_async_engine(
            self._url,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=WAIT_S,
            connect_args={"factory": _Connection} if sqlite else {},
        )
        if sqlite:
            _prepare_sqlite(engine)
        await upgrade(engine, file)
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def _dispose(self) -> None:
        engine, self._engine, self._sessions = self._engine, None, None
        if engine is not None:
            with suppress(SQLAlchemyError, OSError, TimeoutError):
                async with time_limit(CLOSE_S):
                    await engine.dispose()

    def _unopened(self, error: Exception) -> StoreError:
        """Return why the store can not be opened, in a line that says what to do."""
        place = self._url.render_as_string(hide_password=True)
        cause: Any = getattr(error, "orig", None) or error
        why = str(cause).strip().split("\n", maxsplit=1)[0] or type(cause).__name__
        if isinstance(error, ImportError):
            why, help_ = "its driver is not installed", "Run `pip install 'sotto[postgresql]'`"
        elif isinstance(error, UnknownRevision):
            why = "it was written by a newer version of Sotto"
            help_ = "Install that version again, or put the latest .backup file beside it in place"
        elif "not a database" in why or "malformed" in why:
            help_ = (
                "It is damaged: put the latest .backup file beside it in its place, or move it "
                "away, and the hub starts with an empty one"
            )
        elif isinstance(cause, TimeoutError):
            why, help_ = "it did not answer in time", "See whether another program holds it"
        else:
            help_ = "See whether it is there and may be written, or set store.url to another place"
        return StoreError("can-not-open", f"The store {place} can not be opened: {why}. {help_}.")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError("can-not-open", "store.url is not the address of a database.") from None
    return parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))


def _file(url: URL) -> Path | None:
    """Return the file of a SQLite database; None for one in memory and for others."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database)).expanduser().absolute()


def _make_private(file: Path) -> None:
    """Make the file and its folder, readable for their owner alone, unless they are there."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600, exist_ok=True)


class _Connection(sqlite3.Connection):
    """One that leaves nothing locked when it is closed.

    SQLite keeps a closed connection's locks for as long as one of its statements is not over: that
    of somebody who was cancelled lives on in the traceback of that error.
    """

    def __init__(self, *options: Any, **more: Any) -> None:
        super().__init__(*options, **more)
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def cursor(self, *options: Any, **more: Any) -> Any:
        cursor = super().cursor(*options, **more)
        self._cursors.add(cursor)
        return cursor

    def close(self) -> None:
        for cursor in list(self._cursors):
            with suppress(sqlite3.Error):
                cursor.close()
        with suppress(sqlite3.Error):
            self.rollback()
        super().close()


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Have SQLite keep what it acknowledges, and have transactions begin as what they are."""

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver would begin transactions by itself
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_S * 1000:.0f}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begins(connection: Connection) -> None:
        # One that reads first and writes later would fail at once where another one writes.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
