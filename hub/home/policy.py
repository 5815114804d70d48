"""Who may do what, where and when, and what a voice alone should not be enough for.

The one place that decides. The owner's rules come first, in their order; what no rule speaks of is
asked about where its risk says so, and allowed otherwise.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Literal

from hub.home.model import Device, Home, HomeCommand
from hub.home.verbs import VERBS, Risk
from hub.origin import Origin

Ruling = Literal["allow", "confirm", "refuse"]
UNKNOWN = "unknown"
"""What patterns call a person or a room that is not known."""
_STRICTNESS: Sequence[Ruling] = ("allow", "confirm", "refuse")


class Reason(StrEnum):
    """Why something is refused."""

    RULE = "rule"
    ROOM = "room"
    PERSON = "person"
    HOUR = "hour"
    NOBODY_TO_ASK = "nobody-to-ask"
    """It needs a yes, and there is nobody who could give it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of something that is about to be done."""

    ruling: Ruling
    reason: Reason = Reason.RULE
    words: str = ""
    """The owner's own words for a refusal."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that is about to be done."""

    tool: str
    """The name of the intent or of the tool."""
    verb: str = ""
    device: Device | None = None
    risk: Risk = "low"


@dataclass(frozen=True, slots=True)
class Hours:
    """A time of day, from and until; over midnight where `until` is not later."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "Hours":
        """Return the hours of a text such as "22:00-06:30". Raises ValueError."""
        start, dash, end = text.partition("-")
        if not dash:
            raise ValueError("hours are like 22:00-06:30")
        return cls(_time(start), _time(end))

    def began(self, now: datetime) -> datetime | None:
        """Return a moment of the day on which the hours began that `now` is in; None outside."""
        moment = now.time()
        if self.start < self.end:
            return now if self.start <= moment < self.end else None
        if moment >= self.start:
            return now
        return now - timedelta(days=1) if moment < self.end else None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Empty conditions hold for everything; patterns know * and ?, and ! before one."""

    ruling: Ruling
    tools: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    """Kinds of devices, or their classes: "lock", "garage"."""
    devices: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    """Where somebody asks."""
    persons: tuple[str, ...] = ()
    hours: Hours | None = None
    weekdays: frozenset[int] = frozenset(range(7))
    """Monday is 0; hours over midnight belong to the day on which they begin."""
    words: str = ""

    @property
    def reason(self) -> Reason:
        """What of the situation, rather than of the deed, the rule looks at."""
        if self.persons:
            return Reason.PERSON
        if self.rooms:
            return Reason.ROOM
        return Reason.HOUR if self.hours or len(self.weekdays) < 7 else Reason.RULE


class Policy:
    """The rules of one home."""

    def __init__(
        self,
        home: Home,
        rules: Sequence[Rule] = (),
        *,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        """`now` gives the time of day at home."""
        self._home = home
        self._rules = tuple(rules)
        self._now = now

    def put(self, rules: Sequence[Rule]) -> None:
        """Replace the rules; what is decided from now on goes by them."""
        self._rules = tuple(rules)

    def deciding(self, origin: Origin, action: Action) -> int | None:
        """Return which rule decides about an action, counted from 0; None: none of them."""
        found = (
            number for number, rule in enumerate(self._rules) if self._applies(rule, origin, action)
        )
        return next(found, None)

    def verdict(self, origin: Origin, *actions: Action) -> Verdict:
        """Return what becomes of several actions together: the strictest verdict of all."""
        verdicts = [self._one(origin, action) for action in actions]
        return max(
            verdicts, key=lambda one: _STRICTNESS.index(one.ruling), default=Verdict("allow")
        )

    def of_commands(self, origin: Origin, tool: str, commands: Iterable[HomeCommand]) -> Verdict:
        """Return what becomes of telling devices something."""
        actions = [
            Action(tool, command.verb, device, VERBS[command.verb].risk(device))
            for command in commands
            if (device := self._home.device(command.device)) is not None
        ]
        return self.verdict(origin, *actions)

    def _one(self, origin: Origin, action: Action) -> Verdict:
        number = self.deciding(origin, action)
        if number is not None:
            rule = self._rules[number]
            return Verdict(rule.ruling, rule.reason, rule.words)
        return Verdict("confirm" if action.risk == "confirm" else "allow")

    def _applies(self, rule: Rule, origin: Origin, action: Action) -> bool:
        device = action.device
        kinds = () if device is None else (device.domain, device.device_class or device.domain)
        names = () if device is None else (device.id, device.name, *device.aliases)
        return (
            _matches(rule.tools, (action.tool,))
            and _matches(rule.verbs, (action.verb,))
            and _matches(rule.domains, kinds)
            and _matches(rule.devices, names)
            and _matches(rule.rooms, self._room(origin))
            and _matches(rule.persons, (origin.person or UNKNOWN,))
            and self._is_time(rule)
        )

    def _room(self, origin: Origin) -> tuple[str, ...]:
        if origin.area is None or not origin.placed:
            return (UNKNOWN,)
        area = self._home.area_named(origin.area)
        return (origin.area,) if area is None else (area.id, area.name, *area.aliases)

    def _is_time(self, rule: Rule) -> bool:
        now = self._now()
        began = now if rule.hours is None else rule.hours.began(now)
        return began is not None and began.weekday() in rule.weekdays


def _matches(patterns: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Return whether one of the names fits the patterns; no pattern fits everything."""
    if not patterns:
        return True
    called = [name.casefold() for name in names]
    unwanted = [one[1:].casefold() for one in patterns if one.startswith("!")]
    wanted = [one.casefold() for one in patterns if not one.startswith("!")] or ["*"]
    if any(fnmatchcase(name, pattern) for name in called for pattern in unwanted):
        return False
    return any(fnmatchcase(name, pattern) for name in called for pattern in wanted)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"{text.strip()!r} is no time of day; hours are like 22:00-06:30"
        ) from None
