"""Whisper against the real libraries, on models that the tests make."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audio.pcm import to_float
from hub.engines.base import EngineError, Transcript, Utterance
from hub.engines.hardware import CudaDevice, Machine, WhisperChoice
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedSpeechToText
from hub.engines.whisper import WhisperEngine, cut_to_windows
from hub.engines.whisper_filters import Decoded
from hub.engines.whisper_model import (
    MAX_HOTWORD_TOKENS,
    WINDOW_SAMPLES,
    ModelSettings,
    WhisperModel,
    attempts,
)
from tests.hub.engines.tiny_whisper import PUBLISHED, make_whisper

SENTENCE = "turn on the kitchen light"
LIMIT_S = 60.0

Configured = Callable[..., WhisperEngine]


def noise(seconds: float, seed: int = 0) -> bytes:
    samples = np.random.default_rng(seed).standard_normal(int(seconds * 16_000)) * 3000
    return samples.astype("<i2").tobytes()


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whisper")
    make_whisper(folder / "says", SENTENCE)
    make_whisper(folder / "french", SENTENCE, language="fr")
    make_whisper(folder / "circles", SENTENCE, circle=True)
    make_whisper(folder / "guesses", SENTENCE, gain=0.0)
    make_whisper(folder / "english", SENTENCE, multilingual=False)
    return folder


@pytest.fixture
def configured(models: Path) -> Configured:
    def configure(model: str = "says", **values: Any) -> WhisperEngine:
        engine = WhisperEngine()
        engine.load()
        chosen = {"model": str(models / model), "device": "cpu", "threads": 1, "beam_size": 1}
        engine.configure(chosen | values)
        return engine

    return configure


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of every window that the encoder has seen."""
    seen: list[float] = []
    encode = WhisperModel.encode

    def watched(self: WhisperModel, samples: Any, window_samples: int) -> Any:
        encoded = encode(self, samples, window_samples)
        seen.append(encoded.shape[1] * 320 / 16_000)
        return encoded

    monkeypatch.setattr(WhisperModel, "encode", watched)
    return seen


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def script(*results: Decoded) -> None:
        left = list(results)
        monkeypatch.setattr(WhisperModel, "decode", lambda *_: left.pop(0))

    return script


async def test_an_utterance_is_transcribed_in_the_engine_process(models: Path) -> None:
    process = EngineProcess("hub.engines.whisper:WhisperEngine")
    with_model: dict[str, Any] = {
        "model": str(models / "says"),
        "device": "cpu",
        "threads": 1,
        "beam_size": 1,
        "hotwords": ["Kitchen", "Hall"],
    }
    async for running in _running(process):
        await running.configure(with_model)
        heard = await HostedSpeechToText(running).transcribe(Utterance(noise(1.5), "en"))
        assert heard.text == SENTENCE
        with pytest.raises(EngineError, match="no-such-folder") as missing:
            await running.configure({"model": str(models / "no-such-folder")})
        assert missing.value.code == "engine-missing"
        again = await HostedSpeechToText(running).transcribe(Utterance(noise(1.5), "en"))
        assert again.text == SENTENCE


async def _running(process: EngineProcess) -> AsyncIterator[EngineProcess]:
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        yield process
        running.cancel()


def test_the_confidence_is_the_tokens_probability(configured: Configured) -> None:
    heard = configured().transcribe(noise(2), "en")
    assert heard.text == SENTENCE
    assert heard.confidence == pytest.approx(1.0, abs=0.01)


def test_five_transcripts_can_be_followed_side_by_side(configured: Configured) -> None:
    heard = configured(beam_size=5, min_logprob=-50).transcribe(noise(2), "en")
    assert heard.text
    assert set(heard.text.split()) <= set(SENTENCE.split())


def test_a_model_of_a_published_shape_hears_its_sentence(
    configured: Configured, tmp_path: Path, windows: list[float]
) -> None:
    sentence = "turn off every lamp in the hall now"
    make_whisper(tmp_path, sentence, shape=PUBLISHED["tiny"], half=True, gain=1.0)
    engine = configured(str(tmp_path), beam_size=5, hotwords=["Kitchen", "Hall"])
    assert engine.transcribe(noise(2), "en").text == sentence
    assert len(windows) == 1, "it is not looked at once more"


def test_the_encoder_sees_the_utterance_and_a_margin(
    configured: Configured, windows: list[float]
) -> None:
    configured(margin_s=1.0).transcribe(noise(3), "en")
    assert windows == [4.0]


