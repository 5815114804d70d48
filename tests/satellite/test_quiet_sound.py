"""What libraries of C write past the log goes nowhere, and nothing else does."""

import subprocess
import sys

# In a process of its own: what is silent there stays so, and here it may be silent already.
WRITES = """
import ctypes, os
from satellite.quiet_sound import quieten

def say(text):
    "Write as PortAudio does."
    libc = ctypes.CDLL(None)
    stderr = ctypes.c_void_p.in_dll(libc, "stderr")
    libc.fputs(text, stderr)
    libc.fflush(stderr)

say(b"before ")
quieten()
say(b"dropped ")
quieten()
say(b"dropped too ")
os.write(2, b"log ")
"""


def test_what_a_library_writes_is_dropped_and_what_python_writes_is_heard() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WRITES], check=False, capture_output=True, timeout=30
    )
    assert ran.stderr == b"before log "
    assert ran.returncode == 0
