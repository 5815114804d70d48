"""WAV files: those of any common kind read as pcm16, and pcm16 as a file.

The `wave` module of Python 3.11 knows neither float samples nor the extensible header that most
24-bit files carry, so the few chunks that matter are read here.
"""

import stat
import struct
from pathlib import Path

import numpy as np

from audio.pcm import FormatError, from_float, to_mono16

MAX_FILE_BYTES = 256 * 1024 * 1024
"""Two hours of speech at 16 kHz; a file is held in memory, so a wrong one is refused."""
UNKNOWN_BYTES = 0x7FFF_FF00
"""The length of audio whose end nobody knows yet."""

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_MAX_RATE_HZ = 768_000
_MAX_CHANNELS = 64


def read(path: Path) -> tuple[int, bytes]:
    """Return a file's rate in Hz and its audio as pcm16, mono: 8 to 32 bit or float, any channels.

    Raises FormatError for what is no such file, and OSError.
    """
    return decode(_content(path))


def decode(content: bytes) -> tuple[int, bytes]:
    """Return the same for what a file holds. Raises FormatError."""
    try:
        return _decode(content)
    except struct.error as error:
        raise FormatError(str(error)) from error


def encode(rate_hz: int, pcm16: bytes) -> bytes:
    """Return what a file of mono audio holds."""
    return header(rate_hz, len(pcm16)) + pcm16


def header(rate_hz: int, audio_bytes: int = UNKNOWN_BYTES) -> bytes:
    """Return the beginning of a file of mono pcm16: by default, one that has no end yet."""
    layout = struct.pack("<HHIIHH", _PCM, 1, rate_hz, 2 * rate_hz, 2, 16)
    riff = struct.pack("<4sI4s", b"RIFF", 36 + audio_bytes, b"WAVE")
    return b"".join(
        (riff, struct.pack("<4sI", b"fmt ", 16), layout, struct.pack("<4sI", b"data", audio_bytes))
    )


def _content(path: Path) -> bytes:
    """Return what a file holds, all of it. Raises FormatError, OSError."""
    found = path.stat()
    # A pipe may never say anything, and a device never end.
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise FormatError("a pipe or a device; only files can be read")
    content = b""
    if found.st_size <= MAX_FILE_BYTES:
        with path.open("rb") as file:
            # It may grow meanwhile, and files of the system tell no size.
            content = file.read(MAX_FILE_BYTES + 1)
    if max(found.st_size, len(content)) > MAX_FILE_BYTES:
        raise FormatError(f"larger than {MAX_FILE_BYTES // 1024**2} MiB")
    return content


def _decode(content: bytes) -> tuple[int, bytes]:
    """Return the rate in Hz and the samples as pcm16. Raises FormatError, struct.error."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise FormatError("not a WAV file")
    position = 12
    layout: tuple[int, int, int, int] | None = None
    while position + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, position)
        body = content[position + 8 : position + 8 + size]
        if name == b"fmt ":
            layout = _layout(body)
        elif name == b"data":
            if layout is None:
                raise FormatError("audio before its format")
            kind, channels, rate_hz, width = layout
            # A size that reaches past the end is what a program leaves that wrote to a pipe.
            return rate_hz, _to_pcm16(body, kind=kind, width=width, channels=channels)
        # Chunks are padded to even sizes.
        position += 8 + size + size % 2
    raise FormatError("no audio in it")


def _layout(body: bytes) -> tuple[int, int, int, int]:
    """Return kind, channels, rate in Hz and bytes a sample of a format chunk."""
    if len(body) < 16:
        raise FormatError("its format chunk is cut off")
    kind, channels, rate_hz, _, block_bytes, bits = struct.unpack_from("<HHIIHH", body)
    if kind == _EXTENSIBLE and len(body) >= 26:
        (kind,) = struct.unpack_from("<H", body, 24)
    if kind not in (_PCM, _FLOAT):
        raise FormatError(f"compressed (format {kind}); only plain PCM and float can be read")
    if not 1 <= channels <= _MAX_CHANNELS or not 1 <= rate_hz <= _MAX_RATE_HZ:
        raise FormatError(f"{channels} channels at {rate_hz} Hz make no sense")
    width = block_bytes // channels
    if width not in ((4, 8) if kind == _FLOAT else (1, 2, 3, 4)) or block_bytes % channels:
        raise FormatError(f"samples of {bits} bits in blocks of {block_bytes} bytes make no sense")
    return kind, channels, rate_hz, width


def _to_pcm16(body: bytes, *, kind: int, width: int, channels: int) -> bytes:
    if kind == _PCM:
        return to_mono16(body, width=width, channels=channels)
    whole = len(body) - len(body) % (width * channels)
    samples = np.frombuffer(body[:whole], dtype=f"<f{width}").reshape(-1, channels).mean(axis=1)
    return from_float(np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0))