def test_the_full_window_can_be_asked_for(configured: Configured, windows: list[float]) -> None:
    assert configured(full_window=True).transcribe(noise(3), "en").text == SENTENCE
    assert windows == [30.0]


def test_a_short_word_gets_silence_around_it(configured: Configured, windows: list[float]) -> None:
    assert configured(margin_s=1.0).transcribe(noise(0.3), "en").text == SENTENCE
    assert windows == [1.6]


@pytest.mark.parametrize("model", ["circles", "guesses"])
def test_circles_and_guesses_are_looked_at_once_more_and_then_refused(
    model: str, configured: Configured, windows: list[float]
) -> None:
    assert configured(model).transcribe(noise(2), "en") == Transcript("", "en")
    assert windows == [4.0, 30.0]


def test_what_the_full_window_makes_clear_counts(
    configured: Configured, scripted: Callable[..., None]
) -> None:
    engine = configured()
    scripted(Decoded("on on on on on", -0.1, 0.0), Decoded("Turn it on.", -0.1, 0.0))
    assert engine.transcribe(noise(1), "en").text == "Turn it on."


def test_a_made_up_sentence_is_no_text(
    configured: Configured, scripted: Callable[..., None]
) -> None:
    engine = configured()
    scripted(Decoded("Thanks for watching!", -0.1, 0.0))
    assert engine.transcribe(noise(1), "en") == Transcript("", "en")


@pytest.mark.parametrize("audio", [b"", b"\0", noise(0.05), bytes(64_000)])
def test_silence_is_not_even_looked_at(
    audio: bytes, configured: Configured, windows: list[float]
) -> None:
    assert configured().transcribe(audio, "en") == Transcript("", "en")
    assert windows == []


def test_half_a_sample_at_the_end_is_left_out(configured: Configured) -> None:
    assert configured().transcribe(noise(1) + b"\x01", "en").text == SENTENCE


def test_the_language_is_found_among_the_households(configured: Configured) -> None:
    engine = configured("french", languages=["en", "fr-FR"])
    assert engine.transcribe(noise(1), "en-GB").language == "fr"
    assert engine.transcribe(noise(1), "fr-CA").language == "fr-CA"


