"""Settings that can not be used: a service waits for better ones, and shows that it does."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from protocol import Status
from satellite import mending
from satellite.errors import SatelliteError
from satellite.lights.look import LOOKS, Look
from satellite.mending import LOOK_S, wait_for_mending
from satellite.sign import Sign
from satellite.signs_settings import Lights, Pins
from tests.satellite.lights.test_show import Lamp
from tests.satellite.scripted_hub import ScriptedHub
from tests.satellite.test_cli import START_S, environment
from tests.virtual_time import run_virtual

BAD = SatelliteError("bad-settings", "volume must be a number")


def test_it_waits_until_the_file_is_changed_or_for_so_long(tmp_path: Path) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text("volume = 'loud'")

    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert not await wait_for_mending(file, BAD, 60.0)
        assert loop.time() >= 60.0
        for change in (lambda: file.write_text("volume = 0.5"), file.unlink, file.touch):
            loop.call_later(5.0, change)
            began = loop.time()
            assert await wait_for_mending(file, BAD, 60.0)
            assert loop.time() - began <= 5.0 + LOOK_S

    run_virtual(main())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("volume = 'loud'\n[lights]\nkind = 'apa102'\ncount = 12", "apa102"),
        ("volume = 'loud'\n[lights]\nkind = 'apa102'\ncount = 'many'", "none"),
        ("lights = 7", "none"),
        ("volume = ", None),
    ],
)
def test_the_lights_show_trouble_as_far_as_it_can_be_read_which_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, kind: str | None
) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text(text)
    lamp, asked = Lamp(), []

    def open_light(lights: Lights, pins: Pins) -> Any:
        asked.append(lights.kind)
        return lamp if lights.kind != "none" else None

    monkeypatch.setattr(mending, "open_light", open_light)
    run_virtual(wait_for_mending(file, BAD, 10.0))
    assert asked == ([] if kind is None else [kind])
    shown: list[Look] = [look for _, look in lamp.shown]
    assert shown == ([LOOKS[Sign.TROUBLE]] if kind == "apa102" else [])
    assert lamp.closed == (kind == "apa102")


@asynccontextmanager
async def service(home: Path, *arguments: str) -> AsyncIterator["Service"]:
    """Start it as systemd does, and end it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(home / "notify"))
        manager.setblocking(False)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "satellite", "run", *arguments),
            cwd=home,
            env={
                **environment(home),
                "NOTIFY_SOCKET": str(home / "notify"),
                "WATCHDOG_USEC": "20000000",
            },
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield Service(manager, process)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


class Service:
    def __init__(self, manager: socket.socket, process: asyncio.subprocess.Process) -> None:
        self._manager = manager
        self.process = process

    async def told(self, what: str) -> None:
        """Wait until the manager was told something."""
        async with asyncio.timeout(START_S):
            while (
                what
                not in (await asyncio.get_running_loop().sock_recv(self._manager, 500)).decode()
            ):
                pass


@pytest.mark.alone
async def test_a_service_says_once_what_is_wrong_and_begins_when_it_is_mended(
    tmp_path: Path,
) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text("volume = 'loud'")
    async with ScriptedHub() as hub, service(tmp_path, "--config", str(file)) as started:
        await started.told("READY=1")
        await started.told("STATUS=" + str(file))
        await started.told("STATUS=" + str(file))  # it has tried again
        good = {"hub": hub.address, "microphone": "none", "speaker": "none"}
        # All at once: it might look at a file that is half written.
        new = tmp_path / "new.toml"
        new.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in good.items()))
        new.replace(file)
        session = await hub.session()
        await session.expect(Status)
        started.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(START_S):
            _, err = await started.process.communicate()
    lines = [line for line in err.decode().splitlines() if line.startswith("sotto-satellite:")]
    assert lines == [
        f"sotto-satellite: {file}: volume: it must be a number from 0 to 1, and is 'loud'"
    ]
    assert started.process.returncode == 0
    assert "Traceback" not in err.decode()


@pytest.mark.alone
async def test_a_service_that_waits_ends_when_it_is_told_to(tmp_path: Path) -> None:
    async with service(tmp_path, "--config", str(tmp_path / "none.toml")) as started:
        await started.told("STATUS=there is no settings file")
        await started.told("WATCHDOG=1")
        started.process.send_signal(signal.SIGTERM)
        await started.told("STOPPING=1")
        async with asyncio.timeout(START_S):
            assert await started.process.wait() == 0
