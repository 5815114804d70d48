"""What hears and what speaks, with the embedded engines behind: real processes, tiny models."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from audio.pcm import SPEECH_RATE_HZ
from audio.resample import resample
from audio.wav import read
from hub import supervised
from hub.demo.runner import demo_files
from hub.ears import Ears
from hub.engines import fallback
from hub.engines.base import EngineError, SpeechRequest, Utterance
from hub.events import EngineChanged
from hub.hearing import hearing_name
from hub.home.model import Device, DeviceId, Home
from hub.settings import HubSettings
from hub.speaking import speaking_name
from hub.voice import Voice
from tests.hub.engines.model_hub import Fault, model_hub
from tests.hub.engines.tiny_piper import RATE_HZ, make_piper
from tests.hub.engines.tiny_whisper import make_whisper

SAID = "open the garage door"
LIMIT_S = 60.0
WHISPER_SAYS = "bonjour tout le monde"
BASE = "Systran/faster-whisper-base"

pytestmark = [pytest.mark.alone, pytest.mark.timeout(LIMIT_S + 30)]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervised, "RETRY_S", (0.05,))
    for limit in ("TRANSCRIPT_S", "FIRST_AUDIO_S", "LATER_AUDIO_S"):
        # An engine that is only slow, for others keep the machine busy, is not given up.
        monkeypatch.setattr(fallback, limit, LIMIT_S)


def settings(folder: Path, **sections: Any) -> HubSettings:
    models = {"folder": folder, **sections.pop("models", {})}
    return HubSettings.model_validate({"models": models, **sections})


def spoken() -> Utterance:
    rate_hz, pcm16 = read(demo_files()[2])
    return Utterance(resample(pcm16, rate_hz, SPEECH_RATE_HZ), "en")


def home() -> Home:
    made = Home()
    made.put(Device(DeviceId("door"), "Garage Door", "cover"))
    return made


class Facts(list[EngineChanged]):
    async def until(self, test: Callable[[EngineChanged], bool]) -> EngineChanged:
        async with asyncio.timeout(LIMIT_S):
            while not any(test(fact) for fact in self):
                await asyncio.sleep(0.01)
        return next(fact for fact in self if test(fact))


@asynccontextmanager
async def running(engine: Ears | Voice) -> AsyncIterator[None]:
    task = asyncio.create_task(engine.run())
    try:
        async with asyncio.timeout(LIMIT_S):
            yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def heard(ears: Ears) -> str:
    return (await ears.port.transcribe(spoken())).text


def ready(fact: EngineChanged) -> bool:
    return fact.ready


def failed(fact: EngineChanged) -> bool:
    return not fact.ready


async def test_the_hub_hears_at_once_and_moves_up_when_a_model_is_put_there(tmp_path: Path) -> None:
    facts = Facts()
    ears = Ears(settings(tmp_path, whisper={"model": "base"}), facts.append)
    async with running(ears):
        await ears.learn(home())
        assert await heard(ears) == SAID
        why = await facts.until(failed)
        assert "sotto-hub models pull whisper/base" in why.text
        assert not ears.hears_along
        make_whisper(tmp_path / "whisper" / "base", WHISPER_SAYS)
        fact = await facts.until(ready)
        assert (fact.role, fact.engine) == ("speech-to-text", "whisper")
        assert fact.memory_bytes > 10_000_000
        assert await heard(ears) == WHISPER_SAYS
        assert ears.hears_along


async def test_the_embedded_recogniser_tells_that_it_is_there_where_it_is_chosen(
    tmp_path: Path,
) -> None:
    facts = Facts()
    ears = Ears(settings(tmp_path, engines={"speech_to_text": "phrases"}), facts.append)
    async with running(ears):
        await ears.learn(home())
        [fact] = facts
        assert (fact.engine, fact.ready, fact.text) == ("phrases", True, "phrases of this home")
        assert fact.memory_bytes > 1_000_000


async def test_a_missing_model_is_fetched_beside_if_the_owner_allows_it(tmp_path: Path) -> None:
    made = make_whisper(tmp_path / "made", WHISPER_SAYS)
    files = {file.name: file.read_bytes() for file in made.iterdir()}
    facts, heard_before = Facts(), asyncio.Event()
    async with model_hub({BASE: files}) as hub:
        hub.faults["model.bin"] = [Fault(after=1000, hold=heard_before)]
        allowed = settings(
            tmp_path / "models",
            whisper={"model": "base"},
            models={"download": True, "endpoint": hub.url},
        )
        ears = Ears(allowed, facts.append)
        async with running(ears):
            await ears.learn(home())
            assert await heard(ears) == SAID
            heard_before.set()
            await facts.until(ready)
            assert await heard(ears) == WHISPER_SAYS
        assert hub.fetched("model.bin")


async def test_a_damaged_model_is_told_and_the_embedded_recogniser_hears_on(tmp_path: Path) -> None:
    made = make_whisper(tmp_path / "whisper" / "base", WHISPER_SAYS)
    (made / "model.bin").write_bytes(b"not a model")
    facts = Facts()
    chosen = settings(tmp_path, whisper={"model": "base"}, engines={"speech_to_text": "whisper"})
    ears = Ears(chosen, facts.append)
    async with running(ears):
        await ears.learn(home())
        fact = await facts.until(failed)
        assert "does not load" in fact.text
        assert await heard(ears) == SAID


async def test_a_service_that_is_away_does_not_keep_the_home_from_obeying(tmp_path: Path) -> None:
    facts = Facts()
    chosen = settings(
        tmp_path,
        engines={"speech_to_text": "wyoming"},
        wyoming_speech_to_text={"port": 9},
    )
    ears = Ears(chosen, facts.append)
    async with running(ears):
        await ears.learn(home())
        await facts.until(failed)
        assert [await heard(ears), await heard(ears)] == [SAID, SAID]
    assert not any(map(ready, facts))


async def test_where_nobody_speaks_english_and_nothing_is_here_the_reason_is_told(
    tmp_path: Path,
) -> None:
    ears = Ears(settings(tmp_path, language="de"))
    async with running(ears):
        await ears.learn(home())
        with pytest.raises(EngineError, match="not ready"):
            await heard(ears)


async def test_without_fallback_no_embedded_recogniser_takes_memory(tmp_path: Path) -> None:
    chosen = settings(tmp_path, engines={"speech_to_text": "whisper", "fallback": False})
    ears = Ears(chosen)
    async with running(ears):
        await ears.learn(home())
        with pytest.raises(EngineError):
            await heard(ears)


async def test_auto_hears_without_a_model_and_without_fallback(tmp_path: Path) -> None:
    chosen = settings(tmp_path, whisper={"model": "base"}, engines={"fallback": False})
    assert await hearing_name(chosen) == "phrases"
    ears = Ears(chosen)
    async with running(ears):
        await ears.learn(home())
        assert await heard(ears) == SAID


async def test_an_engine_can_be_left_unloaded_until_somebody_speaks(tmp_path: Path) -> None:
    make_whisper(tmp_path / "whisper" / "base", WHISPER_SAYS)
    facts = Facts()
    chosen = settings(tmp_path, whisper={"model": "base"}, engines={"load_at_start": False})
    ears = Ears(chosen, facts.append)
    async with running(ears):
        await ears.learn(home())
        fact = await facts.until(ready)
        assert fact.memory_bytes == 0
        assert await heard(ears) == WHISPER_SAYS


async def said(voice: Voice, name: str | None = None) -> int:
    """Return the rate of what was said: each voice has its own."""
    request = SpeechRequest("Hello there.", "en", name)
    chunks = [chunk async for chunk in voice.port.synthesize(request)]
    assert any(any(chunk.audio) for chunk in chunks)
    return chunks[0].rate_hz


async def test_a_voice_that_is_put_there_speaks_from_then_on(tmp_path: Path) -> None:
    pytest.importorskip("piper")
    facts = Facts()
    voice = Voice(settings(tmp_path), facts.append)
    async with running(voice):
        await voice.configure()
        assert await said(voice) == 22_050
        make_piper(tmp_path / "piper", "en_US-tiny-low")
        await facts.until(ready)
        assert await said(voice) == RATE_HZ != 22_050


@pytest.mark.parametrize(
    "sections",
    [
        {"other_languages": ["fr"]},
        {"voices": {"people": {"Anna": "en_US-amy-medium"}}},
        {"voices": {"rooms": {"Study": "en_GB-alann-medium"}}},
        {"piper": {"voices": {"fr": "fr_FR-siwis-medium"}}},
        {"piper": {"voices": {"en": "en_US-tiny-low", "fr": "/nowhere/mine.onnx"}}},
    ],
)
@pytest.mark.parametrize("name", ["auto", "piper"])
async def test_a_missing_voice_takes_piper_away_from_nobody_else(
    name: str, sections: dict[str, Any], tmp_path: Path
) -> None:
    pytest.importorskip("piper")
    make_piper(tmp_path / "piper", "en_US-tiny-low")
    facts = Facts()
    chosen = settings(tmp_path, engines={"text_to_speech": name}, **sections)
    assert await speaking_name(chosen) == "piper"
    voice = Voice(chosen, facts.append)
    async with running(voice):
        await voice.configure()
        await facts.until(ready)
        assert await said(voice) == RATE_HZ
        assert await said(voice, "en_US-amy-medium") == 22_050, "the fallback's, this once"
        assert await said(voice) == RATE_HZ


async def test_without_fallback_a_service_that_is_away_leaves_no_other_voice(
    tmp_path: Path,
) -> None:
    facts = Facts()
    engines = {"text_to_speech": "wyoming", "fallback": False}
    chosen = settings(tmp_path, engines=engines, wyoming_text_to_speech={"port": 9})
    voice = Voice(chosen, facts.append)
    async with running(voice):
        await voice.configure()
        await facts.until(lambda _: True)
        with pytest.raises(EngineError):
            await said(voice)


@pytest.mark.parametrize("name", ["auto", "espeak"])
async def test_what_needs_nothing_speaks_without_fallback_as_well(
    name: str, tmp_path: Path
) -> None:
    voice = Voice(settings(tmp_path, engines={"text_to_speech": name, "fallback": False}))
    async with running(voice):
        await voice.configure()
        assert await said(voice) == 22_050


async def test_a_voice_that_does_not_exist_is_replaced_and_told(tmp_path: Path) -> None:
    facts = Facts()
    voice = Voice(settings(tmp_path, engines={"text_to_speech": "espeak"}), facts.append)
    async with running(voice):
        await voice.configure()
        await facts.until(ready)
        assert await said(voice, "no-such-voice") == 22_050
        fact = await facts.until(failed)
        assert "no-such-voice" in fact.text
