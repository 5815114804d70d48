import asyncio
import uuid
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest

from protocol import DiscoveryFailed, Unreachable, discovery
from protocol.discovery import HubAddress
from satellite import locate
from satellite.errors import SatelliteError
from satellite.locate import Candidate, Locator
from satellite.pairing import Pairing
from satellite.settings import Address

TOKEN = "a-token-that-is-long-enough"


def hub(
    *hosts: str,
    id_: str = "id",
    name: str = "Sotto",
    version: int = 1,
    tls: bool = False,
    port: int = 10_710,
) -> HubAddress:
    return HubAddress(id_, name, hosts, port, version, "token", tls)


class Around:
    """The hubs that announce themselves."""

    def __init__(self, *hubs: HubAddress) -> None:
        self.hubs: asyncio.Queue[HubAddress] = asyncio.Queue()
        self.browsing = 0
        for each in hubs:
            self.hubs.put_nowait(each)

    async def browse(self) -> AsyncGenerator[HubAddress]:
        self.browsing += 1
        try:
            while True:
                yield await self.hubs.get()
        finally:
            self.browsing -= 1


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locate, "DISCOVERY_TIMEOUT_S", 0.1)
    monkeypatch.setattr(locate, "SETTLE_S", 0.05)


@pytest.fixture
def pairing(tmp_path: Path) -> Pairing:
    return Pairing(tmp_path / "hub.json", TOKEN)


async def found(
    hubs: Sequence[str], around: Around, pairing: Pairing, *, has_token: bool = True
) -> Sequence[Candidate]:
    locator = Locator(hubs, pairing, has_token=has_token, browse=around.browse)
    try:
        return await locator.candidates()
    finally:
        await locator.close()


async def test_a_given_address_is_taken_as_it_is(pairing: Pairing) -> None:
    around = Around()
    assert await found(["10.0.0.1:99"], around, pairing) == [Candidate(Address("10.0.0.1", 99), 0)]
    assert around.browsing == 0


async def test_several_given_addresses_keep_their_order(pairing: Pairing) -> None:
    places = await found(["10.0.0.2", "10.0.0.1"], Around(), pairing)
    assert [(place.address.host, place.rank) for place in places] == [
        ("10.0.0.2", 0),
        ("10.0.0.1", 2),
    ]


async def test_every_address_of_a_hub_is_tried(pairing: Pairing) -> None:
    places = await found(["auto"], Around(hub("192.168.1.2", "fe80::1", port=99)), pairing)
    assert [place.address for place in places] == [
        Address("192.168.1.2", 99),
        Address("fe80::1", 99),
    ]


async def test_the_hub_that_it_is_paired_with_comes_first(pairing: Pairing) -> None:
    pairing.proved("b")
    around = Around(hub("10.0.0.1", id_="a", name="A"), hub("10.0.0.2", id_="b", name="B"))
    places = await found(["auto"], around, pairing)
    assert [(place.address.host, place.rank) for place in places] == [
        ("10.0.0.2", 0),
        ("10.0.0.1", 1),
    ]


async def test_what_a_hub_says_of_itself_does_not_make_it_the_paired_one(
    pairing: Pairing,
) -> None:
    pairing.proved("real")
    around = Around(hub("10.0.0.1", id_="real"))
    locator = Locator(["auto"], pairing, has_token=True, browse=around.browse)
    (place,) = await locator.candidates()
    assert place.rank == 0
    assert locator.rank(place, "another") == 1
    assert locator.rank(place, "real") == 0
    await locator.close()


async def test_a_given_address_is_tried_although_nobody_announces_himself(
    pairing: Pairing,
) -> None:
    places = await found(["auto", "10.0.0.9"], Around(), pairing)
    assert [(place.address.host, place.rank) for place in places] == [("10.0.0.9", 2)]


async def test_an_announcement_is_told_at_once(pairing: Pairing) -> None:
    around = Around()
    locator = Locator(["auto"], pairing, has_token=True, browse=around.browse)
    with pytest.raises(SatelliteError, match="no hub was found"):
        await locator.candidates()
    around.hubs.put_nowait(hub("10.0.0.1"))
    async with asyncio.timeout(60):
        await locator.changed()
    assert [place.address.host for place in await locator.candidates()] == ["10.0.0.1"]
    await locator.rest()
    assert around.browsing == 0
    assert len(await locator.candidates()) == 1, "what was found is known while it rests"
    await locator.close()


