"""Who there is, and what each may do."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from hub.accounts.callers import Callers
from hub.accounts.errors import AccountError
from hub.accounts.logins import Logins
from hub.accounts.passwords import Passwords, check_password
from hub.accounts.repository import StoredAccounts
from hub.accounts.role import Role
from hub.accounts.user import User, user_name
from hub.words import worded


class Users:
    """All users. Methods raise AccountError and StoreError."""

    def __init__(
        self,
        kept: StoredAccounts,
        passwords: Passwords,
        logins: Logins,
        callers: Callers,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._kept = kept
        self._passwords = passwords
        self._logins = logins
        self._callers = callers
        self._now = now

    async def has_owner(self) -> bool:
        """Return whether somebody can decide here."""
        return await self._kept.has_owner()

    async def page(self, limit: int, after: str = "") -> Sequence[User]:
        """Return users by name, those after a name as it is compared."""
        return await self._kept.users(limit, after)

    async def get(self, user: str) -> User:
        """Return a user."""
        found = await self._kept.user(user)
        if found is None:
            raise AccountError("unknown", worded("no-user", "There is no such user any more."))
        return found[0]

    async def add(
        self, name: str, password: str, role: Role, language: str, *, first: bool = False
    ) -> User:
        """Make a user; with `first`, only while there is no owner."""
        name = user_name(name)
        check_password(password, name)
        user = User(uuid.uuid4().hex, name, role, language, self._now(), disabled=False)
        await self._kept.add_user(user, await self._passwords.hash(password), first=first)
        return user

    async def change(
        self,
        user: str,
        *,
        name: str | None = None,
        role: Role | None = None,
        language: str | None = None,
        disabled: bool | None = None,
        password: str | None = None,
    ) -> User:
        """Change what is given. Another password or role signs the user out everywhere."""
        before = await self.get(user)
        after = replace(
            before,
            name=before.name if name is None else user_name(name),
            role=before.role if role is None else role,
            language=before.language if language is None else language,
            disabled=before.disabled if disabled is None else disabled,
        )
        hash_ = None
        if password is not None:
            check_password(password, after.name)
            hash_ = await self._passwords.hash(password)
        await self._kept.change_user(after, hash_)
        if password is not None or after.disabled or after.role is not before.role:
            await self._logins.end_all(user)
            self._callers.forget_user(user)
        else:
            self._callers.renew(after)
        return after

    async def remove(self, user: str) -> None:
        """Forget a user; logins and tokens end."""
        await self._kept.remove_user(user)
        self._callers.forget_user(user)
