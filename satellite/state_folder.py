"""Where the satellite keeps what must outlast it."""

import os
from pathlib import Path

import platformdirs


def state_folder() -> Path:
    """Return systemd's state folder, or the user's."""
    given = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(given) if given else platformdirs.user_state_path("sotto")
