"""One file out, the same file in: the store and the settings of another day."""

import gzip
import io
import json
import os
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hub import backing_up
from hub.accounts.role import Role
from hub.store.database import Store
from hub.store.restoring import waiting
from hub.tools.additions import Addition, Step, parsed
from hub.tools.stored_additions import StoredAdditions
from hub.tools_settings import McpServer
from tests.hub.accounts.accounts_bench import Bench, bench, log_in, running


async def taken(owner: httpx2.AsyncClient) -> bytes:
    answer = await owner.get("/v1/backup")
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert ".backup.tar.gz" in answer.headers["content-disposition"]
    return answer.content


def packed(**members: bytes) -> bytes:
    """Return a backup with other members."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def unpacked(backup: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(backup), mode="r:gz") as archive:
        return {name: archive.extractfile(name).read() for name in archive.getnames()}  # type: ignore[union-attr]


def with_a_long_name() -> bytes:
    """Return an archive of a few kB that holds a name of 32 MiB."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("x" * (32 << 20)))
    return file.getvalue()


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def left(here: Bench) -> set[str]:
    return {file.name for file in here.folder.iterdir() if file.name.startswith(".")}


async def test_what_was_backed_up_is_so_again_after_the_next_start(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        (tmp_path / "hub.toml").write_text('name = "Then"\n')
        await owner.post("/v1/tokens", json={"name": "x", "scopes": ["read"]})
        backup = await taken(owner)
        assert set(unpacked(backup)) == {
            "sotto-backup.json",
            "hub.db",
            "engines.json",
            "hub.toml",
        }
        (tmp_path / "hub.toml").write_text('name = "Now"\n')
        async with here.logged_in(Role.GUEST):
            pass
        answer = await owner.post("/v1/restore?settings=true", content=backup)
        assert answer.status_code == 200, answer.text
        assert answer.json()["settings"] == "replaced"
        assert len(await here.accounts.users.page(9)) == 2, "nothing is another until then"
        assert left(here) == set()
    assert 'name = "Then"' in (tmp_path / "hub.toml").read_text()
    assert 'name = "Now"' in (tmp_path / "hub.toml.before-restore").read_text()
    assert stat.S_IMODE(waiting(tmp_path / "hub.db").stat().st_mode) == 0o600
    async with bench(tmp_path) as here:
        (user,) = await here.accounts.users.page(9)
        assert user.role is Role.OWNER
        assert await here.accounts.logins.of(user.id) == [], "nobody is logged in"
        async with here.client() as owner:
            await log_in(owner, "OWNER")
            assert (await owner.get("/v1/tokens")).json() == []
    assert not waiting(tmp_path / "hub.db").exists()
    (replaced,) = tmp_path.glob("hub.db.*-replaced.backup")
    with closing(sqlite3.connect(replaced)) as before:
        assert before.execute("SELECT count(*) FROM users").fetchone() == (2,)


@pytest.mark.usefixtures("open_umask")
async def test_nobody_can_read_settings_while_they_are_put_in_place_and_the_disk_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    synced: set[int] = set()
    copy, sync = shutil.copyfileobj, os.fsync

    def watched(source: Any, target: Any, *more: Any) -> None:
        modes.append(stat.S_IMODE(os.fstat(target.fileno()).st_mode))
        copy(source, target, *more)

    def keep(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)
        sync(descriptor)

    new, settings = tmp_path / "new.toml", tmp_path / "hub.toml"
    new.write_text('name = "Then"\n')
    settings.write_text('name = "Now"\n')
    settings.with_name("hub.toml.partial").touch()
    monkeypatch.setattr(shutil, "copyfileobj", watched)
    monkeypatch.setattr(os, "fsync", keep)
    assert backing_up._replace(new, settings) == "replaced"
    assert modes == [0o600, 0o600]
    assert settings.read_text() == new.read_text()
    assert {settings.stat().st_ino, tmp_path.stat().st_ino} <= synced


async def test_settings_are_left_alone_unless_asked_and_no_token_brings_them(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        (tmp_path / "hub.toml").write_text('name = "Then"\n')
        backup = await taken(owner)
        (tmp_path / "hub.toml").write_text('name = "Now"\n')
        answer = await owner.post("/v1/restore", content=backup)
        assert answer.json()["settings"] == "left"
        assert "Now" in (tmp_path / "hub.toml").read_text()
        made = await owner.post("/v1/tokens", json={"name": "x", "scopes": ["admin"]})
        async with here.client(Authorization=f"Bearer {made.json()['token']}") as program:
            refused = await program.post("/v1/restore?settings=true", content=backup)
            assert refused.json()["code"] == "not-for-tokens"
            assert (await program.post("/v1/restore", content=backup)).status_code == 200


async def test_settings_that_can_not_be_used_here_are_left_and_the_store_is_restored(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        members = unpacked(await taken(owner))
        backup = packed(**{**members, "hub.toml": b"language = 'xx'"})
        answer = await owner.post("/v1/restore?settings=true", content=backup)
        assert answer.status_code == 200, answer.text
        assert "language" in answer.json()["settings"]
        assert waiting(tmp_path / "hub.db").exists()


@pytest.mark.parametrize("server", [{"env": {"TOKEN": "xyzzy1"}}, {"args": ["--token=xyzzy1"]}])
async def test_programs_of_a_backup_that_the_hub_does_not_run_are_told_and_asked_for(
    tmp_path: Path, server: dict[str, Any]
) -> None:
    entry = {"name": "notes", "command": "notes-mcp", **server}
    made = Addition("a", "server", parsed("server", entry))
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        both = {"a": made, "b": replace(made, id="b", place=1)}
        await StoredAdditions(here.store).save(Step("s", {}, both))
        backup = await taken(owner)
        refused = await owner.post("/v1/restore", content=backup)
        assert refused.status_code == 409
        assert refused.json()["code"] == "runs-programs"
        (told,) = refused.json()["programs"]
        assert "notes-mcp" in told
        assert "xyzzy1" not in refused.text
        assert not waiting(tmp_path / "hub.db").exists()
        assert (await owner.post("/v1/restore?programs=true", content=backup)).status_code == 200
        other = {**entry, "env": {"TOKEN": "xyzzy1", "LD_PRELOAD": "other.so"}}
        for known, status in ((entry, 200), (other, 409)):
            settings = {key: value for key, value in known.items() if key != "name"}
            here.app.state.parts.acting = running(McpServer.model_validate(settings))
            assert (await owner.post("/v1/restore", content=backup)).status_code == status


async def test_programs_of_settings_are_asked_for_where_the_settings_are_taken(
    tmp_path: Path,
) -> None:
    (tmp_path / "hub.toml").write_text("[mcp.servers.notes]\ncommand = 'notes-mcp'\n")
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        backup = await taken(owner)
        assert (await owner.post("/v1/restore", content=backup)).status_code == 200
        refused = await owner.post("/v1/restore?settings=true", content=backup)
        assert refused.json()["programs"] == ["notes-mcp"]
        path = "/v1/restore?settings=true&programs=true"
        assert (await owner.post(path, content=backup)).status_code == 200


def _other_store(members: dict[str, bytes], *statements: str) -> dict[str, bytes]:
    with closing(sqlite3.connect(":memory:")) as other:
        other.deserialize(members["hub.db"].replace(b"\x02\x02", b"\x01\x01", 1))
        for statement in statements:
            other.execute(statement)
        other.commit()
        return {**members, "hub.db": other.serialize()}


@pytest.mark.parametrize(
    ("words", "break_"),
    [
        ("ends with .backup.tar.gz", lambda members: b""),
        ("ends with .backup.tar.gz", lambda members: b"nonsense" * 100),
        ("not whole", lambda members: packed(**members)[:-200]),
        ("not whole", lambda members: gzip.compress(b"")[:10] + b"\xff" * 99),
        ("not whole", lambda members: gzip.compress(b"nonsense" * 100)),
        ("can not be read", lambda members: packed(**{**members, "hub.db": b"nonsense" * 100})),
        ("no store", lambda members: packed(**{**members, "hub.db": b""})),
        ("too large", lambda members: with_a_long_name()),
        ("something else", lambda members: packed(**{**members, "../evil": b"x"})),
        ("no backup", lambda members: packed(**{**members, "sotto-backup.json": b"{}"})),
        ("too large", lambda members: packed(**{**members, "sotto-backup.json": b"x" * (2 << 20)})),
        (
            "no store in",
            lambda members: packed(**{"sotto-backup.json": members["sotto-backup.json"]}),
        ),
        ("is an owner", lambda members: packed(**_other_store(members, "DELETE FROM users"))),
        ("before accounts", lambda members: packed(**_other_store(members, "DROP TABLE users"))),
        (
            "damaged",
            lambda members: packed(
                **_other_store(
                    members,
                    "CREATE TRIGGER late AFTER DELETE ON logins BEGIN "
                    "INSERT INTO additions VALUES ('a', 'server', 0, 1, '{}', 0); END",
                )
            ),
        ),
        (
            "newer version",
            lambda members: packed(
                **_other_store(members, "UPDATE alembic_version SET version_num = '9999'")
            ),
        ),
    ],
)
async def test_a_file_that_is_no_good_backup_is_refused_and_nothing_is_left_of_it(
    tmp_path: Path, words: str, break_: Any
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        bad = break_(unpacked(await taken(owner)))
        answer = await owner.post("/v1/restore", content=bad)
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] == "store-bad-backup"
        assert words in answer.json()["detail"]
        assert not waiting(tmp_path / "hub.db").exists()
        assert left(here) == set()


async def test_a_damaged_store_can_be_restored_too(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        backup = await taken(owner)
        await owner.post("/v1/restore", content=backup)
    (tmp_path / "hub.db").write_bytes(b"damaged" * 1000)
    async with Store(f"sqlite:///{tmp_path}/hub.db"):
        pass
    (kept,) = tmp_path.glob("hub.db.*-replaced.backup")
    assert kept.read_bytes().startswith(b"damaged")


async def test_settings_are_told_with_where_they_are_from_and_secrets_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hub.toml").write_text(
        "[mqtt]\nversion = '5'\nurl = 'mqtt://ada:xyzzy1@broker'\n"
        "[satellites]\ntoken = 'xyzzy2-xyzzy2-xyzzy2'\n"
        "[mcp.servers.a]\ncommand = 'x'\nenv = {TOKEN = 'xyzzy3'}\n"
        "[home.devices.door]\ncode = 'xyzzy4'\n"
    )
    monkeypatch.setenv("SOTTO_HUB_LOG__LEVEL", "error")
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        answer = await owner.get("/v1/settings")
        assert answer.status_code == 200
        assert "xyzzy" not in answer.text
        by_name = {one["name"]: one for one in answer.json()["settings"]}
        assert by_name["mqtt.url"]["value"] == "***"
        assert by_name["mqtt.url"]["secret"]
        assert by_name["satellites.token_file"]["value"] is None
        version = by_name["mqtt.version"]
        assert (version["value"], version["source"], version["secret"]) == ("5", "file", False)
        assert by_name["log.level"]["source"] == "environment"
        assert by_name["log.form"]["source"] == "default"
        assert all(json.dumps(one["value"]) for one in by_name.values())
        assert all(one["text"] for one in by_name.values())
        sections = {name.split(".")[0] for name in by_name if "." in name}
        assert {name for name, text in answer.json()["sections"].items() if text} == sections
        assert answer.json()["file"] == str(tmp_path / "hub.toml")
