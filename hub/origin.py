"""Where words come from."""

from dataclasses import dataclass

BROWSER = "browser-"
"""What the ids of browsers begin with. Their room is the one that somebody chose there."""


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

    @property
    def placed(self) -> bool:
        """Whether who asks is known to be in the area: a browser may be anywhere."""
        return self.area is not None and is_fixed(self.satellite)


def is_fixed(satellite: str | None) -> bool:
    """Return whether a satellite is where it says: a browser may be anywhere."""
    return not (satellite or "").startswith(BROWSER)
