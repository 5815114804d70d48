"""The hub's sense of time as the hub puts it together: over a real store, with a real mind."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from hub.announcing import Announcement, Fate
from hub.bus import Bus
from hub.clockwork import Clockwork, SentencePerformer
from hub.conversation.home_mind import HomeMind
from hub.conversation.mind import Thought
from hub.events import TurnEnded
from hub.home.actions import Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import Home
from hub.origin import Origin
from hub.rooms.directory import Directory
from hub.store.database import Store
from hub.timekeeping.appointment import Appointment, Kind
from hub.timekeeping.performing import Performed
from hub.timekeeping.sentences import TIME_ANSWERS, TIME_SENTENCES
from tests.hub.home.small_home import ObedientSink, small_home
from tests.hub.rooms.test_directory import Room

HERE = Origin("Kitchen", "en", "kitchen-1")
LIMIT_S = 30.0


class Thinking(HomeMind):
    """A mind with a model behind it."""

    def think(self, thought: Thought) -> AsyncIterator[str] | None:
        async def words() -> AsyncGenerator[str]:
            for word in ("Once ", "upon ", "a time."):
                yield word

        return words()


class Hub:
    """What of a hub has to do with time."""

    def __init__(self, store: Store, mind: type[HomeMind]) -> None:
        self.bus, self.directory, self.home = Bus(), Directory(), small_home()
        self.said: asyncio.Queue[Announcement] = asyncio.Queue()
        self.clockwork = Clockwork(store, self.home, self.directory, self, language="en")
        self.sink = ObedientSink(self.home)
        recognizer = IntentRecognizer(self.home, more=(TIME_SENTENCES["en"],))
        actions = Actions(
            self.home, self.sink, deeds=self.clockwork.deeds, more_answers=(TIME_ANSWERS,)
        )
        self.mind = mind(self.home, [recognizer], actions)
        self.clockwork.bind(self.mind, actions)

    async def announce(self, announcement: Announcement) -> dict[str, Fate]:
        self.said.put_nowait(announcement)
        return dict.fromkeys(announcement.satellites, Fate.STOPPED)

    async def next_said(self) -> str:
        async with asyncio.timeout(LIMIT_S):
            return (await self.said.get()).text

    async def soon(self, kind: Kind, text: str = "") -> None:
        time = self.clockwork.time
        due = time.now + timedelta(seconds=0.05)
        await time.add(Appointment(kind, due, time.now, HERE, text=text, duration_s=1.0))


@asynccontextmanager
async def hub(folder: Path, mind: type[HomeMind] = HomeMind) -> AsyncGenerator[Hub]:
    async with Store(f"sqlite:///{folder}/hub.db") as store:
        one = Hub(store, mind)
        await one.directory.enter(Room("kitchen-1", "Kitchen"))
        running = asyncio.create_task(one.clockwork.run(one.bus))
        try:
            yield one
        finally:
            running.cancel()
            await asyncio.wait([running])


async def test_a_delayed_command_reaches_the_device(tmp_path: Path) -> None:
    async with hub(tmp_path) as one:
        await one.soon(Kind.COMMAND, "turn on the bed light")
        await one.soon(Kind.TIMER)
        assert await one.next_said() == "Your timer for 1 second has ended."
        async with asyncio.timeout(LIMIT_S):
            while one.clockwork.time.all():
                await asyncio.sleep(0.01)
        assert [command.verb for command in one.sink.commands] == ["turn_on"]
        assert one.said.empty(), "what went well is not told"


async def test_what_the_home_does_not_understand_is_left_to_the_model(tmp_path: Path) -> None:
    performer = SentencePerformer()
    assert await performer.perform("anything", HERE) == Performed("", ok=False)
    assert not performer.repeatable("turn on the bed light", HERE)
    async with hub(tmp_path) as one, hub(tmp_path / "other", Thinking) as other:
        plain, thinking = one.clockwork._performer, other.clockwork._performer
        told = await plain.perform("tell me a story", HERE)
        assert told == Performed("Sorry, I couldn't understand that", ok=False)
        told = await thinking.perform("tell me a story", HERE)
        assert told == Performed("Once upon a time.", ok=True)
        assert not thinking.repeatable("tell me a story", HERE)
        assert thinking.repeatable("turn on the bed light", HERE)


async def test_what_is_told_and_no_order_is_not_taken_for_one(tmp_path: Path) -> None:
    async with hub(tmp_path) as one:
        assert one.mind.understand("I will be home in ten minutes", HERE) is None
        for order in ("turn on the bed light in ten minutes", "wake me in ten minutes",
                      "remind me to sing in ten minutes"):  # fmt: skip
            assert one.mind.understand(order, HERE) is not None, order


@pytest.mark.parametrize("transcript", ["hello", None])
async def test_who_speaks_is_told_what_was_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transcript: str | None
) -> None:
    async with hub(tmp_path) as one:
        met: list[str] = []
        monkeypatch.setattr(one.clockwork.time, "met", lambda there: met.append(there.satellite))
        await one.soon(Kind.TIMER)
        await one.next_said()  # by now it follows the bus
        one.bus.publish(TurnEnded("kitchen-1", 1, "answered", transcript))
        one.bus.publish(TurnEnded("gone-1", 2, "answered", "hello"))
        await one.soon(Kind.TIMER)
        await one.next_said()
        assert met == (["kitchen-1"] if transcript else [])


async def test_the_home_has_its_lists(tmp_path: Path) -> None:
    async with Store(f"sqlite:///{tmp_path}/hub.db") as store:
        home = Home()
        nobody = Hub(store, HomeMind)
        Clockwork(store, home, Directory(), nobody, language="de", lists=("Baumarkt",))
        assert [device.name for device in home.devices()] == ["Aufgaben", "Baumarkt"]
