"""Whose a request is: pages of other sites, sockets, and what ends them."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from hub.accounts.role import Role
from hub.api import sockets
from hub.api.cookies import ACCESS
from hub.api.gate import AccountGate
from hub.store.errors import StoreError
from tests.hub.accounts.accounts_bench import ADDRESS, PASSWORD, bench
from tests.hub.accounts.asgi_socket import socket

GOOD = ["http://hub", "HTTP://HUB", "https://sotto.example.org"]
BAD = ["http://evil.example", "http://hub:81", "null", "http://hub.evil.example", "hub", ""]


@pytest.mark.parametrize("origin", GOOD)
async def test_a_page_of_the_hub_may_change_things_and_so_may_one_that_the_owner_names(
    tmp_path: Path, origin: str
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.GUEST) as browser:
        browser.headers["Origin"] = origin
        answer = await browser.put("/v1/session/language", json={"language": "fr"})
        assert answer.status_code == 200


@pytest.mark.parametrize("origin", BAD)
async def test_a_page_of_another_site_may_not_even_with_the_cookie(
    tmp_path: Path, origin: str
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.GUEST) as browser:
        browser.headers["Origin"] = origin
        refused = await browser.put("/v1/session/language", json={"language": "fr"})
        assert (refused.status_code, refused.json()["code"]) == (403, "foreign-page")
        assert (await browser.get("/v1/session")).json()["language"] == "en"
        if origin:
            wrong = {"name": "GUEST", "password": PASSWORD}
            for answer in (
                await browser.post("/v1/session", json=wrong),
                await browser.post("/v1/session/refresh"),
                await browser.delete("/v1/session"),
            ):
                assert answer.json()["code"] == "foreign-page"


async def test_a_cookie_alone_changes_nothing_but_a_bearer_needs_no_page(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.GUEST) as browser:
        del browser.headers["Origin"]
        answer = await browser.put("/v1/session/language", json={"language": "fr"})
        assert answer.status_code == 403
        bearer = f"Bearer {browser.cookies[ACCESS]}"
        async with here.client(Authorization=bearer, Origin="http://elsewhere") as program:
            answer = await program.put("/v1/session/language", json={"language": "fr"})
            assert answer.status_code == 200


async def test_a_form_of_another_site_can_not_pass_for_json(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        answer = await browser.post(
            "/v1/session",
            content='{"name": "a", "password": "b"}',
            headers={"Content-Type": "text/plain"},
        )
        assert answer.status_code == 422


async def test_a_socket_opens_for_a_cookie_on_the_hubs_page_and_for_a_bearer(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.PANEL) as browser:
        cookie = f"{ACCESS}={browser.cookies[ACCESS]}"
        bearer = f"Bearer {browser.cookies[ACCESS]}"
        for headers in ({"Cookie": cookie, "Origin": ADDRESS}, {"Authorization": bearer}):
            async with socket(here.app, "/v1/live", **headers) as opened:
                assert (await opened.next())["type"] == "websocket.accept"
                assert (await opened.json())["type"] == "snapshot"
        for headers in ({"Cookie": cookie, "Origin": "http://evil.example"}, {"Cookie": cookie}):
            async with socket(here.app, "/v1/live", **headers) as refused:
                assert (await refused.next())["type"] == "websocket.accept"
                assert (await refused.json())["code"] == "foreign-page"
                assert (await refused.next())["code"] == 4403


async def test_only_the_old_clients_socket_takes_a_token_in_its_address(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.GUEST) as browser:
        token = browser.cookies[ACCESS]
        async with socket(here.app, f"/v1/live?token={token}") as refused:
            assert (await refused.next())["type"] == "websocket.accept"
            assert (await refused.json())["code"] == "not-logged-in"
        async with here.client() as program:
            assert (await program.get(f"/v1/session?token={token}")).status_code == 401


async def test_an_open_socket_ends_with_its_login_and_no_other_does(tmp_path: Path) -> None:
    async with (
        bench(tmp_path) as here,
        here.logged_in(Role.MEMBER) as one,
        here.logged_in(Role.MEMBER) as other,
    ):
        cookies = [f"{ACCESS}={browser.cookies[ACCESS]}" for browser in (one, other)]
        async with (
            socket(here.app, "/v1/live", Cookie=cookies[0], Origin=ADDRESS) as first,
            socket(here.app, "/v1/live", Cookie=cookies[1], Origin=ADDRESS) as second,
        ):
            for opened in (first, second):
                assert (await opened.next())["type"] == "websocket.accept"
                assert (await opened.json())["type"] == "snapshot"
            await one.delete("/v1/session")
            assert await first.next() == {"type": "websocket.close", "code": 4401}
            assert second.outbox.empty()
            here.app.state.parts.live.topic("lamps").put("a", {"on": True})
            assert (await second.json())["id"] == "a"
            await other.post("/v1/session/everywhere-out")
            assert await second.next() == {"type": "websocket.close", "code": 4401}


async def test_an_open_socket_of_a_token_ends_with_it(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        made = await browser.post("/v1/tokens", json={"name": "x", "scopes": ["read"]})
        bearer = f"Bearer {made.json()['token']}"
        async with socket(here.app, "/v1/live", Authorization=bearer) as opened:
            assert (await opened.next())["type"] == "websocket.accept"
            assert (await opened.json())["type"] == "snapshot"
            await browser.delete(f"/v1/tokens/{made.json()['id']}")
            assert await opened.next() == {"type": "websocket.close", "code": 4401}


async def test_a_body_that_is_too_large_is_refused_but_a_backup_may_be_large(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        large = b"x" * (2 << 20)

        async def pieces() -> AsyncGenerator[bytes]:  # their size is not told before
            for _ in range(32):
                yield large[: 1 << 16]

        for content in (large, pieces()):
            refused = await owner.post("/v1/users", content=content)
            assert refused.status_code == 413
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.headers["x-content-type-options"] == "nosniff"
            assert refused.json()["code"] == "too-large"
        taken = await owner.post("/v1/restore", content=large)
        assert taken.json()["code"] == "store-bad-backup"


async def test_what_a_browser_tells_a_proxy_before_the_hub_is_no_business_of_the_hub(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.GUEST) as browser:
        browser.headers["Authorization"] = "Basic YWRhOnNlY3JldA=="
        assert (await browser.get("/v1/session")).status_code == 200
        browser.headers["Origin"] = "http://evil.example"
        refused = await browser.put("/v1/session/language", json={"language": "fr"})
        assert refused.json()["code"] == "foreign-page"


@pytest.mark.parametrize(("path", "most"), [("/v1/live", "MOST"), ("/v1/talk", "MOST_TALKING")])
async def test_one_user_has_so_many_sockets_open_and_others_have_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, most: str
) -> None:
    monkeypatch.setattr(sockets, most, 2)
    async with (
        bench(tmp_path) as here,
        here.logged_in(Role.MEMBER) as member,
        here.logged_in(Role.GUEST) as guest,
    ):
        one, other = (f"Bearer {browser.cookies[ACCESS]}" for browser in (member, guest))

        async def refused(bearer: str) -> str | None:
            async with socket(here.app, path, Authorization=bearer) as opened:
                assert (await opened.next())["type"] == "websocket.accept"
                said = await opened.json()
                if said["type"] != "error":
                    return None
                assert (await opened.next())["code"] == 4429
                return str(said["code"])

        async with (
            socket(here.app, path, Authorization=one) as first,
            socket(here.app, path, Authorization=one) as second,
        ):
            for opened in (first, second):
                await opened.next()
                assert (await opened.json())["type"] != "error"
            assert await refused(one) == "too-many-sockets"
            assert await refused(other) is None
        assert await refused(one) is None
        assert not here.app.state.sockets


async def test_a_socket_that_opens_while_the_store_is_busy_is_told_to_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> None:
        raise StoreError("busy", "the store is busy")

    monkeypatch.setattr(AccountGate, "principal", busy)
    async with bench(tmp_path) as here, socket(here.app, "/v1/live") as refused:
        assert (await refused.next())["type"] == "websocket.accept"
        assert (await refused.json())["code"] == "store-busy"
        assert (await refused.next())["code"] == 1013
