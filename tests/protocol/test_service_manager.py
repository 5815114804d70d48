"""What systemd hears, over a socket like its own."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from protocol.service_manager import ServiceManager
from tests.virtual_time import run_virtual


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


def environment(systemd: socket.socket, **more: str) -> dict[str, str]:
    return {"NOTIFY_SOCKET": systemd.getsockname(), **more}


def heard(systemd: socket.socket) -> list[str]:
    told = []
    with suppress(BlockingIOError):
        while True:
            told.append(systemd.recv(4096).decode())
    return told


def test_each_message_is_one_line(systemd: socket.socket) -> None:
    manager = ServiceManager(environment(systemd))
    manager.ready()
    manager.status("connected to\nthe hub " + "x" * 500)
    manager.stopping()
    ready, status, stopping = heard(systemd)
    assert (ready, stopping) == ("READY=1", "STOPPING=1")
    assert status.startswith("STATUS=connected to the hub xxx")
    assert len(status) <= 210


def test_a_program_that_was_started_by_hand_tells_nobody() -> None:
    manager = ServiceManager({})
    manager.ready()
    assert manager.watchdog_s is None


def test_a_manager_that_is_gone_does_no_harm(tmp_path: Path) -> None:
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).ready()


def test_an_abstract_socket_is_found() -> None:
    name = f"sotto-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name)
        listening.setblocking(False)
        ServiceManager({"NOTIFY_SOCKET": "@" + name}).ready()
        assert heard(listening) == ["READY=1"]


def test_the_watchdog_hears_three_times_as_often_as_it_must(systemd: socket.socket) -> None:
    manager = ServiceManager(environment(systemd, WATCHDOG_USEC="20000000"))

    async def main() -> None:
        serving = asyncio.create_task(manager.serve())
        await asyncio.sleep(31)
        serving.cancel()
        await asyncio.wait([serving])

    run_virtual(main())
    told = heard(systemd)
    assert told[0] == "READY=1"
    assert told[-1] == "STOPPING=1"
    assert 4 <= told.count("WATCHDOG=1") <= 5


@pytest.mark.parametrize(
    "more", [{"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "x"}, {"WATCHDOG_PID": "1"}]
)
def test_what_is_meant_for_nobody_or_another_is_left_alone(
    systemd: socket.socket, more: dict[str, str]
) -> None:
    usec = {"WATCHDOG_USEC": "1000000"}
    assert ServiceManager(environment(systemd, **{**usec, **more})).watchdog_s is None
