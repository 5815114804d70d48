from typing import Any

import pytest

from hub.home.model import Device, DeviceId, DeviceState
from hub.home.verbs import VERBS


def reached(verb: str, state: DeviceState, **values: Any) -> bool:
    test = VERBS[verb].reached
    assert test is not None
    return test(state, values)


@pytest.mark.parametrize(
    ("verb", "value", "expected"),
    [
        ("turn_on", "on", True),
        ("turn_on", "heat", True),
        ("turn_on", "off", False),
        ("turn_on", "unknown", False),
        ("turn_off", "off", True),
        ("turn_off", "on", False),
        ("open", "opening", True),
        ("open", "closed", False),
        ("close", "closing", True),
        ("close", "open", False),
        ("lock", "locking", True),
        ("lock", "jammed", False),
        ("unlock", "unlocked", True),
        ("play", "playing", True),
        ("pause", "paused", True),
        ("pause", "playing", False),
    ],
)
def test_a_state_shows_whether_a_verb_came_true(verb: str, value: str, expected: bool) -> None:
    assert reached(verb, DeviceState(value)) is expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"brightness": 50}, True),
        ({"brightness": 51}, True),
        ({"brightness": 60}, False),
        ({}, True),
    ],
)
def test_a_light_shows_its_brightness_if_it_tells_it(
    attributes: dict[str, Any], expected: bool
) -> None:
    assert reached("turn_on", DeviceState("on", attributes), brightness=50) is expected
    assert not reached("turn_on", DeviceState("off", attributes), brightness=50)


@pytest.mark.parametrize(
    ("color", "expected"), [((0, 255, 0), True), ((5, 250, 8), True), ((255, 0, 0), False)]
)
def test_a_light_shows_its_colour_about(color: tuple[int, int, int], expected: bool) -> None:
    state = DeviceState("on", {"color": color})
    assert reached("turn_on", state, color=(0, 255, 0)) is expected


@pytest.mark.parametrize(
    ("value", "attributes", "expected"),
    [
        ("open", {"position": 40}, True),
        ("open", {"position": 41}, True),
        ("open", {"position": 100}, False),
        ("opening", {"position": 0}, True),
        ("closed", {}, False),
    ],
)
def test_a_cover_shows_its_position(value: str, attributes: dict[str, Any], expected: bool) -> None:
    assert reached("set_position", DeviceState(value, attributes), position=40) is expected


def test_a_thermostat_and_a_player_show_what_they_were_set_to() -> None:
    assert reached("set_temperature", DeviceState("heat", {"temperature": 21}), temperature=21.5)
    assert not reached(
        "set_temperature", DeviceState("heat", {"temperature": 20}), temperature=21.5
    )
    assert reached("set_volume", DeviceState("playing", {"volume": 30}), volume=30)
    assert not reached("set_mute", DeviceState("playing", {"muted": False}), muted=True)


def test_what_opens_the_house_is_risky_and_nothing_else() -> None:
    kinds = [
        ("cover", "garage"), ("cover", "blind"), ("valve", None), ("lock", None), ("light", None),
    ]  # fmt: skip
    devices = [Device(DeviceId("it"), "It", domain, device_class=kind) for domain, kind in kinds]
    risky = {
        (name, device.device_class or device.domain)
        for name, verb in VERBS.items()
        for device in devices
        if device.domain in verb.domains and verb.risk(device) == "confirm"
    }
    assert risky == {
        ("unlock", "lock"), ("open", "garage"), ("close", "garage"), ("set_position", "garage"),
        ("open", "valve"), ("set_position", "valve"),
    }  # fmt: skip


def test_every_schema_is_closed_and_names_what_it_needs() -> None:
    for verb in VERBS.values():
        assert verb.schema["additionalProperties"] is False
        assert set(verb.schema["required"]) <= verb.schema["properties"].keys()
    assert VERBS["turn_on"].schema["required"] == []
    assert VERBS["set_position"].schema["required"] == ["position"]
