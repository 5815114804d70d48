"""One stage alone, from the command line and below it: real embedded engines, closed ports."""

import asyncio
import json
import signal
import sys
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from audio.wav import read
from hub import trial
from hub.demo.runner import demo_files
from hub.engines.base import EngineError, ModelInfo, SpeechChunk
from hub.engines.hosted import HostedTextToSpeech
from hub.engines.ollama import Ollama
from hub.home.model import Home
from hub.settings import HubSettings
from hub.trial import (
    MAX_ANSWER_CHARS,
    MAX_SPEECH_S,
    MAX_TEXT_CHARS,
    Said,
    TrialFailed,
    ask,
    check_model,
    hear,
    plain,
    read_home,
    read_speech,
    say,
    write_speech,
)
from tests.hub.engines.model_service import Answer, serving
from tests.hub.test_main import (
    assert_one_clear_line,
    closed_port,
    environment,
    folder,
    run,
)

__all__ = ["folder"]

BED_LIGHT = 'rooms = ["Bedroom"]\n[devices]\n"Bed Light" = ["light", "brightness"]\n'
BRIGHTNESS = frozenset({"brightness"})
CARD = Answer(json.dumps({"capabilities": ["completion", "tools"]}).encode())


def line(text: str, *, done: bool = False) -> bytes:
    message = {"role": "assistant", "content": text}
    return json.dumps({"message": message, "done": done}).encode() + b"\n"


def with_ollama(url: str) -> HubSettings:
    return HubSettings.model_validate(
        {"engines": {"language_model": "ollama"}, "ollama": {"url": url, "model": "qwen3"}}
    )


def test_say_writes_what_it_speaks_and_tells_how_long_it_took(folder: Path) -> None:
    result = run(folder, "say", "The light is on.", "--out", "light.wav")
    assert result.returncode == 0
    rate_hz, pcm16 = read(folder / "light.wav")
    seconds = len(pcm16) / 2 / rate_hz
    assert 0.5 < seconds < 3
    assert any(pcm16)
    assert f"light.wav: {seconds:.1f} s, first audio after " in result.stdout


def test_say_without_a_file_tells_where_it_left_one(folder: Path) -> None:
    result = run(folder, "say", "Hello.", TMPDIR=str(folder))
    (file,) = folder.glob("sotto-*.wav")
    assert result.stdout.startswith(f"{file}: ")
    assert read(file)[1]


def test_say_tells_that_its_file_can_not_be_written(folder: Path) -> None:
    result = run(folder, "say", "Hello.", "--out", "absent/light.wav")
    assert_one_clear_line(result, "absent/light.wav", "can not be written")


@pytest.mark.parametrize("text", [" ", "a" * (MAX_TEXT_CHARS + 1)])
async def test_what_can_not_be_said_is_refused_before_an_engine_is_started(text: str) -> None:
    with pytest.raises(TrialFailed, match=r"empty|too long"):
        await say(HubSettings(), text)


def test_say_writes_no_file_of_silence(folder: Path) -> None:
    result = run(folder, "say", "...", "--out", "dots.wav")
    assert_one_clear_line(result, "no sound of this text")
    assert not (folder / "dots.wav").exists()


@pytest.mark.parametrize("audio", [b"", bytes(352)])
async def test_a_voice_that_makes_no_sound_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, audio: bytes
) -> None:
    async def silent(*_: object) -> AsyncIterator[SpeechChunk]:
        yield SpeechChunk(audio, 16_000)

    monkeypatch.setattr(HostedTextToSpeech, "synthesize", silent)
    with pytest.raises(TrialFailed, match="no sound"):
        await say(HubSettings(), "Hello.")


async def test_what_an_engine_can_not_be_made_with_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise EngineError("bad-request", "The address must be another one.")

    monkeypatch.setattr(trial, "Speaking", refuse)
    monkeypatch.setattr(trial, "Hearing", refuse)
    with pytest.raises(TrialFailed, match="another one"):
        await say(HubSettings(), "Hello.")
    with pytest.raises(TrialFailed, match="another one"):
        await hear(HubSettings(), bytes(320), Home())


