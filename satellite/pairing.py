"""Which hub the satellite belongs to: the first that proved that it knows the token.

It is remembered in the state folder, in a file that is written only when it changes.
"""

import hashlib
import hmac
import os
from pathlib import Path

import orjson

_MOST_BYTES = 4096


class Pairing:
    """The hub that is preferred among those that are found."""

    def __init__(self, file: Path, token: str | None) -> None:
        """Read what is remembered; it holds for one token."""
        self._file = file
        self._token = token
        self.hub = None if token is None else _read(file, _check(token))
        """Its id; None until a hub has proved itself."""

    def use(self, token: str) -> None:
        """Take a token that was given: the hub that gave it proves itself next."""
        self._token = token
        self.hub = None

    def proved(self, hub: str) -> None:
        """Remember a hub that has proved itself, if none is yet. Raises OSError."""
        if self.hub is None:
            self.change(hub)

    def change(self, hub: str) -> None:
        """Belong to another hub, which has proved itself. Raises OSError."""
        if self._token is None or hub == self.hub:
            return
        self.hub = hub
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        with fresh.open("wb") as opened:
            opened.write(orjson.dumps({"hub": hub, "token": _check(self._token)}))
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(self._file)


def _check(token: str) -> str:
    """Return what tells one token from another, and gives neither away."""
    return hmac.new(token.encode(), b"sotto/1 pairing", hashlib.sha256).hexdigest()[:16]


def _read(file: Path, check: str) -> str | None:
    """Return the remembered hub; what can not be read or is of another token counts as none."""
    try:
        with file.open("rb") as opened:
            kept = orjson.loads(opened.read(_MOST_BYTES))
    except (OSError, orjson.JSONDecodeError):
        return None
    if not isinstance(kept, dict) or kept.get("token") != check:
        return None
    hub = kept.get("hub")
    return hub if isinstance(hub, str) and hub else None
