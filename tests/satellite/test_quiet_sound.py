"""What libraries of C write past the log goes nowhere, and nothing else does."""

import ctypes
import os
from collections.abc import Iterator

import pytest

from satellite.quiet_sound import quieten


@pytest.fixture(autouse=True)
def stderr() -> Iterator[ctypes.c_void_p]:
    """Return the C library's standard error, and bring it back."""
    stream = ctypes.c_void_p.in_dll(ctypes.CDLL(None), "stderr")
    before = stream.value
    yield stream
    stream.value = before


def say(text: bytes, stderr: ctypes.c_void_p) -> None:
    """Write as PortAudio does."""
    libc = ctypes.CDLL(None)
    libc.fputs(text, stderr)
    libc.fflush(stderr)


def test_what_a_library_writes_is_dropped_and_what_python_writes_is_heard(
    stderr: ctypes.c_void_p, capfd: pytest.CaptureFixture[str]
) -> None:
    say(b"before ", stderr)
    quieten()
    say(b"dropped ", stderr)
    quieten()
    say(b"dropped too ", stderr)
    os.write(2, b"log ")
    assert capfd.readouterr().err == "before log "
