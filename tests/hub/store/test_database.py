"""The store over a real file: what is acknowledged is there, and what goes wrong is told."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, event, select

from hub.hub_errors import EXPECTED
from hub.store import migrate
from hub.store.appointments import AppointmentRow
from hub.store.database import Store
from hub.store.errors import StoreError
from hub.store.list_items import ListItemRow
from hub.store.tables import Table

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def url(folder: Path) -> str:
    return f"sqlite:///{folder}/hub.db"


def item(text: str, added: datetime = NOW) -> ListItemRow:
    return ListItemRow(id=text, list="shopping", item=text, done=False, added=added)


async def items(store: Store) -> list[ListItemRow]:
    async with store.session() as session:
        return list(await session.scalars(select(ListItemRow).order_by(ListItemRow.item)))


async def test_what_was_kept_is_there_when_the_store_is_opened_again(tmp_path: Path) -> None:
    zone = timezone(timedelta(hours=2))
    async with Store(url(tmp_path)) as store, store.session() as session:
        session.add(item("milk", NOW.astimezone(zone)))
    async with Store(url(tmp_path)) as store:
        (found,) = await items(store)
        assert (found.item, found.added, found.added.tzinfo) == ("milk", NOW, UTC)


async def test_a_block_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    async with Store(url(tmp_path)) as store:

        async def fail() -> None:
            async with store.session() as session:
                session.add(item("milk"))
                await session.flush()
                raise LookupError

        with pytest.raises(LookupError):
            await fail()
        assert await items(store) == []


async def test_a_time_without_a_zone_is_refused(tmp_path: Path) -> None:
    async with Store(url(tmp_path)) as store:
        with pytest.raises(StoreError, match="without a zone"):
            async with store.session() as session:
                session.add(item("milk", NOW.replace(tzinfo=None)))


async def test_many_who_write_at_once_wait_for_one_another(tmp_path: Path) -> None:
    async with Store(url(tmp_path)) as store:

        async def add(number: int) -> None:
            async with store.session() as session:
                count = len(list(await session.scalars(select(ListItemRow))))
                session.add(item(f"{number}", NOW + timedelta(seconds=count)))

        await asyncio.gather(*(add(number) for number in range(20)))
        assert len({one.added for one in await items(store)}) == 20, "each saw all before it"


WRITER = """
import asyncio, logging, sys, structlog
from datetime import UTC, datetime
from hub.store import database
from hub.store.database import Store
from hub.store.list_items import ListItemRow

database.WAIT_S = 60.0
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))

async def main():
    async with Store(sys.argv[1]) as store:
        for number in range(1_000_000):
            async with store.session() as session:
                row = ListItemRow(id=str(number), list="", item="", done=False)
                row.added = datetime.now(UTC)
                session.add(row)
            print(number, flush=True)

