from dataclasses import replace

import pytest

from hub.home.model import Device, DeviceId, DeviceState, Home
from hub.home.plans import PLANNERS
from hub.home.targets import Refusal
from hub.home.verbs import VERBS
from tests.hub.home.small_home import KITCHEN, OFFICE, request, small_home


def planned(
    text: str, area: object = KITCHEN, home: Home | None = None
) -> list[tuple[str, str, dict[str, object]]]:
    """The commands that a sentence leads to."""
    asked = request(text, area, home)  # type: ignore[arg-type]
    plan = PLANNERS[asked.match.intent](asked)
    return [(str(command.device), command.verb, dict(command.values)) for command in plan.commands]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("turn on the bed light", [("bed", "turn_on", {})]),
        ("turn off the kettle", [("kettle", "turn_off", {})]),
        ("turn on the tv in the kitchen", [("tv", "turn_on", {})]),
        ("turn the standing light in the office off", [("standing", "turn_off", {})]),
        ("turn off the lights in here",
         [("ceiling", "turn_off", {}), ("counter", "turn_off", {}), ("lamp1", "turn_off", {})]),
        ("turn on lights in the office", [("standing", "turn_on", {}), ("lamp2", "turn_on", {})]),
        ("open the garage door", [("garage", "open", {})]),
        ("close the kitchen windows", [("left", "close", {}), ("right", "close", {})]),
        ("lock the front door", [("front", "lock", {})]),
        ("unlock the front door", [("front", "unlock", {})]),
        ("activate mood lighting", [("mood", "activate", {})]),
        ("run party time", [("party", "run", {})]),
        ("press the bell", [("bell", "press", {})]),
        ("set bed light brightness to 75 percent", [("bed", "turn_on", {"brightness": 75})]),
        ("set bed light brightness to 0 percent", [("bed", "turn_off", {})]),
        ("set bed light to red", [("bed", "turn_on", {"color": (255, 0, 0)})]),
        ("set bed light to black", [("bed", "turn_off", {})]),
        ("set kitchen lights to green", [("ceiling", "turn_on", {"color": (0, 255, 0)})]),
        ("set the brightness of the kitchen to 25 percent",
         [("ceiling", "turn_on", {"brightness": 25})]),
        ("set bed light color temperature to 4000 kelvin",
         [("bed", "turn_on", {"color_temperature": 4000})]),
        ("set left window to 40 percent", [("left", "set_position", {"position": 40})]),
        ("set right window to 0 percent", [("right", "close", {})]),
        ("set right window to 100 percent", [("right", "open", {})]),
        ("set the temperature to 22 degrees", [("ecobee", "set_temperature", {"temperature": 22})]),
        ("set ecobee to 21.5 degrees", [("ecobee", "set_temperature", {"temperature": 21.5})]),
        ("next track", [("tv", "next", {})]),
        ("skip this song", [("tv", "next", {})]),
        ("pause", [("tv", "pause", {})]),
        ("pause radio", [("radio", "pause", {})]),
        ("resume tv", [("tv", "play", {})]),
        ("mute the tv", [("tv", "set_mute", {"muted": True})]),
        ("unmute the tv", [("tv", "set_mute", {"muted": False})]),
        ("set volume to 55 percent", [("tv", "set_volume", {"volume": 55})]),
        ("turn the volume up", [("tv", "set_volume", {"volume": 40})]),
        ("turn the volume down", [("tv", "set_volume", {"volume": 20})]),
        ("turn down the volume by 50 percent", [("tv", "set_volume", {"volume": 0})]),
    ],
)  # fmt: skip
def test_sentences_lead_to_commands(
    text: str, commands: list[tuple[str, str, dict[str, object]]]
) -> None:
    assert planned(text) == commands


def test_all_lights_are_those_of_the_whole_home_wherever_it_is_said() -> None:
    lights = ["ceiling", "counter", "standing", "bed", "lamp1", "lamp2"]
    assert planned("turn off all the lights everywhere") == [(x, "turn_off", {}) for x in lights]


@pytest.mark.parametrize("text", ["turn off the kitchen lights", "turn off the lights"])
def test_what_was_meant_for_a_room_that_is_gone_is_not_done_elsewhere(text: str) -> None:
    home = small_home()
    home.remove_area(KITCHEN)
    with pytest.raises(Refusal) as caught:
        planned(text, KITCHEN, home)
    assert caught.value.key == "no_area"


def test_what_was_meant_for_a_device_that_is_gone_is_refused() -> None:
    home = small_home()
    home.remove(DeviceId("bed"))
    with pytest.raises(Refusal) as caught:
        planned("turn on the bed light", KITCHEN, home)
    assert caught.value.key == "no_entity"


