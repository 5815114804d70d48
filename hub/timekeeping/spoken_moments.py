"""When something is to be, from what was said: "at half past seven", "jeden Montag um acht". Pure.

A time without its half of the day ("at seven") means, of an alarm, the morning; of anything else
for today the next time that clocks show seven, and for another day the hours from seven to six in
the evening.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import cache

from unicode_rbnf import FormatPurpose, RbnfEngine

from hub.timekeeping.appointment import EVERY_DAY, WORKDAYS, at_home, local, next_time
from hub.timekeeping.moment_words import LANGUAGES, Clock, Language
from hub.timekeeping.spoken_spans import WEEKDAYS

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
    compiled = _compiled(language)
    for start in _word_starts(text[:MAX_CHARS]):
        if (found := _spans_at(text, start, compiled)) is not None:
            return found[1]
    return None


def find_moment(
    text: str, language: str, now: datetime, zone: tzinfo | None, *, morning: bool = False
) -> Moment | None:
    """Return the moment that a text names; None where there is none. `morning`: of an alarm."""
    compiled, text = _compiled(language), text[:MAX_CHARS].strip(" .,!?")
    groups = _groups(text, language)
    if not groups and (alone := compiled.number.fullmatch(text)):  # "wake me at": "seven"
        minutes = _minutes(alone, Clock(""), compiled.numbers)
        groups = [] if minutes is None else [_Found(0, len(text), minutes=minutes)]
    found = max(groups, key=lambda one: one.end - one.start, default=None)
    return None if found is None else _resolved(found, now, zone, morning=morning)


def split_reminder(
    text: str, language: str, now: datetime, zone: tzinfo | None
) -> tuple[Moment | None, str]:
    """Return when somebody is to be reminded, and of what.

    The moment stands at the beginning or the end: "at seven to call Mum", "to call Mum at seven".
    """
    text = " ".join(text[:MAX_CHARS].split()).strip(" .,!?")
    words = LANGUAGES[_known(language)]
    groups = _groups(text, language)
    found = next((one for one in reversed(groups) if one.end >= len(text)), None)
    if found is None:
        found = next((one for one in groups if one.start == 0), None)
    if found is None:
        before = re.match(rf"(?:{words.filler})\s+", text, re.IGNORECASE)
        head = 0 if before is None else before.end()
        found = next((one for one in groups if one.start == head), None)
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
    compiled = _compiled(language)
    groups: list[_Found] = []
    for start, end, kind, value in _parts(text, compiled):
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
        another_day = found.every or found.ahead or found.weekday is not None
        minutes = _likely(minutes, now, zone, today=not another_day)
    at = _clock(minutes)
    if found.every:
        return Moment(next_time(at, found.every, now, zone), at=at, weekdays=found.every)
    if found.weekday is not None:
        return Moment(next_time(at, frozenset({found.weekday}), now, zone), at=at)
    if found.ahead:
        return Moment(at_home(local(now, zone) + timedelta(days=found.ahead), at, zone), at=at)
    return Moment(next_time(at, frozenset(), now, zone), at=at)


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


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The patterns of a language, ready."""

    words: Language
    numbers: Mapping[str, int]
    number: re.Pattern[str]
    patterns: tuple[tuple[str, int, re.Pattern[str]], ...]
    """Kind, value and pattern of each part that is no span."""
    spans: tuple[tuple[float, re.Pattern[str]], ...]
    before_span: re.Pattern[str]
    and_: re.Pattern[str]
    between: re.Pattern[str]
    lead: re.Pattern[str]


def _parts(text: str, compiled: _Compiled) -> Iterator[tuple[int, int, str, float]]:
    """Yield the parts of moments in a text: start, end, kind and value."""
    end = 0
    for start in _word_starts(text):
        if start >= end and (found := _part_at(text, start, compiled)) is not None:
            end, kind, value = found
            yield start, end, kind, value


def _part_at(text: str, at: int, compiled: _Compiled) -> tuple[int, str, float] | None:
    """Return the part that begins at a place: its end, kind and value."""
    if (lead := compiled.before_span.match(text, at)) is not None:
        span = _spans_at(text, lead.end(), compiled)
        if span is not None:
            return span[0], "span", span[1]
    for kind, value, pattern in compiled.patterns:
        match = pattern.match(text, at)
        if match is None:
            continue
        if kind == "bare":  # "at six" may be the beginning of "at six thirty"
            whole = _part_at(text, match.start("h"), compiled)
            if whole is not None and whole[1] in {"clock", "exact"}:
                return whole
        if kind not in {"clock", "bare"}:
            return match.end(), kind, value
        clock = Clock("") if kind == "bare" else compiled.words.clocks[value]
        minutes = _minutes(match, clock, compiled.numbers)
        if minutes is not None:
            spoken = match.groupdict()
            exact = (
                clock.exact
                or spoken.get("half") is not None
                or not 60 <= minutes < 780
                or (spoken.get("h") or "").startswith("0")
            )
            return match.end(), "exact" if exact else "clock", minutes
    return None


