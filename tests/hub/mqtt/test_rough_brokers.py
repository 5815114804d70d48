"""Brokers that refuse, restart, stop and vanish: real Mosquitto processes, roughly treated."""

import asyncio
import itertools
import json
import signal
import threading
import time
from pathlib import Path
from typing import Any, Literal

import pytest
from structlog.testing import capture_logs

from hub.mqtt.accounts import Account
from hub.mqtt.address import BrokerAddress
from hub.mqtt.broker import EmbeddedBroker
from hub.mqtt.client import Client
from hub.mqtt.errors import BrokerUnreachable, MqttUnavailable
from hub.mqtt.link import MqttLink
from tests.hub.living_home import (
    LIMIT_S,
    QUICKLY,
    Witness,
    connected,
    refusal,
    running,
    witness,
)
from tests.hub.mqtt.flood import flood
from tests.hub.mqtt.mosquitto import mosquitto, needed

ENDS_S = 4.0
"""A hub ends within a second and a half, and a busy machine may hold it up; the library itself
would wait for an answer for ever."""
DYNAMIC_SECURITY = Path("/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so")


@pytest.mark.parametrize("version", ["5", "3.1.1"])
async def test_both_versions_pass_messages_through_mosquitto(
    tmp_path: Path, version: Literal["5", "3.1.1"]
) -> None:
    async with mosquitto(tmp_path) as broker:
        address = BrokerAddress("127.0.0.1", broker.port, version=version)
        link = MqttLink(address, client_id="test", backoff=QUICKLY)
        async with running(link.run()):
            await link.wait_connected(LIMIT_S)
            assert link.version == version
            await link.publish("a/kept", "y", retain=True)
            seeing = Witness(link, "a/+")
            await seeing.wait_for(lambda seen: seen == [("a/kept", "y")])
            await link.publish("a/1", "x")
            await seeing.wait_for(lambda seen: seen[1:] == [("a/1", "x")])


