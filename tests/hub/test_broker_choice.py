from pathlib import Path
from typing import Any

import pytest

from hub.broker_choice import named_broker, own_broker
from hub.home_settings import Mqtt
from hub.mqtt.address import BrokerAddress, Trust
from hub.mqtt.link import MqttLink
from hub.settings import SettingsError
from tests.hub.living_home import LIMIT_S, QUICKLY, connected, running
from tests.ports import free_port


def mqtt(**values: Any) -> Mqtt:
    return Mqtt.model_validate(values)


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("hush-hush\n", encoding="utf-8")
    return file


def test_without_an_address_the_broker_is_our_own() -> None:
    assert named_broker(mqtt()) is None


def test_an_address_is_taken_with_all_that_belongs_to_it(
    tmp_path: Path, password_file: Path
) -> None:
    ca, certificate, key = (tmp_path / name for name in ("ca", "certificate", "key"))
    address = named_broker(
        mqtt(
            url="mqtts://ann@broker.home",
            password_file=password_file,
            version="5",
            ca_file=ca,
            certificate_file=certificate,
            key_file=key,
            server_name="other.home",
        )
    )
    assert address == BrokerAddress(
        "broker.home",
        8883,
        "ann",
        "hush-hush",
        tls=True,
        trust=Trust(ca, certificate, key, "other.home"),
        version="5",
    )
    assert "hush-hush" not in repr(address)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"url": "mqtt://broker:0x"}, "mqtt.url: "),
        ({"url": "mqtt://broker", "ca_file": "ca.pem"}, "must begin with mqtts://"),
        ({"url": "mqtt://broker", "password_file": "FILE"}, "mqtt://user@host"),
        ({"url": "mqtt://ann:x@broker", "password_file": "FILE"}, "mqtt://user@host"),
        ({"url": "mqtt://ann@broker", "password_file": "/none/there"}, "can not be read"),
    ],
)
def test_what_does_not_fit_together_is_said_in_a_line(
    values: dict[str, Any], reason: str, password_file: Path
) -> None:
    if values.get("password_file") == "FILE":
        values = {**values, "password_file": password_file}
    with pytest.raises(SettingsError) as caught:
        named_broker(mqtt(**values))
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_a_password_file_without_a_password_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "password"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="password_file"):
        named_broker(mqtt(url="mqtt://ann@broker", password_file=file))


async def test_our_own_broker_has_the_users_of_the_settings(password_file: Path) -> None:
    users = [
        {"name": "ann", "password_file": password_file, "publish": ["a/#"]},
        {"name": "bob", "password": "secret"},
    ]
    async with own_broker(mqtt(embedded_port=0, embedded_host="0.0.0.0", users=users)) as broker:
        async with connected(f"mqtt://ann:hush-hush@127.0.0.1:{broker.port}") as link:
            assert link.connected
        hub = MqttLink(broker.own_address, client_id="hub", backoff=QUICKLY)
        async with running(hub.run()):
            await hub.wait_connected(LIMIT_S)


async def test_our_own_broker_remembers_where_the_hub_keeps_things(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    async with own_broker(mqtt(embedded_port=0)):
        pass
    assert list(tmp_path.rglob("retained*")) == []
    port = free_port()
    broker = own_broker(mqtt(embedded_port=port))
    await broker.start()
    await broker.close()
    assert [file.name for file in tmp_path.rglob("retained*")] == [f"retained-{port}.jsonl"]
