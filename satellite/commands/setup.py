"""Asks what a satellite needs to know, tries it, and writes it down."""

import asyncio
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console

from audio.pcm import SPEECH_RATE_HZ
from audio.wake import available
from protocol import DiscoveryFailed
from protocol.discovery import find_hub
from satellite.chimes import Chime, synthesise
from satellite.choose_device import DeviceInfo
from satellite.commands import unit
from satellite.commands.config_file import write_private, write_settings
from satellite.commands.play import play
from satellite.commands.record import record
from satellite.errors import SatelliteError
from satellite.settings import (
    AUTO,
    MIN_TOKEN_CHARS,
    SYSTEM_FILE,
    SatelliteSettings,
    default_file,
    load,
    parse_address,
    split_hubs,
)
from satellite.sound_library import list_devices
from satellite.wake_settings import MOST_WAKE_WORDS

TRY_S = 3.0
FIND_S = 4.0
_NONE = "none"


@dataclass(frozen=True, slots=True)
class _Sound:
    microphone: str
    speaker: str


def set_up(config: Path | None, console: Console) -> None:
    """Ask, try and write. Raises SatelliteError; typer.Abort where whoever is asked gives up."""
    file = _file(config)
    now = load(file) if file.is_file() else SatelliteSettings()
    console.print(
        f"This sets the satellite up. Enter takes what stands in brackets. It writes {file}."
    )
    sound = _ask_sound(now, console)
    wake_words = _ask_wake_words(now, console)
    name = typer.prompt("\nWhat do you call this satellite", default=now.name)
    area = typer.prompt("In which room does it stand", default=now.area or "", show_default=False)
    hub = _ask_hub(now, console)
    token_file = _ask_token(now, file, console)
    write_settings(
        file,
        {
            "name": name.strip() or socket.gethostname(),
            "area": area.strip() or None,
            "hub": hub,
            "token_file": None if token_file is None else str(token_file),
            "microphone": sound.microphone,
            "speaker": sound.speaker,
            "wake_words": wake_words,
        },
    )
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


def _ask_sound(now: SatelliteSettings, console: Console) -> _Sound:
    try:
        devices = list_devices()
    except SatelliteError as error:
        console.print(f"\n[yellow]{error.text}[/]")
        devices = []
    microphone = _choose("microphone", [one for one in devices if one.inputs], now.microphone)
    heard = b""
    while microphone != _NONE:
        typer.prompt(f"Press Enter and speak for {TRY_S:g} seconds", default="", show_default=False)
        try:
            result = asyncio.run(record(microphone, None, TRY_S, console))
        except SatelliteError as error:
            console.print(f"[red]{error.text}[/]")
        else:
            heard = result.pcm16
            console.print(f"Loudest {result.loudest_dbfs:.0f} dBFS. {result.verdict}")
            if typer.confirm("Is that good", default=not result.silent):
                break
        microphone = _choose("microphone", [one for one in devices if one.inputs], microphone)
    speaker = _choose("speaker", [one for one in devices if one.outputs], now.speaker)
    while speaker != _NONE:
        console.print("You hear a sound" + (", and then yourself." if heard else "."))
        sound = synthesise(Chime.AWAKE, SPEECH_RATE_HZ) + bytes(SPEECH_RATE_HZ) + heard
        try:
            asyncio.run(play(speaker, sound, SPEECH_RATE_HZ))
        except SatelliteError as error:
            console.print(f"[red]{error.text}[/]")
        else:
            if typer.confirm("Did you hear it", default=True):
                break
        speaker = _choose("speaker", [one for one in devices if one.outputs], speaker)
    return _Sound(microphone, speaker)


def _choose(kind: str, devices: Sequence[DeviceInfo], default: str) -> str:
    """Return a setting: a device's name, `default` or `none`."""
    typer.echo(f"\nThe {kind}:")
    typer.echo("  0  none")
    for number, device in enumerate(devices, start=1):
        star = " (default)" if device.default_input and kind == "microphone" else ""
        star = " (default)" if device.default_output and kind == "speaker" else star
        typer.echo(f"  {number}  {device.name}{star}")
    while True:
        given = typer.prompt("Its number, or `default`", default=default).strip()
        if given in ("default", _NONE) or given.startswith("wav:") or given == default:
            return str(given)
        if given.isdecimal() and int(given) <= len(devices):
            return devices[int(given) - 1].name if int(given) else _NONE
        typer.echo(f"There is no {given!r}: 0 to {len(devices)}, default, or none.")


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


def _ask_hub(now: SatelliteSettings, console: Console) -> str | tuple[str, ...]:
    console.print("\nLooking for hubs ...")
    try:
        found = asyncio.run(find_hub(FIND_S))
    except DiscoveryFailed as error:
        found = []
        console.print(f"[yellow]{error.text}[/]")
    for hub in found:
        console.print(f"  found {hub.name} at {hub.host}:{hub.port}", highlight=False)
    if not found:
        console.print("  none answers; it may be off, or in another network.")
    while True:
        question = "The hub: `auto`, or HOST or HOST:PORT; several with commas"
        given = str(typer.prompt(question, default=",".join(now.hubs)))
        try:
            hubs = split_hubs(given)
            for one in hubs:
                if one != AUTO:
                    parse_address(one)
        except ValueError as error:
            typer.echo(str(error))
        else:
            return now.hub if hubs == now.hubs else given.strip()


def _ask_token(now: SatelliteSettings, file: Path, console: Console) -> Path | None:
    console.print(
        "\nThe hub's token: `sotto-hub token` prints it. It is kept in a file of its own."
    )
    has_one = now.token is not None or now.token_file is not None
    hint = "Enter leaves it as it is" if has_one else "Enter for a hub on this machine without one"
    while True:
        given = typer.prompt(f"Token ({hint})", default="", show_default=False, hide_input=True)
        if not given.strip():
            return now.token_file
        if len(given.strip()) >= MIN_TOKEN_CHARS:
            break
        typer.echo(f"A token has at least {MIN_TOKEN_CHARS} characters.")
    token_file = file.with_name("satellite.token")
    write_private(token_file, given.strip() + "\n")
    return token_file


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
        console.print("It runs. `systemctl status sotto-satellite` shows what it does.")


def _pins(settings: SatelliteSettings) -> tuple[int | None, ...]:
    return settings.pins.button, settings.pins.mute_switch, settings.pins.led
