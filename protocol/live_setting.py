"""A setting of a satellite as it is told to the hub."""

from dataclasses import dataclass
from typing import Any

from protocol.schema import Part


@dataclass(frozen=True, slots=True)
class LiveSetting(Part):
    """A setting that can be changed while the satellite runs."""

    name: str
    """As in the satellite's settings file, such as `wake.sensitivity`."""
    kind: str
    """`boolean`, `integer`, `number`, `text`, `choice`, `list` of text, or `table` by names."""
    value: Any
    """What holds now."""
    own: Any
    """What the satellite's settings file says."""
    least: float | None = None
    """The smallest number, or the fewest entries."""
    greatest: float | None = None
    """The greatest number, or the most entries."""
    choices: tuple[str, ...] = ()
    """All values of a `choice`."""
