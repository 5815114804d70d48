"""What the devices of the checked home are: discovery messages, and how they answer. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FAN_MODES = (
    "auto", "on", "off", "low", "medium", "high", "top", "middle", "focus", "diffuse",
)  # fmt: skip
TEMPERATURE = 20.5
"""What every thermostat measures."""
WEATHER: Mapping[str, Any] = {
    "condition": "sunny",
    "temperature": 14,
    "humidity": 61,
    "pressure": 1013,
    "wind_speed": 18,
}


@dataclass(frozen=True, slots=True)
class Echo:
    """What a device tells when it is told something."""

    topic: str
    meanings: Mapping[str, str] | str | None = None
    """What each payload becomes, or every one; None: it tells what it was told."""

    def answer(self, payload: str) -> str:
        """Return what it tells when it is told this."""
        if isinstance(self.meanings, str):
            return self.meanings
        return (self.meanings or {}).get(payload, payload)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of device. Topics stand below the device's own."""

    component: str
    config: Mapping[str, Any] = field(default_factory=dict)
    on: Mapping[str, str] = field(default_factory=dict)
    """What it tells at first if it starts on, open, locked or playing: payloads by topic."""
    off: Mapping[str, str] = field(default_factory=dict)
    """The same of one that does not."""
    echoes: Mapping[str, Echo] = field(default_factory=dict)
    """By command topic."""

    @property
    def domain(self) -> str:
        """What home-assistant-intents calls it."""
        return self.component


def _steady(
    component: str,
    config: Mapping[str, Any],
    tells: Mapping[str, str],
    echoes: Mapping[str, Echo] | None = None,
) -> Kind:
    """Return a kind of which every device is the same at first."""
    return Kind(component, config, tells, tells, echoes or {})


_ON, _OFF, _ECHO = {"state": "ON"}, {"state": "OFF"}, {"set": Echo("state")}
_SET_AND_TELL = {"cmd_t": "~/set", "stat_t": "~/state"}
_LIT = {"brightness": "60", "rgb": "255,255,255", "kelvin": "2700"}
_COVER = Kind(
    "cover",
    {**_SET_AND_TELL, "pos_t": "~/position", "set_pos_t": "~/position/set"},
    on={"state": "open", "position": "100"},
    off={"state": "closed", "position": "0"},
    echoes={
        "set": Echo("state", {"OPEN": "opening", "CLOSE": "closing", "STOP": "stopped"}),
        "position/set": Echo("position"),
    },
)
_CLASSES = (
    "awning", "blind", "curtain", "door", "garage", "gate", "shade", "shutter", "window",
)  # fmt: skip

