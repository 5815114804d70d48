"""The hub's settings: one TOML file, the environment, a `.env` file, and defaults that work.

Stronger first: environment (`SOTTO_HUB_MQTT__URL`), `.env`, the TOML file, defaults.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import (
    Field,
    PrivateAttr,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as PydanticSettingsError

from hub.dashboard_settings import Dashboard
from hub.engine_settings import (
    Coqui,
    ElevenLabs,
    Engines,
    LiteLlm,
    Models,
    Ollama,
    OpenAiChat,
    OpenAiSpeechToText,
    OpenAiTextToSpeech,
    Piper,
    Voices,
    Whisper,
    WyomingSpeechToText,
    WyomingTextToSpeech,
)
from hub.home_settings import Mqtt, OwnHome
from hub.loopback import is_loopback
from hub.policy_settings import PolicySection
from hub.setting_section import Section
from hub.source_settings import News, Weather
from hub.store_settings import StoreSection
from hub.tools_settings import Mcp, Tools
from hub.words import placed, worded
from protocol.sotto_messages import DEFAULT_PORT

MIN_TOKEN_CHARS = 16
"""A challenge can be attacked offline by whoever records it: a guessable token is no protection."""

ENVIRONMENT_PREFIX = "SOTTO_HUB_"

_WORDS = {"Extra inputs are not permitted": "there is no such setting"}


class SettingsError(Exception):
    """Settings can not be used; each line of the text names one value and what it may be."""


class Satellites(Section):
    """How satellites reach the hub."""

    host: str = ""
    """Address to listen on; empty: every interface with a token, this machine alone without."""
    port: int = Field(default=DEFAULT_PORT, ge=0, le=65_535)
    """TCP port; 0 takes a free one."""
    token: SecretStr | None = None
    """What a satellite proves that it knows, without sending it."""
    token_file: Path | None = None
    """A file that holds the token, instead of `token`."""
    max_links: int = Field(default=256, ge=1, le=10_000)
    """Satellites and others that may be connected at once."""
    discoverable: bool = True
    """Announce the hub by zeroconf, where it listens beyond this machine."""

    @model_validator(mode="after")
    def _authenticated_beyond_loopback(self) -> "Satellites":
        if self.token is not None and self.token_file is not None:
            raise ValueError("set token or token_file, not both")
        if self.token is not None and len(self.token.get_secret_value()) < MIN_TOKEN_CHARS:
            raise ValueError(
                f"token must have at least {MIN_TOKEN_CHARS} characters; "
                "`sotto-hub token` makes a good one"
            )
        if self.host and not is_loopback(self.host) and not self.has_token:
            raise ValueError(
                f"host {self.host} can be reached from other machines, so a token is needed: "
                "`sotto-hub token` makes one; or leave host empty"
            )
        return self

    @property
    def has_token(self) -> bool:
        """Whether satellites have to prove a token."""
        return self.token is not None or self.token_file is not None

    def read_token(self) -> str | None:
        """Return the token, from its file if need be. Raises SettingsError."""
        if self.token is not None:
            return self.token.get_secret_value()
        if self.token_file is None:
            return None
        try:
            token = self.token_file.expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"satellites.token_file: {self.token_file} can not be read ({error})"
            ) from error
        if len(token) < MIN_TOKEN_CHARS:
            raise SettingsError(
                f"satellites.token_file: the token in {self.token_file} "
                f"must have at least {MIN_TOKEN_CHARS} characters"
            )
        return token

    @property
    def listen_host(self) -> str:
        """The address to listen on, with the empty one worked out."""
        return self.host or ("0.0.0.0" if self.has_token else "127.0.0.1")  # noqa: S104 - a token


Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Listening(Section):
    """When speech begins and ends."""

    least_pause_ms: int = Field(default=250, ge=200, le=2000)
    """Silence after which a sentence that seems complete is over; home commands need 200."""
    longest_pause_ms: int = Field(default=2000, ge=500, le=2600)
    """Silence after which a sentence is over that does not seem complete; half as long again while
    a number, a list or an "and" is open."""
    transcript_ms: int | None = Field(default=None, ge=1000, le=15_000)
    """How long after the end of speech a transcript is waited for before the hub apologizes; by
    default 1400 with `phrases`, 4000 with others."""
    turn_detector: Path | None = None
    """A Smart Turn v3 ONNX file, to judge by the sound of the voice whether a sentence is over;
    `smart-turn/v3` is the one that `sotto-hub models pull` fetches."""
    words: tuple[Word, ...] = Field(default=(), max_length=100)
    """Words that are likely here and rare elsewhere, such as people's names; `whisper`, `whisperx`,
    `wyoming` and `openai` are told of them before the names of rooms and devices."""
    no_speech_ms: int = Field(default=5000, ge=1000, le=60_000)
    """How long to wait for somebody to speak."""
    max_ms: int = Field(default=10_000, ge=2000, le=60_000)
    """The longest sentence; then it is taken as it is."""

    @model_validator(mode="after")
    def _pauses_in_order(self) -> "Listening":
        if self.least_pause_ms > self.longest_pause_ms:
            raise ValueError("least_pause_ms must not be longer than longest_pause_ms")
        return self


class Conversation(Section):
    """What goes on after an answer."""

    follow_up: Literal["never", "question", "always"] = "question"
    """When to listen on without the wake word: after a question of the hub, or after any answer."""
    follow_up_ms: int = Field(default=7000, ge=1000, le=30_000)
    """How long, from the moment that the answer has been played."""
    idle_s: int = Field(default=120, ge=10, le=3600)
    """After this long without a word a new conversation begins."""


class Log(Section):
    """What the log tells, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important record that is written."""
    form: Literal["text", "json"] = "text"
    """For people, or for programs."""


class HubSettings(BaseSettings):
    """Everything that can be set, in sections. Made by `load`."""

    model_config = SettingsConfigDict(
        extra="ignore",  # a .env file may hold other programs' variables; `load` checks the TOML
        frozen=True,
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        use_attribute_docstrings=True,
    )

    name: str = Field(default="Sotto", min_length=1, max_length=60)
    """What satellites and people see."""
    language: Literal["en", "de", "fr", "es"] = "en"
    """The household's language."""
    other_languages: tuple[Literal["en", "de", "fr", "es"], ...] = ()
    """What else is spoken here: each sentence is then told apart and answered in its own language;
    `whisper` can do that."""
    satellites: Satellites = Satellites()
    mqtt: Mqtt = Mqtt()
    dashboard: Dashboard = Dashboard()
    home: OwnHome = OwnHome()
    store: StoreSection = StoreSection()
    policy: PolicySection = PolicySection()
    listening: Listening = Listening()
    conversation: Conversation = Conversation()
    engines: Engines = Engines()
    voices: Voices = Voices()
    models: Models = Models()
    whisper: Whisper = Whisper()
    piper: Piper = Piper()
    coqui: Coqui = Coqui()
    wyoming_speech_to_text: WyomingSpeechToText = WyomingSpeechToText()
    wyoming_text_to_speech: WyomingTextToSpeech = WyomingTextToSpeech()
    openai_speech_to_text: OpenAiSpeechToText = OpenAiSpeechToText()
    openai_text_to_speech: OpenAiTextToSpeech = OpenAiTextToSpeech()
    elevenlabs: ElevenLabs = ElevenLabs()
    ollama: Ollama = Ollama()
    openai_chat: OpenAiChat = OpenAiChat()
    litellm: LiteLlm = LiteLlm()
    tools: Tools = Tools()
    mcp: Mcp = Mcp()
    weather: Weather = Weather()
    news: News = News()
    log: Log = Log()

    _file: Path | None = PrivateAttr(default=None)

    @property
    def file(self) -> Path | None:
        """The file that they were looked for in, there or not; None: made without one."""
        return self._file

    def changed(self, sections: Mapping[str, Any]) -> "HubSettings":
        """Return them with others in the place of some sections. Raises ValidationError."""
        values = {name: getattr(self, name) for name in HubSettings.model_fields}
        made = HubSettings.model_validate({**values, **sections})
        made._file = self._file  # noqa: SLF001 - of what was made here
        return made

    @property
    def spoken_languages(self) -> tuple[str, ...]:
        """All languages that are spoken here, the household's first."""
        return tuple(dict.fromkeys((self.language, *self.other_languages)))

    def voice(self, area: str | None, person: str | None, language: str) -> str | None:
        """Return which voice answers in a room, to a person, in a language; None: any."""
        return self.voices.chosen(area, person, language, self.language)

    @model_validator(mode="after")
    def _engines_have_what_they_need(self) -> "HubSettings":
        hears, speaks = self.engines.speech_to_text, self.engines.text_to_speech
        if hears == "phrases" and "en" not in self.spoken_languages:
            text = "phrases hears English only; choose another one"
            raise ValueError(placed("engines.speech_to_text", worded("phrases-english", text)))
        if speaks == "elevenlabs" and not (self.elevenlabs.key and self.elevenlabs.voice):
            text = "elevenlabs needs a key and a voice"
            raise ValueError(placed("engines.text_to_speech", worded("elevenlabs-needs", text)))
        if speaks == "coqui" and not self.coqui.model:
            text = "coqui needs coqui.model, a name or a path"
            raise ValueError(placed("engines.text_to_speech", worded("coqui-needs", text)))
        return self


