"""How the satellite shows and tells what it does: lights, sounds, pins, commands."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from satellite.section import BadValue, Section
from satellite.sign import Sign

Share = Annotated[float, Meta(ge=0, le=1)]
Pin = Annotated[int, Meta(ge=0, le=1023)]
Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Sound = bool | str
"""Whether it is heard, or the WAV file that is heard in its place."""


class Lights(Section, frozen=True):
    """Lights that show what the satellite is doing."""

    kind: Literal["none", "apa102", "gpio", "wled"] = "none"
    """`apa102` is the ring or row of ReSpeaker's microphone boards, `gpio` a plain LED on the pin
    `pins.led`, `wled` a strip in the network."""
    device: Path = Path("/dev/spidev0.1")
    """The SPI device of `apa102`; ReSpeaker's boards are at chip select 1."""
    count: Annotated[int, Meta(ge=1, le=256)] = 3
    """How many lights `apa102` has: 3 on the board with 2 microphones, 12 on the one with 4."""
    brightness: Share = 0.3
    """From 0 to 1."""
    colours: dict[str, Colour] = msgspec.field(default_factory=dict)
    """Other colours, by sign: `listening = "#ffffff"`. The signs stand in docs/satellite.md."""
    moving: bool = True
    """Whether light breathes and goes round. Without, only what rings blinks."""
    address: Annotated[str, Meta(max_length=200, pattern=r"^[A-Za-z0-9.:\[\]_-]*$")] = ""
    """HOST or HOST:PORT of `wled`."""

    def __post_init__(self) -> None:
        if self.kind == "wled" and not self.address:
            raise BadValue("address", "WLED needs an address: HOST or HOST:PORT")
        signs = [sign.value for sign in Sign]
        for name in self.colours:
            if name not in signs:
                text = f"there is no sign {name[:60]!r}; there are {', '.join(signs)}"
                raise BadValue("colours", text)


class Sounds(Section, frozen=True):
    """Short sounds of the satellite's own. Each is true, false, or a WAV file."""

    enabled: bool = True
    """Whether they are heard. What rings always is."""
    awake: Sound = True
    """When a wake word or the button was heard and the hub listens."""
    done: Sound = False
    """When the hub has heard enough."""
    error: Sound = True
    """When something failed that the hub can not say."""
    timer: Sound = True
    """When a timer rings without the hub."""
    muted: Sound = True
    """When the microphone is switched off, and the other way round when it is on again."""
    volume: Share = 0.5
    """From 0 to 1, on top of the satellite's volume."""


class Pins(Section, frozen=True):
    """What is connected to the GPIO pins; a pin is its line number (17 is GPIO17 of a Pi)."""

    chip: Path = Path("/dev/gpiochip0")
    """The GPIO chip."""
    button: Pin | None = None
    """A button to talk; it connects the pin to ground. ReSpeaker's boards have one at 17."""
    mute_switch: Pin | None = None
    """A switch that mutes while it connects the pin to ground. No program can undo it."""
    led: Pin | None = None
    """The LED of `lights.kind = "gpio"`."""
