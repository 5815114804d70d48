"""Plans for what our own sentences ask, beyond the intents of home-assistant-intents."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hub.home.model import Device, DeviceState
from hub.home.plan import Plan, Planner, each, told, verb_of
from hub.home.spoken_names import same_name
from hub.home.targets import Refusal, Request, able, some, targets

_OPEN = frozenset({"open", "opening"})
_ALARM = "alarm_control_panel"
_ARM = "arm_away"
"""How an alarm is armed if nobody says how."""


def _toggle(request: Request) -> Plan:
    devices = targets(request)
    plan = each(request, devices, lambda device: _opposite(device, request.home.state(device.id)))
    if len(devices) > 1 or request.slot("name") is None:
        return plan
    [command] = plan.commands
    return replace(plan, response=command.verb.removeprefix("turn_"))


def _opposite(device: Device, state: DeviceState) -> str:
    if device.domain == "cover":
        return "close" if state.value in _OPEN else "open"
    # A thermostat's state is its mode; any mode but "off" is on.
    on = state.known and state.value not in {"off", "standby"}
    return verb_of(device, {}, "turn_off" if on else "turn_on")


def _stop(request: Request) -> Plan:
    return each(request, targets(request), lambda device: verb_of(device, {}, "stop"))


def _arm(request: Request) -> Plan:
    return told(request, some(request, (_ALARM,)), request.slot("mode") or _ARM)


def _disarm(request: Request) -> Plan:
    return told(request, some(request, (_ALARM,)), "disarm")


def _simple(verb: str) -> Planner:
    """Return the planner of a verb without values."""
    return lambda request: each(request, targets(request), lambda device: verb_of(device, {}, verb))


def _set(verb: str, slot: str, value: str, feature: str | None = None) -> Planner:
    """Return the planner of a verb with one value, which a slot gives."""

    def plan(request: Request) -> Plan:
        devices = targets(request)
        if feature is not None:
            devices = able(devices, feature)
        return told(request, devices, verb, **{value: request.slot(slot)})

    return plan


def _select(request: Request) -> Plan:
    [device] = targets(request)
    said = str(request.slot("option"))
    options: Any = request.home.state(device.id).attributes.get("options", ())
    option = next((one for one in options if same_name(said, str(one))), None)
    if option is None:
        raise Refusal("entity_wrong_state", state=said)
    return replace(told(request, (device,), "select_option", option=option),
                   slots={"option": option})  # fmt: skip


OWN_PLANNERS: Mapping[str, Planner] = {
    "HassToggle": _toggle,
    "HassStopMoving": _stop,
    "HassHumidifierSetpoint": _set("set_humidity", "humidity", "humidity"),
    "SottoArm": _arm,
    "SottoDisarm": _disarm,
    "SottoSetMode": _set("set_mode", "mode", "mode", "mode"),
    "SottoSetValue": _set("set_value", "value", "value"),
    "SottoSelectOption": _select,
    "SottoInstallUpdate": _simple("install"),
    "SottoPause": _simple("pause"),
    "SottoLocate": _simple("locate"),
}
