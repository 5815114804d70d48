"""The satellite's settings: one TOML file, the environment, a `.env` file, defaults that work.

Stronger first: command line, environment (`SOTTO_SATELLITE_NAME`), `.env`, the TOML file, defaults.
"""

import hashlib
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import platformdirs
from msgspec import Meta

from protocol.sotto_messages import DEFAULT_PORT
from satellite.errors import SatelliteError
from satellite.hooks import check_command, event_names
from satellite.section import BadValue, Secret, Section, read_section
from satellite.settings_sources import ENVIRONMENT_PREFIX, gather, read_toml
from satellite.signs_settings import Lights, Pins, Sounds
from satellite.sound_settings import Sound
from satellite.wake_settings import Wake, WakeNames
from satellite.wyoming_settings import Wyoming

__all__ = ["ENVIRONMENT_PREFIX", "SatelliteSettings", "load"]

MIN_TOKEN_CHARS = 16
"""As the hub asks for: what can be guessed is no protection."""

Name = Annotated[str, Meta(min_length=1, max_length=60)]

AUTO = "auto"
"""Stands for the hubs that announce themselves in the local network."""

SYSTEM_FILE = Path("/etc/sotto/satellite.toml")
"""What `setup` writes as root, for the service."""
_NO_ADDRESS = "a hub is `auto`, HOST or HOST:PORT"
_MOST_HUBS = 8
_MACHINE_ID = Path("/etc/machine-id")


class Log(Section, frozen=True):
    """What the log tells, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least important record that is written."""
    form: Literal["text", "json"] = "text"
    """For people, or for programs."""


class SatelliteSettings(Section, frozen=True):
    """Everything that can be set. Made by `load`."""

    name: Name = msgspec.field(default_factory=socket.gethostname)
    """What people call it."""
    id: Annotated[str, Meta(max_length=60, pattern=r"^[A-Za-z0-9_.-]*$")] = ""
    """What the hub knows it by; empty: worked out from this machine and the name."""
    area: Name | None = None
    """The room that it stands in."""
    person: Name | None = None
    """Whose it is, if it is one person's: conversations, pauses and voice are theirs then."""
    hub: str | tuple[str, ...] = AUTO
    """`auto` looks for hubs in the local network; else HOST or HOST:PORT. Several, the one that is
    preferred first: a list, or separated by commas."""
    token: Secret | None = None
    """What satellite and hub prove to each other that they know."""
    token_file: Path | None = None
    """A file that holds the token, instead of `token`."""
    microphone: Annotated[str, Meta(min_length=1)] = "default"
    """`default`, a device's name or number, `wav:FILE`, or `none`."""
    speaker: Annotated[str, Meta(min_length=1)] = "default"
    """`default`, a device's name or number, `wav:FILE`, `wav:FOLDER/`, or `none`."""
    wake_words: WakeNames = ()
    """Names of wake words; in the environment separated by commas."""
    wake: Wake = Wake()
    barge_in: Literal["auto", "on", "off"] = "auto"
    """Whether the hub may listen while the satellite plays. Without echo cancelling it would hear
    itself, so `auto` is on where echo is cancelled, and where the microphone is a WAV file."""
    volume: Annotated[float, Meta(ge=0, le=1)] = 1.0
    """From 0 to 1."""
    sound: Sound = Sound()
    lights: Lights = Lights()
    sounds: Sounds = Sounds()
    pins: Pins = Pins()
    hooks: dict[str, str] = msgspec.field(default_factory=dict)
    """Commands by the event that starts them: `wake = "/home/me/on-wake"`. Each gets the event as a
    line of JSON on its standard input."""
    wyoming: Wyoming = Wyoming()
    log: Log = Log()

    def __post_init__(self) -> None:
        if len(self.hubs) > _MOST_HUBS:
            text = f"{len(self.hubs)} hubs are too many: {_MOST_HUBS} at most"
            raise BadValue("hub", text)
        for hub in self.hubs:
            try:
                if hub != AUTO:
                    parse_address(hub)
            except ValueError as error:
                raise BadValue("hub", str(error)) from error
        if self.lights.kind == "gpio" and self.pins.led is None:
            raise BadValue("lights", "an LED needs its pin: set pins.led")
        for name, command in self.hooks.items():
            if name not in event_names():
                known = ", ".join(event_names())
                raise BadValue("hooks", f"there is no event {name!r}; there are {known}")
            try:
                check_command(name, command)
            except ValueError as error:
                raise BadValue("hooks", str(error)) from error

    @property
    def hubs(self) -> tuple[str, ...]:
        """Return the hubs, the one that is preferred first."""
        return split_hubs(self.hub) if isinstance(self.hub, str) else self.hub

    @property
    def satellite_id(self) -> str:
        """Return the id that the hub knows this satellite by; the same after a restart."""
        return self.id or derive_id(self.name)

    def read_token(self) -> str | None:
        """Return the token, from its file if need be. Raises SatelliteError "bad-settings"."""
        if self.token is not None and self.token_file is not None:
            raise _bad("set token or token_file, not both")
        if self.token_file is None:
            token, where = (self.token.reveal() if self.token else None), "token"
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


def split_hubs(text: str) -> tuple[str, ...]:
    """Return the hubs of the setting `hub`, the one that is preferred first."""
    return tuple(hub.strip() for hub in text.split(","))


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
    own = platformdirs.user_config_path("sotto") / "satellite.toml"
    return SYSTEM_FILE if SYSTEM_FILE.is_file() and not own.is_file() else own


def load(
    file: Path | None = None, *, overrides: Mapping[str, Any] | None = None
) -> SatelliteSettings:
    """Return the settings from `file`, or from the default file if it is there.

    `overrides` are stronger than every other source. Raises SatelliteError "bad-settings" with a
    line for each bad value.
    """
    path = default_file() if file is None else file.expanduser()
    try:
        if file is not None and not path.is_file():
            raise _bad(f"there is no settings file {path}")
    except OSError as error:
        raise _bad(f"{path} can not be read ({error})") from error
    try:
        gathered = gather(SatelliteSettings, read_toml(path), path, overrides or {})
    except ValueError as error:
        raise _bad(str(error)) from error
    settings, problems = read_section(SatelliteSettings, gathered.table)
    if settings is None:
        lines = [f"{gathered.origin(one.key)}: {'.'.join(one.key)}: {one.text}" for one in problems]
        raise _bad("; ".join(lines))
    return settings


def _bad(text: str) -> SatelliteError:
    return SatelliteError("bad-settings", text)
