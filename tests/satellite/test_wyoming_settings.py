"""What can be set about serving Home Assistant."""

from pathlib import Path

import pytest

from satellite.errors import SatelliteError
from satellite.settings import load
from satellite.wyoming_settings import DEFAULT_PORT, Wyoming, is_loopback, parse_uri


def test_it_is_off_unless_the_owner_says_where_to_listen() -> None:
    assert not Wyoming().uri


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("tcp://0.0.0.0:10700", ("0.0.0.0", 10_700)),
        ("tcp://127.0.0.1", ("127.0.0.1", DEFAULT_PORT)),
        ("tcp://[::]:1234", ("::", 1234)),
        ("tcp://shelf.local:0", ("shelf.local", 0)),
    ],
)
def test_a_uri_names_host_and_port(uri: str, address: tuple[str, int]) -> None:
    assert Wyoming(uri=uri).uri == uri
    assert parse_uri(uri) == address


@pytest.mark.parametrize(
    "uri",
    [
        "10700",
        "0.0.0.0:10700",
        "unix:///run/x",
        "tcp://",
        "tcp://x:99999",
        "tcp://x:y",
        "tcp://x/y",
    ],
)
def test_what_is_no_uri_is_told_with_an_example(
    uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SatelliteError) as caught:
        load(None, overrides={"wyoming": {"uri": uri}})
    assert "tcp://HOST:PORT, as in tcp://0.0.0.0:10700" in caught.value.text
    assert "command line: wyoming.uri" in caught.value.text


def test_who_is_allowed_is_an_address_or_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = Wyoming(allow=("192.168.1.10", "10.0.0.0/8", "fd00::/8"))
    assert allowed.allows("192.168.1.10")
    assert allowed.allows("::ffff:192.168.1.10")
    assert allowed.allows("10.9.8.7")
    assert allowed.allows("fd12::1%eth0")
    assert not allowed.allows("192.168.1.11")
    assert not allowed.allows("fe80::1%eth0")
    assert not allowed.allows("")
    assert Wyoming().allows("192.168.1.11")


def test_allowed_addresses_come_from_the_environment_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOTTO_SATELLITE_WYOMING__ALLOW", "192.168.1.10, 10.0.0.0/8")
    assert load(None).wyoming.allow == ("192.168.1.10", "10.0.0.0/8")


def test_what_is_no_network_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SatelliteError, match="'home' does not appear to be an IPv4 or IPv6"):
        load(None, overrides={"wyoming": {"allow": ("home",)}})


def test_the_command_line_keeps_what_the_file_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "satellite.toml"
    file.write_text('[wyoming]\nallow = ["10.0.0.0/8"]\n')
    wyoming = load(file, overrides={"wyoming": {"uri": "tcp://0.0.0.0"}}).wyoming
    assert (wyoming.uri, wyoming.allow) == ("tcp://0.0.0.0", ("10.0.0.0/8",))


def test_loopback_reaches_this_machine_only() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("fe80::1%eth0")
