import asyncio

import pytest
from structlog.testing import capture_logs

from hub.mqtt.accounts import Account
from hub.mqtt.address import BrokerAddress
from hub.mqtt.broker import EmbeddedBroker
from hub.mqtt.errors import BrokerUnreachable, MqttUnavailable
from hub.mqtt.inbox import MAX_PAYLOAD_BYTES
from hub.mqtt.link import Backoff, MqttLink
from hub.mqtt.publication import Publication
from tests.hub.living_home import (
    LIMIT_S,
    QUICKLY,
    Witness,
    connected,
    nowhere,
    refusal,
    running,
    witness,
)


def link_to(url: str, backoff: Backoff = QUICKLY) -> MqttLink:
    return MqttLink(BrokerAddress.parse(url), client_id="test", backoff=backoff)


async def until(link: MqttLink, *, connected: bool) -> None:
    """Wait for a connection to come or go."""
    changed = asyncio.Event()
    link.on_connection(lambda _: changed.set())
    async with asyncio.timeout(LIMIT_S):
        while link.connected is not connected:
            changed.clear()
            await changed.wait()


async def test_what_is_published_is_heard_by_who_subscribed() -> None:
    async with (
        EmbeddedBroker(port=0) as broker,
        witness(broker.url, "a/+") as seeing,
        connected(broker.url) as link,
    ):
        await link.publish("a/1", "one")
        await link.publish("b/1", "not for us")
        await link.publish("a/2", b"two")
        await seeing.wait_for(lambda seen: seen == [("a/1", "one"), ("a/2", "two")])


async def test_a_retained_message_comes_to_who_subscribes_later() -> None:
    async with EmbeddedBroker(port=0) as broker, connected(broker.url) as link:
        await link.publish("a", "kept", retain=True)
        heard: asyncio.Queue[tuple[str, bytes, bool]] = asyncio.Queue()
        link.subscribe("a", lambda *message: heard.put_nowait(message))
        async with asyncio.timeout(LIMIT_S):
            assert await heard.get() == ("a", b"kept", True)


async def test_a_subscription_that_was_taken_back_is_silent() -> None:
    async with EmbeddedBroker(port=0) as broker, connected(broker.url) as link:
        heard: list[str] = []

        def handler(topic: str, _payload: bytes, _retained: bool) -> None:
            heard.append(topic)

        link.subscribe("a", handler)
        link.unsubscribe("a", handler)
        seeing = Witness(link, "#")
        assert await link.wait_subscribed(LIMIT_S)
        await link.publish("a", "x")
        await seeing.wait_for(lambda seen: seen == [("a", "x")])
        assert heard == []


async def test_hundreds_of_subscriptions_are_made_and_kept() -> None:
    async with EmbeddedBroker(port=0) as broker, connected(broker.url) as link:
        seeing = Witness(link, "t/0")
        for number in range(1, 450):
            link.subscribe(f"t/{number}", lambda *_: None)
        assert await link.wait_subscribed(LIMIT_S)
        last = Witness(link, "t/449")
        await link.publish("t/449", "x")
        await last.wait_for(lambda seen: seen == [("t/449", "x")])
        assert seeing.seen == []


async def test_a_handler_that_fails_is_logged_once_and_costs_no_more_than_its_messages() -> None:
    async with EmbeddedBroker(port=0) as broker, connected(broker.url) as link:

        def fail(*_: object) -> None:
            raise ZeroDivisionError

        link.subscribe("a", fail)
        beside, after = Witness(link, "a"), Witness(link, "b")
        assert await link.wait_subscribed(LIMIT_S)
        with capture_logs() as logs:
            await link.publish("a", "x")
            await link.publish("a", "x")
            await link.publish("b", "y")
            await after.wait_for(lambda seen: seen == [("b", "y")])
        assert beside.seen == [("a", "x")] * 2
        assert [entry["event"] for entry in logs] == ["mqtt handler failed"]


async def test_a_payload_of_a_megabyte_is_dropped_and_logged_once() -> None:
    async with (
        EmbeddedBroker(port=0) as broker,
        witness(broker.url) as seeing,
        connected(broker.url) as link,
    ):
        with capture_logs() as logs:
            await link.publish("big", b"x" * 1_000_000)
            await link.publish("big", b"x" * (MAX_PAYLOAD_BYTES + 1))
            await link.publish("most", b"x" * MAX_PAYLOAD_BYTES)
            await seeing.wait_for(lambda seen: [topic for topic, _ in seen] == ["most"])
        refusals = [entry for entry in logs if entry["log_level"] == "warning"]
        assert [(entry["topic"], entry["size_bytes"]) for entry in refusals] == [("big", 1_000_000)]


async def test_a_birth_message_is_told_on_every_connection() -> None:
    async with EmbeddedBroker(port=0) as broker, witness(broker.url, "status") as seeing:
        address = BrokerAddress.parse(broker.url)
        heard = [("status", "here")]
        for expected in (heard, heard * 2):
            link = MqttLink(address, client_id="born", birth=Publication("status", "here"))
            async with running(link.run()):
                await seeing.wait_for(expected.__eq__)


async def test_without_a_broker_it_says_where_and_what_to_do() -> None:
    with nowhere() as port:
        link = link_to(f"mqtt://127.0.0.1:{port}")
        async with running(link.run()):
            failure = await refusal(link)
            assert failure.code == "broker-unreachable"
            assert str(failure) == (
                f"No MQTT broker answers at {link.address}. "
                "Start one, or leave mqtt.url empty to use the built-in broker."
            )
            with pytest.raises(MqttUnavailable) as refused:
                await link.publish("a", "x")
            assert refused.value.code == "mqtt-unavailable"


