"""Templates of what people say to a home, and the words of one language around them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Block:
    """Templates that hold for the same devices."""

    sentences: tuple[str, ...]
    names: tuple[str, ...] = ()
    """Domains whose devices {name} stands for; empty where no template has a name."""
    feature: str | None = None
    """What a device must be able to do to be named here."""
    needs: tuple[str, ...] = ()
    """The home must have a device of one of these domains; empty: always."""


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """One language's own templates and words."""

    blocks: tuple[Block, ...]
    rules: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    """What may be said before any command; hassil skips these words."""
    after: tuple[str, ...] = ()
    """What may be said after any command."""
    alone: tuple[str, ...] = ()
    """What is said on its own and is no command. In the grammar these keep such words, said over an
    answer above all, from being taken for the command nearest to them."""
    and_a_half: str = ""
    """How a half is said after a whole number."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Spoken forms of numbers beyond those of the number rules."""
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values for lists that home-assistant-intents leaves open."""
