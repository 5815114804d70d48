"""Says clock times, dates and ordinals in words, each language by its own row of the tables."""

import re
from dataclasses import dataclass
from functools import lru_cache

from unicode_rbnf import FormatPurpose, RbnfEngine


@dataclass(frozen=True, slots=True)
class _Clock:
    """How one language says a time; `{h}` and `{m}` are its hour and its minutes."""

    pattern: str
    sharp: str
    """On the hour."""
    early: str
    """Up to nine minutes past."""
    past: str


_HOUR = r"(?<![\d:.,/])(?P<h>[01]?\d|2[0-3])"
_COLON = rf"{_HOUR}:(?P<m>[0-5]\d)(?::[0-5]\d)?"
_END = r"(?![\d:]|[.,]\d|\s?(?:min|Min|Std|Stunden|hours|heures)\b|\s?s\b)"

_CLOCKS = {
    "en": _Clock(rf"{_COLON}{_END}(?P<half>\s?[AaPp]\.?[Mm]\b)?", "{h}", "{h} oh {m}", "{h}:{m}"),
    "fr": _Clock(
        rf"(?:{_COLON}|{_HOUR}\s?h\s?(?P<m2>[0-5]\d)(?!\s?min)){_END}",
        "{h} heure{s}",
        "{h} heure{s} {m}",
        "{h} heure{s} {m}",
    ),
    "de": _Clock(
        rf"(?:{_COLON}{_END}(?:\sUhr\b)?|{_HOUR}\.(?P<m2>[0-5]\d)\sUhr\b)",
        "{h} Uhr",
        "{h} Uhr {m}",
        "{h} Uhr {m}",
    ),
    "es": _Clock(rf"{_COLON}{_END}(?:\s?h\b(?=\s|$|[,;:.!?]))?", "{h}", "{h} y {m}", "{h} y {m}"),
}
_ONE_OCLOCK = {"fr": "1", "de": "ein"}

_NO_TIME = (
    "ratio scale score rapport échelle verhältnis maßstab format steht endete proporción escala "
    "marcador"
)
"""After these "16:10" is no time."""

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
}
_DATES = {
    "en": "{month} {day}, {year}",
    "fr": "{day} {month} {year}",
    "de": "{day} {month} {year}",
    "es": "{day} de {month} de {year}",
}
_ISO = re.compile(
    r"(?<![\d-])(?P<y>\d{4})-(?P<b>0\d|1[0-2])-(?P<a>[0-3]\d)"
    r"(?:T(?P<time>\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d-])"
)
_NUMERIC = {
    "en": r"(?<![\d/])(?P<b>\d{1,2})/(?P<a>\d{1,2})/(?P<y>\d{4})(?![\d/])",
    "fr": r"(?<![\d/.])(?P<a>\d{1,2})([/.])(?P<b>\d{1,2})\2(?P<y>\d{4})(?![\d/])",
    "de": r"(?<![\d.])(?P<a>\d{1,2})\.\s?(?P<b>\d{1,2})\.(?:\s?(?P<y>\d{4})\b)?(?!\d)",
    "es": r"(?<![\d/.])(?P<a>\d{1,2})([/.-])(?P<b>\d{1,2})\2(?P<y>\d{4})(?![\d/])",
}

_GERMAN_N = (
    "am dem den vom zum zur im beim bis ab seit jeden jedem ihrem ihren seinem seinen meinem meinen"
)
"""After these a German ordinal ends in "n"."""
_GERMAN_E = "der die das ihre seine meine"
_GERMAN_DATIVE = "ab an auf aus bei in mit nach seit unter von vor während zu zwischen"
"""After these and "der" it ends in "n", too."""
_BEFORE = re.compile(r"(\w+)\W*$")
_GERMAN_ORDINAL = re.compile(
    rf"\b(?P<before>(?:{_GERMAN_DATIVE.replace(' ', '|')})\sder"
    rf"|{'|'.join((_GERMAN_N + ' ' + _GERMAN_E).split())})"
    r"\s(?P<n>[12]?\d|3[01])\.(?=\s[A-ZÄÖÜ]|\sbis\b|\sund\b)",
    re.IGNORECASE,
)
_GERMAN_DAY = re.compile(
    rf"(?<![\d.])(?P<n>[12]?\d|3[01])\.(?=\s(?:{_MONTHS['de'].replace(' ', '|')}|Jänner)\b)"
)
_SPANISH_ORDINAL = re.compile(r"(?<![\d.,])(?P<n>\d{1,2})(?:\.\s?)?(?P<end>º|ª|er)(?!\w)")


