"""Asks which microphone and which speaker, and tries both."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import typer
from rich.console import Console

from audio.pcm import SPEECH_RATE_HZ
from satellite.chimes import Chime, synthesise
from satellite.choose_device import DeviceInfo
from satellite.commands import unit
from satellite.commands.play import play
from satellite.commands.record import record
from satellite.errors import SatelliteError
from satellite.settings import SatelliteSettings
from satellite.sound_library import list_devices

TRY_S = 3.0
_NONE = "none"


@dataclass(frozen=True, slots=True)
class AskedSound:
    """The settings that were chosen."""

    microphone: str
    speaker: str


def ask_sound(now: SatelliteSettings, console: Console) -> AskedSound:
    """Return what was chosen. Raises typer.Abort where whoever is asked gives up."""
    try:
        devices = list_devices()
    except SatelliteError as error:
        console.print(f"\n[yellow]{error.text}[/]")
        devices = []
    microphone, heard = _ask_microphone(now, devices, console)
    return AskedSound(microphone, _ask_speaker(now, devices, heard, console))


def _ask_microphone(
    now: SatelliteSettings, devices: Sequence[DeviceInfo], console: Console
) -> tuple[str, bytes]:
    """Return the setting, and what was heard."""
    usable = [one for one in devices if one.inputs]
    command = now.sound.microphone_command
    microphone = _choose("microphone", usable, now.microphone, command)
    heard = b""
    while microphone != _NONE:
        typer.prompt(f"Press Enter and speak for {TRY_S:g} seconds", default="", show_default=False)
        try:
            result = asyncio.run(record(microphone, None, TRY_S, console, now.sound))
        except SatelliteError as error:
            if _takes_it_untried(error, console):
                break
        else:
            heard = result.pcm16
            console.print(f"Loudest {result.loudest_dbfs:.0f} dBFS. {result.verdict}")
            if typer.confirm("Is that good", default=not result.silent):
                break
        microphone = _choose("microphone", usable, microphone, command)
    return microphone, heard


def _ask_speaker(
    now: SatelliteSettings, devices: Sequence[DeviceInfo], heard: bytes, console: Console
) -> str:
    usable = [one for one in devices if one.outputs]
    command = now.sound.speaker_command
    speaker = _choose("speaker", usable, now.speaker, command)
    while speaker != _NONE:
        console.print("You hear a sound" + (", and then yourself." if heard else "."))
        sound = synthesise(Chime.AWAKE, SPEECH_RATE_HZ) + bytes(SPEECH_RATE_HZ) + heard
        try:
            asyncio.run(play(speaker, sound, SPEECH_RATE_HZ, now.sound))
        except SatelliteError as error:
            if _takes_it_untried(error, console):
                break
        else:
            if typer.confirm("Did you hear it", default=True):
                break
        speaker = _choose("speaker", usable, speaker, command)
    return speaker


def _choose(kind: str, devices: Sequence[DeviceInfo], default: str, command: str) -> str:
    """Return a setting: a device's name, `default` or `none`; `default` also means a command."""
    if command:
        return _choose_command(kind, default, command)
    typer.echo(f"\nThe {kind}, as `sotto-satellite devices` numbers them:")
    for device in devices:
        star = " (default)" if device.default_input and kind == "microphone" else ""
        star = " (default)" if device.default_output and kind == "speaker" else star
        typer.echo(f"  {device.index}  {device.name}{star}")
    names = {str(device.index): device.name for device in devices}
    while True:
        given = str(typer.prompt("Its number, `default` or `none`", default=default)).strip()
        if given in names:
            # A number is another device's when something is plugged in; but Enter changes nothing.
            return given if given == default else names[given]
        if given in ("default", _NONE) or given.startswith("wav:") or given == default:
            return given
        typer.echo(f"There is no {given!r}: {', '.join([*names, 'default'])} or none.")


def _choose_command(kind: str, default: str, command: str) -> str:
    typer.echo(f"\nThe {kind} is the command `{command}`, by sound.{kind}_command of the settings.")
    while True:
        given = str(typer.prompt("`default` for that, or `none`", default=default)).strip()
        if given in (default, "default", _NONE):
            return given
        typer.echo(f"To choose a device, take sound.{kind}_command out of the settings.")


def _takes_it_untried(error: SatelliteError, console: Console) -> bool:
    """Say why a device can not be tried; it may be away now, and there later."""
    console.print(f"[red]{error.text}{unit.advice(error)}[/]")
    return typer.confirm("Take it all the same, untried", default=False)