@pytest.mark.parametrize(
    ("likely", "language"),
    [
        ({"en": 0.4, "fr": 0.6}, "en"),
        ({"en": 0.3, "fr": 0.7}, "fr"),
        ({"en": 0.1, "fr": 0.21}, "fr"),
        ({}, "en"),
    ],
)
def test_the_expected_language_counts_twice(
    likely: dict[str, float],
    language: str,
    configured: Configured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = configured(languages=["en", "fr"])
    monkeypatch.setattr(WhisperModel, "detect", lambda *_: likely)
    assert engine.transcribe(noise(1), "en").language == language


def test_a_fixed_language_is_not_looked_for(configured: Configured) -> None:
    assert configured("french", language="de").transcribe(noise(1), "en").language == "de"
    assert configured("french").transcribe(noise(1), "es").language == "es"


def test_a_language_that_the_model_does_not_hear_is_refused(configured: Configured) -> None:
    with pytest.raises(EngineError, match="fr") as refused:
        configured("english", languages=["en", "fr"])
    assert refused.value.code == "bad-request"
    engine = configured("english")
    assert engine.transcribe(noise(1), "en").text == SENTENCE
    with pytest.raises(EngineError, match="fr"):
        engine.transcribe(noise(1), "fr")


def test_hotwords_are_bounded_and_the_first_ones_stay(models: Path) -> None:
    model = WhisperModel(
        ModelSettings(str(models / "says"), "cpu", threads=1), Machine(1, 1024**3, "x86_64")
    )
    names = [f"lamp {number}" for number in range(500)]
    fitting = model.fitting(["Hall", "Hall", "", *names])
    assert fitting[:2] == ("Hall", "lamp 0")
    assert 3 < len(fitting) < MAX_HOTWORD_TOKENS
    assert model.fitting(["x" * 5000]) == ()


def test_the_same_model_is_not_loaded_again(
    configured: Configured, monkeypatch: pytest.MonkeyPatch, models: Path
) -> None:
    engine = configured()
    monkeypatch.setattr(WhisperModel, "__init__", lambda *_: pytest.fail("loaded again"))
    engine.configure(
        {
            "model": str(models / "says"),
            "device": "cpu",
            "threads": 1,
            "beam_size": 1,
            "hotwords": ["Hall"],
        }
    )
    assert engine.transcribe(noise(1), "en").text == SENTENCE


def test_long_audio_is_cut_where_it_is_quiet(configured: Configured, windows: list[float]) -> None:
    loud = np.frombuffer(noise(70), "<i2").copy()
    loud[24 * 16_000 : 25 * 16_000] = 0
    heard = configured().transcribe(loud.tobytes(), "en")
    assert heard.text == " ".join([SENTENCE] * 3)
    parts = cut_to_windows(to_float(loud.tobytes()))
    assert 24 < len(parts[0]) / 16_000 < 25
    assert sum(map(len, parts)) == len(loud)
    assert max(map(len, parts)) < WINDOW_SAMPLES


def test_more_than_five_minutes_are_refused(configured: Configured) -> None:
    with pytest.raises(EngineError) as refused:
        configured().transcribe(bytes(2 * 16_000 * 301), "en")
    assert refused.value.code == "bad-request"


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", "config.json", "vocabulary.json"])
def test_a_missing_file_is_named(
    name: str, models: Path, tmp_path: Path, configured: Configured
) -> None:
    folder = shutil.copytree(models / "says", tmp_path / "broken")
    (folder / name).unlink()
    with pytest.raises(EngineError, match=name) as missing:
        configured(str(folder))
    assert missing.value.code == "engine-missing"


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", "vocabulary.json"])
@pytest.mark.parametrize("keep", [0, 100])
def test_a_damaged_file_is_a_clear_failure(
    name: str, keep: int, models: Path, tmp_path: Path, configured: Configured
) -> None:
    folder = shutil.copytree(models / "says", tmp_path / "broken")
    (folder / name).write_bytes((folder / name).read_bytes()[:keep])
    with pytest.raises(EngineError, match="fetch it again") as damaged:
        configured(str(folder))
    assert damaged.value.code == "engine-failed"


def test_a_damaged_model_hides_no_smaller_one_and_is_told(
    models: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = shutil.copytree(models / "says", tmp_path / "base")
    (damaged / "model.bin").write_bytes(b"not a model")
    values = {"device": "cpu", "threads": 1, "folder": str(tmp_path), "cache_dir": str(tmp_path)}
    engine = WhisperEngine()
    with pytest.raises(EngineError, match="base does not load"):
        engine.configure(values)
    shutil.copytree(models / "says", tmp_path / "tiny")
    engine.configure(values)
    assert engine.transcribe(noise(1), "en").text == SENTENCE
    assert "base does not load" in caplog.text
    assert "Until then 'tiny' is used." in caplog.text


def test_a_model_that_was_never_fetched_is_missing_and_nothing_is_fetched(
    configured: Configured, tmp_path: Path
) -> None:
    for name in ("base", "someone/some-model", "auto"):
        engine = WhisperEngine()
        with pytest.raises(EngineError, match="not on this machine") as missing:
            engine.configure({"model": name, "device": "cpu", "cache_dir": str(tmp_path)})
        assert missing.value.code == "engine-missing"


@pytest.mark.parametrize(
    "values",
    [
        {"model": "hugest"},
        {"device": "quantum"},
        {"compute_type": "int3"},
        {"threads": "many"},
        {"margin_s": "wide"},
    ],
)
def test_settings_that_can_not_be_are_refused(
    values: dict[str, Any], models: Path, configured: Configured
) -> None:
    engine = WhisperEngine()
    engine.load()
    chosen = {"model": str(models / "says"), "device": "cpu"}
    with pytest.raises(EngineError) as refused:
        engine.configure(chosen | values)
    assert refused.value.code == "bad-request"
    with pytest.raises(EngineError, match="no model"):
        engine.transcribe(noise(1), "en")


def test_a_gpu_is_tried_first_and_the_cpu_after_it() -> None:
    machine = Machine(4, 8 * 1024**3, "x86_64", cuda=(CudaDevice("gpu", 8 * 1024**3),))
    assert attempts(ModelSettings("small"), machine) == [
        WhisperChoice("small", "float16", "cuda"),
        WhisperChoice("small", "int8", "cpu"),
    ]
    assert attempts(ModelSettings("small", "cpu", "float32"), machine) == [
        WhisperChoice("small", "float32", "cpu")
    ]
    automatic = attempts(ModelSettings(device="cpu"), machine)
    assert [choice.model for choice in automatic] == ["small", "base", "tiny"]


def test_a_gpu_that_does_not_work_leaves_the_cpu(models: Path) -> None:
    machine = Machine(1, 1024**3, "x86_64", cuda=(CudaDevice("broken", 8 * 1024**3),))
    model = WhisperModel(ModelSettings(str(models / "says"), threads=1), machine)
    assert model.choice.device == "cpu"
