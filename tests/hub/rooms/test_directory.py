import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from hub.announcing import Fate
from hub.rooms.directory import Directory
from hub.rooms.opening import Begin
from hub.rooms.saying import Saying
from protocol.live_setting import LiveSetting
from protocol.schema import Message


class Idle:
    """What is not asked of a session here."""

    name = ""
    status = None
    person = None
    told: tuple[Message, ...] = ()

    async def rest(self) -> None:
        raise AssertionError

    async def say(self, saying: Saying) -> Fate | None:
        raise AssertionError(saying)

    def stop(self) -> None:
        raise AssertionError

    settings: Sequence[LiveSetting] = ()

    async def set(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        raise AssertionError(values)

    async def identify(self, seconds: float) -> bool:
        raise AssertionError(seconds)

    async def tell(self, *messages: Message) -> None:
        self.told = (*self.told, *messages)


class Room(Idle):
    """A session."""

    def __init__(
        self, satellite: str, area: str | None = None, *, hears: bool = True, at_rest: bool = True
    ) -> None:
        self.satellite = satellite
        self.area = area
        self.hears_wake_words = hears
        self.at_rest = at_rest
        self.replaced = 0

    def begin(self, begin: Begin) -> None:
        raise AssertionError(begin)

    async def replace(self) -> None:
        self.replaced += 1


def directory(*rooms: Room) -> Directory:
    entered = Directory()

    async def enter() -> None:
        for room in rooms:
            await entered.enter(room)

    asyncio.run(enter())
    return entered


def test_a_satellite_that_connects_anew_ends_its_older_session() -> None:
    older, newer, other = Room("kitchen-1"), Room("kitchen-1"), Room("hall-1")
    rooms = directory(older, other, newer)
    assert (older.replaced, newer.replaced, other.replaced) == (1, 0, 0)
    assert len(rooms) == 2


def test_the_end_of_an_older_session_does_not_remove_the_newer_one() -> None:
    older, newer = Room("kitchen-1", "Kitchen"), Room("kitchen-1", "Kitchen")
    rooms = directory(older, newer)
    rooms.leave(older)
    assert rooms.in_room("Kitchen") is newer
    rooms.leave(newer)
    assert len(rooms) == 0
    assert rooms.in_room("Kitchen") is None
    rooms.leave(newer)


def test_a_room_is_found_by_its_name_in_upper_or_lower_case() -> None:
    kitchen = Room("kitchen-1", "Große Küche")
    rooms = directory(Room("spare-1"), Room("hall-1", "Hall"), kitchen)
    assert rooms.in_room("GROSSE KÜCHE") is kitchen
    assert rooms.in_room("Küche") is None
    assert rooms.in_room("") is None


def test_satellites_that_are_muted_hear_no_wake_words() -> None:
    rooms = directory(Room("kitchen-1"), Room("hall-1", hears=False), Room("bath-1"))
    assert rooms.hearing() == {"kitchen-1", "bath-1"}


def test_turns_are_numbered_from_one_for_the_whole_house() -> None:
    rooms = Directory()
    assert [rooms.next_turn() for _ in range(3)] == [1, 2, 3]


def test_of_two_satellites_in_a_room_the_one_that_is_busy_stands_for_it() -> None:
    busy = Room("kitchen-2", "Kitchen", at_rest=False)
    rooms = directory(Room("kitchen-1", "Kitchen"), busy, Room("kitchen-3", "Kitchen"))
    assert rooms.in_room("Kitchen") is busy


async def test_a_browser_is_in_no_room_whatever_it_says() -> None:
    directory = Directory()
    await directory.enter(Room("browser-eve-tab", "Bath"))
    assert directory.in_room("bath") is None
    assert directory.rooms() == set()
    bath = Room("bath-1", "Bath")
    await directory.enter(bath)
    assert directory.in_room("BATH") is bath
    assert directory.rooms() == {"bath"}
