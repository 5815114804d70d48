"""The weather in words, for the ear, in four languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

LIKELY_PERCENT, POSSIBLE_PERCENT = 60, 30
"""From where on rain is called likely, or possible."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a language."""

    degree: str
    degrees: str
    minus: str
    span: str
    """From `{low}` to `{high}`, in one word for the unit."""
    high: str
    """How warm it gets, after how warm it is."""
    days: Mapping[str, str]
    """By the day of the tool."""
    skies: Mapping[str, str]
    likely: str
    possible: str
    unlikely: str
    snow: str
    unreachable: str


def said(given: Mapping[str, Any], result: str, language: str) -> str:
    """Return an answer to what the weather is like, of what the tool told."""
    words, told = _words(language), orjson.loads(result)
    now, day = told.get("now"), told.get("day")
    if now is not None:
        parts = [_degrees(now["temperature"], words), _sky(now["sky"], words)]
        text = ", ".join(part for part in parts if part) + "."
        if day is not None and day["high"] > now["temperature"]:
            text += " " + words.high.format(high=_degrees(day["high"], words))
        return text
    low, high = day["low"], day["high"]
    span = _degrees(high, words)
    if low != high:
        span = words.span.format(low=_number(low, words), high=span)
    parts = [_sky(day["sky"], words), span]
    when = words.days[given["day"]]
    return f"{when[:1].upper()}{when[1:]} {', '.join(part for part in parts if part)}."


def rain_said(given: Mapping[str, Any], result: str, language: str) -> str:
    """Return an answer to whether it rains, likewise."""
    words, day = _words(language), orjson.loads(result)["day"]
    percent = day["rain_percent"]
    if percent is None:
        return said(given, result, language)
    if day["sky"] == "snow" and percent >= POSSIBLE_PERCENT:
        text = words.snow
    elif percent >= LIKELY_PERCENT:
        text = words.likely
    else:
        text = words.possible if percent >= POSSIBLE_PERCENT else words.unlikely
    return text.format(percent=percent, day=words.days[given["day"]])


def unreachable(language: str) -> str:
    """Return what is said where the forecast can not be had."""
    return _words(language).unreachable


def _words(language: str) -> _Words:
    return _LANGUAGES.get(language.split("-", maxsplit=1)[0], _LANGUAGES["en"])


def _sky(sky: str | None, words: _Words) -> str:
    return "" if sky is None else words.skies[sky]


def _number(value: int, words: _Words) -> str:
    return f"{words.minus} {-value}" if value < 0 else str(value)


def _degrees(value: int, words: _Words) -> str:
    one = abs(value) == 1 or (value == 0 and words.degree == "degré")
    return f"{_number(value, words)} {words.degree if one else words.degrees}"


