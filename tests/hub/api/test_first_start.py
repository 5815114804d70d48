"""The first start of a whole hub: its link, the first owner, and a login that lasts."""

import json
from pathlib import Path

import httpx2
from websockets.asyncio.client import connect
from websockets.typing import Origin

from hub.accounts.state_folder import link_file
from tests.hub.api.running_hub import received, running_hub

FIRST = {"name": "Ada", "password": "a rather long sentence", "language": "en"}


async def test_the_link_of_the_first_start_makes_an_owner_who_sees_the_home(
    tmp_path: Path,
) -> None:
    async with running_hub(tmp_path) as api:
        assert link_file().read_text().strip() == api.setup_link
        code = api.setup_link.partition("code=")[2]
        async with httpx2.AsyncClient(base_url=api.url, headers={"Origin": api.url}) as browser:
            made = await browser.post("/v1/setup", json={"code": code, **FIRST})
            assert made.status_code == 201, made.text
            who = (await browser.get("/v1/session")).json()
            assert (who["role"], who["hub"]) == ("owner", "Sotto")
            assert not link_file().exists()
            cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
            headers = {"Cookie": cookie}
            address = api.url.replace("http", "ws", 1) + "/v1/live"
            async with connect(
                address, additional_headers=headers, origin=Origin(api.url)
            ) as socket:
                assert json.loads(await received(socket))["type"] == "snapshot"
                await browser.post("/v1/session/everywhere-out")
                await socket.wait_closed()
                assert socket.close_code == 4401
    async with running_hub(tmp_path) as api:
        assert api.setup_link == "", "there is an owner"
        async with httpx2.AsyncClient(base_url=api.url, headers={"Origin": api.url}) as browser:
            login = {"name": FIRST["name"], "password": FIRST["password"]}
            assert (await browser.post("/v1/session", json=login)).status_code == 200
