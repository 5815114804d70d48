"""The verbs of a home: what devices can be told, with which values, at which risk.

Intents are one face of this table; whatever else acts on the home is another. Each verb has a JSON
schema for its values, so that a model can be offered the same verbs as tools.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hub.home.model import Device, DeviceState

Risk = Literal["low", "confirm"]
Reached = Callable[[DeviceState, Mapping[str, Any]], bool]

POSITION_TOLERANCE = 2
"""Percent. Motors and gears stop near what they are told."""
BRIGHTNESS_TOLERANCE = 2
"""Percent. Lamps count brightness in steps of their own, often 0 to 254."""
COLOR_TOLERANCE = 12
"""Of 255. Lamps that think in hue and saturation round on the way back."""
TEMPERATURE_TOLERANCE = 0.51
"""Degrees. Thermostats round to half degrees."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that a device can be told."""

    name: str
    domains: frozenset[str]
    """Kinds of devices that know this verb."""
    reached: Reached | None
    """Whether a state shows that the verb came true; None if no state ever shows it."""
    schema: Mapping[str, Any]
    """JSON schema of the values."""
    attribute: str | None = None
    """The attribute that shows it; where a device does not report it, nothing can be confirmed.
    None: the state itself shows it."""
    guarded: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    """Domains of which a voice alone should not be enough, with the device classes that this
    holds for, or None for all."""

    def risk(self, device: Device) -> Risk:
        """Return "confirm" where somebody should be asked before a device is told this."""
        if device.domain not in self.guarded:
            return "low"
        classes = self.guarded[device.domain]
        return "confirm" if classes is None or device.device_class in classes else "low"


def _schema(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name, schema in properties.items() if not schema.get("optional")],
        "additionalProperties": False,
    }


def _is(*values: str) -> Reached:
    return lambda state, _: state.value in values


def _lit(state: DeviceState, values: Mapping[str, Any]) -> bool:
    """Whether a light is on and shows what was asked; what it does not report is not held up."""
    if state.value != "on":
        return False
    told = state.attributes
    brightness, color = values.get("brightness"), values.get("color")
    bright = brightness is None or _close(told.get("brightness"), brightness, BRIGHTNESS_TOLERANCE)
    colored = color is None or all(
        _close(have, want, COLOR_TOLERANCE)
        for have, want in zip(told.get("color", color), color, strict=True)
    )
    return bright and colored


def _close(have: float | None, want: float, tolerance: float) -> bool:
    return have is None or abs(have - want) <= tolerance


def _positioned(state: DeviceState, values: Mapping[str, Any]) -> bool:
    if state.value in {"opening", "closing"}:
        return True
    told = state.attributes.get("position")
    return told is not None and abs(told - values["position"]) <= POSITION_TOLERANCE


def _near(attribute: str, value: str, tolerance: float) -> Reached:
    def reached(state: DeviceState, values: Mapping[str, Any]) -> bool:
        told = state.attributes.get(attribute)
        return told is not None and abs(told - values[value]) <= tolerance

    return reached


def _equal(attribute: str, value: str) -> Reached:
    return lambda state, values: state.attributes.get(attribute) == values[value]


_PERCENT = {"type": "number", "minimum": 0, "maximum": 100}
_NOTHING = _schema()
_SWITCHED = frozenset({"light", "switch", "fan", "media_player", "climate"})
_ON_STATES = ("on", "playing", "paused", "idle", "buffering", "standby")
_LIGHT = _schema(
    brightness={**_PERCENT, "optional": True},
    color={
        "type": "array",
        "items": {"type": "integer", "minimum": 0, "maximum": 255},
        "minItems": 3,
        "maxItems": 3,
        "optional": True,
    },
    color_temperature={"type": "number", "minimum": 1000, "maximum": 12000, "optional": True},
)


def _turned_on(state: DeviceState, values: Mapping[str, Any]) -> bool:
    if values:
        return _lit(state, values)
    # A thermostat's state is its mode; any mode but "off" is on.
    return state.known and state.value != "off"


_ENTRANCES = frozenset({"door", "garage", "gate"})
"""Covers that let somebody in, or close upon somebody."""
_COVER = frozenset({"cover", "valve"})
_LOCK = frozenset({"lock"})
_MEDIA = frozenset({"media_player"})
_CLIMATE = frozenset({"climate"})

VERBS: Mapping[str, Verb] = {
    verb.name: verb
    for verb in (
        Verb("turn_on", _SWITCHED, _turned_on, _LIGHT),
        Verb("turn_off", _SWITCHED, _is("off", "standby"), _NOTHING),
        Verb(
            "open",
            _COVER,
            _is("open", "opening"),
            _NOTHING,
            guarded={"cover": _ENTRANCES, "valve": None},
        ),
        Verb(
            "close",
            _COVER,
            _is("closed", "closing"),
            _NOTHING,
            guarded={"cover": _ENTRANCES},
        ),
        Verb("stop", _COVER, None, _NOTHING),
        Verb(
            "set_position",
            _COVER,
            _positioned,
            _schema(position=_PERCENT),
            "position",
            guarded={"cover": _ENTRANCES, "valve": None},
        ),
        Verb("lock", _LOCK, _is("locked", "locking"), _NOTHING),
        Verb("unlock", _LOCK, _is("unlocked", "unlocking"), _NOTHING, guarded={"lock": None}),
        Verb(
            "set_temperature",
            _CLIMATE,
            _near("temperature", "temperature", TEMPERATURE_TOLERANCE),
            _schema(temperature={"type": "number", "minimum": -50, "maximum": 150}),
            "temperature",
        ),
        Verb("play", _MEDIA, _is("playing", "buffering"), _NOTHING),
        Verb("pause", _MEDIA, _is("paused", "idle", "off", "standby"), _NOTHING),
        Verb("next", _MEDIA, None, _NOTHING),
        Verb("previous", _MEDIA, None, _NOTHING),
        Verb(
            "set_volume",
            _MEDIA,
            _near("volume", "volume", 2),
            _schema(volume=_PERCENT),
            "volume",
        ),
        Verb(
            "set_mute",
            _MEDIA,
            _equal("muted", "muted"),
            _schema(muted={"type": "boolean"}),
            "muted",
        ),
        Verb("activate", frozenset({"scene"}), None, _NOTHING),
        Verb("run", frozenset({"script"}), None, _NOTHING),
        Verb("press", frozenset({"button"}), None, _NOTHING),
    )
}