_LANGUAGES: Mapping[str, _Words] = {
    "en": _Words(
        degree="degree",
        degrees="degrees",
        minus="minus",
        span="{low} to {high}",
        high="Today up to {high}.",
        days={
            "today": "today",
            "tomorrow": "tomorrow",
            "monday": "on Monday",
            "tuesday": "on Tuesday",
            "wednesday": "on Wednesday",
            "thursday": "on Thursday",
            "friday": "on Friday",
            "saturday": "on Saturday",
            "sunday": "on Sunday",
        },
        skies={
            "clear": "clear sky",
            "partly cloudy": "some clouds",
            "cloudy": "cloudy",
            "fog": "fog",
            "drizzle": "drizzle",
            "freezing rain": "freezing rain",
            "light rain": "light rain",
            "rain": "rain",
            "heavy rain": "heavy rain",
            "snow": "snow",
            "thunderstorm": "thunderstorms",
        },
        likely="Probably: {percent} percent chance of rain {day}.",
        possible="Perhaps: {percent} percent chance of rain {day}.",
        unlikely="Probably not: {percent} percent chance of rain {day}.",
        snow="Rather snow: {percent} percent chance {day}.",
        unreachable="I can not get the weather forecast",
    ),
    "de": _Words(
        degree="Grad",
        degrees="Grad",
        minus="minus",
        span="{low} bis {high}",
        high="Heute bis {high}.",
        days={
            "today": "heute",
            "tomorrow": "morgen",
            "monday": "am Montag",
            "tuesday": "am Dienstag",
            "wednesday": "am Mittwoch",
            "thursday": "am Donnerstag",
            "friday": "am Freitag",
            "saturday": "am Samstag",
            "sunday": "am Sonntag",
        },
        skies={
            "clear": "klarer Himmel",
            "partly cloudy": "einige Wolken",
            "cloudy": "bedeckt",
            "fog": "Nebel",
            "drizzle": "Nieselregen",
            "freezing rain": "gefrierender Regen",
            "light rain": "leichter Regen",
            "rain": "Regen",
            "heavy rain": "starker Regen",
            "snow": "Schnee",
            "thunderstorm": "Gewitter",
        },
        likely="Wahrscheinlich: {day} {percent} Prozent Regenwahrscheinlichkeit.",
        possible="Vielleicht: {day} {percent} Prozent Regenwahrscheinlichkeit.",
        unlikely="Wohl nicht: {day} {percent} Prozent Regenwahrscheinlichkeit.",
        snow="Eher Schnee: {day} {percent} Prozent Wahrscheinlichkeit.",
        unreachable="Ich bekomme die Wettervorhersage gerade nicht",
    ),
    "fr": _Words(
        degree="degré",
        degrees="degrés",
        minus="moins",
        span="{low} à {high}",
        high="Aujourd'hui jusqu'à {high}.",
        days={
            "today": "aujourd'hui",
            "tomorrow": "demain",
            "monday": "lundi",
            "tuesday": "mardi",
            "wednesday": "mercredi",
            "thursday": "jeudi",
            "friday": "vendredi",
            "saturday": "samedi",
            "sunday": "dimanche",
        },
        skies={
            "clear": "ciel dégagé",
            "partly cloudy": "quelques nuages",
            "cloudy": "ciel couvert",
            "fog": "brouillard",
            "drizzle": "bruine",
            "freezing rain": "pluie verglaçante",
            "light rain": "pluie légère",
            "rain": "pluie",
            "heavy rain": "forte pluie",
            "snow": "neige",
            "thunderstorm": "orages",
        },
        likely="Probablement : {percent} pour cent de risque de pluie {day}.",
        possible="Peut-être : {percent} pour cent de risque de pluie {day}.",
        unlikely="Probablement pas : {percent} pour cent de risque de pluie {day}.",
        snow="Plutôt de la neige : {percent} pour cent de risque {day}.",
        unreachable="Je n'arrive pas à obtenir les prévisions météo",
    ),
    "es": _Words(
        degree="grado",
        degrees="grados",
        minus="menos",
        span="de {low} a {high}",
        high="Hoy hasta {high}.",
        days={
            "today": "hoy",
            "tomorrow": "mañana",
            "monday": "el lunes",
            "tuesday": "el martes",
            "wednesday": "el miércoles",
            "thursday": "el jueves",
            "friday": "el viernes",
            "saturday": "el sábado",
            "sunday": "el domingo",
        },
        skies={
            "clear": "cielo despejado",
            "partly cloudy": "algunas nubes",
            "cloudy": "cielo nublado",
            "fog": "niebla",
            "drizzle": "llovizna",
            "freezing rain": "lluvia helada",
            "light rain": "lluvia ligera",
            "rain": "lluvia",
            "heavy rain": "lluvia fuerte",
            "snow": "nieve",
            "thunderstorm": "tormenta",
        },
        likely="Probablemente: {percent} por ciento de probabilidad de lluvia {day}.",
        possible="Quizás: {percent} por ciento de probabilidad de lluvia {day}.",
        unlikely="Probablemente no: {percent} por ciento de probabilidad de lluvia {day}.",
        snow="Más bien nieve: {percent} por ciento de probabilidad {day}.",
        unreachable="No puedo obtener el pronóstico del tiempo",
    ),
}
