"""When something is to be, from what was said: "at half past seven", "jeden Montag um acht". Pure.

A time without its half of the day ("at seven") means, of an alarm, the morning; of anything else
for today the next time that clocks show seven, and for another day the hours from seven to six in
the evening.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from hub.timekeeping.appointment import EVERY_DAY, WORKDAYS, at_home, local, next_time
from hub.timekeeping.moment_patterns import (
    known_language,
    minutes_of,
    parts_of,
    patterns_of,
    spans_at,
    word_starts,
)
from hub.timekeeping.moment_words import LANGUAGES, Clock, Language

WEEKEND = frozenset({5, 6})
MAX_CHARS = 300
_REPEATED = {"daily": EVERY_DAY, "workdays": WORKDAYS, "weekends": WEEKEND}
DAWN = 6 * 60
"""Nobody who says "at five" means the night, except of an alarm."""
USUAL_HOUR = 9
"""Of a day without a time."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is to be."""

    due: datetime
    """In UTC."""
    duration_s: float | None = None
    """Where a span was said."""
    at: time | None = None
    """Where a time of day was said."""
    weekdays: frozenset[int] = frozenset()
    """Where it is to come again and again."""


@dataclass(slots=True)
class _Found:
    """What the parts that stand together say."""

    start: int
    end: int
    span_s: float = 0.0
    minutes: int | None = None
    exact: bool = False
    first: int | None = None
    usual: int | None = None
    ahead: int | None = None
    weekday: int | None = None
    date: int | None = None
    every: frozenset[int] = frozenset()

    def take(self, kind: str, value: float, words: Language) -> None:
        """Take in what one more part says."""
        number = int(value)
        match kind:
            case "span":
                self.span_s += value
            case "exact" | "clock" if self.minutes is None:
                self.minutes, self.exact = number, kind == "exact"
            case "part":
                self.first, self.usual = words.parts[number].first, words.parts[number].usual
            case "date":
                self.date = number
            case "ahead":
                self.ahead = number
            case "weekday" if not self.every:
                self.weekday = number
            case "weekday" | "every":  # "every Monday and Tuesday"
                self.every |= {number}
            case "daily" | "workdays" | "weekends":
                self.every = _REPEATED[kind]
            case _:
                pass


def find_span(text: str, language: str) -> float | None:
    """Return the seconds of the span that a text is or holds: "for five minutes"."""
    compiled = patterns_of(language)
    for start in word_starts(text[:MAX_CHARS]):
        if (found := spans_at(text, start, compiled)) is not None:
            return found[1]
    return None


def find_moment(
    text: str, language: str, now: datetime, zone: tzinfo | None, *, morning: bool = False
) -> Moment | None:
    """Return the moment that a text names; None where there is none. `morning`: of an alarm."""
    compiled, text = patterns_of(language), text[:MAX_CHARS].strip(" .,!?")
    groups = _groups(text, language)
    if not groups and (alone := compiled.number.fullmatch(text)):  # "wake me at": "seven"
        minutes = minutes_of(alone, Clock(""), compiled.numbers)
        groups = [] if minutes is None else [_Found(0, len(text), minutes=minutes)]
    found = max(groups, key=lambda one: one.end - one.start, default=None)
    return None if found is None else _resolved(found, now, zone, morning=morning)


def find_named(
    text: str, language: str, now: datetime, zone: tzinfo | None
) -> tuple[Moment | None, str]:
    """Return the moment of an alarm and its name: "for 7:30 called work"."""
    words = LANGUAGES[known_language(language)]
    text = " ".join(text[:MAX_CHARS].split()).strip(" .,!?")
    named = re.search(rf"(?:^|\s)(?:{words.named})\s+(?P<name>.+)$", text, re.IGNORECASE)
    if named is None:
        return find_moment(text, language, now, zone, morning=True), ""
    groups, name = _groups(text, language), named["name"]
    inside = [one for one in groups if one.start >= named.start("name")]
    if inside and len(inside) == len(groups):  # "called work at 7:30"
        name = text[named.start("name") : inside[0].start]
        text = text[inside[0].start :]
    else:
        text = text[: named.start()]
    return find_moment(text, language, now, zone, morning=True), name.strip(" .,!?")


