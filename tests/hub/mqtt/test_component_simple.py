import pytest

from tests.hub.mqtt.announcing import entity, sent, told


def test_a_switch_is_switched_and_tells_so() -> None:
    config = {"command_topic": "s/set", "state_topic": "s", "state_on": "1", "payload_off": "off"}
    assert sent("switch", config, "turn_on") == [("s/set", "ON")]
    assert sent("switch", config, "turn_off") == [("s/set", "off")]
    assert told("switch", config, ("s", "1")).value == "on"
    assert told("switch", config, ("s", "off")).value == "off"


@pytest.mark.parametrize(
    ("payload", "value"),
    [("54.20", "54.2"), ("21.0", "21"), ("-0.5", "-0.5"), ("rainy", "rainy"), ("", "unknown"),
     ("None", "unknown"), ("nan", "nan"), ("1e400", "1e400")],
)  # fmt: skip
def test_a_sensor_tells_its_value_without_needless_zeros(payload: str, value: str) -> None:
    assert told("sensor", {"state_topic": "s"}, ("s", payload)).value == value


def test_a_sensor_has_a_unit_and_a_class() -> None:
    config = {"state_topic": "s", "unit_of_measurement": "%", "device_class": "humidity"}
    sensor = entity("sensor", config)
    assert (sensor.unit, sensor.device_class) == ("%", "humidity")


def test_a_binary_sensor_is_on_or_off() -> None:
    config = {"state_topic": "s", "payload_on": True, "payload_off": False}
    assert told("binary_sensor", config, ("s", "true")).value == "on"
    assert told("binary_sensor", config, ("s", "false")).value == "off"


@pytest.mark.parametrize(
    ("component", "verb", "payload"),
    [("scene", "activate", "ON"), ("script", "run", "ON"), ("button", "press", "PRESS")],
)
def test_what_only_takes_one_command_gets_it(component: str, verb: str, payload: str) -> None:
    assert sent(component, {"command_topic": "x"}, verb) == [("x", payload)]
    assert "state" not in entity(component, {"command_topic": "x"}).features
