"""The weather, asked for by sentences and by a model, from a server on loopback."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.engines.base import ToolError
from hub.home.actions import Actions
from hub.home.model import DeviceId, DeviceState, Home
from hub.home.own_commands import OwnCommands
from hub.home.phrases import Vocabulary, build
from hub.origin import Origin
from hub.source_settings import Weather
from hub.tools.toolbox import JoinedToolbox
from hub.tools.weather_sentences import ASKED, weather_commands
from hub.tools.weather_tools import WeatherTools
from tests.hub.engines.http_double import HttpDouble, Script, answer
from tests.hub.home.small_home import ObedientSink, recognizer, small_home
from tests.hub.tools.web_double import forecast, forecast_bytes

SATURDAY = datetime(2026, 11, 28, 11, 0, tzinfo=UTC)
REPORT = DeviceId("york")


def without_report() -> Home:
    home = small_home()
    home.remove(REPORT)
    return home


class House:
    """A home with the owner's weather service."""

    def __init__(self, home: Home, url: str, unit: str = "celsius") -> None:
        self.settings = Weather.model_validate(
            {"url": f"{url}/v1/forecast", "latitude": 52.5, "longitude": 13.4, "unit": unit}
        )
        self.tools = WeatherTools(self.settings, home, now=lambda: SATURDAY)
        self.actions = Actions(home, ObedientSink(home), deeds={ASKED: self.tools.answer})
        self.commands = OwnCommands(home)
        toolbox = JoinedToolbox([self.tools])
        self.commands.put("weather", weather_commands(toolbox, self.actions))

    async def say(self, text: str, language: str = "en") -> str | None:
        """Say something as the mind of a home takes it: own commands come first."""
        origin = Origin(None, language)
        own = self.commands.recognize(text, origin)
        if own is not None:
            return (await self.commands.perform(own, origin)).speech
        match = recognizer(language).recognize(text, area=None)
        return None if match is None else (await self.actions.perform(match, origin)).speech

    async def tell(self, **arguments: Any) -> Any:
        return json.loads(await self.tools.call("get_weather", arguments, Origin()))


@asynccontextmanager
async def house(
    script: Script | None = None, home: Home | None = None, unit: str = "celsius"
) -> AsyncIterator[tuple[House, HttpDouble]]:
    async with HttpDouble(script or answer(forecast_bytes())) as web:
        yield House(home or without_report(), web.url, unit), web


