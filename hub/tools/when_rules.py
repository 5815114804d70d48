"""What the owner has done when something happens at a device: a button is pressed, a bell rung."""

from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from hub.setting_section import Section
from hub.tools.mistakes import Mistake, Unfit
from hub.words import worded

MAX_RULES = 500
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class When(Section):
    """One rule: what has to happen, and what is done then."""

    device: Text
    """What the device is called, or its id."""
    type: Text | None = None
    """What happens at it, in its own word."""
    subtype: Text | None = None
    """Where at it, in its own word."""
    command: Text | None = None
    """What is done then, as if it had been said."""
    listen: bool = False
    """Whether a satellite listens then, as after a wake word."""
    room: Text | None = None
    """Where that is; by default in the room of the device."""
    satellite: Text | None = None
    """Which satellite listens; by default one in the room."""
    language: Literal["en", "de", "fr", "es"] | None = None
    """Of the command; by default the home's."""

    @model_validator(mode="after")
    def _fits_together(self) -> "When":
        if (self.command is None) == (not self.listen):
            raise ValueError(
                worded("command-or-listen", "it needs either command or listen = true")
            )
        if self.type is None and self.subtype is None:
            text = "it needs type or subtype: what happens at the device"
            raise ValueError(worded("type-or-subtype", text))
        if self.command is not None and self.satellite is not None:
            raise Unfit(Mistake("satellite", worded("command-has-room", "a command has a room")))
        return self
