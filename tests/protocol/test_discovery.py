"""Hubs are found on the network: here on the loopback interface."""

import asyncio
import socket
import uuid
from contextlib import aclosing

import pytest
from zeroconf.asyncio import AsyncServiceInfo

from protocol import discovery
from protocol.discovery import Advertiser, HubAddress, browse, find_hub
from protocol.errors import DiscoveryFailed

LOOPBACK = ["127.0.0.1"]
LIMIT_S = 60.0
PORT = 10_500


@pytest.fixture(autouse=True)
def multicast() -> None:
    """Skip where the kernel does not carry multicast over loopback."""
    group = socket.inet_aton("224.0.0.251") + socket.inet_aton("127.0.0.1")
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
    ):
        receiver.bind(("", 0))
        receiver.settimeout(1.0)
        try:
            receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
            sender.setsockopt(
                socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1")
            )
            sender.sendto(b"test", ("224.0.0.251", receiver.getsockname()[1]))
            receiver.recv(16)
        except OSError as error:
            pytest.skip(f"no multicast on the loopback interface: {error!r}")


@pytest.fixture(autouse=True)
def service_type(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a service that no other test looks for, and give it time on a busy machine."""
    own = f"_s{uuid.uuid4().hex[:12]}._tcp.local."
    monkeypatch.setattr(discovery, "SERVICE_TYPE", own)
    monkeypatch.setattr(discovery, "ADVERTISE_TIMEOUT_S", LIMIT_S)
    monkeypatch.setattr(discovery, "CLOSE_TIMEOUT_S", LIMIT_S)
    monkeypatch.setattr(discovery, "RESOLVE_TIMEOUT_S", LIMIT_S)
    return own


@pytest.fixture
def hub_id() -> str:
    """Return an id that no hub on this network has."""
    return f"test-{uuid.uuid4()}"


def advertiser(hub_id: str, **more: object) -> Advertiser:
    return Advertiser(hub=hub_id, name="Zuhause", port=PORT, host="127.0.0.1", **more)  # type: ignore[arg-type]


async def test_a_hub_is_found_with_all_it_says_of_itself(hub_id: str) -> None:
    async with advertiser(hub_id, authentication="none", tls=True):
        found = await find_hub(LIMIT_S, hub_id, interfaces=LOOPBACK)
    expected = HubAddress(
        hub=hub_id,
        name="Zuhause",
        hosts=("127.0.0.1",),
        port=PORT,
        version=1,
        authentication="none",
        tls=True,
    )
    assert found == [expected]
    assert found[0].host == "127.0.0.1"


async def test_hubs_are_told_apart_and_gone_when_they_leave(
    hub_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "SETTLE_S", 2.0)
    other = Advertiser(hub=f"{hub_id}-b", name="A first", port=PORT, host="127.0.0.1")
    this = advertiser(hub_id)
    await asyncio.gather(this.start(), other.start())
    try:
        everyone = await find_hub(3600.0, interfaces=LOOPBACK)
        names = [address.name for address in everyone if address.hub.startswith(hub_id)]
        assert names == ["A first", "Zuhause"]
        (wanted,) = await find_hub(3600.0, hub_id, interfaces=LOOPBACK)
        assert wanted.hub == hub_id
        await this.close()
        assert await find_hub(0.3, hub_id, interfaces=LOOPBACK) == []
    finally:
        await asyncio.gather(this.close(), other.close())


async def test_when_nobody_answers_the_search_ends_in_time(hub_id: str) -> None:
    assert await find_hub(0.2, hub_id, interfaces=LOOPBACK) == []


async def test_browsing_sees_a_hub_that_comes_later(hub_id: str) -> None:
    async with aclosing(browse(interfaces=LOOPBACK)) as hubs:
        search = asyncio.ensure_future(anext(hubs))
        async with advertiser(hub_id):
            while (await search).hub != hub_id:
                search = asyncio.ensure_future(anext(hubs))


async def test_two_hubs_with_one_id_are_an_error_that_says_so(hub_id: str) -> None:
    async with advertiser(hub_id):
        with pytest.raises(DiscoveryFailed) as caught:
            await advertiser(hub_id).start()
    assert caught.value.code == "not-announced"


async def test_a_network_without_multicast_is_an_error_that_says_so(
    hub_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise OSError("no such device")

    monkeypatch.setattr(discovery, "AsyncZeroconf", fail)
    for attempt in (advertiser(hub_id).start(), find_hub(0.1)):
        with pytest.raises(DiscoveryFailed) as caught:
            await attempt
        assert caught.value.code == "no-multicast"


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"id": ""},
        {"id": "x"},
        {"id": "x", "version": "one"},
        {"id": "x", "version": "-1"},
        {"id": b"\xff\xfe", "version": b"\xff"},
        {"version": "1"},
    ],
)
async def test_records_that_are_no_good_are_passed_over(
    properties: dict[str, str | bytes], service_type: str
) -> None:
    service = {"type_": service_type, "name": f"x.{service_type}", "parsed_addresses": LOOPBACK}
    info = AsyncServiceInfo(**service, port=PORT, properties=properties)  # type: ignore[arg-type]
    assert discovery._read(info) is None


async def test_a_record_without_an_address_or_a_port_is_passed_over(service_type: str) -> None:
    properties = {"id": "x", "version": "1"}
    service = {"type_": service_type, "name": f"x.{service_type}", "properties": properties}
    for more in ({"port": PORT}, {"parsed_addresses": LOOPBACK}, {"port": 0}):
        assert discovery._read(AsyncServiceInfo(**service, **more)) is None  # type: ignore[arg-type]
    whole = AsyncServiceInfo(**service, port=PORT, parsed_addresses=LOOPBACK)  # type: ignore[arg-type]
    assert discovery._read(whole) == HubAddress("x", "x", ("127.0.0.1",), PORT, 1, "token", False)


def test_a_name_of_any_length_makes_a_label_that_dns_can_carry(service_type: str) -> None:
    hub = Advertiser(hub="ä.b" * 40, name="x", port=PORT, host="127.0.0.1")
    label = hub._info.name.removesuffix(f".{service_type}")
    assert len(label.encode()) <= 63
    assert "." not in label
