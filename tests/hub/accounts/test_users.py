"""Who there is: made, changed and removed, but never the last owner."""

from pathlib import Path

import pytest

from hub.accounts.role import Role
from hub.accounts.user import NOBODY
from hub.home.policy import UNKNOWN
from tests.hub.accounts.accounts_bench import PASSWORD, bench, log_in


async def test_users_are_made_listed_in_pages_changed_and_removed(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        ids = {}
        for name in ("Zoë", "adam", "Bea"):
            made = await owner.post("/v1/users", json={"name": name, "password": PASSWORD})
            assert made.status_code == 201
            assert made.json()["role"] == "member"
            ids[name] = made.json()["id"]
        names, after = [], ""
        for _ in range(9):
            page = (await owner.get(f"/v1/users?limit=2{after}")).json()
            names += [user["name"] for user in page["items"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert names == ["adam", "Bea", "OWNER", "Zoë"]
        changed = await owner.patch(f"/v1/users/{ids['adam']}", json={"name": "Adam"})
        assert changed.json()["name"] == "Adam"
        assert (await owner.delete(f"/v1/users/{ids['Bea']}")).status_code == 204
        assert (await owner.get(f"/v1/users/{ids['Bea']}")).status_code == 404


async def test_nobody_is_called_what_rules_call_those_whom_they_do_not_know(
    tmp_path: Path,
) -> None:
    assert NOBODY == UNKNOWN
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        refused = await owner.post("/v1/users", json={"name": " UnKnown ", "password": PASSWORD})
        assert (refused.status_code, refused.json()["code"]) == (422, "bad-name")
        path = f"/v1/users/{here.users[Role.OWNER].id}"
        renamed = await owner.patch(path, json={"name": "unknown"})
        assert renamed.json()["code"] == "bad-name"


async def test_the_last_owner_stays_one(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        path = f"/v1/users/{here.users[Role.OWNER].id}"
        for answer in (
            await owner.delete(path),
            await owner.patch(path, json={"role": "member"}),
            await owner.patch(path, json={"disabled": True}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "last-owner")
        off = {"name": "B", "password": PASSWORD, "role": "owner"}
        second = (await owner.post("/v1/users", json=off)).json()["id"]
        await owner.patch(f"/v1/users/{second}", json={"disabled": True})
        assert (await owner.delete(path)).status_code == 409, "one that can not log in is none"
        await owner.patch(f"/v1/users/{second}", json={"disabled": False})
        assert (await owner.delete(path)).status_code == 204
        assert (await owner.get("/v1/session")).status_code == 401


@pytest.mark.parametrize("name", ["ada", " ADA ", "\uff21da"])
async def test_names_that_look_alike_are_one(tmp_path: Path, name: str) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        assert (
            await owner.post("/v1/users", json={"name": "Ada", "password": PASSWORD})
        ).status_code == 201
        taken = await owner.post("/v1/users", json={"name": name, "password": PASSWORD})
        assert (taken.status_code, taken.json()["code"]) == (409, "name-taken")


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        ("", PASSWORD, "bad-name"),
        ("x" * 61, PASSWORD, "bad-name"),
        ("a\x00b", PASSWORD, "bad-name"),
        ("Ada", "short", "bad-password"),
        ("Ada", "Motdepasse", "bad-password"),
        ("Ada Lovelace", "ada lovelace", "bad-password"),
        ("Ada", "x" * 201, "bad-password"),
        ("Ada", "y" * 1001, "bad-request"),
        ("z" * 201, PASSWORD, "bad-request"),
    ],
)
async def test_names_and_passwords_that_can_not_be_are_refused_with_words(
    tmp_path: Path, name: str, password: str, code: str
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.OWNER) as owner:
        refused = await owner.post("/v1/users", json={"name": name, "password": password})
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert password not in refused.text or password == ""


async def test_another_role_or_password_signs_out_and_another_name_does_not(
    tmp_path: Path,
) -> None:
    async with (
        bench(tmp_path) as here,
        here.logged_in(Role.OWNER) as owner,
        here.logged_in(Role.MEMBER) as member,
    ):
        path = f"/v1/users/{here.users[Role.MEMBER].id}"
        await owner.patch(path, json={"name": "Mia"})
        assert (await member.get("/v1/session")).json()["name"] == "Mia"
        await owner.patch(path, json={"role": "guest"})
        assert (await member.get("/v1/session")).status_code == 401
        await log_in(member, "Mia")
        assert (await member.get("/v1/session")).json()["role"] == "guest"
        await owner.patch(path, json={"password": "another long one"})
        assert (await member.get("/v1/session")).status_code == 401
        await log_in(member, "Mia", "another long one")