def split_reminder(
    text: str, language: str, now: datetime, zone: tzinfo | None
) -> tuple[Moment | None, str]:
    """Return when somebody is to be reminded, and of what.

    The moment stands at the beginning or the end: "at seven to call Mum", "to call Mum at seven";
    or somewhere, if it is the only one.
    """
    text = " ".join(text[:MAX_CHARS].split()).strip(" .,!?")
    words = LANGUAGES[known_language(language)]
    groups = _groups(text, language)
    found = next((one for one in reversed(groups) if one.end >= len(text)), None)
    if found is None:
        found = next((one for one in groups if one.start == 0), None)
    if found is None:
        before = re.match(rf"(?:{words.filler})\s+", text, re.IGNORECASE)
        head = 0 if before is None else before.end()
        found = next((one for one in groups if one.start == head), None)
    if found is None and len(groups) == 1:  # "to call Mum at five, and to sing"
        found = groups[0]
    if found is None:
        return None, _thing(text, words)
    rest = f"{text[: found.start]} {text[found.end :]}"
    return _resolved(found, now, zone, morning=False), _thing(rest, words)


def _thing(text: str, words: Language) -> str:
    """Return what one is reminded of, without the words that lead to it."""
    text = " ".join(text.split()).strip(" .,!?")
    text = re.sub(rf"\s+(?:{words.filler})$", "", text, flags=re.IGNORECASE)
    text = re.sub(rf"^(?:{words.to})(?:\s+|(?<='))", "", text, flags=re.IGNORECASE)
    return text.strip(" .,!?")


def _groups(text: str, language: str) -> list[_Found]:
    """Return what is said by parts that stand together, in the order of the text."""
    compiled = patterns_of(language)
    groups: list[_Found] = []
    for start, end, kind, value in parts_of(text, compiled):
        last = groups[-1] if groups else None
        if last is None or not compiled.between.fullmatch(text, last.end, start):
            lead = compiled.lead.search(text[:start])
            last = _Found(start if lead is None else lead.start(), end)
            groups.append(last)
        last.end = end
        last.take(kind, value, compiled.words)
    return groups


def _resolved(found: _Found, now: datetime, zone: tzinfo | None, *, morning: bool) -> Moment | None:
    if found.span_s and found.minutes is None:
        return Moment(now + timedelta(seconds=found.span_s), found.span_s)
    minutes = found.minutes
    if minutes is None:
        minutes = 60 * (USUAL_HOUR if found.usual is None else found.usual)
    elif found.exact:
        pass
    elif found.first is not None:
        minutes = _in_part(minutes, found.first)
    elif not morning:
        named = found.weekday is not None or found.date is not None
        another_day = found.every or found.ahead or named
        minutes = _likely(minutes, now, zone, today=not another_day)
    at = _clock(minutes)
    if found.every:
        return Moment(next_time(at, found.every, now, zone), at=at, weekdays=found.every)
    if found.weekday is not None:
        return Moment(next_time(at, frozenset({found.weekday}), now, zone), at=at)
    if found.date is not None:
        day = _day(*divmod(found.date, 100), local(now, zone))
        return None if day is None else Moment(at_home(day, at, zone), at=at)
    if found.ahead is not None:
        due = at_home(local(now, zone) + timedelta(days=found.ahead), at, zone)
        other = at_home(local(now, zone), _clock(minutes + 720), zone)
        if found.ahead == 0 and due <= now < other and not found.exact and found.first is None:
            due, at = other, _clock(minutes + 720)  # "today at seven", said at noon
        return Moment(due, at=at)
    return Moment(next_time(at, frozenset(), now, zone), at=at)


def _day(month: int, day: int, today: datetime) -> datetime | None:
    """Return the next day of this date; None where there is none."""
    for year in (today.year, today.year + 1):
        with suppress(ValueError):  # "the 31st of April"
            there = today.replace(year=year, month=month, day=day)
            if there.date() >= today.date():
                return there
    return None


def _likely(minutes: int, now: datetime, zone: tzinfo | None, *, today: bool) -> int:
    """Return which of two halves of the day is meant."""
    later = (minutes + 720) % 1440
    if minutes < DAWN:
        return later
    if not today or later < DAWN:
        return minutes
    one, other = (next_time(_clock(m), frozenset(), now, zone) for m in (minutes, later))
    return minutes if one < other else later


def _in_part(minutes: int, first: int) -> int:
    """Return a time as one of a part of the day: "eight in the evening" is 20:00."""
    hour = minutes // 60
    if first == 0:
        return minutes % 720 if hour == 12 else minutes
    if first >= 17 and (hour == 12 or hour < 4):  # at night
        return minutes % 720
    return minutes + 720 if hour < 12 else minutes


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
