"""Recordings to measure with. They are not part of the repository."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(os.environ.get("SOTTO_SPEECH") or Path(__file__).parents[2] / "shared" / "speech")
"""Folders of WAV files, each named with the words that are spoken in it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording: 16 kHz, mono, 16 bit."""

    path: Path
    text: str

    @property
    def out_of_vocabulary(self) -> bool:
        """Whether a command recogniser must understand nothing."""
        return self.text.startswith("oov_")


def find(folder: str) -> list[Recording]:
    """Return the recordings below `folder` ("en", "en/recorded", "wake"); none if it is absent."""
    return [Recording(path, path.stem) for path in sorted((ROOT / folder).rglob("*.wav"))]
