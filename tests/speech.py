"""Real recordings to test with; they are not part of the repository, tests skip without them."""

import pytest

from bench.speech import ROOT, Recording, find

__all__ = ["Recording", "recordings"]


def recordings(folder: str) -> list[Recording]:
    """Return the recordings below `folder` ("en", "wake"), or skip the test, saying so."""
    found = find(folder)
    if not found:
        pytest.skip(f"no recordings in {ROOT / folder}; set SOTTO_SPEECH to a folder that has them")
    return found
