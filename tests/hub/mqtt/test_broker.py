import asyncio
import gc
import socket
from contextlib import suppress

import pytest

from hub.mqtt.broker import EmbeddedBroker
from hub.mqtt.errors import BrokerFailed
from tests.hub.living_home import LIMIT_S, Witness, connected


async def test_a_free_port_is_chosen_and_told() -> None:
    async with EmbeddedBroker(port=0) as broker:
        assert broker.port > 0
        assert broker.url == f"mqtt://127.0.0.1:{broker.port}"


async def test_a_port_in_use_is_said_in_one_line_that_tells_what_to_do() -> None:
    async with EmbeddedBroker(port=0) as broker:
        with pytest.raises(BrokerFailed) as caught:
            await EmbeddedBroker(port=broker.port).start()
        assert caught.value.code == "port-in-use"
        assert str(caught.value).startswith(f"Port {broker.port} on 127.0.0.1 is in use")
        assert "\n" not in str(caught.value)


async def test_without_users_it_listens_on_loopback_only() -> None:
    with pytest.raises(BrokerFailed, match="needs users") as caught:
        await EmbeddedBroker(host="0.0.0.0", port=0).start()
    assert caught.value.code == "needs-users"


async def test_the_port_is_free_again_after_closing() -> None:
    async with EmbeddedBroker(port=0) as first:
        pass
    async with EmbeddedBroker(port=first.port) as second:
        assert second.port == first.port


async def test_closing_twice_is_the_same_as_once() -> None:
    broker = EmbeddedBroker(port=0)
    await broker.start()
    await broker.close()
    await broker.close()


async def test_closing_ends_even_connections_that_never_said_a_word() -> None:
    async with EmbeddedBroker(port=0) as broker:
        reader, writer = await asyncio.open_connection("127.0.0.1", broker.port)
        async with asyncio.timeout(LIMIT_S):
            await broker.close()
            assert await reader.read() == b""
        writer.close()


@pytest.mark.parametrize("rounds", range(14))
async def test_one_who_connects_while_it_closes_is_cut_off(rounds: int) -> None:
    async with EmbeddedBroker(port=0) as broker:
        closing = asyncio.create_task(broker.close())
        for _ in range(rounds):
            await asyncio.sleep(0)
        with suppress(ConnectionRefusedError), dial(broker.port) as peer:
            await closing
            assert cut_off(peer)
        await closing
    gc.collect()  # tells of a socket that was left open


def dial(port: int) -> socket.socket:
    """Connect within this round of the loop."""
    return socket.create_connection(("127.0.0.1", port))


def cut_off(peer: socket.socket) -> bool:
    peer.setblocking(False)
    try:
        return peer.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("rubbish", [b"GET / HTTP/1.1\r\n\r\n", b"\x10\xff\xff\xff\xff", b"\x00"])
async def test_rubbish_from_one_peer_does_not_harm_another(rubbish: bytes) -> None:
    async with EmbeddedBroker(port=0) as broker, connected(broker.url) as link:
        seeing = Witness(link, "a")
        assert await link.wait_subscribed(LIMIT_S)
        _, writer = await asyncio.open_connection("127.0.0.1", broker.port)
        writer.write(rubbish)
        writer.close()
        await link.publish("a", "x")
        await seeing.wait_for(lambda seen: seen == [("a", "x")])


async def test_who_connects_gets_nothing_that_others_subscribed_to() -> None:
    async with EmbeddedBroker(port=0) as broker, connected(broker.url, "one") as one:
        await one.publish("kept/1", "x", retain=True)
        Witness(one, "kept/#")
        assert await one.wait_subscribed(LIMIT_S)
        async with connected(broker.url, "two") as two:
            seeing = Witness(two, "#")
            two.unsubscribe("#", seeing._take)
            asked = Witness(two, "other")
            assert await two.wait_subscribed(LIMIT_S)
            await two.publish("other", "x")
            await asked.wait_for(lambda seen: seen == [("other", "x")])
            assert seeing.seen == []


async def test_many_who_connect_and_subscribe_at_once_are_all_served() -> None:
    async with EmbeddedBroker(port=0) as broker, connected(broker.url, "first") as first:
        for number in range(20):
            await first.publish(f"kept/{number}", str(number), retain=True)
        Witness(first, "kept/#")

        async def serve(name: str) -> int:
            async with connected(broker.url, name) as link:
                seeing = Witness(link, "kept/#")
                Witness(link, f"own/{name}")
                await seeing.wait_for(lambda seen: len(seen) == 20)
                return len(seeing.seen)

        served = await asyncio.gather(*(serve(f"client-{number}") for number in range(12)))
        assert served == [20] * 12


async def test_an_empty_retained_message_makes_the_broker_forget() -> None:
    async with EmbeddedBroker(port=0) as broker, connected(broker.url) as link:
        await link.publish("kept", "x", retain=True)
        await link.publish("kept", "", retain=True)
        await link.publish("other", "y", retain=True)
        seeing = Witness(link, "#")
        await seeing.wait_for(lambda seen: seen == [("other", "y")])
