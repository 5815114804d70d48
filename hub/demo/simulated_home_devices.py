"""What the simulated home is made of: kinds of devices, and the devices of one home. Data only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

WHOLE = "*"
"""Stands for a device's whole state, told and taken as one JSON object."""
MOVING_S = 0.15
"""How long a simulated motor runs."""

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A change of state, some time after the command that causes it."""

    changes: State
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """A command topic that takes one of a few words."""

    meanings: Mapping[str, tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Value:
    """A command topic that takes a value, which becomes the state's `key`."""

    key: str
    number: bool = True
    also: State = field(default_factory=dict)
    """What else changes with it."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A command topic that takes a JSON object, of which the state's own keys are taken over."""


@dataclass(frozen=True, slots=True)
class Orders:
    """A command topic that takes {"command": name, ...} in JSON."""

    meanings: Mapping[str, State]
    copied: tuple[str, ...] = ()
    """Further keys of the object that become state."""


Obeys = Words | Value | Merge | Orders


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of device."""

    component: str
    config: Mapping[str, Any]
    """Its discovery message, with topics relative to the device's own ("~")."""
    state: State = field(default_factory=dict)
    """What it is like when the home starts."""
    shows: Mapping[str, str] = field(default_factory=dict)
    """Which key of the state each topic tells, below "~"."""
    obeys: Mapping[str, Obeys] = field(default_factory=dict)
    """What each command topic does, below "~"."""


@dataclass(frozen=True, slots=True)
class SimulatedDevice:
    """A device of the home."""

    name: str
    kind: str
    area: str | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    """What differs from its kind in the discovery message."""
    state: State = field(default_factory=dict)
    """What differs from its kind in the state."""


def _at_once(**changes: Any) -> tuple[Step, ...]:
    return (Step(changes),)


def _moving(while_moving: str, then: str, position: int) -> tuple[Step, ...]:
    end = Step({"state": then, "position": position}, MOVING_S)
    return (Step({"state": while_moving}), end)


_ON_OFF = Words({"ON": _at_once(state="ON"), "OFF": _at_once(state="OFF")})

