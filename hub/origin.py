"""Where words come from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asks for something, where, and in which language. Whatever is not known is None."""

    area: str | None = None
    """The room, by its name or id."""
    language: str = "en"
    """What was spoken, and what the answer is to be in."""
    satellite: str | None = None
    """The id of the satellite; None for what is written."""
    person: str | None = None
    conversation: str | None = None
    """The id of the conversation that it is said in."""
    turn: int | None = None
