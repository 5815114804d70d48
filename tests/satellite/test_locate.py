import pytest

from protocol import discovery
from protocol.discovery import HubAddress
from satellite.errors import SatelliteError
from satellite.locate import locate
from satellite.settings import Address


def hub(
    *hosts: str, name: str = "Sotto", version: int = 1, tls: bool = False, port: int = 10_710
) -> HubAddress:
    return HubAddress("id", name, hosts, port, version, "token", tls)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[HubAddress]:
    hubs: list[HubAddress] = []

    async def find_hub(timeout_s: float, hub_id: str | None = None) -> list[HubAddress]:
        assert timeout_s > 0
        return hubs

    monkeypatch.setattr(discovery, "find_hub", find_hub)
    return hubs


async def test_a_given_address_is_taken_as_it_is() -> None:
    assert await locate("hub.local:99", has_token=False) == [Address("hub.local", 99)]


async def test_every_address_of_a_hub_is_tried(found: list[HubAddress]) -> None:
    found.append(hub("192.168.1.2", "fe80::1", port=99))
    assert await locate("auto", has_token=True) == [
        Address("192.168.1.2", 99),
        Address("fe80::1", 99),
    ]


async def test_without_a_token_only_a_hub_of_this_machine_is_trusted(
    found: list[HubAddress],
) -> None:
    found += [hub("192.168.1.2"), hub("127.0.0.1")]
    assert await locate("auto", has_token=False) == [Address("127.0.0.1", 10_710)]


async def code_of(*, has_token: bool) -> str:
    with pytest.raises(SatelliteError) as caught:
        await locate("auto", has_token=has_token)
    return caught.value.code


async def test_a_hub_elsewhere_needs_a_token(found: list[HubAddress]) -> None:
    found.append(hub("192.168.1.2"))
    assert await code_of(has_token=False) == "no-token"


async def test_no_hub_at_all_is_said(found: list[HubAddress]) -> None:
    assert await code_of(has_token=True) == "no-hub"


@pytest.mark.parametrize("other", [hub("192.168.1.2", version=2), hub("192.168.1.2", tls=True)])
async def test_a_hub_that_speaks_otherwise_is_not_dialled(
    found: list[HubAddress], other: HubAddress
) -> None:
    found.append(other)
    assert await code_of(has_token=True) == "no-hub"


async def test_a_name_among_the_hosts_is_not_taken_for_loopback(found: list[HubAddress]) -> None:
    found.append(hub("localhost.example.org"))
    assert await code_of(has_token=False) == "no-token"
