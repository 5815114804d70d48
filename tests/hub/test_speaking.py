"""What an engine that speaks is told by the settings: real processes, voices made by the tests."""

import asyncio
import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.engines.base import SpeechRequest
from hub.engines.engine_request import State
from hub.settings import HubSettings
from hub.speaking import Speaking
from tests.hub.engines.tiny_piper import make_piper

pytestmark = [
    pytest.mark.alone,
    pytest.mark.timeout(90),
    pytest.mark.skipif(
        importlib.util.find_spec("piper") is None,
        reason="piper-tts is not installed (extra: piper)",
    ),
]


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("unloaded", [False, True])
async def test_every_voice_of_the_household_is_loaded_before_somebody_hears_it(
    unloaded: bool, tmp_path: Path
) -> None:
    names = ["en_US-own-low", "fr_FR-told-low", "en_GB-study-low", "en_US-anna-low"]
    files = [make_piper(tmp_path / "piper", name) for name in names]
    settings = HubSettings.model_validate(
        {
            "other_languages": ["fr"],
            "engines": {"text_to_speech": "piper"},
            "piper": {"voices": {"en": "en_US-own-low"}},
            "models": {"folder": tmp_path},
            "voices": {
                "languages": {"fr": "fr_FR-told-low"},
                "rooms": {"Study": "en_GB-study-low"},
                "people": {"Anna": {"en": "en_US-anna-low"}},
            },
        }
    )
    piper = Speaking(settings, "piper")
    process = piper.process
    assert process is not None
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        process._idle_s = 0.05 if unloaded else None
        await piper.configure()
        if unloaded:
            await until(lambda: process.state is State.ENDED)
            process._idle_s = None
            process.wake()
            await until(lambda: process.state is State.READY and process._line.idle)
        for file in files:
            file.write_bytes(b"no voice")  # what is loaded by now does not mind
        for language, area, person in (
            ("en", None, None), ("fr", None, None), ("en", "Study", None), ("en", None, "Anna"),
        ):  # fmt: skip
            voice = settings.voice(area, person, language)
            answer = piper.port.synthesize(SpeechRequest("Hello.", language, voice))
            assert [chunk async for chunk in answer], (language, area, person)
        running.cancel()
