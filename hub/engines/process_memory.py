"""How much memory a process takes, with those that it has started."""

from contextlib import suppress

import psutil


def memory_bytes(pid: int) -> int:
    """Return what is resident of a process and of its descendants; 0 of one that has ended."""
    total = 0
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            with suppress(psutil.Error):
                total += one.memory_info().rss
    return total
