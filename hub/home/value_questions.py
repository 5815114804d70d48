"""Questions about values: what is set or chosen, what happened when, what there is to install."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.home.choices import choices
from hub.home.finding import Finding, Question
from hub.home.model import UNAVAILABLE, Device
from hub.home.spoken_values import Measure, Names, Option, PastMoment
from hub.home.targets import Refusal, Request, named, of_a_kind, some

_UNITS = {
    "brightness": "%", "percentage": "%", "humidity": "%", "position": "%", "tilt": "%",
    "volume": "%", "color_temperature": "K",
}  # fmt: skip
"""Of the attributes that a question can be about; those of temperatures are the device's."""


def _value(request: Request, _: datetime) -> Finding:
    device = named(request)
    if not request.home.state(device.id).known:
        return Finding("default", unknown=(device,))
    response = {"text": "text", "number": "default"}.get(device.domain, "option")
    value = request.home.state(device.id).value
    if response == "text" and not value.strip():
        response = "empty"
    slots = {"name": device.name, "option": Option(value)}
    return Finding(response, (device,), slots=slots)


def _choice(request: Request, _: datetime) -> Finding:
    device = named(request)
    state = request.home.state(device.id)
    found = choices(device, state, request.slot("aspect"))
    if not found:
        raise Refusal("nothing_to_choose", name=device.name)
    told = next((now for choice in found if (now := choice.now(state)) is not None), None)
    if state.value == UNAVAILABLE:
        return Finding("default", unknown=(device,))
    if told is None:
        # A lamp that knows effects and tells of none has none now.
        if found[0].aspect.name in {"effect", "preset"} and state.known:
            return Finding("none", (device,), slots={"name": device.name})
        return Finding("default", unknown=(device,))
    return Finding("default", (device,), slots={"name": device.name, "option": Option(told)})


def _figure(request: Request, _: datetime) -> Finding:
    device = named(request)
    state = request.home.state(device.id)
    name = str(request.slot("figure"))
    number = state.attributes.get(name)
    if name == "brightness" and state.value == "off":
        number = 0
    if number is None or state.value == UNAVAILABLE:
        if not state.known or name in device.features:
            return Finding("default", unknown=(device,))
        raise Refusal("nothing_to_choose", name=device.name)
    slots = {"name": device.name, "value": Measure(number, _UNITS.get(name, device.unit))}
    return Finding("default", (device,), slots=slots)


def _armed(request: Request, _: datetime) -> Finding:
    """Tell whether an alarm panel is as was asked, and how it is."""
    wanted = request.slot("armed")
    panels = some(request, ("alarm_control_panel",))
    known = tuple(one for one in panels if request.home.state(one.id).known)
    unknown = tuple(one for one in panels if one not in known)
    if not known:
        return Finding("state", unknown=unknown)
    states = [request.home.state(one.id).value for one in known]
    right = all(state == wanted or (wanted == "armed" and _is_armed(state)) for state in states)
    response = "state" if wanted is None else "yes" if right else "no"
    return Finding(response, known, unknown=unknown, slots={"name": known[0].name})


def _is_armed(state: str) -> bool:
    return state.startswith("armed")


def _last_event(request: Request, now: datetime) -> Finding:
    device = named(request)
    state = request.home.state(device.id)
    at = _moment(state.attributes.get("time"))
    if state.value == UNAVAILABLE:
        return Finding("default", unknown=(device,))
    if at is None:
        return Finding("never", (device,), slots={"name": device.name})
    slots = {"name": device.name, "moment": PastMoment(at, now)}
    return Finding("default", (device,), slots=slots)


def _moment(told: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.astimezone()


def _update_of(request: Request, _: datetime) -> Finding:
    device = named(request)
    state = request.home.state(device.id)
    if not state.known:
        return Finding("no", unknown=(device,))
    latest = state.attributes.get("latest_version")
    slots = {"name": device.name, "version": "" if latest is None else str(latest)}
    return Finding("yes" if state.value == "on" else "no", (device,), slots=slots)


def _updates(request: Request, _: datetime) -> Finding:
    """Tell of which devices there is newer software."""
    updates = of_a_kind(request, ("update",))
    known = tuple(one for one in updates if request.home.state(one.id).known)
    new = tuple(one for one in known if request.home.state(one.id).value == "on")
    if not known:
        return Finding("none", unknown=updates)
    return Finding(_by_count(new), slots={"names": Names([one.name for one in new])})


def _by_count(devices: tuple[Device, ...]) -> str:
    return "none" if not devices else "one" if len(devices) == 1 else "several"


VALUE_QUESTIONS: Mapping[str, Question] = {
    "SottoGetValue": _value,
    "SottoGetChoice": _choice,
    "SottoGetFigure": _figure,
    "SottoGetAlarm": _armed,
    "SottoLastEvent": _last_event,
    "SottoUpdateOf": _update_of,
    "SottoUpdates": _updates,
}
"""Questions raise Refusal."""
