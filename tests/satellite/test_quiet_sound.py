"""What libraries of C write past the log goes nowhere, and nothing else does."""

import ctypes
import os

import pytest

from satellite.quiet_sound import hushed


def say(text: bytes) -> None:
    """Write as PortAudio does."""
    libc = ctypes.CDLL(None)
    stderr = ctypes.c_void_p.in_dll(libc, "stderr")
    libc.fputs(text, stderr)
    libc.fflush(stderr)


def test_what_a_library_writes_is_dropped_and_what_python_writes_is_heard(
    capfd: pytest.CaptureFixture[str],
) -> None:
    say(b"before ")
    with hushed():
        say(b"dropped ")
        with hushed():
            say(b"dropped too ")
        os.write(2, b"log ")
    say(b"after")
    assert capfd.readouterr().err == "before log after"
