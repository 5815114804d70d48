"""Spoken audio as a network cuts it: anywhere, also in the middle of a sample or of a header."""

import struct

from audio.pcm import FormatError, to_mono16

MAX_HEADER_BYTES = 64 * 1024
"""What may come before the samples of a WAV stream: names and covers, but no film."""
MIN_RATE_HZ, MAX_RATE_HZ = 8_000, 192_000

_PCM, _EXTENSIBLE = 1, 0xFFFE
_RIFF_BYTES = 12
_FORMAT_BYTES = 16
_MAX_KNOWN_BYTES, _UNKNOWN_BYTES = 2**31 - 64 * 1024, 2**62


class PcmStream:
    """Plain PCM in pieces of any size: hands out whole samples as pcm16 and keeps the rest."""

    def __init__(self, rate_hz: int, *, width: int = 2, channels: int = 1) -> None:
        """Raises FormatError for what is no speech."""
        if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ or not 1 <= width <= 4 or channels < 1:
            raise FormatError(f"{channels} channels of {8 * width} bits at {rate_hz} Hz")
        self.rate_hz = rate_hz
        self._width = width
        self._channels = channels
        self._rest = b""

    def feed(self, data: bytes) -> bytes:
        """Return the whole samples that are there now, as pcm16."""
        data = self._rest + data
        whole = len(data) - len(data) % (self._width * self._channels)
        self._rest = data[whole:]
        return to_mono16(data[:whole], width=self._width, channels=self._channels)


class WavStream:
    """A WAV file in pieces of any size, also one whose length was not known when it began."""

    def __init__(self) -> None:
        self._header = bytearray()
        self._pcm: PcmStream | None = None
        self._left_bytes = 0

    @property
    def rate_hz(self) -> int | None:
        """Samples a second, once the header has been read."""
        return None if self._pcm is None else self._pcm.rate_hz

    def feed(self, data: bytes) -> bytes:
        """Return the whole samples that are there now, as pcm16. Raises FormatError."""
        if self._pcm is None:
            self._header += data
            begin = self._read_header()
            if begin is None:
                if len(self._header) > MAX_HEADER_BYTES:
                    raise FormatError(f"no audio in the first {MAX_HEADER_BYTES} bytes")
                return b""
            position, self._pcm, self._left_bytes = begin
            data = bytes(self._header[position:])
            self._header.clear()
        # What follows the samples are names and dates.
        data = data[: self._left_bytes]
        self._left_bytes -= len(data)
        return self._pcm.feed(data)

    def _read_header(self) -> tuple[int, PcmStream, int] | None:
        """Return where the samples begin, their stream and size; None while unknown."""
        header = bytes(self._header)
        if len(header) >= _RIFF_BYTES and (header[:4], header[8:12]) != (b"RIFF", b"WAVE"):
            raise FormatError("not a WAV file")
        position, pcm = _RIFF_BYTES, None
        while position + 8 <= len(header):
            name, size = struct.unpack_from("<4sI", header, position)
            position += 8
            if name == b"data":
                if pcm is None:
                    raise FormatError("audio before its format")
                # Who streams does not know the size yet and writes none, or the largest.
                return position, pcm, size if 0 < size < _MAX_KNOWN_BYTES else _UNKNOWN_BYTES
            if position + size > len(header):
                return None
            if name == b"fmt ":
                pcm = _stream(header[position : position + size])
            # Chunks are padded to even sizes.
            position += size + size % 2
        return None


def _stream(body: bytes) -> PcmStream:
    """Return the stream that a format chunk describes. Raises FormatError."""
    if len(body) < _FORMAT_BYTES:
        raise FormatError("its format chunk is cut off")
    kind, channels, rate_hz, _, block_bytes, _ = struct.unpack_from("<HHIIHH", body)
    if kind == _EXTENSIBLE and len(body) >= 26:
        (kind,) = struct.unpack_from("<H", body, 24)
    if kind != _PCM:
        raise FormatError(f"compressed (format {kind}); only plain PCM can be read")
    if channels < 1 or block_bytes % channels:
        raise FormatError(f"{channels} channels in blocks of {block_bytes} bytes make no sense")
    return PcmStream(rate_hz, width=block_bytes // channels, channels=channels)
