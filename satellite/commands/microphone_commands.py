"""The commands `meter`, `listen` and `record`: what is heard."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from satellite.commands import unit
from satellite.commands.shell import ConfigOption, fail, wait_for
from satellite.errors import SatelliteError

# What takes long to import is imported where it is used: `--help` needs none of it.

T = TypeVar("T")

MicrophoneOption = Annotated[
    str | None,
    typer.Option("--mic", help="Another microphone than that of the settings."),
]


def meter(
    seconds: Annotated[float | None, typer.Option(min=0.1, help="End by itself.")] = None,
    microphone: MicrophoneOption = None,
    config: ConfigOption = None,
) -> None:
    """Show live how loud the microphone hears."""
    from rich.console import Console

    from satellite.commands.meter import meter as show

    choice, sound = _microphone(config, microphone)
    typer.echo(_hear(show(choice, seconds, Console(), sound)))


def listen(
    seconds: Annotated[float | None, typer.Option(min=0.1, help="End by itself.")] = None,
    wake_word: Annotated[
        list[str] | None, typer.Option(help="Another wake word than those of the settings.")
    ] = None,
    microphone: MicrophoneOption = None,
    config: ConfigOption = None,
) -> None:
    """Show live how sure each wake word is, and when one is heard."""
    from rich.console import Console

    from satellite.commands.listen import listen as show
    from satellite.settings import load

    try:
        given = {"wake_words": wake_word} if wake_word else {}
        settings = load(config, overrides=given)
    except SatelliteError as error:
        fail(error.text)
    heard = _hear(show(settings, microphone or settings.microphone, seconds, Console()))
    typer.echo(f"Heard {heard} time{'' if heard == 1 else 's'}.")


def record(
    file: Annotated[Path, typer.Argument(help="The WAV file to write: 16 kHz, mono.")],
    seconds: Annotated[float, typer.Option(min=0.1, max=3600, help="For how long.")] = 5.0,
    microphone: MicrophoneOption = None,
    config: ConfigOption = None,
) -> None:
    """Record what the microphone hears into a WAV file."""
    from rich.console import Console

    from satellite.commands.record import record as write

    choice, sound = _microphone(config, microphone)
    heard = _hear(write(choice, file, seconds, Console(), sound))
    typer.echo(f"{file}: {heard.loudest_dbfs:.0f} dBFS at the loudest. {heard.verdict}")


def _hear(work: Coroutine[Any, Any, T]) -> T:
    """Do what needs the microphone. For root the service, which has it, is stopped meanwhile."""
    try:
        with unit.stopped() as stopped:
            if stopped:
                typer.echo("The satellite's service is stopped meanwhile.", err=True)
            return wait_for(work)
    except SatelliteError as error:
        work.close()
        fail(error.text)


def _microphone(config: Path | None, given: str | None) -> tuple[str, Any]:
    """Return the microphone that is meant, and how its sound is taken."""
    from satellite.commands.hearing import WITHOUT_COMMANDS
    from satellite.settings import load

    if given is not None:
        return given, WITHOUT_COMMANDS
    try:
        settings = load(config)
    except SatelliteError as error:
        fail(error.text)
    return settings.microphone, settings.sound
