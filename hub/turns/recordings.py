"""Recordings of what was said in turns, where the owner wants them: WAV files, not too many."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path

from audio.pcm import SPEECH_RATE_HZ
from audio.wav import encode

MAX_BYTES = 500_000_000
"""Over four hours of speech; then the oldest recordings go."""


class Recordings:
    """A folder of recordings, each named by its turn. What goes wrong is an OSError."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    async def keep(self, turn: str, audio: bytes) -> list[str]:
        """Keep 16 kHz pcm16; return the turns whose recordings went for it."""
        return await asyncio.to_thread(self._keep, turn, audio)

    async def forget(self, turns: Sequence[str]) -> None:
        """Forget the recordings of some turns; one that is not there is no mistake."""
        await asyncio.to_thread(self._forget, turns)

    def file(self, turn: str) -> Path | None:
        """Return the file of a turn's recording; None: there is none."""
        file = self._file(turn)
        return file if file.is_file() else None

    def _keep(self, turn: str, audio: bytes) -> list[str]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._file(turn)
        partial = file.with_suffix(".partial")
        try:
            partial.touch(mode=0o600)
            partial.write_bytes(encode(SPEECH_RATE_HZ, audio))
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
        return self._make_room()

    def _make_room(self) -> list[str]:
        """Delete the oldest of too much; return the turns that they were of."""
        gone = []
        files = sorted(
            ((found.stat(), found) for found in self._folder.glob("*.wav")),
            key=lambda pair: pair[0].st_mtime_ns,
        )
        excess = sum(status.st_size for status, _ in files) - self._max_bytes
        for status, found in files[:-1]:
            if excess <= 0:
                break
            found.unlink(missing_ok=True)
            excess -= status.st_size
            gone.append(found.stem)
        return gone

    def _forget(self, turns: Iterable[str]) -> None:
        for turn in turns:
            self._file(turn).unlink(missing_ok=True)

    def _file(self, turn: str) -> Path:
        # A turn's id comes from outside as well: it names a file of this folder or none.
        name = "".join(sign for sign in turn if sign.isalnum() or sign == "-")
        return self._folder / f"{name}.wav"
