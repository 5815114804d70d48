import pytest

from hub.mqtt.address import BrokerAddress


def test_a_full_address_is_taken_apart() -> None:
    address = BrokerAddress.parse("mqtt://ann:p%40ss@broker.lan:1884")
    assert address == BrokerAddress("broker.lan", 1884, "ann", "p@ss", tls=False)


@pytest.mark.parametrize(
    ("url", "port", "tls"), [("mqtt://broker", 1883, False), ("mqtts://broker/", 8883, True)]
)
def test_the_port_follows_from_the_scheme(url: str, port: int, tls: bool) -> None:
    address = BrokerAddress.parse(url)
    assert (address.port, address.tls) == (port, tls)


def test_an_ipv6_address_keeps_its_brackets_in_text() -> None:
    assert str(BrokerAddress.parse("mqtt://[::1]:1883")) == "[::1]:1883"


@pytest.mark.parametrize("show", [str, repr])
def test_the_password_is_never_shown(show: object) -> None:
    address = BrokerAddress.parse("mqtt://ann:secret@broker")
    assert callable(show)
    assert "secret" not in show(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://ann:secret@broker",
        "broker:1883",
        "mqtt://ann:secret@",
        "mqtt://ann:secret@broker:port",
        "mqtt://ann:secret@broker:99999",
        "mqtt://ann:secret@broker/topic",
        "mqtt://ann:secret@broker?x=1",
        "",
    ],
)
def test_what_is_no_address_is_refused_in_one_line_without_the_password(url: str) -> None:
    with pytest.raises(ValueError, match="is no address of an MQTT broker") as caught:
        BrokerAddress.parse(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
