"""Guessing: who guesses waits, and keeps nobody else waiting."""

from contextlib import suppress
from pathlib import Path

import pytest

from hub.accounts.errors import AccountError
from hub.accounts.keys import Browser, Keys
from hub.accounts.login_limits import PER_HOUR_BY_NAME, PER_HOUR_BY_NETWORK, LoginLimits
from hub.accounts.role import Role
from hub.api.cookies import BROWSER
from tests.hub.accounts.accounts_bench import PASSWORD, Bench, Clock, bench, log_in

STRANGER = "192.0.2.66"
WRONG = "a wrong sentence"


async def guess(here: Bench, name: str, times: int, address: str = STRANGER) -> list[int]:
    """Guess at somebody's password; return what came of it."""
    async with here.client(address=address) as stranger:
        answers = [
            await stranger.post("/v1/session", json={"name": name, "password": WRONG})
            for _ in range(times)
        ]
    return [answer.status_code for answer in answers]


async def test_a_stranger_who_guesses_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        await here.accounts.users.add("Ada", PASSWORD, Role.OWNER, "en")
        assert await guess(here, "Ada", 8) == [401] * 5 + [429] * 3
        async with here.client() as browser:
            await log_in(browser, "Ada")


async def test_a_browser_that_was_logged_in_before_is_not_kept_waiting_by_the_whole_world(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here, here.client() as known, here.client() as new:
        await here.accounts.users.add("Ada", PASSWORD, Role.OWNER, "en")
        await log_in(known, "Ada")
        await known.delete("/v1/session")
        for number in range(PER_HOUR_BY_NAME // 5):
            assert await guess(here, "Ada", 5, f"198.51.100.{number}") == [401] * 5
        refused = await new.post("/v1/session", json={"name": "Ada", "password": PASSWORD})
        assert refused.status_code == 429
        # From an address with too many tries of its own, too: a stranger may be behind it.
        await guess(here, "somebody", 21, "127.0.0.1")
        await log_in(known, "Ada")


async def test_a_known_browser_has_tries_of_its_own_and_no_more(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.client() as browser:
        await here.accounts.users.add("Ada", PASSWORD, Role.OWNER, "en")
        await here.accounts.users.add("Bob", PASSWORD, Role.GUEST, "en")
        await log_in(browser, "Bob")
        wrong = {"name": "Bob", "password": WRONG}
        codes = [(await browser.post("/v1/session", json=wrong)).status_code for _ in range(6)]
        assert codes == [401] * 5 + [429]
        # That Bob was here is nothing to Ada.
        await guess(here, "Ada", 5, "127.0.0.1")
        refused = await browser.post("/v1/session", json={"name": "Ada", "password": PASSWORD})
        assert refused.status_code == 429


async def test_whoever_logs_in_between_guesses_at_others_waits_all_the_same(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as here:
        await here.accounts.users.add("Bob", PASSWORD, Role.GUEST, "en")
        codes = []
        for number in range(22):
            codes += await guess(here, f"name{number}", 1)
            async with here.client(address=STRANGER) as guest:  # one that knows no browser
                await guest.post("/v1/session", json={"name": "Bob", "password": PASSWORD})
        assert codes == [401] * 20 + [429] * 2


async def test_another_password_can_be_chosen_while_a_stranger_guesses(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.GUEST) as browser:
        await guess(here, "GUEST", 8, "127.0.0.1")
        answer = await browser.put(
            "/v1/session/password", json={"old": PASSWORD, "new": "quite another sentence"}
        )
        assert answer.status_code == 204


async def test_whoever_guesses_the_old_password_in_a_login_waits(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.GUEST) as browser:
        codes = [
            (await browser.put("/v1/session/password", json={"old": WRONG, "new": WRONG}))
            for _ in range(6)
        ]
        assert [answer.status_code for answer in codes] == [403] * 5 + [429]


def test_one_name_can_be_tried_from_everywhere_only_so_often_an_hour() -> None:
    clock = Clock()
    limits = LoginLimits(lambda: clock.seconds)
    tried = 0
    for number in range(24 * 60):
        clock.pass_(minutes=1)
        for network in (1, 2):
            with suppress(AccountError):
                limits.begin("ada", f"10.{network}.{number // 250}.{number % 250}", None)
                tried += 1
    assert tried <= PER_HOUR_BY_NAME * 25


def test_those_who_share_an_ipv6_network_do_not_keep_each_other_waiting() -> None:
    limits = LoginLimits(lambda: 0.0)
    for number in range(20):
        limits.begin(f"name{number}", "2001:db8::66", None)
    with pytest.raises(AccountError, match="Wait 1 s"):
        limits.begin("ada", "2001:db8::66", None)
    limits.begin("ada", "2001:db8::1", None)
    for number in range(PER_HOUR_BY_NETWORK - 21):
        limits.begin(f"name{number}", f"2001:db8::{number + 1_000:x}", None)
    with pytest.raises(AccountError):
        limits.begin("eve", "2001:db8::eeee", None)


def test_a_proof_of_a_browser_that_the_hub_has_not_made_is_none() -> None:
    keys = Keys(b"k" * 32)
    known = Browser("user", "login")
    proof = keys.browser(known)
    assert keys.read_browser(proof) == known
    for forged in ("", ".", "user.login", proof[:-1], "x" + proof, "\ud800", proof + "x" * 3000):
        assert keys.read_browser(forged) is None
    assert Keys(b"x" * 32).read_browser(proof) is None
    assert keys.read_refresh(proof) is None, "it opens nothing"


async def test_the_proof_of_a_browser_stays_when_its_user_signs_out(tmp_path: Path) -> None:
    async with bench(tmp_path) as here, here.logged_in(Role.GUEST) as browser:
        kept = browser.cookies[BROWSER]
        await browser.delete("/v1/session")
        assert browser.cookies[BROWSER] == kept
        assert (await browser.get("/v1/session")).status_code == 401
        assert (await browser.post("/v1/session/refresh")).status_code == 401
