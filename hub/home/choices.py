"""What can be chosen of a device beside on and off: modes, presets, effects, tones, programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.home.model import Device, DeviceState
from hub.home.option_words import means_option

_DIRECTIONS = ("forward", "reverse")
_MODES = ("off", "heat", "cool", "heat_cool", "auto", "dry", "fan_only")


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing of a device that is always one of a few words."""

    name: str
    """Of the attribute that shows it, and of the verb's value."""
    verb: str
    domains: frozenset[str]
    offered: str
    """The attribute that tells what there is to choose from."""
    feature: str | None = None
    """The feature that a device has which knows it; None: the same as its name."""
    always: tuple[str, ...] = ()
    """What there is to choose from where no attribute tells it."""
    is_state: bool = False
    """Whether the state itself is what is chosen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An aspect of one device, and what there is to choose from."""

    aspect: Aspect
    options: tuple[str, ...]

    def meant(self, said: str) -> str | None:
        """Return the option that is called so; None where there is none, or more than one."""
        found = [option for option in self.options if means_option(said, option)]
        return found[0] if len(found) == 1 else None

    def now(self, state: DeviceState) -> str | None:
        """Return what is chosen now, if that is known."""
        told = state.value if self.aspect.is_state else state.attributes.get(self.aspect.name)
        return None if told is None else str(told)


def _of(*domains: str) -> frozenset[str]:
    return frozenset(domains)


_ASPECTS = (
    Aspect("option", "select_option", _of("select"), "options", feature="", is_state=True),
    Aspect("mode", "set_mode", _of("climate"), "options", always=_MODES),
    Aspect("mode", "set_mode", _of("humidifier", "water_heater"), "options"),
    Aspect("preset", "set_preset", _of("climate", "fan"), "presets"),
    Aspect("fan_mode", "set_fan_mode", _of("climate"), "fan_modes"),
    Aspect("swing_mode", "set_swing_mode", _of("climate"), "swing_modes"),
    Aspect("direction", "set_direction", _of("fan"), "directions", always=_DIRECTIONS),
    Aspect("fan_speed", "set_fan_speed", _of("vacuum"), "fan_speeds"),
    Aspect("tone", "turn_on", _of("siren"), "tones"),
    Aspect("effect", "turn_on", _of("light"), "effects"),
)
_SPOKEN = {
    "mode": ("mode", "preset", "option"),
    "preset": ("preset",),
    "program": ("option", "preset", "mode"),
    "fan": ("fan_mode", "fan_speed", "preset"),
    "swing": ("swing_mode",),
    "direction": ("direction",),
    "tone": ("tone",),
    "effect": ("effect",),
}
"""What each word of a sentence may mean, the likeliest first."""


def choices(device: Device, state: DeviceState, spoken: str | None) -> Sequence[Choice]:
    """Return what can be chosen of a device, of the aspect that was named or of any."""
    return tuple(_choices(device, state, spoken))


def _choices(device: Device, state: DeviceState, spoken: str | None) -> Iterator[Choice]:
    names = _SPOKEN.get(spoken or "", tuple(aspect.name for aspect in _ASPECTS))
    for name in names:
        for aspect in _ASPECTS:
            feature = aspect.name if aspect.feature is None else aspect.feature
            known = not feature or feature in device.features
            if aspect.name == name and known and device.domain in aspect.domains:
                options = state.attributes.get(aspect.offered) or aspect.always
                yield Choice(aspect, tuple(str(option) for option in options))
