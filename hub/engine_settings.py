"""Settings of the engines: which ones, and what each needs."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, Field, SecretStr

from hub.setting_section import Section

_KEY = re.compile(r"[!-~]{0,1000}")


def _of_a_service(url: str) -> str:
    """Return the address of a service over HTTP. Raises ValueError for what is none."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username is not None or parts.query or re.search(r"\s", url):
        raise ValueError(
            "an address is like http://host:port/v1, without name, key, query or spaces"
        )
    return url


def _of_an_account(key: SecretStr | None) -> SecretStr | None:
    """Return a key that a header can carry. Raises ValueError for what is none."""
    if key is not None and not _KEY.fullmatch(key.get_secret_value()):
        raise ValueError("a key has at most 1000 characters, all of them ASCII, and no spaces")
    return key


ServiceUrl = Annotated[str, AfterValidator(_of_a_service)]
ServiceKey = Annotated[SecretStr | None, AfterValidator(_of_an_account)]


class Engines(Section):
    """Which engines hear, think and speak; `docs/engines.md` tells what each needs."""

    speech_to_text: Literal["auto", "phrases", "whisper", "whisperx", "wyoming", "openai"] = "auto"
    """What hears; `phrases` knows the home's own sentences, in English, without a download. `auto`:
    `whisper` once a model is here, and `phrases` until then."""
    text_to_speech: Literal[
        "auto", "espeak", "piper", "coqui", "wyoming", "openai", "elevenlabs"
    ] = "auto"
    """What speaks; `auto`: `piper` once it and a voice are here, and `espeak` until then."""
    language_model: Literal["auto", "none", "ollama", "openai", "litellm"] = "auto"
    """What thinks about whatever is no command of the home; `auto`: `ollama` where it answers."""
    fallback: bool = True
    """Whether the embedded engines, which need no download and no network, hear and speak while the
    chosen ones are not ready or fail; with `auto` they do in any case."""
    load_at_start: bool = True
    """Whether engines with models load when the hub starts, or when somebody first speaks."""
    unload_after_s: int | None = Field(default=None, ge=10)
    """After how long without use engines with models give their memory back, until somebody speaks
    again; by default they keep it."""
    rules: str = Field(default="", max_length=4000)
    """What the language model is to keep to, in words, beside the hub's own rules."""
    words_a_minute: int = Field(default=165, ge=80, le=450)
    """How fast espeak speaks."""


class Voices(Section):
    """Which voices answer, by their names in the engine that speaks. The person's comes first, then
    the room's, then the language's; else the engine's own for the language. A room or a person has
    one voice, for the household's language, or one for each language:
    `{en = "...", fr = "..."}`."""

    languages: dict[str, str] = Field(default_factory=dict)
    """By language, such as `{fr = "fr_FR-siwis-medium"}`."""
    rooms: dict[str, str | dict[str, str]] = Field(default_factory=dict)
    """By room."""
    people: dict[str, str | dict[str, str]] = Field(default_factory=dict)
    """By person; a satellite tells whose it is."""

    def chosen(
        self, area: str | None, person: str | None, language: str, household: str
    ) -> str | None:
        """Return which voice answers in a room, to a person, in a language; None: any.

        A voice without a language is for that of the `household`.
        """
        base = language.split("-", maxsplit=1)[0]
        for table, key in ((self.people, person), (self.rooms, area)):
            found = _of(table, key)
            if isinstance(found, str):
                found = {household: found}
            if base in found:
                return found[base]
        return self.languages.get(base)


class Models(Section):
    """Models that can be fetched; `docs/models.md` tells how."""

    folder: Path | None = None
    """Where they are kept; hubs may share it. By default `~/.local/share/sotto/models`."""
    offline: bool = False
    """Whether nothing is ever fetched."""
    download: bool = False
    """Whether the hub may fetch what its settings name by itself, in the background."""
    endpoint: str = ""
    """A mirror of the Hugging Face Hub; by default `https://huggingface.co`."""

    @property
    def place(self) -> Path:
        """The folder."""
        if self.folder is not None:
            return self.folder.expanduser()
        return platformdirs.user_data_path("sotto") / "models"


class Whisper(Section):
    """Speech to text with faster-whisper or WhisperX, in this house."""

    model: str = "auto"
    """A size such as `base`, a folder, or `auto`: the best one here that this machine can carry."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where it runs."""
    compute_type: str = "auto"
    """How exactly it computes, as CTranslate2 names it, such as `int8`."""
    threads: int = Field(default=0, ge=0, le=64)
    """Cores that it may use; 0: all of them, four at most."""
    cache_dir: Path | None = None
    """Where faster-whisper keeps models of its own, looked at after `models.folder`."""
    partials: bool = True
    """Whether what was said so far is shown while somebody speaks, if the machine has the time."""
    full_window: bool = False
    """Compute the 30 s that the model was trained with, instead of the length of the sentence."""


class Piper(Section):
    """Text to speech with Piper, in this house. Needs the `piper` extra."""

    folder: Path | None = None
    """Where voices are, NAME.onnx and NAME.onnx.json; by default `piper` in `models.folder`."""
    voices: dict[str, str] = Field(default_factory=dict)
    """Which voice speaks which language, such as `{en = "en_US-lessac-medium"}`."""
    speed: float = Field(default=1.0, ge=0.5, le=2)
    """How fast it speaks; 1 is the voice's own."""
    speaker: str | None = None
    """Which speaker of a voice that has several, by name or number."""
    cuda: bool = False
    """Whether it may use an Nvidia GPU."""


