"""The accounts of one hub, put together."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from hub.accounts.callers import Caller, Callers
from hub.accounts.keys import Keys, kept_key
from hub.accounts.logins import Logins
from hub.accounts.passwords import Passwords
from hub.accounts.repository import StoredAccounts
from hub.accounts.setting_up import SettingUp
from hub.accounts.state_folder import key_file, link_file
from hub.accounts.tokens import Tokens
from hub.accounts.users import Users
from hub.store.database import Store

RECHECK_S = 60.0
"""How soon an open socket notices that another program has ended its login."""


class Accounts:
    """Users, logins, tokens, and the first start."""

    def __init__(
        self,
        store: Store,
        *,
        key: bytes | None = None,
        link: Path | None = None,
        passwords: Passwords | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Without a `key`, the one of this machine. Raises KeyUnusable."""
        kept = StoredAccounts(store)
        passwords = passwords or Passwords()
        self._callers = Callers(clock)
        keys = Keys(kept_key(key_file()) if key is None else key)
        self.logins = Logins(kept, passwords, keys, self._callers, now=now, clock=clock)
        self.tokens = Tokens(kept, self._callers, now=now, clock=clock)
        self.users = Users(kept, passwords, self.logins, self._callers, now=now)
        self.setting_up = SettingUp(self.users, link or link_file(), clock=clock)
        self.now = now

    async def until_ended(self, caller: Caller) -> None:
        """Wait until what a caller proved with is good no more. Raises StoreError."""
        check = self.logins.is_on if caller.scopes is None else self.tokens.is_on
        while not await self._callers.watch(caller.proof, RECHECK_S):
            if not await check(caller.proof):
                return
