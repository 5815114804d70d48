"""From an intent to commands: what is to be done, decided without doing it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.home.model import Device, HomeCommand
from hub.home.targets import Refusal, Request, able, single, targets

COLORS: Mapping[str, tuple[int, int, int]] = {
    "white": (255, 255, 255),
    "red": (255, 0, 0),
    "orange": (255, 165, 0),
    "yellow": (255, 255, 0),
    "lime": (191, 255, 0),
    "green": (0, 255, 0),
    "turquoise": (64, 224, 208),
    "cyan": (0, 255, 255),
    "sky blue": (135, 206, 235),
    "skyblue": (135, 206, 235),
    "blue": (0, 0, 255),
    "lavender": (180, 150, 255),
    "purple": (128, 0, 255),
    "magenta": (255, 0, 255),
    "pink": (255, 105, 180),
    "crimson": (220, 20, 60),
    "coral": (255, 127, 80),
    "gold": (255, 215, 0),
    "goldenrod": (218, 165, 32),
    "beige": (245, 222, 179),
    "brown": (165, 82, 42),
    "gray": (128, 128, 128),
    "black": (0, 0, 0),
}
"""The colours that sentences name, as lamps show them."""

VOLUME_STEP = 10
_ON = {
    "cover": "open",
    "valve": "open",
    "lock": "lock",
    "scene": "activate",
    "script": "run",
    "button": "press",
}
_OFF = {"cover": "close", "valve": "close", "lock": "unlock"}
_SWITCHED = frozenset({"light", "switch", "fan", "media_player", "climate"})


@dataclass(frozen=True, slots=True)
class Plan:
    """Commands that carry a sentence out, and the answer once they have."""

    commands: tuple[HomeCommand, ...]
    response: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    """What the answer is filled in with, beyond the sentence's own slots."""


def _turn_on(request: Request) -> Plan:
    return _each(request, targets(request), lambda device: _verb(device, _ON, "turn_on"))


def _turn_off(request: Request) -> Plan:
    return _each(request, targets(request), lambda device: _verb(device, _OFF, "turn_off"))


def _verb(device: Device, special: Mapping[str, str], general: str) -> str:
    if device.domain in special:
        return special[device.domain]
    if device.domain in _SWITCHED:
        return general
    raise Refusal("feature_not_supported")


def _each(request: Request, devices: Collection[Device], verb: Callable[[Device], str]) -> Plan:
    commands = tuple(HomeCommand(device.id, verb(device)) for device in devices)
    return Plan(commands, request.match.response)


def _light_set(request: Request) -> Plan:
    lights = targets(request, ("light",))
    brightness, color = request.slot("brightness"), request.slot("color")
    warmth = request.slot("temperature")
    values: dict[str, Any] = {}
    if brightness is not None:
        lights, values["brightness"] = able(lights, "brightness"), brightness
    if color is not None:
        lights, values["color"] = able(lights, "color"), COLORS.get(str(color))
        if values["color"] is None:
            raise Refusal("feature_not_supported")
    if warmth is not None:
        lights, values["color_temperature"] = able(lights, "color_temperature"), warmth
    if brightness == 0 or color == "black":
        return _each(request, lights, lambda _: "turn_off")
    commands = tuple(HomeCommand(light.id, "turn_on", values) for light in lights)
    return Plan(commands, request.match.response)


def _set_position(request: Request) -> Plan:
    covers = targets(request, ("cover",))
    position = request.slot("position")
    ends = {0: "close", 100: "open"}
    if position in ends and not any("position" in cover.features for cover in covers):
        return _each(request, covers, lambda _: ends[position])
    commands = tuple(
        HomeCommand(cover.id, "set_position", {"position": position})
        for cover in able(covers, "position")
    )
    return Plan(commands, request.match.response)


def _set_temperature(request: Request) -> Plan:
    thermostat = single(request, ("climate",))
    able((thermostat,), "temperature")
    values = {"temperature": request.slot("temperature")}
    return Plan((HomeCommand(thermostat.id, "set_temperature", values),), request.match.response)


def _media(verb: str, *states: str, **values: Any) -> Callable[[Request], Plan]:
    """Return the planner of a verb for a media player; of several, one in `states` is meant."""

    def plan(request: Request) -> Plan:
        player = _player(request, states)
        return Plan((HomeCommand(player.id, verb, values),), request.match.response)

    return plan


def _player(request: Request, states: Collection[str]) -> Device:
    return single(
        request,
        ("media_player",),
        prefer=lambda device: request.home.state(device.id).value in states,
    )


def _set_volume(request: Request) -> Plan:
    values = {"volume": request.slot("volume_level")}
    player = _player(request, ("playing",))
    return Plan((HomeCommand(player.id, "set_volume", values),), request.match.response)


def _change_volume(request: Request) -> Plan:
    player = _player(request, ("playing",))
    now = request.home.state(player.id).attributes.get("volume")
    if now is None:
        raise Refusal("feature_not_supported")
    step = request.slot("volume_step")
    change = {"up": VOLUME_STEP, "down": -VOLUME_STEP}.get(step, step)
    values = {"volume": min(max(now + change, 0), 100)}
    return Plan((HomeCommand(player.id, "set_volume", values),), request.match.response)


PLANNERS: Mapping[str, Callable[[Request], Plan]] = {
    "HassTurnOn": _turn_on,
    "HassTurnOff": _turn_off,
    "HassLightSet": _light_set,
    "HassSetPosition": _set_position,
    "HassClimateSetTemperature": _set_temperature,
    "HassMediaNext": _media("next", "playing"),
    "HassMediaPrevious": _media("previous", "playing"),
    "HassMediaPause": _media("pause", "playing"),
    "HassMediaUnpause": _media("play", "paused"),
    "HassMediaPlayerMute": _media("set_mute", "playing", muted=True),
    "HassMediaPlayerUnmute": _media("set_mute", "playing", muted=False),
    "HassSetVolume": _set_volume,
    "HassSetVolumeRelative": _change_volume,
}
"""How each intent that changes the home is carried out. Planners raise Refusal."""
