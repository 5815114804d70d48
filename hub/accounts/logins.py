"""Logging in, staying so, and signing out."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from hub.accounts.callers import Caller, Callers
from hub.accounts.errors import AccountError
from hub.accounts.keys import Browser, Keys, Refresh
from hub.accounts.login_limits import LoginLimits
from hub.accounts.passwords import Passwords, check_password
from hub.accounts.repository import StoredAccounts
from hub.accounts.role import Role
from hub.accounts.user import Login, User, name_key

log = structlog.get_logger(__name__)

KEPT = timedelta(days=30)
"""A browser that was not there for so long has to log in again."""
KEPT_PANEL = timedelta(days=365)
GRACE = timedelta(seconds=30)
"""Two tabs may exchange one refresh token at once; and an answer may get lost."""
MAX_CLIENT_CHARS = 200
_ENDED = "You are signed out. Log in again."


@dataclass(frozen=True, slots=True)
class Proofs:
    """What a browser proves with that it is logged in."""

    user: User
    login: str
    access: str
    refresh: str
    kept: timedelta
    """How long the refresh token is good."""
    browser: str
    """What the browser is known by when its user logs in again."""


class Logins:
    """All logins. Methods raise AccountError and StoreError."""

    def __init__(
        self,
        kept: StoredAccounts,
        passwords: Passwords,
        keys: Keys,
        callers: Callers,
        *,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._kept = kept
        self._passwords = passwords
        self._keys = keys
        self._callers = callers
        self._now = now
        self._limits = LoginLimits(clock)

    async def log_in(
        self, name: str, password: str, *, address: str, client: str, browser: str = ""
    ) -> Proofs:
        """Log somebody in. Whether the name or the password is wrong can not be told apart.

        `browser` is what a login there gave before.
        """
        known = await self._known_browser(browser, name)
        user = await self._checked(name, password, address, known)
        return await self.begin(user, client)

    async def begin(self, user: User, client: str) -> Proofs:
        """Log a user in who has proved who it is."""
        now = self._now()
        await self._kept.prune_logins(now - KEPT_PANEL)
        login = Login(uuid.uuid4().hex, user.id, now, now, client[:MAX_CLIENT_CHARS], 0, now)
        await self._kept.add_login(login)
        return self._proofs(login.id, 0, user)

    async def refresh(self, proof: str) -> Proofs:
        """Exchange a refresh token. One that was exchanged long ago was stolen: the login ends."""
        read = self._keys.read_refresh(proof)
        found = None if read is None else await self._kept.login(read.login)
        if read is None or found is None:
            raise AccountError("signed-out", _ENDED)
        login, user = found
        now = self._now()
        if user.disabled or now - login.seen > _kept_for(user):
            await self.end(login.id)
            raise AccountError("signed-out", _ENDED)
        if read.generation == login.generation:
            await self._kept.rotate(login, now)  # where another tab was faster, it has done it
            return self._proofs(login.id, login.generation + 1, user)
        if read.generation == login.generation - 1 and abs(now - login.rotated) <= GRACE:
            return self._proofs(login.id, login.generation, user)
        log.warning("a refresh token was used twice: the login ends", user=user.name)
        await self.end(login.id)
        raise AccountError("signed-out", _ENDED)

    async def caller(self, access: str, *, by_cookie: bool) -> Caller | None:
        """Return whom a JWT belongs to; None: nobody who is logged in."""
        login = self._keys.read_access(access, self._now())
        if login is None:
            return None
        known = self._callers.get(login) or await self._looked_up(login)
        return None if known is None else Caller(known.user, login, by_cookie=by_cookie)

    async def of(self, user: str) -> Sequence[Login]:
        """Return where a user is logged in, the latest first."""
        return await self._kept.logins(user)

    async def is_on(self, login: str) -> bool:
        """Return whether a login has not ended."""
        return await self._looked_up(login) is not None

    def login_of(self, refresh: str) -> str | None:
        """Return the login of a refresh token, exchanged or not."""
        read = self._keys.read_refresh(refresh)
        return None if read is None else read.login

    async def end(self, login: str) -> None:
        """Sign out."""
        await self._kept.end_login(login)
        self._callers.forget(login)

    async def end_all(self, user: str, *, but: str | None = None) -> None:
        """Sign a user out everywhere, or everywhere else."""
        ended = [login.id for login in await self._kept.logins(user) if login.id != but]
        await self._kept.end_logins(user, but=but)
        for login in ended:
            self._callers.forget(login)

    async def change_password(self, caller: Caller, old: str, new: str, *, address: str) -> None:
        """Change somebody's own password, and sign out everywhere else."""
        try:
            # By the login alone: others can not use up the tries of whoever is logged in.
            user = await self._checked(caller.user.name, old, address, caller.proof)
        except AccountError as error:
            if error.code != "wrong-login":
                raise
            raise AccountError("wrong-password", "The old password is not right.") from None
        check_password(new, user.name)
        await self._kept.change_user(user, await self._passwords.hash(new))
        await self.end_all(user.id, but=caller.proof)

    async def _known_browser(self, proof: str, name: str) -> str | None:
        """Return the id of a browser in which the user of a name has logged in before."""
        browser = self._keys.read_browser(proof)
        if browser is None:
            return None
        found = await self._kept.user_named(name)
        return browser.id if found is not None and found[0].id == browser.user else None

    async def _checked(self, name: str, password: str, address: str, browser: str | None) -> User:
        counted = self._limits.begin(name_key(name), address, browser)
        found = await self._kept.user_named(name)
        usable = found is not None and not found[0].disabled
        known = found[1] if found is not None and usable else None
        if not await self._passwords.matches(password, known) or found is None or known is None:
            log.warning("a login failed", address=address)
            raise AccountError("wrong-login", "The name or the password is wrong.")
        self._limits.succeeded(counted)
        user = found[0]
        if self._passwords.outdated(known):
            await self._kept.change_user(user, await self._passwords.hash(password))
        return user

    async def _looked_up(self, login: str) -> Caller | None:
        before = self._callers.forgotten
        found = await self._kept.login(login)
        if found is None or found[1].disabled:
            return None
        return self._callers.put(Caller(found[1], login), before)

    def _proofs(self, login: str, generation: int, user: User) -> Proofs:
        access = self._keys.access(login, user.id, self._now())
        refresh = self._keys.refresh(Refresh(login, generation))
        browser = self._keys.browser(Browser(user.id, login))
        return Proofs(user, login, access, refresh, _kept_for(user), browser)


def _kept_for(user: User) -> timedelta:
    return KEPT_PANEL if user.role is Role.PANEL else KEPT
