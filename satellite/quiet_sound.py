"""Keeps sound libraries from writing to standard error by themselves, past the log, without limit.

What matters of it comes as an error, an event or a count.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache


def quieten() -> None:
    """Let ALSA be silent, which writes a line for every underrun.

    It is given a function of the C library to call that does nothing with what it is given. None of
    ours: ALSA may call it on a thread of the sound card, which must not wait for Python.
    """
    with suppress(OSError, AttributeError):
        set_writer = ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler
        set_writer.argtypes = [ctypes.c_void_p]
        set_writer(ctypes.cast(ctypes.CDLL(None).getppid, ctypes.c_void_p))


@contextmanager
def hushed() -> Iterator[None]:
    """Let what is written to the C library's standard error go nowhere within the body.

    PortAudio tells there, in forty lines, of each try to open a device that is away. Python and the
    log write without the C library, and are heard.
    """
    try:
        stderr = ctypes.c_void_p.in_dll(ctypes.CDLL(None), "stderr")
        nowhere = _nowhere()
    except (OSError, ValueError, AttributeError):  # another C library
        yield
        return
    before, stderr.value = stderr.value, nowhere
    try:
        yield
    finally:
        stderr.value = before


@cache
def _nowhere() -> int:
    """Return a C stream that drops what it is given; it stays open."""
    opening = ctypes.CDLL(None).fopen
    opening.argtypes, opening.restype = [ctypes.c_char_p, ctypes.c_char_p], ctypes.c_void_p
    stream = opening(b"/dev/null", b"w")
    if not stream:
        raise OSError("/dev/null can not be opened")
    return int(stream)
