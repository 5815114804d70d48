"""Nothing is asked for outside of the house unless its owner says what."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hub.acting import Acting
from hub.household import Household
from hub.mqtt.broker import EmbeddedBroker
from hub.origin import Origin
from hub.settings import HubSettings
from hub.source_settings import News, Weather
from hub.store.database import Store
from tests.hub.engines.http_double import HttpDouble, answer
from tests.hub.home.small_home import small_home
from tests.hub.living_home import connected
from tests.hub.tools.web_double import RSS, forecast_bytes

SENTENCES = (
    "what is the weather",
    "what is the weather like today",
    "will it rain tomorrow",
    "what is in the news",
)


@asynccontextmanager
async def acting(folder: Path, **sections: Any) -> AsyncIterator[Acting]:
    """What understands and acts in a home without a weather report."""
    settings = HubSettings.model_validate(
        {
            "tools": {"file": folder / "tools.toml", "sentences": folder / "sentences"},
            **sections,
        }
    )
    home = small_home()
    for device in home.devices():
        if device.domain == "weather":
            home.remove(device.id)
    async with (
        Store(f"sqlite:///{folder / 'hub.db'}") as store,
        EmbeddedBroker(port=0) as broker,
        connected(broker.url) as link,
    ):
        household = Household(home, link, prefix="homeassistant")
        yield Acting(settings, home, household, store, deeds={}, sentences={}, answers={})


async def said(acts: Acting, text: str) -> str | None:
    origin = Origin("Kitchen")
    understanding = acts.mind.understand(text, origin)
    return None if understanding is None else (await acts.mind.act(understanding, origin)).text


async def test_without_a_source_nothing_is_offered(tmp_path: Path) -> None:
    (tmp_path / "tools.toml").touch()
    async with acting(tmp_path) as acts:
        offered = {spec.name for spec in acts.tooling.toolbox.specs()}
        assert not offered & {"get_weather", "get_news"}
        assert {command.name for command in acts.tooling.commands.commands()} == {
            "calculate",
            "convert_unit",
        }
        weather, *others = [await said(acts, text) for text in SENTENCES]
        assert weather == acts.actions.answers("en").error("no_domain", domain="weather")
        assert others == [None, None, None]


async def test_with_sources_they_are_offered_and_answer(tmp_path: Path) -> None:
    (tmp_path / "tools.toml").touch()
    async with HttpDouble(answer(forecast_bytes())) as forecast, HttpDouble(answer(RSS)) as feed:
        weather = {"url": forecast.url, "latitude": 52.5, "longitude": 13.4}
        news = {"feeds": {"World": feed.url}}
        async with acting(tmp_path, weather=weather, news=news) as acts:
            offered = {spec.name for spec in acts.tooling.toolbox.specs()}
            assert {"get_weather", "get_news"} <= offered
            answers = [await said(acts, text) for text in SENTENCES]
        assert answers[0] == answers[1]
        assert str(answers[0]).startswith("12 degrees, cloudy.")
        assert answers[2:] != [None, None]
        assert str(answers[3]).startswith("Bridge opens.")
        assert len(forecast.requests) == len(feed.requests) == 1


@pytest.mark.parametrize(
    ("section", "values", "told"),
    [
        (Weather, {"url": "api.open-meteo.com"}, "an address is like http"),
        (Weather, {"url": "https://host/v1"}, "needs latitude and longitude"),
        (Weather, {"url": "https://host/v1", "latitude": 52.5}, "needs latitude and longitude"),
        (Weather, {"latitude": 91.0}, "less than or equal to 90"),
        (Weather, {"latitude": float("nan")}, "less than or equal"),
        (Weather, {"unit": "kelvin"}, "celsius"),
        (News, {"feeds": {"A": "ftp://host/feed"}}, "a feed is named like https"),
        (News, {"feeds": {"A": "https://me:word@host/feed"}}, "without user or spaces"),
        (News, {"feeds": {"A": "https://host:99999/feed"}}, "a feed is named like https"),
        (News, {"feeds": {"?!": "https://host/feed"}}, "needs a letter or a digit"),
        (News, {"feeds": {"": "https://host/feed"}}, "at least 1 character"),
        (
            News,
            {"feeds": {f"F{number}": "https://host/feed" for number in range(11)}},
            "at most 10 items",
        ),
    ],
)
def test_a_source_that_can_not_be_asked_is_told(
    section: type[Weather | News], values: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        section.model_validate(values)
