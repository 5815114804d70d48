"""Which device a setting means."""

import pytest

from satellite.choose_device import DeviceInfo, choose
from satellite.errors import SatelliteError


def device(index: int, name: str, *, inputs: int = 1, outputs: int = 0) -> DeviceInfo:
    return DeviceInfo(index, name, inputs, outputs, 48_000, index == 0, index == 0)


ROOM = [
    device(0, "Built-in: Analog (hw:0,0)", outputs=2),
    device(1, "USB PnP: Audio (hw:1,0)"),
    device(2, "USB PnP: Audio (hw:2,0)"),
    device(3, "USB PnP"),
    device(4, "HDMI", inputs=0, outputs=2),
]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ("default", 0),
        ("2", 2),
        ("built-in", 0),
        ("Built-in: Analog", 0),
        ("usb pnp", 3),
        ("USB PnP: Audio (hw:2,0)", 2),
    ],
)
def test_a_microphone_is_meant_by_number_name_or_part(wanted: str, index: int) -> None:
    assert choose(ROOM, wanted, "input").index == index


def test_what_may_be_several_is_told_with_the_choices() -> None:
    with pytest.raises(SatelliteError) as caught:
        choose(ROOM, "audio", "input")
    assert caught.value.code == "no-microphone"
    assert "1 'USB PnP: Audio (hw:1,0)', 2 'USB PnP: Audio (hw:2,0)'" in caught.value.text
    assert "name one of them" in caught.value.text


@pytest.mark.parametrize("wanted", ["Nothing", "9", "HDMI"])
def test_what_is_not_there_is_told_with_what_there_is(wanted: str) -> None:
    with pytest.raises(SatelliteError) as caught:
        choose(ROOM, wanted, "input")
    assert wanted in caught.value.text
    assert "'Built-in: Analog (hw:0,0)'" in caught.value.text
    assert "HDMI'," not in caught.value.text


def test_a_machine_without_any_says_so() -> None:
    with pytest.raises(SatelliteError, match="no speaker at all") as caught:
        choose([device(0, "Microphone")], "default", "output")
    assert caught.value.code == "no-speaker"


def test_a_long_list_is_cut() -> None:
    many = [device(index, f"Card {index}") for index in range(40)]
    with pytest.raises(SatelliteError, match="and 28 more"):
        choose(many, "none such", "input")


def test_a_device_that_comes_back_at_another_place_is_the_same() -> None:
    moved = [device(0, "Other"), device(1, "HDMI"), device(5, "USB PnP: Audio (hw:7,0)")]
    assert choose(moved, "1", "input", "USB PnP: Audio (hw:1,0)").index == 5
    assert choose(moved, "usb", "input", "USB PnP: Audio (hw:1,0)").index == 5


def test_a_number_does_not_come_to_mean_another_device() -> None:
    with pytest.raises(SatelliteError, match="USB PnP"):
        choose([device(0, "Other"), device(1, "HDMI")], "1", "input", "USB PnP: Audio (hw:1,0)")


def test_the_default_may_become_another() -> None:
    assert choose(ROOM, "default", "input", "HDMI").index == 0
