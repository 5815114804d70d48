"""Who is known, who waits at the door, and which tokens hold."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from hub.rooms import registry as module
from hub.rooms.lasting_link import LastingLink
from hub.rooms.registry import Registry, UnknownSatellite, own_token
from hub.rooms.strangers import MAX_WAITING, WAITING_KEPT
from hub.store.database import Store
from hub.store.errors import StoreError
from protocol.sotto_messages import PROTOCOL_VERSION, Hello
from protocol.wyoming_audio import AudioFormat

TOKEN = "the-token-of-the-whole-house"
SPEECH = AudioFormat(rate=16_000, width=2, channels=1)


class Clock:
    """A time that is set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def hello(
    satellite: str = "kitchen-1", name: str = "Kitchen", area: str | None = "Kitchen"
) -> Hello:
    return Hello(PROTOCOL_VERSION, satellite, name, area, "0" * 64, "test 1.0", (), SPEECH, SPEECH)


def link() -> LastingLink:
    """Return what stands for a link; nobody sends over it."""
    return cast("LastingLink", object())


@asynccontextmanager
async def known(
    folder: Path, token: str | None = TOKEN, clock: Clock | None = None
) -> AsyncGenerator[Registry]:
    """Open a registry that keeps what changes, and end it when all is kept."""
    async with Store(f"sqlite:///{folder}/hub.db") as store:
        registry = Registry(store, token, now=clock or Clock())
        await registry.load()
        running = asyncio.create_task(registry.run())
        try:
            yield registry
            async with asyncio.timeout(30):
                while registry._unkept or registry._changed.is_set():
                    await asyncio.sleep(0)
                async with store.session():  # whoever writes has written
                    pass
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


async def test_a_satellite_is_remembered_with_the_name_and_room_it_was_given(
    tmp_path: Path,
) -> None:
    async with known(tmp_path) as registry:
        assert registry.welcomed(hello(), "10.0.0.5", link()).name == "Kitchen"
        await registry.name("kitchen-1", "Tea corner", "Hall")
        with pytest.raises(UnknownSatellite):
            await registry.name("attic-1", "Attic", None)
    async with known(tmp_path) as registry:
        (one,) = registry
        assert (one.called, one.room, one.address) == ("Tea corner", "Hall", "10.0.0.5")
        again = registry.welcomed(hello(name="Other"), "10.0.0.6", link())
        assert (again.name, again.area) == ("Tea corner", "Hall")
        await registry.name("kitchen-1", None, None)
        assert registry.welcomed(hello(name="Other"), "10.0.0.6", link()).name == "Other"


async def test_a_token_of_its_own_is_made_of_the_houses_and_stands_nowhere(tmp_path: Path) -> None:
    async with known(tmp_path) as registry:
        registry.welcomed(hello(), "10.0.0.5", link())
        assert registry.tokens("kitchen-1") == ()
        token = await registry.approve("kitchen-1")
        assert token is not None
        assert registry.tokens("kitchen-1") == (token,)
        assert registry.tokens("attic-1") == ()
    assert token.encode() not in (tmp_path / "hub.db").read_bytes()
    async with known(tmp_path) as registry:
        assert registry.tokens("kitchen-1") == (token,)
    async with known(tmp_path, "another-token-of-the-house") as registry:
        assert registry.tokens("kitchen-1") != (token,), "another token ends all of them"
    assert own_token(TOKEN, "a", "bc") != own_token(TOKEN, "ab", "c")


async def test_a_removed_satellite_is_barred_until_it_is_approved(tmp_path: Path) -> None:
    async with known(tmp_path) as registry:
        registry.welcomed(hello(), "10.0.0.5", link())
        await registry.approve("kitchen-1")
        await registry.remove("kitchen-1")
        assert registry.bars("kitchen-1")
        assert registry.tokens("kitchen-1") == ()
        assert registry.get("kitchen-1") is None
        assert list(registry) == []
        with pytest.raises(UnknownSatellite):
            await registry.remove("kitchen-1")
    async with known(tmp_path) as registry:
        assert registry.bars("kitchen-1")
        await registry.approve("kitchen-1")
        assert not registry.bars("kitchen-1")


async def test_strangers_are_bounded_and_forgotten_when_they_have_given_up(
    tmp_path: Path,
) -> None:
    clock = Clock()
    async with known(tmp_path, clock=clock) as registry:
        told: list[None] = []
        registry.follow(lambda: told.append(None))
        for number in range(MAX_WAITING + 5):
            clock.now += timedelta(seconds=1)
            registry.refused(hello(f"stranger-{number}"), "10.0.0.9", "bad-token")
        assert len(registry.waiting()) == MAX_WAITING
        assert registry.waiting()[0].id == f"stranger-{MAX_WAITING + 4}"
        before = len(told)
        registry.refused(hello("stranger-20"), "10.0.0.9", "bad-token")
        assert len(told) == before, "one that tries again is no news"
        registry.refused(hello("x" * 201, "y" * 500), "10.0.0.9", "bad-token")
        assert len(registry.waiting()) == MAX_WAITING, "ids that long are not kept"
        clock.now += WAITING_KEPT + timedelta(seconds=1)
        assert registry.waiting() == []
        with pytest.raises(UnknownSatellite):
            await registry.approve("stranger-1")


async def test_of_too_many_satellites_those_go_that_were_away_the_longest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_KNOWN", 2)
    clock = Clock()
    async with known(tmp_path, clock=clock) as registry:
        links = {name: link() for name in ("a", "b", "c")}
        for name, way in links.items():
            clock.now += timedelta(minutes=1)
            registry.welcomed(hello(name), "10.0.0.5", way)
        assert {one.id for one in registry} == {"a", "b", "c"}, "those that are there stay"
        registry.left("a", link())
        assert registry.link("a") is not None, "a newer link has taken its place"
        registry.left("a", links["a"])
        registry.welcomed(hello("d"), "10.0.0.5", link())
        assert {one.id for one in registry} == {"b", "c", "d"}


async def test_what_the_store_does_not_take_is_kept_with_what_changes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with known(tmp_path) as registry:
        keep = registry._keep
        failed, kept = asyncio.Event(), asyncio.Event()

        async def fails_first(*satellites: str) -> None:
            if not failed.is_set():
                failed.set()
                raise StoreError("full", "there is no space left for the store")
            await keep(*satellites)
            kept.set()

        monkeypatch.setattr(registry, "_keep", fails_first)
        registry.welcomed(hello("kitchen-1"), "192.0.2.1", link())
        async with asyncio.timeout(30):
            await failed.wait()
            registry.welcomed(hello("bath-1"), "192.0.2.2", link())
            await kept.wait()
    async with known(tmp_path) as registry:
        assert {one.id for one in registry} == {"kitchen-1", "bath-1"}
