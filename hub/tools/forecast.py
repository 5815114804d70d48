"""A weather forecast, as services in the manner of Open-Meteo tell it.

Fields and weather codes: https://open-meteo.com/en/docs, "Weather Forecast API".
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import orjson

from hub.source_settings import Weather

MAX_BYTES = 64 * 1024
"""A week of six figures is 2 KiB."""
DAYS = 7
_NOW = ("temperature_2m", "weather_code", "wind_speed_10m")
_DAILY = (
    "weather_code",
    "temperature_2m_max",
    "temperature_2m_min",
    "precipitation_probability_max",
)
_SKIES: Mapping[str, Sequence[int]] = {
    "clear": (0, 1),
    "partly cloudy": (2,),
    "cloudy": (3,),
    "fog": (45, 48),
    "drizzle": (51, 53, 55),
    "freezing rain": (56, 57, 66, 67),
    "light rain": (61, 80),
    "rain": (63, 81),
    "heavy rain": (65, 82),
    "snow": (71, 73, 75, 77, 85, 86),
    "thunderstorm": (95, 96, 99),
}
SKIES = tuple(_SKIES)
"""What the sky may be like."""
_BY_CODE = {code: sky for sky, codes in _SKIES.items() for code in codes}


@dataclass(frozen=True, slots=True)
class Now:
    """The weather as it is."""

    temperature: float
    sky: str | None
    """One of SKIES."""
    wind_kmh: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """The weather of a day."""

    low: float
    high: float
    sky: str | None
    rain_percent: int | None
    """How likely it is that something falls."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a service told."""

    now: Now
    days: Mapping[date, Day]
    offset: timedelta
    """Of the clocks at home, from UTC."""

    def today(self, now: datetime) -> date:
        """Return the date at home."""
        return (now.astimezone(UTC) + self.offset).date()


def address(settings: Weather) -> str:
    """Return what is asked for, with all that the service is told."""
    told = {
        "latitude": f"{settings.latitude:.2f}",
        "longitude": f"{settings.longitude:.2f}",
        "current": ",".join(_NOW),
        "daily": ",".join(_DAILY),
        "timezone": "auto",
        "forecast_days": str(DAYS),
        "temperature_unit": settings.unit,
    }
    return str(httpx2.URL(settings.url or "", params=told))


def read_forecast(body: bytes) -> Forecast:
    """Return the forecast of an answer. Raises ValueError, with the reason, for one without."""
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ValueError("it is not JSON") from None
    try:
        now, daily = told["current"], told["daily"]
        days = {
            date.fromisoformat(day): found
            for number, day in enumerate(daily["time"][: 2 * DAYS])
            if (found := _day(daily, number)) is not None
        }
        temperature = _figure(now["temperature_2m"])
        if temperature is None or not days:
            raise ValueError
        offset = timedelta(seconds=int(told["utc_offset_seconds"]))
        if abs(offset) > timedelta(hours=24):
            raise ValueError
        return Forecast(
            Now(temperature, _sky(now.get("weather_code")), _figure(now.get("wind_speed_10m"))),
            days,
            offset,
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError):
        raise ValueError("it is no forecast") from None


def _day(daily: Mapping[str, Any], number: int) -> Day | None:
    """Return a day, or None where the service does not know it. Raises what a bad answer brings."""

    def figure(name: str) -> float | None:
        figures = daily.get(name)
        return None if figures is None else _figure(figures[number])

    low, high = figure("temperature_2m_min"), figure("temperature_2m_max")
    if low is None or high is None:
        return None
    rain = figure("precipitation_probability_max")
    percent = None if rain is None else round(min(max(rain, 0), 100))
    return Day(low, high, _sky(figure("weather_code")), percent)


def _figure(value: Any) -> float | None:
    """Raises ValueError."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError
    if abs(value) > 1_000:
        raise ValueError
    return float(value)


def _sky(code: Any) -> str | None:
    return None if code is None else _BY_CODE.get(int(code))
