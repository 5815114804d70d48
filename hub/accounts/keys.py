"""What logins and tokens are proved with.

A login has two proofs: a JWT that lasts minutes, and a refresh token that is exchanged for the
next. A third one says only that somebody has logged in there before. All are made with one key of
the hub, which is in no backup and in no database.
"""

import hashlib
import hmac
import math
import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import jwt

ACCESS = timedelta(minutes=15)
"""How long a JWT is good."""
LEEWAY = timedelta(minutes=1)
"""Clocks are set while the hub runs."""
KEY_BYTES = 32
TOKEN_PREFIX = "sotto_"  # noqa: S105 - what tokens are recognised by
MAX_PROOF_CHARS = 2_000
_ALGORITHM = "HS256"
_TOKEN = re.compile(rf"{TOKEN_PREFIX}[\w-]{{{math.ceil(KEY_BYTES * 4 / 3)}}}", re.ASCII)


class KeyUnusable(OSError):
    """The key can not be read or made."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """What a refresh token says."""

    login: str
    generation: int


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser in which a user has logged in before. It opens nothing by itself."""

    user: str
    id: str


class Keys:
    """Makes and reads proofs."""

    def __init__(self, key: bytes) -> None:
        self._access = hmac.digest(key, b"access", "sha256")
        self._refresh = hmac.digest(key, b"refresh", "sha256")
        self._browser = hmac.digest(key, b"browser", "sha256")

    def access(self, login: str, user: str, now: datetime) -> str:
        """Return a JWT for a login."""
        claims = {"sub": user, "sid": login, "iat": now, "exp": now + ACCESS}
        return jwt.encode(claims, self._access, _ALGORITHM)

    def read_access(self, proof: str, now: datetime) -> str | None:
        """Return the id of the login that a JWT is for; None: it is none, or too old."""
        if len(proof) > MAX_PROOF_CHARS:
            return None
        try:
            claims = jwt.decode(
                proof,
                self._access,
                algorithms=[_ALGORITHM],
                # The time is looked at below, by the clock that made it.
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "sid"]},
            )
            until = float(claims["exp"])
        except (jwt.InvalidTokenError, TypeError, ValueError):
            return None
        login = claims["sid"]
        fresh = now.timestamp() < until + LEEWAY.total_seconds()
        return login if fresh and isinstance(login, str) else None

    def refresh(self, refresh: Refresh) -> str:
        """Return a refresh token. It is the same whenever it is asked for."""
        return _signed(self._refresh, f"{refresh.login}.{refresh.generation}")

    def read_refresh(self, proof: str) -> Refresh | None:
        """Return what a refresh token says; None: it is none."""
        login, _, rest = proof.partition(".")
        generation = rest.partition(".")[0]
        if not generation.isascii() or not generation.isdigit() or len(generation) > 9:
            return None
        found = Refresh(login, int(generation))
        return found if _same(self.refresh(found), proof) else None

    def browser(self, browser: Browser) -> str:
        """Return what a browser is known by when its user logs in again."""
        return _signed(self._browser, f"{browser.user}.{browser.id}")

    def read_browser(self, proof: str) -> Browser | None:
        """Return which browser it is; None: none in which anybody has logged in."""
        if len(proof) > MAX_PROOF_CHARS:
            return None
        user, _, rest = proof.partition(".")
        found = Browser(user, rest.partition(".")[0])
        return found if _same(self.browser(found), proof) else None


def _signed(key: bytes, text: str) -> str:
    return f"{text}.{hmac.digest(key, text.encode('utf-8', 'replace'), 'sha256').hex()}"


def _same(known: str, given: str) -> bool:
    return hmac.compare_digest(known.encode("utf-8", "replace"), given.encode("utf-8", "replace"))


def new_token() -> str:
    """Return a new token for a program."""
    return TOKEN_PREFIX + secrets.token_urlsafe(KEY_BYTES)


def is_token(text: str) -> bool:
    """Return whether a text looks like a token: what does not is looked up nowhere."""
    return _TOKEN.fullmatch(text) is not None


def token_hash(token: str) -> str:
    """Return what is kept of a token. Nobody can guess 256 bits, so that it need not be slow."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def kept_key(file: Path) -> bytes:
    """Return the key in a file, a new one if there is none. Raises KeyUnusable."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            partial = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(descriptor, secrets.token_bytes(KEY_BYTES))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            try:
                os.link(partial, file)  # another hub of this user may have been faster
            except FileExistsError:
                pass
            finally:
                partial.unlink()
        key = file.read_bytes()
    except OSError as error:
        raise KeyUnusable(
            f"The key of the logins, {file}, can not be read or made: {error.strerror or error}."
        ) from None
    if len(key) < KEY_BYTES:
        raise KeyUnusable(f"The key of the logins, {file}, is damaged. Remove it: all log in anew.")
    return key
