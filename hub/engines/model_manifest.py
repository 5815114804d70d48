"""What the files of a fetched model must be: written beside them, travels with a copy of them."""

import hashlib
import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

MAX_MANIFEST_BYTES = 1 << 20

_KEYS = ("model", "repository", "revision")
_PIECE_BYTES = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One model."""

    model: str
    repository: str
    revision: str
    """The commit of the repository that the files are of."""
    files: tuple[FileRecord, ...]

    @property
    def size_bytes(self) -> int:
        """All files together."""
        return sum(record.size_bytes for record in self.files)

    def fits(self, folder: Path) -> bool:
        """Return whether all files are there in their full sizes; cheap, their content unread."""
        try:
            return all(
                (folder / each.name).stat().st_size == each.size_bytes for each in self.files
            )
        except OSError:
            return False


def read_manifest(path: Path) -> Manifest | None:
    """Return a manifest; None where there is none that can be used."""
    try:
        with path.open("rb") as file:
            told = orjson.loads(file.read(MAX_MANIFEST_BYTES))
        records = tuple(_record(entry) for entry in told["files"])
        model, repository, revision = (str(told[key]) for key in _KEYS)
        return Manifest(model, repository, revision, records) if records else None
    except (OSError, KeyError, TypeError, ValueError):
        return None


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a manifest, whole or not at all. Raises OSError."""
    staged = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with staged.open("wb") as file:
            file.write(orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
    finally:
        with suppress(OSError):
            staged.unlink(missing_ok=True)


def file_sha256(path: Path, read: Callable[[int], None] = lambda _: None) -> str:
    """Return the hash of a file; `read` is told of bytes that were read. Raises OSError."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            found.update(piece)
            read(len(piece))
    return found.hexdigest()


def _record(entry: Any) -> FileRecord:
    record = FileRecord(str(entry["name"]), int(entry["size_bytes"]), str(entry["sha256"]))
    # A shared folder may be written to by others: a name must not lead out of it.
    if Path(record.name).name != record.name or not _SHA256.fullmatch(record.sha256):
        raise ValueError(f"not a file of a model: {record}")
    return record
