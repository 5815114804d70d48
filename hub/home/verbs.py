"""The verbs of a home: what devices can be told, with which values, at which risk.

Intents are one face of this table; whatever else acts on the home is another. Each verb has a JSON
schema for its values, so that a model can be offered the same verbs as tools.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hub.home import reached as shown
from hub.home.entrances import is_called_entrance
from hub.home.model import Device
from hub.home.reached import Reached

Risk = Literal["low", "confirm"]

SLOW = 4.0
"""What has a motor, a bolt or wheels tells of its new state later than a lamp does."""


def _schema(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name, schema in properties.items() if not schema.get("optional")],
        "additionalProperties": False,
    }


def _optional(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**schema, "optional": True}


_PERCENT = {"type": "number", "minimum": 0, "maximum": 100}
_DEGREES = {"type": "number", "minimum": -50, "maximum": 300}
_TEXT = {"type": "string", "maxLength": 255}
_NOTHING = _schema()
_CODED = _schema(code=_optional(_TEXT))
_STYLE = _schema(
    brightness=_optional(_PERCENT),
    color=_optional(
        {
            "type": "array",
            "items": {"type": "integer", "minimum": 0, "maximum": 255},
            "minItems": 3,
            "maxItems": 3,
        }
    ),
    color_temperature=_optional({"type": "number", "minimum": 1000, "maximum": 12000}),
    effect=_optional(_TEXT),
    tone=_optional(_TEXT),
    duration=_optional({"type": "number", "minimum": 1, "maximum": 3600}),
    volume=_optional(_PERCENT),
)
"""How a light shines, or a siren sounds."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that a device can be told."""

    name: str
    domains: frozenset[str]
    """Kinds of devices that know this verb."""
    reached: Reached | None = None
    """Whether a state shows that the verb came true; None if no state ever shows it."""
    schema: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """JSON schema of the values."""
    attribute: str | None = None
    """The attribute that shows it; where a device does not report it, nothing can be confirmed.
    None: the state itself shows it."""
    guarded: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    """Domains of which a voice alone should not be enough, with the device classes that this
    holds for, or None for all."""
    patience: float = 1.0
    """How many times longer than a lamp a device may take to show that it obeyed."""

    def risk(self, device: Device) -> Risk:
        """Return "confirm" where somebody should be asked before a device is told this."""
        if device.domain not in self.guarded:
            return "low"
        classes = self.guarded[device.domain]
        guarded = classes is None or device.device_class in classes or is_called_entrance(device)
        return "confirm" if guarded else "low"


def _in(*domains: str) -> frozenset[str]:
    return frozenset(domains)


def _chosen(name: str, domains: frozenset[str], value: str) -> Verb:
    """Return the verb that sets a word, which an attribute of the same name shows."""
    return Verb(name, domains, shown.equal(value, value), _schema(**{value: _TEXT}), value)


_ENTRANCES = _in("door", "garage", "gate")
"""Covers that let somebody in, or close upon somebody."""
_SWITCHED = _in(
    "light", "switch", "fan", "media_player", "climate", "humidifier", "siren", "water_heater"
)
_MOVED = _in("cover", "valve")
_LOCK = _in("lock")
_MEDIA = _in("media_player")
_VACUUM = _in("vacuum")
_MOWER = _in("lawn_mower")
_ALARM = _in("alarm_control_panel")

