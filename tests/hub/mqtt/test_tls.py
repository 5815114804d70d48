"""TLS to a real Mosquitto: our own authority, client certificates, and what is wrong with them."""

from dataclasses import replace
from pathlib import Path

import pytest

from hub.mqtt.address import BrokerAddress, Trust
from hub.mqtt.errors import BrokerUnreachable
from hub.mqtt.link import MqttLink
from tests.hub.living_home import LIMIT_S, QUICKLY, Witness, running
from tests.hub.mqtt.certificates import Authority, Signed
from tests.hub.mqtt.mosquitto import Mosquitto, mosquitto, needed


def serving(signed: Signed, *more: str) -> tuple[str, ...]:
    """Settings of a Mosquitto that shows a certificate."""
    files = (f"certfile {signed.certificate}", f"keyfile {signed.key}")
    return ("allow_anonymous true", *files, *more)


def address(broker: Mosquitto, **trust: object) -> BrokerAddress:
    plain = BrokerAddress.parse(f"mqtts://127.0.0.1:{broker.port}")
    return replace(plain, trust=Trust(**trust))  # type: ignore[arg-type]


async def reached(where: BrokerAddress) -> None:
    """Connect, and have a message come back."""
    link = MqttLink(where, client_id="test", backoff=QUICKLY)
    async with running(link.run()):
        await link.wait_connected(LIMIT_S)
        seeing = Witness(link, "a")
        assert await link.wait_subscribed(LIMIT_S)
        await link.publish("a", "x")
        await seeing.wait_for(lambda seen: seen == [("a", "x")])


async def refused(where: BrokerAddress) -> BrokerUnreachable:
    """Try to connect, and return why that can not be."""
    link = MqttLink(where, client_id="test", backoff=QUICKLY)
    async with running(link.run()):
        with pytest.raises(BrokerUnreachable) as caught:
            await link.wait_connected(LIMIT_S)
    assert caught.value.code == "broker-tls"
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    needed()
    return Authority(tmp_path_factory.mktemp("ca"))


async def test_a_certificate_of_an_authority_that_is_named_is_trusted(
    tmp_path: Path, authority: Authority
) -> None:
    async with mosquitto(tmp_path, *serving(authority.sign("good"))) as broker:
        await reached(address(broker, ca_file=authority.file))
        failure = await refused(address(broker))
        assert "its certificate is not trusted" in str(failure)
        assert "mqtt.ca_file" in str(failure)


async def test_only_the_authority_that_is_named_is_trusted(
    tmp_path: Path, authority: Authority
) -> None:
    other = Authority(tmp_path, "other")
    async with mosquitto(tmp_path, *serving(authority.sign("good"))) as broker:
        failure = await refused(address(broker, ca_file=other.file))
        assert "its certificate is not trusted" in str(failure)


async def test_an_expired_certificate_is_called_expired(
    tmp_path: Path, authority: Authority
) -> None:
    async with mosquitto(tmp_path, *serving(authority.sign("old", days=-1))) as broker:
        failure = await refused(address(broker, ca_file=authority.file))
        assert "certificate has expired" in str(failure)


async def test_a_certificate_for_another_name_is_taken_when_that_name_is_expected(
    tmp_path: Path, authority: Authority
) -> None:
    signed = authority.sign("broker.home", address=None)
    async with mosquitto(tmp_path, *serving(signed)) as broker:
        failure = await refused(address(broker, ca_file=authority.file))
        assert "mqtt.server_name" in str(failure)
        await reached(address(broker, ca_file=authority.file, server_name="broker.home"))
        failure = await refused(address(broker, ca_file=authority.file, server_name="other.home"))
        assert "not valid for 'other.home'" in str(failure)


async def test_a_broker_that_wants_our_certificate_gets_it(
    tmp_path: Path, authority: Authority
) -> None:
    wanting = (f"cafile {authority.file}", "require_certificate true")
    hub = authority.sign("hub")
    stranger = Authority(tmp_path, "stranger").sign("somebody")
    async with mosquitto(tmp_path, *serving(authority.sign("good"), *wanting)) as broker:
        ours = {"ca_file": authority.file, "certificate_file": hub.certificate, "key_file": hub.key}
        await reached(address(broker, **ours))
        failure = await refused(address(broker, ca_file=authority.file))
        assert "wants a certificate from us" in str(failure)
        ours |= {"certificate_file": stranger.certificate, "key_file": stranger.key}
        failure = await refused(address(broker, **ours))
        assert "does not take the certificate in mqtt.certificate_file" in str(failure)


async def test_files_that_do_not_fit_are_named(tmp_path: Path, authority: Authority) -> None:
    where = BrokerAddress("127.0.0.1", 1, tls=True)
    one, two = authority.sign("one"), authority.sign("two")
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("rubbish", encoding="utf-8")
    missing = tmp_path / "missing.pem"
    for trust, expected in (
        (Trust(ca_file=missing), "mqtt.ca_file: "),
        (Trust(ca_file=rubbish), "holds no certificate"),
        (Trust(certificate_file=missing, key_file=one.key), "mqtt.certificate_file: "),
        (Trust(certificate_file=one.certificate, key_file=missing), "mqtt.key_file: "),
        (Trust(certificate_file=one.certificate, key_file=two.key), "can not be used together"),
        (Trust(certificate_file=rubbish, key_file=one.key), "can not be used together"),
    ):
        failure = await refused(replace(where, trust=trust))
        assert expected in str(failure)
