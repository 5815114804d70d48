"""Asks which hub the satellite belongs to, or whether to Home Assistant, and what lets it in."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from protocol import DiscoveryFailed, SottoError
from protocol.discovery import find_hub
from satellite.commands.config_file import write_private
from satellite.commands.pair import ask_token
from satellite.own_token import kept_token
from satellite.own_token import read as read_token
from satellite.settings import (
    AUTO,
    MIN_TOKEN_CHARS,
    SatelliteSettings,
    parse_address,
    split_hubs,
)
from satellite.wyoming_settings import DEFAULT_PORT, Wyoming

FIND_S = 4.0
HOME_ASSISTANT = "home-assistant"
_EVERYWHERE = f"tcp://0.0.0.0:{DEFAULT_PORT}"
_ANYBODY = "any"


@dataclass(frozen=True, slots=True)
class AskedHub:
    """What was chosen, as settings."""

    hub: str | tuple[str, ...]
    wyoming: Mapping[str, Any]
    """What changes in the table of that name."""

    @property
    def is_home_assistant(self) -> bool:
        """Whether Home Assistant is served in the place of a hub."""
        return bool(self.wyoming.get("uri"))


def ask_hub(now: SatelliteSettings, console: Console) -> AskedHub:
    """Return what was chosen. Raises typer.Abort where whoever is asked gives up."""
    console.print("\nLooking for hubs ...")
    try:
        found = asyncio.run(find_hub(FIND_S))
    except DiscoveryFailed as error:
        found = []
        console.print(f"[yellow]{error.text}[/]")
    for one in found:
        console.print(f"  found {one.name} at {one.host}:{one.port}", highlight=False)
    if not found:
        console.print("  none answers; it may be off, or in another network.")
    console.print(f"`{HOME_ASSISTANT}` is for who has no hub of Sotto, but Home Assistant.")
    default = HOME_ASSISTANT if now.wyoming.uri else ",".join(now.hubs)
    while True:
        question = (
            f"The hub: `auto`, HOST or HOST:PORT (several with commas), or `{HOME_ASSISTANT}`"
        )
        given = str(typer.prompt(question, default=default))
        if given.strip() == HOME_ASSISTANT:
            return AskedHub(now.hub, _ask_who_may_come(now.wyoming, console))
        try:
            hubs = split_hubs(given)
            for name in hubs:
                if name != AUTO:
                    parse_address(name)
        except ValueError as error:
            typer.echo(str(error))
        else:
            hub = now.hub if hubs == now.hubs else given.strip()
            return AskedHub(hub, {"uri": None} if now.wyoming.uri else {})


def _ask_who_may_come(now: Wyoming, console: Console) -> dict[str, Any]:
    """Return the settings with which Home Assistant is served."""
    console.print(
        "Home Assistant's protocol knows no password: name its address, so that nobody else in the "
        f"network can take the satellite. `{_ANYBODY}` lets everybody."
    )
    uri = now.uri or _EVERYWHERE
    while True:
        default = ",".join(now.allow) or (_ANYBODY if now.uri else None)
        given = str(typer.prompt("Home Assistant's address", default=default)).strip()
        allow = () if given == _ANYBODY else tuple(one.strip() for one in given.split(","))
        try:
            Wyoming(uri=uri, allow=allow)
        except ValueError as error:
            typer.echo(f"{error}: it is like 192.168.1.10; several with commas.")
        else:
            return {"uri": uri, "allow": allow or None}


def ask_token_of_hub(now: SatelliteSettings, file: Path, console: Console) -> Path | None:
    """Return the file that holds the hub's token; None where none was told."""
    console.print(
        "\nThe hub's token, which `sotto-hub token` prints; or none, and the hub's owner approves "
        "the satellite in the dashboard. It is kept in a file of its own."
    )
    has_one = now.token or now.token_file or read_token(kept_token(now))
    hint = "Enter leaves it as it is" if has_one else "Enter to be approved in the dashboard"
    while True:
        given = typer.prompt(f"Token ({hint})", default="", show_default=False, hide_input=True)
        if not given.strip():
            return now.token_file
        if len(given.strip()) >= MIN_TOKEN_CHARS:
            break
        typer.echo(f"A token has at least {MIN_TOKEN_CHARS} characters.")
    return _write_token(file, given.strip())


def _write_token(file: Path, token: str) -> Path:
    token_file = file.with_name("satellite.token")
    write_private(token_file, token + "\n")
    return token_file


def ask_to_be_let_in(settings: SatelliteSettings, file: Path, console: Console) -> Path | None:
    """Have the hub's owner approve the satellite now; return where its token is kept.

    One that was let in while it ran is not asked for again, unless it is wanted.
    """
    question = "\nIts hub has let it in before, and gave it a token. Ask anew"
    if read_token(kept_token(settings)) and not typer.confirm(question, default=False):
        return None
    codes: list[str] = []

    def show(code: str, hub: str) -> None:
        codes.append(f"{code[:3]} {code[3:]}")
        console.print(
            f"\nIn the dashboard of {hub!r}, on Satellites, {settings.name!r} wants to come in.\n"
            f"Approve it there if it shows the same code: [bold]{codes[-1]}[/]",
            highlight=False,
        )

    console.print("\nAsking the hub to let it in; Ctrl-C leaves that for later ...")
    try:
        token = asyncio.run(ask_token(settings, show))
    except (KeyboardInterrupt, SottoError) as error:
        if isinstance(error, SottoError):
            console.print(f"[yellow]{error.text}[/]")
        console.print("It asks by itself when it runs, and tells the code in its log.")
        return None
    if token is None:
        console.print("The hub asks for none.")
        return None
    if typer.confirm(f"Did the dashboard of your own hub show {codes[-1]}", default=True):
        return _write_token(file, token)
    console.print(
        "[yellow]Then another hub has answered, or somebody is between the two. The token is not "
        "kept: name your hub by its address, and try again.[/]"
    )
    return None
