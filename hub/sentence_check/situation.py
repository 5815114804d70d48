"""A sampled sentence where it is said, and what is right to come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.sentence_check.home_words import AREAS, THINGS, Thing, name_of
from hub.sentence_check.kinds import KINDS
from hub.sentence_check.sampling import Sample

Message = tuple[str, str, str]
"""The thing's key, the topic below its own, the payload."""
Says = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Expected:
    """What is right."""

    messages: frozenset[Message] = frozenset()
    allowed: frozenset[Message] = frozenset()
    """Messages that may come beside them."""
    deed: Mapping[str, Any] = field(default_factory=dict)
    """What somebody else has to be asked to do: a timer, a list, a broadcast."""
    says: Says = bool
    """Whether an answer is right."""


class Situation:
    """A sample and the room that it is said in."""

    def __init__(self, sample: Sample, here: str, language: str) -> None:
        self.sample, self.here, self.language = sample, here, language
        self.slots = sample.slots

    def things(self, *domains: str) -> list[Thing]:
        """Return the things that are meant, of these kinds if it has no name; maybe none."""
        name, area, floor = (self.slots.get(slot) for slot in ("name", "area", "floor"))
        if name is None and area is None and floor is None and self.sample.template.here:
            area = self.here
        found = [
            thing
            for thing in THINGS
            if (area is None or thing.area == area)
            and (floor is None or (thing.area is not None and AREAS[thing.area].floor == floor))
        ]
        if name is not None:
            domain = self.sample.domain
            found = [
                thing
                for thing in found
                if name_of(thing.names, self.language) == name
                and domain in (None, KINDS[thing.kind].domain)
            ]
            here = [thing for thing in found if thing.area == self.here]
            return found if len(found) == 1 else here if len(here) == 1 else []
        classes = listed(self.slots.get("device_class"))
        return [
            thing
            for thing in found
            if KINDS[thing.kind].domain in domains
            and (not classes or KINDS[thing.kind].config.get("dev_cla") in classes)
        ]


def listed(value: Any) -> tuple[str, ...]:
    """Return a slot that is one text or a list of them."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)
