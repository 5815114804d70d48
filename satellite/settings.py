"""The satellite's settings: one TOML file, the environment, a `.env` file, defaults that work.

Stronger first: command line, environment (`SOTTO_SATELLITE_NAME`), `.env`, the TOML file, defaults.
"""

import hashlib
import os
import socket
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as PydanticSettingsError

from protocol.sotto_messages import DEFAULT_PORT
from satellite.errors import SatelliteError
from satellite.sound_settings import Sound

ENVIRONMENT_PREFIX = "SOTTO_SATELLITE_"
MIN_TOKEN_CHARS = 16
"""As the hub asks for: what can be guessed is no protection."""

_NO_ADDRESS = "a hub is `auto`, HOST or HOST:PORT"
_MACHINE_ID = Path("/etc/machine-id")
_WORDS = {"Extra inputs are not permitted": "there is no such setting"}


class Log(BaseModel):
    """What the log tells, and how."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important record that is written."""
    form: Literal["text", "json"] = "text"
    """For people, or for programs."""


class SatelliteSettings(BaseSettings):
    """Everything that can be set. Made by `load`."""

    model_config = SettingsConfigDict(
        extra="ignore",  # a .env file may hold other programs' variables; `load` checks the TOML
        frozen=True,
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        use_attribute_docstrings=True,
    )

    name: str = Field(default_factory=socket.gethostname, min_length=1, max_length=60)
    """What people call it."""
    id: str = Field(default="", max_length=60, pattern=r"^[A-Za-z0-9_.-]*$")
    """What the hub knows it by; empty: worked out from this machine and the name."""
    area: str | None = Field(default=None, min_length=1, max_length=60)
    """The room that it stands in."""
    person: str | None = Field(default=None, min_length=1, max_length=60)
    """Whose it is, if it is one person's: conversations, pauses and voice are theirs then."""
    hub: str = "auto"
    """`auto` looks for a hub in the local network; else HOST or HOST:PORT."""
    token: SecretStr | None = None
    """What satellite and hub prove to each other that they know."""
    token_file: Path | None = None
    """A file that holds the token, instead of `token`."""
    microphone: str = Field(default="default", min_length=1)
    """`default`, a device's name or number, `wav:FILE`, or `none`."""
    speaker: str = Field(default="default", min_length=1)
    """`default`, a device's name or number, `wav:FILE`, `wav:FOLDER/`, or `none`."""
    wake_words: Annotated[tuple[str, ...], NoDecode] = Field(default=(), max_length=4)
    """Names of wake words; in the environment separated by commas."""
    barge_in: Literal["auto", "on", "off"] = "auto"
    """Whether the hub may listen while the satellite plays. Without echo cancelling it would hear
    itself, so `auto` is on where echo is cancelled, and where the microphone is a WAV file."""
    volume: float = Field(default=1.0, ge=0, le=1)
    """From 0 to 1."""
    sound: Sound = Sound()
    log: Log = Log()

    @field_validator("wake_words", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(word.strip() for word in value.split(",") if word.strip())
        return value

    @field_validator("hub")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value != "auto":
            parse_address(value)
        return value

    @property
    def satellite_id(self) -> str:
        """Return the id that the hub knows this satellite by; the same after a restart."""
        return self.id or derive_id(self.name)

    def read_token(self) -> str | None:
        """Return the token, from its file if need be. Raises SatelliteError "bad-settings"."""
        if self.token is not None and self.token_file is not None:
            raise _bad("set token or token_file, not both")
        if self.token_file is None:
            token, where = (self.token.get_secret_value() if self.token else None), "token"
        else:
            where = f"token_file: {self.token_file}"
            try:
                token = self.token_file.expanduser().read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise _bad(f"{where} can not be read ({error})") from error
        if token is not None and len(token) < MIN_TOKEN_CHARS:
            raise _bad(f"{where}: a token has at least {MIN_TOKEN_CHARS} characters")
        return token


@dataclass(frozen=True, slots=True)
class Address:
    """Where a hub listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str) -> Address:
    """Read HOST, HOST:PORT, or an IPv6 address in brackets with or without a port.

    Raises ValueError.
    """
    if not text or "/" in text or any(character.isspace() for character in text):
        raise ValueError(_NO_ADDRESS)
    if text.count(":") > 1 and not text.startswith("["):
        return Address(text, DEFAULT_PORT)
    host, separator, port = text.rpartition(":")
    if not separator or port.endswith("]"):
        host, port = text, str(DEFAULT_PORT)
    host = host.removeprefix("[").removesuffix("]")
    if not host:
        raise ValueError(_NO_ADDRESS)
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError(f"{port!r} is no port: it is a number from 1 to 65535")
    return Address(host, int(port))


def derive_id(name: str, machine_id_file: Path = _MACHINE_ID) -> str:
    """Return an id that stays over restarts, differs between machines, and gives neither away."""
    try:
        machine = machine_id_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        machine = ""
    seed = f"sotto satellite\0{machine or socket.gethostname()}\0{name}"
    return hashlib.sha256(seed.encode()).hexdigest()[:16]


def default_file() -> Path:
    """Return where the settings file is looked for when none is named."""
    return platformdirs.user_config_path("sotto") / "satellite.toml"


def load(
    file: Path | None = None, *, overrides: Mapping[str, Any] | None = None
) -> SatelliteSettings:
    """Return the settings from `file`, or from the default file if it is there.

    `overrides` are stronger than every other source. Raises SatelliteError "bad-settings" with a
    line for each bad value.
    """
    path = default_file() if file is None else file.expanduser()
    if file is not None and not path.is_file():
        raise _bad(f"there is no settings file {path}")
    table = _read_toml(path) if path.is_file() else {}
    given = dict(overrides or {})

    class FromFile(SatelliteSettings):
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
        return FromFile(_env_file=".env", **given)
    except ValidationError as error:
        entries = error.errors(include_url=False)
        raise _bad(
            "; ".join(f"{_origin(entry, given, path)}: {_explain(entry)}" for entry in entries)
        ) from None
    except PydanticSettingsError as error:
        raise _bad(str(error)) from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(f"{path} can not be read ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise _bad(f"{path} is not valid TOML: {error}") from error
    for key in table:
        if key not in SatelliteSettings.model_fields:
            known = ", ".join(SatelliteSettings.model_fields)
            raise _bad(f"{path}: there is no setting {key!r}; there are {known}")
    return table


def _origin(entry: Any, given: Mapping[str, Any], path: Path) -> str:
    """Return where the bad value was written."""
    key = str(entry["loc"][0])
    variable = "__".join([ENVIRONMENT_PREFIX + key, *map(str, entry["loc"][1:])]).upper()
    if key in given:
        return "command line"
    if variable in {name.upper() for name in os.environ}:
        return f"environment variable {variable}"
    if variable in {name.upper() for name in dotenv_values(".env")}:
        return f".env, {variable}"
    return str(path)


def _explain(entry: Any) -> str:
    """Return what is wrong with one value; a secret is never shown."""
    key = ".".join(str(part) for part in entry["loc"])
    value = entry.get("input")
    text = _WORDS.get(entry["msg"], str(entry["msg"])).removeprefix("Value error, ")
    shown = isinstance(value, str | int | float | bool) and "token" not in key
    return f"{key}: {text[:1].lower()}{text[1:]}" + (f" (it is {value!r})" if shown else "")


def _bad(text: str) -> SatelliteError:
    return SatelliteError("bad-settings", text)
