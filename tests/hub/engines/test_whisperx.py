"""WhisperX itself on models that the tests make, and a stand-in where it is not installed."""

import asyncio
import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hub.engines.base import EngineError, Transcript, Utterance
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedSpeechToText
from hub.engines.whisperx import MAX_HOTWORDS, WhisperXEngine
from tests.hub.engines import whisperx_stand_in
from tests.hub.engines.tiny_whisper import make_whisper

pytestmark = [  # torch and its kin warn of each other when they are imported
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

SENTENCE = "turn on the kitchen light"
INSTALLED = importlib.util.find_spec("whisperx") is not None
missing = pytest.mark.skipif(not INSTALLED, reason="WhisperX is not installed (extra: whisperx)")

Configured = Callable[..., WhisperXEngine]


def noise(seconds: float) -> bytes:
    samples = np.random.default_rng(0).standard_normal(int(seconds * 16_000)) * 3000
    return samples.astype("<i2").tobytes()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whisperx")
    make_whisper(folder / "says", SENTENCE)
    make_whisper(folder / "french", SENTENCE, language="fr")
    make_whisper(folder / "circles", SENTENCE, circle=True)
    make_whisper(folder / "guesses", SENTENCE, gain=0.0)
    make_whisper(folder / "films", "thanks for watching")
    return folder


@pytest.fixture(params=[pytest.param("real", marks=missing), "stand-in"])
def configured(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, models: Path
) -> Configured:
    if request.param == "stand-in":
        for name in [name for name in sys.modules if name.split(".")[0] == "whisperx"]:
            monkeypatch.delitem(sys.modules, name)
        for name, module in whisperx_stand_in.modules().items():
            monkeypatch.setitem(sys.modules, name, module)

    def configure(model: str = "says", **values: Any) -> WhisperXEngine:
        engine = WhisperXEngine()
        engine.load()
        chosen = {"model": str(models / model), "device": "cpu", "threads": 1, "beam_size": 1}
        engine.configure(chosen | values)
        return engine

    return configure


def test_a_sentence_is_heard(configured: Configured) -> None:
    heard = configured().transcribe(noise(2), "en-GB")
    assert (heard.text, heard.language) == (SENTENCE, "en-GB")
    assert heard.confidence is not None
    assert 0 < heard.confidence <= 1


def test_long_audio_is_heard_part_by_part(configured: Configured) -> None:
    assert configured().transcribe(noise(40), "en").text == " ".join([SENTENCE] * 2)


@pytest.mark.parametrize("audio", [b"", b"\0" * 64_000, b"\1"])
def test_silence_is_no_text(audio: bytes, configured: Configured) -> None:
    assert configured().transcribe(audio, "en") == Transcript("", "en")


@pytest.mark.parametrize("model", ["circles", "guesses", "films"])
def test_loops_guesses_and_endings_of_films_are_no_text(model: str, configured: Configured) -> None:
    assert not configured(model).transcribe(noise(2), "en").text


def test_among_the_households_languages_the_spoken_one_is_found(configured: Configured) -> None:
    engine = configured("french", languages=["en", "fr"])
    assert engine.transcribe(noise(2), "en") == Transcript(
        SENTENCE, "fr", engine.transcribe(noise(2), "fr").confidence
    )
    assert configured("french", languages=["en", "de"]).transcribe(noise(2), "en").language == "en"


def test_a_language_that_nobody_taught_it_is_refused(configured: Configured) -> None:
    engine = configured()
    with pytest.raises(EngineError, match="hears no 'tlh'") as refused:
        engine.transcribe(noise(2), "tlh")
    assert refused.value.code == "bad-request"
    with pytest.raises(EngineError, match="hears no 'tlh'"):
        configured(language="tlh")


def test_names_of_the_home_are_told_to_the_decoder_and_not_heard_back(
    configured: Configured,
) -> None:
    engine = configured(hotwords=["Attic", " Bed  Light ", "Attic", "", *map(str, range(99))])
    assert engine._pipeline.options.hotwords.startswith("Attic, Bed Light, 0, 1")
    assert len(engine._hotwords) == MAX_HOTWORDS
    assert engine.transcribe(noise(2), "en").text == SENTENCE
    echoing = configured(hotwords=["turn on", "the kitchen", "light"])
    assert not echoing.transcribe(noise(2), "en").text


def test_what_is_not_there_or_can_not_be_is_told_and_the_last_model_stays(
    configured: Configured, models: Path, tmp_path: Path
) -> None:
    engine = configured()
    damaged = make_whisper(tmp_path / "damaged", SENTENCE)
    (damaged / "model.bin").write_bytes(b"no model")
    for values, code in (
        ({"model": str(tmp_path / "absent")}, "engine-missing"),
        ({"model": "small", "cache_dir": str(tmp_path)}, "engine-missing"),
        ({"model": str(damaged), "device": "cpu"}, "engine-failed"),
        ({"threads": "all"}, "bad-request"),
        ({"model": str(models / "says"), "beam_size": 0}, "bad-request"),
    ):
        with pytest.raises(EngineError) as refused:
            engine.configure(values)
        assert refused.value.code == code
    assert engine.transcribe(noise(2), "en").text == SENTENCE


def test_what_it_prints_does_not_get_among_answers(
    configured: Configured, capsys: pytest.CaptureFixture[str]
) -> None:
    assert configured().transcribe(noise(1), "en").text == SENTENCE
    assert not capsys.readouterr().out


def test_too_much_audio_is_refused(configured: Configured) -> None:
    with pytest.raises(EngineError, match="more than 300 s") as refused:
        configured().transcribe(bytes(2 * 16_000 * 301), "en")
    assert refused.value.code == "bad-request"


@missing
async def test_it_hears_in_a_process_of_its_own(models: Path) -> None:
    process = EngineProcess("whisperx")
    running = asyncio.create_task(process.run())
    try:
        async with asyncio.timeout(100):
            chosen = {"model": str(models / "says"), "device": "cpu", "beam_size": 1}
            await process.configure(chosen)
            heard = await HostedSpeechToText(process).transcribe(Utterance(noise(2), "en"))
        assert heard.text == SENTENCE
    finally:
        running.cancel()
        await asyncio.wait({running})


@missing
def test_hearing_it_connects_to_nobody(models: Path) -> None:
    chosen = {"model": str(models / "says"), "device": "cpu", "beam_size": 1}
    code = (
        "import socket\n"
        "def refused(*_): print('connected'); raise OSError('no network')\n"
        "socket.socket.connect = socket.getaddrinfo = refused\n"
        "from hub.engines.whisperx import WhisperXEngine\n"
        "engine = WhisperXEngine()\n"
        "engine.load()\n"
        f"engine.configure({chosen!r})\n"
        "print(engine.transcribe(bytes([0, 40] * 16_000), 'en').text)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=100
    )
    assert done.stdout == f"{SENTENCE}\n"


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "whisperx"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "whisperx", None)
    with pytest.raises(EngineError, match="install the extra `whisperx`") as failed:
        WhisperXEngine().load()
    assert failed.value.code == "engine-missing"


def test_nothing_of_it_is_imported_before_it_is_loaded() -> None:
    code = (
        "import sys, hub.ears, hub.engines.whisperx\n"
        "hub.engines.whisperx.WhisperXEngine()\n"
        "assert not {'whisperx', 'torch', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
