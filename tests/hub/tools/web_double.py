"""Answers of the web for tests: a forecast as Open-Meteo documents it, feeds, and redirects."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tests.hub.engines.http_double import Script

FIRST_DAY = date(2026, 11, 28)
"""A Saturday."""

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>World News</title>
<image><title>A logo</title></image>
<item><media:title>A picture</media:title><title>Bridge opens</title></item>
<item><title><![CDATA[Cats &amp; dogs <b>agree</b>]]></title></item>
<item><title>Rain at last</title></item>
</channel></rss>"""

ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Village</title>
<entry><title type="html">Caf&amp;eacute; reopens</title><source><title>No</title></source></entry>
<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <i>new</i> well</div></title>
</entry></feed>"""


def forecast(**changed: Any) -> dict[str, Any]:
    """A forecast from FIRST_DAY on, an hour east of Greenwich."""
    told = {
        "latitude": 52.52,
        "longitude": 13.419998,
        "generationtime_ms": 0.06,
        "utc_offset_seconds": 3600,
        "timezone": "Europe/Berlin",
        "timezone_abbreviation": "GMT+1",
        "elevation": 38.0,
        "current_units": {"time": "iso8601", "interval": "seconds", "temperature_2m": "°C"},
        "current": {
            "time": "2026-11-28T12:00",
            "interval": 900,
            "temperature_2m": 11.6,
            "weather_code": 3,
            "wind_speed_10m": 14.2,
        },
        "daily_units": {"time": "iso8601", "temperature_2m_max": "°C"},
        "daily": {
            "time": [(FIRST_DAY + timedelta(days=day)).isoformat() for day in range(7)],
            "weather_code": [3, 61, 0, 73, 95, 2, None],
            "temperature_2m_max": [15.2, 9.4, 4.0, 0.6, 7.0, 8.0, None],
            "temperature_2m_min": [8.1, 3.2, -2.6, -5.0, 7.0, 1.0, None],
            "precipitation_probability_max": [10, 80, 0, 70, 45, None, None],
        },
    }
    return {**told, **changed}


def forecast_bytes(**changed: Any) -> bytes:
    return json.dumps(forecast(**changed)).encode()


def head(status: str, headers: Mapping[str, str], body: bytes = b"") -> Script:
    """Answer with these headers."""

    async def script(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
        end = f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(("\r\n".join(lines) + "\r\n" + end).encode() + body)
        await writer.drain()

    return script


def one_after_another(*scripts: Script) -> Script:
    """Answer each request with the next script, and all further ones with the last."""
    left: list[Script] = list(scripts)

    async def script(writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(writer)

    return script


def titles(news: Sequence[Mapping[str, str]]) -> list[str]:
    return [one["title"] for one in news]
