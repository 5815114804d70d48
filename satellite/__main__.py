"""The satellite's command line."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from protocol.version import VERSION
from satellite.commands.microphone_commands import listen, meter, record
from satellite.commands.pair_command import pair
from satellite.commands.settings_command import show_settings
from satellite.commands.shell import ConfigOption, fail, wait_for
from satellite.errors import SatelliteError

# What takes long to import is imported where it is used: `--help` needs none of it.

_OWN_OPTIONS = frozenset({"--help", "-h", "--version", "--install-completion", "--show-completion"})

T = TypeVar("T")

app = typer.Typer(
    name="sotto-satellite",
    help="A room's ears and voice: microphone and speaker of a Sotto hub.\n\n"
    "Without a command it runs. While it runs, Enter (or the signal USR1) talks without a wake "
    "word, and m with Enter (or USR2) mutes.",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback(invoke_without_command=True)
def _main(
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", is_eager=True)
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"sotto-satellite {VERSION}")
        raise typer.Exit


@app.command()
def run(
    *,
    hub: Annotated[
        str | None, typer.Option(help="The hub: auto (look for it), HOST or HOST:PORT.")
    ] = None,
    wyoming: Annotated[
        str | None,
        typer.Option(
            metavar="URI",
            help="Serve Home Assistant instead of a hub, as a plain Wyoming satellite: "
            "tcp://0.0.0.0:10700.",
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What people call this satellite.")] = None,
    area: Annotated[str | None, typer.Option(help="The room that it stands in.")] = None,
    person: Annotated[str | None, typer.Option(help="Whose it is, if it is one person's.")] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="A file that holds the token of the hub.")
    ] = None,
    microphone: Annotated[
        str | None,
        typer.Option("--mic", help="default, a device's name or number, wav:FILE, or none."),
    ] = None,
    speaker: Annotated[
        str | None,
        typer.Option(
            help="default, a device's name or number, wav:FILE, wav:FOLDER/ (a file an answer), "
            "or none."
        ),
    ] = None,
    mic_command: Annotated[
        str | None,
        typer.Option(help="A program that writes raw PCM (16 kHz, 16 bit), as the microphone."),
    ] = None,
    snd_command: Annotated[
        str | None,
        typer.Option(help="A program that plays raw PCM (22,050 Hz, 16 bit), as the speaker."),
    ] = None,
    wake_word: Annotated[
        list[str] | None, typer.Option(help="A wake word to listen for; repeatable.")
    ] = None,
    volume: Annotated[float | None, typer.Option(help="From 0 to 1.")] = None,
    wav: Annotated[
        list[Path] | None,
        typer.Option(
            help="Speak this file as a command and end; repeatable. The exit code is 0 if every "
            "command was answered."
        ),
    ] = None,
    talk_over: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=60,
            metavar="SECONDS",
            help="Speak each next file so long after the answer to the one before began, over it.",
        ),
    ] = None,
    gain_db: Annotated[
        float, typer.Option(min=-60, max=40, help="Make the files louder, or quieter.")
    ] = 0.0,
    fast: Annotated[
        bool, typer.Option("--fast", help="Let files not take the time that sound takes.")
    ] = False,
    events: Annotated[
        bool, typer.Option("--events", help="Write what happens as JSON lines to standard output.")
    ] = False,
    config: ConfigOption = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log everything, also what is said.")
    ] = False,
) -> None:
    """Run the satellite, to stay. Ctrl-C ends it."""
    from satellite.launch import Options, launch

    commands = {"microphone_command": mic_command, "speaker_command": snd_command}
    sound = {name: command for name, command in commands.items() if command is not None}
    given: dict[str, Any] = {
        "hub": hub,
        "wyoming": {"uri": wyoming} if wyoming is not None else None,
        "name": name,
        "area": area,
        "person": person,
        "token_file": token_file,
        "microphone": microphone,
        "speaker": speaker,
        "wake_words": tuple(wake_word) if wake_word else None,
        "volume": volume,
        "sound": sound or None,
    }
    options = Options(
        wavs=tuple(str(one) for one in wav or ()),
        talk_over_s=talk_over,
        gain_db=gain_db,
        fast=fast,
        events=events,
        verbose=verbose,
    )
    launch(config, given, options)


@app.command()
def setup(config: ConfigOption = None) -> None:
    """Ask for microphone, speaker, wake word, room and hub, try them, and write them down.

    As root it writes /etc/sotto/satellite.toml and installs the service.
    """
    from rich.console import Console

    from satellite.commands.setup import set_up

    try:
        set_up(config, Console())
    except SatelliteError as error:
        fail(error.text)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead.")] = False,
    config: ConfigOption = None,
) -> None:
    """Check what the satellite needs: a line for each thing, fine or with the one thing to do.

    Exit code 1 if something is wrong.
    """
    from contextlib import aclosing
    from dataclasses import asdict

    from satellite.commands.doctor import Finding, examine

    async def look() -> list[Finding]:
        findings = []
        async with aclosing(examine(config)) as examined:
            async for finding in examined:
                findings.append(finding)
                if not as_json:
                    _show(finding.ok, finding.name, finding.text)
        return findings

    findings = wait_for(look())
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@app.command()
def devices(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead.")] = False,
) -> None:
    """List microphones and speakers; a star marks the defaults."""
    from dataclasses import asdict

    from satellite.sound_library import list_devices

    try:
        found = list_devices()
    except SatelliteError as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps([asdict(device) for device in found], indent=2))
        return
    for title, count, default in (
        ("Microphones", "inputs", "default_input"),
        ("Speakers", "outputs", "default_output"),
    ):
        typer.echo(f"{title}:")
        usable = [device for device in found if getattr(device, count)]
        for device in usable:
            star = "*" if getattr(device, default) else " "
            typer.echo(f" {star} {device.index:3}  {device.name}  ({device.rate_hz} Hz)")
        if not usable:
            typer.echo("   none")


app.command()(meter)
app.command()(listen)
app.command()(record)
app.command("settings")(show_settings)
app.command()(pair)


def main() -> None:
    """Run the command line."""
    arguments = sys.argv[1:]
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in _OWN_OPTIONS):
        arguments = ["run", *arguments]
    app(arguments)


def _show(ok: bool, name: str, text: str) -> None:
    typer.secho("OK    " if ok else "WRONG ", fg="green" if ok else "red", bold=not ok, nl=False)
    typer.echo(f"{name:<12} {text}")


if __name__ == "__main__":
    main()
