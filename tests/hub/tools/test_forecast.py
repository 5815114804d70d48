"""A forecast as Open-Meteo documents it, and what is no forecast."""

from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest

from hub.source_settings import Weather
from hub.tools.forecast import SKIES, Day, Now, address, read_forecast
from hub.tools.weather_words import _LANGUAGES
from tests.hub.tools.web_double import forecast, forecast_bytes

HERE = Weather(url="http://127.0.0.1:1/v1/forecast", latitude=52.523456, longitude=13.41)


def test_a_forecast_is_read() -> None:
    found = read_forecast(forecast_bytes())
    assert found.now == Now(11.6, "cloudy", 14.2)
    assert found.days[date(2026, 11, 29)] == Day(3.2, 9.4, "light rain", 80)
    assert found.days[date(2026, 12, 3)].rain_percent is None
    assert date(2026, 12, 4) not in found.days


def test_the_day_is_that_of_the_home() -> None:
    found = read_forecast(forecast_bytes())
    assert found.today(datetime(2026, 11, 28, 22, 59, tzinfo=UTC)) == date(2026, 11, 28)
    assert found.today(datetime(2026, 11, 28, 23, 0, tzinfo=UTC)) == date(2026, 11, 29)


def test_the_service_is_told_the_place_only_roughly() -> None:
    asked = httpx2.URL(address(HERE))
    assert asked.path == "/v1/forecast"
    assert (asked.params["latitude"], asked.params["longitude"]) == ("52.52", "13.41")
    assert asked.params["temperature_unit"] == "celsius"


def bad(**changed: Any) -> bytes:
    return forecast_bytes(**changed)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"),
        (b"<html>", "not JSON"),
        (b"[]", "no forecast"),
        (b"null", "no forecast"),
        (b'{"error": true, "reason": "no"}', "no forecast"),
        (bad(current={}), "no forecast"),
        (bad(current={**forecast()["current"], "temperature_2m": "warm"}), "no forecast"),
        (bad(current={**forecast()["current"], "temperature_2m": None}), "no forecast"),
        (bad(current={**forecast()["current"], "temperature_2m": 1e300}), "no forecast"),
        (bad(current={**forecast()["current"], "weather_code": "sun"}), "no forecast"),
        (bad(daily={}), "no forecast"),
        (bad(daily={**forecast()["daily"], "time": ["some day"]}), "no forecast"),
        (bad(daily={**forecast()["daily"], "weather_code": [1]}), "no forecast"),
        (bad(daily={**forecast()["daily"], "time": []}), "no forecast"),
        (bad(utc_offset_seconds=10**30), "no forecast"),
    ],
)
def test_what_is_no_forecast_is_told_with_the_reason(body: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_forecast(body)


def test_a_sky_that_nobody_knows_costs_no_more_than_itself() -> None:
    found = read_forecast(bad(current={**forecast()["current"], "weather_code": 42}))
    assert found.now == Now(11.6, None, 14.2)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_every_sky_has_words(language: str) -> None:
    assert set(_LANGUAGES[language].skies) == set(SKIES)