@pytest.mark.parametrize("command", ["serve", "say", "doctor"])
def test_a_wrong_address_of_a_service_is_told_in_a_line(folder: Path, command: str) -> None:
    words = ("Hello.",) if command == "say" else ()
    result = run(folder, command, *words, SOTTO_HUB_OPENAI_TEXT_TO_SPEECH__URL="foo")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "openai_text_to_speech.url: an address is like" in result.stdout + result.stderr


async def test_an_engine_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "SPEAK_TIMEOUT_S", 0.001)
    with pytest.raises(TrialFailed, match="took over"):
        await say(HubSettings(), "Hello.")


def test_transcribe_prints_what_was_said_of_the_named_home(folder: Path) -> None:
    (folder / "home.toml").write_text(BED_LIGHT)
    result = run(folder, "transcribe", str(demo_files()[0]), "--home", "home.toml")
    assert result.stdout == "turn on the bed light\n"
    assert result.stderr.startswith("took ")
    assert result.returncode == 0


async def test_silence_is_nothing_and_no_failure() -> None:
    assert (await hear(HubSettings(), bytes(32_000), Home())).text == ""


def test_transcribe_says_that_nothing_was_understood(folder: Path) -> None:
    write_speech(folder / "silence.wav", Said(bytes(32_000), 16_000, 0.0))
    result = run(folder, "transcribe", "silence.wav")
    assert result.stdout == "(nothing understood)\n"


def test_files_that_can_not_be_heard(folder: Path) -> None:
    (folder / "noise.wav").write_bytes(b"no sound at all")
    assert_one_clear_line(run(folder, "transcribe", "absent.wav"), "absent.wav")
    assert_one_clear_line(run(folder, "transcribe", "noise.wav"), "noise.wav", "not a WAV")


def test_speech_is_brought_to_16_khz_and_must_not_be_long(tmp_path: Path) -> None:
    file = tmp_path / "speech.wav"
    write_speech(file, Said(bytes(2 * 8000), 8000, 0.0))
    assert len(read_speech(file)) == pytest.approx(32_000, abs=200)
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, 100, 0, "NONE", ""))
        out.writeframes(bytes(2 * 100 * (int(MAX_SPEECH_S) + 1)))
    with pytest.raises(TrialFailed, match="longer than 30 s"):
        read_speech(file)


def test_a_home_is_read_with_its_rooms_and_devices(tmp_path: Path) -> None:
    (tmp_path / "home.toml").write_text(BED_LIGHT)
    home = read_home(tmp_path / "home.toml")
    assert [area.name for area in home.areas()] == ["Bedroom"]
    (light,) = home.devices()
    assert (light.name, light.domain, light.features) == ("Bed Light", "light", BRIGHTNESS)


@pytest.mark.parametrize(
    "content",
    ["rooms = 3", "rooms = [1]", "lamps = []", "devices = []", "[devices]\nLamp = 3",
     "[devices]\nLamp = []", "not TOML"],
)  # fmt: skip
def test_a_file_that_names_no_home(tmp_path: Path, content: str) -> None:
    (tmp_path / "home.toml").write_text(content)
    with pytest.raises(TrialFailed, match=r"home\.toml"):
        read_home(tmp_path / "home.toml")


async def test_the_answer_comes_as_it_is_written() -> None:
    chat = Answer([line("It is "), line("\x1b[31mnoon."), line("", done=True)])
    async with serving({"/api/show": [CARD], "/api/chat": [chat]}) as service:
        parts = [part async for part in ask(with_ollama(service.url), "What time is it?")]
    assert parts == ["It is ", "[31mnoon."]
    (body,) = service.bodies("/api/chat")
    assert body["messages"] == [{"role": "user", "content": "What time is it?"}]


async def test_an_answer_that_breaks_off_is_a_failure_after_its_words() -> None:
    chat = Answer([line("It is "), line("noon.")], cut_after=1)
    parts: list[str] = []

    async def collect(settings: HubSettings) -> None:
        async for part in ask(settings, "What time is it?"):
            parts.append(part)  # noqa: PERF401 - what came before the failure counts

    async with serving({"/api/show": [CARD], "/api/chat": [chat]}) as service:
        with pytest.raises(TrialFailed):
            await collect(with_ollama(service.url))
    assert parts == ["It is "]


