"""The first start: whoever has the link is the first owner, once."""

import asyncio
import stat
from pathlib import Path

from tests.hub.accounts.accounts_bench import ADDRESS, PASSWORD, Bench, bench


def first(code: str, name: str = "Ada") -> dict[str, str]:
    return {"code": code, "name": name, "password": PASSWORD, "language": "de"}


async def code_of(here: Bench) -> str:
    link = await here.accounts.setting_up.begin(ADDRESS)
    assert link is not None
    assert link.startswith(f"{ADDRESS}/setup?code=")
    return link.partition("code=")[2]


async def test_the_link_makes_the_first_owner_who_is_logged_in_and_then_is_worthless(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        assert (await browser.get("/v1/setup")).json() == {"open": False}
        code = await code_of(here)
        kept = tmp_path / "link"
        assert code in kept.read_text()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert (await browser.get("/v1/setup")).json() == {"open": True}
        made = await browser.post("/v1/setup", json=first(code))
        assert made.status_code == 201
        assert (await browser.get("/v1/session")).json()["role"] == "owner"
        assert (await browser.get("/v1/session")).json()["language"] == "de"
        assert not kept.exists()
        assert (await browser.get("/v1/setup")).json() == {"open": False}
        again = await browser.post("/v1/setup", json=first(code, "Eve"))
        assert (again.status_code, again.json()["code"]) == (409, "set-up")
        assert await here.accounts.setting_up.begin(ADDRESS) is None, "at the next start"


async def test_a_wrong_code_makes_nobody_and_guessing_has_to_wait(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        code = await code_of(here)
        for _ in range(20):
            wrong = await browser.post("/v1/setup", json=first("nonsense"))
            assert (wrong.status_code, wrong.json()["code"]) == (403, "bad-code")
        assert (await browser.post("/v1/setup", json=first("nonsense"))).status_code == 429
        # Whoever has the link does not wait for those who guess.
        assert (await browser.post("/v1/setup", json=first(code))).status_code == 201


async def test_a_bad_password_does_not_use_the_link_up(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        code = await code_of(here)
        weak = await browser.post("/v1/setup", json={**first(code), "password": "short"})
        assert weak.status_code == 422
        assert (await browser.post("/v1/setup", json=first(code))).status_code == 201


async def test_two_who_use_the_link_at_once_are_not_both_owners(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        code = await code_of(here)
        answers = await asyncio.gather(
            *(browser.post("/v1/setup", json=first(code, f"n{n}")) for n in range(4))
        )
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
        assert len(await here.accounts.users.page(9)) == 1


async def test_a_page_of_another_site_can_not_set_up(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.client(Origin="http://evil.example") as browser:
        refused = await browser.post("/v1/setup", json=first(await code_of(here)))
        assert (refused.status_code, refused.json()["code"]) == (403, "foreign-page")