_SWITCHING = (
    Verb("turn_on", _SWITCHED, shown.turned_on, _STYLE, guarded={"siren": None}),
    Verb("turn_off", _SWITCHED, shown.is_in("off", "standby")),
    Verb("activate", _in("scene")),
    Verb("run", _in("script")),
    Verb("press", _in("button")),
    Verb("notify", _in("notify"), schema=_schema(message={"type": "string", "maxLength": 1000})),
    Verb("install", _in("update"), shown.installing, patience=SLOW),
    Verb("set_value", _in("number"), shown.holds("value"), _schema(value={"type": "number"})),
    Verb("select_option", _in("select"), shown.holds("option"), _schema(option=_TEXT)),
    Verb("set_text", _in("text"), shown.holds("text"), _schema(text=_TEXT)),
)
_OPENING = (
    Verb(
        "open",
        _MOVED | _LOCK,
        shown.is_in("open", "opening", "unlocked"),
        _CODED,
        guarded={"cover": _ENTRANCES, "valve": None, "lock": None},
        patience=SLOW,
    ),
    Verb(
        "close",
        _MOVED,
        shown.is_in("closed", "closing"),
        guarded={"cover": _ENTRANCES},
        patience=SLOW,
    ),
    Verb("stop", _MOVED | _VACUUM),
    Verb(
        "set_position",
        _MOVED,
        shown.positioned,
        _schema(position=_PERCENT),
        "position",
        guarded={"cover": _ENTRANCES, "valve": None},
        patience=SLOW,
    ),
    Verb("open_tilt", _in("cover")),
    Verb("close_tilt", _in("cover")),
    Verb(
        "set_tilt",
        _in("cover"),
        shown.near("tilt", "tilt", shown.TILT_TOLERANCE),
        _schema(tilt=_PERCENT),
        "tilt",
        patience=SLOW,
    ),
    Verb("lock", _LOCK, shown.is_in("locked", "locking"), _CODED, patience=SLOW),
    Verb(
        "unlock",
        _LOCK,
        shown.is_in("unlocked", "unlocking", "open", "opening"),
        _CODED,
        guarded={"lock": None},
        patience=SLOW,
    ),
)
_AIR = (
    Verb(
        "set_temperature",
        _in("climate", "water_heater"),
        shown.near("temperature", "temperature", shown.TEMPERATURE_TOLERANCE),
        _schema(temperature=_DEGREES),
        "temperature",
    ),
    Verb(
        "set_temperature_range",
        _in("climate"),
        shown.ranged,
        _schema(low=_DEGREES, high=_DEGREES),
        "temperature_low",
    ),
    Verb(
        "set_humidity",
        _in("climate", "humidifier"),
        shown.near("humidity", "humidity", 1),
        _schema(humidity=_PERCENT),
        "humidity",
    ),
    _chosen("set_mode", _in("climate", "humidifier", "water_heater"), "mode"),
    _chosen("set_fan_mode", _in("climate"), "fan_mode"),
    _chosen("set_swing_mode", _in("climate"), "swing_mode"),
    _chosen("set_preset", _in("climate", "fan"), "preset"),
    Verb("set_percentage", _in("fan"), shown.blowing, _schema(percentage=_PERCENT), "percentage"),
    Verb(
        "oscillate",
        _in("fan"),
        shown.equal("oscillating", "oscillating"),
        _schema(oscillating={"type": "boolean"}),
        "oscillating",
    ),
    _chosen("set_direction", _in("fan"), "direction"),
)
_DRIVING = (
    Verb("start", _VACUUM, shown.is_in("cleaning"), patience=SLOW),
    Verb("return_home", _VACUUM, shown.is_in("returning", "docked"), patience=SLOW),
    Verb("locate", _VACUUM),
    Verb("clean_spot", _VACUUM, shown.is_in("cleaning"), patience=SLOW),
    Verb("clean_area", _VACUUM, shown.is_in("cleaning"), _schema(area=_TEXT), patience=SLOW),
    _chosen("set_fan_speed", _VACUUM, "fan_speed"),
    Verb("start_mowing", _MOWER, shown.is_in("mowing"), patience=SLOW),
    Verb("dock", _MOWER, shown.is_in("returning", "docked"), patience=SLOW),
)
_PLAYING = (
    Verb("play", _MEDIA, shown.is_in("playing", "buffering")),
    Verb("pause", _MEDIA | _VACUUM | _MOWER, shown.is_in("paused", "idle", "off", "standby")),
    Verb("play_media", _MEDIA, schema=_schema(query=_TEXT, media_class=_optional(_TEXT))),
    Verb("next", _MEDIA),
    Verb("previous", _MEDIA),
    Verb(
        "set_volume", _MEDIA, shown.near("volume", "volume", 2), _schema(volume=_PERCENT), "volume"
    ),
    Verb(
        "set_mute",
        _MEDIA,
        shown.equal("muted", "muted"),
        _schema(muted={"type": "boolean"}),
        "muted",
    ),
)
_GUARDING = (
    *(
        Verb(
            f"arm_{how}",
            _ALARM,
            shown.is_in(armed, "arming", "pending"),
            _CODED,
            patience=SLOW,
        )
        for how, armed in (
            ("home", "armed_home"),
            ("away", "armed_away"),
            ("night", "armed_night"),
            ("vacation", "armed_vacation"),
            ("custom", "armed_custom_bypass"),
        )
    ),
    Verb(
        "disarm",
        _ALARM,
        shown.is_in("disarmed", "disarming"),
        _CODED,
        guarded={"alarm_control_panel": None},
        patience=SLOW,
    ),
)

VERBS: Mapping[str, Verb] = {
    verb.name: verb for verb in (*_SWITCHING, *_OPENING, *_AIR, *_DRIVING, *_PLAYING, *_GUARDING)
}
