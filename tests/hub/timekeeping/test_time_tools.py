"""What a model may do with time and lists, over a real store."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hub.engines.base import ToolError
from hub.origin import Origin
from hub.timekeeping.appointment import Kind, State
from hub.timekeeping.list_deeds import put_lists
from hub.timekeeping.lists import Lists
from hub.timekeeping.time_tools import TimeTools
from tests.hub.home.small_home import small_home
from tests.hub.timekeeping.house import House, lives

HERE = Origin("kitchen", "en", "kitchen-1", "ann", "c1", 7)


class Lamps:
    """A home that carries out what is said of lights, and asks before it unlocks."""

    def understands(self, text: str, origin: Origin) -> bool:
        return "light" in text or "unlock" in text

    def needs_yes(self, text: str, origin: Origin) -> bool:
        return "unlock" in text


def with_tools(folder: Path, scene: Callable[[House, TimeTools], Awaitable[None]]) -> None:
    """Play a scene with the tools of a house; it is Monday, 2 March, one in the afternoon."""

    async def play(house: House) -> None:
        home = small_home()
        put_lists(home, "en", ("Hardware store",))
        lists = Lists(house.store, now=house.clock.now)
        await scene(house, TimeTools(house.time, lists, home, Lamps()))

    lives(folder, play)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"kind": "timer", "minutes": 10, "name": "pasta"},
         "due Monday 02 March 13:10:00, Kitchen"),
        ({"kind": "alarm", "at": "07:00", "weekdays": ["monday", "friday"]},
         "due Friday 06 March 07:00:00, every monday, friday, Kitchen"),
        ({"kind": "alarm", "at": "07:30", "date": "2026-03-05"},
         "due Thursday 05 March 07:30:00, Kitchen"),
        ({"kind": "reminder", "at": "18:00", "text": "call Mum"},
         "due Monday 02 March 18:00:00, Kitchen"),
        ({"kind": "command", "hours": 1, "text": "turn off the light"},
         "due Monday 02 March 14:00:00, Kitchen"),
    ],
)  # fmt: skip
def test_a_model_sets_what_people_set(tmp_path: Path, arguments: dict[str, Any], told: str) -> None:
    async def scene(house: House, tools: TimeTools) -> None:
        answer = await tools.call("set_appointment", arguments, HERE)
        (one,) = house.time.all()
        assert answer.startswith(f"Done. {arguments['kind']}")
        assert answer.endswith(f"[{one.id[:8]}]: {told}")
        assert one.place == Origin("Kitchen", "en", "kitchen-1", "ann")
        assert await tools.call("show_appointments", {}, HERE) == answer.removeprefix("Done. ")

    with_tools(tmp_path, scene)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"kind": "party", "minutes": 1}, "kind is one of"),
        ({"kind": "timer"}, "say either"),
        ({"kind": "timer", "minutes": 1, "at": "07:00"}, "say either"),
        ({"kind": "timer", "minutes": "ten"}, "minutes is a number"),
        ({"kind": "timer", "minutes": True}, "minutes is a number"),
        ({"kind": "timer", "hours": 9e7}, "too far"),
        ({"kind": "alarm", "at": "seven"}, "no time of day"),
        ({"kind": "alarm", "at": "07:00", "date": "soon"}, "no date"),
        ({"kind": "alarm", "at": "07:00", "date": "2026-03-02"}, "passed"),
        ({"kind": "alarm", "at": "07:00", "weekdays": ["someday"]}, "weekdays"),
        ({"kind": "alarm", "at": "07:00", "weekdays": "monday"}, "weekdays"),
        ({"kind": "reminder", "minutes": 5}, "needs a text"),
        ({"kind": "reminder", "minutes": 5, "text": "x" * 301}, "at most 300"),
        ({"kind": "command", "minutes": 5, "text": "sing"}, "no command"),
        ({"kind": "command", "minutes": 5, "text": "unlock the door"}, "needs the person's yes"),
    ],
)
def test_what_a_model_writes_wrong_is_told(
    tmp_path: Path, arguments: dict[str, Any], why: str
) -> None:
    async def scene(house: House, tools: TimeTools) -> None:
        with pytest.raises(ToolError, match=why):
            await tools.call("set_appointment", arguments, HERE)
        assert house.time.all() == ()

    with_tools(tmp_path, scene)


def test_a_model_changes_what_is_set(tmp_path: Path) -> None:
    async def scene(house: House, tools: TimeTools) -> None:
        await tools.call("set_appointment", {"kind": "timer", "minutes": 10}, HERE)
        (timer,) = house.time.all()

        async def change(what: str, **more: float) -> str:
            arguments = {"id": timer.id[:8], "change": what, **more}
            return await tools.call("change_appointment", arguments, HERE)

        await change("extend", seconds=-60)
        await asyncio.sleep(60)
        assert "paused, 480 s left" in await change("pause")
        assert house.time.all()[0].state is State.PAUSED
        await change("resume")
        assert house.time.all()[0].left_s(house.clock.now()) == pytest.approx(480, abs=0.1)
        assert await change("cancel") == "Cancelled."
        with pytest.raises(ToolError, match="no appointment"):
            await change("cancel")
        with pytest.raises(ToolError, match="no appointment"):
            await tools.call("change_appointment", {"id": "", "change": "cancel"}, HERE)
        assert await tools.call("show_appointments", {}, HERE) == "Nothing is set."

    with_tools(tmp_path, scene)


def test_a_model_keeps_lists(tmp_path: Path) -> None:
    async def scene(_: House, tools: TimeTools) -> None:
        async def use(action: str, items: object = None, name: str = "") -> str:
            arguments = {"action": action, "items": items or [], "list": name}
            return await tools.call("use_list", arguments, HERE)

        assert await use("show") == "The list is empty."
        assert await use("add", ["milk", "eggs"]) == "On the list: milk, eggs."
        assert await use("complete", ["Milk"], "shopping list") == "On the list: eggs."
        assert await use("add", ["nails"], "hardware store list") == "On the list: nails."
        with pytest.raises(ToolError, match="not on the list: bread"):
            await use("remove", ["bread"])
        with pytest.raises(ToolError, match="no list"):
            await use("show", name="bucket")
        with pytest.raises(ToolError, match="which items"):
            await use("add")
        with pytest.raises(ToolError, match="list of texts"):
            await use("add", [1])

    with_tools(tmp_path, scene)


def test_the_tools_never_change_their_order(tmp_path: Path) -> None:
    async def scene(house: House, tools: TimeTools) -> None:
        before = tools.specs()
        await house.timer(60)
        assert tools.specs() == before
        with pytest.raises(ToolError, match="no tool"):
            await tools.call("party", {}, HERE)
        assert {one.kind for one in house.time.all()} == {Kind.TIMER}

    with_tools(tmp_path, scene)
