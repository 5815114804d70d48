"""The broker of our own, opened to others: users, access lists, TLS, and its memory."""

from dataclasses import replace
from pathlib import Path

import pytest

from hub.mqtt.accounts import Account
from hub.mqtt.address import BrokerAddress, Trust
from hub.mqtt.broker import Certificate, EmbeddedBroker
from hub.mqtt.errors import BrokerFailed, BrokerUnreachable
from hub.mqtt.link import MqttLink
from hub.mqtt.publication import Publication
from tests.hub.living_home import LIMIT_S, QUICKLY, Witness, connected, running
from tests.hub.mqtt.certificates import Authority

BRIDGE = Account("bridge", "secret", publish=("zigbee/#", "status"), subscribe=("zigbee/+/set",))
ANN = Account("ann", "secret")


def as_user(broker: EmbeddedBroker, name: str) -> str:
    return f"mqtt://{name}:secret@127.0.0.1:{broker.port}"


async def test_a_user_writes_only_what_its_access_list_allows() -> None:
    async with (
        EmbeddedBroker(port=0, users=[BRIDGE, ANN]) as broker,
        connected(as_user(broker, "ann"), "ann") as ann,
        connected(as_user(broker, "bridge"), "bridge") as bridge,
    ):
        seeing = Witness(ann, "#")
        assert await ann.wait_subscribed(LIMIT_S)
        await bridge.publish("secret/door", "OPEN", retain=True)
        await bridge.publish("zigbee/lamp", "ON")
        await seeing.wait_for(lambda seen: seen == [("zigbee/lamp", "ON")])


async def test_a_user_reads_only_what_its_access_list_allows() -> None:
    async with (
        EmbeddedBroker(port=0, users=[BRIDGE, ANN]) as broker,
        connected(as_user(broker, "ann"), "ann") as ann,
        connected(as_user(broker, "bridge"), "bridge") as bridge,
    ):
        await ann.publish("secret/code", "1234", retain=True)
        everything, denied = Witness(bridge, "#"), Witness(bridge, "zigbee/#")
        allowed = Witness(bridge, "zigbee/lamp/set")
        assert await bridge.wait_subscribed(LIMIT_S)
        await ann.publish("zigbee/lamp/set", "ON")
        await allowed.wait_for(lambda seen: seen == [("zigbee/lamp/set", "ON")])
        assert {topic for topic, _ in everything.seen + denied.seen} <= {"zigbee/lamp/set"}


async def test_a_last_will_that_the_access_list_forbids_is_refused() -> None:
    async with EmbeddedBroker(port=0, users=[BRIDGE]) as broker:
        address = BrokerAddress.parse(as_user(broker, "bridge"))
        for topic, allowed in (("status", True), ("secret/door", False)):
            link = MqttLink(
                address, client_id="bridge", will=Publication(topic, "gone"), backoff=QUICKLY
            )
            async with running(link.run()):
                if allowed:
                    await link.wait_connected(LIMIT_S)
                else:
                    with pytest.raises(BrokerUnreachable):
                        await link.wait_connected(LIMIT_S)


async def test_the_hub_itself_gets_in_where_there_are_users() -> None:
    async with EmbeddedBroker("0.0.0.0", 0, [BRIDGE]) as broker:
        assert "secret" not in repr(broker.own_address)
        link = MqttLink(broker.own_address, client_id="hub", backoff=QUICKLY)
        async with running(link.run()):
            await link.wait_connected(LIMIT_S)
            seeing = Witness(link, "#")
            assert await link.wait_subscribed(LIMIT_S)
            await link.publish("anything", "x")
            await seeing.wait_for(lambda seen: seen == [("anything", "x")])


async def test_over_tls_users_and_the_hub_meet(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    signed = authority.sign("hub")
    certificate = Certificate(signed.certificate, signed.key)
    async with EmbeddedBroker(port=0, users=[ANN], certificate=certificate) as broker:
        assert broker.url == f"mqtts://127.0.0.1:{broker.port}"
        ann = BrokerAddress.parse(f"mqtts://ann:secret@127.0.0.1:{broker.port}")
        ann = replace(ann, trust=Trust(ca_file=authority.file))
        one = MqttLink(ann, client_id="ann", backoff=QUICKLY)
        hub = MqttLink(broker.own_address, client_id="hub", backoff=QUICKLY)
        async with running(one.run(), hub.run()):
            await one.wait_connected(LIMIT_S)
            await hub.wait_connected(LIMIT_S)
            seeing = Witness(hub, "a")
            assert await hub.wait_subscribed(LIMIT_S)
            await one.publish("a", "x")
            await seeing.wait_for(lambda seen: seen == [("a", "x")])


async def test_a_certificate_that_can_not_be_used_is_said_in_one_line(tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("rubbish", encoding="utf-8")
    for file in (rubbish, tmp_path / "missing.pem"):
        with pytest.raises(BrokerFailed, match="embedded_certificate_file") as caught:
            await EmbeddedBroker(port=0, certificate=Certificate(file, file)).start()
        assert caught.value.code == "bad-certificate"
        assert "\n" not in str(caught.value)


async def test_an_address_that_is_not_this_machines_is_said_so() -> None:
    with pytest.raises(BrokerFailed, match="no address of this machine") as caught:
        await EmbeddedBroker("192.0.2.1", 0, [ANN]).start()
    assert caught.value.code == "bad-address"


async def test_what_is_retained_is_there_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "data" / "retained.jsonl"
    async with EmbeddedBroker(port=0, retained=file) as broker, connected(broker.url) as link:
        await link.publish("kept/ümlaut", b"\x00\xff", retain=True)
        await link.publish("forgotten", "x", retain=True)
        await link.publish("forgotten", "", retain=True)
    async with EmbeddedBroker(port=0, retained=file) as broker, connected(broker.url) as link:
        heard: list[tuple[str, bytes, bool]] = []
        link.subscribe("#", lambda *message: heard.append(message))
        seeing = Witness(link, "end")
        assert await link.wait_subscribed(LIMIT_S)
        await link.publish("end", "x")
        await seeing.wait_for(lambda seen: ("end", "x") in seen)
        assert [message for message in heard if message[2]] == [("kept/ümlaut", b"\x00\xff", True)]


async def test_who_is_connected_when_the_broker_ends_counts_as_gone_after_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "retained.jsonl"
    async with EmbeddedBroker(port=0, retained=file) as broker:
        will = Publication("bridge/status", "offline", retain=True)
        address = BrokerAddress.parse(broker.url)
        link = MqttLink(address, client_id="bridge", will=will, backoff=QUICKLY)
        async with running(link.run()):
            await link.wait_connected(LIMIT_S)
            await link.publish("bridge/status", "online", retain=True)
            await broker.close()
    async with EmbeddedBroker(port=0, retained=file) as broker, connected(broker.url) as one:
        seeing = Witness(one, "bridge/status")
        await seeing.wait_for(lambda seen: seen == [("bridge/status", "offline")])
