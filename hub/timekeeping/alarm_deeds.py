"""Alarms and reminders by voice, putting them off, and having them stop."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from hub.home.actions import ActionResult, Deed
from hub.timekeeping.agenda import narrowed
from hub.timekeeping.appointment import Appointment, Kind, local
from hub.timekeeping.spoken_moments import Moment, find_moment, split_reminder
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
            "SottoCancelAllAlarms": deed(lambda asked: self._cancel_all(asked, Kind.ALARM)),
            "SottoAlarmStatus": deed(self._alarms),
            "SottoSetReminder": deed(self._set_reminder),
            "SottoCancelReminder": deed(self._cancel_reminder),
            "SottoCancelAllReminders": deed(lambda asked: self._cancel_all(asked, Kind.REMINDER)),
            "SottoReminderStatus": deed(self._reminders),
            "SottoSnooze": deed(self._snooze),
            "SottoStop": deed(self._stop),
            "HassNevermind": deed(self._stop_ringing),
            "HassMediaPause": deed(self._stop_ringing),
            "HassStopMoving": deed(self._stop_ringing),
            "SottoDisarm": deed(self._turn_off),
        }

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
        moment = find_moment(
            str(asked.slot("when") or ""), asked.language, time.now, time.zone, morning=True
        )
        if moment is None:
            return asked.refuse("no_time", example=asked.words("alarm_example"))
        same = [
            one
            for one in time.all(Kind.ALARM)
            if one.at is not None
            and (one.due, one.at, one.weekdays) == (moment.due, moment.at, moment.weekdays)
            and one.place.satellite == asked.place.satellite
        ]
        if same:  # said twice, it does not ring twice
            return asked.tell("alarm_set", when=asked.when(same[0], time))
        return await self._add(asked, Kind.ALARM, moment)

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

    async def _add(self, asked: Asked, kind: Kind, moment: Moment, text: str = "") -> ActionResult:
        one = await self._time.add(
            Appointment(
                kind,
                moment.due,
                self._time.now,
                asked.place,
                text=text,
                duration_s=moment.duration_s,
                at=moment.at,
                weekdays=moment.weekdays,
            )
        )
        key = "alarm_set" if kind is Kind.ALARM else "reminder_set"
        return asked.tell(key, when=asked.when(one, self._time), text=text)

    async def _cancel_alarm(self, asked: Asked) -> ActionResult:
        when = asked.slot("when")
        if when is None and self._time.ringing():
            return await self._stop(asked)
        found: Sequence[Appointment] = self._time.all(Kind.ALARM)
        if when is not None:
            found = self._at(asked, str(when), found)
        return await self._cancel(asked, found, "alarm")

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
        return await self._cancel(asked, found, "reminder")

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

    async def _cancel(self, asked: Asked, found: Sequence[Appointment], what: str) -> ActionResult:
        place = asked.place
        meant = narrowed(
            found,
            lambda one: one.place.satellite == place.satellite,
            lambda one: one.place.area == place.area,
            lambda one: one.place.person == place.person,
        )
        if not meant:
            return asked.refuse(f"{what}_unknown")
        if len(meant) > 1:
            return asked.refuse(f"{what}_several", list=self._listed(asked, meant))
        await self._time.cancel(meant[0].id)
        return asked.tell(f"{what}_cancelled")

    async def _cancel_all(self, asked: Asked, kind: Kind) -> ActionResult:
        found = self._time.all(kind)
        if not found:
            return asked.tell(f"{kind.value}_none")
        await self._time.cancel(*(one.id for one in found))
        return asked.tell("all_cancelled")

    async def _alarms(self, asked: Asked) -> ActionResult:
        return self._tell_all(asked, Kind.ALARM)

    async def _reminders(self, asked: Asked) -> ActionResult:
        return self._tell_all(asked, Kind.REMINDER)

    def _tell_all(self, asked: Asked, kind: Kind) -> ActionResult:
        found = self._time.all(kind)
        if not found:
            return asked.tell(f"{kind.value}_none")
        key = kind.value if len(found) == 1 else f"{kind.value}s"
        return asked.tell(key, count=len(found), list=self._listed(asked, found))

    def _listed(self, asked: Asked, found: Sequence[Appointment]) -> str:
        return asked.list(
            [f"{asked.when(one, self._time)}{f': {one.text}' if one.text else ''}" for one in found]
        )

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
        other = asked.slot("name") is not None or (
            asked.slot("area") is not None and not asked.request.match.here
        )
        return None if other or not self._time.ringing() else await self._stop(asked)

    async def _turn_off(self, asked: Asked) -> ActionResult | None:
        """Turn "the alarm" off: what rings, or an alarm clock where there is no alarm system."""
        if (stopped := await self._stop_ringing(asked)) is not None:
            return stopped
        if any(device.domain == _PANEL for device in asked.request.home.devices()):
            return None
        return await self._cancel(asked, self._time.all(Kind.ALARM), "alarm")