CALL = {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "lamp"}}]}


@pytest.mark.parametrize(
    ("said", "told", "why"),
    [
        ([line("", done=True)], "", "had nothing to say"),
        ([line(" \n"), line("", done=True)], "", "had nothing to say"),
        ([json.dumps({"message": CALL, "done": True}).encode() + b"\n"], "", "called tools"),
        ([line("so on and on")] * 2000, "so on and on", "does not stop"),
    ],
)
async def test_an_answer_of_nothing_or_without_end_is_a_failure(
    said: list[bytes], told: str, why: str
) -> None:
    parts: list[str] = []

    async def collect(settings: HubSettings) -> None:
        async for part in ask(settings, "Why?"):
            parts.append(part)  # noqa: PERF401 - what came before the failure counts

    async with serving({"/api/show": [CARD], "/api/chat": [Answer(said)]}) as service:
        with pytest.raises(TrialFailed, match=why):
            await collect(with_ollama(service.url))
    text = "".join(parts)
    assert text.strip().startswith(told)
    assert len(text) < MAX_ANSWER_CHARS + 100


async def test_a_question_that_does_not_fit_is_refused() -> None:
    async with serving({"/api/show": [CARD], "/api/chat": []}) as service:
        with pytest.raises(TrialFailed, match="holds 8192 tokens"):
            async for _ in ask(with_ollama(service.url), "a" * 24_000):
                pass


async def test_what_a_model_fails_with_is_always_a_failed_trial(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(_: object) -> ModelInfo:
        raise OverflowError("port must be 0-65535")

    monkeypatch.setattr(Ollama, "check", broken)
    settings = with_ollama("http://127.0.0.1:9")
    with pytest.raises(TrialFailed, match="port must be"):
        await check_model(settings)
    with pytest.raises(TrialFailed, match="port must be"):
        async for _ in ask(settings, "Why?"):
            pass


def test_asking_without_a_model_says_how_to_set_one(folder: Path) -> None:
    result = run(folder, "ask", "Why?", SOTTO_HUB_ENGINES__LANGUAGE_MODEL="none")
    assert_one_clear_line(result, "engines.language_model")


def test_asking_a_model_that_is_away_says_where_it_was_looked_for(folder: Path) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    result = run(
        folder, "ask", "Why?", SOTTO_HUB_ENGINES__LANGUAGE_MODEL="ollama", SOTTO_HUB_OLLAMA__URL=url
    )
    assert_one_clear_line(result, url, "ollama serve")
    assert result.stdout == ""


async def test_ctrl_c_ends_an_answer_that_does_not_go_on(folder: Path) -> None:
    chat = Answer([line("It is "), line("noon.")], stall_after=1)
    async with serving({"/api/show": [CARD], "/api/chat": [chat]}) as service, asyncio.timeout(60):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hub", "ask", "What time is it?"),
            cwd=folder,
            env=environment(
                folder,
                SOTTO_HUB_ENGINES__LANGUAGE_MODEL="ollama",
                SOTTO_HUB_OLLAMA__URL=service.url,
            ),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert await process.stdout.readexactly(6) == b"It is "
        process.send_signal(signal.SIGINT)
        _, complaint = await process.communicate()
    assert process.returncode == 1
    assert complaint.decode() == "sotto-hub: Interrupted.\n"


async def test_an_empty_question_is_refused() -> None:
    with pytest.raises(TrialFailed, match="empty"):
        async for _ in ask(HubSettings(), " "):
            pass


async def test_a_model_tells_what_it_can_do() -> None:
    async with serving({"/api/show": [CARD]}) as service:
        info = await check_model(with_ollama(service.url))
    assert info is not None
    assert info.can_call_tools
    nobody = HubSettings.model_validate({"engines": {"language_model": "none"}})
    assert await check_model(nobody) is None


def test_what_commands_a_terminal_is_left_out() -> None:
    assert plain("a\x1b[2J\x07b\n\tc\x9b") == "a[2Jb\n\tc"
