"""Alarms and reminders by voice, putting them off, and having them stop."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from hub.home.actions import ActionResult, Deed, Sense
from hub.home.intents import IntentMatch
from hub.timekeeping.appointment import Appointment, Kind, local
from hub.timekeeping.cancelling import called, cancel_all, cancel_one, tell
from hub.timekeeping.said_again import plain_name, same_words
from hub.timekeeping.spoken_moments import Moment, find_moment, find_named, split_reminder
from hub.timekeeping.spoken_spans import spoken_span
from hub.timekeeping.telling import Asked, deed
from hub.timekeeping.timekeeping import SNOOZE_S, Timekeeping

_PANEL = "alarm_control_panel"
_REMIND = {
    "en": r"remind me\b",
    "de": r"erinnere? mich\b(?: bitte)?",
    "fr": r"rappelle[- ]moi\b",
    "es": r"recu[eé]rdame\b",
}
_WAKE = {
    "en": r"wake me(?: up)?",
    "de": r"wecke? mich(?: bitte)?",
    "fr": r"réveille[- ]moi",
    "es": r"despi[eé]rtame",
}


class AlarmDeeds:
    """Carries out what is said about alarms and reminders."""

    def __init__(self, time: Timekeeping) -> None:
        self._time = time

    def deeds(self) -> Mapping[str, Deed]:
        """Return what is done, by intent."""
        return {
            "SottoSetAlarm": deed(self._set_alarm),
            "SottoCancelAlarm": deed(self._cancel_alarm),
            "SottoCancelAllAlarms": deed(lambda asked: cancel_all(asked, self._time, Kind.ALARM)),
            "SottoAlarmStatus": deed(self._alarms),
            "SottoSetReminder": deed(self._set_reminder),
            "SottoCancelReminder": deed(self._cancel_reminder),
            "SottoCancelAllReminders": deed(
                lambda asked: cancel_all(asked, self._time, Kind.REMINDER)
            ),
            "SottoReminderStatus": deed(self._reminders),
            "SottoSnooze": deed(self._snooze),
            "SottoStop": deed(self._stop),
            "HassNevermind": deed(self._stop_ringing),
            "HassMediaPause": deed(self._stop_ringing),
            "HassStopMoving": deed(self._stop_ringing),
            "SottoDisarm": deed(self._turn_off),
            "SottoGetAlarm": deed(self._is_set),
        }

    def senses(self) -> Mapping[str, Sense]:
        """Return as what is to be taken what stops a thing that rings, by intent."""
        stops = ("HassNevermind", "HassMediaPause", "HassStopMoving", "SottoDisarm")
        return dict.fromkeys(stops, self._sense)

    async def after(self, asked: Asked, text: str, seconds: float) -> ActionResult | None:
        """Set what "in ten minutes" was said with, if it is an alarm or a reminder."""
        language = asked.language.split("-", maxsplit=1)[0]
        moment = Moment(self._time.now + timedelta(seconds=seconds), seconds)
        if re.fullmatch(_WAKE.get(language, r"(?!)"), text, re.IGNORECASE):
            return await self._add(asked, Kind.ALARM, moment)
        if found := re.match(_REMIND.get(language, r"(?!)"), text, re.IGNORECASE):
            _, thing = split_reminder(
                text[found.end() :], language, self._time.now, self._time.zone
            )
            return await self._remind(asked, moment, thing)
        return None

    async def _set_alarm(self, asked: Asked) -> ActionResult:
        time = self._time
        when, before = str(asked.slot("when") or ""), asked.slot("alarm_name")
        if before is not None and find_moment(str(before), asked.language, time.now, time.zone):
            when, before = f"{before} {when}", None  # "a weekend alarm"
        moment, name = find_named(when, asked.language, time.now, time.zone)
        if moment is None:
            return asked.refuse("no_time", example=asked.words("alarm_example"))
        if before is not None:
            name = _name(str(before), asked.language)
        same = [
            one
            for one in time.all(Kind.ALARM)
            if one.at is not None
            and (one.due, one.at, one.weekdays) == (moment.due, moment.at, moment.weekdays)
            and one.place.satellite == asked.place.satellite
            and same_words(one.name, name)
        ]
        if same:  # said twice, it does not ring twice
            return asked.tell("alarm_set", when=called(asked, time, same[0]))
        return await self._add(asked, Kind.ALARM, moment, name=name)

    async def _set_reminder(self, asked: Asked) -> ActionResult:
        moment, thing = split_reminder(
            str(asked.slot("reminder")), asked.language, self._time.now, self._time.zone
        )
        if moment is None:
            return asked.refuse("no_time", example=asked.words("reminder_example"))
        return await self._remind(asked, moment, thing)

    async def _remind(self, asked: Asked, moment: Moment, thing: str) -> ActionResult:
        if not thing:
            return asked.refuse("no_thing", example=asked.words("reminder_example"))
        return await self._add(asked, Kind.REMINDER, moment, thing)

    async def _add(
        self, asked: Asked, kind: Kind, moment: Moment, text: str = "", name: str = ""
    ) -> ActionResult:
        if moment.due <= self._time.now:
            return asked.refuse("past")
        one = await self._time.add(
            Appointment(
                kind,
                moment.due,
                self._time.now,
                asked.place,
                name=name,
                text=text,
                duration_s=moment.duration_s,
                at=moment.at,
                weekdays=moment.weekdays,
            )
        )
        key = "alarm_set" if kind is Kind.ALARM else "reminder_set"
        return asked.tell(key, when=called(asked, self._time, one))

    async def _cancel_alarm(self, asked: Asked) -> ActionResult:
        time, when = self._time, asked.slot("when")
        if when is None and time.ringing():
            return await self._stop(asked)
        found: Sequence[Appointment] = time.all(Kind.ALARM)
        if when is not None:
            name = plain_name(str(when))
            named = [one for one in found if one.name and same_words(one.name, name)]
            found = named or self._at(asked, str(when), found)
        return await cancel_one(asked, time, Kind.ALARM, found)

    async def _cancel_reminder(self, asked: Asked) -> ActionResult:
        found: Sequence[Appointment] = self._time.all(Kind.REMINDER)
        thing = asked.slot("reminder")
        if thing is not None:
            wanted = str(thing).casefold().strip(" .,!?")
            by_text = [
                one
                for one in found
                if wanted in one.text.casefold() or one.text.casefold() in wanted
            ]
            found = by_text or self._at(asked, str(thing), found)
        return await cancel_one(asked, self._time, Kind.REMINDER, found)

    def _at(self, asked: Asked, when: str, found: Sequence[Appointment]) -> Sequence[Appointment]:
        """Return those at a time of day, or on a day, that was said."""
        time = self._time
        moment = find_moment(when, asked.language, time.now, time.zone, morning=True)
        if moment is None or moment.at is None:
            return ()
        clock = moment.at
        exact = [one for one in found if one.due == moment.due]
        return exact or [
            one
            for one in found
            if (local(one.due, time.zone).hour - clock.hour) % 12 == 0
            and local(one.due, time.zone).minute == clock.minute
        ]

    async def _alarms(self, asked: Asked) -> ActionResult:
        time = self._time
        found: Sequence[Appointment] = time.all(Kind.ALARM)
        if (when := asked.slot("when")) is not None:
            moment = find_moment(str(when), asked.language, time.now, time.zone, morning=True)
            if moment is None:
                return asked.refuse("no_time", example=asked.words("alarm_example"))
            day = local(moment.due, time.zone)
            found = [
                one
                for one in found
                if day.weekday() in one.weekdays or local(one.due, time.zone).date() == day.date()
            ]
        return tell(asked, time, Kind.ALARM, found)

    async def _reminders(self, asked: Asked) -> ActionResult:
        return tell(asked, self._time, Kind.REMINDER, self._time.all(Kind.REMINDER))

    async def _snooze(self, asked: Asked) -> ActionResult:
        minutes = asked.slot("minutes")
        seconds = SNOOZE_S if minutes is None else float(minutes) * 60
        if not await self._time.snooze(asked.origin.satellite, seconds):
            return asked.refuse("snooze_none")
        return asked.tell("snoozed", span=spoken_span(seconds, asked.language))

    async def _stop(self, asked: Asked) -> ActionResult:
        await self._time.stop_ringing(asked.origin.satellite)
        return ActionResult("", ok=True)

    async def _stop_ringing(self, asked: Asked) -> ActionResult | None:
        """Stop what rings, if something does and nothing else is named."""
        return None if self._sense(asked.request.match) is None else await self._stop(asked)

    def _sense(self, match: IntentMatch) -> str | None:
        """Return as what "stop" is to be taken: while something rings, and nothing is named."""
        other = "name" in match.slots or ("area" in match.slots and not match.here)
        return None if other or not self._time.ringing() else "SottoStop"

    async def _turn_off(self, asked: Asked) -> ActionResult | None:
        """Turn "the alarm" off: what rings, or an alarm clock where there is no alarm system."""
        if (stopped := await self._stop_ringing(asked)) is not None:
            return stopped
        if _has_panel(asked):
            return None
        return await cancel_one(asked, self._time, Kind.ALARM, self._time.all(Kind.ALARM))

    async def _is_set(self, asked: Asked) -> ActionResult | None:
        """Tell whether "the alarm" is set, where that can only be an alarm clock."""
        return None if _has_panel(asked) else await self._alarms(asked)


def _has_panel(asked: Asked) -> bool:
    return any(device.domain == _PANEL for device in asked.request.home.devices())


def _name(spoken: str, language: str) -> str:
    """Return an alarm's name, without the joint of a German compound: "Arbeitswecker"."""
    name = plain_name(spoken)
    compound = language.startswith("de") and len(name) > len("Bus")
    return name.removesuffix("s") if compound else name
