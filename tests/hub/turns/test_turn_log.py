"""The log of turns, on a bus: what is kept, what is shown, and what happens when nothing can be."""

import asyncio
import wave
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub import batches
from hub.bus import Bus
from hub.events import ToolAnswered, ToolCalled, TranscriptGrew, TurnEnded, TurnStarted
from hub.store.errors import StoreError
from hub.turns import turn_log as module
from hub.turns.kept import KeptTurn
from hub.turns.recordings import Recordings
from hub.turns.retention import Choice, Retention
from hub.turns.stored_turns import StoredTurns
from hub.turns.turn_log import TurnLog
from tests.hub.turns.made import NOW, STAGES, opened, turn

SOUND = b"\1\2" * 16_000


class Full(StoredTurns):
    """A store on a disk that is full, until it is not."""

    full = True

    async def add(self, turns: Sequence[KeptTurn]) -> None:
        """Keep turns, or not."""
        if self.full:
            raise StoreError("full", "there is no space left for the store")
        await super().add(turns)


class Shown(dict[str, Any]):
    """A board."""

    def put(self, id_: str, value: Any) -> None:
        """Show something."""
        self[id_] = value

    def drop(self, id_: str) -> None:
        """Show it no more."""
        self.pop(id_, None)


class Logged:
    """A log that runs."""

    def __init__(self, log: TurnLog, bus: Bus, board: Shown) -> None:
        self.log = log
        self.bus = bus
        self.board = board

    def take(self, number: int, **end: Any) -> None:
        """Have a turn begin and end."""
        self.bus.publish(
            TurnStarted(
                "kitchen",
                number,
                name="Kitchen",
                area="Kitchen",
                person="Ann",
                conversation="c4",
            )
        )
        fields: dict[str, Any] = {"outcome": "answered", "transcript": f"light {number}"}
        self.bus.publish(TurnEnded("kitchen", number, **(fields | {"stages": STAGES} | end)))

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(60):
            while not condition():
                await asyncio.sleep(0.01)

    async def kept(self, count: int) -> list[KeptTurn]:
        """Return the turns that are kept, once there are so many."""
        async with asyncio.timeout(60):
            while len(found := await self.log.turns.latest(1000)) != count:
                await asyncio.sleep(0.01)
        return found


@asynccontextmanager
async def logging(
    folder: Path,
    *,
    days: int = 30,
    audio: bool = False,
    turns: type[StoredTurns] = StoredTurns,
    now: Callable[[], datetime] = lambda: NOW,
) -> AsyncGenerator[Logged]:
    bus = Bus()
    async with opened(folder) as store:
        retention = Retention(store, days=days, audio=audio)
        await retention.load()
        log = TurnLog(turns(store), retention, Recordings(folder / "r"), now=now, run="run")
        board = Shown()
        log.show_on(board)
        running = asyncio.create_task(log.run(bus))
        await asyncio.sleep(0)
        while not bus._subscriptions:
            await asyncio.sleep(0)
        try:
            yield Logged(log, bus, board)
        finally:
            running.cancel()
            await asyncio.wait([running])


async def test_a_turn_is_kept_with_where_it_was_and_what_came_of_it(tmp_path: Path) -> None:
    async with logging(tmp_path) as house:
        house.take(7, answer="Done.", heard="Done.", intent="HassTurnOn", details={"tries": 2})
        (kept,) = await house.kept(1)
    assert (kept.id, kept.conversation) == ("run-7", "run-c4")
    assert (kept.satellite_name, kept.area, kept.person) == ("Kitchen", "Kitchen", "Ann")
    assert (kept.started, kept.took_ms, kept.stages) == (NOW, 3100.0, STAGES)
    assert (kept.answer, kept.details) == ("Done.", {"tries": 2})


async def test_what_goes_on_is_shown_and_the_last_ten_stay(tmp_path: Path) -> None:
    async with logging(tmp_path) as house:
        house.bus.publish(TurnStarted("kitchen", 1, name="Kitchen"))
        house.bus.publish(TranscriptGrew("kitchen", 1, "turn on"))
        await house.until(lambda: house.board.get("run-1", {}).get("transcript") == "turn on")
        assert house.board["run-1"]["running"]
        for number in range(2, 14):
            house.take(number)
        await house.until(lambda: "run-13" in house.board)
        over = [one["id"] for one in house.board.values() if not one["running"]]
        assert over == [f"run-{n}" for n in range(4, 14)]
        assert house.board["run-1"]["running"], "it is not over"
        await house.kept(12)
        assert await house.log.forget_turn("run-13") == 1
        assert "run-13" not in house.board


async def test_what_was_done_in_a_turn_is_kept_with_what_came_of_it(tmp_path: Path) -> None:
    async with logging(tmp_path) as house:
        house.bus.publish(TurnStarted("kitchen", 1, name="Kitchen"))
        house.bus.publish(ToolCalled("kitchen", 1, "h1", "weather", '{"day":"today"}'))
        house.bus.publish(ToolCalled("bath", 9, "h2", "weather", "{}"))
        await house.until(lambda: house.board.get("run-1", {}).get("tools") == ["weather"])
        house.bus.publish(ToolAnswered("kitchen", 1, "h1", True, "Sunny.", 120.04))
        house.bus.publish(TurnEnded("kitchen", 1, "answered", "how is the weather"))
        (kept,) = await house.kept(1)
    (tool,) = kept.details["tools"]
    assert (tool["tool"], tool["ok"], tool["text"], tool["took_ms"]) == (
        "weather",
        True,
        "Sunny.",
        120.0,
    )