async def test_the_newest_version_that_the_broker_knows_is_spoken(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker, connected(broker.url) as link:
        assert link.version == "5"
    async with EmbeddedBroker(port=0) as old, connected(old.url) as link:
        assert link.version == "3.1.1"


async def test_a_version_that_the_broker_does_not_know_is_said_so() -> None:
    async with EmbeddedBroker(port=0) as broker:
        address = BrokerAddress("127.0.0.1", broker.port, version="5")
        link = MqttLink(address, client_id="test", backoff=QUICKLY)
        async with running(link.run()):
            with pytest.raises(BrokerUnreachable, match=r"mqtt\.version") as caught:
                await link.wait_connected(LIMIT_S)
            assert caught.value.code == "broker-version"


async def test_a_broker_that_never_answers_a_new_version_gets_the_old_one() -> None:
    versions: list[int] = []

    async def old(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opening = await reader.read(1000)
        versions.append(opening[8])
        if opening[8] == 4:
            writer.write(b"\x20\x02\x00\x00")  # CONNACK
        while await reader.read(1000):
            pass
        writer.close()

    server = await asyncio.start_server(old, "127.0.0.1", 0)
    async with server:
        url = f"mqtt://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with connected(url) as link:
            assert link.version == "3.1.1"
    assert versions == [5, 4]


async def test_a_broker_with_too_many_connections_is_said_to_close_without_an_answer(
    tmp_path: Path,
) -> None:
    settings = ("max_connections 1", "allow_anonymous true")
    async with mosquitto(tmp_path, *settings) as broker, connected(broker.url, "first"):
        link = MqttLink(BrokerAddress.parse(broker.url), client_id="second", backoff=QUICKLY)
        async with running(link.run()):
            failure = await refusal(link)
            assert "too many connections" in str(failure)
            assert failure.code == "broker-closed"


async def subscription_refused(url: str) -> None:
    """Subscribe to what is denied and to what is not, over a reconnect."""
    async with connected(url) as link:
        with capture_logs() as logs:
            denied, allowed = Witness(link, "denied/#"), Witness(link, "allowed/#")
            assert await link.wait_subscribed(LIMIT_S)
            Witness(link, "denied/#")
            assert await link.wait_subscribed(LIMIT_S)
            await link.publish("allowed/1", "x")
            await allowed.wait_for(lambda seen: seen == [("allowed/1", "x")])
        assert denied.seen == []
        refused = [log for log in logs if log["event"] == "mqtt broker refuses a subscription"]
        assert [log["filter"] for log in refused] == ["denied/#"]


@pytest.mark.parametrize("farewell", [b"", b"\xe0\x02\x8e\x00"], ids=["silent", "taken-over"])
async def test_a_connection_that_is_lost_with_the_answer_to_it_is_made_again(
    farewell: bytes,
) -> None:
    opened = 0

    async def hasty(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        await reader.read(1000)
        opened += 1
        writer.write(b"\x20\x03\x00\x00\x00" + farewell)  # CONNACK, and DISCONNECT
        writer.close()

    class Busy(Client):
        """Its thread, which dials, has its turn again when all of that has been read."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            self._lost = threading.Event()
            super().__init__(*arguments, **options)

        def _client_connect(self) -> None:
            super()._client_connect()
            assert self._lost.wait(LIMIT_S)

        def _on_disconnect(self, *arguments: Any) -> None:
            super()._on_disconnect(*arguments)
            self._lost.set()

    server = await asyncio.start_server(hasty, "127.0.0.1", 0)
    async with server:
        address = BrokerAddress("127.0.0.1", server.sockets[0].getsockname()[1], version="5")
        link = MqttLink(address, client_id="test", backoff=QUICKLY, make_client=Busy)
        told: list[bool] = []
        link.on_connection(told.append)
        async with running(link.run()), asyncio.timeout(LIMIT_S):
            while opened < 3 or len(told) < 4:
                await asyncio.sleep(0.01)
        assert told[:4] == [True, False, True, False]


async def test_a_subscription_that_our_broker_denies_is_logged_once_and_the_rest_works() -> None:
    user = Account("ann", "secret", publish=("#",), subscribe=("allowed/#",))
    async with EmbeddedBroker(port=0, users=[user]) as broker:
        await subscription_refused(f"mqtt://ann:secret@127.0.0.1:{broker.port}")


async def test_a_subscription_that_mosquitto_denies_is_logged_once_and_the_rest_works(
    tmp_path: Path,
) -> None:
    needed()
    if not DYNAMIC_SECURITY.exists():
        pytest.skip("mosquitto has no dynamic security plugin here")
    kinds = ("publishClientSend", "publishClientReceive", "subscribe", "unsubscribe")
    access = [{"acltype": "subscribePattern", "topic": "denied/#", "allow": False}]
    rules = {
        "defaultACLAccess": dict.fromkeys(kinds, True),
        "roles": [{"rolename": "most", "acls": access}],
        "groups": [{"groupname": "all", "roles": [{"rolename": "most"}]}],
        "anonymousGroup": "all",
        "clients": [],
    }
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(rules), encoding="utf-8")
    plugin = (f"plugin {DYNAMIC_SECURITY}", f"plugin_opt_config_file {file}")
    async with mosquitto(tmp_path, "allow_anonymous true", *plugin) as broker:
        await subscription_refused(broker.url)


async def test_over_two_restarts_nothing_acknowledged_is_lost_and_nothing_is_repeated(
    tmp_path: Path,
) -> None:
    acknowledged: list[str] = []
    lives: list[int] = []
    async with (
        mosquitto(tmp_path) as broker,
        connected(broker.url, "witness") as listening,
        connected(broker.url, "hub") as link,
    ):
        seeing = Witness(listening, "orders/+")
        number = 0

        async def give_orders() -> None:
            nonlocal number
            while True:
                number += 1
                order = str(number)
                try:
                    await link.publish("orders/1", order, timeout_s=0.5)
                except MqttUnavailable:
                    await asyncio.sleep(0.01)
                else:
                    acknowledged.append(order)

        for life in range(3):
            for one in (listening, link):
                await one.wait_connected(LIMIT_S)
                assert await one.wait_subscribed(LIMIT_S)
            before = len(acknowledged)
            lives.append(before)
            ordering = asyncio.create_task(give_orders())
            async with asyncio.timeout(LIMIT_S):
                while len(acknowledged) < before + 20:
                    await asyncio.sleep(0)
            if life < 2:
                await broker.kill()
                ordering.cancel()
                await asyncio.gather(ordering, return_exceptions=True)
                with pytest.raises(MqttUnavailable):
                    await link.publish("orders/1", "while it is away")
                async with asyncio.timeout(LIMIT_S):
                    while listening.connected or link.connected:
                        await asyncio.sleep(0)
                await broker.start()
            else:
                ordering.cancel()
                await asyncio.gather(ordering, return_exceptions=True)
        await link.publish("orders/2", "last")
        await seeing.wait_for(lambda seen: ("orders/2", "last") in seen)
    orders = [payload for _, payload in seeing.seen]
    assert len(set(orders)) == len(orders)
    # A broker that is killed takes with it what it has acknowledged and not passed on: the last of
    # what it took, and no other.
    for first, next_one in itertools.pairwise([*lives, len(acknowledged)]):
        passed_on = [order in orders for order in acknowledged[first:next_one]]
        assert passed_on == sorted(passed_on, reverse=True)
    assert set(acknowledged[lives[-1] :]) <= set(orders)
    assert "while it is away" not in orders


async def test_a_burst_of_20000_messages_arrives_whole_while_commands_go_on(
    tmp_path: Path,
) -> None:
    settings = ("allow_anonymous true", "max_queued_messages 0", "max_queued_bytes 0")
    async with (
        mosquitto(tmp_path, *settings) as broker,
        witness(broker.url, "command") as commands,
        connected(broker.url, "hub") as link,
    ):
        seeing = Witness(link, "burst/+")
        assert await link.wait_subscribed(LIMIT_S)
        with capture_logs() as logs:
            numbers = [str(number) for number in range(20_000)]
            await flood(broker.port, [(f"burst/{n[-2:]}", n.encode()) for n in numbers])
            await link.publish("command", "x", timeout_s=LIMIT_S)
            await commands.wait_for(lambda seen: seen == [("command", "x")])
            async with asyncio.timeout(3 * LIMIT_S):
                while len(seeing.seen) < len(numbers):
                    await asyncio.sleep(0.01)
        assert [payload for _, payload in seeing.seen] == numbers
        assert logs == []


async def test_a_broker_that_stops_costs_a_command_its_time_and_later_works_again(
    tmp_path: Path,
) -> None:
    async with (
        mosquitto(tmp_path) as broker,
        witness(broker.url, "#") as seeing,
        connected(broker.url, "hub") as link,
    ):
        broker.signal(signal.SIGSTOP)
        try:
            with pytest.raises(MqttUnavailable):
                await link.publish("order", "stopped", timeout_s=0.2)
        finally:
            broker.signal(signal.SIGCONT)
        await link.publish("order", "goes on")
        await seeing.wait_for(lambda seen: ("order", "goes on") in seen)
        assert seeing.seen.count(("order", "stopped")) <= 1


async def test_a_hub_ends_in_time_while_its_broker_is_stopped(tmp_path: Path) -> None:
    async with mosquitto(tmp_path) as broker:
        async with connected(broker.url, "hub") as link:
            assert link.connected
            broker.signal(signal.SIGSTOP)
            started = time.monotonic()
        took_s = time.monotonic() - started
        broker.signal(signal.SIGCONT)
        assert took_s < ENDS_S


async def test_a_broker_that_vanishes_fails_commands_at_once_and_is_found_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with mosquitto(tmp_path) as broker, connected(broker.url, "hub") as link:
        lost = asyncio.Event()
        link.on_connection(lambda there: None if there else lost.set())
        await broker.kill()
        async with asyncio.timeout(LIMIT_S):
            await lost.wait()
        with pytest.raises(MqttUnavailable, match="no connection"):
            await link.publish("order", "x")
        await broker.start()
        await link.wait_connected(LIMIT_S)
        await link.publish("order", "y")
