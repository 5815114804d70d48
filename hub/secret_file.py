"""Secrets that stand in files of their own: passwords, and codes of devices."""

from pathlib import Path

from hub.settings import SettingsError

MAX_SECRET_BYTES = 4_096


def read_secret(setting: str, file: Path) -> str:
    """Return the secret that a file holds. Raises SettingsError, which names the setting."""
    try:
        with file.expanduser().open(encoding="utf-8") as opened:
            secret = opened.read(MAX_SECRET_BYTES).strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise SettingsError(f"{setting}: {file} can not be read ({reason})") from None
    if not secret:
        raise SettingsError(f"{setting}: {file} is empty")
    return secret
