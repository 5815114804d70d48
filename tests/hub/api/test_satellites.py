"""Satellites over the API, with real satellites at a running hub."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
from websockets.asyncio.client import ClientConnection

from hub.api.access import Role
from satellite import app
from satellite.events import Event
from satellite.section import read_section
from satellite.settings import SatelliteSettings
from tests.hub.api.running_hub import Api, received, running_hub

TOKEN = "the-token-of-the-whole-house"
PATIENCE_S = 40.0


class Running:
    """A satellite that runs, and what can be waited for at it."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def follow(self, _: Event) -> None:
        """Take note that something happened."""
        self._news.set()

    async def until(self, happened: Callable[[], object]) -> None:
        """Wait until something has happened there."""
        async with asyncio.timeout(PATIENCE_S):
            while not happened():
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def satellite(
    api: Api, name: str = "Kitchen", *, told: list[Event] | None = None, **given: Any
) -> AsyncGenerator[Running]:
    """Run a real satellite without sound devices; it need not be let in.

    What happens there is added to `told`.
    """
    running = Running()
    fixed = {"name": name, "hub": api.satellites, "microphone": "none", "speaker": "none"}
    settings, problems = read_section(SatelliteSettings, {**fixed, **given})
    assert settings is not None, problems
    sinks = [*([] if told is None else [told.append]), running.follow]
    task = asyncio.create_task(app.run(settings, sinks=sinks))
    try:
        yield running
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task