async def test_why_there_is_no_broker_is_logged_once_however_often_it_is_tried() -> None:
    attempts = 0

    class Counting(Backoff):
        def delay_s(self, failures: int) -> float:
            nonlocal attempts
            attempts = failures
            return 0.001

    with nowhere() as port, capture_logs() as logs:
        link = link_to(f"mqtt://127.0.0.1:{port}", Counting())
        async with running(link.run()):
            async with asyncio.timeout(LIMIT_S):
                while attempts < 5:
                    await asyncio.sleep(0)
    assert [entry["code"] for entry in logs] == ["broker-unreachable"]


@pytest.mark.parametrize("credentials", ["", "ann:wrong@", "bob:secret@"])
async def test_wrong_credentials_are_told_apart_and_at_once(credentials: str) -> None:
    async with EmbeddedBroker(port=0, users=[Account("ann", "secret")]) as broker:
        link = link_to(f"mqtt://{credentials}127.0.0.1:{broker.port}")
        async with running(link.run()):
            with pytest.raises(BrokerUnreachable, match="user name or password") as caught:
                await link.wait_connected(60)
            assert caught.value.code == "broker-credentials"
            assert "secret" not in str(caught.value)


async def test_a_broker_that_refuses_for_another_reason_is_quoted() -> None:
    async def busy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"\x20\x02\x00\x03")  # CONNACK: server unavailable
        writer.close()

    server = await asyncio.start_server(busy, "127.0.0.1", 0)
    async with server:
        link = link_to(f"mqtt://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        async with running(link.run()):
            failure = await refusal(link)
            assert "Server unavailable" in str(failure)
            assert failure.code == "broker-refused"


async def test_right_credentials_let_in() -> None:
    async with (
        EmbeddedBroker(port=0, users=[Account("ann", "secret")]) as broker,
        connected(f"mqtt://ann:secret@127.0.0.1:{broker.port}") as link,
    ):
        assert link.connected


async def test_a_server_that_does_not_speak_tls_is_told_from_none_at_all() -> None:
    async def rude(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"what?\r\n")
        writer.close()

    server = await asyncio.start_server(rude, "127.0.0.1", 0)
    async with server:
        link = link_to(f"mqtts://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        async with running(link.run()):
            with pytest.raises(BrokerUnreachable, match="does not speak TLS") as caught:
                await link.wait_connected(LIMIT_S)
            assert caught.value.code == "broker-tls"


async def test_no_tls_server_at_all_is_just_no_broker() -> None:
    with nowhere() as port:
        link = link_to(f"mqtts://127.0.0.1:{port}")
        async with running(link.run()):
            assert (await refusal(link)).code == "broker-unreachable"


async def test_a_server_that_never_answers_is_given_up() -> None:
    came, gone = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set()
        await reader.read()
        writer.close()
        gone.set()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        link = link_to(f"mqtt://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        async with running(link.run()):
            with pytest.raises(BrokerUnreachable) as caught:
                await link.wait_connected(0.1)
            assert caught.value.code == "broker-unreachable"
            async with asyncio.timeout(LIMIT_S):
                await came.wait()
        async with asyncio.timeout(LIMIT_S):
            await gone.wait()


async def test_after_a_restart_of_the_broker_everything_works_again() -> None:
    broker = EmbeddedBroker(port=0)
    await broker.start()
    async with connected(broker.url) as link:
        changes: list[bool] = []
        link.on_connection(changes.append)
        seeing = Witness(link, "a/#")
        assert await link.wait_subscribed(LIMIT_S)
        await broker.close()
        await until(link, connected=False)
        with pytest.raises(MqttUnavailable):
            await link.publish("a/1", "lost")
        again = EmbeddedBroker(port=broker.port)
        await again.start()
        try:
            await link.wait_connected(LIMIT_S)
            assert await link.wait_subscribed(LIMIT_S)
            await link.publish("a/2", "found")
            await seeing.wait_for(lambda seen: seen == [("a/2", "found")])
            assert changes == [False, True]
        finally:
            await again.close()


async def test_a_command_under_way_fails_at_once_when_the_connection_is_lost() -> None:
    """The server takes the CONNECT, and then a message that it never confirms."""
    got_publish = asyncio.Event()
    writers: list[asyncio.StreamWriter] = []

    async def forgetful(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await reader.read(1000)
        writer.write(b"\x20\x03\x00\x00\x00")  # CONNACK
        while data := await reader.read(1000):
            if data[0] >> 4 == 3:
                got_publish.set()
        writer.close()

    server = await asyncio.start_server(forgetful, "127.0.0.1", 0)
    async with server:
        url = f"mqtt://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with connected(url, backoff=Backoff(60, 60)) as link:
            publishing = asyncio.ensure_future(link.publish("a", "x", timeout_s=60))
            async with asyncio.timeout(LIMIT_S):
                await got_publish.wait()
                writers[0].close()
                with pytest.raises(MqttUnavailable):
                    await publishing


async def test_a_command_that_is_never_confirmed_fails_in_time() -> None:
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"\x20\x03\x00\x00\x00")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    async with server:
        url = f"mqtt://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with connected(url) as link:
            with pytest.raises(MqttUnavailable, match="did not take a message to a"):
                await link.publish("a", "x", timeout_s=0.05)


def test_waits_grow_up_to_a_cap_and_are_never_all_alike() -> None:
    backoff = Backoff(first_s=1, cap_s=30)
    waits = [[backoff.delay_s(failures) for _ in range(50)] for failures in range(1, 40)]
    assert all(0.5 <= wait <= 1 for wait in waits[0])
    assert all(15 <= wait <= 30 for wait in waits[-1])
    assert all(len(set(some)) > 1 for some in waits)
