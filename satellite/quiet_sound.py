"""Keeps ALSA from writing to standard error by itself.

It writes a line for every underrun, past the log and without limit. What matters of it comes as an
error, an event or a count.
"""

import ctypes
from contextlib import suppress


def quieten() -> None:
    """Give ALSA a function of the C library to call that does nothing with what it is given.

    None of ours: ALSA may call it on a thread of the sound card, which must not wait for Python.
    """
    with suppress(OSError, AttributeError):
        set_writer = ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler
        set_writer.argtypes = [ctypes.c_void_p]
        set_writer(ctypes.cast(ctypes.CDLL(None).getppid, ctypes.c_void_p))
