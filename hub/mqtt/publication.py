"""A message on its way to the broker."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Publication:
    """One message to publish."""

    topic: str
    payload: str
    qos: int = 1
    retain: bool = False
