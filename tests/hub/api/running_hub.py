"""A whole hub whose API is asked over real HTTP: embedded engines, its own broker, a home."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx2
import pytest
from starlette.requests import HTTPConnection
from websockets.asyncio.client import ClientConnection, connect

from hub import acting
from hub.api.access import Principal, Role
from hub.api.gate import AccountGate
from hub.app import Hub
from hub.demo.processes import Process
from hub.home.actions import Actions
from hub.settings import load

START_S = 90.0
REACTS_S = 20.0
"""How long a device may take to tell that it has obeyed; a busy machine is no broken device."""
ROLE = "x-test-role"


_real = AccountGate.principal


async def _principal(gate: AccountGate, connection: HTTPConnection) -> Principal:
    """Believe a header, where there is one: what accounts do is tested elsewhere."""
    role = connection.headers.get(ROLE)
    if role is None:
        return await _real(gate, connection)
    return Principal(f"user-{role.lower()}", role.title(), Role[role])


@dataclass
class Api:
    """The API of a running hub."""

    url: str
    hub: Hub
    broker: str
    folder: Path
    setup_link: str
    """The one-time link of a first start."""
    satellites: str = ""
    """Where satellites connect."""

    def client(self, role: Role | None = Role.OWNER) -> httpx2.AsyncClient:
        """Return a client that is logged in; without a role, one that is not."""
        headers = {} if role is None else {ROLE: role.name}
        return httpx2.AsyncClient(base_url=self.url, headers=headers, timeout=60.0)

    def socket(self, path: str, role: Role | None = Role.OWNER) -> connect:
        """Return a WebSocket to be opened: `async with api.socket("/v1/live") as socket`."""
        headers = {} if role is None else {ROLE: role.name}
        return connect(self.url.replace("http", "ws", 1) + path, additional_headers=headers)


@asynccontextmanager
async def running_hub(
    folder: Path,
    *,
    home: bool = False,
    more: Sequence[str] = (),
    token: str | None = None,
    lists: Sequence[str] = (),
) -> AsyncGenerator[Api]:
    """Run a hub, with a simulated home if asked; `more` are lines of its settings file.

    With a `token`, satellites have to know it. `lists` are the owner's.
    """
    asyncio.get_running_loop().set_debug(False)
    folder.mkdir(exist_ok=True)
    file = folder / "hub.toml"
    file.write_text(
        "\n".join(
            [
                *('[satellites]\nhost = "127.0.0.1"\nport = 0\ndiscoverable = false',),
                *(() if token is None else (f'token = "{token}"',)),
                *("[dashboard]\nport = 0", "[mqtt]\nembedded_port = 0"),
                f'[store]\nurl = "sqlite:///{folder}/hub.db"\nlists = {json.dumps([*lists])}',
                '[engines]\nspeech_to_text = "phrases"\ntext_to_speech = "espeak"',
                'language_model = "none"',
                *more,
            ]
        )
    )
    said: dict[str, str] = {}
    news = asyncio.Event()

    def announce(line: str) -> None:
        what, _, address = line.partition(": ")
        said[what] = address
        news.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AccountGate, "principal", _principal)
        patch.setattr(acting, "Actions", partial(Actions, confirm_timeout_s=REACTS_S))
        hub = Hub(load(file), announce)
        running = asyncio.create_task(hub.run())
        simulated: Process | None = None
        try:
            async with asyncio.timeout(START_S):
                while "Ready." not in said and not running.done():
                    news.clear()
                    await asyncio.wait(
                        {running, asyncio.ensure_future(news.wait())},
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                if running.done():
                    await running
                broker = "mqtt://" + said["Built-in MQTT broker"]
                if home:
                    simulated = await Process.start(
                        "home", "hub.demo.simulated_home", "--broker", broker, cwd=folder
                    )
                    await simulated.wait_for_line(lambda line: line == "ready")
                    while not any(d.name == "Bed Light" for d in hub._home.devices()):
                        hub._home_changed.clear()
                        await hub._home_changed.wait()
            link, satellites = said.get("Set up", ""), said["Satellites"]
            yield Api(said["Dashboard"], hub, broker, folder, link, satellites)
        finally:
            if simulated is not None:
                await simulated.end()
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


async def received(socket: ClientConnection, limit_s: float = 30.0) -> str | bytes:
    """Return the next message of a socket. Raises TimeoutError."""
    async with asyncio.timeout(limit_s):
        return await socket.recv()
