from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from hub.engines.base import ToolError
from hub.home.actions import Actions
from hub.home.confirmations import Confirmations
from hub.home.gate import PolicyGate
from hub.home.model import AreaId, Device, DeviceId, Home
from hub.home.policy import Policy
from hub.origin import Origin
from hub.tools.home_tools import MAX_DEVICES, HomeTools
from tests.hub.home.small_home import ObedientSink, small_home

NOON = datetime(2026, 3, 1, 12, 5)  # noqa: DTZ001 (a wall clock at home)


class House:
    """A home, its tools, and what they did."""

    def __init__(self, home: Home | None = None, **faults: Any) -> None:
        self.home = home or small_home()
        self.sink = ObedientSink(self.home, **faults)
        gate = PolicyGate(self.home, Policy(self.home), Confirmations())
        actions = Actions(self.home, self.sink, confirm_timeout_s=0.02, gate=gate)
        self.tools = HomeTools(self.home, actions, now=lambda: NOON)

    async def call(self, tool: str, /, **arguments: Any) -> str:
        return await self.tools.call(tool, arguments, Origin("Kitchen", "en", conversation="c1"))

    @property
    def done(self) -> list[tuple[str, str, Mapping[str, Any]]]:
        return [(one.device, one.verb, one.values) for one in self.sink.commands]


@pytest.mark.parametrize(
    ("arguments", "done"),
    [
        ({"action": "on", "name": "Bed Light"}, [("bed", "turn_on", {})]),
        ({"action": "off", "name": "night light", "area": "everywhere"}, [("bed", "turn_off", {})]),
        ({"action": "on", "name": "lamp"}, [("lamp1", "turn_on", {})]),
        ({"action": "on", "name": "lamp", "area": "study"}, [("lamp2", "turn_on", {})]),
        (
            {"action": "off", "domain": "light"},
            [("ceiling", "turn_off", {}), ("counter", "turn_off", {}), ("lamp1", "turn_off", {})],
        ),
        (
            {"action": "on", "domain": "light", "area": "Office"},
            [("standing", "turn_on", {}), ("lamp2", "turn_on", {})],
        ),
        ({"action": "open", "domain": "cover"}, [("left", "open", {}), ("right", "open", {})]),
        ({"action": "close", "name": "left window"}, [("left", "close", {})]),
        ({"action": "close"}, [("left", "close", {}), ("right", "close", {})]),
        ({"action": "lock", "name": "back door"}, [("back", "lock", {})]),
        ({"action": "on", "name": "mood lighting"}, [("mood", "activate", {})]),
        (
            {"action": "set", "name": "ceiling light", "brightness": "40%", "color": "green"},
            [("ceiling", "turn_on", {"brightness": 40, "color": (0, 255, 0)})],
        ),
        (
            {"action": "set", "brightness": 40},
            [("ceiling", "turn_on", {"brightness": 40})],
        ),
        (
            {"action": "set", "name": "left window", "position": 30},
            [("left", "set_position", {"position": 30})],
        ),
        (
            {"action": "set", "temperature": 21.5},
            [("ecobee", "set_temperature", {"temperature": 21.5})],
        ),
    ],
)
async def test_arguments_become_commands(
    arguments: dict[str, Any], done: list[tuple[str, str, dict[str, Any]]]
) -> None:
    house = House()
    told = await house.call("control_device", **arguments)
    assert told.startswith("Done. ")
    assert house.done == done


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({}, "action must be one of"),
        ({"action": "explode", "name": "Bed Light"}, "action must be one of"),
        ({"action": ["on"]}, "action must be a short text"),
        ({"action": "on"}, "give the name of a device, or a domain"),
        ({"action": "on", "name": "x" * 1000}, "name must be a short text"),
        ({"action": "on", "name": "Fountain"}, "no entity"),
        ({"action": "on", "name": "Kettle", "area": "Office"}, "no entity in area"),
        ({"action": "on", "name": "Kettle", "area": "Moon"}, "There are: Kitchen, Office"),
        ({"action": "on", "domain": "fan"}, "no domain in area"),
        ({"action": "on", "domain": "sun"}, "domain must be one of"),
        ({"action": "on", "domain": "scene", "area": "everywhere"}, "give the name of the scene"),
        ({"action": "open", "domain": "light"}, "open is not for light"),
        ({"action": "on", "name": "Leak"}, "feature_not_supported"),
        ({"action": "set", "name": "Bed Light"}, "set needs values of one kind"),
        ({"action": "set", "brightness": 1, "position": 1}, "set needs values of one kind"),
        ({"action": "set", "brightness": "much"}, "brightness must be a number"),
        ({"action": "set", "brightness": 400}, "brightness must be from 0 to 100"),
        ({"action": "set", "temperature": "nan"}, "temperature must be from"),
        ({"action": "set", "color": "octarine"}, "color must be one of"),
        ({"action": "set", "name": "Kettle", "brightness": 40}, "no entity"),
    ],
)
async def test_what_can_not_be_done_is_told_and_not_done(
    arguments: dict[str, Any], why: str
) -> None:
    house = House()
    with pytest.raises(ToolError, match=why):
        await house.call("control_device", **arguments)
    assert house.done == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"action": "unlock", "name": "Front Door"},
        {"action": "off", "name": "Front Door"},
        {"action": "off", "domain": "lock", "area": "everywhere"},
        {"action": "open", "name": "Garage Door"},
        {"action": "close", "name": "Garage Door"},
        {"action": "on", "name": "Garage Door"},
        {"action": "open", "domain": "cover", "area": "everywhere"},
        {"action": "set", "name": "Garage Door", "position": 100},
    ],
)
async def test_locks_and_gates_need_a_person(arguments: dict[str, Any]) -> None:
    house = House()
    told = await house.call("control_device", **arguments)
    assert "Nothing is done yet" in told
    assert "Shall I" in told
    assert house.done == []


