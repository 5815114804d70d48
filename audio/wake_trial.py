"""Loads a wake word's model and lets it hear a second of silence: does it run at all?

A program of its own, for a damaged model ends the process that loads it.
"""

import sys
from pathlib import Path
from typing import Literal, cast

from audio.wake import detector_of
from audio.wake_models import WakeModel


def main() -> None:
    """Try the model that the arguments name: its kind and its file."""
    kind = cast('Literal["micro", "open"]', sys.argv[1])
    file = Path(sys.argv[2])
    detector = detector_of(WakeModel(file.stem, "", kind, file))
    for _ in range(32):
        detector.hear(bytes(1024))


if __name__ == "__main__":
    main()