NOW = {
    "en": "12 degrees, cloudy. Today up to 15 degrees.",
    "de": "12 Grad, bedeckt. Heute bis 15 Grad.",
    "fr": "12 degrés, ciel couvert. Aujourd'hui jusqu'à 15 degrés.",
    "es": "12 grados, cielo nublado. Hoy hasta 15 grados.",
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "What is the weather?"),
        ("en", "what's the weather like"),
        ("en", "What is the weather like today?"),
        ("en", "how's the weather"),
        ("en", "tell me the weather"),
        ("de", "Wie ist das Wetter?"),
        ("de", "wie ist das Wetter heute"),
        ("de", "Wie ist das Wetter draußen?"),
        ("fr", "Quel temps fait-il ?"),
        ("fr", "Quel temps fait-il aujourd'hui ?"),
        ("fr", "quelle est la météo"),
        ("es", "¿Qué tiempo hace?"),
        ("es", "qué tiempo hace hoy"),
        ("es", "¿Cómo está el tiempo?"),
    ],
)
async def test_a_home_without_a_report_tells_the_weather_of_the_service(
    language: str, text: str
) -> None:
    async with house() as (home, _):
        assert await home.say(text, language) == NOW[language]


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "What will the weather be like tomorrow?", "Tomorrow light rain, 3 to 9 degrees."),
        ("en", "what is the weather for tomorrow", "Tomorrow light rain, 3 to 9 degrees."),
        ("en", "how is the weather on Monday", "On Monday clear sky, minus 3 to 4 degrees."),
        ("en", "what's the forecast", "Today cloudy, 8 to 15 degrees."),
        ("en", "what's the weather forecast for Tuesday", "On Tuesday snow, minus 5 to 1 degree."),
        ("en", "what will the weather be on Wednesday", "On Wednesday thunderstorms, 7 degrees."),
        ("en", "Will it rain?", "Probably not: 10 percent chance of rain today."),
        ("en", "Will it rain tomorrow?", "Probably: 80 percent chance of rain tomorrow."),
        ("en", "do I need an umbrella on Wednesday", "Perhaps: 45 percent chance of rain "
         "on Wednesday."),
        ("en", "is it going to rain on Tuesday", "Rather snow: 70 percent chance on Tuesday."),
        ("en", "will it rain on Thursday", "On Thursday some clouds, 1 to 8 degrees."),
        ("en", "what's tomorrow's weather like?", "Tomorrow light rain, 3 to 9 degrees."),
        ("en", "tell me the forecast for Monday", "On Monday clear sky, minus 3 to 4 degrees."),
        ("de", "Wettervorhersage für Montag", "Am Montag klarer Himmel, minus 3 bis 4 Grad."),
        ("fr", "météo de demain", "Demain pluie légère, 3 à 9 degrés."),
        ("es", "cuál es el pronóstico del tiempo", "Hoy cielo nublado, de 8 a 15 grados."),
        ("de", "Wie wird das Wetter?", "Heute bedeckt, 8 bis 15 Grad."),
        ("de", "Wie wird das Wetter morgen?", "Morgen leichter Regen, 3 bis 9 Grad."),
        ("de", "wie wird am Montag das Wetter", "Am Montag klarer Himmel, minus 3 bis 4 Grad."),
        ("de", "Regnet es morgen?", "Wahrscheinlich: morgen 80 Prozent Regenwahrscheinlichkeit."),
        ("de", "wird es heute regnen", "Wohl nicht: heute 10 Prozent Regenwahrscheinlichkeit."),
        ("de", "brauche ich am Mittwoch einen Schirm", "Vielleicht: am Mittwoch 45 Prozent "
         "Regenwahrscheinlichkeit."),
        ("fr", "Quel temps fera-t-il demain ?", "Demain pluie légère, 3 à 9 degrés."),
        ("fr", "quelle est la météo pour lundi", "Lundi ciel dégagé, moins 3 à 4 degrés."),
        ("fr", "Va-t-il pleuvoir demain ?", "Probablement : 80 pour cent de risque de pluie "
         "demain."),
        ("fr", "est-ce qu'il va pleuvoir mardi", "Plutôt de la neige : 70 pour cent de risque "
         "mardi."),
        ("es", "¿Qué tiempo hará mañana?", "Mañana lluvia ligera, de 3 a 9 grados."),
        ("es", "qué tiempo hace el lunes", "El lunes cielo despejado, de menos 3 a 4 grados."),
        ("es", "¿Va a llover mañana?", "Probablemente: 80 por ciento de probabilidad de lluvia "
         "mañana."),
        ("es", "lloverá hoy", "Probablemente no: 10 por ciento de probabilidad de lluvia hoy."),
    ],
)  # fmt: skip
async def test_the_days_to_come_can_be_asked_for(language: str, text: str, said: str) -> None:
    async with house() as (home, _):
        assert await home.say(text, language) == said


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "what is the weather", "14 degrees Celsius and sunny"),
        ("en", "what is the weather like today", "14 degrees Celsius and sunny"),
        ("en", "what's the weather in New York", "14 degrees Celsius and sunny"),
        ("de", "wie ist das Wetter heute", "14 Grad Celsius und sonnig"),
    ],
)
async def test_a_report_of_the_home_is_told_and_no_service_asked(
    language: str, text: str, said: str
) -> None:
    async with house(home=small_home()) as (home, web):
        assert await home.say(text, language) == said
        assert (await home.tell())["sky"] == "sunny"
        assert (await home.tell(day="now"))["report"] == "New York"
        assert web.requests == []


