"""Settings of what is asked for outside of the house. Nothing is, unless it is named here."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from hub.engine_settings import ServiceUrl
from hub.setting_section import Section

MAX_FEEDS = 10
_SPOKEN = re.compile(r"[^\W_]")


class Weather(Section):
    """A weather report for homes that have none of their own."""

    url: ServiceUrl | None = None
    """The address of a forecast in the manner of Open-Meteo, such as
    https://api.open-meteo.com/v1/forecast; without it nobody is asked."""
    latitude: float | None = Field(default=None, ge=-90, le=90)
    """Where the home is; it is told to the service rounded to a kilometre."""
    longitude: float | None = Field(default=None, ge=-180, le=180)
    """Likewise."""
    unit: Literal["celsius", "fahrenheit"] = "celsius"
    """What temperatures are told in."""

    @model_validator(mode="after")
    def _knows_where(self) -> "Weather":
        if self.url is not None and (self.latitude is None or self.longitude is None):
            raise ValueError("a forecast needs latitude and longitude beside url")
        return self


def _of_a_feed(url: str) -> str:
    """Return the address of a feed. Raises ValueError for what is none."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username is not None or re.search(r"\s", url):
        raise ValueError("a feed is named like https://host/news.xml, without user or spaces")
    return url


def _can_be_said(name: str) -> str:
    """Return a name. Raises ValueError for one that nobody can say."""
    if not _SPOKEN.search(name):
        raise ValueError("the name of a feed needs a letter or a digit, for it is spoken")
    return name


FeedName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    AfterValidator(_can_be_said),
]
FeedUrl = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(_of_a_feed)]


class News(Section):
    """Headlines."""

    feeds: dict[FeedName, FeedUrl] = Field(default_factory=dict, max_length=MAX_FEEDS)
    """RSS or Atom feeds by the names that they are spoken of with, such as
    `{"World News" = "https://host/world.xml"}`; without any nobody is asked."""
