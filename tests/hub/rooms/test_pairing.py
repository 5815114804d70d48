"""Satellites that know no token: who waits, what is said to them, and how an owner lets one in."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hub.bus import Bus
from hub.rooms import pairing as module
from hub.rooms.directory import Directory
from hub.rooms.lasting_link import SatelliteLink
from hub.rooms.listener import HubIdentity, Listener
from hub.rooms.pairing import NotPaired, OtherCode, Pairings
from hub.rooms.registry import Registry, own_token
from hub.rooms.session import Session
from hub.rooms.strangers import MAX_WAITING
from hub.store.database import Store
from protocol.authentication import new_nonce, satellite_mac
from protocol.messages import encode_message
from protocol.pairing import Agreement, Keys, bound_to
from protocol.pairing_messages import Pair, Paired
from protocol.sotto_messages import Challenge, Hello, Proof, Refused
from protocol.state import LinkState, Role
from protocol.stream import Link, connect, serve
from protocol.wyoming_audio import AudioChunk, AudioFormat
from protocol.wyoming_control import Error
from protocol.wyoming_info import Describe, Info

TOKEN = "the-token-of-the-whole-house"
SPEECH = AudioFormat(rate=16_000, width=2, channels=1)
LIMIT_S = 30.0


@dataclass
class Door:
    """A hub's port, and what its owner sees."""

    port: int
    registry: Registry
    welcomed: list[str]

    async def code(self, satellite: str) -> str:
        """Return the digits that the owner sees of one that waits."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                for one in self.registry.waiting():
                    if one.id == satellite and one.pairing_code is not None:
                        return one.pairing_code
                await asyncio.sleep(0.005)

    async def nobody_waits(self) -> None:
        async with asyncio.timeout(LIMIT_S):
            while list(self.registry.pairings):
                await asyncio.sleep(0.005)


@asynccontextmanager
async def door(folder: Path) -> AsyncGenerator[Door]:
    welcomed: list[str] = []

    def make_session(link: SatelliteLink, hello: Hello) -> Session:
        del link
        welcomed.append(hello.satellite)
        raise ConnectionError

    async with Store(f"sqlite:///{folder}/hub.db") as store:
        registry = Registry(store, TOKEN)
        await registry.load()
        identity = HubIdentity("hub-1", "Home")
        listener = Listener(identity, TOKEN, Directory(), Bus(), make_session, door=registry)

        async def handle(link: Link) -> None:
            try:
                await listener.handle(link)
            except ConnectionError:
                await link.close()

        server = await serve(handle, "127.0.0.1", 0, role=Role.HUB)
        async with server:
            yield Door(server.addresses[0][1], registry, welcomed)


class Knocking:
    """A satellite that knows no token, one step at a time."""

    def __init__(self, link: Link, satellite: str) -> None:
        self.link = link
        self.keys = Keys()
        self.hello = Hello(
            version=1,
            satellite=satellite,
            name="Kitchen",
            area="Kitchen",
            nonce=new_nonce(),
            software="test",
            features=(),
            microphone=SPEECH,
            speaker=SPEECH,
            pairing=bound_to(self.keys.public),
        )
        self.challenge = Challenge(1, "", "", "")

    @property
    def agreement(self) -> Agreement:
        key = self.challenge.key or ""
        return Agreement(
            self.keys.agree(key),
            self.hello.satellite,
            self.challenge.hub,
            self.hello.nonce,
            self.challenge.nonce,
            self.keys.public,
            key,
        )

    async def knock(self) -> None:
        """Come as far as the code."""
        await self.link.send(self.hello)
        challenge = await self.hears()
        assert isinstance(challenge, Challenge), challenge
        self.challenge = challenge
        await self.link.send(Pair(self.keys.public))

    async def hears(self) -> object:
        async with asyncio.timeout(LIMIT_S):
            return await self.link.receive()

    async def is_refused(self, code: str) -> Refused:
        refused = await self.hears()
        assert isinstance(refused, Refused), refused
        assert refused.code == code
        return refused


@asynccontextmanager
async def knocking(port: int, satellite: str = "kitchen-1") -> AsyncGenerator[Knocking]:
    async with await connect("127.0.0.1", port, role=Role.SATELLITE) as link:
        yield Knocking(link, satellite)


async def test_both_show_the_same_code_and_an_owner_hands_the_token_over(tmp_path: Path) -> None:
    async with door(tmp_path) as hub, knocking(hub.port) as one:
        await one.knock()
        code = await hub.code("kitchen-1")
        assert code == one.agreement.code
        await one.link.send(Describe())
        assert await one.hears() == Info(), "whoever waits may ask, and is told nothing"
        with pytest.raises(OtherCode):
            await hub.registry.approve("kitchen-1", "000000" if code != "000000" else "111111")
        with pytest.raises(OtherCode):
            await hub.registry.approve("kitchen-1")
        assert await hub.registry.approve("kitchen-1", code) is None, "it was handed over"
        paired = await one.hears()
        assert isinstance(paired, Paired)
        token = one.agreement.open(paired.token, paired.mac)
        (known,) = hub.registry
        assert token == own_token(TOKEN, "kitchen-1", known.salt or "")
        assert one.link.state is LinkState.CHALLENGED
        mac = satellite_mac(
            token,
            satellite="kitchen-1",
            hub="hub-1",
            satellite_nonce=one.hello.nonce,
            hub_nonce=one.challenge.nonce,
        )
        await one.link.send(Proof(mac))
        welcome = await one.hears()
        assert type(welcome).__name__ == "Welcome"
        assert hub.welcomed == ["kitchen-1"]
        assert hub.registry.waiting() == []


async def test_nothing_is_heard_from_one_that_waits(tmp_path: Path) -> None:
    async with door(tmp_path) as hub, knocking(hub.port) as one:
        await one.knock()
        await hub.code("kitchen-1")
        assert one.link._transport is not None  # our own table would not let it out
        one.link._transport.write(encode_message(AudioChunk(16_000, 2, 1, bytes(64), turn=1)))
        error = await one.hears()
        assert isinstance(error, Error)
        assert error.code == "unexpected-message"
        await hub.nobody_waits()
        assert hub.welcomed == []


async def test_who_is_turned_away_is_told_so_and_does_not_come_again_at_once(
    tmp_path: Path,
) -> None:
    async with door(tmp_path) as hub:
        async with knocking(hub.port) as one:
            await one.knock()
            await hub.code("kitchen-1")
            hub.registry.turn_away("kitchen-1")
            refused = await one.is_refused("pairing-refused")
            assert "turned it away" in refused.text
        async with knocking(hub.port) as again:
            await again.link.send(again.hello)
            await again.is_refused("pairing-refused")


async def test_nobody_waits_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAIRING_S", 0.5)
    async with door(tmp_path) as hub, knocking(hub.port) as one:
        await one.knock()
        refused = await one.is_refused("pairing-timeout")
        assert "Nobody has approved it" in refused.text
        await hub.nobody_waits()


async def test_one_that_goes_waits_no_more(tmp_path: Path) -> None:
    async with door(tmp_path) as hub:
        async with knocking(hub.port) as one:
            await one.knock()
            await hub.code("kitchen-1")
        await hub.nobody_waits()
        (waiting,) = hub.registry.waiting()
        assert (waiting.id, waiting.pairing_code) == ("kitchen-1", None)


async def test_a_key_that_is_not_the_promised_one_ends_the_link(tmp_path: Path) -> None:
    async with door(tmp_path) as hub, knocking(hub.port) as one:
        await one.link.send(one.hello)
        await one.hears()
        await one.link.send(Pair(Keys().public))
        error = await one.hears()
        assert isinstance(error, Error)
        assert error.code == "bad-pairing"
        await hub.nobody_waits()


async def test_strangers_do_not_push_one_out_that_waits_to_be_paired(tmp_path: Path) -> None:
    async with door(tmp_path) as hub, knocking(hub.port) as one:
        await one.knock()
        code = await hub.code("kitchen-1")
        for number in range(2 * MAX_WAITING):
            hello = replace(one.hello, satellite=f"stranger-{number}")
            hub.registry.refused(hello, "10.0.0.9", "bad-token")
        assert len(hub.registry.waiting()) == MAX_WAITING
        assert code in [shown.pairing_code for shown in hub.registry.waiting()]


class Clock:
    """A time that is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        self.now += module.HOST_GAP_S  # they do not come at once
        return self.now


