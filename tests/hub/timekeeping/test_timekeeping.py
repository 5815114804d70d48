"""Timekeeping over a real store, on virtual time: nothing is forgotten, and nothing done twice."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from hub.announcing import Fate
from hub.origin import Origin
from hub.store import database
from hub.store.errors import StoreError
from hub.timekeeping.appointment import MAX_AHEAD, WORKDAYS, Kind, State
from hub.timekeeping.timekeeping import AgendaFull
from tests.hub.timekeeping.house import (
    ATTIC,
    BEDROOM,
    BERLIN,
    COUNTER,
    HERE,
    KITCHEN,
    House,
    lives,
)
from tests.hub.timekeeping.patient_loop import START


@pytest.fixture
def locked_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the store give up soon when another one holds its lock."""
    monkeypatch.setattr(database, "BUSY_S", 0.5)


async def stay(house: House) -> None:
    """Let ten minutes go by."""
    await asyncio.sleep(600)


def test_a_timer_rings_in_time_where_it_was_set_until_somebody_stops_it(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.timer(60, "pasta")
        house.rings.stop_at = 3
        await asyncio.sleep(300)
        assert house.time.all() == ()

    house = lives(tmp_path, scene)
    assert house.rings.said == [
        (60.0, "kitchen-1", "Your pasta timer has ended."),
        (65.0, "kitchen-1", "Your pasta timer has ended."),
        (70.0, "kitchen-1", "Your pasta timer has ended."),
    ]
    assert {one.chime for one in house.rings.announced} == {"alarm"}
    lives(tmp_path, stay)
    assert len(house.rings.said) == 3, "it is forgotten"


def test_several_timers_of_a_room_ring_each_at_its_time(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.timer(60, "pasta")
        await house.timer(30, "eggs")
        await house.timer(90)
        await asyncio.sleep(31)
        assert [one.name for one in house.time.ringing("kitchen-1")] == ["eggs"]
        await house.time.stop_ringing("kitchen-1")
        await asyncio.sleep(35)
        await house.time.stop_ringing("kitchen-1")
        await asyncio.sleep(30)
        await house.time.stop_ringing("kitchen-1")

    house = lives(tmp_path, scene)
    assert list(dict.fromkeys(house.texts)) == [
        "Your eggs timer has ended.",
        "Your pasta timer has ended.",
        "Your timer for 1 minute and 30 seconds has ended.",
    ]
    assert house.rings.said[0][0] == 30.0


def test_a_timer_that_is_paused_keeps_what_is_left_over_a_restart(tmp_path: Path) -> None:
    async def pause(house: House) -> None:
        timer = await house.timer(100)
        await asyncio.sleep(40)
        await house.time.change(timer.paused(house.clock.now()))

    async def resume(house: House) -> None:
        await asyncio.sleep(300)
        assert house.rings.said == []
        (timer,) = house.time.all()
        assert timer.left_s(house.clock.now()) == pytest.approx(60, abs=0.01)
        began = house.clock.steady()
        await house.time.change(timer.resumed(house.clock.now()))
        await asyncio.sleep(62)
        assert house.rings.said[0][0] - began == pytest.approx(60, abs=0.2)

    lives(tmp_path, pause, resume, away_s=500)


@pytest.mark.parametrize(("change_s", "rings_at_s"), [(60, 160.0), (-60, 40.0), (-300, 10.0)])
def test_a_timer_can_be_extended_and_shortened(
    tmp_path: Path, change_s: float, rings_at_s: float
) -> None:
    async def scene(house: House) -> None:
        timer = await house.timer(100)
        await asyncio.sleep(10)
        await house.time.change(timer.changed_by(change_s, house.clock.now()))
        house.rings.stop_at = 1
        await asyncio.sleep(200)

    assert [at for at, _, _ in lives(tmp_path, scene).rings.said] == [rings_at_s]


def test_a_cancelled_timer_does_not_ring(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        pasta, eggs = await house.timer(60, "pasta"), await house.timer(30, "eggs")
        assert await house.time.cancel(pasta.id, "none") == (pasta,)
        await asyncio.sleep(31)
        assert house.texts == ["Your eggs timer has ended."]
        await house.time.cancel(eggs.id)
        await asyncio.sleep(100)
        assert len(house.texts) == 1
        assert house.rings.cut == 1, "it fell silent in the middle"

    lives(tmp_path, scene, stay)


def test_a_timer_outlives_a_restart_and_rings_in_time(tmp_path: Path) -> None:
    async def set_it(house: House) -> None:
        await house.timer(100, "pasta")
        await asyncio.sleep(10)

    async def wait(house: House) -> None:
        house.rings.stop_at = 1
        await asyncio.sleep(100)

    house = lives(tmp_path, set_it, wait, away_s=50)
    assert house.rings.said == [(50.0, "kitchen-1", "Your pasta timer has ended.")]


def test_a_timer_that_ended_while_the_hub_was_away_rings_and_is_said_as_late(
    tmp_path: Path,
) -> None:
    async def set_it(house: House) -> None:
        await house.timer(60, "pasta")

    async def wait(house: House) -> None:
        house.rings.stop_at = 2
        await asyncio.sleep(100)

    house = lives(tmp_path, set_it, wait, away_s=240)
    assert house.texts == [
        "Your pasta timer ended 3 minutes ago.",
        "Your pasta timer ended 3 minutes and 5 seconds ago.",
    ]
    assert house.rings.announced[0].chime == "alarm"


def test_a_timer_that_rang_when_the_hub_was_killed_rings_again(tmp_path: Path) -> None:
    async def ring(house: House) -> None:
        await house.timer(10)
        await asyncio.sleep(12)
        assert house.time.ringing()

    async def again(house: House) -> None:
        house.rings.stop_at = 2
        await asyncio.sleep(20)

    house = lives(tmp_path, ring, again)
    assert house.texts == ["Your timer for 10 seconds has ended."] * 2


def test_what_is_very_late_is_said_once_and_does_not_ring(tmp_path: Path) -> None:
    async def set_it(house: House) -> None:
        await house.timer(60, "pasta")

    house = lives(tmp_path, set_it, stay, away_s=7260)
    assert house.texts == ["Your pasta timer ended 2 hours ago."]
    assert house.rings.announced[0].chime == "chime"


@pytest.mark.parametrize(
    ("connected", "where"),
    [
        ([BEDROOM, ATTIC, COUNTER, KITCHEN], "kitchen-1"),
        ([BEDROOM, ATTIC, COUNTER], "kitchen-2"),
        ([ATTIC, BEDROOM], "bedroom-1"),
        ([ATTIC], "attic-1"),
    ],
)
def test_it_rings_at_the_nearest_satellite_that_is_there(
    tmp_path: Path, connected: list[object], where: str
) -> None:
    async def set_it(house: House) -> None:
        await house.timer(30)
        house.connected[:] = connected  # type: ignore[assignment]

    async def wait(house: House) -> None:
        await asyncio.sleep(32)

    assert set(lives(tmp_path, set_it, wait).places) == {where}


def test_a_satellite_that_goes_away_while_it_rings_hands_over_to_another(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.timer(10)
        await asyncio.sleep(12)
        house.connected.remove(KITCHEN)
        house.rings.fate = Fate.UNREACHABLE
        await asyncio.sleep(2)
        house.rings.fate = Fate.HEARD
        await asyncio.sleep(8)

    assert lives(tmp_path, scene).places[:2] == ["kitchen-1", "bedroom-1"]


def test_it_waits_for_a_satellite_where_there_is_none(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        house.connected.clear()
        await house.timer(10)
        await asyncio.sleep(190)
        assert house.rings.said == []
        house.connected.append(ATTIC)
        house.time.satellite_arrived()
        await asyncio.sleep(1)

    assert lives(tmp_path, scene).rings.said == [
        (190.0, "attic-1", "Your timer for 10 seconds ended 3 minutes ago.")
    ]


def test_what_nobody_stops_falls_silent_and_is_told_at_the_next_occasion(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.timer(10, "pasta")
        await asyncio.sleep(10 + 5 * 60 + 10)
        assert 50 <= len(house.rings.said) <= 70
        assert house.time.ringing() == ()
        assert house.time.all() == ()
        house.rings.said.clear()
        await asyncio.sleep(600)
        house.time.met(ATTIC)
        await asyncio.sleep(10)
        assert house.rings.said == [], "it is for somebody else"

    async def later(house: House) -> None:
        house.time.met(KITCHEN)
        await asyncio.sleep(10)
        assert house.texts == ["Your pasta timer ended at 1:00 PM, and nobody stopped it."]
        house.time.met(KITCHEN)
        await asyncio.sleep(10)
        assert len(house.texts) == 1

    lives(tmp_path, scene, later)


def test_an_alarm_rings_for_a_quarter_of_an_hour(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.at(START + timedelta(seconds=60), Kind.ALARM)
        await asyncio.sleep(60 + 14 * 60)
        assert house.time.ringing()
        await asyncio.sleep(100)
        assert not house.time.ringing()

    house = lives(tmp_path, scene)
    assert house.texts[0] == "It is 1:01 PM."
    assert house.texts[-1] == "It is 1:15 PM."


def test_an_alarm_of_every_weekday_comes_again_on_the_next_one(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        friday = datetime(2026, 3, 27, 7, 0, tzinfo=BERLIN)
        house.clock.start = friday - timedelta(seconds=60)
        await house.at(friday, Kind.ALARM, weekdays=WORKDAYS)
        house.rings.stop_at = 1
        await asyncio.sleep(100)
        (alarm,) = house.time.all()
        # The clocks went forward in between: it is still seven.
        assert alarm.due == datetime(2026, 3, 30, 7, 0, tzinfo=BERLIN)
        assert alarm.state is State.WAITING

    async def monday(house: House) -> None:
        house.clock.start = datetime(2026, 3, 30, 6, 59, tzinfo=BERLIN) - timedelta(
            seconds=house.clock.steady()
        )
        house.rings.stop_at = 2
        await asyncio.sleep(120)

    assert lives(tmp_path, scene, monday).texts == ["It is 7:00 AM."] * 2


def test_snoozed_it_rings_again_and_the_next_day_as_ever(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        seven = datetime(2026, 3, 2, 7, 0, tzinfo=BERLIN)
        house.clock.start = seven - timedelta(seconds=10)
        await house.at(seven, Kind.ALARM, weekdays=WORKDAYS)
        await asyncio.sleep(12)
        (alarm,) = await house.time.snooze("kitchen-1", 300)
        assert house.rings.cut == 1
        assert alarm.left_s(house.clock.now()) == pytest.approx(300, abs=1)

    async def later(house: House) -> None:
        house.rings.stop_at = 2
        await asyncio.sleep(310)
        (alarm,) = house.time.all()
        assert alarm.due == datetime(2026, 3, 3, 7, 0, tzinfo=BERLIN)

    assert lives(tmp_path, scene, later).texts == ["It is 7:00 AM.", "It is 7:05 AM."]


def test_nothing_to_snooze_is_told(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.timer(60)
        assert await house.time.snooze("kitchen-1") == ()

    lives(tmp_path, scene)


def test_a_reminder_is_said_once_and_can_be_put_off(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        due = START + timedelta(seconds=30)
        await house.at(due, Kind.REMINDER, text="call Mum")
        await asyncio.sleep(90)
        assert house.texts == ["A reminder: call Mum."]
        assert house.time.all() == ()
        await house.time.snooze("kitchen-1", 120)
        assert await house.time.snooze("kitchen-1", 120) == ()

    async def later(house: House) -> None:
        await asyncio.sleep(600)
        assert await house.time.snooze("kitchen-1") == (), "that was long ago"

    assert lives(tmp_path, scene, later).texts == ["A reminder: call Mum."] * 2


def test_a_reminder_waits_for_the_end_of_a_conversation(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        house.rings.fate = Fate.EXPIRED
        await house.at(START + timedelta(seconds=5), Kind.REMINDER, text="call Mum")
        await asyncio.sleep(12)
        house.rings.fate = Fate.HEARD
        await asyncio.sleep(100)

    assert lives(tmp_path, scene).texts == ["A reminder: call Mum."] * 2


def test_a_command_is_carried_out_in_time_and_without_a_word(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.command(60, "turn off the light")
        await asyncio.sleep(59)
        assert house.hands.done == []
        await asyncio.sleep(2)
        assert house.hands.done == ["turn off the light"]

    house = lives(tmp_path, scene, stay)
    assert house.hands.done == ["turn off the light"]
    assert house.texts == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fail", "You wanted this: fail. Did fail."),
        ("raise", "I could not do this: raise."),
        ("hang", "I could not do this: hang."),
    ],
)
def test_a_command_that_fails_is_told(tmp_path: Path, text: str, told: str) -> None:
    async def scene(house: House) -> None:
        await house.command(5, text)
        await asyncio.sleep(60)

    house = lives(tmp_path, scene, stay)
    assert (house.hands.done, house.texts) == ([text], [told])


@pytest.mark.parametrize(
    ("text", "done", "told"),
    [
        ("hang turning off", 2, "I could not do this: hang turning off."),
        (
            "hang toggle",
            1,
            "I was interrupted, and do not know whether I did this: hang toggle.",
        ),
    ],
)
def test_a_command_that_a_crash_cut_off_is_repeated_only_if_that_does_no_harm(
    tmp_path: Path, text: str, done: int, told: str
) -> None:
    async def killed(house: House) -> None:
        await house.command(5, text)
        await asyncio.sleep(6)
        assert house.hands.done == [text]

    house = lives(tmp_path, killed, stay)
    assert house.hands.done == [text] * done
    assert house.texts == [told]


def test_a_command_that_is_late_is_carried_out_and_told(tmp_path: Path) -> None:
    async def set_it(house: House) -> None:
        await house.command(60, "turn off the light")

    house = lives(tmp_path, set_it, stay, away_s=360)
    assert house.hands.done == ["turn off the light"]
    assert house.texts == ["I did this 5 minutes late: turn off the light. Did turn off the light."]


def test_a_command_whose_time_has_long_gone_is_told_and_not_done(tmp_path: Path) -> None:
    async def set_it(house: House) -> None:
        await house.command(60, "turn on the oven")

    house = lives(tmp_path, set_it, stay, away_s=86_400)
    assert house.hands.done == []
    assert house.texts == ["I was not there at 1:01 PM to do this: turn on the oven."]


def test_a_clock_that_is_set_neither_shortens_nor_lengthens_a_timer(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.timer(100)
        house.rings.stop_at = 1
        await asyncio.sleep(10)
        house.clock.set(3600)
        await asyncio.sleep(50)
        house.clock.set(-7200)
        await asyncio.sleep(60)

    assert [at for at, _, _ in lives(tmp_path, scene).rings.said] == [100.0]


def test_a_clock_that_is_set_moves_an_alarm(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.at(START + timedelta(seconds=3600), Kind.ALARM)
        await asyncio.sleep(10)
        house.clock.set(3590 - 60)
        await asyncio.sleep(75)

    house = lives(tmp_path, scene)
    assert house.rings.said[0][0] == pytest.approx(70, abs=0.2)


def test_after_a_start_with_a_wrong_clock_older_timers_end_when_they_should(
    tmp_path: Path,
) -> None:
    async def set_it(house: House) -> None:
        await house.timer(600)

    async def start(house: House) -> None:
        # A machine without a clock of its own believes that no time has gone by.
        await asyncio.sleep(10)
        house.clock.set(500)
        house.rings.stop_at = 1
        await asyncio.sleep(150)

    house = lives(tmp_path, set_it, start)
    assert [at for at, _, _ in house.rings.said] == [100.0]


@pytest.mark.usefixtures("locked_soon")
def test_what_can_not_be_kept_is_not_promised(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        with closing(sqlite3.connect(tmp_path / "hub.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError):
                await house.timer(60)
        assert house.time.all() == ()
        await house.timer(30)
        house.rings.stop_at = 1
        await asyncio.sleep(60)

    assert len(lives(tmp_path, scene).rings.said) == 1


@pytest.mark.usefixtures("locked_soon")
def test_a_timer_rings_even_while_the_store_is_locked(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.timer(5)
        with closing(sqlite3.connect(tmp_path / "hub.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(6)
        assert house.time.ringing()
        await house.time.stop_ringing()

    assert len(lives(tmp_path, scene, stay).rings.said) == 1


def test_there_are_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.timekeeping.timekeeping.MAX_APPOINTMENTS", 2)

    async def scene(house: House) -> None:
        await house.timer(600)
        with pytest.raises(ValueError, match="too far"):
            await house.timer(MAX_AHEAD.total_seconds() + 10)
        await house.timer(600)
        with pytest.raises(AgendaFull):
            await house.timer(600)
        assert len(house.time.all()) == 2

    lives(tmp_path, scene)


def test_whoever_follows_is_told_of_every_change(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        seen: list[list[State]] = []
        house.time.follow(lambda: seen.append([one.state for one in house.time.all()]))
        timer = await house.timer(10)
        await house.time.change(timer.paused(house.clock.now()))
        await house.time.change(timer.resumed(house.clock.now()))
        await asyncio.sleep(11)
        await house.time.stop_ringing("bedroom-1")
        assert seen == [
            [State.WAITING], [State.PAUSED], [State.WAITING], [State.RINGING], []
        ]  # fmt: skip

    lives(tmp_path, scene)


def test_whoever_follows_is_told_of_what_was_kept(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.timer(600, "pasta")
        seen: list[list[str]] = []
        house.time.follow(lambda: seen.append([one.name for one in house.time.all()]))
        await house.time.load()
        assert seen == [["pasta"]]

    lives(tmp_path, scene)


def test_everything_of_an_appointment_is_kept(tmp_path: Path) -> None:
    async def scene(house: House) -> None:
        await house.at(
            START + timedelta(days=1), Kind.ALARM, name="early", text="x", weekdays=WORKDAYS
        )

    async def again(house: House) -> None:
        (alarm,) = house.time.all()
        assert alarm.at == time(13, 0)
        assert alarm.place == Origin("Kitchen", "en", "kitchen-1", "ann") == HERE
        assert (alarm.name, alarm.text, alarm.weekdays) == ("early", "x", WORKDAYS)

    lives(tmp_path, scene, again)
