"""PortAudio without an encoder that nobody plays to.

PortAudio opens every device that ALSA's configuration names, once, to see what it can do. One of
them in Debian's libasound2-plugins encodes to Dolby Digital (a52) and brings ffmpeg: 14 MB that
stay. So while PortAudio begins, ALSA reads its configuration without that one.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAIN = Path("/usr/share/alsa/alsa.conf")
FOLDER = Path("/etc/alsa/conf.d")
_VARIABLE = "ALSA_CONFIG_PATH"


@contextmanager
def lean_alsa(main: Path = MAIN, folder: Path = FOLDER) -> Iterator[None]:
    """Let ALSA leave the encoder out within the body, where it is there and nobody set otherwise.

    Programs that are started later find their ALSA as it is.
    """
    text = None if _VARIABLE in os.environ else _without_encoder(main, folder)
    if text is None or not hasattr(os, "memfd_create"):
        yield
        return
    memory = os.memfd_create("alsa.conf")  # nothing is written to a disk
    try:
        os.write(memory, text)
        os.environ[_VARIABLE] = f"/proc/self/fd/{memory}"
        yield
    finally:
        os.environ.pop(_VARIABLE, None)
        os.close(memory)


def _without_encoder(main: Path, folder: Path) -> bytes | None:
    """Return the configuration, or None where there is nothing to leave out."""
    whole = f'"{folder}"'
    try:
        text = main.read_text(encoding="utf-8")
        files = sorted(folder.glob("*.conf"))
    except (OSError, UnicodeDecodeError):
        return None
    wanted = [file for file in files if "a52" not in file.name]
    if whole not in text or len(wanted) == len(files):
        return None
    return text.replace(whole, "\n".join(f'"{file}"' for file in wanted)).encode()
