"""Brings the tables of a database up to date, after a copy of it was put aside."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.store.copying import copy_database

log = structlog.get_logger(__name__)

KEPT_BACKUPS = 3
MIGRATIONS = Path(__file__).parent / "migrations"


class UnknownRevision(OSError):
    """The database has tables of a version that this one does not know."""


async def upgrade(engine: AsyncEngine, file: Path | None) -> None:
    """Make or change the tables, all or none of them; a `file` is copied before it is changed."""
    script = ScriptDirectory.from_config(_config())
    async with engine.connect() as connection:
        current = await connection.run_sync(_revision)
    newest = script.get_current_head()
    if current == newest:
        return
    if current is not None and current not in {one.revision for one in script.walk_revisions()}:
        raise UnknownRevision(f"unknown revision {current}")
    if file is not None and current is not None:
        await asyncio.to_thread(_back_up, file, current)
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)
    log.info("store upgraded", before=current, now=newest)


def known_revisions() -> frozenset[str]:
    """Return the versions of tables that this version of Sotto can bring up to date."""
    script = ScriptDirectory.from_config(_config())
    return frozenset(one.revision for one in script.walk_revisions())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


def _back_up(file: Path, revision: str) -> None:
    """Copy a database, whole even while it is written; the oldest copies go."""
    made = datetime.now(UTC)
    copy = file.with_name(f"{file.name}.{made:%Y%m%dT%H%M%S%f}-{revision}.backup")
    partial = copy.with_suffix(".partial")
    try:
        copy_database(file, partial)
        partial.replace(copy)
    finally:
        partial.unlink(missing_ok=True)
    log.info("store backed up", file=str(copy))
    for older in sorted(file.parent.glob(f"{file.name}.*.backup"))[:-KEPT_BACKUPS]:
        older.unlink(missing_ok=True)
