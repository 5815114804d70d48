"""From an intent to commands: what is to be done, decided without doing it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from hub.home.model import Device, HomeCommand
from hub.home.own_plans import OWN_PLANNERS
from hub.home.plan import Plan, Planner, each, told, verb_of
from hub.home.targets import Refusal, Request, able, some, targets
from hub.home.vacuums import clean_area, vacuums
from hub.home.value_plans import in_range

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
    "vacuum": "start",
    "lawn_mower": "start_mowing",
}
_OFF = {
    "cover": "close",
    "valve": "close",
    "lock": "unlock",
    "vacuum": "return_home",
    "lawn_mower": "dock",
}


def _turn_on(request: Request) -> Plan:
    return each(request, targets(request), lambda device: verb_of(device, _ON, "turn_on"))


def _turn_off(request: Request) -> Plan:
    return each(request, targets(request), lambda device: verb_of(device, _OFF, "turn_off"))


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
        return each(request, lights, lambda _: "turn_off")
    commands = tuple(HomeCommand(light.id, "turn_on", values) for light in lights)
    return Plan(commands, request.match.response)


def _set_position(request: Request) -> Plan:
    covers = targets(request, ("cover", "valve") if request.slot("name") else ("cover",))
    position = request.slot("position")
    ends = {0: "close", 100: "open"}
    if position in ends and not any("position" in cover.features for cover in covers):
        return each(request, covers, lambda _: ends[position])
    commands = tuple(
        HomeCommand(cover.id, "set_position", {"position": position})
        for cover in able(covers, "position")
    )
    return Plan(commands, request.match.response)


def _fan_speed(request: Request) -> Plan:
    fans = able(targets(request, ("fan",)), "percentage")
    percentage = request.slot("percentage")
    if percentage == 0:
        return each(request, fans, lambda _: "turn_off")
    commands: list[HomeCommand] = []
    for fan in fans:
        if request.home.state(fan.id).value == "off":  # a speed alone does not start every fan
            commands.append(HomeCommand(fan.id, "turn_on"))
        commands.append(HomeCommand(fan.id, "set_percentage", {"percentage": percentage}))
    return Plan(tuple(commands), request.match.response)


def _set_temperature(request: Request) -> Plan:
    domains = ("climate", "water_heater") if request.slot("name") else ("climate",)
    heaters, temperature = able(some(request, domains), "temperature"), request.slot("temperature")
    in_range(request, heaters, temperature)
    return told(request, heaters, "set_temperature", temperature=temperature)


def _set_fan_mode(request: Request) -> Plan:
    mode = request.slot("fan_mode")
    thermostats = [
        device
        for device in able(some(request, ("climate",)), "fan_mode")
        if mode in request.home.state(device.id).attributes.get("fan_modes", (mode,))
    ]
    if not thermostats:
        raise Refusal("feature_not_supported")
    return told(request, thermostats, "set_fan_mode", fan_mode=mode)


def _media(verb: str, *states: str, **values: Any) -> Planner:
    """Return the planner of a verb for media players; of several, those in `states` are meant."""
    return lambda request: told(request, _players(request, states), verb, **values)


def _players(request: Request, states: Collection[str]) -> tuple[Device, ...]:
    return some(
        request,
        ("media_player",),
        prefer=lambda device: request.home.state(device.id).value in states,
    )


def _search(request: Request) -> Plan:
    players = able(_players(request, ("playing", "on", "idle", "paused")), "play_media")
    query, kind = request.slot("search_query"), request.slot("media_class")
    values = {"query": query} if kind is None else {"query": query, "media_class": kind}
    plan = told(request, players[:1], "play_media", **values)
    return replace(plan, slots={"media": {"title": query}})


def _set_volume(request: Request) -> Plan:
    players = _players(request, ("playing",))
    return told(request, players, "set_volume", volume=request.slot("volume_level"))


def _change_volume(request: Request) -> Plan:
    step = request.slot("volume_step")
    change = {"up": VOLUME_STEP, "down": -VOLUME_STEP}.get(step, step)
    commands = []
    for player in _players(request, ("playing",)):
        now = request.home.state(player.id).attributes.get("volume")
        if now is not None:
            values = {"volume": min(max(now + change, 0), 100)}
            commands.append(HomeCommand(player.id, "set_volume", values))
    if not commands:
        raise Refusal("feature_not_supported")
    return Plan(tuple(commands), request.match.response)


def _vacuum(verb: str) -> Planner:
    return lambda request: told(request, vacuums(request), verb)


def _clean_area(request: Request) -> Plan:
    vacuum, area = clean_area(request)
    return told(request, (vacuum,), "clean_area", area=area)


def _mower(verb: str) -> Planner:
    return lambda request: told(request, some(request, ("lawn_mower",)), verb)


PLANNERS: Mapping[str, Planner] = {
    **OWN_PLANNERS,
    "HassTurnOn": _turn_on,
    "HassTurnOff": _turn_off,
    "HassLightSet": _light_set,
    "HassSetPosition": _set_position,
    "HassFanSetSpeed": _fan_speed,
    "HassClimateSetTemperature": _set_temperature,
    "HassClimateSetFanMode": _set_fan_mode,
    "HassMediaNext": _media("next", "playing"),
    "HassMediaPrevious": _media("previous", "playing"),
    "HassMediaPause": _media("pause", "playing"),
    "HassMediaUnpause": _media("play", "paused"),
    "HassMediaPlayerMute": _media("set_mute", "playing", muted=True),
    "HassMediaPlayerUnmute": _media("set_mute", "playing", muted=False),
    "HassMediaSearchAndPlay": _search,
    "HassSetVolume": _set_volume,
    "HassSetVolumeRelative": _change_volume,
    "HassVacuumStart": _vacuum("start"),
    "HassVacuumReturnToBase": _vacuum("return_home"),
    "HassVacuumCleanArea": _clean_area,
    "HassLawnMowerStartMowing": _mower("start_mowing"),
    "HassLawnMowerDock": _mower("dock"),
}
"""How each intent that changes the home is carried out. Planners raise Refusal."""
