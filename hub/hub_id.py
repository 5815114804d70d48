"""What satellites know this hub by."""

import hashlib
import socket
from pathlib import Path


def hub_id() -> str:
    """Return this hub's id: the same after a restart, and telling nothing about the machine."""
    try:
        machine = Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        machine = socket.gethostname()
    return hashlib.sha256(f"sotto-hub {machine}".encode()).hexdigest()[:32]
