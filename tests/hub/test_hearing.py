import contextlib
from pathlib import Path
from typing import Any

import pytest

from hub.engines.base import EngineError
from hub.hearing import MAX_HOTWORDS, Hearing
from hub.home.model import Area, AreaId, Device, DeviceId, Home
from hub.settings import HubSettings

WORDS = ["Sotto", "Siobhan", "Kitchen"]


class Process:
    """Takes note of what its engine is told."""

    def __init__(self) -> None:
        self.hotwords: list[str] = []

    async def configure(self, values: dict[str, Any], *, load: bool) -> None:
        self.hotwords = values["hotwords"]


def home(devices: int = 1) -> Home:
    made = Home()
    made.put_area(Area(AreaId("kitchen"), "Kitchen"))
    for number in range(devices):
        made.put(Device(DeviceId(f"lamp{number}"), f"Lamp {number}", "light"))
    return made


async def told(folder: Path, name: str, home: Home) -> list[str]:
    """Return the likely words that an engine is told."""
    settings = {"listening": {"words": WORDS}, "whisper": {"model": str(folder)}}
    hearing = Hearing(HubSettings.model_validate(settings), name)
    process = Process()
    hearing.process = process  # type: ignore[assignment]
    # Nobody listens at the services' addresses, which is told after the words.
    with contextlib.suppress(EngineError):
        await hearing.learn(home)
    return process.hotwords or list(hearing.port.hotwords)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["whisper", "whisperx", "wyoming", "openai"])
async def test_the_owners_words_are_told_before_the_names_of_the_home(
    name: str, tmp_path: Path
) -> None:
    assert await told(tmp_path, name, home()) == ["Sotto", "Siobhan", "Kitchen", "Lamp 0"]


async def test_in_a_large_home_the_owners_words_are_among_those_that_are_told(
    tmp_path: Path,
) -> None:
    words = await told(tmp_path, "wyoming", home(devices=2 * MAX_HOTWORDS))
    assert (words[:3], len(words)) == (WORDS, MAX_HOTWORDS)
