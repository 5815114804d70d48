"""The first owner: whoever has the one-time link of the first start."""

import hmac
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hub.accounts.attempts import Attempts, check_wait, network_key
from hub.accounts.errors import AccountError
from hub.accounts.login_limits import FREE_BY_ADDRESS, LONGEST_BY_ADDRESS_S
from hub.accounts.role import Role
from hub.accounts.user import User
from hub.accounts.users import Users

CODE_BYTES = 18


class SettingUp:
    """The code, from the start of a hub without an owner until it is used or the hub ends."""

    def __init__(self, users: Users, file: Path, *, clock: Callable[[], float]) -> None:
        """`file` holds the link while it is good, for `sotto-hub account setup-link`."""
        self._users = users
        self._file = file
        self._code: str | None = None
        self._attempts = Attempts(FREE_BY_ADDRESS, LONGEST_BY_ADDRESS_S, clock)

    async def begin(self, address: str) -> str | None:
        """Return the link for a page's address; None: there is an owner. Raises OSError."""
        if await self._users.has_owner():
            self.end()
            return None
        self._code = self._code or secrets.token_urlsafe(CODE_BYTES)
        link = f"{address}/setup?code={self._code}"
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file.unlink(missing_ok=True)
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(link + "\n")
        return link

    async def is_open(self) -> bool:
        """Return whether there is nobody yet, and a link that can be used."""
        return self._code is not None and not await self._users.has_owner()

    async def use(
        self, code: str, name: str, password: str, language: str, *, address: str
    ) -> User:
        """Make the first owner. Raises AccountError and StoreError."""
        known = self._code or ""
        right = hmac.compare_digest(known.encode(), code.encode("utf-8", "replace"))
        key = network_key(address)
        if not right:  # whoever has the link does not wait for those who guess
            check_wait(self._attempts.wait_s(key))
        if not await self.is_open():
            raise AccountError("set-up", "There is an owner already: log in.")
        if not known or not right:
            self._attempts.begin(key)
            raise AccountError(
                "bad-code",
                "This link is not good any more. `sotto-hub account setup-link` prints the one "
                "that is.",
            )
        user = await self._users.add(name, password, Role.OWNER, language, first=True)
        self.end()
        return user

    def end(self) -> None:
        """Make the link worthless."""
        self._code = None
        with suppress(OSError):
            self._file.unlink(missing_ok=True)
