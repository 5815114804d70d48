"""Passwords: Argon2id hashes, made aside and few at a time."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub.accounts.errors import AccountError
from hub.accounts.user import name_key
from hub.words import worded

LEAST_CHARS = 10
MOST_CHARS = 200
LEAST_KINDS = 4
"""Different characters of a password."""
AT_ONCE = 2
"""Each takes 64 MB and a core."""
MOST_WAITING = 16
LIMIT_S = 10.0
_USUAL = frozenset(
    {
        *("password12", "password123", "password1234", "passwordpassword", "1234567890"),
        *("12345678910", "123456789012", "0123456789", "qwertyuiop", "qwerty123456", "1q2w3e4r5t"),
        *("passwort12", "passwort123", "passwort1234", "hallohallo", "qwertzuiop"),
        *("motdepasse", "motdepasse1", "azertyuiop", "contraseña", "contrasena", "contraseña1"),
        *("administrator", "iloveyou123", "letmein123", "sottosotto"),
    }
)


class Passwords:
    """Makes and checks hashes."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._nobodys = self._hasher.hash(secrets.token_urlsafe())

    async def hash(self, password: str) -> str:
        """Return the hash of a password. Raises AccountError where there is too much to do."""
        return await self._aside(password, None) or ""

    async def matches(self, password: str, known: str | None) -> bool:
        """Return whether a password is the known one. Without one it takes as long, and is not."""
        found = await self._aside(password[: MOST_CHARS * 4], known or self._nobodys)
        return found is not None and known is not None

    def outdated(self, known: str) -> bool:
        """Return whether a hash is weaker than one that would be made now."""
        return self._hasher.check_needs_rehash(known)

    async def _aside(self, password: str, known: str | None) -> str | None:
        if self._waiting >= MOST_WAITING:
            raise AccountError(
                "busy",
                worded("too-many-log-in", "Too many log in at once. Try again in a moment."),
                5.0,
            )
        self._waiting += 1
        try:
            async with asyncio.timeout(LIMIT_S):
                await self._slots.acquire()
                working = asyncio.ensure_future(asyncio.to_thread(self._work, password, known))
                # A thread works on whether or not anybody waits: its slot is taken until then.
                working.add_done_callback(self._free)
                return await asyncio.shield(working)
        except TimeoutError:
            raise AccountError(
                "busy", worded("hub-too-busy", "The hub is too busy. Try again in a moment."), 5.0
            ) from None
        finally:
            self._waiting -= 1

    def _free(self, working: asyncio.Future[str | None]) -> None:
        self._slots.release()
        if not working.cancelled():
            working.exception()  # nobody may be left who would look at it

    def _work(self, password: str, known: str | None) -> str | None:
        if known is None:
            return self._hasher.hash(password)
        try:
            self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return None
        return known


def check_password(password: str, name: str) -> None:
    """Raise AccountError for a password that is easily guessed, or no text."""
    if len(password) < LEAST_CHARS:
        raise AccountError(
            "bad-password",
            worded(
                "password-least", "A password has at least {least} characters.", least=LEAST_CHARS
            ),
        )
    if len(password) > MOST_CHARS:
        raise AccountError(
            "bad-password",
            worded("password-most", "A password has at most {most} characters.", most=MOST_CHARS),
        )
    lowered = password.casefold()
    if len(set(lowered)) < LEAST_KINDS or lowered in _USUAL or lowered == name_key(name):
        raise AccountError(
            "bad-password",
            worded("common-password", "This password is too easily guessed. Choose another."),
        )
    try:
        password.encode()
    except UnicodeEncodeError:
        raise AccountError(
            "bad-password", worded("broken-characters", "There are broken characters in it.")
        ) from None
