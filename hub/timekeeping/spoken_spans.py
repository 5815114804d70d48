"""Spans, times of day and days as they are said in answers."""

from collections.abc import Mapping
from datetime import datetime, time

_UNITS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (("day", "days"), ("hour", "hours"), ("minute", "minutes"), ("second", "seconds")),
    "de": (("Tag", "Tagen"), ("Stunde", "Stunden"), ("Minute", "Minuten"), ("Sekunde", "Sekunden")),
    "fr": (("jour", "jours"), ("heure", "heures"), ("minute", "minutes"), ("seconde", "secondes")),
    "es": (("día", "días"), ("hora", "horas"), ("minuto", "minutos"), ("segundo", "segundos")),
}
AND: Mapping[str, str] = {"en": "and", "de": "und", "fr": "et", "es": "y"}

_WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
}
WEEKDAYS = {language: tuple(words.split()) for language, words in _WEEKDAYS.items()}
MONTHS = {language: tuple(words.split()) for language, words in _MONTHS.items()}
_TOMORROW = {"en": "tomorrow", "de": "morgen", "fr": "demain", "es": "mañana"}
_TODAY = {"en": "today", "de": "heute", "fr": "aujourd'hui", "es": "hoy"}
_ON = {"en": "on {}", "de": "am {}", "fr": "{}", "es": "el {}"}
_DATE = {"en": "on {month} {day}", "de": "am {day}. {month}", "fr": "le {day} {month}",
         "es": "el {day} de {month}"}  # fmt: skip
_PER_S = (86_400, 3600, 60, 1)


def spoken_span(seconds: float, language: str) -> str:
    """Return a span: "1 hour and 5 minutes". Seconds are told of less than ten minutes alone."""
    left = max(0, round(seconds))
    if left >= 600:
        left = round(left / 60) * 60
    parts = []
    for (one, several), size in zip(_UNITS[language], _PER_S, strict=True):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {one if count == 1 else several}")
    if not parts:
        return f"0 {_UNITS[language][-1][1]}"
    return listed(parts, language)


def listed(parts: list[str], language: str) -> str:
    """Return "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {AND[language]} {parts[-1]}"


def spoken_clock(at: time, language: str, *, article: bool = False) -> str:
    """Return a time of day, written so that a voice says it well; Spanish may want an article."""
    if language == "en":
        hour = at.hour % 12 or 12
        return f"{hour}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"
    clock = f"{at.hour}:{at.minute:02}"
    if language == "de":
        return f"{clock} Uhr"
    if language == "es" and article:
        return f"{'la' if at.hour == 1 else 'las'} {clock}"
    return clock


def spoken_day(day: datetime, today: datetime, language: str, *, name_today: bool = False) -> str:
    """Return on which day: "tomorrow", "on Monday"; nothing for today unless it is to be named."""
    ahead = (day.date() - today.date()).days
    if ahead == 0:
        return _TODAY[language] if name_today else ""
    if ahead == 1:
        return _TOMORROW[language]
    if 1 < ahead < 7:
        return _ON[language].format(WEEKDAYS[language][day.weekday()])
    return _DATE[language].format(day=day.day, month=MONTHS[language][day.month - 1])


_AT = {"en": "at {}", "de": "um {}", "fr": "à {}", "es": "a {}"}
_EVERY = {"en": "every {}", "de": "jeden {}", "fr": "chaque {}", "es": "cada {}"}
_DAILY = {"en": "every day", "de": "jeden Tag", "fr": "tous les jours", "es": "todos los días"}
_WORKDAYS = {
    "en": "every weekday",
    "de": "jeden Werktag",
    "fr": "du lundi au vendredi",
    "es": "de lunes a viernes",
}


def spoken_moment(due: datetime, now: datetime, weekdays: frozenset[int], language: str) -> str:
    """Return when something is, by the clocks at home: "tomorrow at 7:00 AM"."""
    clock = _AT[language].format(spoken_clock(due.time(), language, article=True))
    if len(weekdays) == 7:
        day = _DAILY[language]
    elif weekdays == frozenset(range(5)):
        day = _WORKDAYS[language]
    elif weekdays:
        names = [WEEKDAYS[language][day] for day in sorted(weekdays)]
        day = _EVERY[language].format(listed(names, language))
    else:
        day = spoken_day(due, now, language)
    return f"{day} {clock}".strip()
