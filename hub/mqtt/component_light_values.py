"""What all lights have in common, whatever schema they speak: brightness, warmth, effects."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.mqtt.colors import Rgb, hs_to_rgb, kelvin_to_mireds, rgbw_to_rgb
from hub.mqtt.config import Config
from hub.mqtt.entity import Changes
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.readings import number

_KELVIN = (1_000, 20_000)
"""Wide enough for every lamp that says nothing about its own range."""


@dataclass(frozen=True, slots=True)
class Warmth:
    """How a light counts its colour temperature."""

    kelvin: bool
    """Whether in kelvin; otherwise in mireds."""
    coldest_k: float
    warmest_k: float

    def own(self, wanted_k: float) -> int:
        """Return the light's own number, as near to the wanted one as the light can come."""
        within_k = min(max(wanted_k, self.warmest_k), self.coldest_k)
        return round(within_k) if self.kelvin else kelvin_to_mireds(within_k)

    def read(self, text: str) -> Changes:
        """Read the light's own number."""
        value = number(text)
        if value is None or value <= 0:
            return {}
        return {"color_temperature": round(value) if self.kelvin else kelvin_to_mireds(value)}

    def facts(self) -> dict[str, int]:
        """Return from where to where it goes in kelvin, as far as the light has said so."""
        ends = {
            "color_temperature_min": self.warmest_k,
            "color_temperature_max": self.coldest_k,
        }
        return {name: round(end_k) for name, end_k in ends.items() if end_k not in _KELVIN}


def warmth(config: Config) -> Warmth:
    """Return how a light counts its colour temperature, and from where to where it goes."""
    warmest_k, coldest_k = config.span("min_kelvin", _KELVIN[0], "max_kelvin", _KELVIN[1])
    cold, warm = config.span("min_mireds", 1, "max_mireds", 1_000)
    if "min_mireds" in config:
        coldest_k = min(coldest_k, kelvin_to_mireds(cold))
    if "max_mireds" in config:
        warmest_k = max(warmest_k, kelvin_to_mireds(warm))
    return Warmth(config.flag("color_temp_kelvin"), coldest_k, min(warmest_k, coldest_k))


def brightness_scale(config: Config, key: str = "brightness_scale") -> float:
    """Return the number with which a light says that it is as bright as can be."""
    scale = config.number(key, 255)
    if scale <= 0:
        raise DiscoveryError("bad-config", f"{key!r} must be greater than 0.")
    return scale


def scaled(percent: float, scale: float) -> int:
    """Return a brightness on the light's own scale; what is not off stays on."""
    return max(1, round(percent * scale / 100)) if percent > 0 else 0


def percent(scale: float) -> Callable[[str], Changes]:
    """Read a brightness on the light's own scale."""

    def read(text: str) -> Changes:
        level = number(text)
        if level is None:
            return {}
        return {"brightness": min(max(round(level / scale * 100), 0), 100)}

    return read


def effect(text: str) -> Changes:
    """Read the name of an effect."""
    return {"effect": None if text.casefold() in {"", "none", "off"} else text[:255]}


def effect_facts(effects: tuple[str, ...]) -> dict[str, Any]:
    """Return the effects that can be asked for."""
    return {"effects": effects} if effects else {}


def numbers(text: str, count: int) -> tuple[float, ...] | None:
    """Read so many numbers with commas between them, or nothing."""
    parts = [number(part) for part in text.split(",")]
    known = tuple(part for part in parts if part is not None)
    return known if len(known) == len(parts) == count else None


def rgb_color(text: str) -> Changes:
    """Read red, green and blue."""
    parts = numbers(text, 3)
    return {} if parts is None else {"color": _whole(parts)}


def white_color(channels: int) -> Callable[[str], Changes]:
    """Read red, green, blue and white, or red, green, blue, cold and warm white."""

    def read(text: str) -> Changes:
        parts = numbers(text, channels)
        return {} if parts is None else {"color": _whole(rgbw_to_rgb(*parts))}

    return read


def hs_color(text: str) -> Changes:
    """Read hue and saturation."""
    parts = numbers(text, 2)
    return {} if parts is None else {"color": hs_to_rgb(*parts)}


def xy_color(text: str) -> Changes:
    """Read a chromaticity. Which colour was asked for can not be told from it exactly: lamps
    answer with the nearest one that they have."""
    parts = numbers(text, 2)
    return {} if parts is None else {"xy_color": parts, "color": None}


def _whole(parts: tuple[float, ...]) -> Rgb:
    red, green, blue = (min(max(round(part), 0), 255) for part in parts)
    return red, green, blue
