"""Timers, alarms, reminders and delayed commands: what is set, and setting them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from hub.api.access import Panel, Principal, Role, needs
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.api.timer_views import AppointmentKind, Timer, timer
from hub.origin import BROWSER, Origin
from hub.timekeeping.appointment import MAX_AHEAD, Appointment, Kind, State, at_home, next_time
from hub.timekeeping.timekeeping import SNOOZE_S, AgendaFull
from hub.words import worded

router = APIRouter(prefix="/timers", tags=["timers"])

MAX_WORDS = 300
MOST_S = MAX_AHEAD.total_seconds()
Id = Annotated[str, Path(max_length=64)]
Guest = Annotated[Principal, Depends(needs(Role.GUEST, "home"))]
Words = Annotated[str, Field(max_length=MAX_WORDS)]
Place = Annotated[str, Field(max_length=200)]


class Timers(BaseModel):
    """All that is set, what is due first comes first."""

    now: datetime = Field(description="The hub's time: count down by it.")
    items: list[Timer]


class NewTimer(BaseModel):
    """What to set: either `after_s`, or `at` with `on` or `weekdays` if need be."""

    kind: AppointmentKind = "timer"
    after_s: float | None = Field(default=None, gt=0, le=MOST_S)
    at: time | None = Field(default=None, description="The time of day at home.")
    on: date | None = Field(default=None, description="Left out: the next time it is that late.")
    weekdays: list[Annotated[int, Field(ge=0, le=6)]] = Field(
        default=[], max_length=7, description="Days of every week; Monday is 0."
    )
    name: Words = ""
    text: Words = Field(default="", description="What to remind of, or the command as it is said.")
    area: Place | None = Field(default=None, description="The room where it rings.")
    satellite: Place | None = None
    language: str | None = Field(default=None, max_length=16)
    duration_s: float | None = Field(
        default=None, gt=0, le=MOST_S, description="How long it was, where some of it is over."
    )
    paused: bool = False

    model_config = {
        "extra": "forbid",
        "json_schema_extra": {
            "examples": [
                {"kind": "timer", "after_s": 480, "name": "pasta", "area": "Kitchen"},
                {"kind": "alarm", "at": "07:00", "weekdays": [0, 1, 2, 3, 4]},
            ]
        },
    }


class TimerChange(BaseModel):
    """What to change; what is left out stays."""

    paused: bool | None = None
    add_s: float | None = Field(default=None, ge=-MOST_S, le=MOST_S, description="More, or less.")
    name: Words | None = None

    model_config = {"extra": "forbid", "json_schema_extra": {"examples": [{"add_s": 60}]}}


class Snooze(BaseModel):
    """For how long to put off."""

    seconds: float = Field(default=SNOOZE_S, gt=0, le=86_400, examples=[300])


@router.get("")
async def list_timers(parts: Hub, _: Panel) -> Timers:
    """Return all timers, alarms, reminders and delayed commands."""
    time_ = parts.clockwork.time
    return Timers(now=time_.now, items=[timer(time_, one) for one in time_.all()])


@router.post("", status_code=201)
async def set_timer(new: NewTimer, parts: Hub, who: Guest) -> Timer:
    """Set one; when this answers, it is kept.

    A command is carried out as if whoever sets it had written it in a browser: by the rules for
    that person, and for nobody who is known to be in a room.
    """
    time_ = parts.clockwork.time
    try:
        one = await time_.add(_appointment(parts, new, who))
    except AgendaFull:
        raise Problem(
            409, "full", worded("too-many-timers", "There are too many timers. Cancel some.")
        ) from None
    except ValueError as error:
        raise Problem(
            422, "bad-time", worded("timer-can-not", "This can not be set: {why}.", why=str(error))
        ) from None
    return timer(time_, one)


@router.get("/{timer_id}")
async def show_timer(timer_id: Id, parts: Hub, _: Panel) -> Timer:
    """Return one of them."""
    return timer(parts.clockwork.time, _meant(parts, timer_id))


@router.patch("/{timer_id}")
async def change_timer(timer_id: Id, change: TimerChange, parts: Hub, _: Guest) -> Timer:
    """Pause one, let it go on, give it more time or less, or call it otherwise."""
    one, time_ = _meant(parts, timer_id), parts.clockwork.time
    if change.paused is not None and one.state not in {State.WAITING, State.PAUSED}:
        raise Problem(409, "over", worded("rings-already", "It rings already. Stop it instead."))
    if change.paused is not None:
        one = one.paused(time_.now) if change.paused else one.resumed(time_.now)
    if change.add_s:
        one = one.changed_by(change.add_s, time_.now)
        if one.due > time_.now + MAX_AHEAD:
            raise Problem(422, "bad-time", worded("too-far-ahead", "That is too far ahead."))
    if change.name is not None:
        one = replace(one, name=_plain(change.name))
    await time_.change(one)
    return timer(time_, one)


@router.post("/{timer_id}/stop", status_code=204)
async def stop_timer(timer_id: Id, parts: Hub, _: Guest) -> None:
    """Silence one that rings; one that comes every week comes again."""
    _meant(parts, timer_id)
    await parts.clockwork.time.heard(timer_id)


@router.post("/{timer_id}/snooze")
async def snooze_timer(timer_id: Id, parts: Hub, _: Guest, snooze: Snooze | None = None) -> Timer:
    """Put one off that rings."""
    one, time_ = _meant(parts, timer_id), parts.clockwork.time
    if one.state is not State.RINGING:
        raise Problem(409, "not-ringing", "It does not ring now.")
    one = one.put_off((snooze or Snooze()).seconds, time_.now)
    await time_.change(one)
    return timer(time_, one)


@router.delete("/{timer_id}")
async def cancel_timer(timer_id: Id, parts: Hub, _: Guest) -> Timer:
    """Forget one, whether it waits or rings. Returns it as it was, for whoever wants it back."""
    time_ = parts.clockwork.time
    cancelled = await time_.cancel(_meant(parts, timer_id).id)
    if not cancelled:
        raise _unknown(timer_id)
    return timer(time_, cancelled[0])


def _appointment(parts: Parts, new: NewTimer, who: Principal) -> Appointment:
    """Return what is to be set. Raises Problem, and ValueError for days that do not come."""
    time_ = parts.clockwork.time
    now = time_.now
    text = _plain(new.text)
    if new.kind in {"reminder", "command"} and not text:
        raise Problem(
            422, "bad-text", worded("needs-text", "A {kind} needs a text.", kind=new.kind)
        )
    if (new.after_s is None) == (new.at is None):
        raise Problem(
            422, "bad-time", worded("how-long-or-when", "Say either how long, or at what time.")
        )
    area = parts.home.area_named(new.area) if new.area else None
    language = new.language or parts.settings.language
    origin = Origin(new.area if area is None else area.name, language, new.satellite)
    if new.kind == "command":
        origin = replace(origin, satellite=f"{BROWSER}{who.user[:8]}", person=who.name)
        _check_command(parts, text, origin)
    one = Appointment(Kind(new.kind), now, now, origin, name=_plain(new.name), text=text)
    if new.after_s is not None:
        duration = new.duration_s or new.after_s
        due = now + timedelta(seconds=new.after_s)
        one = replace(one, due=due, duration_s=duration)
        return one.paused(now) if new.paused else one
    assert new.at is not None
    at, weekdays = new.at.replace(tzinfo=None), frozenset(new.weekdays)
    if new.on is None or weekdays:
        return replace(one, due=next_time(at, weekdays, now, time_.zone), at=at, weekdays=weekdays)
    due = at_home(datetime.combine(new.on, at), at, time_.zone)
    if due <= now:
        raise Problem(422, "bad-time", worded("time-passed", "That time has passed already."))
    return replace(one, due=due, at=at)


def _check_command(parts: Parts, text: str, origin: Origin) -> None:
    later = parts.clockwork.later
    if not later.understands(text, origin):
        raise Problem(
            422,
            "not-understood",
            worded("no-command", "'{text}' is no command that the home understands.", text=text),
        )
    if later.needs_yes(text, origin):
        raise Problem(
            409, "needs-yes", "This needs somebody's yes at that time, so it can not be set."
        )


def _meant(parts: Parts, timer_id: str) -> Appointment:
    for one in parts.clockwork.time.all():
        if one.id == timer_id:
            return one
    raise _unknown(timer_id)


def _unknown(timer_id: str) -> Problem:
    return Problem(
        404,
        "unknown-timer",
        worded("no-timer", "There is no timer '{timer}'. It may be over.", timer=timer_id),
    )


def _plain(text: str) -> str:
    return " ".join(text.split())