def say_times(text: str, language: str) -> str:
    """Say dates, ordinals and clock times. `language` is "en", "fr", "de" or "es"."""
    if not any(map(str.isdigit, text)):
        return text
    for pattern in (_ISO, _numeric(language)):
        text = pattern.sub(lambda found: _say_date(found, language), text)
    if language == "de":
        text = _GERMAN_ORDINAL.sub(_say_german, text)
        text = _GERMAN_DAY.sub(lambda found: _german(int(found["n"]), _ending(found)), text)
    if language == "es":
        text = _SPANISH_ORDINAL.sub(_say_spanish, text)
    return text


def say_clocks(text: str, language: str) -> str:
    """Say clock times; ranges of them are in words by now."""
    return _clock(language).sub(lambda found: _say_clock(found, language), text)


@lru_cache
def _numeric(language: str) -> re.Pattern[str]:
    return re.compile(_NUMERIC[language])


@lru_cache
def _clock(language: str) -> re.Pattern[str]:
    pattern = _CLOCKS[language].pattern
    first, again, rest = pattern.partition(f"|{_HOUR}")
    return re.compile(first + again.replace("<h>", "<h2>") + rest)


def _say_clock(found: re.Match[str], language: str) -> str:
    before = _BEFORE.search(found.string, 0, found.start())
    if before and before[1].casefold() in _NO_TIME.split():
        return found[0]
    clock, groups = _CLOCKS[language], found.groupdict()
    hour, minute = (int(groups[name] or groups[f"{name}2"]) for name in "hm")
    half = groups.get("half") or ""
    if half:
        half = f" {half.strip()}"
    if language == "en" and minute == 0 and not half:
        return f"{hour} o'clock" if 1 <= hour <= 12 else found[0]
    said = clock.sharp if minute == 0 else clock.early if minute < 10 else clock.past
    one = _ONE_OCLOCK.get(language, "1") if hour == 1 else str(hour)
    return said.format(h=one, m=minute, s="" if hour < 2 else "s") + half


def _say_date(found: re.Match[str], language: str) -> str:
    day, month, year = int(found["a"]), int(found["b"]), found["y"]
    if month > 12 >= day and found.re is not _ISO:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return found[0]
    if language == "de":
        said_day = _german(day, _ending(found))
    elif language == "en":
        said_day = f"{day}{_english_suffix(day)}"
    else:
        said_day = f"{day}er" if language == "fr" and day == 1 else str(day)
    name = _MONTHS[language].split()[month - 1]
    said = _DATES[language].format(day=said_day, month=name, year=year or "").strip()
    if year is None and found.string[found.end() :].strip() == "":
        said += "."
    time = found.groupdict().get("time")
    return f"{said}, {time}" if time else said


def _english_suffix(day: int) -> str:
    return {1: "st", 2: "nd", 3: "rd"}.get(0 if 11 <= day <= 13 else day % 10, "th")


def _ending(found: re.Match[str]) -> str:
    """Return the ending that the word before a German date asks for."""
    before = _BEFORE.search(found.string, 0, found.start())
    return "-n" if before and before[1].casefold() in _GERMAN_N.split() else ""


def _say_german(found: re.Match[str]) -> str:
    before = found["before"].casefold()
    ending = "-n" if " " in before or before in _GERMAN_N.split() else ""
    return f"{found['before']} {_german(int(found['n']), ending)}"


def _say_spanish(found: re.Match[str]) -> str:
    rules = {"º": "masculine", "ª": "feminine", "er": "masculine-adjective"}
    return _ordinal("es", int(found["n"]), f"spellout-ordinal-{rules[found['end']]}")


def _german(number: int, ending: str) -> str:
    return _ordinal("de", number, f"spellout-ordinal{ending}")


@lru_cache(512)
def _ordinal(language: str, number: int, ruleset: str) -> str:
    said = RbnfEngine.for_language(language).format_number(number, FormatPurpose.ORDINAL)
    return said.text_by_ruleset[ruleset]
