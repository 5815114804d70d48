"""Settings of the tools: what a model and sentences may use beside the home's devices."""

import re
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    SecretStr,
    StringConstraints,
    model_validator,
)

from hub.engine_settings import ServiceUrl
from hub.setting_section import Section
from hub.words import worded

_SERVER = re.compile(r"[a-z][a-z0-9]{0,15}")


class Tools(Section):
    """What a model and sentences may use; `docs/tools.md` tells how."""

    file: Path | None = None
    """The file of MQTT tools; by default `tools.toml` beside `hub.toml`, if it is there."""
    sentences: Path | None = None
    """The folder of the owner's sentences; by default `sentences` beside `hub.toml`."""
    maths: bool = True
    """Whether sums and units can be asked for."""
    _folder: Path = PrivateAttr(default_factory=lambda: platformdirs.user_config_path("sotto"))

    def beside(self, file: Path) -> "Tools":
        """Return the same for the settings file that they were read from."""
        tools = self.model_copy()
        tools._folder = file.parent  # noqa: SLF001 - of a copy of itself
        return tools

    @property
    def tool_file(self) -> Path:
        """The file, with the default worked out."""
        return (self.file or self._folder / "tools.toml").expanduser()

    @property
    def sentence_folder(self) -> Path:
        """The folder, likewise."""
        return (self.sentences or self._folder / "sentences").expanduser()


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]


class McpServer(Section):
    """One MCP server: a program (`command`) or an address (`url`)."""

    command: str = Field(default="", max_length=1_000)
    """A program that speaks MCP over its input and output."""
    args: tuple[Annotated[str, StringConstraints(max_length=4_000)], ...] = Field(
        default=(), max_length=100
    )
    """Its arguments."""
    env: dict[Name, SecretStr] = Field(default_factory=dict, max_length=100)
    """Variables of its environment, beside PATH, HOME and the like."""
    url: ServiceUrl | None = None
    """A server that speaks MCP over HTTP."""
    token: SecretStr | None = None
    """What it is told as `Authorization: Bearer`."""
    headers: dict[Name, SecretStr] = Field(default_factory=dict, max_length=50)
    """What else it is told."""
    tools: tuple[Name, ...] = Field(default=(), max_length=100)
    """Which of its tools may be used; by default all."""
    risk: Literal["low", "confirm"] | None = None
    """Whether somebody has to say yes first; by default for tools that do not say of themselves
    that they only read."""
    risks: dict[Name, Literal["low", "confirm"]] = Field(default_factory=dict, max_length=100)
    """Likewise, by the name of the tool."""
    timeout_s: float = Field(default=4.5, ge=0.1, le=4.5)
    """How long an answer is waited for; a turn has no more time."""

    @model_validator(mode="after")
    def _is_one_of_both(self) -> "McpServer":
        if bool(self.command) == bool(self.url):
            raise ValueError(worded("command-or-url", "set either command or url"))
        return self


def _named(servers: dict[str, McpServer]) -> dict[str, McpServer]:
    for name in servers:
        if not _SERVER.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a server: up to 16 small letters and digits")
    return servers


McpServers = Annotated[dict[str, McpServer], AfterValidator(_named), Field(max_length=20)]


class Mcp(Section):
    """Servers whose tools a model may use, by the Model Context Protocol."""

    servers: McpServers = Field(default_factory=dict)
    """`[mcp.servers.NAME]`: each has either `command`, `args` and `env`, or `url`, `token` and
    `headers`; and `tools`, `risk`, `risks` and `timeout_s`. `docs/tools.md` tells what they are."""