@pytest.mark.parametrize(
    ("text", "domain"),
    [("set the temperature to 22 degrees", "climate"), ("pause", "media_player")],
)
def test_a_home_without_such_a_thing_says_so(text: str, domain: str) -> None:
    home = small_home()
    for device in home.devices():
        if device.domain == domain:
            home.remove(device.id)
    with pytest.raises(Refusal) as caught:
        planned(text, KITCHEN, home)
    assert (caught.value.key, caught.value.values) == ("no_domain", {"domain": domain})


def test_a_colour_that_no_lamp_can_show_is_refused() -> None:
    asked = request("set bed light to red")
    odd = replace(asked.match, slots={**asked.match.slots, "color": "infrared"})
    with pytest.raises(Refusal) as caught:
        PLANNERS["HassLightSet"](replace(asked, match=odd))
    assert caught.value.key == "feature_not_supported"


def test_every_command_is_a_known_verb_of_its_kind() -> None:
    home = small_home()
    for text in ("turn on the kettle", "open the garage door", "unlock the front door", "pause",
                 "run party time", "activate mood lighting", "press the bell"):  # fmt: skip
        for device, verb, values in planned(text):
            assert home.device(DeviceId(device)).domain in VERBS[verb].domains  # type: ignore[union-attr]
            assert values.keys() <= VERBS[verb].schema["properties"].keys()


def test_of_two_with_one_name_the_one_in_this_room_is_meant() -> None:
    assert planned("turn on the lamp", KITCHEN) == [("lamp1", "turn_on", {})]
    assert planned("turn on the lamp", OFFICE) == [("lamp2", "turn_on", {})]
    assert planned("turn on the lamp in the office", KITCHEN) == [("lamp2", "turn_on", {})]


def test_of_several_players_the_one_that_plays_is_meant() -> None:
    home = small_home()
    home.put(Device(DeviceId("box"), "Box", "media_player", area=KITCHEN))
    home.update_state(DeviceId("box"), DeviceState("paused"))
    assert planned("pause", KITCHEN, home) == [("tv", "pause", {})]
    assert planned("resume", KITCHEN, home) == [("box", "play", {})]


def test_an_empty_room_looks_to_the_rest_of_the_home_for_the_only_one() -> None:
    assert planned("set the temperature to 22 degrees", KITCHEN)[0][0] == "ecobee"


@pytest.mark.parametrize(
    ("text", "area", "key"),
    [
        ("turn on the lamp", None, "duplicate_entities"),
        ("turn on the standing light in the kitchen", KITCHEN, "no_entity_in_area"),
        ("turn on the fans in the kitchen", KITCHEN, "no_domain_in_area"),
        ("turn off all the fans", KITCHEN, "no_domain_in_area"),
        ("open the office curtains", KITCHEN, "no_device_class_in_area"),
        ("set standing light brightness to 5 percent", KITCHEN, "feature_not_supported"),
        ("set standing light to red", KITCHEN, "feature_not_supported"),
        ("set right window to 40 percent", KITCHEN, "feature_not_supported"),
        ("set the temperature in the kitchen to 20", KITCHEN, "no_domain_in_area"),
    ],
)
def test_what_can_not_be_done_is_refused_with_the_reason(text: str, area: object, key: str) -> None:
    with pytest.raises(Refusal) as caught:
        planned(text, area)
    assert caught.value.key == key


def test_two_of_one_name_in_one_room_can_not_be_told_apart() -> None:
    home = small_home()
    home.put(Device(DeviceId("lamp3"), "Lamp", "light", area=KITCHEN))
    with pytest.raises(Refusal) as caught:
        planned("turn on the lamp in the kitchen", KITCHEN, home)
    assert caught.value.key == "duplicate_entities_in_area"


def test_without_knowing_the_volume_it_can_not_be_changed_by_a_step() -> None:
    home = small_home()
    home.update_state(DeviceId("tv"), DeviceState("playing"))
    with pytest.raises(Refusal) as caught:
        planned("turn the volume up", KITCHEN, home)
    assert caught.value.key == "feature_not_supported"


def test_several_players_of_which_none_stands_out_are_asked_about() -> None:
    home = small_home()
    home.remove(DeviceId("tv"))
    home.put(Device(DeviceId("box"), "Box", "media_player"))
    with pytest.raises(Refusal) as caught:
        planned("next track", KITCHEN, home)
    assert caught.value.key == "duplicate_targets"
