"""WAV files made byte by byte, also the kinds that the standard library can not write."""

import struct

import numpy as np

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE


def chunk(name: bytes, body: bytes, size: int | None = None) -> bytes:
    return (
        name
        + struct.pack("<I", len(body) if size is None else size)
        + body
        + b"\0" * (len(body) % 2)
    )


def layout(kind: int, channels: int, rate_hz: int, width: int, *, subformat: int = 0) -> bytes:
    block = channels * width
    body = struct.pack("<HHIIHH", kind, channels, rate_hz, rate_hz * block, block, width * 8)
    if kind == EXTENSIBLE:
        body += struct.pack("<HHIH", 22, width * 8, 0, subformat) + b"\0" * 14
    return body


def riff(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def wav(
    audio: bytes,
    *,
    kind: int = PCM,
    channels: int = 1,
    rate_hz: int = 16_000,
    width: int = 2,
    subformat: int = PCM,
) -> bytes:
    body = layout(kind, channels, rate_hz, width, subformat=subformat)
    return riff(chunk(b"fmt ", body), chunk(b"data", audio))


def sine(seconds: float, rate_hz: int, *, hz: float = 440, level: float = 0.5) -> "np.ndarray":
    """Samples in [-1, 1]."""
    return level * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate_hz)) / rate_hz)