async def test_the_days_to_come_are_not_in_a_report_of_the_home() -> None:
    async with house(home=small_home()) as (home, _):
        assert await home.say("will it rain tomorrow") == (
            "Probably: 80 percent chance of rain tomorrow."
        )


async def test_a_report_of_the_home_that_is_away_is_told_and_no_service_asked() -> None:
    at_home = small_home()
    at_home.update_state(REPORT, DeviceState("unavailable"))
    async with house(home=at_home) as (home, web):
        assert "New York" in str(await home.say("what is the weather"))
        with pytest.raises(ToolError, match="New York does not tell its weather"):
            await home.tell()
        assert web.requests == []


async def test_what_the_service_does_not_tell_is_left_to_the_package() -> None:
    async with house() as (home, web):
        said = await home.say("quelle est la pression atmosphérique", "fr")
        assert said is not None
        assert "12" not in said
        assert web.requests == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "I can not get the weather forecast"),
        ("de", "Ich bekomme die Wettervorhersage gerade nicht"),
        ("fr", "Je n'arrive pas à obtenir les prévisions météo"),
        ("es", "No puedo obtener el pronóstico del tiempo"),
    ],
)
async def test_a_service_that_fails_is_told(language: str, said: str) -> None:
    texts = {
        "en": ("what is the weather", "will it rain"),
        "de": ("wie ist das Wetter", "regnet es"),
        "fr": ("quel temps fait-il", "va-t-il pleuvoir"),
        "es": ("qué tiempo hace", "va a llover"),
    }
    async with house(answer(b"", status="500 Internal Server Error")) as (home, _):
        for text in texts[language]:
            assert await home.say(text, language) == said


async def test_a_model_gets_figures_and_the_service_is_asked_once() -> None:
    async with house(unit="fahrenheit") as (home, web):
        assert await home.tell(day="tomorrow") == {
            "unit": "°F",
            "day": {
                "date": "2026-11-29",
                "low": 3,
                "high": 9,
                "sky": "light rain",
                "rain_percent": 80,
            },
        }
        now = await home.tell()
        assert now["now"] == {"temperature": 12, "sky": "cloudy", "wind_kmh": 14}
        assert (await home.tell(day="saturday"))["day"]["date"] == "2026-11-28"
        [request] = web.requests
        assert "temperature_unit=fahrenheit" in request.line


async def test_what_a_model_can_not_have_is_told() -> None:
    async with house() as (home, _):
        for day in ("someday", None, 5, ["now"]):
            with pytest.raises(ToolError, match="day must be one of now, today"):
                await home.tell(day=day)
        with pytest.raises(ToolError, match="tells nothing of 2026-12-04"):
            await home.tell(day="friday")
        with pytest.raises(ToolError, match="there is no tool"):
            await home.tools.call("other", {}, Origin())


@pytest.mark.parametrize("body", [b"{}", b"\xff", b"9" * 70_000])
async def test_a_service_that_sends_something_else_is_told(body: bytes) -> None:
    async with house(answer(body)) as (home, _):
        assert await home.say("will it rain") == "I can not get the weather forecast"


async def test_it_does_not_get_warmer_than_it_is() -> None:
    late = forecast()["current"] | {"temperature_2m": 15.4}
    async with house(answer(forecast_bytes(current=late))) as (home, _):
        assert await home.say("what is the weather") == "15 degrees, cloudy."


async def test_the_embedded_recogniser_can_hear_the_questions() -> None:
    async with house() as (home, _):
        grammar = build(Vocabulary(), own=home.commands.heard("en"))
    for text in (
        "what is the weather like",
        "what is the weather like today",
        "what's tomorrow's weather",
        "will it rain on monday",
        "do i need an umbrella",
    ):
        assert grammar.accepts(text), text
