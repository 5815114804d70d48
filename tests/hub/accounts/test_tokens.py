"""Tokens of programs: what they may do, and how they end."""

from pathlib import Path

import pytest

from hub.accounts.keys import new_token
from hub.accounts.role import Role
from tests.hub.accounts.accounts_bench import bench
from tests.hub.accounts.asgi_socket import socket


async def test_a_token_is_told_once_and_only_a_hash_of_it_is_kept(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        made = await browser.post(
            "/v1/tokens", json={"name": "Tablet", "scopes": ["talk", "read"], "days": 30}
        )
        assert made.status_code == 201
        text = made.json()["token"]
        (listed,) = (await browser.get("/v1/tokens")).json()
        assert "token" not in listed
        assert listed["scopes"] == ["read", "talk"]
        assert (listed["user"], listed["used"]) == ("MEMBER", None)
        async with here.client(Authorization=f"Bearer {text}") as program:
            assert (await program.get("/v1/session")).json()["role"] == "member"
        (listed,) = (await browser.get("/v1/tokens")).json()
        assert listed["used"] is not None
        for file in tmp_path.glob("hub.db*"):
            assert text.encode() not in file.read_bytes()


async def test_a_token_does_what_its_scopes_say_and_no_more(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as browser:

        async def made(*scopes: str) -> str:
            answer = await browser.post("/v1/tokens", json={"name": "x", "scopes": list(scopes)})
            return f"Bearer {answer.json()['token']}"

        async with here.client(Authorization=await made("read")) as program:
            assert (await program.get("/v1/tokens")).status_code == 200
            for refused in (
                await program.delete("/v1/tokens/nobody"),
                await program.get("/v1/users"),
                await program.get("/v1/backup"),
            ):
                assert refused.status_code == 403
                assert "admin" in refused.json()["detail"]
        async with here.client(Authorization=await made("talk", "home")) as program:
            assert (await program.get("/v1/tokens")).status_code == 403
        async with here.client(Authorization=await made("admin")) as program:
            assert (await program.delete("/v1/users/nobody")).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": ["admin"]},
        {"scopes": ["read"], "days": 0},
        {"scopes": ["read"], "name": "  "},
        {"scopes": ["read"], "name": "a\u202eb"},
    ],
)
async def test_a_token_that_makes_no_sense_is_not_made(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        answer = await browser.post("/v1/tokens", json={"name": "x", **wrong})
        assert answer.status_code == 422
        assert (await browser.get("/v1/tokens")).json() == []


async def test_a_token_ends_when_it_is_removed_or_too_old_or_its_user_may_not_log_in(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:

        async def program() -> tuple[str, str]:
            made = await browser.post(
                "/v1/tokens", json={"name": "x", "scopes": ["read"], "days": 1}
            )
            return made.json()["id"], f"Bearer {made.json()['token']}"

        id_, bearer = await program()
        async with here.client(Authorization=bearer) as one:
            assert (await one.get("/v1/session")).status_code == 200
            assert (await browser.delete(f"/v1/tokens/{id_}")).status_code == 204
            assert (await one.get("/v1/session")).status_code == 401
        assert (await browser.delete(f"/v1/tokens/{id_}")).status_code == 404
        _, bearer = await program()
        async with here.client(Authorization=bearer) as one:
            here.clock.pass_(hours=23)
            assert (await one.get("/v1/session")).status_code == 200
            here.clock.pass_(hours=1)
            assert (await one.get("/v1/session")).status_code == 401
        await browser.post("/v1/session/refresh")
        _, bearer = await program()
        async with here.client(Authorization=bearer) as one:
            assert (await one.get("/v1/session")).status_code == 200
            await here.accounts.users.change(here.users[Role.MEMBER].id, disabled=True)
            assert (await one.get("/v1/session")).status_code == 401


async def test_only_an_owner_sees_and_ends_the_tokens_of_others(tmp_path: Path) -> None:
    async with (
        bench(tmp_path) as here,
        here.logged_in(Role.MEMBER) as member,
        here.logged_in(Role.OWNER) as owner,
    ):
        new = {"name": "x", "scopes": ["read"]}
        mine = (await member.post("/v1/tokens", json=new)).json()["id"]
        theirs = (await owner.post("/v1/tokens", json=new)).json()["id"]
        assert (await member.get("/v1/tokens?everybody=true")).status_code == 403
        assert (await member.delete(f"/v1/tokens/{theirs}")).status_code == 404
        everybodys = (await owner.get("/v1/tokens?everybody=true")).json()
        assert {token["user"] for token in everybodys} == {"MEMBER", "OWNER"}
        assert (await owner.delete(f"/v1/tokens/{mine}")).status_code == 204


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer sotto_", "Basic YTpi", "Bearer " + "x" * 9000, "\tx"]
)
async def test_a_bearer_that_is_none_is_answered_with_401(tmp_path: Path, header: str) -> None:
    async with bench(tmp_path) as here, here.client(Authorization=header) as program:
        answer = await program.get("/v1/session")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_what_does_not_look_like_a_token_is_looked_up_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as here:
        monkeypatch.setattr(here.accounts.tokens, "_kept", None)
        for text in ("sotto_", "sotto_x", "sotto_" + "x" * 44, "sotto_" + "\u00e9" * 43):
            assert await here.accounts.tokens.caller(text) is None


async def test_whoever_makes_tokens_up_waits_and_a_good_one_from_there_goes_on(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        made = await browser.post("/v1/tokens", json={"name": "x", "scopes": ["read"]})
        good = f"Bearer {made.json()['token']}"
        async with here.client() as program:

            async def status(bearer: str) -> int:
                answer = await program.get("/v1/session", headers={"Authorization": bearer})
                return answer.status_code

            assert await status(good) == 200
            tried = [await status(f"Bearer {new_token()}") for _ in range(62)]
            assert tried == [401] * 60 + [429] * 2
            here.clock.pass_(seconds=0.5)
            assert await status(good) == 200
            refused = await program.get(
                "/v1/session", headers={"Authorization": f"Bearer {new_token()}"}
            )
            assert (refused.json()["code"], refused.headers["retry-after"]) == (
                "too-many-tries",
                "1",
            )
        async with here.client(address="192.0.2.1", Authorization=f"Bearer {new_token()}") as other:
            assert (await other.get("/v1/session")).status_code == 401
        async with socket(here.app, "/v1/live", Authorization=f"Bearer {new_token()}") as opened:
            assert (await opened.next())["type"] == "websocket.accept"
            assert (await opened.json())["code"] == "not-logged-in"