async def until(socket: ClientConnection, found: Callable[[dict[str, Any]], bool]) -> Any:
    """Return the first message of the live socket in which something is found."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message = json.loads(await received(socket, PATIENCE_S))
            if found(message):
                return message


def connected(message: dict[str, Any]) -> bool:
    """Return whether a message tells of a satellite that is there."""
    if message.get("topic") == "satellites":
        return message["value"] is not None and message["value"]["connected"]
    things = message.get("state", {}).get("satellites", {})
    return any(one["connected"] for one in things.values())


def away(message: dict[str, Any]) -> bool:
    """Return whether a message tells of a satellite that is gone, or of none that is there."""
    tells = message.get("topic") == "satellites" or message["type"] == "snapshot"
    return tells and not connected(message)


async def only(client: httpx2.AsyncClient) -> dict[str, Any]:
    """Return the only satellite."""
    (one,) = (await client.get("/v1/satellites")).json()["items"]
    found: dict[str, Any] = one
    return found


async def test_a_satellite_is_shown_changed_and_shows_itself(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api, api.client() as owner:
        async with api.socket("/v1/live", Role.PANEL) as socket, satellite(api, area="Kitchen"):
            await until(socket, connected)
            one = await only(owner)
            assert (one["name"], one["area"], one["state"]) == ("Kitchen", "Kitchen", "idle")
            assert one["software"].startswith("sotto-satellite")
            place = f"/v1/satellites/{one['id']}"

            renamed = await owner.patch(place, json={"name": " Tea  corner ", "area": "Hall"})
            assert renamed.json()["name"] == "Tea corner"
            assert renamed.json()["own_name"] == "Kitchen"
            news = await until(socket, lambda m: (m.get("value") or {}).get("area") == "Hall")
            assert news["value"]["name"] == "Tea corner"

            settings = (await owner.get(f"{place}/settings")).json()["items"]
            volume = next(setting for setting in settings if setting["name"] == "volume")
            assert (volume["kind"], volume["least"], volume["greatest"]) == ("number", 0.0, 1.0)
            changed = await owner.put(f"{place}/settings", json={"volume": 0.25, "muted": True})
            assert changed.json() == {"volume": 0.25, "muted": True}
            muted = await until(socket, lambda m: (m.get("value") or {}).get("muted") is True)
            assert muted["value"]["volume"] == 0.25
            refused = await owner.put(f"{place}/settings", json={"volume": 7})
            assert refused.status_code == 422
            assert "volume" in refused.json()["detail"]
            nothing = await owner.post(f"{place}/listen")
            assert (nothing.status_code, nothing.json()["code"]) == (409, "unsupported")
            assert one["address"] == "127.0.0.1"
            async with api.client(Role.GUEST) as guest:
                assert (await only(guest))["address"] == ""
                assert (await guest.get(place)).json()["address"] == ""
                assert (await guest.post(f"{place}/listen")).status_code == 403
            assert (await owner.post(f"{place}/identify?seconds=1")).status_code == 204
            assert (await owner.post(f"{place}/stop")).status_code == 204
            assert (await owner.post("/v1/satellites/attic/stop")).status_code == 404
        async with api.socket("/v1/live") as socket:
            await until(socket, away)
        gone = await only(owner)
        assert (gone["name"], gone["connected"], gone["state"]) == ("Tea corner", False, "offline")


async def test_a_removed_satellite_stays_out_until_it_is_approved(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api, api.client() as owner:
        async with api.socket("/v1/live") as socket, satellite(api):
            await until(socket, connected)
            one = await only(owner)
            await owner.patch(f"/v1/satellites/{one['id']}", json={"name": "Old name"})
            assert (await owner.delete(f"/v1/satellites/{one['id']}")).status_code == 204
            news = await until(socket, lambda m: m.get("topic") == "satellites_waiting")
            assert news["value"]["reason"] == "removed"
            assert (await owner.get("/v1/satellites")).json()["items"] == []
            approved = await owner.post(f"/v1/satellites/{one['id']}/approve")
            assert approved.json() == {"token": None, "handed": False, "setting": None}
        async with api.socket("/v1/live") as socket, satellite(api):
            await until(socket, connected)
            assert (await only(owner))["name"] == "Kitchen"


async def test_a_satellite_that_knows_no_token_waits_and_gets_one_of_its_own(
    tmp_path: Path,
) -> None:
    async with (
        running_hub(tmp_path, token=TOKEN) as api,
        api.client() as owner,
        api.socket("/v1/live") as socket,
    ):
        async with satellite(api, area="Kitchen"):
            # With its code: that it is taken back tells below that the satellite is gone.
            news = await until(socket, lambda m: bool((m.get("value") or {}).get("pairing_code")))
            assert news["value"]["reason"] == "no-token"
        # It is gone again: nothing can be handed to it, and its owner sets what is shown.
        await until(socket, lambda m: (m.get("value") or {}).get("pairing_code", "") is None)
        (waiting,) = (await owner.get("/v1/satellites/waiting")).json()["items"]
        assert (waiting["name"], waiting["area"]) == ("Kitchen", "Kitchen")
        place = f"/v1/satellites/{waiting['id']}"
        first = (await owner.post(f"{place}/approve")).json()["token"]
        token = (await owner.post(f"{place}/approve")).json()["token"]
        assert token not in {first, TOKEN}
        assert (await owner.get("/v1/satellites/waiting")).json()["items"] == []

        async with satellite(api, token=token):
            await until(socket, connected)
            assert (await only(owner))["own_token"] is True
        async with satellite(api, token=first):
            news = await until(
                socket, lambda m: m.get("topic") == "satellites_waiting" and bool(m["value"])
            )
            assert news["value"]["reason"] == "bad-token"
        newest = (await owner.post(f"{place}/approve")).json()["token"]
        await owner.delete(place)
        async with satellite(api, token=newest):
            await until(
                socket, lambda m: m.get("topic") == "satellites_waiting" and bool(m["value"])
            )
        assert (await owner.get("/v1/satellites")).json()["items"] == []


async def test_each_role_does_with_satellites_what_it_may_and_no_more(tmp_path: Path) -> None:
    async with running_hub(tmp_path) as api, satellite(api):
        async with api.client() as owner, api.socket("/v1/live") as socket:
            await until(socket, connected)
            place = f"/v1/satellites/{(await only(owner))['id']}"
        wants = (
            (Role.PANEL, "GET", "/v1/satellites", None),
            (Role.PANEL, "GET", place, None),
            (Role.PANEL, "GET", f"{place}/settings", None),
            (Role.GUEST, "POST", f"{place}/stop", None),
            (Role.MEMBER, "POST", f"{place}/listen", None),
            (Role.MEMBER, "PUT", f"{place}/settings", {"volume": 0.5}),
            (Role.OWNER, "PUT", f"{place}/settings", {"sounds.awake": False}),
            (Role.MEMBER, "POST", f"{place}/identify", None),
            (Role.OWNER, "PATCH", place, {"name": "Hall"}),
            (Role.MEMBER, "POST", "/v1/satellites/watch", None),
            (Role.MEMBER, "GET", "/v1/satellites/browsers", None),
            (Role.OWNER, "GET", "/v1/satellites/waiting", None),
            (Role.OWNER, "DELETE", "/v1/satellites/waiting/attic-1", None),
            (Role.OWNER, "POST", f"{place}/approve", None),
            (Role.OWNER, "DELETE", place, None),
        )
        for role in Role:
            async with api.client(role) as client:
                for least, method, path, body in wants:
                    answer = await client.request(method, path, json=body)
                    may = answer.status_code != 403
                    assert may == (role >= least), (role, method, path, answer.text)
        async with api.client(None) as nobody:
            for _, method, path, body in wants:
                answer = await nobody.request(method, path, json=body)
                assert answer.status_code == 401, (method, path)
