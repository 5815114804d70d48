"""Real recordings to test with; they are not part of the repository, tests skip without them."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("SOTTO_SPEECH") or Path(__file__).parents[2] / "shared" / "speech")


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording: 16 kHz mono 16-bit WAV, named with the words that are spoken in it."""

    path: Path
    text: str

    @property
    def out_of_vocabulary(self) -> bool:
        return self.text.startswith("oov_")


def recordings(folder: str) -> list[Recording]:
    """Return the recordings below `folder` ("en", "wake"), or skip the test, saying so."""
    files = sorted((ROOT / folder).rglob("*.wav"))
    if not files:
        pytest.skip(f"no recordings in {ROOT / folder}; set SOTTO_SPEECH to a folder that has them")
    return [Recording(path, path.stem) for path in files]
