"""What is to be done: commands, and the answer once they are carried out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.home.model import Device, HomeCommand
from hub.home.targets import Refusal, Request
from hub.home.verbs import VERBS


@dataclass(frozen=True, slots=True)
class Plan:
    """Commands that carry a sentence out, and the answer once they have."""

    commands: tuple[HomeCommand, ...]
    response: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    """What the answer is filled in with, beyond the sentence's own slots."""


Planner = Callable[[Request], Plan]
"""Decides without doing. Raises Refusal."""


def each(request: Request, devices: Collection[Device], verb: Callable[[Device], str]) -> Plan:
    """Return a plan that tells each device what `verb` chooses for it."""
    commands = tuple(HomeCommand(device.id, verb(device)) for device in devices)
    return Plan(commands, request.match.response)


def told(request: Request, devices: Collection[Device], verb: str, **values: Any) -> Plan:
    """Return a plan that tells every device the same."""
    commands = tuple(HomeCommand(device.id, verb, values) for device in devices)
    return Plan(commands, request.match.response)


def verb_of(device: Device, special: Mapping[str, str], general: str) -> str:
    """Return the verb for a device: what its kind needs, or the general one. Raises Refusal."""
    verb = special.get(device.domain, general)
    if device.domain in VERBS[verb].domains:
        return verb
    raise Refusal("feature_not_supported")
