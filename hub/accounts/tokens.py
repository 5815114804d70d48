"""What programs log in with: tokens that do some of what their user may, and can end."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from hub.accounts.attempts import Attempts, check_wait, network_key
from hub.accounts.callers import Caller, Callers
from hub.accounts.errors import AccountError
from hub.accounts.keys import is_token, new_token, token_hash
from hub.accounts.repository import StoredAccounts
from hub.accounts.role import SCOPES, Role
from hub.accounts.user import Token, User, clean_name
from hub.words import worded

USE_NOTED = timedelta(minutes=1)
"""How exactly it is known when a token was used last."""
MAX_DAYS = 3_650
FREE_MISSES = 60
MISSES_PER_H = 3_600
"""Tokens that do not exist, from one address: each is looked up in the store."""
LONGEST_MISS_S = 60.0


class Tokens:
    """All tokens. Methods raise AccountError and StoreError."""

    def __init__(
        self,
        kept: StoredAccounts,
        callers: Callers,
        *,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._kept = kept
        self._callers = callers
        self._now = now
        self._misses = Attempts(FREE_MISSES, LONGEST_MISS_S, clock, forgiven_per_h=MISSES_PER_H)

    async def make(
        self, user: User, name: str, scopes: Iterable[str], days: int | None = None
    ) -> tuple[Token, str]:
        """Return a new token and its text, which nobody can look up later."""
        wanted = frozenset(scopes)
        if not wanted or not wanted <= set(SCOPES):
            raise AccountError(
                "bad-scope",
                worded(
                    "token-scopes",
                    "A token is for one or more of {scopes}.",
                    scopes=", ".join(SCOPES),
                ),
            )
        if "admin" in wanted and user.role < Role.OWNER:
            raise AccountError(
                "bad-scope",
                worded("owners-admin-token", "Only an owner can make a token for admin."),
            )
        if days is not None and not 1 <= days <= MAX_DAYS:
            raise AccountError(
                "bad-scope",
                worded("token-days", "A token lasts 1 to {most} days, or for ever.", most=MAX_DAYS),
            )
        now, text = self._now(), new_token()
        expires = None if days is None else now + timedelta(days=days)
        token = Token(uuid.uuid4().hex, user.id, clean_name(name), wanted, now, expires, None)
        await self._kept.add_token(token, token_hash(text))
        return token, text

    async def all(self, user: str | None) -> Sequence[tuple[Token, str]]:
        """Return the tokens of a user, or of everybody, and whose each is by name."""
        return await self._kept.tokens(user)

    async def end(self, token: str, user: str | None) -> None:
        """End a token of a user, or of anybody."""
        hash_ = await self._kept.remove_token(token, user)
        if hash_ is None:
            raise AccountError("unknown", worded("no-token", "There is no such token any more."))
        self._callers.forget(hash_)

    async def caller(self, text: str, *, address: str = "") -> Caller | None:
        """Return whom a token belongs to; None: it is none that can be used.

        Raises AccountError for an address from which too many came that were none. A token that
        was good a moment ago is looked up all the same.
        """
        if not is_token(text):
            return None
        hash_ = token_hash(text)
        if (known := self._callers.get(hash_)) is not None:
            return known
        key = network_key(address)
        if not self._callers.was_good(hash_):
            check_wait(self._misses.wait_s(key))
        found = await self._looked_up(hash_)
        if found is None:
            self._misses.begin(key)
        return found

    async def is_on(self, hash_: str) -> bool:
        """Return whether a token can still be used."""
        return await self._looked_up(hash_) is not None

    async def _looked_up(self, hash_: str) -> Caller | None:
        before = self._callers.forgotten
        found, now = await self._kept.token(hash_), self._now()
        if found is None:
            return None
        token, user = found
        if user.disabled or (token.expires is not None and token.expires <= now):
            return None
        if token.used is None or abs(now - token.used) >= USE_NOTED:
            await self._kept.note_use(token.id, now)
        return self._callers.put(Caller(user, hash_, token.scopes), before)