async def test_a_device_that_does_not_react_is_told() -> None:
    house = House(deaf=("bed",))
    with pytest.raises(ToolError, match="no-reaction: Bed Light did not react"):
        await house.call("control_device", action="on", name="bed light")


async def test_a_home_that_can_not_be_reached_is_told() -> None:
    house = House(failing="unavailable")
    with pytest.raises(ToolError, match="home-unreachable"):
        await house.call("control_device", action="on", name="bed light")


async def test_states_are_told_by_name_room_and_kind() -> None:
    house = House()
    assert await house.call("get_state", name="ceiling light") == (
        "Ceiling Light (light, Kitchen): on, brightness 50, color (255, 255, 255), "
        "color_temperature 4000"
    )
    assert await house.call("get_state", name="outdoor humidity") == (
        "Outdoor Humidity (humidity): 54 %"
    )
    assert await house.call("get_state", name="Lamp") == "Lamp (light, Kitchen): off"
    lights = await house.call("get_state", domain="light", area="study")
    assert lights == "Lamp (light, Office): off\nStanding Light (light, Office): off"
    everything = await house.call("get_state", area="everywhere", domain="lock")
    assert everything.count("\n") == 1
    with pytest.raises(ToolError, match="there is no Fountain there"):
        await house.call("get_state", name="Fountain")


async def test_a_long_list_of_states_is_cut() -> None:
    home = Home()
    for number in range(100):
        home.put(Device(DeviceId(str(number)), f"Lamp {number}", "light", area=AreaId("x")))
    told = await House(home).call("get_state", area="everywhere")
    assert told.count("\n") == MAX_DEVICES
    assert told.endswith("and 40 more; ask for a room or a domain.")


async def test_the_time_is_told() -> None:
    assert await House().call("get_time") == "Sunday 01 March 2026, 12:05"


async def test_what_is_no_tool_is_refused() -> None:
    with pytest.raises(ToolError):
        await House().call("launch")


def test_the_tools_are_always_told_alike() -> None:
    names = [spec.name for spec in House().tools.specs()]
    assert names == ["control_device", "get_state", "get_time"]
    assert House().tools.specs() == House().tools.specs()
