"""Logging in, staying so, and signing out, at the API's own edge."""

import asyncio
from pathlib import Path

import pytest

from hub.accounts.keys import TOKEN_PREFIX, Keys, Refresh
from hub.accounts.role import Role
from hub.api.cookies import ACCESS, REFRESH
from tests.hub.accounts.accounts_bench import PASSWORD, bench, log_in


async def test_a_browser_that_has_logged_in_is_known_by_a_cookie_that_no_script_reads(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        await here.accounts.users.add("Ada", PASSWORD, Role.OWNER, "fr")
        answer = await browser.post("/v1/session", json={"name": " ada ", "password": PASSWORD})
        assert answer.json()["name"] == "Ada"
        assert (answer.json()["role"], answer.json()["language"]) == ("owner", "fr")
        cookies = answer.headers.get_list("set-cookie")
        assert len(cookies) == 3
        for cookie in cookies:
            assert "HttpOnly" in cookie
            assert "SameSite=strict" in cookie
            assert "Max-Age" in cookie
        assert "Path=/v1/session;" in next(c for c in cookies if c.startswith(REFRESH))
        assert (await browser.get("/v1/session")).json()["name"] == "Ada"


async def test_cookies_are_secure_where_the_page_is(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        await here.accounts.users.add("Ada", PASSWORD, Role.OWNER, "en")
        answer = await browser.post(
            "https://hub/v1/session",
            json={"name": "Ada", "password": PASSWORD},
            headers={"Origin": "https://hub"},
        )
        assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))


@pytest.mark.parametrize(
    ("name", "password"), [("Ada", "another sentence"), ("Nobody", PASSWORD), ("Off", PASSWORD)]
)
async def test_a_wrong_name_a_wrong_password_and_a_disabled_user_look_the_same(
    tmp_path: Path, name: str, password: str
) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        await here.accounts.users.add("Ada", PASSWORD, Role.OWNER, "en")
        off = await here.accounts.users.add("Off", PASSWORD, Role.GUEST, "en")
        await here.accounts.users.change(off.id, disabled=True)
        answer = await browser.post("/v1/session", json={"name": name, "password": password})
        assert answer.status_code == 401
        assert answer.json()["code"] == "wrong-login"
        assert answer.json()["detail"] == "The name or the password is wrong."
        assert not browser.cookies


async def test_a_name_that_nobody_has_costs_as_much_work_as_one_that_somebody_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bench(tmp_path) as here:
        passwords = here.accounts.logins._passwords
        checked: list[str] = []
        real = passwords._work

        def work(password: str, known: str | None) -> str | None:
            checked.append(known or "")
            return real(password, known)

        monkeypatch.setattr(passwords, "_work", work)
        async with here.client() as browser:
            await browser.post("/v1/session", json={"name": "Nobody", "password": PASSWORD})
        assert len(checked) == 1
        assert checked[0].startswith("$argon2id$")


