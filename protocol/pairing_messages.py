"""What a satellite that knows no token and the hub say to each other, until an owner decides."""

from dataclasses import dataclass
from typing import ClassVar

from protocol.schema import Message


@dataclass(frozen=True, slots=True)
class Pair(Message):
    """The satellite knows no token: it shows a code, and wants one of its own."""

    type_name: ClassVar[str] = "sotto-pair"
    key: str
    """The satellite's key, 256 bytes in hexadecimal; the one that `pairing` of the hello is of."""


@dataclass(frozen=True, slots=True)
class Paired(Message):
    """An owner has compared the codes and lets the satellite in."""

    type_name: ClassVar[str] = "sotto-paired"
    token: str
    """The satellite's own token, hidden from others, in hexadecimal."""
    mac: str
    """The hub's code over it, 32 bytes in hexadecimal."""


PAIRING_MESSAGES: tuple[type[Message], ...] = (Pair, Paired)