def _spans_at(text: str, at: int, compiled: _Compiled) -> tuple[int, float] | None:
    """Return the end and the seconds of the spans that begin at a place: "an hour and a minute"."""
    total, end = 0.0, at
    while True:
        matches = ((pattern.match(text, at), seconds) for seconds, pattern in compiled.spans)
        found = next(((match, seconds) for match, seconds in matches if match), None)
        if found is None:
            return (end, total) if total else None
        total += _span_s(*found, compiled.numbers)
        end = found[0].end()
        more = compiled.and_.match(text, end)
        if more is None:
            return end, total
        at = more.end()


def _span_s(match: re.Match[str], seconds: float, numbers: Mapping[str, int]) -> float:
    """Return the seconds of a span. Those of an "and a half" are marked by half a second."""
    count = match.groupdict().get("n")
    if count is None:
        return seconds
    half = seconds % 1
    unit = seconds - half
    return _number(count, numbers) * unit + (unit / 2 if half else 0.0)


def _minutes(match: re.Match[str], clock: Clock, numbers: Mapping[str, int]) -> int | None:
    """Return the minutes of the day that a time of day names; None for what is none."""
    spoken = match.groupdict()
    if spoken.get("h") is None:
        return clock.plus
    hour, minute = _number(spoken["h"], numbers), 0
    if spoken.get("m") is not None:
        minute = _number(spoken["m"], numbers)
    if hour > 24 or minute > 59:
        return None
    if (half := spoken.get("half")) is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.lstrip().lower().startswith("p") else 0)
    return (60 * hour + clock.plus + clock.sign * minute) % 1440


def _number(spoken: str, numbers: Mapping[str, int]) -> int:
    if spoken.isdecimal():
        return int(spoken)
    return numbers[_plain(spoken)]


def _plain(number: str) -> str:
    """Return a number in words, written in the one way that the table has."""
    return re.sub(r"[\s-]+", " ", number.replace("\xad", "")).casefold().strip()


def _word_starts(text: str) -> Iterator[int]:
    return (match.start() for match in re.finditer(r"(?<![^\W_])\w", text))


def _known(language: str) -> str:
    language = language.split("-", maxsplit=1)[0]
    return language if language in LANGUAGES else "en"


@cache
def _numbers(language: str) -> dict[str, int]:
    """Return the numbers up to a hundred, as they are said."""
    engine = RbnfEngine.for_language(language)
    numbers: dict[str, int] = {}
    for number in range(101):
        for text in engine.format_number(number, FormatPurpose.CARDINAL).text_by_ruleset.values():
            numbers.setdefault(_plain(text), number)
    if language == "es":
        numbers |= {"una": 1, "veintiuna": 21, "treinta y una": 31}
    if language == "de":
        numbers |= {"ein": 1, "einen": 1, "einer": 1, "zwo": 2}
    return numbers


@cache
def _compiled(tag: str) -> _Compiled:
    language = _known(tag)
    words, numbers = LANGUAGES[language], _numbers(language)
    longest_first = sorted(numbers, key=lambda word: (-len(word), word))
    spoken = "|".join(re.escape(word).replace(r"\ ", r"[\s-]") for word in longest_first)
    number = rf"(?:\d{{1,3}}|{spoken})"

    def ready(pattern: str) -> re.Pattern[str]:
        return re.compile(rf"(?:{pattern.replace('{n}', number)})(?!\w)", re.IGNORECASE)

    patterns = [
        *(("clock", index, clock.pattern) for index, clock in enumerate(words.clocks)),
        *(("ahead", ahead, pattern) for pattern, ahead in words.days),
        ("workdays", 0, words.workdays),
        ("weekends", 0, words.weekends),
        ("daily", 0, words.daily),
        *(
            ("every", day, rf"(?:{words.every}) (?:{words.on}){name}s?|{name}s")
            for day, name in enumerate(WEEKDAYS[language])
        ),
        *(("weekday", day, rf"{words.on}{name}") for day, name in enumerate(WEEKDAYS[language])),
        *(("part", index, part.pattern) for index, part in enumerate(words.parts)),
    ]
    patterns.append(("bare", 0, words.bare))
    return _Compiled(
        words,
        numbers,
        ready("(?P<h>{n})"),
        tuple((kind, value, ready(pattern)) for kind, value, pattern in patterns),
        tuple((seconds, ready(pattern)) for pattern, seconds in words.spans),
        re.compile(rf"(?:{words.before_span})\s+", re.IGNORECASE),
        re.compile(rf"(?:,\s*|\s+)(?:{words.and_}\s+)?", re.IGNORECASE),
        re.compile(rf"[\s,]*(?:(?:{words.filler})[\s,]+)*", re.IGNORECASE),
        re.compile(rf"(?:(?<!\S)(?:{words.filler})\s+)+$", re.IGNORECASE),
    )
