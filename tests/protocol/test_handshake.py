"""The handshake over real sockets, with the right token and with wrong ones."""

from protocol.authentication import hub_mac, new_nonce, satellite_mac, verify
from protocol.connection import KeepAlive
from protocol.errors import (
    PeerTimeout,
)
from protocol.link import Link
from protocol.messages import encode_message
from protocol.schema import Message
from protocol.sotto_messages import Challenge, Hello, Proof, Refused, Status, Welcome
from protocol.state import Role
from protocol.stream import serve
from tests.protocol.sockets import dial, echo, listen, raw, rest_of
from tests.protocol.sotto_samples import HELLO, STATUS


class TestHandshake:
    async def shake(self, token_of_hub: str, token_of_satellite: str) -> list[Message]:
        """Do a whole handshake; return what the satellite hears of it."""

        async def admit(link: Link) -> None:
            hello = await link.receive()
            assert isinstance(hello, Hello)
            nonce = new_nonce()
            await link.send(Challenge(1, "hub-1", "Home", nonce))
            proof = await link.receive()
            assert isinstance(proof, Proof)
            given = {"satellite": hello.satellite, "hub": "hub-1"}
            nonces = {"satellite_nonce": hello.nonce, "hub_nonce": nonce}
            if not verify(satellite_mac(token_of_hub, **given, **nonces), proof.mac):
                await link.send(Refused("bad-token", "The token is wrong."))
                return
            mac = hub_mac(token_of_hub, **given, **nonces)
            await link.send(Welcome(1, "hub-1", "Home", "s-1", mac, 2000, {}))
            assert isinstance(await link.receive(), Status)

        heard: list[Message] = []
        async with (
            await listen(admit, Role.HUB) as server,
            await dial(server, Role.SATELLITE) as link,
        ):
            nonce = new_nonce()
            await link.send(
                Hello(1, "s", "S", None, nonce, "t", (), HELLO.microphone, HELLO.speaker)
            )
            challenge = await link.receive()
            assert isinstance(challenge, Challenge)
            ids = {"satellite": "s", "hub": challenge.hub}
            nonces = {"satellite_nonce": nonce, "hub_nonce": challenge.nonce}
            await link.send(Proof(satellite_mac(token_of_satellite, **ids, **nonces)))
            heard.append(await link.receive())
            if isinstance(heard[0], Welcome):
                assert verify(hub_mac(token_of_satellite, **ids, **nonces), heard[0].mac)
                await link.send(STATUS)
        return heard

    async def test_with_the_same_token_ends_in_a_welcome_that_proves_the_hub(self) -> None:
        (welcome,) = await self.shake("secret", "secret")
        assert isinstance(welcome, Welcome)

    async def test_with_another_token_ends_in_a_refusal(self) -> None:
        assert await self.shake("secret", "guess") == [Refused("bad-token", "The token is wrong.")]

    async def test_that_never_comes_is_ended_with_a_reason(self) -> None:
        faults = []

        async def wait(link: Link) -> None:
            try:
                await link.receive()
            except PeerTimeout as fault:
                faults.append(fault.code)
                raise

        quick = KeepAlive(handshake_s=0.02)
        async with await serve(wait, "127.0.0.1", 0, role=Role.HUB, keep_alive=quick) as server:
            reader, writer = await raw(server)
            (event,) = await rest_of(reader)
            writer.close()
        assert event.type == "error"
        assert event.data["code"] == "handshake-timeout"
        assert faults == ["handshake-timeout"]

    async def test_out_of_order_is_ended_with_a_reason(self) -> None:
        async with await listen(echo, Role.HUB) as server:
            reader, writer = await raw(server)
            writer.write(encode_message(STATUS))
            (event,) = await rest_of(reader)
            writer.close()
        assert event.data["code"] == "unexpected-message"
