import asyncio

import pytest

from hub.home.model import (
    Area,
    AreaId,
    Device,
    DeviceId,
    DeviceState,
    Floor,
    FloorId,
    Home,
)

LAMP = Device(DeviceId("lamp"), "Lamp", "light", area=AreaId("hall"))
HALL = Area(AreaId("hall"), "Hall", aliases=("Corridor",))


def test_structure_raises_the_version_and_tells_listeners() -> None:
    home = Home()
    versions: list[int] = []
    home.on_structure_changed(lambda: versions.append(home.version))
    home.put_area(HALL)
    home.put(LAMP)
    home.put(Device(LAMP.id, "Old Lamp", "light"))
    home.remove(LAMP.id)
    home.remove_area(HALL.id)
    assert versions == [1, 2, 3, 4, 5]


def test_a_floor_is_kept_by_its_id_and_counts_as_structure() -> None:
    home = Home()
    attic = Floor(FloorId("attic"), "Attic", aliases=("Upstairs",))
    home.put_floor(attic)
    home.put_floor(attic)
    home.put_area(Area(AreaId("studio"), "Studio", floor=attic.id))
    assert home.floors() == (attic,)
    assert home.floor(attic.id) == attic
    assert home.floor(FloorId("cellar")) is None
    assert home.version == 2


def test_what_changes_nothing_raises_no_version() -> None:
    home = Home()
    home.put_area(HALL)
    home.put(LAMP)
    version = home.version
    home.put_area(HALL)
    home.put(LAMP)
    home.update_state(LAMP.id, DeviceState("on"))
    home.remove(DeviceId("nobody"))
    home.remove_area(AreaId("nowhere"))
    assert home.version == version


def test_a_state_is_kept_when_a_device_is_renamed_and_lost_when_it_is_removed() -> None:
    home = Home()
    home.put(LAMP)
    home.update_state(LAMP.id, DeviceState("on"))
    home.put(Device(LAMP.id, "Old Lamp", "light"))
    assert home.state(LAMP.id).value == "on"
    home.remove(LAMP.id)
    home.put(LAMP)
    assert home.state(LAMP.id).value == "unknown"


def test_a_state_of_a_device_that_is_not_there_is_dropped() -> None:
    home = Home()
    home.update_state(LAMP.id, DeviceState("on"))
    assert home.state(LAMP.id) == DeviceState()


@pytest.mark.parametrize("name", ["Hall", "HALL", " hall ", "corridor"])
def test_a_room_is_found_by_any_of_its_names(name: str) -> None:
    home = Home()
    home.put_area(HALL)
    assert home.area_named(name) == HALL


def test_a_room_that_is_not_there_is_not_found() -> None:
    assert Home().area_named("hall") is None


@pytest.mark.parametrize(
    ("value", "known"), [("on", True), ("unknown", False), ("unavailable", False)]
)
def test_a_state_is_known_when_it_was_told_and_can_be_reached(value: str, known: bool) -> None:
    assert DeviceState(value).known is known


async def test_waiting_for_what_is_so_already_takes_no_time() -> None:
    home = Home()
    home.put(LAMP)
    home.update_state(LAMP.id, DeviceState("on"))
    assert await home.wait_for(LAMP.id, lambda state: state.value == "on", 0)


async def test_waiting_ends_when_it_comes_true() -> None:
    home = Home()
    home.put(LAMP)
    waiting = asyncio.ensure_future(home.wait_for(LAMP.id, lambda state: state.value == "on", 60))
    await asyncio.sleep(0)
    home.update_state(LAMP.id, DeviceState("off"))
    assert not waiting.done()
    home.update_state(LAMP.id, DeviceState("on"))
    home.update_state(LAMP.id, DeviceState("on"))
    assert await waiting


async def test_waiting_ends_in_time_when_it_does_not_come_true() -> None:
    home = Home()
    home.put(LAMP)
    assert not await home.wait_for(LAMP.id, lambda state: state.value == "on", 0.01)


async def test_several_may_wait_for_one_device() -> None:
    home = Home()
    home.put(LAMP)
    waiting = [
        asyncio.ensure_future(home.wait_for(LAMP.id, lambda state: state.value == "on", 60))
        for _ in range(3)
    ]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    home.update_state(LAMP.id, DeviceState("on"))
    assert await asyncio.gather(*waiting[1:]) == [True, True]