KINDS: Mapping[str, Kind] = {
    "light": Kind(
        "light",
        {
            **_SET_AND_TELL,
            "bri_cmd_t": "~/brightness/set", "bri_stat_t": "~/brightness", "bri_scl": 100,
            "rgb_cmd_t": "~/rgb/set", "rgb_stat_t": "~/rgb",
            "clr_temp_cmd_t": "~/kelvin/set", "clr_temp_stat_t": "~/kelvin", "clr_temp_k": True,
            "min_k": 1000, "max_k": 12000,
        },
        on={"state": "ON", **_LIT},
        off={"state": "OFF", **_LIT},
        echoes={
            "set": Echo("state"),
            "brightness/set": Echo("brightness"),
            "rgb/set": Echo("rgb"),
            "kelvin/set": Echo("kelvin"),
        },
    ),
    "switch": Kind("switch", _SET_AND_TELL, _ON, _OFF, _ECHO),
    "fan": Kind(
        "fan",
        {**_SET_AND_TELL, "percentage_command_topic": "~/percentage/set",
         "percentage_state_topic": "~/percentage"},
        on={"state": "ON", "percentage": "40"},
        off={"state": "OFF", "percentage": "0"},
        echoes={"set": Echo("state"), "percentage/set": Echo("percentage")},
    ),
    **{
        f"cover {name}": Kind(
            "cover", {**_COVER.config, "dev_cla": name}, _COVER.on, _COVER.off, _COVER.echoes
        )
        for name in _CLASSES
    },
    "lock": Kind(
        "lock",
        _SET_AND_TELL,
        on={"state": "LOCKED"},
        off={"state": "UNLOCKED"},
        echoes={"set": Echo("state", {"LOCK": "LOCKED", "UNLOCK": "UNLOCKED"})},
    ),
    "valve": Kind(
        "valve",
        {**_SET_AND_TELL, "reports_position": True},
        on={"state": "100"},
        off={"state": "0"},
        echoes={"set": Echo("state")},
    ),
    "climate": _steady(
        "climate",
        {
            "modes": ["off", "heat", "cool", "auto"],
            "mode_cmd_t": "~/mode/set", "mode_stat_t": "~/mode",
            "temp_cmd_t": "~/temperature/set", "temp_stat_t": "~/temperature",
            "curr_temp_t": "~/measured", "temp_unit": "C", "min_temp": 0, "max_temp": 101,
            "fan_modes": list(FAN_MODES),
            "fan_mode_command_topic": "~/fan/set", "fan_mode_state_topic": "~/fan",
        },
        {"mode": "heat", "temperature": "21", "measured": str(TEMPERATURE),
                 "fan": "auto"},
        {
            "mode/set": Echo("mode"),
            "temperature/set": Echo("temperature"),
            "fan/set": Echo("fan"),
        },
    ),
    "player": Kind(
        "media_player",
        {
            "cmd_t": "~/set", "stat_t": "~/state",
            "commands": [
                "turn_on", "turn_off", "play", "pause", "next", "previous", "volume", "mute",
                "play_media",
            ],
        },
        on={"state": '{"state": "playing", "volume": 30, "muted": false}'},
        off={"state": '{"state": "paused", "volume": 30, "muted": true}'},
    ),
    "vacuum": _steady(
        "vacuum",
        {
            "cmd_t": "~/set", "stat_t": "~/state",
            "supported_features": ["start", "pause", "stop", "return_home"],
            "clean_segments_command_topic": "~/clean",
        },
        {"state": '{"state": "docked"}'},
        {
            "set": Echo(
                "state",
                {"start": '{"state": "cleaning"}', "return_to_base": '{"state": "returning"}'},
            ),
            "clean": Echo("state", '{"state": "cleaning"}'),
        },
    ),
    "mower": _steady(
        "lawn_mower",
        {
            "activity_state_topic": "~/activity",
            "start_mowing_command_topic": "~/start",
            "dock_command_topic": "~/dock",
        },
        {"activity": "docked"},
        {
            "start": Echo("activity", {"start_mowing": "mowing"}),
            "dock": Echo("activity", {"dock": "docked"}),
        },
    ),
    "scene": Kind("scene", {"cmd_t": "~/set"}),
    "script": Kind("script", {"cmd_t": "~/set"}),
    "button": Kind("button", {"cmd_t": "~/set"}),
    "weather": Kind("weather", {"stat_t": "~/state"}),
    "temperature": _steady(
        "sensor",
        {"stat_t": "~/state", "dev_cla": "temperature", "unit_of_meas": "°C"},
        {"state": "7.5"},
    ),
    "humidity": _steady(
        "sensor",
        {"stat_t": "~/state", "dev_cla": "humidity", "unit_of_meas": "%"},
        {"state": "54"},
    ),
    "contact": Kind(
        "binary_sensor",
        {"stat_t": "~/state", "dev_cla": "door"},
        on={"state": "ON"},
        off={"state": "OFF"},
    ),
    "occupancy": Kind(
        "binary_sensor",
        {"stat_t": "~/state", "dev_cla": "occupancy"},
        on={"state": "ON"},
        off={"state": "OFF"},
    ),
    "todo": Kind("todo"),
}  # fmt: skip
