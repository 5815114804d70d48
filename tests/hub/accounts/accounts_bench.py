"""Accounts over a real store, with a clock that tests move and passwords that are quick."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx2
from argon2 import PasswordHasher
from fastapi import FastAPI

from hub.accounts.accounts import Accounts
from hub.accounts.passwords import Passwords
from hub.accounts.role import Role
from hub.accounts.user import User
from hub.api.app import make_api
from hub.api.gate import AccountGate
from hub.api.live import Live
from hub.api.parts import Parts
from hub.api.wake_words import WakeEars
from hub.engine_choice import EngineChoice
from hub.home.model import Home
from hub.settings import load
from hub.store.database import Store
from hub.tools_settings import McpServer
from hub.turns.turn_log import open_log
from tests.hub.api.talking import scripted_house

ADDRESS = "http://hub"
PASSWORD = "a rather long sentence"


class Clock:
    """Wall time and the other one, together."""

    def __init__(self) -> None:
        self.wall = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.seconds = 1000.0

    def pass_(self, **time: float) -> None:
        by = timedelta(**time)
        self.wall += by
        self.seconds += by.total_seconds()


@dataclass
class Bench:
    """Accounts, and an API that asks them."""

    store: Store
    accounts: Accounts
    clock: Clock
    app: FastAPI
    folder: Path
    users: dict[Role, User] = field(default_factory=dict)

    def client(self, *, address: str = "127.0.0.1", **headers: str) -> httpx2.AsyncClient:
        """Return a browser that keeps its cookies, on a page of the hub."""
        transport = httpx2.ASGITransport(
            self.app, raise_app_exceptions=False, client=(address, 50_000)
        )
        return httpx2.AsyncClient(
            transport=transport, base_url=ADDRESS, headers={"Origin": ADDRESS, **headers}
        )

    @asynccontextmanager
    async def logged_in(self, role: Role) -> AsyncGenerator[httpx2.AsyncClient]:
        """Give a browser in which a user of a role has logged in."""
        if role not in self.users:
            self.users[role] = await self.accounts.users.add(role.name, PASSWORD, role, "en")
        async with self.client() as client:
            await log_in(client, role.name)
            yield client


async def log_in(client: httpx2.AsyncClient, name: str, password: str = PASSWORD) -> None:
    answer = await client.post("/v1/session", json={"name": name, "password": password})
    assert answer.status_code == 200, answer.text


def quick_passwords() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def running(*servers: McpServer) -> Any:
    """Return what acts in a hub that has MCP servers."""
    links = [SimpleNamespace(settings=server) for server in servers]
    return SimpleNamespace(tooling=SimpleNamespace(mcp=SimpleNamespace(links=links)))


@asynccontextmanager
async def bench(folder: Path, **parts: Any) -> AsyncGenerator[Bench]:
    """Give accounts that are empty; `parts` are more of what routers may use."""
    clock = Clock()
    (folder / "hub.toml").touch()
    async with Store(f"sqlite:///{folder}/hub.db") as store:
        accounts = Accounts(
            store,
            key=b"k" * 32,
            link=folder / "link",
            passwords=quick_passwords(),
            now=lambda: clock.wall,
            clock=lambda: clock.seconds,
        )
        house = scripted_house()
        settings = load(
            folder / "hub.toml", overrides={"store": {"url": f"sqlite:///{folder}/hub.db"}}
        )
        known = SimpleNamespace(
            house=house,
            bus=house.bus,
            directory=house.directory,
            home=Home(),
            accounts=accounts,
            gate=AccountGate(accounts, ("https://sotto.example.org",)),
            live=Live(),
            wake_ears=WakeEars(),
            store=store,
            settings=settings,
            desk=SimpleNamespace(settings=settings, choice=EngineChoice()),
            turns=await open_log(store, settings.store),
            **{"acting": running(), **parts},
        )
        app = make_api(cast("Parts", known))
        yield Bench(store, accounts, clock, app, folder)
