"""The satellite's command line."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, NoReturn

import platformdirs
import typer

from satellite.errors import SatelliteError

# What takes long to import is imported where it is used: `--help` needs none of it.

_OWN_OPTIONS = frozenset({"--help", "--version", "--install-completion", "--show-completion"})
_INTERRUPTED = 130

app = typer.Typer(
    name="sotto-satellite",
    help="A room's ears and voice: microphone and speaker of a Sotto hub.\n\n"
    "Without a command it runs. While it runs, Enter (or the signal USR1) talks without a wake "
    "word, and m with Enter (or USR2) mutes.",
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def _main(
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", is_eager=True)
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"sotto-satellite {version('sotto')}")
        raise typer.Exit


@app.command()
def run(
    *,
    hub: Annotated[
        str | None, typer.Option(help="The hub: auto (look for it), HOST or HOST:PORT.")
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
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            help=f"Settings file. Without it: {platformdirs.user_config_path('sotto')}"
            "/satellite.toml, if there.",
        ),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log everything, also what is said.")
    ] = False,
) -> None:
    """Run the satellite, to stay. Ctrl-C ends it."""
    from satellite.start import Options, start

    commands = {"microphone_command": mic_command, "speaker_command": snd_command}
    sound = {name: command for name, command in commands.items() if command is not None}
    given: dict[str, Any] = {
        "hub": hub,
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
        wavs=tuple(wav or ()),
        talk_over_s=talk_over,
        gain_db=gain_db,
        fast=fast,
        events=events,
        verbose=verbose,
    )
    try:
        answered = start(config, given, options)
    except SatelliteError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None
    if not answered:
        _fail("not every command was answered")


@app.command()
def devices() -> None:
    """List microphones and speakers; a star marks the defaults."""
    from satellite.sound_library import list_devices

    try:
        found = list_devices()
    except SatelliteError as error:
        _fail(str(error))
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


def main() -> None:
    """Run the command line."""
    arguments = sys.argv[1:]
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in _OWN_OPTIONS):
        arguments = ["run", *arguments]
    app(arguments)


def _fail(text: str) -> NoReturn:
    """Say in one place what went wrong and what to do, and end with exit code 1."""
    typer.secho(f"sotto-satellite: {text}", fg=typer.colors.RED, err=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    main()
