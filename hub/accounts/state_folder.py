"""Where the hub keeps what belongs to this machine and to no backup."""

from pathlib import Path

import platformdirs


def state_folder() -> Path:
    """Return the folder."""
    return platformdirs.user_state_path("sotto")


def key_file() -> Path:
    """Return where the key of the logins is."""
    return state_folder() / "hub-login.key"


def link_file() -> Path:
    """Return where the one-time link is while it is good."""
    return state_folder() / "hub-setup-link"
