"""Keeps sound libraries from writing to standard error by themselves, past the log, without limit.

What matters of it comes as an error, an event or a count.
"""

import ctypes
from contextlib import suppress
from functools import cache


def quieten() -> None:
    """Let ALSA and PortAudio be silent for good; what their callbacks write comes at any time.

    ALSA writes a line for every underrun. It is given a function of the C library to call that does
    nothing with what it is given. None of ours: ALSA may call it on a thread of the sound card,
    which must not wait for Python.

    PortAudio tells the C library's standard error of each device that is lost, and in forty lines
    of each try to open one that is away. Python and the log write without the C library, and are
    heard.
    """
    with suppress(OSError, AttributeError):
        set_writer = ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler
        set_writer.argtypes = [ctypes.c_void_p]
        set_writer(ctypes.cast(ctypes.CDLL(None).getppid, ctypes.c_void_p))
    with suppress(OSError, ValueError, AttributeError):  # another C library
        stderr = ctypes.c_void_p.in_dll(ctypes.CDLL(None), "stderr")
        stderr.value = _nowhere() or stderr.value


@cache
def _nowhere() -> int | None:
    """Return a C stream that drops what it is given; it stays open."""
    opening = ctypes.CDLL(None).fopen
    opening.argtypes, opening.restype = [ctypes.c_char_p, ctypes.c_char_p], ctypes.c_void_p
    stream: int | None = opening(b"/dev/null", b"w")
    return stream
