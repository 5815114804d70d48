"""One pull of a model at a time, of all programs that share the folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = ".locks"


@contextmanager
def model_lock(folder: Path, name: str) -> Iterator[bool]:
    """Enter with whether the lock was free: then this program has it until the end.

    It ends with the program, also over NFS. Where locks do nothing, two pulls write into one
    partial file, which then is not what it must be, and is removed. Raises OSError.
    """
    locks = folder / FOLDER
    locks.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(locks / f"{name.replace('/', '--')}.lock", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)