KINDS: Mapping[str, Kind] = {
    "plain light": Kind(
        component="light",
        config={"cmd_t": "~/set", "stat_t": "~/state"},
        state={"state": "OFF"},
        shows={"state": "state"},
        obeys={"set": _ON_OFF},
    ),
    "colour light": Kind(
        component="light",
        config={
            "cmd_t": "~/set",
            "stat_t": "~/state",
            "bri_cmd_t": "~/brightness/set",
            "bri_stat_t": "~/brightness",
            "bri_scl": 100,
            "rgb_cmd_t": "~/rgb/set",
            "rgb_stat_t": "~/rgb",
        },
        state={"state": "OFF", "brightness": 60, "rgb": "255,255,255"},
        shows={"state": "state", "brightness": "brightness", "rgb": "rgb"},
        obeys={
            "set": _ON_OFF,
            "brightness/set": Value("brightness"),
            "rgb/set": Value("rgb", number=False),
        },
    ),
    "json light": Kind(
        component="light",
        config={
            "schema": "json",
            "cmd_t": "~/set",
            "stat_t": "~",
            "brightness": True,
            "bri_scl": 254,
            "sup_clrm": ["rgb", "color_temp"],
        },
        state={
            "state": "OFF",
            "brightness": 127,
            "color": {"r": 255, "g": 255, "b": 255},
            "color_temp": 370,
        },
        shows={"": WHOLE},
        obeys={"set": Merge()},
    ),
    "switch": Kind(
        component="switch",
        config={"cmd_t": "~/set", "stat_t": "~", "val_tpl": "{{ value_json.state }}"},
        state={"state": "OFF"},
        shows={"": WHOLE},
        obeys={"set": _ON_OFF},
    ),
    "cover": Kind(
        component="cover",
        config={
            "cmd_t": "~/set",
            "stat_t": "~/state",
            "pos_t": "~/position",
            "set_pos_t": "~/position/set",
        },
        state={"state": "closed", "position": 0},
        shows={"state": "state", "position": "position"},
        obeys={
            "set": Words(
                {
                    "OPEN": _moving("opening", "open", 100),
                    "CLOSE": _moving("closing", "closed", 0),
                    "STOP": _at_once(state="open"),
                }
            ),
            "position/set": Value("position", also={"state": "open"}),
        },
    ),
    "lock": Kind(
        component="lock",
        config={"cmd_t": "~/set", "stat_t": "~/state"},
        state={"state": "LOCKED"},
        shows={"state": "state"},
        obeys={
            "set": Words(
                {
                    "LOCK": (Step({"state": "LOCKING"}), Step({"state": "LOCKED"}, MOVING_S)),
                    "UNLOCK": (Step({"state": "UNLOCKING"}), Step({"state": "UNLOCKED"}, MOVING_S)),
                }
            )
        },
    ),
    "thermostat": Kind(
        component="climate",
        config={
            "modes": ["off", "heat", "cool", "auto"],
            "mode_cmd_t": "~/mode/set",
            "mode_stat_t": "~",
            "mode_stat_tpl": "{{ value_json.mode }}",
            "temp_cmd_t": "~/temperature/set",
            "temp_stat_t": "~",
            "temp_stat_tpl": "{{ value_json.temperature }}",
            "curr_temp_t": "~",
            "curr_temp_tpl": "{{ value_json.current_temperature }}",
            "temp_unit": "C",
        },
        state={"mode": "heat", "temperature": 21, "current_temperature": 20.5},
        shows={"": WHOLE},
        obeys={
            "mode/set": Value("mode", number=False),
            "temperature/set": Value("temperature"),
        },
    ),
    "humidity sensor": Kind(
        component="sensor",
        config={
            "stat_t": "~",
            "val_tpl": "{{ value_json.humidity | round(0) }}",
            "dev_cla": "humidity",
            "unit_of_meas": "%",
        },
        state={"humidity": 54.2, "battery": 87},
        shows={"": WHOLE},
    ),
    "weather report": Kind(
        component="weather",
        config={"stat_t": "~"},
        state={"condition": "partlycloudy", "temperature": 14, "humidity": 61},
        shows={"": WHOLE},
    ),
    "television": Kind(
        component="media_player",
        config={"cmd_t": "~/set", "stat_t": "~"},
        state={"state": "playing", "volume": 30, "muted": False, "track": 1},
        shows={"": WHOLE},
        obeys={
            "set": Orders(
                {
                    "turn_on": {"state": "on"},
                    "turn_off": {"state": "off"},
                    "play": {"state": "playing"},
                    "pause": {"state": "paused"},
                    "next": {"track": 2},
                    "previous": {"track": 1},
                    "volume": {},
                    "mute": {},
                },
                copied=("volume", "muted"),
            )
        },
    ),
    "scene": Kind(component="scene", config={"cmd_t": "~/set"}, obeys={"set": Words({"ON": ()})}),
    "script": Kind(component="script", config={"cmd_t": "~/set"}, obeys={"set": Words({"ON": ()})}),
}

HOME: tuple[SimulatedDevice, ...] = (
    SimulatedDevice("Ceiling Light", "colour light", "Kitchen"),
    SimulatedDevice("Left Window", "cover", "Kitchen", {"dev_cla": "window"}),
    SimulatedDevice(
        "Right Window",
        "cover",
        "Kitchen",
        {"dev_cla": "window"},
        {"state": "open", "position": 100},
    ),
    SimulatedDevice("Sliding Door", "cover", "Kitchen", {"dev_cla": "door"}),
    SimulatedDevice("TV", "television", "Kitchen"),
    SimulatedDevice("Standing Light", "plain light", "Office"),
    SimulatedDevice("EcoBee", "thermostat", "Office"),
    SimulatedDevice("Bed Light", "json light"),
    SimulatedDevice("Garage Door", "cover", None, {"dev_cla": "garage"}),
    SimulatedDevice("Front Door", "lock"),
    SimulatedDevice("New York", "weather report"),
    SimulatedDevice("Outdoor Humidity", "humidity sensor"),
    SimulatedDevice("Party Time", "script"),
    SimulatedDevice("Mood Lighting", "scene"),
)
"""The home that the demo speaks of."""

_MANY_KINDS = ("plain light", "colour light", "json light", "switch", "cover", "humidity sensor")


def many(devices: int, rooms: int) -> Iterator[SimulatedDevice]:
    """Yield a larger home, to measure with: "Room 7 Thing 123" and so on, evenly mixed."""
    for number in range(devices):
        room = f"Room {number % rooms + 1}"
        kind = _MANY_KINDS[number % len(_MANY_KINDS)]
        yield SimulatedDevice(f"{room} Thing {number + 1}", kind, room)
