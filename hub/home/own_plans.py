"""Plans for what our own sentences ask, beyond the intents of home-assistant-intents."""

from collections.abc import Mapping
from dataclasses import replace

from hub.home.model import Device, DeviceState
from hub.home.plan import Plan, Planner, each, told, verb_of
from hub.home.targets import Request, some, targets
from hub.home.value_plans import VALUE_PLANNERS

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


OWN_PLANNERS: Mapping[str, Planner] = {
    "HassToggle": _toggle,
    "HassStopMoving": _stop,
    "SottoArm": _arm,
    "SottoDisarm": _disarm,
    **VALUE_PLANNERS,
    "SottoInstallUpdate": _simple("install"),
    "SottoPause": _simple("pause"),
    "SottoLocate": _simple("locate"),
}
