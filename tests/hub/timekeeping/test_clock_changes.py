"""Summer time, and clocks that are set: nothing rings twice, and nothing is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from hub.timekeeping.appointment import EVERY_DAY, Appointment, Kind, next_time
from hub.timekeeping.spoken_moments import find_moment
from tests import virtual_time
from tests.hub.timekeeping.house import BERLIN, HERE, House
from tests.hub.timekeeping.patient_loop import Clock, run_patiently

SPRING = datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN)
"""The evening before the clocks go from two to three."""
AUTUMN = datetime(2026, 10, 24, 20, 0, tzinfo=BERLIN)
"""The evening before they go from three back to two."""
DAY_S = 86_400.0


@pytest.fixture(autouse=True)
def _two_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(virtual_time, "MAX_VIRTUAL_S", 3 * DAY_S)


def lives_from(
    start: datetime, folder: Path, *scenes: Callable[[House], Awaitable[None]]
) -> list[str]:
    """Play scenes that begin at a moment; return when it rang, by the clocks at home."""
    clock = Clock(start.astimezone(UTC))
    rang: list[str] = []

    async def play() -> None:
        for scene in scenes:
            house = House(folder, clock)
            announce = house.rings.announce

            async def noted(announcement: object, house: House = house, say=announce) -> object:  # type: ignore[no-untyped-def]
                rang.append(f"{clock.now().astimezone(BERLIN):%d %H:%M}")
                house.rings.stop_at = len(house.rings.said) + 1
                return await say(announcement)

            house.rings.announce = noted  # type: ignore[assignment, method-assign]
            await house.live(scene)

    run_patiently(play())
    return rang


def said(text: str, house: House) -> Appointment:
    """What a sentence about a time asks for."""
    now = house.clock.now()
    moment = find_moment(text, "en", now, BERLIN, morning=True)
    assert moment is not None
    return Appointment(Kind.ALARM, moment.due, now, HERE, at=moment.at, weekdays=moment.weekdays)


@pytest.mark.parametrize(
    ("start", "rings"),
    [(SPRING, ["29 07:00", "30 07:00"]), (AUTUMN, ["25 07:00", "26 07:00"])],
)
def test_an_alarm_rings_at_its_time_after_the_night_of_the_change(
    tmp_path: Path, start: datetime, rings: list[str]
) -> None:
    async def once(house: House) -> None:
        await house.time.add(said("tomorrow at seven", house))
        await asyncio.sleep(2 * DAY_S)

    async def daily(house: House) -> None:
        await house.time.add(said("every day at seven", house))
        await asyncio.sleep(1.9 * DAY_S)

    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert lives_from(start, tmp_path / "a", once) == rings[:1]
    assert lives_from(start, tmp_path / "b", daily) == rings


def test_what_is_for_the_hour_that_is_left_out_comes_an_hour_later(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.time.add(said("tomorrow at 2:30 am", house))
        await asyncio.sleep(2 * DAY_S)

    assert lives_from(SPRING, tmp_path, scene) == ["29 03:30"]


def test_what_is_for_the_hour_that_comes_twice_rings_once(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.time.add(said("every day at 2:30 am", house))
        await asyncio.sleep(1.9 * DAY_S)

    assert lives_from(AUTUMN, tmp_path, scene) == ["25 02:30", "26 02:30"]


def test_in_the_second_of_two_hours_its_time_is_still_to_come() -> None:
    second = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN).astimezone(UTC)
    due = next_time(time(2, 30), frozenset(), second, BERLIN)
    assert due - second == timedelta(minutes=20)
    spring = datetime(2026, 3, 29, 3, 10, tzinfo=BERLIN).astimezone(UTC)
    assert next_time(time(2, 30), frozenset(), spring, BERLIN) > spring


def test_a_clock_that_goes_back_an_hour_while_it_rings_has_nothing_ring_twice(
    tmp_path: Path,
) -> None:
    async def scene(house: House) -> None:
        at = house.clock.now() + timedelta(seconds=60)
        await house.at(at, Kind.ALARM, weekdays=EVERY_DAY)
        await asyncio.sleep(61)
        assert house.time.ringing()
        house.clock.set(-3600)
        await asyncio.sleep(7200)

    assert lives_from(SPRING, tmp_path, scene) == ["28 20:01"]


def test_a_clock_that_goes_back_an_hour_delays_no_timer_of_before_a_restart(
    tmp_path: Path,
) -> None:
    async def set_it(house: House) -> None:
        await house.timer(600)

    async def jump(house: House) -> None:
        began = house.clock.steady()
        await asyncio.sleep(60)
        house.clock.set(-3600)
        await asyncio.sleep(700)
        assert [at - began for at, _, _ in house.rings.said] == [pytest.approx(600, abs=0.2)]

    assert len(lives_from(SPRING, tmp_path, set_it, jump)) == 1


def test_what_was_set_before_the_clock_ever_was_is_not_lost(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.time.add(said("at seven", house))
        await house.timer(600)
        await asyncio.sleep(60)
        house.clock.set((SPRING - house.clock.now()).total_seconds())
        await asyncio.sleep(DAY_S)

    start = datetime(1970, 1, 1, 0, 1, tzinfo=UTC)
    assert lives_from(start, tmp_path, scene) == ["28 20:09", "29 07:00"]