async def test_who_guesses_waits_longer_and_longer_and_a_login_ends_that(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        await here.accounts.users.add("Ada", PASSWORD, Role.OWNER, "en")
        wrong = {"name": "ADA", "password": "a wrong sentence"}
        for _ in range(5):
            assert (await browser.post("/v1/session", json=wrong)).status_code == 401
        refused = await browser.post("/v1/session", json={"name": "Ada", "password": PASSWORD})
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "1"
        waits = []
        for _ in range(8):
            here.clock.pass_(seconds=int(refused.headers["retry-after"]))
            assert (await browser.post("/v1/session", json=wrong)).status_code == 401
            refused = await browser.post("/v1/session", json=wrong)
            waits.append(int(refused.headers["retry-after"]))
        assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
        here.clock.pass_(seconds=60)
        await log_in(browser, "Ada")
        assert (await browser.post("/v1/session", json=wrong)).status_code == 401


async def test_many_tries_at_once_are_no_way_around_the_wait(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        await here.accounts.users.add("Ada", PASSWORD, Role.OWNER, "en")
        wrong = {"name": "Ada", "password": "a wrong sentence"}
        answers = await asyncio.gather(
            *(browser.post("/v1/session", json=wrong) for _ in range(12))
        )
        assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


async def test_one_address_that_tries_many_names_waits_too(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        codes = [
            (await browser.post("/v1/session", json={"name": f"n{n}", "password": "x"})).status_code
            for n in range(22)
        ]
        assert codes == [401] * 20 + [429] * 2


async def test_a_jwt_is_good_for_minutes_and_the_refresh_cookie_brings_the_next(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        before = dict(browser.cookies)
        here.clock.pass_(minutes=15, seconds=30)
        assert (await browser.get("/v1/session")).status_code == 200, "clocks differ a little"
        here.clock.pass_(minutes=1)
        assert (await browser.get("/v1/session")).status_code == 401
        assert (await browser.post("/v1/session/refresh")).status_code == 200
        assert browser.cookies[REFRESH] != before[REFRESH]
        assert (await browser.get("/v1/session")).status_code == 200


async def test_a_clock_that_is_set_back_signs_nobody_out(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        here.clock.pass_(days=-400)
        assert (await browser.get("/v1/session")).status_code == 200
        assert (await browser.post("/v1/session/refresh")).status_code == 200


async def test_two_tabs_may_exchange_one_refresh_cookie_and_both_go_on(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        old = browser.cookies[REFRESH]
        first, second = await asyncio.gather(
            here.accounts.logins.refresh(old), here.accounts.logins.refresh(old)
        )
        assert first.refresh == second.refresh
        assert (await here.accounts.logins.refresh(first.refresh)).refresh != first.refresh


async def test_a_refresh_cookie_that_is_used_again_later_was_stolen_and_ends_the_login(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        stolen = browser.cookies[REFRESH]
        await browser.post("/v1/session/refresh")
        here.clock.pass_(seconds=31)
        async with here.client(Cookie=f"{REFRESH}={stolen}") as thief:
            answer = await thief.post("/v1/session/refresh")
            assert answer.status_code == 401
            assert answer.json()["code"] == "signed-out"
        assert (await browser.get("/v1/session")).status_code == 401
        assert (await browser.post("/v1/session/refresh")).status_code == 401


@pytest.mark.parametrize("end", ["", ".", "..", ".1.", "x" * 5000, "\u00e9.1.2", ".99999999999.a"])
async def test_a_refresh_cookie_that_the_hub_has_not_made_is_worth_nothing(
    tmp_path: Path, end: str
) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        login = browser.cookies[REFRESH].partition(".")[0]
        for forged in (login + end, end):
            assert here.accounts.logins.login_of(forged) is None


async def test_signing_out_ends_this_browser_and_no_other_even_for_its_jwt(tmp_path: Path) -> None:
    async with (
        bench(tmp_path) as here,
        here.logged_in(Role.MEMBER) as one,
        here.logged_in(Role.MEMBER) as other,
    ):
        kept = one.cookies[ACCESS]
        assert (await one.delete("/v1/session")).status_code == 204
        assert not {ACCESS, REFRESH} & set(one.cookies)
        async with here.client(Authorization=f"Bearer {kept}") as program:
            assert (await program.get("/v1/session")).status_code == 401
        assert (await other.get("/v1/session")).status_code == 200
        mine = (await other.get("/v1/session/logins")).json()
        assert [login["this"] for login in mine] == [True]


async def test_signing_out_works_with_a_jwt_that_is_too_old(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        here.clock.pass_(hours=1)
        refresh = browser.cookies[REFRESH]
        assert (await browser.delete("/v1/session")).status_code == 204
        async with here.client(Cookie=f"{REFRESH}={refresh}") as again:
            assert (await again.post("/v1/session/refresh")).status_code == 401


async def test_signing_out_everywhere_ends_all_browsers_of_that_user_alone(tmp_path: Path) -> None:
    async with (
        bench(tmp_path) as here,
        here.logged_in(Role.MEMBER) as one,
        here.logged_in(Role.MEMBER) as other,
        here.logged_in(Role.OWNER) as owner,
    ):
        assert (await one.post("/v1/session/everywhere-out")).status_code == 204
        assert (await other.get("/v1/session")).status_code == 401
        assert (await other.post("/v1/session/refresh")).status_code == 401
        assert (await owner.get("/v1/session")).status_code == 200


async def test_one_browser_can_sign_another_out_but_not_one_of_somebody_else(
    tmp_path: Path,
) -> None:
    async with (
        bench(tmp_path) as here,
        here.logged_in(Role.MEMBER) as one,
        here.logged_in(Role.MEMBER) as other,
        here.logged_in(Role.OWNER) as owner,
    ):
        mine = (await one.get("/v1/session/logins")).json()
        (that,) = [login["id"] for login in mine if not login["this"]]
        assert (await owner.delete(f"/v1/session/logins/{that}")).status_code == 404
        assert (await one.delete(f"/v1/session/logins/{that}")).status_code == 204
        assert (await other.get("/v1/session")).status_code == 401


async def test_another_password_needs_the_old_one_and_ends_the_other_browsers(
    tmp_path: Path,
) -> None:
    async with (
        bench(tmp_path) as here,
        here.logged_in(Role.GUEST) as one,
        here.logged_in(Role.GUEST) as other,
    ):
        path, new = "/v1/session/password", "quite another sentence"
        wrong = await one.put(path, json={"old": "nonsense", "new": new})
        assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong-password")
        weak = await one.put(path, json={"old": PASSWORD, "new": "aaaaaaaaaaaa"})
        assert (weak.status_code, weak.json()["code"]) == (422, "bad-password")
        assert (await one.put(path, json={"old": PASSWORD, "new": new})).status_code == 204
        assert (await one.get("/v1/session")).status_code == 200
        assert (await other.get("/v1/session")).status_code == 401
        await log_in(other, "GUEST", new)


async def test_a_browser_that_was_away_for_long_logs_in_again_but_a_panel_does_not(
    tmp_path: Path,
) -> None:
    async with (
        bench(tmp_path) as here,
        here.logged_in(Role.MEMBER) as browser,
        here.logged_in(Role.PANEL) as panel,
    ):
        here.clock.pass_(days=31)
        member = browser.cookies[REFRESH]
        async with here.client(Cookie=f"{REFRESH}={member}") as late:
            assert (await late.post("/v1/session/refresh")).status_code == 401
        assert (await panel.post("/v1/session/refresh")).status_code == 200


async def test_what_a_user_speaks_is_kept(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.GUEST) as browser:
        answer = await browser.put("/v1/session/language", json={"language": "de"})
        assert answer.json()["language"] == "de"
        assert (await browser.get("/v1/session")).json()["language"] == "de"
        assert (
            await browser.put("/v1/session/language", json={"language": "xx"})
        ).status_code == 422


async def test_a_program_may_use_a_jwt_as_bearer_but_tokens_have_no_session(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        made = await browser.post("/v1/tokens", json={"name": "x", "scopes": ["read", "talk"]})
        text = made.json()["token"]
        assert text.startswith(TOKEN_PREFIX)
        async with here.client(Authorization=f"bearer {browser.cookies[ACCESS]}") as program:
            assert (await program.get("/v1/session")).status_code == 200
        async with here.client(Authorization=f"Bearer {text}") as program:
            assert (await program.get("/v1/session")).json()["name"] == "MEMBER"
            refused = await program.get("/v1/session/logins")
            assert refused.json()["code"] == "not-for-tokens"


async def test_a_hub_with_another_key_knows_no_login(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.MEMBER) as browser:
        login = browser.cookies[REFRESH].partition(".")[0]
        forged = Keys(b"x" * 32)
        for cookie in (
            f"{ACCESS}={forged.access(login, 'x', here.clock.wall)}",
            f"{ACCESS}=eyJhbGciOiJub25lIn0.eyJzaWQiOiJ4IiwiZXhwIjo5OTk5OTk5OTk5fQ.",
        ):
            async with here.client(Cookie=cookie) as thief:
                assert (await thief.get("/v1/session")).status_code == 401
        assert here.accounts.logins.login_of(forged.refresh(Refresh(login, 0))) is None
