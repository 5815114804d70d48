"""Copies of a database in a file, whole even while it is written."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path


def copy_database(file: Path, copy: Path) -> None:
    """Copy a database to a new file that its owner alone can read, and have it on the disk."""
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
    descriptor = os.open(copy, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
