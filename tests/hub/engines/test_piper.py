"""Piper itself, on voices that the tests make; skipped where piper-tts is not installed."""

import asyncio
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hub.engines import fallback, hosted, piper_process
from hub.engines.base import EngineError, Rank, SpeechChunk, SpeechRequest
from hub.engines.fallback import FallbackTextToSpeech, Trust
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedTextToSpeech
from hub.engines.piper import CHUNK_BYTES, PiperEngine, _voice_for
from hub.engines.piper_process import command
from tests.hub.engines.tiny_piper import FRAMES, HOP, RATE_HZ, SPACE_FRAMES, make_piper

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("piper") is None, reason="piper-tts is not installed (extra: piper)"
)

ESPEAK_HZ = 22_050
TEXT = "The kitchen light is on. It is 21 degrees."


@pytest.fixture(scope="session")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("piper")
    make_piper(folder, "en_US-tiny-low")
    make_piper(folder, "en_GB-many-low", speakers=3)
    make_piper(folder, "fr_FR-plain-low", times=False, voice="fr")
    return folder


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the program however busy the machine is."""
    for limit in ("START_TIMEOUT_S", "LOAD_TIMEOUT_S", "SAY_TIMEOUT_S", "END_TIMEOUT_S"):
        monkeypatch.setattr(piper_process, limit, 60.0)
    monkeypatch.setattr(hosted, "CHUNK_TIMEOUT_S", 60.0)
    monkeypatch.setattr(fallback, "LATER_AUDIO_S", 60.0)


@pytest.fixture
def piper(voices: Path) -> Iterator[PiperEngine]:
    engine = PiperEngine()
    engine.load()
    engine.configure({"folder": str(voices), "voices": {"en": "en_US-tiny-low"}})
    yield engine
    close(engine)


def close(engine: PiperEngine) -> None:
    if engine._process is not None:
        engine._process.close()


def speak(
    engine: PiperEngine, text: str, voice: str | None = None, tag: str = "en"
) -> list[SpeechChunk]:
    return list(engine.synthesize(SpeechRequest(text, tag, voice)))


def sound(chunks: list[SpeechChunk]) -> "np.ndarray[Any, np.dtype[np.int16]]":
    return np.frombuffer(b"".join(chunk.audio for chunk in chunks), "<i2")


async def test_an_answer_is_spoken_from_the_engine_process(voices: Path) -> None:
    process = EngineProcess("hub.engines.piper:PiperEngine")
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(process.run())
        await process.configure({"folder": str(voices)})
        answer = HostedTextToSpeech(process).synthesize(SpeechRequest(TEXT, "en"))
        chunks = [chunk async for chunk in answer]
        words = [word for chunk in chunks for word in chunk.words]
        assert [TEXT[word.start : word.end] for word in words] == TEXT.split()
        assert {chunk.rate_hz for chunk in chunks} == {RATE_HZ}
        with pytest.raises(EngineError, match="nobody") as refused:
            async for _ in HostedTextToSpeech(process).synthesize(
                SpeechRequest("Hello", "en", "nobody")
            ):
                pass
        assert refused.value.code == "bad-request"
        running.cancel()


async def test_a_voice_that_is_missing_or_damaged_leaves_the_others_to_piper(
    voices: Path, tmp_path: Path
) -> None:
    broken = make_piper(tmp_path, "broken")
    broken.write_bytes(b"x")
    told: list[str] = []
    process, espeak = EngineProcess("piper"), EngineProcess("espeak")
    trust = Trust(lambda: True, lambda error: told.append(str(error)), lambda: None)
    speech = FallbackTextToSpeech(HostedTextToSpeech(process), HostedTextToSpeech(espeak), trust)

    async def rates(text: str, language: str, voice: str | None = None) -> set[int]:
        request = SpeechRequest(text, language, voice, lambda: Rank.REST)
        return {chunk.rate_hz async for chunk in speech.synthesize(request)}

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one.run()) for one in (process, espeak)]
        await process.configure({"folder": str(voices)})
        await espeak.configure({})
        assert await rates("Guten Morgen.", "de") == {ESPEAK_HZ}
        assert await rates("Good morning.", "en", str(broken)) == {ESPEAK_HZ}
        assert await rates("Good morning.", "en") == {RATE_HZ}
        for task in running:
            task.cancel()
    assert "'de'" in told[0]
    assert "fetch it again" in told[1]


def test_a_word_starts_where_its_phonemes_do(piper: PiperEngine) -> None:
    (chunk,) = speak(piper, "on on")
    frame_ms = HOP * 1000 / RATE_HZ
    first, second = chunk.words
    # Every phoneme is followed by one frame of padding, and so is the start, which lasts one.
    assert first.offset_ms == pytest.approx(2 * frame_ms)
    gap = second.offset_ms - first.offset_ms
    phonemes = (gap / frame_ms - SPACE_FRAMES - 1) / (FRAMES + 1)
    assert phonemes == int(phonemes)
    assert 2 <= phonemes <= 4


def test_times_go_on_from_sentence_to_sentence(piper: PiperEngine) -> None:
    chunks = speak(piper, TEXT)
    assert len(chunks) == 2
    offsets = [word.offset_ms for chunk in chunks for word in chunk.words]
    assert offsets == sorted(offsets)
    assert chunks[1].words[0].offset_ms > len(chunks[0].audio) * 500 / RATE_HZ


def test_a_voice_without_times_speaks_all_the_same(piper: PiperEngine) -> None:
    chunks = speak(piper, "Bonjour tout le monde.", tag="fr-FR")
    assert np.abs(sound(chunks)).max() > 10_000
    assert all(not chunk.words for chunk in chunks)


def test_speed_makes_speech_shorter_and_has_bounds(voices: Path) -> None:
    lengths = []
    for speed in (0.01, 0.5, 1.0, 2.0, 100):
        engine = PiperEngine()
        engine.configure({"folder": str(voices), "speed": speed})
        lengths.append(len(sound(speak(engine, TEXT))))
        close(engine)
    assert lengths[0] == lengths[1] > lengths[2] > lengths[3] == lengths[4]


def test_a_speaker_is_chosen_by_name_or_number(piper: PiperEngine, voices: Path) -> None:
    many = "en_GB-many-low"
    own, second, named = (
        sound(speak(piper, "Hello.", voice)) for voice in (many, f"{many}#1", f"{many}#p1")
    )
    assert np.array_equal(second, named)
    assert not np.array_equal(own, second)
    for wrong in ("p9", "9", "-1", "nobody"):
        with pytest.raises(EngineError, match="speaker") as refused:
            speak(piper, "Hello.", f"{many}#{wrong}")
        assert refused.value.code == "bad-request"
    piper.configure({"folder": str(voices), "speaker": 1})
    assert np.array_equal(sound(speak(piper, "Hello.", many)), second)
    assert len(speak(piper, "Hello.", "en_US-tiny-low")) == 1


def test_a_language_gets_its_own_voice_or_that_of_its_region(
    piper: PiperEngine, voices: Path
) -> None:
    assert _voice_for("en", {"en": "en_US-tiny-low"}, voices) == "en_US-tiny-low"
    assert _voice_for("fr-CA", {"en": "en_US-tiny-low"}, voices) == "fr_FR-plain-low"
    assert _voice_for("en-GB", {}, voices) == "en_GB-many-low"
    with pytest.raises(EngineError, match="'de'") as missing:
        speak(piper, "Hallo.", tag="de")
    assert missing.value.code == "bad-request"


@pytest.mark.parametrize("text", ["", " \n ", "..."])
def test_an_empty_text_makes_no_audio(text: str, piper: PiperEngine) -> None:
    assert speak(piper, text) == []


def test_a_long_text_comes_in_pieces_that_can_be_left_unmade(piper: PiperEngine) -> None:
    answer = piper.synthesize(SpeechRequest("x" * 50_000, "en"))
    first = next(iter(answer))
    assert len(first.audio) <= CHUNK_BYTES
    assert speak(piper, "Yes.")[0].words[0].start == 0


def test_what_json_and_c_can_not_hold_is_spoken_all_the_same(piper: PiperEngine) -> None:
    assert len(sound(speak(piper, 'one\0two \ud800 "three" [[four]] é'))) > RATE_HZ


def test_a_program_that_is_killed_is_started_again(piper: PiperEngine) -> None:
    assert piper._process is not None
    assert piper._process._process is not None
    os.kill(piper._process._process.pid, signal.SIGKILL)
    piper._process._process.wait(60)
    assert speak(piper, "Yes.")


def test_the_program_ends_with_its_input() -> None:
    program = subprocess.Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert program.stdin is not None
    assert program.stdout is not None
    assert program.stdout.readline() == b'{"ok": true}\n'
    program.stdin.close()
    assert program.wait(60) == 0
    program.stdout.close()


def test_the_program_ends_in_peace_when_nobody_takes_its_answers() -> None:
    with subprocess.Popen(
        command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        assert program.stdout.readline() == b'{"ok": true}\n'
        program.stdout.close()
        program.stdin.write(b'{"do": "load", "model": "/none.onnx"}\n')
        program.stdin.flush()
        assert program.wait(60) == 0
        assert program.stderr.read() == b""


def test_a_python_without_piper_is_missing_and_named(tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    bare.chmod(0o755)
    for python, reason in ((str(bare), "install piper-tts"), ("/no/such/python", "no/such")):
        engine = PiperEngine()
        with pytest.raises(EngineError, match=reason) as missing:
            engine.configure({"python": python})
        assert missing.value.code == "engine-missing"
        close(engine)


@pytest.mark.parametrize("name", ["broken.onnx", "broken.onnx.json"])
@pytest.mark.parametrize("data", [b"", b"{}", b"\x08\x08garbage"])
def test_a_damaged_voice_is_a_clear_failure(
    name: str, data: bytes, piper: PiperEngine, tmp_path: Path
) -> None:
    voice = make_piper(tmp_path, "broken")
    (tmp_path / name).write_bytes(data)
    with pytest.raises(EngineError, match="fetch it again") as damaged:
        speak(piper, "Hello.", str(voice))
    assert damaged.value.code == "bad-request"
    assert speak(piper, "Hello.")


def test_a_voice_without_its_description_is_missing(piper: PiperEngine, tmp_path: Path) -> None:
    voice = make_piper(tmp_path, "bare")
    voice.with_name("bare.onnx.json").unlink()
    with pytest.raises(EngineError, match=r"bare\.onnx\.json") as missing:
        speak(piper, "Hello.", str(voice))
    assert missing.value.code == "bad-request"


@pytest.mark.parametrize(
    "values",
    [{"voices": ["en"]}, {"speed": "fast"}, {"threads": "all"}, {"voices": {"en": "none"}}],
)
def test_settings_that_can_not_be_are_refused_and_the_last_ones_stay(
    values: dict[str, Any], piper: PiperEngine, voices: Path
) -> None:
    with pytest.raises(EngineError) as refused:
        piper.configure({"folder": str(voices)} | values)
    assert refused.value.code == "bad-request"
    assert speak(piper, "Hello.")


def test_what_will_be_asked_for_is_loaded_before_it_is_and_what_is_missing_left_out(
    tmp_path: Path,
) -> None:
    files = [make_piper(tmp_path, name) for name in ("en_US-a-low", "fr_FR-b-low", "de_DE-c-low")]
    engine = PiperEngine()
    engine.configure(
        {
            "folder": str(tmp_path),
            "load": [["en", None], ["es", None], ["fr", "fr_FR-b-low"], ["fr", "none"]],
        }
    )
    for file in files:
        file.write_bytes(b"no voice")  # what is loaded by now does not mind
    assert speak(engine, "Hello.")
    assert speak(engine, "Bonjour.", tag="fr")
    with pytest.raises(EngineError, match="fetch it again"):
        speak(engine, "Hallo.", tag="de")
    close(engine)


def test_without_any_of_the_voices_that_will_be_asked_for_there_is_no_piper(voices: Path) -> None:
    engine = PiperEngine()
    with pytest.raises(EngineError, match="'es'"):
        engine.configure({"folder": str(voices), "load": [["es", None], ["en", "none"]]})
    close(engine)


def test_nothing_of_piper_is_imported_by_the_hub() -> None:
    code = (
        "import sys, hub.engines.piper, hub.engines.worker\n"
        "assert not {'piper', 'hub.engines.piper_voice'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
