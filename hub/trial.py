"""One stage of the hub, tried alone: the voice, the recogniser or the language model."""

import asyncio
import os
import tempfile
import time
import tomllib
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from audio.pcm import FormatError
from audio.resample import resample
from audio.wav import encode, read
from hub.conversation.prompt_size import estimated_tokens
from hub.engines.base import (
    ChatMessage,
    ChatRequest,
    EngineError,
    LanguageModel,
    ModelInfo,
    SpeechRequest,
    TextPart,
    ToolCallPart,
    Utterance,
)
from hub.engines.closable import closable
from hub.engines.host import EngineProcess
from hub.hearing import Hearing, hearing_name
from hub.home.model import Area, AreaId, Device, DeviceId, Home
from hub.settings import HubSettings
from hub.speaking import Speaking, speaking_name
from hub.thinker import language_model
from hub.words import worded

MAX_TEXT_CHARS = 2000
"""Two minutes of speech; whoever wants to hear the voice needs less."""
MAX_SPEECH_S = 30.0
"""Recognisers hear single sentences, and Whisper's window is as long as this."""
MAX_HOME_BYTES = 1 << 20
"""Some ten thousand devices."""
SPEAK_TIMEOUT_S = 180.0
"""Loading a voice and speaking the longest text with it, on a slow machine."""
HEAR_TIMEOUT_S = 120.0
"""Loading a recogniser and hearing the longest sentence with it, on a slow machine."""
ANSWER_TIMEOUT_S = 300.0
"""An answer of 512 tokens on a slow machine; each word has a limit of its own."""
MAX_ANSWER_CHARS = 10_000
"""Far more than 512 tokens."""

_HZ = 16_000
_T = TypeVar("_T")


class TrialFailed(Exception):
    """A trial did not come to its end; the text is one line that says why, or what to do."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a voice made of a text."""

    pcm16: bytes
    rate_hz: int
    first_audio_ms: float
    """From the request to its first audio, the voice being loaded."""
    memory_bytes: int = 0
    """What the voice's processes take; 0 of a service."""

    @property
    def length_s(self) -> float:
        """How long it sounds."""
        return len(self.pcm16) / 2 / self.rate_hz


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recogniser made of a recording."""

    text: str
    """Empty where nothing was understood."""
    took_ms: float
    """From the request to the transcript, the recogniser being loaded."""
    memory_bytes: int = 0
    """What the recogniser's process takes; 0 of a service."""


async def say(settings: HubSettings, text: str) -> Said:
    """Speak a text with the voice of the settings. Raises TrialFailed."""
    if not text.strip():
        raise TrialFailed("There is nothing to say: the text is empty.")
    if len(text) > MAX_TEXT_CHARS:
        raise TrialFailed(f"The text is too long: {MAX_TEXT_CHARS} characters are the limit.")
    try:
        voice = Speaking(settings, await speaking_name(settings))
    except EngineError as error:
        raise TrialFailed(str(error)) from None
    spoken = _spoken(voice, settings, text)
    return await _beside(voice.process, spoken, SPEAK_TIMEOUT_S)


async def hear(settings: HubSettings, pcm16: bytes, home: Home) -> Heard:
    """Hear 16 kHz speech with the recogniser of the settings. Raises TrialFailed."""
    try:
        ears = Hearing(settings, await hearing_name(settings))
    except EngineError as error:
        raise TrialFailed(str(error)) from None
    heard = _heard(ears, settings.language, pcm16, home)
    return await _beside(ears.process, heard, HEAR_TIMEOUT_S)


async def ask(settings: HubSettings, text: str) -> AsyncGenerator[str]:
    """Yield the answer of the settings' language model as it is written. Raises TrialFailed."""
    if not text.strip():
        raise TrialFailed("There is nothing to ask: the text is empty.")
    model = language_model(settings)
    if model is None:
        raise TrialFailed(
            "No language model is set. Set engines.language_model to ollama, openai or litellm."
        )
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            async with aclosing(_answer(model, text)) as parts:
                async for part in parts:
                    yield part
    except TrialFailed:
        raise
    except TimeoutError:
        raise TrialFailed(f"The answer took over {ANSWER_TIMEOUT_S:g} s.") from None
    except Exception as error:  # noqa: BLE001 - providers' code raises anything
        raise TrialFailed(str(EngineError.of(error))) from None
    finally:
        await model.close()


async def check_model(settings: HubSettings) -> ModelInfo | None:
    """Return what the settings' language model can do; None without one. Raises TrialFailed."""
    model = language_model(settings)
    if model is None:
        return None
    try:
        return await model.check()
    except Exception as error:  # noqa: BLE001 - providers' code raises anything
        raise TrialFailed(str(EngineError.of(error))) from None
    finally:
        await model.close()


def plain(text: str) -> str:
    """Return a text of others without what would command a terminal."""
    return "".join(char for char in text if char.isprintable() or char in "\n\t")


