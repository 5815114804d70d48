"""Puts another database in the place of the store's, at the next start.

What is to be restored waits beside the store; what it replaces is kept as a backup.
"""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import structlog

from hub.store.copying import copy_database
from hub.store.errors import StoreError
from hub.store.migrate import known_revisions
from hub.words import worded

log = structlog.get_logger(__name__)


def waiting(file: Path) -> Path:
    """Return where a database waits to take the place of the store in a file."""
    return file.with_name(f"{file.name}.restore")


def check(database: Path) -> None:
    """Check a database that is to be restored. Raises StoreError.

    Whoever was logged in when it was copied is not, and tokens of programs are gone: what was ended
    since must not return.
    """
    try:
        with closing(sqlite3.connect(database)) as opened:
            if opened.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise StoreError(
                    "bad-backup",
                    worded("backup-damaged", "The database in this backup is damaged."),
                )
            _check_version(opened)
            _check_rules(opened)
            if not _has_owner(opened):
                raise StoreError(
                    "bad-backup",
                    worded("backup-without-owner", "Nobody in this backup is an owner."),
                )
            opened.execute("DELETE FROM logins")
            opened.execute("DELETE FROM api_tokens")
            opened.commit()
            opened.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise StoreError(
            "bad-backup",
            worded(
                "backup-unreadable", "The database in it can not be read: {why}.", why=str(error)
            ),
        ) from None


def make_ready(database: Path, file: Path) -> None:
    """Have a database that was checked wait for the next start. Raises OSError."""
    descriptor = os.open(database, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    database.chmod(0o600)
    database.replace(waiting(file))
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Have the disk keep what files in a folder are called. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(file: Path) -> None:
    """Take up what waits, if anything does. Wherever this is interrupted, it can begin again."""
    new = waiting(file)
    if not new.is_file():
        return
    if file.is_file() and file.stat().st_size:
        made = datetime.now(UTC)
        copy = file.with_name(f"{file.name}.{made:%Y%m%dT%H%M%S%f}-replaced.backup")
        try:
            copy_database(file, copy)
        except sqlite3.DatabaseError:  # it is damaged, which may be why it is replaced
            file.replace(copy)
        log.info("store backed up", file=str(copy))
    # Its journal must be gone before another database has its name.
    for journal in ("-wal", "-shm"):
        file.with_name(file.name + journal).unlink(missing_ok=True)
    new.replace(file)
    log.warning("store restored from a backup")


def _check_version(opened: sqlite3.Connection) -> None:
    try:
        (revision,) = opened.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.Error, TypeError):
        raise StoreError(
            "bad-backup", worded("backup-no-store", "This is no store of Sotto.")
        ) from None
    if revision not in known_revisions():
        raise StoreError(
            "bad-backup",
            worded(
                "backup-newer",
                "This backup was made by a newer version of Sotto: install that first.",
            ),
        )


def _check_rules(opened: sqlite3.Connection) -> None:
    """Refuse a database that would make additions, such as programs to run, by itself."""
    acting = "SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')"
    if opened.execute(f"{acting} AND sql LIKE '%additions%'").fetchone():
        raise StoreError(
            "bad-backup", worded("backup-damaged", "The database in this backup is damaged.")
        )


def _has_owner(opened: sqlite3.Connection) -> bool:
    try:
        found = opened.execute(
            "SELECT 1 FROM users WHERE role = 'owner' AND NOT disabled"
        ).fetchone()
    except sqlite3.OperationalError:
        raise StoreError(
            "bad-backup", worded("backup-too-old", "This backup is of a time before accounts.")
        ) from None
    return found is not None
