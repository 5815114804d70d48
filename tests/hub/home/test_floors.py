"""What is said of a floor is meant for its rooms, and for no other."""

from dataclasses import replace
from datetime import datetime

import pytest

from hub.home.intents import IntentRecognizer
from hub.home.model import Area, AreaId, Device, DeviceId, DeviceState, Floor, FloorId, Home
from hub.home.plans import PLANNERS
from hub.home.questions import QUESTIONS
from hub.home.targets import Refusal, Request
from hub.home.vocabulary import vocabulary_of

NOON = datetime(2026, 3, 1, 12, 5)  # noqa: DTZ001 (a wall clock at home)
_LIGHT = frozenset({"state", "brightness"})


def house() -> Home:
    """Two floors; in each of three rooms a lamp and a thermostat."""
    home = Home()
    home.put_floor(Floor(FloorId("down"), "Downstairs", ("Ground Floor",)))
    home.put_floor(Floor(FloorId("up"), "Upstairs"))
    for room, floor in (("kitchen", "down"), ("office", "up"), ("bedroom", "up")):
        area = AreaId(room)
        home.put_area(Area(area, room.title(), floor=FloorId(floor)))
        home.put(Device(DeviceId(f"{room}-lamp"), "Lamp", "light", area=area, features=_LIGHT))
        home.put(
            Device(
                DeviceId(f"{room}-heater"), f"{room.title()} Heater", "climate", area=area,
                features=frozenset({"state", "temperature", "fan_mode"}),
            )
        )  # fmt: skip
    home.put(Device(DeviceId("radio"), "Radio", "media_player", area=AreaId("kitchen")))
    home.update_state(DeviceId("radio"), DeviceState("playing", {"volume": 30}))
    home.put(
        Device(
            DeviceId("robbie"), "Robbie", "vacuum", area=AreaId("kitchen"),
            features=frozenset({"clean_area"}),
        )
    )  # fmt: skip
    return home


def asked(text: str, home: Home | None = None, here: str = "kitchen") -> Request:
    home = home or house()
    match = IntentRecognizer(home).recognize(text, area=AreaId(here))
    assert match is not None, f"not understood: {text}"
    return Request(home, match, AreaId(here))


def planned(text: str, home: Home | None = None, here: str = "kitchen") -> list[tuple[str, str]]:
    request = asked(text, home, here)
    plan = PLANNERS[request.match.intent](request)
    return [(str(command.device), command.verb) for command in plan.commands]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("turn off the upstairs lights",
         [("office-lamp", "turn_off"), ("bedroom-lamp", "turn_off")]),
        ("turn on the ground floor lights", [("kitchen-lamp", "turn_on")]),
        ("set the temperature of upstairs to 19 degrees",
         [("office-heater", "set_temperature"), ("bedroom-heater", "set_temperature")]),
        ("turn on the lamp in downstairs", [("kitchen-lamp", "turn_on")]),
        ("turn down the volume on downstairs", [("radio", "set_volume")]),
        ("set the fan mode on upstairs to low",
         [("office-heater", "set_fan_mode"), ("bedroom-heater", "set_fan_mode")]),
    ],
)  # fmt: skip
def test_a_floor_is_all_of_its_rooms(text: str, commands: list[tuple[str, str]]) -> None:
    assert planned(text) == commands


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("turn on the upstairs fans", "no_domain_in_floor"),
        ("turn on the lamp in upstairs", "duplicate_entities_in_floor"),
        ("turn on the radio in upstairs", "no_entity_in_floor"),
        ("set upstairs fans to 50 percent", "no_domain_in_floor"),
        ("open the upstairs blinds", "no_device_class_in_floor"),
    ],
)
def test_what_a_floor_does_not_have_is_refused_with_its_name(text: str, key: str) -> None:
    with pytest.raises(Refusal) as caught:
        planned(text, here="kitchen")
    assert caught.value.key == key
    assert caught.value.values["floor"] == "Upstairs"


def test_a_floor_that_is_gone_is_refused_and_not_widened_to_the_home() -> None:
    request = asked("turn off the upstairs lights")
    gone = replace(request.match, slots={**request.match.slots, "floor": "attic"})
    with pytest.raises(Refusal) as caught:
        PLANNERS["HassTurnOff"](replace(request, match=gone))
    assert caught.value.key == "no_floor"


def test_floors_are_words_of_the_home() -> None:
    assert vocabulary_of(house()).floors == ("Downstairs", "Ground Floor", "Upstairs")


def test_questions_know_floors() -> None:
    home = house()
    home.update_state(DeviceId("office-lamp"), DeviceState("on"))
    home.update_state(DeviceId("bedroom-lamp"), DeviceState("off"))
    request = asked("how many upstairs lights are on", home)
    finding = QUESTIONS["HassGetState"](request, NOON)
    assert [device.id for device in finding.matched] == ["office-lamp"]


def test_a_room_is_cleaned_by_the_vacuum_of_its_floor_or_the_only_one() -> None:
    assert planned("vacuum the kitchen") == [("robbie", "clean_area")]
    assert planned("vacuum the bedroom") == [("robbie", "clean_area")]
    home = house()
    home.put(
        Device(
            DeviceId("dusty"), "Dusty", "vacuum", area=AreaId("office"),
            features=frozenset({"clean_area"}),
        )
    )  # fmt: skip
    assert planned("vacuum the bedroom", home) == [("dusty", "clean_area")]
    assert planned("vacuum the bedroom with robbie", home) == [("robbie", "clean_area")]


def test_a_vacuum_that_knows_no_rooms_is_not_sent_into_one() -> None:
    home = house()
    home.put(Device(DeviceId("robbie"), "Robbie", "vacuum", area=AreaId("kitchen")))
    with pytest.raises(Refusal) as caught:
        planned("vacuum the bedroom", home)
    assert caught.value.key == "feature_not_supported"
