"""The weather: as a tool of a model, and where the home is asked and has no report of its own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson

from hub.engines.base import ToolError, ToolSpec
from hub.home.actions import ActionResult
from hub.home.answers import Answers
from hub.home.model import UNAVAILABLE, Device, Home
from hub.home.targets import Request
from hub.origin import Origin
from hub.source_settings import Weather
from hub.tools.forecast import DAYS, MAX_BYTES, Forecast, address, read_forecast
from hub.tools.weather_words import said, unreachable
from hub.tools.web_source import WebSource

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAME = "get_weather"
_PLAIN = frozenset({"default", "outside_temp", "detailed_weather"})
"""Answers of the package that ask for the weather as such, rather than for the air's pressure."""


class WeatherTools:
    """The tool, and the answer where the home has none."""

    def __init__(
        self,
        settings: Weather,
        home: Home,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        source: WebSource[Forecast] | None = None,
    ) -> None:
        """`now` is the time, wherever; `source` is in place of the one of the settings."""
        self._home = home
        self._now = now
        self._unit = "°F" if settings.unit == "fahrenheit" else "°C"
        self._source = source or WebSource(
            "the weather service", address(settings), read_forecast, max_bytes=MAX_BYTES
        )

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tool."""
        return (_SPEC,)

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        """Use the tool. Raises ToolError."""
        del origin
        if name != NAME:
            raise ToolError(f"there is no tool {name}.")
        day = arguments.get("day", "now")
        if day not in _DAYS:
            raise ToolError(f"day must be one of {', '.join(_DAYS)}.")
        own = own_report(self._home)
        if own is not None and day == "now":
            return self._own(own)
        forecast = await self._source.get()
        today = forecast.today(self._now())
        told: dict[str, Any] = {"unit": self._unit}
        if day == "now":
            now = forecast.now
            told["now"] = {"temperature": round(now.temperature), "sky": now.sky}
            if now.wind_kmh is not None:
                told["now"]["wind_kmh"] = round(now.wind_kmh)
        at = _date(str(day), today)
        found = forecast.days.get(at)
        if found is not None:
            told["day"] = {
                "date": at.isoformat(),
                "low": round(found.low),
                "high": round(found.high),
                "sky": found.sky,
                "rain_percent": found.rain_percent,
            }
        elif day != "now":
            raise ToolError(f"the weather service tells nothing of {at.isoformat()}.")
        return orjson.dumps(told).decode()

    async def answer(
        self, request: Request, origin: Origin, answers: Answers
    ) -> ActionResult | None:
        """Answer what the package calls HassGetWeather, unless the home itself can."""
        del answers
        if request.slot("name") is not None or request.match.response not in _PLAIN:
            return None
        if own_report(self._home) is not None:
            return None
        given = {"day": "now"}
        try:
            result = await self.call(NAME, given, origin)
        except ToolError as error:
            code = f"failed: {error}"[:200]
            return ActionResult(unreachable(origin.language), ok=False, code=code)
        return ActionResult(said(given, result, origin.language), ok=True)

    def _own(self, device: Device) -> str:
        """Return what the home's own report says. Raises ToolError."""
        state = self._home.state(device.id)
        if not state.known or state.value == UNAVAILABLE:
            raise ToolError(f"{device.name} does not tell its weather.")
        figures = {
            name: value
            for name, value in state.attributes.items()
            if isinstance(value, int | float | str)
        }
        return orjson.dumps({"report": device.name, "sky": state.value, **figures}).decode()


def own_report(home: Home) -> Device | None:
    """Return the weather report that the home itself has."""
    return next((device for device in home.devices() if device.domain == "weather"), None)


def _date(day: str, today: date) -> date:
    """Return the date of a day; a weekday is the next one, today included."""
    if day in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(day) - today.weekday()) % DAYS)
    return today + timedelta(days=1 if day == "tomorrow" else 0)


_DAYS = ("now", "today", "tomorrow", *WEEKDAYS)
_SPEC = ToolSpec(
    NAME,
    "Tells the weather at home: as it is now, or the forecast of a day within a week.",
    {
        "type": "object",
        "properties": {"day": {"type": "string", "enum": list(_DAYS)}},
        "additionalProperties": False,
    },
)
