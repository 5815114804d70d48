"""Backups: one file with all that the hub keeps and its owner's files, and the way back.

A backup is a .tar.gz of the members below. What it holds is as private as the hub itself.
"""

import gzip
import io
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from hub.backup_programs import check_programs
from hub.engine_choice import choice_file, restore_choice
from hub.settings import HubSettings, SettingsError, load
from hub.store.copying import copy_database
from hub.store.errors import StoreError
from hub.store.restoring import check, make_ready, sync_folder
from hub.tools.sentence_files import MAX_FILES
from hub.tools_settings import McpServer
from hub.words import worded
from protocol.version import VERSION

ABOUT = "sotto-backup.json"
STORE = "hub.db"
ENGINES = "engines.json"
SETTINGS = "hub.toml"
TOOLS = "tools.toml"
SENTENCES = re.compile(r"sentences/[\w-]{1,20}/[^/\x00-\x1f.][^/\x00-\x1f]{0,100}\.yaml")
MAX_STORE_BYTES = 16 << 30
MAX_TEXT_BYTES = 1 << 20
MAX_MEMBERS = MAX_FILES + 16
MAX_PIECE_BYTES = 4 << 20
"""Of an archive, read at once."""
GZIP = b"\x1f\x8b"
"""What a packed file begins with."""
SPARE_BYTES = 64 << 20
"""What a disk keeps free: a hub whose disk is full keeps nothing."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the hub has what a backup holds."""

    store: Path
    engines: Path
    """What was chosen of engines in the dashboard."""
    settings: Path | None
    tools: Path
    sentences: Path
    """The folder."""

    @classmethod
    def of(cls, settings: HubSettings) -> "Places":
        """Return those of settings. Raises StoreError for a store that is no file."""
        tools = settings.tools
        return cls(
            _store_file(settings.store.place),
            choice_file(settings),
            settings.file,
            tools.tool_file,
            tools.sentence_folder,
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """What will be so from the next start on."""

    made: datetime
    """When the backup was made."""
    version: str
    """By which version of Sotto."""
    settings: str
    """What became of the settings: "none", "left", "replaced", or why they were not."""


def make_backup(places: Places) -> IO[bytes]:
    """Return a new backup, at its beginning; it goes when it is closed. Takes its time."""
    folder = places.store.parent
    _check_space(folder, 2 * places.store.stat().st_size)
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - whoever gets it closes it
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-") as name:
            copy = Path(name) / STORE
            copy_database(places.store, copy)
            about = {"version": VERSION, "made": datetime.now(UTC).isoformat()}
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
                _add_text(archive, ABOUT, json.dumps(about).encode())
                archive.add(copy, STORE, recursive=False, filter=_nobodys)
                # Without a choice the backup says so: it is what is to be so again.
                chosen = places.engines.read_bytes() if places.engines.is_file() else b"{}"
                _add_text(archive, ENGINES, chosen)
                for member, text in _owners(places):
                    _add_text(archive, member, text.read_bytes())
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def restore(
    backup: Path,
    places: Places,
    *,
    settings: bool,
    known: Iterable[McpServer] | None = (),
) -> Restored:
    """Check a backup and have the next start use it. Takes its time.

    Without `settings` the owner's files are left alone. Raises StoreError, and RunsPrograms for
    programs that are not `known`; None: whatever it runs.
    """
    with tempfile.TemporaryDirectory(dir=places.store.parent, prefix=".restore-") as name:
        folder = Path(name)
        try:
            _unpack(backup, folder)
        except (_Odd, tarfile.TarError, EOFError, zlib.error, OSError, ValueError) as error:
            raise _refused(error, backup) from None
        about = _about(folder / ABOUT)
        if not (folder / STORE).is_file():
            raise StoreError(
                "bad-backup", worded("backup-without-store", "There is no store in this backup.")
            )
        outcome, new = _check_settings(folder / SETTINGS)
        check(folder / STORE)
        if known is not None:
            check_programs(folder / STORE, new if settings else None, known)
        try:
            restore_choice(folder / ENGINES, places.engines)
        except OSError as error:
            raise StoreError.of(error) from None
        make_ready(folder / STORE, places.store)
        if outcome in ("", "none"):
            taken = settings and _take_files(folder, places, settings=new is not None)
            outcome = taken or outcome or "left"
        return Restored(about[0], about[1], outcome)


def _store_file(url: str) -> Path:
    """Return the file of the store. Raises StoreError for one that is no file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise StoreError(
            "no-file", "The store is a database server: back it up with its own tools (pg_dump)."
        )
    return Path(str(parsed.database)).expanduser().absolute()


def _owners(places: Places) -> Iterator[tuple[str, Path]]:
    """Yield the files that the owner writes, by what they are called in a backup."""
    for member, file in ((SETTINGS, places.settings), (TOOLS, places.tools)):
        if file is not None and file.is_file() and file.stat().st_size <= MAX_TEXT_BYTES:
            yield member, file
    for file in sorted(places.sentences.glob("*/*.yaml"))[:MAX_FILES]:
        member = f"sentences/{file.parent.name}/{file.name}"
        fits = SENTENCES.fullmatch(member) and file.is_file()
        if fits and file.stat().st_size <= MAX_TEXT_BYTES:
            yield member, file


class _Odd(Exception):
    """There is something in it that no backup has."""


class _Pieces(io.RawIOBase):
    """Reads a file in pieces: a tar archive may ask for a name of gigabytes at once."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """Read some. Raises _Odd for too much at once."""
        if not 0 <= size <= MAX_PIECE_BYTES:
            raise _Odd(worded("backup-large", "a part of it is too large"))
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()


def _unpack(backup: Path, folder: Path) -> None:
    """Unpack the members that are known, each within its size, and nothing else."""
    known = {ABOUT, ENGINES, SETTINGS, TOOLS}
    with (
        gzip.open(backup) as unpacked,
        tarfile.open(fileobj=_Pieces(unpacked), mode="r:") as archive,
    ):
        for count, member in enumerate(archive):
            if count >= MAX_MEMBERS:
                raise _Odd(worded("backup-many", "there is too much in it"))
            is_store = member.name == STORE
            is_text = member.name in known or SENTENCES.fullmatch(member.name)
            if not (is_store or is_text) or not member.isreg():
                raise _Odd(worded("backup-other", "there is something else in it"))
            if member.size > (MAX_STORE_BYTES if is_store else MAX_TEXT_BYTES):
                raise _Odd(worded("backup-large", "a part of it is too large"))
            _check_space(folder, member.size)
            packed = archive.extractfile(member)
            if packed is None:
                raise _Odd(worded("backup-other", "there is something else in it"))
            place = folder / member.name
            place.parent.mkdir(parents=True, exist_ok=True)
            with packed, place.open("wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)


def _refused(error: Exception, backup: Path) -> StoreError:
    """Return why a file can not be unpacked, in words for people."""
    if isinstance(error, _Odd):
        return StoreError(
            "bad-backup",
            worded("no-backup-because", "This is no backup of Sotto: {why}.", why=str(error)),
        )
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return StoreError(
            "failed",
            worded(
                "backup-disk",
                "The backup can not be unpacked on the hub's disk: {why}.",
                why=error.strerror or str(error),
            ),
        )
    with backup.open("rb") as file:
        packed = file.read(len(GZIP)) == GZIP
    if packed:
        return StoreError(
            "bad-backup",
            worded(
                "backup-not-whole",
                "This is no backup of Sotto, or it is damaged or not whole. Copy it here again, "
                "or take another one.",
            ),
        )
    return StoreError(
        "bad-backup",
        worded(
            "no-backup-file",
            "This is no backup of Sotto: the name of one ends with .backup.tar.gz.",
        ),
    )


def _about(file: Path) -> tuple[datetime, str]:
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
        return datetime.fromisoformat(about["made"]), str(about["version"])
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError("bad-backup", worded("no-backup", "This is no backup of Sotto.")) from None


def _check_settings(file: Path) -> tuple[str, HubSettings | None]:
    """Return "" and settings that can be used, "none" where there are none, or what is wrong."""
    if not file.is_file():
        return "none", None
    try:
        return "", load(file)
    except SettingsError as error:
        return f"left, for they can not be used here: {' '.join(str(error).split())}", None


def _take_files(folder: Path, places: Places, *, settings: bool) -> str:
    """Put the owner's files where the hub has them now; return what became of them."""
    # What the settings of a backup name as their places could be any file of this machine.
    targets = [(folder / TOOLS, places.tools)]
    if settings and places.settings is not None:
        targets.insert(0, (folder / SETTINGS, places.settings))
    targets += [
        (file, places.sentences / file.parent.name / file.name)
        for file in sorted(folder.glob("sentences/*/*.yaml"))
    ]
    there = [(source, target) for source, target in targets if source.is_file()]
    if not there:
        return "none"
    became = [_replace(source, target) for source, target in there]
    failed = [one for one in became if one not in ("left", "replaced")]
    return failed[0] if failed else max(became)


def _replace(new: Path, settings: Path) -> str:
    """Put a file in place; the one before is kept beside it. Return what became of it."""
    try:
        if settings.is_file():
            if settings.read_bytes() == new.read_bytes():
                return "left"
            _copy_privately(settings, settings.with_name(f"{settings.name}.before-restore"))
        settings.parent.mkdir(parents=True, exist_ok=True)
        partial = settings.with_name(f"{settings.name}.partial")
        _copy_privately(new, partial)
        partial.replace(settings)
        sync_folder(settings.parent)
    except OSError as error:
        return f"left, for {settings} can not be written: {error.strerror or error}"
    return "replaced"


def _copy_privately(source: Path, target: Path) -> None:
    """Copy a file with secrets to the disk: at no moment can anybody else read it."""
    target.unlink(missing_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as copy, source.open("rb") as file:
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())


def _check_space(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed + SPARE_BYTES:
        raise StoreError(
            "full",
            worded("disk-too-small", "There is not enough space on the hub's disk for this."),
        )


def _add_text(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out whose file it is here."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member
