"""Timers and delayed commands by voice: the intents of home-assistant-intents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from hub.home.actions import ActionResult, Deed
from hub.home.targets import Refusal
from hub.timekeeping.agenda import narrowed
from hub.timekeeping.alarm_deeds import AlarmDeeds
from hub.timekeeping.appointment import Appointment, Kind, State
from hub.timekeeping.later import Later
from hub.timekeeping.said_again import plain_name, same_words
from hub.timekeeping.sayings import Sayings
from hub.timekeeping.spoken_moments import find_span
from hub.timekeeping.spoken_spans import spoken_span
from hub.timekeeping.telling import Answered, Asked, deed
from hub.timekeeping.timekeeping import Timekeeping

_UNITS = (("hours", 3600), ("minutes", 60), ("seconds", 1))


@dataclass(frozen=True, slots=True)
class TimerView:
    """A timer as the package's answers want to see it."""

    name: str
    area: str
    is_active: bool
    total_seconds_left: int
    rounded_hours_left: int
    rounded_minutes_left: int
    rounded_seconds_left: int
    start_hours: int
    start_minutes: int
    start_seconds: int


class TimerDeeds:
    """Carries out what is said about timers."""

    def __init__(self, time: Timekeeping, alarms: AlarmDeeds, later: Later) -> None:
        """`later` tells which sentences can be carried out later."""
        self._time = time
        self._alarms = alarms
        self._later = later

    def deeds(self) -> Mapping[str, Deed]:
        """Return what is done, by intent."""
        return {
            "HassStartTimer": deed(self._start),
            "HassCancelTimer": deed(self._cancel),
            "HassCancelAllTimers": deed(self._cancel_all),
            "HassIncreaseTimer": deed(self._increase),
            "HassDecreaseTimer": deed(self._decrease),
            "HassPauseTimer": deed(self._pause),
            "HassUnpauseTimer": deed(self._unpause),
            "HassTimerStatus": deed(self._status),
            "SottoTimerList": deed(self._list),
        }

    async def _start(self, asked: Asked) -> ActionResult:
        seconds, slots = _seconds(asked), {}
        if (said := asked.slot("span")) is not None:
            seconds = find_span(str(said), asked.language) or 0.0
            slots = _parts(seconds)
            if not seconds:
                return asked.refuse("no_time", example=asked.words("timer_example"))
        if not seconds:
            raise Refusal("handle_error")
        slots = slots or {unit: str(asked.slot(unit)) for unit, _ in _UNITS if asked.slot(unit)}
        now = self._time.now
        one = Appointment(
            Kind.TIMER,
            now + timedelta(seconds=seconds),
            now,
            asked.place,
            name=plain_name(str(asked.slot("name") or "")),
            duration_s=seconds,
        )
        command = asked.request.match.later
        if command is not None:
            text = command.strip(" .,!?")
            if (alarm := await self._alarms.after(asked, text, seconds)) is not None:
                return alarm
            if not self._later.understands(text, asked.origin):
                raise Refusal("no_intent")
            if self._later.needs_yes(text, asked.origin):
                return ActionResult(asked.answers.remark("not_later"), ok=False, code="not-later")
            one = replace(one, kind=Kind.COMMAND, name="", text=text)
        await self._time.add(one)
        return asked.package(slots | ({"name": one.name} if one.name else {}))

    async def _cancel(self, asked: Asked) -> ActionResult:
        await self._time.cancel(self._meant(asked).id)
        return asked.package()

    async def _cancel_all(self, asked: Asked) -> ActionResult:
        found = self._timers(asked)
        area = asked.request.spoken_area
        cancelled = await self._time.cancel(*(one.id for one in found))
        slots = {"canceled": len(cancelled)} | ({} if area is None else {"area": area.name})
        return asked.package(slots)

    async def _increase(self, asked: Asked) -> ActionResult:
        return await self._change(asked, _seconds(asked))

    async def _decrease(self, asked: Asked) -> ActionResult:
        return await self._change(asked, -_seconds(asked))

    async def _change(self, asked: Asked, seconds: float) -> ActionResult:
        one = self._meant(asked)
        await self._time.change(one.changed_by(seconds, self._time.now))
        slots = {unit: str(asked.slot(unit)) for unit, _ in _UNITS if asked.slot(unit)}
        return asked.package(slots)

    async def _pause(self, asked: Asked) -> ActionResult:
        one = self._meant(asked, State.WAITING)
        if one.state is State.PAUSED:
            return self._stands(asked, one, "timer_paused_already")
        if self._over(one):
            return ActionResult(self._ended(asked, one), ok=False, code="timer-ended")
        await self._time.change(one.paused(self._time.now))
        return asked.package()

    async def _unpause(self, asked: Asked) -> ActionResult:
        one = self._meant(asked, State.PAUSED)
        if self._over(one):
            return ActionResult(self._ended(asked, one), ok=False, code="timer-ended")
        if one.state is State.WAITING:
            return self._stands(asked, one, "timer_running")
        await self._time.change(one.resumed(self._time.now))
        return asked.package()

    async def _status(self, asked: Asked) -> ActionResult:
        timers = self._timers(asked)
        found = [one for one in timers if not self._over(one)]
        specific = any(asked.slot(name) for name in ("name", "area", *_starts()))
        if not timers and specific:
            raise Refusal("timer_not_found")
        ended = [self._ended(asked, one) for one in timers if self._over(one)]
        if ended and not found:
            return ActionResult(" ".join(ended), ok=True)
        told = asked.package({"timers": [self._view(one) for one in found]})
        return replace(told, speech=" ".join([*ended, told.speech]))

    async def _list(self, asked: Asked) -> ActionResult:
        found = self._time.all(Kind.TIMER)
        if not found:
            return asked.tell("timers_none")
        key = "timer" if len(found) == 1 else "timers"
        return asked.tell(key, count=len(found), list=self._listed(asked, found))

    def _listed(self, asked: Asked, found: Sequence[Appointment]) -> str:
        """Return timers in words, each with what is left of it."""
        sayings = Sayings(asked.language)
        names = [sayings.timer(one) for one in found]
        told = []
        for one, name in zip(found, names, strict=True):
            if one.name and one.duration_s and names.count(name) > 1:
                span = spoken_span(one.duration_s, asked.language)
                name = asked.words("timer_of", name=name, span=span)  # noqa: PLW2901
            key = "timer_paused" if one.state is State.PAUSED else "timer_left"
            left = spoken_span(one.left_s(self._time.now), asked.language)
            told.append(
                asked.words("timer_ended" if self._over(one) else key, name=name, left=left)
            )
        return "; ".join(asked.few(told))

    def _over(self, one: Appointment) -> bool:
        """Return whether a timer has ended, and rings or waits until it can."""
        waiting = one.state is State.WAITING and one.due > self._time.now
        return not waiting and one.state is not State.PAUSED

    def _ended(self, asked: Asked, one: Appointment) -> str:
        return Sayings(asked.language).due(one, self._time.now, self._time.zone)

    def _stands(self, asked: Asked, one: Appointment, key: str) -> ActionResult:
        """Tell that a timer is already as it was to be."""
        left = spoken_span(one.left_s(self._time.now), asked.language)
        return asked.tell(key, name=Sayings(asked.language).timer(one), left=left)

    def _timers(self, asked: Asked) -> Sequence[Appointment]:
        """Return the timers that a sentence can mean; delayed commands where no timer fits."""
        timers = self._time.all(Kind.TIMER) or self._time.all(Kind.COMMAND)
        name = asked.slot("name")
        if name is not None:
            wanted = plain_name(str(name))
            timers = tuple(one for one in timers if same_words(one.name, wanted))
        start_s = _seconds(asked, "start_")
        if start_s:
            timers = tuple(one for one in timers if one.duration_s == start_s)
        area = asked.request.spoken_area
        if area is not None and not asked.request.match.here:
            timers = tuple(one for one in timers if one.place.area == area.name)
        return timers

    def _meant(self, asked: Asked, state: State = State.RINGING) -> Appointment:
        """Return the one timer that is meant, one in a state rather than others.

        Raises Refusal, and Answered where it may be several.
        """
        place = asked.place
        found = narrowed(
            self._timers(asked),
            lambda one: one.state is state,
            lambda one: one.place.satellite == place.satellite,
            lambda one: one.place.area == place.area,
        )
        if not found:
            raise Refusal("timer_not_found")
        if len(found) > 1:
            told = self._listed(asked, found)
            speech = asked.words("timer_several", list=told, example=_example(asked, found))
            raise Answered(ActionResult(speech, ok=False, code="multiple_timers_matched"))
        return found[0]

    def _view(self, one: Appointment) -> TimerView:
        left = round(one.left_s(self._time.now))
        rounded = round(left / 60) * 60 if left >= 600 else left
        start = round(one.duration_s or 0)
        return TimerView(
            one.name,
            one.place.area or "",
            one.state is not State.PAUSED,
            left,
            *(rounded // 3600, rounded // 60 % 60, rounded % 60),
            *(start // 3600, start // 60 % 60, start % 60),
        )


def _example(asked: Asked, found: Sequence[Appointment]) -> str:
    """Return what to say to mean one of several timers."""
    first = found[0]
    spans, areas = ([one.duration_s for one in found], [one.place.area for one in found])
    if first.duration_s and spans.count(first.duration_s) == 1:
        span = spoken_span(first.duration_s, asked.language)
        return asked.words("timer_example_span", span=span)
    if first.place.area and areas.count(first.place.area) == 1:
        return asked.words("timer_example_area", area=first.place.area)
    return asked.words("timer_example_all")


def _starts() -> tuple[str, ...]:
    return tuple(f"start_{unit}" for unit, _ in _UNITS)


def _parts(seconds: float) -> dict[str, str]:
    """Return a span as the package's answers want it, by unit."""
    left, parts = round(seconds), {}
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts[unit] = str(count)
    return parts


def _seconds(asked: Asked, prefix: str = "") -> float:
    """Return how long a sentence says, all its numbers together."""
    return float(sum(size * (asked.slot(f"{prefix}{unit}") or 0) for unit, size in _UNITS))
