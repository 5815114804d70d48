"""What was found to answer a question with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.home.model import Device
from hub.home.targets import Request


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, for the answer to tell."""

    response: str
    devices: tuple[Device, ...] = ()
    """What the answer speaks of; the first is its subject."""
    matched: tuple[Device, ...] = ()
    unmatched: tuple[Device, ...] = ()
    unknown: tuple[Device, ...] = ()
    """Of these it is not known; the answer holds for the others."""
    slots: Mapping[str, Any] = field(default_factory=dict)


Question = Callable[[Request, datetime], Finding]
"""Finds an answer without changing anything. Raises Refusal."""
