"""Users, their logins, and their tokens."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from hub.accounts.errors import AccountError
from hub.accounts.role import Role
from hub.words import worded

MAX_NAME_CHARS = 60
NOBODY = "unknown"
"""What the home's rules call a person who is not known: nobody else may be called so."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can log in, or a panel on a wall."""

    id: str
    name: str
    role: Role
    language: str
    """What the page speaks."""
    created: datetime
    disabled: bool
    """Can not log in for now."""


@dataclass(frozen=True, slots=True)
class Login:
    """One browser in which a user is logged in."""

    id: str
    user: str
    created: datetime
    seen: datetime
    """When it last refreshed itself."""
    client: str
    """What the browser says that it is."""
    generation: int
    """How often its refresh token was exchanged."""
    rotated: datetime
    """When that was done last."""


@dataclass(frozen=True, slots=True)
class Token:
    """What a program logs in with."""

    id: str
    user: str
    name: str
    scopes: frozenset[str]
    created: datetime
    expires: datetime | None
    used: datetime | None


def clean_name(name: str) -> str:
    """Return a name as it is shown. Raises AccountError."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not name or len(name) > MAX_NAME_CHARS:
        raise AccountError(
            "bad-name",
            worded("name-length", "A name has 1 to {most} characters.", most=MAX_NAME_CHARS),
        )
    if any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs"} for char in name):
        raise AccountError(
            "bad-name",
            worded("name-characters", "There are characters in the name that can not be seen."),
        )
    return name


def user_name(name: str) -> str:
    """Return the name of a user as it is shown. Raises AccountError."""
    name = clean_name(name)
    if name_key(name) == NOBODY:
        raise AccountError("bad-name", f"Rules call those whom they do not know {name!r}.")
    return name


def name_key(name: str) -> str:
    """Return a name as it is compared: names that look alike are one."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