async def test_a_flood_from_one_machine_takes_two_places_and_from_many_eight() -> None:
    pairings = Pairings(lambda: None, Clock())
    for number in range(2):
        pairings.begin(f"flood-{number}", "10.0.0.9")
    with pytest.raises(NotPaired) as busy:
        pairings.begin("flood-2", "10.0.0.9")
    assert busy.value.code == "pairing-busy"
    mine = pairings.begin("kitchen-1", "10.0.0.5")
    for number in range(5):
        pairings.begin(f"many-{number}", f"10.0.1.{number}")
    with pytest.raises(NotPaired):
        pairings.begin("one-more", "10.0.2.1")
    pairings.show(mine, "274913")
    assert pairings.code("kitchen-1") == "274913", "none of them has pushed it out"


async def test_who_asks_again_and_again_costs_the_hub_little() -> None:
    now = 1.0
    pairings = Pairings(lambda: None, lambda: now)
    begun = 0
    for number in range(1000):
        now += 0.001
        with suppress(NotPaired):
            pairings.end(pairings.begin(f"flood-{number}", f"10.0.0.{number % 250}"))
            begun += 1
    assert begun <= 3, "two a second, from however many machines"
    now += 1
    pairings.end(pairings.begin("a", "10.0.0.9"))
    now += module.GAP_S
    with pytest.raises(NotPaired):
        pairings.begin("b", "10.0.0.9")
    pairings.begin("c", "10.0.0.5")


async def test_one_id_waits_once_and_only_from_its_own_machine_again() -> None:
    pairings = Pairings(lambda: None, Clock())
    first = pairings.begin("kitchen-1", "10.0.0.5")
    with pytest.raises(NotPaired):
        pairings.begin("kitchen-1", "10.0.0.9")
    second = pairings.begin("kitchen-1", "10.0.0.5")
    with pytest.raises(NotPaired) as replaced:
        await first.decided
    assert replaced.value.code == "replaced"
    pairings.end(first)
    assert "kitchen-1" in pairings, "the older one does not take the newer one's place away"
    pairings.show(second, "111111")
    assert not pairings.approve("kitchen-1", "222222", "token")
    assert pairings.approve("kitchen-1", "111111", "token")
    assert await second.decided == "token"


@pytest.mark.parametrize("satellite", ["", "x" * 201])
async def test_an_id_that_can_not_be_kept_is_refused(satellite: str) -> None:
    with pytest.raises(NotPaired, match="empty, or too long"):
        Pairings(lambda: None, Clock()).begin(satellite, "10.0.0.5")


async def test_those_that_were_turned_away_are_bounded() -> None:
    pairings = Pairings(lambda: None, Clock())
    for number in range(module.MAX_REMEMBERED + 5):
        pairings.turn_away(f"stranger-{number}")
    pairings.begin("stranger-0", "10.0.0.5")
    with pytest.raises(NotPaired):
        pairings.begin(f"stranger-{module.MAX_REMEMBERED + 4}", "10.0.0.6")
