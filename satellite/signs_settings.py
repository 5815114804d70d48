"""How the satellite shows and tells what it does: lights, sounds, pins, commands."""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_MOST_PIN = 1023


class Lights(BaseModel):
    """Lights that show what the satellite is doing."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: Literal["none", "apa102", "gpio", "wled"] = "none"
    """`apa102` is the ring or row of ReSpeaker's microphone boards, `gpio` a plain LED on the pin
    `pins.led`, `wled` a strip in the network."""
    device: Path = Path("/dev/spidev0.1")
    """The SPI device of `apa102`; ReSpeaker's boards are at chip select 1."""
    count: int = Field(default=3, ge=1, le=256)
    """How many lights `apa102` has: 3 on the board with 2 microphones, 12 on the one with 4."""
    brightness: float = Field(default=0.3, ge=0, le=1)
    """From 0 to 1."""
    address: str = Field(default="", max_length=200, pattern=r"^[A-Za-z0-9.:\[\]_-]*$")
    """HOST or HOST:PORT of `wled`."""

    @model_validator(mode="after")
    def _has_address(self) -> Self:
        if self.kind == "wled" and not self.address:
            raise ValueError("WLED needs an address: HOST or HOST:PORT")
        return self


class Sounds(BaseModel):
    """Short sounds of the satellite's own. Each is true, false, or a WAV file."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    awake: bool | Path = True
    """When a wake word or the button was heard and the hub listens."""
    done: bool | Path = False
    """When the hub has heard enough."""
    error: bool | Path = True
    """When something failed that the hub can not say."""
    timer: bool | Path = True
    """When a timer rings without the hub."""
    muted: bool | Path = True
    """When the microphone is switched off, and the other way round when it is on again."""
    volume: float = Field(default=0.5, ge=0, le=1)
    """From 0 to 1, on top of the satellite's volume."""


class Pins(BaseModel):
    """What is connected to the GPIO pins; a pin is its line number (17 is GPIO17 of a Pi)."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    chip: Path = Path("/dev/gpiochip0")
    """The GPIO chip."""
    button: int | None = Field(default=None, ge=0, le=_MOST_PIN)
    """A button to talk; it connects the pin to ground. ReSpeaker's boards have one at 17."""
    mute_switch: int | None = Field(default=None, ge=0, le=_MOST_PIN)
    """A switch that mutes while it connects the pin to ground. No program can undo it."""
    led: int | None = Field(default=None, ge=0, le=_MOST_PIN)
    """The LED of `lights.kind = "gpio"`."""
