"""Asks a hub to let this satellite in, while somebody looks at both."""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import typer
from rich.console import Console

from satellite.commands import unit
from satellite.commands.config_file import write_private, write_settings
from satellite.errors import SatelliteError
from satellite.handshake import Identity, greet
from satellite.locate import Locator
from satellite.own_token import OwnToken, kept_token, write
from satellite.pairing import Pairing
from satellite.reach import reach
from satellite.settings import SYSTEM_FILE, SatelliteSettings, default_file, load
from satellite.wav_devices import SPEAKER_RATE_HZ

DIAL_S = 5.0


def pair(config: Path | None, console: Console) -> None:
    """Have the hub's owner let the satellite in anew, and keep the token that it is given.

    Raises SottoError; typer.Exit where no token is kept.
    """
    file = (config or default_file()).expanduser()
    settings = load(config)
    _check(settings, file)
    codes: list[str] = []

    def show(code: str, hub: str) -> None:
        codes.append(f"{code[:3]} {code[3:]}")
        console.print(
            f"In the dashboard of {hub!r}, on Satellites, {settings.name!r} wants to come in.\n"
            f"Approve it there if it shows the same code: [bold]{codes[-1]}[/]",
            highlight=False,
        )

    console.print("Asking the hub to let it in; Ctrl-C ends that ...")
    token = asyncio.run(ask_token(settings, show))
    if token is None:
        console.print("The hub asks for no token.")
        return
    if not typer.confirm(f"Did the dashboard of your own hub show {codes[-1]}", default=True):
        console.print(
            "[yellow]Then another hub has answered, or somebody is between the two. The token is "
            "not kept: name your hub by its address, and try again.[/]"
        )
        raise typer.Exit(1)
    _keep(settings, file, token)
    is_service = file.parent == SYSTEM_FILE.parent and unit.can_install()
    again = f"sudo systemctl restart {unit.NAME}" if is_service else "sotto-satellite run"
    console.print(f"It is let in. If it runs already, start it anew: {again}", highlight=False)


def _check(settings: SatelliteSettings, file: Path) -> None:
    """Raise SatelliteError "bad-settings" where no token could be kept, or would be of use."""
    text = ""
    if settings.wyoming.uri:
        text = "this satellite serves Home Assistant, which lets everybody in"
    elif settings.token is not None:
        text = (
            f"{file} holds a token (`token`): take it out to be given another, or approve the "
            "satellite in the dashboard"
        )
    elif file.is_file() and not os.access(file.parent, os.W_OK):
        text = f"{file} is not yours to change: run `sudo sotto-satellite pair`"
    if text:
        raise SatelliteError("bad-settings", text)


def _keep(settings: SatelliteSettings, file: Path, token: str) -> None:
    """Keep a token beside the settings file, or where a satellite without one keeps it."""
    if not file.is_file():
        try:
            write(kept_token(settings), token)
        except OSError as error:
            text = f"the hub's token can not be kept ({error.strerror or error})"
            raise SatelliteError("not-kept", text) from error
        return
    token_file = file.with_name("satellite.token")
    write_private(token_file, token + "\n")
    write_settings(file, {"token_file": str(token_file)})
    if file.parent == SYSTEM_FILE.parent:
        unit.hand_over(file, token_file)


def identity_of(settings: SatelliteSettings) -> Identity:
    """Return how a command greets the hub in the satellite's name."""
    return Identity(
        settings.satellite_id,
        settings.name,
        settings.area,
        speaker_rate_hz=SPEAKER_RATE_HZ,
        person=settings.person,
    )


async def ask_token(settings: SatelliteSettings, show: Callable[[str, str], None]) -> str | None:
    """Return the token that the owner of the hub gives; None where the hub asks for none.

    `show` is called with the code that the hub shows too, and the hub's name. Raises SottoError.
    """
    own = OwnToken(show=show)
    locator = Locator(settings.hubs, Pairing(Path(), None), has_token=True)
    try:
        greeting = partial(greet, identity=identity_of(settings), own=own)
        reached = await reach(await locator.candidates(), greeting, timeout_s=DIAL_S)
    finally:
        await locator.close()
    await reached.link.close("the satellite is set up")
    return own.token
