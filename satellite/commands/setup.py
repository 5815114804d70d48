"""Asks what a satellite needs to know, tries it, and writes it down."""

import os
import socket
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from audio.wake import available
from satellite.commands import unit
from satellite.commands.ask_hub import ask_hub, ask_to_be_let_in, ask_token_of_hub
from satellite.commands.ask_sound import ask_sound
from satellite.commands.config_file import write_settings
from satellite.settings import SYSTEM_FILE, SatelliteSettings, default_file, load
from satellite.wake_settings import MOST_WAKE_WORDS

_NONE = "none"


def set_up(config: Path | None, console: Console) -> None:
    """Ask, try and write. Raises SatelliteError; typer.Abort where whoever is asked gives up."""
    file = _file(config)
    now = load(file) if file.is_file() else SatelliteSettings()
    unit.use_state(file, SYSTEM_FILE)
    console.print(
        f"This sets the satellite up. Enter takes what stands in brackets. It writes {file}."
    )
    with unit.stopped() as stopped:
        if stopped:
            console.print(
                "Its service is stopped meanwhile, so that microphone and speaker are free."
            )
        _ask_all(now, file, console)


def _ask_all(now: SatelliteSettings, file: Path, console: Console) -> None:
    sound = ask_sound(now, console)
    wake_words = _ask_wake_words(now, console)
    name = typer.prompt("\nWhat do you call this satellite", default=now.name)
    area = typer.prompt("In which room does it stand", default=now.area or "", show_default=False)
    hub = ask_hub(now, console)
    token_file = now.token_file
    if not hub.is_home_assistant:
        token_file = ask_token_of_hub(now, file, console)
    values: dict[str, Any] = {
        "name": name.strip() or socket.gethostname(),
        "area": area.strip() or None,
        "hub": hub.hub,
        "token_file": None if token_file is None else str(token_file),
        "microphone": sound.microphone,
        "speaker": sound.speaker,
        "wake_words": wake_words,
        "wyoming": hub.wyoming,
    }
    if token_file != now.token_file:
        values["token"] = None  # the one that stood there instead
    write_settings(file, values)
    settings = load(file)
    if not hub.is_home_assistant and settings.read_token() is None:
        token_file = ask_to_be_let_in(settings, file, console)
        if token_file is not None:
            write_settings(file, {"token_file": str(token_file)})
            settings = load(file)
    if file.parent == SYSTEM_FILE.parent:
        # A service that is there already goes on reading them, also without being installed anew.
        unit.hand_over(file, token_file)
    console.print(f"\nWritten: {file}")
    _offer_service(settings, file, console)


def _file(config: Path | None) -> Path:
    if config is not None:
        return config.expanduser()
    return SYSTEM_FILE if os.geteuid() == 0 else default_file()


def _ask_wake_words(now: SatelliteSettings, console: Console) -> tuple[str, ...]:
    words = {n: word for n, word in available(now.wake.folder).items() if not word.problem}
    told = ", ".join(f"{name} ({word.phrase})" for name, word in words.items())
    console.print(f"\nWake words: {told}")
    default = ",".join(now.wake_words) or "okay_nabu"
    question = "Which one (two with a comma), or `none` for a button only"
    while True:
        given = typer.prompt(question, default=default).strip()
        if given == _NONE:
            return ()
        chosen = tuple(dict.fromkeys(one.strip() for one in given.split(",") if one.strip()))
        unknown = [one for one in chosen if one not in words]
        if chosen and not unknown and len(chosen) <= MOST_WAKE_WORDS:
            return chosen
        for one in unknown:
            typer.echo(f"There is no wake word {one!r}.")
        if len(chosen) > MOST_WAKE_WORDS:
            typer.echo(f"{len(chosen)} are too many: {MOST_WAKE_WORDS} at most.")


def _offer_service(settings: SatelliteSettings, file: Path, console: Console) -> None:
    if not unit.can_install():
        console.print(f"Start it: sotto-satellite run --config {file}", highlight=False)
        return
    if os.geteuid() != 0:
        console.print("To have it start with the machine: sudo sotto-satellite setup")
        return
    if typer.confirm("Have it start with the machine", default=True):
        groups = set()
        if settings.lights.kind == "apa102":
            groups.add("spi")
        if any(pin is not None for pin in _pins(settings)):
            groups.add("gpio")
        unit.install(file, settings.token_file, frozenset(groups))
        for group in sorted(unit.missing(frozenset(groups))):
            console.print(
                f"[yellow]There is no group {group} here: let the user {unit.USER} use the device "
                "by a rule of udev.[/]"
            )
        console.print("It runs. `systemctl status sotto-satellite` shows what it does.")


def _pins(settings: SatelliteSettings) -> tuple[int | None, ...]:
    return settings.pins.button, settings.pins.mute_switch, settings.pins.led