async def test_an_end_without_a_beginning_is_kept_too(tmp_path: Path) -> None:
    async with logging(tmp_path) as house:
        house.bus.publish(TurnEnded("bath", 3, "failed"))
        (kept,) = await house.kept(1)
    assert (kept.id, kept.conversation, kept.satellite_name) == ("run-3", "run-3", "bath")


async def test_what_waits_when_the_hub_ends_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LAST_WRITES_S", 60.0)
    async with logging(tmp_path) as house:
        for number in range(120):
            house.take(number)
        await house.until(lambda: "run-119" in house.board)
    async with opened(tmp_path) as store:
        assert len(await StoredTurns(store).latest(1000)) == 120


async def test_a_full_disk_costs_only_turns_that_find_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "RETRY_S", 0.01)
    monkeypatch.setattr(module, "MAX_WAITING", 5)
    async with logging(tmp_path, turns=Full) as house:
        store = house.log.turns
        assert isinstance(store, Full)
        for number in range(100):
            house.take(number)
        await house.until(lambda: "run-99" in house.board)
        assert house.log.batches.lost > 0
        store.full = False
        await house.kept(100 - house.log.batches.lost)
        house.take(100)
        await house.kept(101 - house.log.batches.lost)


async def test_with_no_days_nothing_is_kept_and_what_was_goes(tmp_path: Path) -> None:
    async with logging(tmp_path) as house:
        house.take(1)
        await house.kept(1)
    async with logging(tmp_path, days=0, now=lambda: NOW + timedelta(seconds=1)) as house:
        house.take(2)
        await house.until(lambda: "run-2" in house.board)
        assert await house.kept(0) == []


async def test_what_is_too_old_goes_at_once_when_the_owner_chooses_less(tmp_path: Path) -> None:
    now = NOW + timedelta(days=5)
    async with logging(tmp_path, now=lambda: now) as house:
        await house.log.turns.add([turn(1), turn(2, started=now)])
        await house.kept(2)
        await house.log.choose(Choice(days=3))
        assert [one.id for one in await house.kept(1)] == ["run-2"]
    async with logging(tmp_path) as house:
        assert house.log.retention.days == 3
        await house.log.choose(Choice())
        assert house.log.retention.days == 30


async def test_sound_is_recorded_only_if_it_is_wanted_and_goes_with_its_turn(
    tmp_path: Path,
) -> None:
    async with logging(tmp_path) as house:
        house.log.hear("kitchen", 1, SOUND)
        house.take(1)
        (kept,) = await house.kept(1)
        assert not kept.audio
        await house.log.choose(Choice(audio=True))
        house.log.hear("kitchen", 2, SOUND)
        house.take(2)
        _, kept = await house.kept(2)
        file = house.log.recordings.file("run-2")
        assert kept.audio
        assert file is not None
        assert file.stat().st_mode & 0o777 == 0o600
        with wave.open(str(file)) as recording:
            assert recording.getframerate() == 16_000
            assert recording.readframes(16_000) == SOUND
        await house.log.forget_turn("run-2")
        assert not file.exists()


async def test_a_code_that_is_masked_is_not_recorded_either(tmp_path: Path) -> None:
    async with logging(tmp_path, audio=True) as house:
        house.log.hear("kitchen", 1, SOUND)
        house.take(1, transcript="disarm the alarm ****")
        (kept,) = await house.kept(1)
    assert not kept.audio
    assert not list(tmp_path.glob("r/*"))


async def test_of_too_many_recordings_the_oldest_go(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path, max_bytes=3 * len(SOUND))
    gone = [await recordings.keep(f"run-{n}", SOUND) for n in range(4)]
    assert gone == [[], [], ["run-0"], ["run-1"]]
    assert recordings.file("run-0") is None
    assert recordings.file("run-3") is not None
    assert recordings.file("../hub") is None


async def test_what_is_deleted_while_the_store_is_full_does_not_come_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = asyncio.Event()
    monkeypatch.setattr(batches, "RETRY_S", 0.01)
    monkeypatch.setattr(batches.log, "error", lambda *_, **__: failed.set())
    async with logging(tmp_path, turns=Full) as house:
        store = house.log.turns
        assert isinstance(store, Full)
        house.take(1)
        async with asyncio.timeout(60):
            await failed.wait()  # the first waits to be written again, the others behind it
        for number in range(2, module.MAX_BATCH + 10):
            house.take(number)
        await house.until(lambda: f"run-{module.MAX_BATCH + 9}" in house.board)
        assert await house.log.forget_turn("run-1") == 1
        assert await house.log.forget_before(None) == module.MAX_BATCH + 8
        assert house.board == {}
        house.take(100)
        await house.until(lambda: "run-100" in house.board)
        store.full = False
        (kept,) = await house.kept(1)
        assert kept.id == "run-100"


async def test_a_conversation_is_deleted_with_its_turns_that_are_being_written(
    tmp_path: Path,
) -> None:
    async with logging(tmp_path) as house:
        store, writing, go_on = house.log.turns, asyncio.Event(), asyncio.Event()
        add = store.add

        async def slow(turns: Sequence[KeptTurn]) -> None:
            writing.set()
            await go_on.wait()
            await add(turns)

        store.add = slow  # type: ignore[method-assign]
        house.take(1)
        async with asyncio.timeout(60):
            await writing.wait()
            deleting = asyncio.create_task(house.log.forget_conversation("run-c4"))
            await asyncio.sleep(0)
            go_on.set()
            assert await deleting == 1
        assert await house.kept(0) == []
