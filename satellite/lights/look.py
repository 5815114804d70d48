"""How each sign looks: a colour, and a motion, so that no sign is told by its colour alone."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from satellite.sign import Sign

Colour = tuple[int, int, int]
"""Red, green and blue, each from 0 to 255."""

FRAME_S = 0.04
"""Between two pictures of something that moves."""
BLINK_S = 0.5
"""On as long as off."""
FLASH_S, DARK_S = 0.08, 0.24
BREATH_S = 2.0
CHASE_S = 0.9
"""Once around."""
_LEAST_BREATH = 0.15
_DARK: Colour = (0, 0, 0)


class Motion(Enum):
    """How light moves."""

    STILL = "still"
    FIRST = "first"
    """Only the first light is on: little light all night."""
    BREATHE = "breathe"
    ALTERNATE = "alternate"
    """Every second light is on."""
    CHASE = "chase"
    BLINK = "blink"
    FLASH = "flash"
    """Short, again and again."""


@dataclass(frozen=True, slots=True)
class Look:
    """A sign as light."""

    colour: Colour
    motion: Motion

    @property
    def dark(self) -> bool:
        """Return True where nothing is to be seen."""
        return self.colour == _DARK

    @property
    def moves(self) -> bool:
        """Return True where it is not the same from picture to picture."""
        return self.motion not in (Motion.STILL, Motion.FIRST, Motion.ALTERNATE)


LOOKS: Mapping[Sign, Look] = MappingProxyType(
    {
        Sign.IDLE: Look(_DARK, Motion.STILL),
        Sign.LISTENING: Look((0, 90, 255), Motion.STILL),
        Sign.THINKING: Look((150, 60, 255), Motion.CHASE),
        Sign.SPEAKING: Look((0, 200, 90), Motion.BREATHE),
        Sign.MUTED: Look((160, 0, 0), Motion.STILL),
        Sign.RINGING: Look((255, 160, 0), Motion.BLINK),
        Sign.DISCONNECTED: Look((90, 40, 0), Motion.FIRST),
        Sign.TROUBLE: Look((140, 0, 90), Motion.ALTERNATE),
        Sign.IDENTIFYING: Look((255, 255, 255), Motion.FLASH),
    }
)


def looks_with(colours: Mapping[str, str], *, moving: bool) -> Mapping[Sign, Look]:
    """Return the looks with other colours, as `#rrggbb` by sign, and maybe without motion.

    What rings blinks anyway: it wants to be stopped.
    """
    looks = {}
    for sign, look in LOOKS.items():
        colour, motion = look.colour, look.motion
        if sign in colours:
            red, green, blue = bytes.fromhex(colours[sign].removeprefix("#"))
            colour = red, green, blue
        if not moving and motion in (Motion.BREATHE, Motion.CHASE):
            motion = Motion.STILL
        looks[sign] = Look(colour, motion)
    return looks


def level(motion: Motion, at_s: float) -> float:
    """Return how bright a single light is, from 0 to 1, `at_s` seconds after it began."""
    if motion is Motion.BLINK:
        return 1.0 if at_s % (2 * BLINK_S) < BLINK_S else 0.0
    if motion is Motion.FLASH:
        return 1.0 if at_s % (FLASH_S + DARK_S) < FLASH_S else 0.0
    if motion in (Motion.BREATHE, Motion.CHASE):
        wave = 0.5 + 0.5 * math.cos(2 * math.pi * at_s / BREATH_S)
        return _LEAST_BREATH + (1 - _LEAST_BREATH) * wave
    return 1.0


def picture(look: Look, count: int, at_s: float) -> list[Colour]:
    """Return the colours of `count` lights, `at_s` seconds after the look began."""
    match look.motion:
        case Motion.FIRST:
            shares = [1.0, *[0.0] * (count - 1)]
        case Motion.ALTERNATE:
            shares = [float(place % 2 == 0) for place in range(count)]
        case Motion.CHASE if count > 1:
            head = at_s / CHASE_S % 1 * count
            shares = [max(0.0, 1 - (head - place) % count / (count / 2)) for place in range(count)]
        case motion:
            shares = [level(motion, at_s)] * count
    red, green, blue = look.colour
    return [(round(red * part), round(green * part), round(blue * part)) for part in shares]
