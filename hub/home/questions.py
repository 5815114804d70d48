"""From an intent to an answer: what the home is asked, found without changing anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.home.model import Device
from hub.home.targets import Refusal, Request, named, single, targets


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, for the answer to tell."""

    response: str
    devices: tuple[Device, ...] = ()
    """What the answer speaks of; the first is its subject."""
    matched: tuple[Device, ...] = ()
    unmatched: tuple[Device, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)


Question = Callable[[Request, datetime], Finding]


def _state(request: Request, _: datetime) -> Finding:
    wanted = request.slot("state")
    response = request.match.response
    if request.slot("name") is not None:
        device = named(request)
        matched = wanted is not None and request.home.state(device.id).value == wanted
        return Finding(
            response,
            (device,),
            matched=(device,) if matched else (),
            unmatched=() if matched else (device,),
            slots={"name": device.name},
        )
    devices = tuple(device for device in targets(request) if request.home.state(device.id).known)
    matched_devices = tuple(
        device for device in devices if request.home.state(device.id).value == wanted
    )
    unmatched = tuple(device for device in devices if device not in matched_devices)
    return Finding(response, devices, matched_devices, unmatched)


def _temperature(request: Request, _: datetime) -> Finding:
    """Find the thermostat that is meant, or the room's thermometer."""
    response = request.match.response
    if request.slot("name") is None and (area := request.spoken_area) is not None:
        here = [device for device in request.home.devices() if device.area == area.id]
        if not any(device.domain == "climate" for device in here):
            for device in here:
                if device.domain == "sensor" and device.device_class == "temperature":
                    return Finding(response, (device,))
    return Finding(response, (single(request, ("climate",)),))


def _weather(request: Request, _: datetime) -> Finding:
    if request.slot("name") is not None:
        return Finding(request.match.response, (named(request),))
    reports = [device for device in request.home.devices() if device.domain == "weather"]
    if not reports:
        raise Refusal("no_domain", domain="weather")
    return Finding(request.match.response, (reports[0],))


def _time(request: Request, now: datetime) -> Finding:
    return Finding(request.match.response, slots={"time": now.time()})


def _date(request: Request, now: datetime) -> Finding:
    return Finding(request.match.response, slots={"date": now.date()})


def _nothing(request: Request, _: datetime) -> Finding:
    return Finding(request.match.response)


def _respond(request: Request, _: datetime) -> Finding:
    """Answer small talk; what the package says of its own makers and servers is not so here."""
    if request.match.response not in {"hello", "listening"}:
        raise Refusal("no_intent")
    return Finding(request.match.response)


QUESTIONS: Mapping[str, Question] = {
    "HassGetState": _state,
    "HassClimateGetTemperature": _temperature,
    "HassGetWeather": _weather,
    "HassGetCurrentTime": _time,
    "HassGetCurrentDate": _date,
    "HassNevermind": _nothing,
    "HassRespond": _respond,
}
"""How each intent that only asks is answered. Questions raise Refusal."""
