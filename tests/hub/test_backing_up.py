"""What a backup holds: all that a hub keeps, and its owner's files."""

import sqlite3
from contextlib import closing
from pathlib import Path

from hub.backing_up import Places, make_backup, restore
from hub.engine_choice import EngineChoice, read_choice, take_up, write_choice
from hub.store.database import Store

CHOICE = EngineChoice(text_to_speech="espeak", voices={"de": "de_DE-thorsten-medium"})
NOT_KEPT = {"logins", "api_tokens"}
"""Of a hub that was restored: what was ended since must not return."""


def places(folder: Path) -> Places:
    return Places(
        folder / "hub.db",
        folder / "engines.json",
        folder / "hub.toml",
        folder / "tools.toml",
        folder / "sentences",
    )


async def make_store(file: Path) -> None:
    async with Store(f"sqlite:///{file}"):
        pass


def tables(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows by table, without those of the search, which the store makes itself."""
    with closing(sqlite3.connect(file)) as opened:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%words%'"
        names = [name for (name,) in opened.execute(query)]
        return {name: opened.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def fill(file: Path) -> None:
    """Put a row into every table."""
    known = {"role": "owner", "disabled": 0}
    with closing(sqlite3.connect(file)) as opened:
        for table, rows in tables(file).items():
            if rows:
                continue
            columns = opened.execute(f"PRAGMA table_info({table})").fetchall()
            names = [column[1] for column in columns]
            values = [known.get(name, 7) for name in names]
            marks = ", ".join("?" for _ in names)
            opened.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values)
        opened.commit()


def written(folder: Path) -> dict[str, str]:
    """Return the owner's files."""
    here = places(folder)
    files = [here.settings, here.tools, *sorted(here.sentences.rglob("*.yaml"))]
    return {str(file.relative_to(folder)): file.read_text() for file in files if file is not None}


async def test_all_that_a_hub_keeps_is_so_again_in_an_empty_one(tmp_path: Path) -> None:
    then, now, backup = tmp_path / "then", tmp_path / "now", tmp_path / "backup.tar.gz"
    for folder in (then, now):
        folder.mkdir()
        await make_store(folder / "hub.db")
    fill(then / "hub.db")
    write_choice(then / "engines.json", CHOICE)
    (then / "hub.toml").write_text("name = 'Mill Lane'\n")
    (then / "tools.toml").write_text("# tools\n")
    (then / "sentences" / "de").mkdir(parents=True)
    (then / "sentences" / "de" / "own words.yaml").write_text("language: de\n")
    with make_backup(places(then)) as file:
        backup.write_bytes(file.read())
    assert restore(backup, places(now), settings=True).settings == "replaced"
    assert read_choice(now / "engines.json") == EngineChoice(), "not before the next start"
    take_up(now / "engines.json")
    await make_store(now / "hub.db")
    assert read_choice(now / "engines.json") == CHOICE
    assert written(now) == written(then)
    before, after = tables(then / "hub.db"), tables(now / "hub.db")
    assert all(before.values()), "there is something in every table"
    assert {name for name in before if before[name] != after[name]} == NOT_KEPT
    assert not any(after[name] for name in NOT_KEPT)


async def test_a_hub_without_a_choice_of_engines_is_restored_to_none_and_keeps_the_one_before(
    tmp_path: Path,
) -> None:
    backup, here = tmp_path / "backup.tar.gz", places(tmp_path)
    await make_store(here.store)
    fill(here.store)
    with make_backup(here) as file:
        backup.write_bytes(file.read())
    write_choice(here.engines, CHOICE)
    assert restore(backup, here, settings=False).settings == "none"
    take_up(here.engines)
    assert read_choice(here.engines) == EngineChoice()
    assert read_choice(tmp_path / "engines.json.before-restore") == CHOICE


async def test_what_settings_of_a_backup_name_is_not_written_over(tmp_path: Path) -> None:
    backup, here = tmp_path / "backup.tar.gz", places(tmp_path)
    await make_store(here.store)
    fill(here.store)
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (tmp_path / "hub.toml").write_text(f"[tools]\nfile = '{precious}'\n")
    (tmp_path / "tools.toml").write_text("# another's\n")
    with make_backup(here) as file:
        backup.write_bytes(file.read())
    restore(backup, here, settings=True)
    assert precious.read_text() == "mine"
