"""Plans for values: numbers in their range, options by their names, a bit more or less of light."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hub.home.choices import Choice, choices
from hub.home.model import Device, HomeCommand
from hub.home.plan import Plan, Planner, each, told
from hub.home.spoken_values import Measure, Option, Options
from hub.home.targets import Refusal, Request, able, some, targets

BRIGHTNESS_STEP = 20
"""Percent by which "brighter" and "dimmer" change a light."""
WARMTH_STEP_K = 500
DEGREES_STEP = 1
"""By which "warmer" and "cooler" change a thermostat."""
WARMEST_K, COLDEST_K = 2000, 6500
_NO_EFFECT = ("off", "none", "no effect", "stop effect", "stop_effect", "solid", "static")
"""What lamps call the effect that is none, the likeliest first."""


def in_range(request: Request, devices: Sequence[Device], value: float) -> None:
    """Check that a value is in the range that each device has told. Raises Refusal."""
    for device in devices:
        state = request.home.state(device.id)
        least, most = state.attributes.get("min"), state.attributes.get("max")
        if least is not None and most is not None and not least <= value <= most:
            raise Refusal("out_of_range", name=device.name, least=Measure(least, None),
                          most=Measure(most, device.unit))  # fmt: skip


def _set_value(request: Request) -> Plan:
    devices = targets(request)
    value = request.slot("value")
    in_range(request, devices, value)
    plan = told(request, devices, "set_value", value=value)
    unit = devices[0].unit
    return replace(plan, slots={"name": devices[0].name, "value": Measure(value, unit)})


def _set_humidity(request: Request) -> Plan:
    devices = able(targets(request), "humidity")
    humidity = request.slot("humidity")
    # The range that a thermostat tells is that of its temperature.
    in_range(request, [one for one in devices if one.domain == "humidifier"], humidity)
    return told(request, devices, "set_humidity", humidity=humidity)


def _set_text(request: Request) -> Plan:
    [device] = targets(request)
    text = str(request.slot("text")).strip()
    return replace(told(request, (device,), "set_text", text=text),
                   slots={"name": device.name, "text": text})  # fmt: skip


def _notify(request: Request) -> Plan:
    [device] = targets(request)
    message = str(request.slot("message")).strip()
    return told(request, (device,), "notify", message=message)


def _choose(request: Request) -> Plan:
    """Tell a device, or those of a room that know it, the option that was said."""
    said, spoken = str(request.slot("option")).strip(), request.slot("aspect")
    commands: list[HomeCommand] = []
    options: list[str] = []
    chosen = ""
    known = False
    devices = targets(request)
    for device in devices:
        found = choices(device, request.home.state(device.id), spoken)
        known = known or bool(found)
        for choice in found:
            options += choice.options
            if (option := choice.meant(said)) is not None:
                commands.append(_chosen(device, choice, option))
                chosen = option
                break
    if not known:
        raise Refusal("nothing_to_choose", name=devices[0].name)
    if not commands:
        raise Refusal("no_such_option", name=devices[0].name, said=said,
                      options=Options(list(dict.fromkeys(options))))  # fmt: skip
    slots = {"name": devices[0].name, "option": Option(chosen)}
    return Plan(tuple(commands), request.match.response, slots)


def _chosen(device: Device, choice: Choice, option: str) -> HomeCommand:
    return HomeCommand(device.id, choice.aspect.verb, {choice.aspect.name: option})


def _stop_effect(request: Request) -> Plan:
    """Choose the effect that is none; of a lamp without one, its light as it was."""
    commands = []
    for light in able(targets(request, ("light",)), "effect"):
        state = request.home.state(light.id)
        offered = {str(one).casefold(): str(one) for one in state.attributes.get("effects", ())}
        none = next((offered[one] for one in _NO_EFFECT if one in offered), None)
        if none is not None:
            commands.append(HomeCommand(light.id, "turn_on", {"effect": none}))
            continue
        plain = {
            name: state.attributes[name]
            for name in ("color", "color_temperature")
            if name in light.features and state.attributes.get(name) is not None
        }
        if not plain:
            raise Refusal("no_way_back", name=light.name)
        commands.append(HomeCommand(light.id, "turn_on", dict([next(iter(plain.items()))])))
    return Plan(tuple(commands), request.match.response)


def _brighter(request: Request) -> Plan:
    step = BRIGHTNESS_STEP if request.slot("change") == "up" else -BRIGHTNESS_STEP
    named = request.slot("name") is not None
    values: dict[Device, float] = {}
    for light in able(targets(request, ("light",)), "brightness"):
        state = request.home.state(light.id)
        now = state.attributes.get("brightness") if state.value == "on" else 0
        if now is not None and (state.value == "on" or (named and step > 0)):
            values[light] = min(max(now + step, 1), 100)
    return _changed(request, values, "turn_on", "brightness")


def _warmer(request: Request) -> Plan:
    """Change the light's warmth or the heating, whichever is meant. Raises Refusal."""
    up = request.slot("change") == "up"
    devices = targets(request, ("light", "climate"))
    lights = {
        device: min(max(now + (-WARMTH_STEP_K if up else WARMTH_STEP_K), WARMEST_K), COLDEST_K)
        for device in devices
        if (now := _told(request, device, "light", "color_temperature")) is not None
        and request.home.state(device.id).value == "on"
    }
    heaters = {
        device: now + (DEGREES_STEP if up else -DEGREES_STEP)
        for device in devices
        if (now := _told(request, device, "climate", "temperature")) is not None
    }
    if lights and heaters:
        raise Refusal("warmer_what")
    if heaters:
        for device, degrees in heaters.items():
            in_range(request, (device,), degrees)
        return _changed(request, heaters, "set_temperature", "temperature")
    return _changed(request, lights, "turn_on", "color_temperature")


