"""What a model may do with time and lists: the same as people do by voice."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from hub.engines.base import ToolError, ToolSpec
from hub.home.model import Home
from hub.home.spoken_names import same_name
from hub.origin import Origin
from hub.store.errors import StoreError
from hub.timekeeping.appointment import (
    MAX_AHEAD,
    Appointment,
    Kind,
    State,
    at_home,
    local,
    next_time,
)
from hub.timekeeping.later import Later
from hub.timekeeping.list_deeds import DOMAIN
from hub.timekeeping.lists import SHOPPING, ListFull, Lists
from hub.timekeeping.timekeeping import AgendaFull, Timekeeping

MAX_TOLD = 40
MAX_TEXT_CHARS = 300
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = (("hours", 3600), ("minutes", 60), ("seconds", 1))
_NUMBER = {"type": "number", "minimum": 0}

SET_APPOINTMENT = ToolSpec(
    "set_appointment",
    "Sets a timer, an alarm, a reminder, or a command to be carried out later. Say when: after "
    "hours, minutes and seconds, or at a time of day.",
    {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": ["timer", "alarm", "reminder", "command"]},
            "hours": _NUMBER,
            "minutes": _NUMBER,
            "seconds": _NUMBER,
            "at": {"type": "string", "description": "time of day, 24 hours: 07:30"},
            "date": {"type": "string", "description": "2026-03-01; left out: the next such time"},
            "weekdays": {
                "type": "array",
                "items": {"type": "string", "enum": list(_DAYS)},
                "description": "days on which it comes again every week",
            },
            "name": {"type": "string", "description": "what the timer is called: pasta"},
            "text": {
                "type": "string",
                "description": "what to remind of, or the command as the person would say it",
            },
        },
        "required": ["kind"],
        "additionalProperties": False,
    },
)
SHOW_APPOINTMENTS = ToolSpec(
    "show_appointments",
    "Tells the timers, alarms, reminders and delayed commands that are set, with their ids.",
    {"type": "object", "properties": {}, "additionalProperties": False},
)
CHANGE_APPOINTMENT = ToolSpec(
    "change_appointment",
    "Cancels, pauses, resumes, lengthens (seconds above 0) or shortens (below 0) one of them, "
    "by its id.",
    {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "change": {"type": "string", "enum": ["cancel", "pause", "resume", "extend"]},
            "seconds": {"type": "number"},
        },
        "required": ["id", "change"],
        "additionalProperties": False,
    },
)
USE_LIST = ToolSpec(
    "use_list",
    "Shows a list, or adds, checks off or removes items; without a name it is the shopping list.",
    {
        "type": "object",
        "properties": {
            "action": {"type": "string", "enum": ["show", "add", "complete", "remove"]},
            "list": {"type": "string", "description": "the list's name"},
            "items": {"type": "array", "items": {"type": "string"}, "maxItems": 30},
        },
        "required": ["action"],
        "additionalProperties": False,
    },
)


class TimeTools:
    """The tools of one household's time and lists."""

    def __init__(
        self,
        timekeeping: Timekeeping,
        lists: Lists,
        home: Home,
        later: Later,
    ) -> None:
        """`later` tells which sentences can be carried out later."""
        self._time = timekeeping
        self._lists = lists
        self._home = home
        self._later = later
        self._calls: Mapping[str, Callable[[Mapping[str, Any], Origin], Awaitable[str]]] = {
            SET_APPOINTMENT.name: self._set,
            SHOW_APPOINTMENTS.name: self._show,
            CHANGE_APPOINTMENT.name: self._change,
            USE_LIST.name: self._use_list,
        }

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tools."""
        return (SET_APPOINTMENT, SHOW_APPOINTMENTS, CHANGE_APPOINTMENT, USE_LIST)

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        """Use one of the tools. Raises ToolError."""
        call = self._calls.get(name)
        if call is None:
            raise ToolError(f"there is no tool {name}.")
        try:
            return await call(arguments, origin)
        except StoreError as error:
            raise ToolError(f"it could not be written down: {error}.") from None
        except AgendaFull:
            raise ToolError("there are too many appointments; cancel some.") from None
        except (ListFull, ValueError) as error:
            raise ToolError(str(error) or "the list is full.") from None

    async def _set(self, arguments: Mapping[str, Any], origin: Origin) -> str:
        kind = _one_of(arguments, "kind", ("timer", "alarm", "reminder", "command"))
        text = _text(arguments, "text")
        now = self._time.now
        area = self._home.area_named(origin.area) if origin.area else None
        place = replace(
            origin, area=origin.area if area is None else area.name, conversation=None, turn=None
        )
        if kind in {"reminder", "command"} and not text:
            raise ToolError(f"a {kind} needs a text.")
        if kind == "command" and not self._later.understands(text, origin):
            raise ToolError(f"{text!r} is no command that the home understands.")
        if kind == "command" and self._later.needs_yes(text, origin):
            raise ToolError(f"{text!r} needs the person's yes at that time: it can not be set.")
        one = Appointment(Kind(kind), now, now, place, name=_text(arguments, "name"), text=text)
        one = self._timed(one, arguments, now)
        await self._time.add(one)
        return f"Done. {self._line(one)}"

    def _timed(self, one: Appointment, arguments: Mapping[str, Any], now: datetime) -> Appointment:
        """Return it with the time that the arguments name. Raises ToolError."""
        seconds = sum(_number(arguments, unit) * size for unit, size in _UNITS)
        at = _text(arguments, "at")
        if bool(seconds) == bool(at):
            raise ToolError("say either hours, minutes and seconds, or at.")
        if seconds > MAX_AHEAD.total_seconds():
            raise ToolError("that is too far ahead.")
        if seconds:
            return replace(one, due=now + timedelta(seconds=seconds), duration_s=float(seconds))
        try:
            clock = time.fromisoformat(at).replace(tzinfo=None)
        except ValueError:
            raise ToolError(f"{at!r} is no time of day; write it like 07:30.") from None
        zone = self._time.zone
        days = arguments.get("weekdays") or []
        if not isinstance(days, list) or any(day not in _DAYS for day in days):
            raise ToolError(f"weekdays are of {', '.join(_DAYS)}.")
        weekdays = frozenset(_DAYS.index(day) for day in days)
        date = _text(arguments, "date")
        if not date or weekdays:
            due = next_time(clock, weekdays, now, zone)
            return replace(one, due=due, at=clock, weekdays=weekdays)
        try:
            due = at_home(datetime.fromisoformat(date), clock, zone)
        except ValueError:
            raise ToolError(f"{date!r} is no date; write it like 2026-03-01.") from None
        if due <= now:
            raise ToolError("that time has passed already.")
        return replace(one, due=due, at=clock)

    async def _show(self, arguments: Mapping[str, Any], origin: Origin) -> str:
        del arguments, origin
        found = self._time.all()
        lines = [self._line(one) for one in found[:MAX_TOLD]]
        if len(found) > MAX_TOLD:
            lines.append(f"and {len(found) - MAX_TOLD} more.")
        return "\n".join(lines) or "Nothing is set."

    async def _change(self, arguments: Mapping[str, Any], origin: Origin) -> str:
        del origin
        wanted = _text(arguments, "id")
        found = [one for one in self._time.all() if wanted and one.id.startswith(wanted)]
        if len(found) != 1:
            raise ToolError(f"there is no appointment {wanted!r}; show_appointments tells the ids.")
        (one,) = found
        change = _one_of(arguments, "change", ("cancel", "pause", "resume", "extend"))
        now = self._time.now
        if change == "cancel":
            await self._time.cancel(one.id)
            return "Cancelled."
        if change == "extend":
            changed = one.changed_by(_number(arguments, "seconds"), now)
        else:
            changed = one.paused(now) if change == "pause" else one.resumed(now)
        await self._time.change(changed)
        return f"Done. {self._line(changed)}"

    async def _use_list(self, arguments: Mapping[str, Any], origin: Origin) -> str:
        del origin
        action = _one_of(arguments, "action", ("show", "add", "complete", "remove"))
        name = self._list_id(_text(arguments, "list"))
        items = arguments.get("items") or []
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ToolError("items is a list of texts.")
        items = [item.strip() for item in items if item.strip()]
        if action != "show" and not items:
            raise ToolError("say which items.")
        missing = []
        for item in items if action != "show" else []:
            if action == "add":
                await self._lists.add(name, item)
            elif action == "complete":
                missing += [] if await self._lists.complete(name, item) else [item]
            else:
                missing += [] if await self._lists.remove(name, item) else [item]
        if missing:
            raise ToolError(f"not on the list: {', '.join(missing)}.")
        left = [item.text for item in await self._lists.items(name)]
        return f"On the list: {', '.join(left)}." if left else "The list is empty."

    def _list_id(self, name: str) -> str:
        if not name or SHOPPING in name.casefold():
            return SHOPPING
        plain = name.casefold().removesuffix("list").strip()
        for device in self._home.devices():
            called = (device.name, *device.aliases)
            if device.domain == DOMAIN and any(same_name(plain, one) for one in called):
                return str(device.id)
        raise ToolError(f"there is no list {name!r}.")

    def _line(self, one: Appointment) -> str:
        due = local(one.due, self._time.zone)
        when = f"due {due:%A %d %B %H:%M:%S}"
        if one.state is State.PAUSED:
            when = f"paused, {round(one.left_s(self._time.now))} s left"
        elif one.state is State.RINGING:
            when = "ringing"
        again = f", every {', '.join(_DAYS[day] for day in sorted(one.weekdays))}"
        what = f" {one.name or one.text}".rstrip()
        where = f", {one.place.area}" if one.place.area else ""
        return (
            f"{one.kind.value}{what} [{one.id[:8]}]: {when}{again if one.weekdays else ''}{where}"
        )


def _text(arguments: Mapping[str, Any], key: str) -> str:
    value = arguments.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MAX_TEXT_CHARS:
        raise ToolError(f"{key} is a text of at most {MAX_TEXT_CHARS} characters.")
    return value.strip()


def _number(arguments: Mapping[str, Any], key: str) -> float:
    value = arguments.get(key) or 0
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e8:
        raise ToolError(f"{key} is a number.")
    return float(value)


def _one_of(arguments: Mapping[str, Any], key: str, allowed: Sequence[str]) -> str:
    value = arguments.get(key)
    if value not in allowed:
        raise ToolError(f"{key} is one of {', '.join(allowed)}.")
    return str(value)