asyncio.run(main())
"""


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, url(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(20)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in process.stdout]

    async def kept() -> set[int]:
        async with Store(url(tmp_path)) as store:
            return {int(one.id) for one in await items(store)}

    assert set(acknowledged) <= asyncio.run(kept())


def test_the_disk_is_told_to_keep_every_transaction(tmp_path: Path) -> None:
    async def pragmas() -> list[object]:
        async with Store(url(tmp_path)) as store, store.session() as session:
            connection = await session.connection()
            return [
                (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()
                for name in ("journal_mode", "synchronous")
            ]

    assert asyncio.run(pragmas()) == ["wal", 2]


async def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    async with Store(url(folder)):
        assert (folder / "hub.db").stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700


async def test_a_file_that_another_program_holds_is_told_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.store.database.BUSY_S", 0.05)
    async with Store(url(tmp_path)) as store:
        with closing(sqlite3.connect(tmp_path / "hub.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError) as caught:
                await items(store)
        assert caught.value.code == "busy"
        assert await items(store) == [], "it works again"


async def test_a_full_disk_is_told_and_costs_nothing_else(tmp_path: Path) -> None:
    async with Store(url(tmp_path)) as store:

        async def fill() -> None:
            async with store.session() as session:
                connection = await session.connection()
                pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar()
                await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
                session.add(item("m" * 100_000))

        with pytest.raises(StoreError) as caught:
            await fill()
        assert caught.value.code == "full"
        assert await items(store) == []


@pytest.mark.parametrize("wait", ["block", "commit"])
async def test_a_wait_that_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait: str
) -> None:
    async with Store(url(tmp_path)) as store:

        async def hang() -> None:
            async with store.session() as session:
                session.add(item("milk"))
                if wait == "block":
                    await asyncio.Event().wait()
                monkeypatch.setattr(session, "commit", asyncio.Event().wait)

        with monkeypatch.context() as patch:
            # What comes before and after may take as long as the disk takes.
            patch.setattr("hub.store.database.WAIT_S", 0.05)
            with pytest.raises(StoreError) as caught:
                await hang()
        assert caught.value.code == "busy"
        assert await items(store) == []


async def test_one_who_is_cancelled_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    async with Store(url(tmp_path)) as store:
        inside = asyncio.Event()

        async def write() -> None:
            async with store.session() as session:
                session.add(item("milk"))
                await session.flush()
                inside.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(write())
        await inside.wait()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert await items(store) == []


async def test_one_who_is_cancelled_while_rows_come_keeps_nobody_out(tmp_path: Path) -> None:
    async with Store(url(tmp_path)) as store:
        async with store.session() as session:
            session.add_all([item("milk"), item("tea")])
        engine = store._engine
        assert engine is not None
        task = asyncio.create_task(items(store))

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def _cancel(*about: Any) -> None:
            if about[2].startswith("SELECT"):
                asyncio.get_running_loop().call_soon(task.cancel)

        await asyncio.wait([task])
        assert task.cancelled()
        # The error's traceback, and with it SQLite's statement, is still there: in `task`.
        with closing(sqlite3.connect(tmp_path / "hub.db", timeout=0)) as other:
            busy, *_ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert not busy
            other.execute("BEGIN IMMEDIATE")


@pytest.mark.parametrize(
    ("address", "reason", "help_"),
    [
        ("sqlite:////proc/none/hub.db", "proc", "set store.url"),
        ("sqlite:///{folder}", "unable to open", "set store.url"),
        ("sqlite:///{folder}/rubbish.db", "not a database", ".backup"),
        ("postgresql://sotto:secret@127.0.0.1:9/sotto", "", "."),
    ],
)
async def test_a_store_that_can_not_be_opened_says_why(
    tmp_path: Path, address: str, reason: str, help_: str
) -> None:
    (tmp_path / "rubbish.db").write_bytes(b"rubbish, and not a little of it " * 200)
    with pytest.raises(StoreError) as caught:
        async with Store(address.format(folder=tmp_path)):
            pytest.fail("it was opened")
    assert caught.value.code == "can-not-open"
    assert reason in str(caught.value)
    assert help_ in str(caught.value)
    assert "secret" not in str(caught.value)
    assert isinstance(caught.value, EXPECTED), "the hub ends with this line"


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(StoreError, match=r"store\.url"):
        Store("no database")


async def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    async with Store(url(tmp_path)):
        pass
    _set_revision(tmp_path, "9999")
    with pytest.raises(StoreError, match="newer version"):
        async with Store(url(tmp_path)):
            pytest.fail("it was opened")
    assert not list(tmp_path.glob("*.backup"))


def _set_revision(folder: Path, revision: str) -> None:
    with closing(sqlite3.connect(folder / "hub.db")) as file:
        file.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        file.commit()


async def test_the_declared_tables_are_what_the_migrations_make(tmp_path: Path) -> None:
    def declared(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or not str(name).startswith("turn_words")  # SQLite's own index

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_name": declared})
        return list(compare_metadata(context, Table.metadata))

    async with Store(url(tmp_path)) as store, store.session() as session:
        connection = await session.connection()
        assert await connection.run_sync(differences) == []


async def test_a_copy_is_put_aside_before_a_change_and_three_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Store(url(tmp_path)) as store, store.session() as session:
        session.add(item("milk"))
    for _ in range(5):
        migrate._back_up(tmp_path / "hub.db", "0001")
    copies = sorted(tmp_path.glob("hub.db.*.backup"))
    assert len(copies) == 3
    assert not list(tmp_path.glob("*.partial"))
    async with Store(f"sqlite:///{copies[-1]}") as store:
        assert [one.item for one in await items(store)] == ["milk"]
    assert copies[-1].stat().st_mode & 0o777 == 0o600


async def test_a_new_store_has_nothing_to_put_aside(tmp_path: Path) -> None:
    async with Store(url(tmp_path)) as store, store.session() as session:
        assert list(await session.scalars(select(AppointmentRow))) == []
    assert not list(tmp_path.glob("*.backup"))
