"""Ports of loopback for what a test starts, and for what it finds nobody at."""

import random
import socket
from contextlib import suppress

_CHANCE = random.SystemRandom()
"""Others who run tests at the same time must not draw the same."""


def free_port() -> int:
    """Draw a port that is free, below those that systems give away by themselves.

    One of theirs may be given to somebody else before it is used, or used again after a restart.
    """
    while True:
        port = _CHANCE.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