async def test_without_a_token_only_a_hub_of_this_machine_is_trusted(pairing: Pairing) -> None:
    around = Around(hub("192.168.1.2", id_="a"), hub("127.0.0.1", id_="b"))
    places = await found(["auto"], around, pairing, has_token=False)
    assert [place.address.host for place in places] == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("around", "has_token", "code"),
    [
        (hub("192.168.1.2"), False, "no-token"),
        (hub("localhost.example.org"), False, "no-token"),
        (None, True, "no-hub"),
        (hub("192.168.1.2", version=2), True, "no-hub"),
        (hub("192.168.1.2", tls=True), True, "no-hub"),
    ],
)
async def test_why_there_is_nobody_to_dial_is_said(
    around: HubAddress | None, has_token: bool, code: str, pairing: Pairing
) -> None:
    with pytest.raises(SatelliteError) as caught:
        await found(["auto"], Around(*filter(None, [around])), pairing, has_token=has_token)
    assert caught.value.code == code


async def test_a_network_without_discovery_is_told(pairing: Pairing) -> None:
    async def browse() -> AsyncGenerator[HubAddress]:
        nobody: list[HubAddress] = []
        for address in nobody:
            yield address
        raise DiscoveryFailed("no-multicast", "this network allows no discovery")

    locator = Locator(["auto"], pairing, has_token=True, browse=browse)
    with pytest.raises(DiscoveryFailed):
        await locator.candidates()
    await locator.close()


async def test_a_name_that_nobody_knows_is_told_with_the_name(pairing: Pairing) -> None:
    with pytest.raises(Unreachable, match=r"nobody\.invalid"):
        await found(["nobody.invalid"], Around(), pairing)


async def test_a_crowd_of_hubs_is_cut_short(pairing: Pairing) -> None:
    around = Around(*(hub(f"10.0.0.{number}", id_=str(number)) for number in range(100)))
    assert len(await found(["auto"], around, pairing)) <= locate.MAX_CANDIDATES


async def test_a_hub_that_comes_is_heard_over_the_real_network(
    pairing: Pairing, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = f"test-{uuid.uuid4()}"
    # Another test's hub, or one that is really there, is not taken for it.
    monkeypatch.setattr(discovery, "SERVICE_TYPE", f"_s{uuid.uuid4().hex[:12]}._tcp.local.")

    def browse() -> AsyncGenerator[HubAddress]:
        return discovery.browse(interfaces=["127.0.0.1"])

    locator = Locator(["auto"], pairing, has_token=True, browse=browse)
    with pytest.raises(SatelliteError):
        await locator.candidates()
    async with discovery.Advertiser(hub=id_, name="Home", port=10_999, host="127.0.0.1"):
        try:
            async with asyncio.timeout(20):
                await locator.changed()
        except TimeoutError:
            pytest.skip("no multicast on the loopback interface")
        assert Candidate(Address("127.0.0.1", 10_999), 0) in await locator.candidates()
    await locator.close()


async def test_a_hub_is_looked_up_once_for_whoever_asks() -> None:
    assert await locate.locate(("10.0.0.1", "10.0.0.2:99"), has_token=False) == [
        Address("10.0.0.1", 10_710),
        Address("10.0.0.2", 99),
    ]


# What is remembered.


def test_the_first_hub_that_proved_itself_is_remembered(tmp_path: Path) -> None:
    file = tmp_path / "state" / "hub.json"
    Pairing(file, TOKEN).proved("first")
    again = Pairing(file, TOKEN)
    assert again.hub == "first"
    written = file.stat().st_mtime_ns
    again.proved("second")
    assert again.hub == "first"
    assert file.stat().st_mtime_ns == written
    assert TOKEN not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("kept", ["", "[]", "{", '{"hub": 7}', "\xff", '{"hub": "x", "token": ""}'])
def test_what_makes_no_sense_is_not_remembered(kept: str, tmp_path: Path) -> None:
    file = tmp_path / "hub.json"
    file.write_text(kept, encoding="latin-1")
    assert Pairing(file, TOKEN).hub is None


def test_with_another_token_it_belongs_to_no_hub_yet(tmp_path: Path) -> None:
    file = tmp_path / "hub.json"
    Pairing(file, TOKEN).proved("first")
    assert Pairing(file, "another-token-of-the-owner").hub is None
