"""WAV files: any common kind is read as speech, what was played is written.

The `wave` module of Python 3.11 knows neither float samples nor the extensible header that most
24-bit files carry, so the few chunks that matter are read here.
"""

import struct
import wave
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from audio.pcm import SPEECH_RATE_HZ, FormatError, from_float, to_mono16
from audio.resample import resample
from satellite.errors import SatelliteError

MAX_FILE_BYTES = 256 * 1024 * 1024
"""Two hours of speech at 16 kHz; a file is held in memory, so a wrong one is refused."""

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_MAX_RATE_HZ = 768_000
_MAX_CHANNELS = 64


def read_speech(path: Path) -> bytes:
    """Return the file as pcm16 at 16 kHz: 8, 16, 24, 32 bit or float, any rate and channel count.

    Raises SatelliteError "bad-wav" with one line that names the file and what is wrong.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise _bad(path, f"larger than {MAX_FILE_BYTES // 1024**2} MiB")
        content = path.read_bytes()
    except OSError as error:
        raise _bad(path, error.strerror or "can not be read") from error
    try:
        rate_hz, pcm16 = _decode(content)
    except (FormatError, struct.error) as error:
        raise _bad(path, str(error)) from error
    return resample(pcm16, rate_hz, SPEECH_RATE_HZ)


class WavWriter:
    """Writes pcm16 to a file whose header is right after every `sync`."""

    def __init__(self, path: Path, rate_hz: int) -> None:
        """Create the file. Raises SatelliteError "speaker-file"."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Kept open for as long as the satellite plays; `close` ends it.
            self._file = path.open("wb")
        except OSError as error:
            raise _unwritable(path, error) from error
        self._wave = wave.open(self._file, "wb")  # noqa: SIM115
        self._wave.setparams((1, 2, rate_hz, 0, "NONE", "not compressed"))

    def write(self, pcm16: bytes) -> None:
        """Append audio. Raises SatelliteError "speaker-file"."""
        try:
            self._wave.writeframesraw(pcm16)
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def sync(self) -> None:
        """Bring the header and the disk up to what was written."""
        try:
            self._wave.writeframes(b"")
            self._file.flush()
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def close(self) -> None:
        """Finish the file."""
        try:
            self._wave.close()
            self._file.close()
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()


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


def _bad(path: Path, what: str) -> SatelliteError:
    return SatelliteError("bad-wav", f"{path}: {what}")


def _unwritable(path: Path, error: OSError) -> SatelliteError:
    return SatelliteError("speaker-file", f"{path}: {error.strerror or 'can not be written'}")
