"""Where in a text times of day, days and spans are named: the words of a language as patterns."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from unicode_rbnf import FormatPurpose, RbnfEngine

from hub.timekeeping.moment_words import LANGUAGES, Clock, Language
from hub.timekeeping.spoken_spans import MONTHS, WEEKDAYS


@dataclass(frozen=True, slots=True)
class Patterns:
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


def parts_of(text: str, compiled: Patterns) -> Iterator[tuple[int, int, str, float]]:
    """Yield the parts of moments in a text: start, end, kind and value."""
    end = 0
    for start in word_starts(text):
        if start >= end and (found := _part_at(text, start, compiled)) is not None:
            end, kind, value = found
            yield start, end, kind, value


def _part_at(text: str, at: int, compiled: Patterns) -> tuple[int, str, float] | None:
    """Return the part that begins at a place: its end, kind and value."""
    if (lead := compiled.before_span.match(text, at)) is not None:
        span = spans_at(text, lead.end(), compiled)
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
        if kind == "date":
            day = _number(match.groupdict().get("d") or match["e"], compiled.numbers)
            return match.end(), kind, 100 * value + day
        if kind not in {"clock", "bare"}:
            return match.end(), kind, value
        clock = Clock("") if kind == "bare" else compiled.words.clocks[value]
        minutes = minutes_of(match, clock, compiled.numbers)
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


def spans_at(text: str, at: int, compiled: Patterns) -> tuple[int, float] | None:
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


def minutes_of(match: re.Match[str], clock: Clock, numbers: Mapping[str, int]) -> int | None:
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


def word_starts(text: str) -> Iterator[int]:
    """Yield where words begin."""
    return (match.start() for match in re.finditer(r"(?<![^\W_])\w", text))


def known_language(language: str) -> str:
    """Return the language whose words serve a tag: English where there are none."""
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
    if language == "en":
        numbers |= {"first": 1, "second": 2, "third": 3}
    if language == "fr":
        numbers |= {"premier": 1}
    if language == "es":
        numbers |= {"primero": 1, "una": 1, "veintiuna": 21, "treinta y una": 31}
    if language == "de":
        numbers |= {"ersten": 1, "ein": 1, "einen": 1, "einer": 1, "zwo": 2}
    return numbers


@cache
def patterns_of(tag: str) -> Patterns:
    """Return the patterns of a language."""
    language = known_language(tag)
    words, numbers = LANGUAGES[language], _numbers(language)
    longest_first = sorted(numbers, key=lambda word: (-len(word), word))
    spoken = "|".join(re.escape(word).replace(r"\ ", r"[\s-]") for word in longest_first)
    number = rf"(?:\d{{1,3}}|{spoken})"

    def ready(pattern: str) -> re.Pattern[str]:
        return re.compile(rf"(?:{pattern.replace('{n}', number)})(?!\w)", re.IGNORECASE)

    patterns = [
        *(
            ("date", month, words.date.replace("{month}", name))
            for month, name in enumerate(MONTHS[language], 1)
        ),
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
    return Patterns(
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
