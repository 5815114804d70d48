"""Home Assistant finds the satellite on the network: here on the loopback interface."""

import asyncio
import uuid
from collections.abc import Callable

import pytest
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from protocol import DiscoveryFailed, SottoError, discovery
from satellite.wyoming import presence
from tests.protocol.test_discovery import multicast

__all__ = ["multicast"]

LIMIT_S = 60.0


def complain(error: SottoError) -> None:
    pytest.fail(error.text)


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not reached():
            await asyncio.sleep(0.01)


async def find(label: str) -> AsyncServiceInfo | None:
    zeroconf = AsyncZeroconf(interfaces=["127.0.0.1"])
    try:
        info = AsyncServiceInfo(presence.SERVICE_TYPE, f"{label}.{presence.SERVICE_TYPE}")
        found = await info.async_request(zeroconf.zeroconf, LIMIT_S * 1000)
        return info if found else None
    finally:
        await zeroconf.async_close()


async def test_the_satellite_is_found_by_its_stable_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "ADVERTISE_TIMEOUT_S", LIMIT_S)
    label = f"test-{uuid.uuid4()}"
    task = asyncio.create_task(presence.announce(label, "127.0.0.1", 10_700, complain))
    info = await find(label)
    task.cancel()
    await asyncio.wait([task])
    assert info is not None
    assert info.port == 10_700
    assert info.parsed_addresses() == ["127.0.0.1"]


async def test_where_the_network_allows_none_it_is_told_once_and_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[float] = []
    told: list[SottoError] = []

    async def fail(self: discovery.Announcement) -> None:
        tries.append(0)
        raise DiscoveryFailed("no-multicast", "this network allows no discovery")

    monkeypatch.setattr(discovery.Announcement, "start", fail)
    task = asyncio.create_task(presence.announce("x", "127.0.0.1", 1, told.append))
    await until(lambda: len(tries) >= 2)
    task.cancel()
    await asyncio.wait([task])
    assert [error.code for error in told] == ["no-multicast"]


async def test_it_is_announced_anew_when_the_machine_has_other_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    addresses = [["192.0.2.1"]]
    announced: list[list[str]] = []

    async def start(self: discovery.Announcement) -> None:
        announced.append(self._info.parsed_addresses())

    monkeypatch.setattr(discovery, "own_addresses", lambda: addresses[-1])
    monkeypatch.setattr(discovery.Announcement, "start", start)
    monkeypatch.setattr(presence, "LOOK_S", 0.01)
    task = asyncio.create_task(presence.announce("x", "0.0.0.0", 1, complain))
    await until(lambda: len(announced) == 1)
    addresses.append(["192.0.2.7"])
    await until(lambda: len(announced) == 2)
    task.cancel()
    await asyncio.wait([task])
    assert announced == [["192.0.2.1"], ["192.0.2.7"]]
