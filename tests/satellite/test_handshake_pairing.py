"""What a satellite without a token makes of the hubs that it meets."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from protocol import (
    AuthenticationFailed,
    Challenge,
    Hello,
    Link,
    Pair,
    Paired,
    Refused,
    Role,
    SottoError,
    connect,
    new_nonce,
)
from protocol.pairing import Agreement, Keys
from satellite import handshake
from satellite.handshake import Identity, greet
from satellite.own_token import OwnToken
from tests.satellite.scripted_hub import HUB_ID, ScriptedHub

TOKEN = "0123456789abcdef0123456789abcdef"
IDENTITY = Identity("kitchen-1", "Kitchen", "Kitchen", speaker_rate_hz=22_050)


class Asking(OwnToken):
    """A satellite that knows no token, and what it showed."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.kept: list[str] = []
        super().__init__(show=lambda *told: self.shown.append(told), keep=self.kept.append)


@asynccontextmanager
async def linked(hub: ScriptedHub) -> AsyncGenerator[Link]:
    async with await connect("127.0.0.1", hub.port, role=Role.SATELLITE) as link:
        yield link


def challenging(keys: Keys | None, then: str) -> ScriptedHub:
    """Return a hub that challenges, with its key if it has one, and goes on as `then` says."""

    async def answer(link: Link, hello: Hello) -> None:
        nonce = new_nonce()
        key = None if keys is None else keys.public
        await link.send(Challenge(1, HUB_ID, "Scripted", nonce, key))
        pair = await link.receive()
        assert isinstance(pair, Pair)
        assert keys is not None
        agreement = Agreement(
            keys.agree(pair.key), hello.satellite, HUB_ID, hello.nonce, nonce, pair.key, keys.public
        )
        if then == "refuse":
            await link.send(Refused("pairing-timeout", "Nobody has approved it.", 5000))
            return
        sealed, mac = agreement.seal(TOKEN)
        await link.send(Paired(sealed, "0" * 64 if then == "forge" else mac))
        await link.receive()

    return ScriptedHub(greet=answer)


async def test_a_hub_that_knows_no_pairing_wants_a_token_as_before() -> None:
    own = Asking()
    async with challenging(None, "") as hub, linked(hub) as link:
        with pytest.raises(SottoError) as error:
            await greet(link, IDENTITY, own)
    assert error.value.code == "no-token"
    assert own.shown == []


async def test_a_token_that_the_hub_has_not_sealed_is_not_kept() -> None:
    own = Asking()
    async with challenging(Keys(), "forge") as hub, linked(hub) as link:
        with pytest.raises(AuthenticationFailed, match="somebody else"):
            await greet(link, IDENTITY, own)
    assert len(own.shown) == 1
    assert (own.kept, own.token) == ([], None)


async def test_a_refusal_is_told_in_the_hubs_words() -> None:
    own = Asking()
    async with challenging(Keys(), "refuse") as hub, linked(hub) as link:
        with pytest.raises(SottoError, match="Nobody has approved it") as error:
            await greet(link, IDENTITY, own)
    assert error.value.code == "pairing-timeout"
    assert own.asks, "it asks again"


async def test_a_hub_elsewhere_that_asks_for_no_token_is_not_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with ScriptedHub() as hub, linked(hub) as link:
        welcome = await greet(link, IDENTITY, Asking())
        assert welcome.hub == HUB_ID, "on this machine it is"
    monkeypatch.setattr(handshake, "is_this_machine", lambda _: False)
    async with ScriptedHub() as hub, linked(hub) as link:
        with pytest.raises(AuthenticationFailed, match="trusts only this machine"):
            await greet(link, IDENTITY, Asking())


async def test_a_satellite_that_does_not_ask_promises_no_key() -> None:
    heard: list[Hello] = []

    async def answer(link: Link, hello: Hello) -> None:
        del link
        heard.append(hello)

    async with ScriptedHub(greet=answer) as hub:
        for own in (OwnToken(), OwnToken(TOKEN, show=lambda *_: None)):
            async with linked(hub) as link:
                with pytest.raises(SottoError):
                    await greet(link, IDENTITY, own)
    assert [hello.pairing for hello in heard] == [None, None]


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("::1", True), ("", True), ("192.0.2.7", False), ("fe80::1%eth0", False)],
)
def test_which_machine_is_this_one(host: str, here: bool) -> None:
    assert handshake.is_this_machine(host) is here
