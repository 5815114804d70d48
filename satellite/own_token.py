"""The token that this satellite proves itself with: of its settings, or one that a hub gave it.

A satellite that has none asks the hub for one: both show a code, and the owner of the hub compares
them. What it is given is kept in the state folder, in a file that only its own user can read.
"""

import os
from collections.abc import Callable
from pathlib import Path

from satellite.settings import MIN_TOKEN_CHARS, SatelliteSettings
from satellite.state_folder import state_folder

_MOST_BYTES = 1024

Show = Callable[[str, str], None]
"""Shows a code, and the name of the hub that shows it too."""


class OwnToken:
    """What a satellite knows, and how it comes to know it."""

    def __init__(
        self,
        token: str | None = None,
        *,
        show: Show | None = None,
        keep: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Without `show` it asks for none; `keep` is called with one that was given."""
        self.token = token
        self._show = show
        self._keep = keep

    @property
    def asks(self) -> bool:
        """Whether it wants to be given one."""
        return self.token is None and self._show is not None

    def show(self, code: str, hub: str) -> None:
        """Show the code that the hub shows too."""
        if self._show is not None:
            self._show(code, hub)

    def take(self, token: str) -> None:
        """Use a token from now on."""
        self.token = token
        self._keep(token)


def token_of(settings: SatelliteSettings) -> str | None:
    """Return the token of the settings, else the one that was kept.

    Raises SatelliteError "bad-settings".
    """
    return settings.read_token() or read(kept_token(settings))


def kept_token(settings: SatelliteSettings) -> Path:
    """Return where a satellite keeps what it was given."""
    return state_folder() / f"satellite-{settings.satellite_id}.token"


def read(file: Path) -> str | None:
    """Return a kept token; what can not be read or is none counts as nothing."""
    try:
        with file.open("rb") as opened:
            token = opened.read(_MOST_BYTES).decode().strip()
    except (OSError, UnicodeDecodeError):
        return None
    return token if len(token) >= MIN_TOKEN_CHARS else None


def write(file: Path, token: str) -> None:
    """Keep a token, for this user's eyes only; the file is replaced as a whole. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with open(os.open(fresh, flags, 0o600), "w") as opened:  # noqa: PTH123
        opened.write(token + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