def read_speech(file: Path) -> bytes:
    """Return a WAV file's speech as 16 kHz pcm16. Raises TrialFailed."""
    try:
        rate_hz, pcm16 = read(file)
    except OSError as error:
        raise TrialFailed(f"{file} can not be read: {error.strerror or error}.") from None
    except FormatError as error:
        raise TrialFailed(f"{file} is no WAV file that can be used: {error}.") from None
    if len(pcm16) / 2 > MAX_SPEECH_S * rate_hz:
        raise TrialFailed(
            f"{file} is longer than {MAX_SPEECH_S:g} s. Cut it: single sentences are heard."
        )
    return resample(pcm16, rate_hz, _HZ)


def new_file() -> Path:
    """Return a new temporary WAV file, which nobody removes. Raises TrialFailed."""
    try:
        number, name = tempfile.mkstemp(prefix="sotto-", suffix=".wav")
    except OSError as error:
        raise TrialFailed(f"No temporary file can be made: {error.strerror or error}.") from None
    os.close(number)
    return Path(name)


def write_speech(file: Path, said: Said) -> None:
    """Write speech as a WAV file. Raises TrialFailed."""
    try:
        file.write_bytes(encode(said.rate_hz, said.pcm16))
    except OSError as error:
        raise TrialFailed(f"{file} can not be written: {error.strerror or error}.") from None


def read_home(file: Path) -> Home:
    """Return the home that a TOML file names. Raises TrialFailed.

    It holds `rooms = ["Kitchen"]` and a table `[devices]` of names with their kind, and features
    if need be: `"Bed Light" = "light"`, `"Shelf" = ["light", "brightness"]`.
    """
    try:
        if file.stat().st_size > MAX_HOME_BYTES:
            raise TrialFailed(f"{file} is too large to be a home.")
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise TrialFailed(f"{file} can not be read: {error.strerror or error}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TrialFailed(f"{file} is not valid TOML: {error}.") from None
    rooms, devices = table.get("rooms", []), table.get("devices", {})
    if not _are_words(rooms) or not isinstance(devices, dict) or table.keys() - _HOME_KEYS:
        raise TrialFailed(f'{file} needs rooms = ["Kitchen"] and a table [devices], nothing else.')
    home = Home()
    for room in rooms:
        home.put_area(Area(AreaId(room), room))
    for name, told in devices.items():
        words = [told] if isinstance(told, str) else told
        if not words or not _are_words(words):
            raise TrialFailed(f'{file}: a device is written like "Bed Light" = "light": {name!r}.')
        domain, *features = words
        home.put(Device(DeviceId(name), name, domain, features=frozenset(features)))
    return home


_HOME_KEYS = {"rooms", "devices"}


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word for word in value)


async def _spoken(voice: Speaking, settings: HubSettings, text: str) -> Said:
    await voice.configure()
    language = settings.language
    request = SpeechRequest(text, language, settings.voice(None, None, language))
    started = time.monotonic()
    first_ms: float | None = None
    rate_hz = 0
    audio = bytearray()
    async for chunk in voice.port.synthesize(request):
        if not chunk.audio:
            continue
        if first_ms is None:
            first_ms, rate_hz = (time.monotonic() - started) * 1000, chunk.rate_hz
        audio += chunk.audio
    if first_ms is None or not any(audio):
        raise EngineError(
            "engine-failed", worded("voice-no-sound", "The voice made no sound of this text.")
        )
    memory_bytes = 0 if voice.process is None else voice.process.memory_bytes
    return Said(bytes(audio), rate_hz, first_ms, memory_bytes)


async def _answer(model: LanguageModel, text: str) -> AsyncGenerator[str]:
    request = ChatRequest((ChatMessage("user", text),))
    context = (await model.check()).context_tokens
    if context is not None and estimated_tokens(text) + request.max_tokens > context:
        raise TrialFailed(f"The question is too long: the model holds {context} tokens in all.")
    chars, said, called = 0, False, False
    async with aclosing(closable(model.stream(request))) as parts:
        async for part in parts:
            if isinstance(part, TextPart):
                chars += len(part.text)
                said = said or not part.text.isspace()
                yield plain(part.text)
            called = called or isinstance(part, ToolCallPart)
            if chars > MAX_ANSWER_CHARS:
                raise TrialFailed(f"The model does not stop after {MAX_ANSWER_CHARS} characters.")
    if not said:
        what = "called tools, which it was not given" if called else "had nothing to say"
        raise TrialFailed(f"The model {what}: try another question or model.")


async def _heard(ears: Hearing, language: str, pcm16: bytes, home: Home) -> Heard:
    await ears.learn(home)
    started = time.monotonic()
    transcript = await ears.port.transcribe(Utterance(pcm16, language))
    took_ms = (time.monotonic() - started) * 1000
    memory_bytes = 0 if ears.process is None else ears.process.memory_bytes
    return Heard(plain(transcript.text), took_ms, memory_bytes)


async def _beside(
    engine: EngineProcess | None, work: Coroutine[Any, Any, _T], limit_s: float
) -> _T:
    """Return what comes of `work`, done while `engine` runs. Raises TrialFailed."""
    failure = ""
    try:
        async with asyncio.timeout(limit_s), asyncio.TaskGroup() as tasks:
            running = None if engine is None else tasks.create_task(engine.run())
            try:
                return await work
            except EngineError as error:
                failure = str(error)
            finally:
                if running is not None:
                    running.cancel()
    except TimeoutError:
        failure = f"The engine took over {limit_s:g} s."
    raise TrialFailed(failure)
