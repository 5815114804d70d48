"""The link and the household on another broker than our own: Debian's Mosquitto."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from hub.mqtt.address import BrokerAddress
from hub.mqtt.errors import BrokerUnreachable
from hub.mqtt.link import Backoff, MqttLink
from tests.hub.living_home import LIMIT_S, QUICKLY, connected, living_home, running, witness
from tests.hub.mqtt.mosquitto import mosquitto, needed


def passwords(folder: Path) -> Path:
    """A password file with one user, or skip where it can not be made."""
    program = shutil.which("mosquitto_passwd")
    if program is None:
        pytest.skip("mosquitto_passwd is not installed")
    file = folder / "passwords"
    subprocess.run([program, "-b", "-c", str(file), "ann", "secret"], check=True)
    return file


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody signed, and its key; or skip."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    needed()
    file, key = folder / "cert.pem", folder / "key.pem"
    command = [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-out", file, "-keyout", key], check=True, capture_output=True)
    return file, key


async def test_a_certificate_that_nobody_trusts_is_refused_with_the_reason(
    tmp_path: Path,
) -> None:
    file, key = certificate(tmp_path)
    settings = ("allow_anonymous true", f"certfile {file}", f"keyfile {key}")
    async with mosquitto(tmp_path, *settings) as broker:
        address = BrokerAddress.parse(f"mqtts://127.0.0.1:{broker.port}")
        link = MqttLink(address, client_id="test", backoff=QUICKLY)
        async with running(link.run()):
            with pytest.raises(BrokerUnreachable, match="its certificate is not trusted") as caught:
                await link.wait_connected(LIMIT_S)
            assert caught.value.code == "broker-tls"


async def test_messages_pass_over_tls_when_the_certificate_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, key = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    settings = ("allow_anonymous true", f"certfile {file}", f"keyfile {key}")
    async with mosquitto(tmp_path, *settings) as broker:
        url = f"mqtts://127.0.0.1:{broker.port}"
        async with witness(url, "a") as seeing, connected(url) as link:
            await link.publish("a", "secret")
            await seeing.wait_for(lambda seen: seen == [("a", "secret")])


async def test_messages_pass_through_mosquitto(tmp_path: Path) -> None:
    async with (
        mosquitto(tmp_path) as broker,
        witness(broker.url, "a/+") as seeing,
        connected(broker.url) as link,
    ):
        await link.publish("a/1", "one")
        await seeing.wait_for(lambda seen: seen == [("a/1", "one")])


async def test_mosquitto_that_refuses_the_password_is_told_from_one_that_is_not_there(
    tmp_path: Path,
) -> None:
    settings = ("allow_anonymous false", f"password_file {passwords(tmp_path)}")
    async with mosquitto(tmp_path, *settings) as broker:
        for credentials in ("", "ann:wrong@"):
            url = f"mqtt://{credentials}127.0.0.1:{broker.port}"
            link = MqttLink(BrokerAddress.parse(url), client_id="test", backoff=QUICKLY)
            async with running(link.run()):
                with pytest.raises(BrokerUnreachable) as caught:
                    await link.wait_connected(60)
                assert caught.value.code == "broker-credentials"
        async with connected(f"mqtt://ann:secret@127.0.0.1:{broker.port}") as link:
            assert link.connected


async def test_a_home_is_learned_and_driven_over_mosquitto_and_again_after_its_death(
    tmp_path: Path,
) -> None:
    async with (
        mosquitto(tmp_path) as broker,
        living_home(url=broker.url) as living,
    ):
        assert (await living.say("turn on the standing light")).confirmed
        await broker.kill()
        result = await living.say("turn off the standing light")
        assert not result.ok
        await broker.start()
        await living.back()
        result = await living.say("turn off the standing light")
        assert result.ok
        assert result.confirmed
        assert living.value("Standing Light") == "off"


async def test_two_clients_with_one_id_throw_each_other_out_ever_more_slowly(
    tmp_path: Path,
) -> None:
    class Noting(Backoff):
        """Tells how many failures in a row there were, and waits no longer for that."""

        def delay_s(self, failures: int) -> float:
            noted.append(failures)
            return 0.01

    noted: list[int] = []
    async with mosquitto(tmp_path) as broker:
        address = BrokerAddress.parse(broker.url)
        one, other = (MqttLink(address, client_id="same", backoff=Noting()) for _ in range(2))
        async with running(one.run(), other.run()), asyncio.timeout(LIMIT_S):
            while max(noted, default=0) < 4:
                await asyncio.sleep(0.01)
