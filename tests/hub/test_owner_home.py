"""Floors, rooms and names: from the owner, from devices and from what things are called."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from hub.home.model import AreaId, DeviceId, FloorId, Home
from hub.home_settings import OwnHome
from hub.household import Household
from hub.mqtt.broker import EmbeddedBroker
from hub.mqtt.link import MqttLink
from hub.owner_home import OwnerHome
from tests.hub.living_home import LIMIT_S, QUICKLY, connected, heard, running


@asynccontextmanager
async def house(said: dict[str, Any] | None = None) -> AsyncIterator[tuple[Household, MqttLink]]:
    """A household whose owner has said something, and a link to announce things with."""
    owner = OwnerHome(OwnHome.model_validate(said or {}))
    async with (
        EmbeddedBroker(port=0) as broker,
        connected(broker.url, "device") as device,
    ):
        link = MqttLink(broker.own_address, client_id="hub", backoff=QUICKLY)
        household = Household(Home(), link, owner=owner)
        async with running(link.run(), household.run()):
            await link.wait_connected(LIMIT_S)
            assert await household.settled(LIMIT_S)
            yield household, device


async def announce(
    household: Household, link: MqttLink, key: str, name: str, room: str | None = None
) -> None:
    """Announce a lamp, and wait until the household has heard it."""
    config = {"name": name, "unique_id": key, "command_topic": key}
    if room is not None:
        config["device"] = {"suggested_area": room}  # type: ignore[assignment]
    topic = f"homeassistant/light/{key}/config"
    await link.publish(topic, json.dumps(config), retain=True)
    await heard(household, link)


async def remove(household: Household, link: MqttLink, key: str) -> None:
    await link.publish(f"homeassistant/light/{key}/config", b"", retain=True)
    await heard(household, link)


def area_of(household: Household, key: str) -> AreaId | None:
    device = household.home.device(DeviceId(f"light.{key}"))
    assert device is not None
    return device.area


async def test_a_thing_that_tells_no_room_lies_in_the_known_room_of_its_name() -> None:
    async with house() as (household, link):
        await announce(household, link, "early", "Kitchen Ceiling Light")
        assert area_of(household, "early") is None
        await announce(household, link, "one", "Lamp", "Kitchen")
        await announce(household, link, "late", "The kitchen: lamp!")
        await announce(household, link, "other", "Kitchenette Lamp")
        assert area_of(household, "early") == area_of(household, "late") == "kitchen"
        assert area_of(household, "other") is None


async def test_of_two_rooms_in_a_name_the_longer_one_counts() -> None:
    async with house({"rooms": {"Bedroom": {}, "Guest Bedroom": {}}}) as (household, link):
        await announce(household, link, "lamp", "Guest Bedroom Lamp")
        assert area_of(household, "lamp") == "guest_bedroom"


async def test_a_room_goes_with_the_last_thing_that_tells_it() -> None:
    async with house() as (household, link):
        await announce(household, link, "one", "Lamp", "Attic")
        await announce(household, link, "two", "Attic Window")
        assert area_of(household, "two") == "attic"
        await remove(household, link, "one")
        assert area_of(household, "two") is None
        assert household.home.areas() == ()


async def test_rooms_and_floors_of_the_owner_are_there_from_the_start_and_stay() -> None:
    said = {
        "floors": {"Ground Floor": {"aliases": ["Downstairs"]}},
        "rooms": {
            "Kitchen": {"aliases": ["Cookery"], "floor": "downstairs"},
            "Attic": {"floor": "Top"},
        },
    }
    async with house(said) as (household, link):
        home = household.home
        names = {floor.name: floor.aliases for floor in home.floors()}
        assert names == {"Ground Floor": ("Downstairs",), "Top": ()}
        kitchen = home.area_named("cookery")
        assert kitchen is not None
        assert kitchen.floor == FloorId("ground_floor")
        await announce(household, link, "lamp", "Lamp", "COOKERY")
        assert area_of(household, "lamp") == kitchen.id
        await remove(household, link, "lamp")
        assert [area.name for area in home.areas()] == ["Kitchen", "Attic"]


async def test_the_owner_names_moves_and_hides_devices() -> None:
    said = {
        "devices": {
            "light.lamp": {"name": "Old Lamp", "aliases": ["Grandma"], "room": "Study"},
            "light.secret": {"hidden": True},
        }
    }
    async with house(said) as (household, link):
        await announce(household, link, "lamp", "0x00158d", "Hall")
        await announce(household, link, "secret", "Secret", "Hall")
        (device,) = household.home.devices()
        assert (device.name, device.aliases, device.area) == ("Old Lamp", ("Grandma",), "study")
        assert [area.name for area in household.home.areas()] == ["Study"]


async def test_a_name_of_the_owner_tells_the_room_as_well() -> None:
    said = {"rooms": {"Study": {}}, "devices": {"light.lamp": {"name": "Study Lamp"}}}
    async with house(said) as (household, link):
        await announce(household, link, "lamp", "0x00158d")
        assert area_of(household, "lamp") == "study"