def _told(request: Request, device: Device, domain: str, attribute: str) -> Any:
    if device.domain != domain or attribute not in device.features:
        return None
    return request.home.state(device.id).attributes.get(attribute)


def _changed(request: Request, values: Mapping[Device, float], verb: str, name: str) -> Plan:
    if not values:
        raise Refusal("nothing_lit")
    commands = tuple(HomeCommand(one.id, verb, {name: value}) for one, value in values.items())
    return Plan(commands, str(request.slot("change")))


def _oscillate(request: Request) -> Plan:
    fans = able(targets(request, ("fan",)), "oscillate")
    wanted = request.slot("oscillating") == "on"
    return replace(told(request, fans, "oscillate", oscillating=wanted),
                   response="on" if wanted else "off")  # fmt: skip


def _tilt(request: Request) -> Plan:
    covers = able(targets(request, ("cover",)), "tilt")
    if (tilt := request.slot("tilt")) is not None:
        return told(request, covers, "set_tilt", tilt=tilt)
    verb = {"open": "open_tilt", "close": "close_tilt"}[str(request.slot("way"))]
    return each(request, covers, lambda _: verb)


def _temperature_range(request: Request) -> Plan:
    low, high = request.slot("low"), request.slot("high")
    if low > high:
        raise Refusal("wrong_order")
    thermostats = able(some(request, ("climate",)), "temperature_range")
    for value in (low, high):
        in_range(request, thermostats, value)
    return told(request, thermostats, "set_temperature_range", low=low, high=high)


def _clean_spot(request: Request) -> Plan:
    return told(request, able(some(request, ("vacuum",)), "clean_spot"), "clean_spot")


VALUE_PLANNERS: Mapping[str, Planner] = {
    "HassHumidifierSetpoint": _set_humidity,
    "SottoSetValue": _set_value,
    "SottoSetText": _set_text,
    "SottoNotify": _notify,
    "SottoChoose": _choose,
    "SottoStopEffect": _stop_effect,
    "SottoBrighter": _brighter,
    "SottoWarmer": _warmer,
    "SottoOscillate": _oscillate,
    "SottoTilt": _tilt,
    "SottoTemperatureRange": _temperature_range,
    "SottoCleanSpot": _clean_spot,
}
"""Planners raise Refusal."""
