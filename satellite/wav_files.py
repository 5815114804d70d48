"""WAV files: any common kind is read as speech, what was played is written."""

import wave
from pathlib import Path
from types import TracebackType
from typing import Self

from audio import wav
from audio.pcm import SPEECH_RATE_HZ, FormatError
from audio.resample import resample
from satellite.errors import SatelliteError


def read_speech(path: Path) -> bytes:
    """Return the file as pcm16 at 16 kHz: 8, 16, 24, 32 bit or float, any rate and channel count.

    Raises SatelliteError "bad-wav" with one line that names the file and what is wrong.
    """
    try:
        rate_hz, pcm16 = wav.read(path)
    except OSError as error:
        raise _bad(path, error.strerror or "can not be read") from error
    except FormatError as error:
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


def _bad(path: Path, what: str) -> SatelliteError:
    return SatelliteError("bad-wav", f"{path}: {what}")


def _unwritable(path: Path, error: OSError) -> SatelliteError:
    return SatelliteError("speaker-file", f"{path}: {error.strerror or 'can not be written'}")