class Coqui(Section):
    """Text to speech with Coqui, in this house. Needs the `coqui` extra."""

    model: str = ""
    """A name such as `tts_models/en/ljspeech/vits`, or the path of a checkpoint or its folder."""
    config: Path | None = None
    """The checkpoint's config.json; by default the one beside it."""
    speaker: str | None = None
    """Which speaker of a model that has several; by default its first."""
    language: str | None = None
    """Which language of a model that has several; by default the one that is spoken."""
    speed: float = Field(default=1.0, ge=0.5, le=2)
    """How fast it speaks, where the model can be told; 1 is its own."""
    threads: int = Field(default=0, ge=0, le=64)
    """Cores that it may use; 0: as many as it likes."""
    cuda: bool = False
    """Whether it uses an Nvidia GPU."""


class WyomingSpeechToText(Section):
    """A Wyoming service that hears."""

    host: str = "127.0.0.1"
    """Where it is."""
    port: int = Field(default=10_300, ge=1, le=65_535)
    """Its port."""
    model: str | None = None
    """One of those that it offers; by default it chooses by language."""


class WyomingTextToSpeech(Section):
    """A Wyoming service that speaks."""

    host: str = "127.0.0.1"
    """Where it is."""
    port: int = Field(default=10_200, ge=1, le=65_535)
    """Its port."""
    voice: str | None = None
    """One of those that it offers, VOICE or VOICE#SPEAKER; by default its own."""


class OpenAiSpeechToText(Section):
    """A service with `/audio/transcriptions`."""

    url: ServiceUrl = "http://127.0.0.1:8000/v1"
    """Its address, up to `/audio`."""
    key: ServiceKey = None
    """Its key, where it wants one."""
    model: str = "whisper-1"
    """The model's name there."""


class OpenAiTextToSpeech(Section):
    """A service with `/audio/speech`."""

    url: ServiceUrl = "http://127.0.0.1:8000/v1"
    """Its address, up to `/audio`."""
    key: ServiceKey = None
    """Its key, where it wants one."""
    model: str = "tts-1"
    """The model's name there."""
    voice: str = "alloy"
    """The voice's name there."""
    format: Literal["pcm", "wav"] = "pcm"
    """What is asked for: plain samples or a WAV file, which tells its own rate."""
    pcm_rate_hz: int = Field(default=24_000, ge=8_000, le=192_000)
    """How many plain samples a second the service sends, where it does not tell."""
    speed: float = Field(default=1.0, ge=0.25, le=4)
    """How fast it speaks, where the service can be told; 1 is its own."""


class ElevenLabs(Section):
    """Text to speech by ElevenLabs: every spoken text leaves the house."""

    key: ServiceKey = None
    """The account's key."""
    voice: str = ""
    """The voice's ID."""


def _of_a_duration(text: str) -> str:
    """Return a duration as Ollama reads it, which is Go's way. Raises ValueError for another."""
    if not re.fullmatch(r"0|-?([0-9]{1,9}(\.[0-9]{1,9})?(ms|s|m|h)){1,4}", text):
        raise ValueError("a duration is like 90s, 30m or 1h30m; -1s is for ever, and 0 not at all")
    return text


class Ollama(Section):
    """A language model in Ollama."""

    url: ServiceUrl = "http://127.0.0.1:11434"
    """Where Ollama is."""
    model: str = "qwen3:4b"
    """The model's name there; `sotto-hub models pull ollama/NAME` has it fetched."""
    context_tokens: int = Field(default=8192, ge=2048, le=262_144)
    """How much it may read at once; more takes more memory."""
    keep_alive: Annotated[str, AfterValidator(_of_a_duration)] = "30m"
    """How long it stays in memory after a question, such as `90s` or `1h30m`; `-1s`: for ever."""


class OpenAiChat(Section):
    """A language model behind an OpenAI-compatible server."""

    url: ServiceUrl = "http://127.0.0.1:8080/v1"
    """Its address, mostly up to `/v1`."""
    key: ServiceKey = None
    """Its key, where it wants one."""
    model: str = "default"
    """The model's name there."""
    context_tokens: int | None = Field(default=None, ge=2048)
    """How much it may read at once, where the server does not tell."""


class LiteLlm(Section):
    """A language model through LiteLLM. Needs the `litellm` extra."""

    model: str = "ollama_chat/qwen3:4b"
    """LiteLLM's name for it, PROVIDER/MODEL."""
    url: Annotated[str, AfterValidator(lambda url: url and _of_a_service(url))] = ""
    """Its address, where it is not the provider's own."""
    key: ServiceKey = None
    """Its key; without one, LiteLLM looks for the provider's variable in the environment."""
    context_tokens: int | None = Field(default=None, ge=2048)
    """How much it may read at once, where LiteLLM does not know or less is wanted."""


def _of(table: Mapping[str, str | dict[str, str]], key: str | None) -> str | dict[str, str]:
    """Return an entry by its name, however that is written."""
    name = (key or "").casefold()
    return next((value for known, value in table.items() if known.casefold() == name), {})
