"""Settings of the policy: who may do what, where and when."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from hub.setting_section import Section
from hub.words import worded

MAX_RULES = 200
_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


def _hours(text: str) -> str:
    if text and not _HOURS.fullmatch(text):
        raise ValueError(worded("hours-like", "hours are like 22:00-06:30"))
    return text


Pattern = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Patterns = Annotated[tuple[Pattern, ...], Field(max_length=100)]


class PolicyRule(Section):
    """One rule; what it does not speak of does not matter. Patterns know `*`, `?`, and `!` for
    "not"."""

    then: Literal["allow", "confirm", "refuse"]
    """What becomes of it."""
    tools: Patterns = ()
    """Names of tools and intents, such as `HassTurnOn`."""
    verbs: Patterns = ()
    """What devices are told, such as `unlock`."""
    domains: Patterns = ()
    """Kinds of devices, such as `lock`, or their classes, such as `garage`."""
    devices: Patterns = ()
    """Names of devices."""
    rooms: Patterns = ()
    """Rooms that somebody asks in; `unknown` where that is not known."""
    persons: Patterns = ()
    """Who asks; `unknown` where that is not known."""
    hours: Annotated[str, AfterValidator(_hours)] = ""
    """A time of day, such as `22:00-06:30`."""
    weekdays: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()
    """Days; hours over midnight belong to the day on which they begin."""
    words: str = Field(default="", max_length=300)
    """What is said instead of the hub's own words for a refusal."""


class PolicySection(Section):
    """What may be done, by whom, where and when; `docs/tools.md` tells how."""

    rules: tuple[PolicyRule, ...] = Field(default=(), max_length=MAX_RULES)
    """`[[policy.rules]]`: the first one that fits decides. Without one, what opens, moves or arms
    something that guards the house is done after a spoken yes, and all else at once."""
