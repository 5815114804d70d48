"""From an intent to an answer: what the home is asked, found without changing anything."""

from collections.abc import Mapping
from datetime import datetime

from hub.home.finding import Finding, Question
from hub.home.model import UNAVAILABLE, Device
from hub.home.targets import Refusal, Request, floor_of, named, some, targets
from hub.home.value_questions import VALUE_QUESTIONS

_TARGET, _TARGET_RESPONSE = "temperature", "target_temperature"
_FIGURES = {"climate": "current_temperature", "weather": "temperature"}
"""The attribute that a question about such a device is after; others are asked for their state."""


def _state(request: Request, _: datetime) -> Finding:
    wanted = request.slot("state")
    response = request.match.response
    one = request.slot("name") is not None
    asked = (named(request),) if one else targets(request)
    known = tuple(device for device in asked if request.home.state(device.id).known)
    matched = tuple(device for device in known if request.home.state(device.id).value == wanted)
    return Finding(
        response,
        known,
        matched,
        unmatched=tuple(device for device in known if device not in matched),
        unknown=tuple(device for device in asked if device not in known),
        slots={"name": asked[0].name} if one else {},
    )


def _temperature(request: Request, _: datetime) -> Finding:
    """Find the thermostat that is meant, or the room's thermometer."""
    figure = _TARGET if request.match.response == _TARGET_RESPONSE else None
    if request.slot("name") is None and figure is None:
        area, floor = request.spoken_area, request.spoken_floor
        here = [
            device
            for device in request.home.devices()
            if (area is None or device.area == area.id)
            and (floor is None or floor_of(device, request.home) == floor.id)
        ]
        if not any(device.domain == "climate" for device in here):
            for device in here:
                if device.domain == "sensor" and device.device_class == "temperature":
                    return _about(request, device)
    found = [_about(request, device, figure) for device in some(request, ("climate",))]
    return next((one for one in found if one.devices), found[0])


def _weather(request: Request, _: datetime) -> Finding:
    if request.slot("name") is not None:
        return _about(request, named(request))
    reports = [device for device in request.home.devices() if device.domain == "weather"]
    if not reports:
        raise Refusal("no_domain", domain="weather")
    return _about(request, reports[0])


def _about(request: Request, device: Device, figure: str | None = None) -> Finding:
    """Return one device and its figure, if it can be reached and has told it."""
    state = request.home.state(device.id)
    figure = figure or _FIGURES.get(device.domain)
    told = state.known if figure is None else figure in state.attributes
    found = (device,)
    if told and state.value != UNAVAILABLE:
        return Finding(request.match.response, found)
    return Finding(request.match.response, unknown=found)


def _time(request: Request, now: datetime) -> Finding:
    return Finding(request.match.response, slots={"time": now.time()})


def _date(request: Request, now: datetime) -> Finding:
    return Finding(request.match.response, slots={"date": now.date()})


def _nothing(request: Request, _: datetime) -> Finding:
    return Finding(request.match.response)


def _respond(request: Request, _: datetime) -> Finding:
    """Answer small talk."""
    return Finding(request.match.response)


QUESTIONS: Mapping[str, Question] = {
    **VALUE_QUESTIONS,
    "HassGetState": _state,
    "HassClimateGetTemperature": _temperature,
    "HassGetWeather": _weather,
    "HassGetCurrentTime": _time,
    "HassGetCurrentDate": _date,
    "HassNevermind": _nothing,
    "HassRespond": _respond,
}
"""How each intent that only asks is answered. Questions raise Refusal."""
