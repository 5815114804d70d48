"""Coqui itself on tiny voices that the tests make, and a stand-in where it is not installed."""

import asyncio
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hub.engines.base import EngineError, SpeechChunk, SpeechRequest
from hub.engines.coqui import CHUNK_BYTES, CoquiEngine
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedTextToSpeech
from tests.hub.engines import coqui_stand_in
from tests.hub.engines.tiny_coqui import RATE_HZ, make_coqui

pytestmark = [  # torch and its kin warn of each other when they are imported
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

TEXT = "The kitchen light is on. It is 21 degrees."
INSTALLED = importlib.util.find_spec("TTS") is not None
real = pytest.param(
    "real",
    marks=pytest.mark.skipif(not INSTALLED, reason="coqui-tts is not installed (extra: coqui)"),
)

MakeVoice = Callable[..., Path]


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # What the engine sets for its own process must not outlive a test in this one.
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(params=[real, "stand-in"])
def make_voice(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> MakeVoice:
    if request.param == "real":
        return make_coqui
    for name in [name for name in sys.modules if name.split(".")[0] == "TTS"]:
        monkeypatch.delitem(sys.modules, name)
    for name, module in coqui_stand_in.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    return coqui_stand_in.make_stand_in


@pytest.fixture
def coqui(make_voice: MakeVoice, tmp_path: Path) -> CoquiEngine:
    engine = CoquiEngine()
    engine.load()
    engine.configure({"model": str(make_voice(tmp_path / "voice"))})
    return engine


def speak(
    engine: CoquiEngine, text: str = TEXT, tag: str = "en", voice: str | None = None
) -> list[SpeechChunk]:
    return list(engine.synthesize(SpeechRequest(text, tag, voice)))


def length(chunks: list[SpeechChunk]) -> int:
    return sum(len(chunk.audio) for chunk in chunks)


def test_a_text_is_spoken_at_the_models_own_rate(coqui: CoquiEngine) -> None:
    chunks = speak(coqui)
    assert {chunk.rate_hz for chunk in chunks} == {RATE_HZ}
    samples = np.frombuffer(b"".join(chunk.audio for chunk in chunks), "<i2")
    assert len(samples) > RATE_HZ // 2
    assert np.abs(samples).max() > 0


def test_the_first_sentence_is_there_before_the_second_is_made(
    coqui: CoquiEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken: list[str] = []
    speak_one = CoquiEngine._spoken

    def watched(self: CoquiEngine, text: str, arguments: dict[str, Any]) -> bytes:
        spoken.append(text)
        return speak_one(self, text, arguments)

    monkeypatch.setattr(CoquiEngine, "_spoken", watched)
    audio = coqui.synthesize(SpeechRequest(TEXT, "en"))
    assert next(audio).audio
    assert spoken == ["The kitchen light is on. "]
    assert list(audio)
    assert spoken == ["The kitchen light is on. ", "It is 21 degrees."]


def test_a_higher_speed_takes_less_time_and_counts_from_the_models_own(
    coqui: CoquiEngine, tmp_path: Path
) -> None:
    voice = {"model": str(tmp_path / "voice")}
    usual = length(speak(coqui))
    for _ in range(2):
        coqui.configure(voice | {"speed": 2.0})
        assert length(speak(coqui)) < usual * 0.8
    coqui.configure(voice | {"speed": 0.5})
    assert length(speak(coqui)) > usual * 1.3


def test_of_several_speakers_one_is_chosen_and_others_are_refused(
    make_voice: MakeVoice, tmp_path: Path
) -> None:
    voice = {"model": str(make_voice(tmp_path / "many", speakers=["anna", "bert"]))}
    engine = CoquiEngine()
    engine.load()
    for values in (voice, voice | {"speaker": "bert"}):
        engine.configure(values)
        assert speak(engine)
    assert speak(engine, voice="anna")
    with pytest.raises(EngineError, match="no speaker 'carl', but 2: anna, bert") as refused:
        engine.configure(voice | {"speaker": "carl"})
    assert refused.value.code == "bad-request"
    with pytest.raises(EngineError, match="no speaker 'carl'"):
        speak(engine, voice="carl")
    assert speak(engine)


def test_a_model_of_several_languages_speaks_the_one_that_is_asked_for(
    make_voice: MakeVoice, tmp_path: Path
) -> None:
    voice = str(make_voice(tmp_path / "two", languages=["en", "fr-fr"]))
    engine = CoquiEngine()
    engine.load()
    engine.configure({"model": voice})
    for tag in ("en", "en-GB", "fr", "fr_CA"):
        assert speak(engine, tag=tag)
    with pytest.raises(EngineError, match="does not speak 'de', but en, fr-fr") as refused:
        speak(engine, tag="de")
    assert refused.value.code == "bad-request"
    engine.configure({"model": voice, "language": "en"})
    assert speak(engine, tag="de")


@pytest.mark.parametrize("text", ["", "   ", "...", "\n"])
def test_where_there_is_nothing_to_say_there_is_no_sound(text: str, coqui: CoquiEngine) -> None:
    assert speak(coqui, text) == []


def test_a_model_that_fails_is_a_clear_failure(
    coqui: CoquiEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise IndexError("Dimension out of range")

    with monkeypatch.context() as patched:
        patched.setattr(type(coqui._tts), "tts", failing)
        with pytest.raises(EngineError, match="Coqui: IndexError: Dimension") as failed:
            speak(coqui)
    assert failed.value.code == "engine-failed"
    assert speak(coqui)


def test_a_long_text_comes_in_pieces_that_can_be_left_unmade(coqui: CoquiEngine) -> None:
    audio = coqui.synthesize(SpeechRequest("x" * 50_000, "en"))
    assert len(next(iter(audio)).audio) <= CHUNK_BYTES
    assert speak(coqui, "Yes.")


def test_a_voice_that_is_not_there_says_what_is_missing(
    coqui: CoquiEngine, make_voice: MakeVoice, tmp_path: Path
) -> None:
    bare = make_voice(tmp_path / "bare")
    (bare / "config.json").unlink()
    two = make_voice(tmp_path / "two")
    (two / "other.pth").write_bytes(b"x")
    for model, words in (
        ("", "set coqui.model"),
        (str(bare), r"has no .*config\.json"),
        (str(two), r"one checkpoint.*model\.pth, other\.pth"),
        ("tts_models/en/ljspeech/vits", "is not on this machine. Fetch it: `tts --model_name"),
        ("tts_models/multilingual/multi-dataset/xtts_v2", "terms agreed to .CPML"),
    ):
        with pytest.raises(EngineError, match=words) as missing:
            coqui.configure({"model": model})
        assert missing.value.code == "engine-missing"
    coqui.configure({"model": str(two / "model.pth")})
    assert speak(coqui)


@pytest.mark.parametrize("name", ["model.pth", "config.json"])
@pytest.mark.parametrize("data", [b"", b"\x08\x08garbage"])
def test_a_damaged_voice_is_a_clear_failure_and_the_last_one_stays(
    name: str, data: bytes, coqui: CoquiEngine, make_voice: MakeVoice, tmp_path: Path
) -> None:
    voice = make_voice(tmp_path / "broken")
    (voice / name).write_bytes(data)
    with pytest.raises(EngineError) as damaged:
        coqui.configure({"model": str(voice)})
    assert damaged.value.code == "engine-failed"
    assert str(voice) in str(damaged.value)
    assert speak(coqui)


@pytest.mark.parametrize(
    "values",
    [
        {"model": "no-path-and-no-name"},
        {"model": "tts_models/en/ljspeech/none"},
        {"speed": "fast"},
        {"threads": "all"},
    ],
)
def test_settings_that_can_not_be_are_refused_and_the_last_ones_stay(
    values: dict[str, Any], coqui: CoquiEngine, tmp_path: Path
) -> None:
    with pytest.raises(EngineError) as refused:
        coqui.configure({"model": str(tmp_path / "voice")} | values)
    assert refused.value.code == "bad-request"
    assert speak(coqui)


@pytest.mark.skipif(not INSTALLED, reason="coqui-tts is not installed (extra: coqui)")
async def test_it_speaks_in_a_process_of_its_own(tmp_path: Path) -> None:
    process = EngineProcess("coqui")
    running = asyncio.create_task(process.run())
    try:
        async with asyncio.timeout(60):
            await process.configure({"model": str(make_coqui(tmp_path / "voice"))})
            spoken = HostedTextToSpeech(process).synthesize(SpeechRequest(TEXT, "en"))
            chunks = [chunk async for chunk in spoken]
        assert {chunk.rate_hz for chunk in chunks if chunk.audio} == {RATE_HZ}
    finally:
        running.cancel()
        await asyncio.wait({running})


@pytest.mark.skipif(not INSTALLED, reason="coqui-tts is not installed (extra: coqui)")
def test_speaking_it_connects_to_nobody(tmp_path: Path) -> None:
    voice = make_coqui(tmp_path / "voice")
    code = (
        "import socket\n"
        "def refused(*_): print('connected'); raise OSError('no network')\n"
        "socket.socket.connect = socket.getaddrinfo = refused\n"
        "from hub.engines.base import EngineError, SpeechRequest\n"
        "from hub.engines.coqui import CoquiEngine\n"
        "engine = CoquiEngine()\n"
        "engine.load()\n"
        "for name in ('tts_models/fr/mai/tacotron2-DDC', 'tts_models/en/ljspeech/vits'):\n"
        "    try: engine.configure({'model': name})\n"
        "    except EngineError as error: print(error.code)\n"
        f"engine.configure({{'model': {str(voice)!r}}})\n"
        "print(any(chunk.audio for chunk in engine.synthesize(SpeechRequest('Yes.', 'en'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
        env=os.environ | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)},
    )
    assert done.stdout == "engine-missing\nengine-missing\nTrue\n"


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "TTS"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "TTS", None)
    with pytest.raises(EngineError, match="install the extra `coqui`") as missing:
        CoquiEngine().load()
    assert missing.value.code == "engine-missing"


def test_nothing_of_coqui_is_imported_before_it_is_loaded() -> None:
    code = (
        "import sys, hub.voice, hub.engines.coqui\n"
        "hub.engines.coqui.CoquiEngine()\n"
        "assert not {'TTS', 'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
