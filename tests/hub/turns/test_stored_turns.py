"""Turns in a real database: pages, filters, words, and forgetting."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hub.turns.kept import Wanted
from hub.turns.stored_turns import StoredTurns
from tests.hub.turns.made import NOW, opened, turn


async def found(turns: StoredTurns, **wanted: object) -> list[str]:
    page = await turns.conversations(Wanted(**wanted), 50)  # type: ignore[arg-type]
    return [one.id for one in page]


async def test_what_was_kept_is_there_as_it_was(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await StoredTurns(store).add([turn(1)])
    async with opened(tmp_path) as store:
        assert await StoredTurns(store).turn("run-1") == turn(1)
        assert await StoredTurns(store).turn("run-2") is None


async def test_a_turn_that_is_kept_twice_is_there_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        turns = StoredTurns(store)
        await turns.add([turn(1)])
        await turns.add([turn(1), turn(2)])
        assert [one.id for one in await turns.latest(10)] == ["run-1", "run-2"]


async def test_conversations_come_newest_first_and_in_pages(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        turns = StoredTurns(store)
        await turns.add([turn(n) for n in range(5)])
        first = await turns.conversations(Wanted(), 2)
        rest = await turns.conversations(Wanted(), 9, (first[-1].last, first[-1].id))
    assert [one.id for one in first + rest] == [f"run-c{n}" for n in (4, 3, 2, 1, 0)]


async def test_a_conversation_tells_how_many_turns_it_has_and_how_it_began(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        turns = StoredTurns(store)
        await turns.add(
            [
                turn(1, conversation="c", transcript=None, answer=None, outcome="nothing-heard"),
                turn(2, conversation="c", transcript="how warm is it"),
                turn(3, conversation="c", outcome="failed"),
            ]
        )
        (one,) = await turns.conversations(Wanted(), 9)
        assert (one.turns, one.failed, one.transcript) == (3, 1, "how warm is it")
        assert one.last == NOW + timedelta(minutes=3)
        kept = await turns.turns("c", 2)
        assert [each.number for each in kept] == [1, 2]
        after = (kept[-1].started, kept[-1].id)
        assert [each.number for each in await turns.turns("c", 2, after)] == [3]


@pytest.mark.parametrize("indexed", [True, False])
async def test_words_are_found_in_transcripts_and_answers_as_they_are_typed(
    tmp_path: Path, indexed: bool
) -> None:
    async with opened(tmp_path) as store:
        turns = StoredTurns(store)
        turns._indexed = None if indexed else False
        await turns.add(
            [
                turn(1, transcript="wie warm ist die Küche", answer="Es sind 21 Grad."),
                turn(2, transcript="licht an", answer="Das Licht in der Küche ist an."),
                turn(3, transcript="stop", answer=None),
            ]
        )
        assert await found(turns, text="küc") == ["run-c2", "run-c1"]
        assert await found(turns, text="Küche warm") == ["run-c1"]
        assert await found(turns, text="grad 21") == ["run-c1"]
        assert await found(turns, text="bath") == []
        assert await found(turns, text='" OR NEAR(*') == []
        assert await found(turns, text="100%") == []


async def test_the_turn_that_is_shown_is_the_one_that_was_looked_for(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        turns = StoredTurns(store)
        await turns.add(
            [
                turn(1, conversation="c", transcript="good morning"),
                turn(2, conversation="c", transcript="close the blinds"),
            ]
        )
        (one,) = await turns.conversations(Wanted("blinds"), 9)
        assert (one.turn, one.transcript, one.turns) == ("run-2", "close the blinds", 2)


async def test_filters_go_together(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        turns = StoredTurns(store)
        await turns.add(
            [
                turn(1, area="Bath", satellite="bath"),
                turn(2, outcome="failed"),
                turn(3, person="Ann"),
            ]
        )
        assert await found(turns, area="Bath") == ["run-c1"]
        assert await found(turns, satellite="kitchen", outcome="failed") == ["run-c2"]
        assert await found(turns, person="Ann", area="Bath") == []
        late = NOW + timedelta(minutes=2)
        assert await found(turns, since=late) == ["run-c3", "run-c2"]
        assert await found(turns, until=late) == ["run-c1"]


async def test_what_is_forgotten_leaves_no_words_behind(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        turns = StoredTurns(store)
        await turns.add([turn(n, transcript=f"secretword{n} please") for n in range(4)])
        assert await turns.forget_turn("run-0") == ["run-0"]
        assert await turns.forget_turn("run-0") == []
        assert await turns.forget_conversation("run-c1") == ["run-1"]
        assert await found(turns, text="secretword") == ["run-c3", "run-c2"]
        assert await turns.forget_before(NOW + timedelta(minutes=3)) == ["run-2"]
        assert await turns.forget_before(None) == ["run-3"]
        assert await found(turns) == []
    with closing(sqlite3.connect(tmp_path / "hub.db")) as file:
        assert file.execute("SELECT count(*) FROM conversations").fetchone() == (0,)
        assert b"secretword" not in b"".join(
            row[0] for row in file.execute("SELECT block FROM turn_words_data")
        )


async def test_of_too_many_turns_the_oldest_go(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        turns = StoredTurns(store)
        await turns.add([turn(n) for n in range(5)])
        assert await turns.forget_beyond(2) == ["run-0", "run-1", "run-2"]
        assert await turns.forget_beyond(2) == []
