"""Values that answers say in the words of the speaker's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from hub.home.option_words import option_words
from hub.home.units import spoken_unit

_AND = {"en": "and", "de": "und", "fr": "et", "es": "y"}
_AT = {"en": "at {}", "de": "um {}", "fr": "à {}", "es": "a {}"}
_YESTERDAY = {"en": "yesterday", "de": "gestern", "fr": "hier", "es": "ayer"}
_DAY = {"en": "on {month} {day}", "de": "am {day}. {month}", "fr": "le {day} {month}",
        "es": "el {day} de {month}"}  # fmt: skip
_WEEKDAY = {"en": "on {}", "de": "am {}", "fr": "{} dernier", "es": "el {}"}
_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
           "Oktober", "November", "Dezember"),
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
           "octobre", "novembre", "décembre"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
           "septiembre", "octubre", "noviembre", "diciembre"),
}  # fmt: skip
MAX_NAMED = 12
"""More options than these nobody listens to."""


@runtime_checkable
class Spoken(Protocol):
    """A value that each language says in its own way."""

    def said(self, language: str) -> str:
        """Return it as it is said; in English for a language without own words."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the words that a device knows."""

    value: str

    def said(self, language: str) -> str:
        """Return "heating" for "heat"."""
        return option_words(self.value, language)


@dataclass(frozen=True, slots=True)
class Options:
    """What there is to choose from."""

    values: Sequence[str]

    def said(self, language: str) -> str:
        """Return "eco, heating and off"."""
        names = [option_words(value, language) for value in self.values[:MAX_NAMED]]
        return listed(names, language)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of devices."""

    values: Sequence[str]

    def said(self, language: str) -> str:
        """Return "Lamp, Radio and Kettle"."""
        return listed(list(self.values), language)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit."""

    number: float
    unit: str | None

    def said(self, language: str) -> str:
        """Return "40 percent"."""
        number = int(self.number) if self.number == int(self.number) else round(self.number, 3)
        return f"{number} {spoken_unit(self.unit, language)}".strip()


@dataclass(frozen=True, slots=True)
class PastMoment:
    """When something was, seen from now."""

    at: datetime
    now: datetime

    def said(self, language: str) -> str:
        """Return "at 4:15 PM", "yesterday at 4:15 PM", "on March 2 at 4:15 PM"."""
        language = language if language in _AT else "en"
        at = self.at.astimezone(self.now.tzinfo)
        clock = _AT[language].format(_clock(at, language))
        days = (self.now.date() - at.date()).days
        if days <= 0:
            return clock
        if days == 1:
            return f"{_YESTERDAY[language]} {clock}"
        if days < 7:
            return f"{_WEEKDAY[language].format(_WEEKDAYS[language][at.weekday()])} {clock}"
        day = _DAY[language].format(day=at.day, month=_MONTHS[language][at.month - 1])
        return f"{day} {clock}"


def in_words(values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return values as they are said in a language."""
    return {
        name: value.said(language) if isinstance(value, Spoken) else value
        for name, value in values.items()
    }


def listed(names: Sequence[str], language: str) -> str:
    """Return "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {_AND.get(language, _AND['en'])} {names[-1]}"


def _clock(at: datetime, language: str) -> str:
    """Return a time of day, written so that a voice says it well."""
    if language == "en":
        return f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"
    clock = f"{at.hour}:{at.minute:02}"
    if language == "de":
        return f"{clock} Uhr"
    if language == "es":
        return f"{'la' if at.hour == 1 else 'las'} {clock}"
    return clock
