"""What a model may do with the home: change devices, look at their states, look at the clock."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.engines.base import MustAsk, ToolError, ToolSpec
from hub.home.actions import ActionResult, Actions
from hub.home.confirmations import ASKED
from hub.home.model import AreaId, Device, Home
from hub.home.spoken_names import same_name
from hub.origin import Origin
from hub.tools.device_control import (
    CONTROL_DEVICE,
    EVERYWHERE,
    area_of,
    check_possible,
    control_match,
    text_of,
)

MAX_DEVICES = 60
"""Told at once."""

GET_STATE = ToolSpec(
    "get_state",
    "Tells what devices there are and their states: one by its name, or those of a room or kind.",
    {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "what the device is called"},
            "domain": {"type": "string", "description": "a kind: light, cover, sensor, ..."},
            "area": {
                "type": "string",
                "description": f"a room, or {EVERYWHERE!r}; left out: the person's room",
            },
        },
        "additionalProperties": False,
    },
)
GET_TIME = ToolSpec(
    "get_time",
    "Tells the date and the time of day at home.",
    {"type": "object", "properties": {}, "additionalProperties": False},
)


def to_be_asked(question: str) -> MustAsk:
    """Return what a model is told of something that needs the person's yes."""
    return MustAsk(
        "Nothing is done yet: the person has to say yes first, and that is then done without you. "
        f"The person is asked: {question}",
        question,
    )


class HomeTools:
    """The tools of one home."""

    def __init__(
        self,
        home: Home,
        actions: Actions,
        *,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        """`now` gives the time of day at home."""
        self._home = home
        self._actions = actions
        self._now = now

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tools."""
        return (CONTROL_DEVICE, GET_STATE, GET_TIME)

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        """Use one of the tools. Raises ToolError."""
        room = self._home.area_named(origin.area) if origin.area else None
        here = None if room is None else room.id
        if name == CONTROL_DEVICE.name:
            return await self._control(arguments, here, origin)
        if name == GET_STATE.name:
            return self._states(arguments, here)
        if name == GET_TIME.name:
            return f"{self._now():%A %d %B %Y, %H:%M}"
        raise ToolError(f"there is no tool {name}.")

    async def _control(
        self, arguments: Mapping[str, Any], here: AreaId | None, origin: Origin
    ) -> str:
        match = control_match(arguments, self._home, here)
        check_possible(match, self._home, here)
        result = await self._actions.perform(match, origin)
        if result.code == ASKED:
            return to_be_asked(result.speech)
        if not result.ok:
            raise ToolError(f"{result.code}: {result.speech}.{self._sent(result)}")
        return f"Done.{self._sent(result)}"

    def _sent(self, result: ActionResult) -> str:
        """Return what was told which device, and what its state is now."""
        devices = ((self._home.device(command.device), command) for command in result.commands)
        told = [
            f"{device.name}: {command.verb}, now {self._state(device)}"
            for device, command in devices
            if device is not None
        ]
        return f" {'; '.join(told)}." if told else ""

    def _states(self, arguments: Mapping[str, Any], here: AreaId | None) -> str:
        name, domain = text_of(arguments, "name"), text_of(arguments, "domain")
        area, named = area_of(arguments, self._home, here)
        found = [
            device
            for device in self._home.devices()
            if (not domain or device.domain == domain)
            and (area is None or device.area == area or (name and not named))
            and (not name or any(same_name(name, one) for one in (device.name, *device.aliases)))
        ]
        if name and not named:  # of several with one name, those of this room are meant
            found = [device for device in found if device.area == here] or found
        if not found:
            wanted = name or domain or "devices"
            raise ToolError(f"there is no {wanted} there. Perhaps in another room.")
        found.sort(key=lambda device: (device.domain, device.name, device.id))
        lines = [self._line(device) for device in found[:MAX_DEVICES]]
        if len(found) > MAX_DEVICES:
            lines.append(f"and {len(found) - MAX_DEVICES} more; ask for a room or a domain.")
        return "\n".join(lines)

    def _line(self, device: Device) -> str:
        area = None if device.area is None else self._home.area(device.area)
        where = f", {area.name}" if area is not None else ""
        return f"{device.name} ({device.device_class or device.domain}{where}): " + self._state(
            device
        )

    def _state(self, device: Device) -> str:
        state = self._home.state(device.id)
        unit = f" {device.unit}" if device.unit and device.domain in {"sensor", "number"} else ""
        told = [f"{state.value}{unit}"]
        told += [f"{key} {value}" for key, value in sorted(state.attributes.items())]
        return ", ".join(told)