def default_file() -> Path:
    """Return where the settings file is looked for when none is named."""
    return platformdirs.user_config_path("sotto") / "hub.toml"


def load(file: Path | None = None, *, overrides: Mapping[str, Any] | None = None) -> HubSettings:
    """Return the settings from `file`, or from the default file if it is there.

    `overrides` are stronger than every other source. Raises SettingsError, a line per bad value.
    """
    path = default_file() if file is None else file.expanduser()
    if file is not None and not path.is_file():
        raise SettingsError(f"There is no settings file {path}.")
    table = _read_toml(path) if path.is_file() else {}
    _check_environment()

    class FromFile(HubSettings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del file_secret_settings
            toml = InitSettingsSource(settings_cls, init_kwargs=table)
            return init_settings, env_settings, dotenv_settings, toml

    try:
        settings = FromFile(_env_file=".env", **dict(overrides or {}))
        found = settings.model_copy(update={"tools": settings.tools.beside(path)})
        found._file = path  # noqa: SLF001 - of what was made here
        return found
    except ValidationError as error:
        lines = [_explain(entry) for entry in error.errors(include_url=False)]
        source = f"{path}, " if table else ""
        head = f"The settings can not be used ({source}environment {ENVIRONMENT_PREFIX}*, .env):"
        raise SettingsError("\n".join([head, *(f"  {line}" for line in lines)])) from None
    except PydanticSettingsError as error:
        raise SettingsError(
            f"The settings can not be used: {error}. A section's settings are set one by one, "
            f"like {ENVIRONMENT_PREFIX}MQTT__URL."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"The file .env is not UTF-8 text: {error}.") from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} can not be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings file {path} is not valid TOML: {error}") from error
    for key in table:
        if key not in HubSettings.model_fields:
            known = ", ".join(HubSettings.model_fields)
            raise SettingsError(f"{path}: there is no setting {key!r}. There are: {known}.")
    return table


def _check_environment() -> None:
    """Refuse a variable that looks like a setting and is none: a slip must not pass unseen."""
    known = {f"{ENVIRONMENT_PREFIX}{name}".upper() for name in HubSettings.model_fields}
    for name in os.environ:
        if name.upper().startswith(ENVIRONMENT_PREFIX) and name.upper().split("__")[0] not in known:
            raise SettingsError(
                f"The environment variable {name} is no setting. There are: "
                f"{', '.join(sorted(known))}; a section's settings follow after __."
            )


def _explain(entry: Any) -> str:
    """Return one line for one validation error; a secret's value is never shown."""
    key = ".".join(str(part) for part in entry["loc"])
    value = entry.get("input")
    text = _WORDS.get(entry["msg"], str(entry["msg"])).removeprefix("Value error, ")
    secret = any(word in key for word in ("token", "url", "key", "password"))
    shown = isinstance(value, str | int | float | bool) and not secret
    place = f"{key}: " if key else ""  # what is wrong with several sections together names them
    return f"{place}{text[:1].lower()}{text[1:]}" + (f" (it is {value!r})" if shown else "")
