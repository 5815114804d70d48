"""What the commands share: an option, waiting, and ending with a line."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import platformdirs
import typer

from satellite.commands.unit import advice
from satellite.errors import SatelliteError

INTERRUPTED = 130

T = TypeVar("T")

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        help=f"Settings file. Without it: {platformdirs.user_config_path('sotto')}"
        "/satellite.toml, or else /etc/sotto/satellite.toml, if there.",
    ),
]


def wait_for(work: Coroutine[Any, Any, T]) -> T:
    """Run something to its end; Ctrl-C and what is wrong end the program with a line."""
    try:
        return asyncio.run(work)
    except SatelliteError as error:
        fail(error.text + advice(error))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def fail(text: str) -> NoReturn:
    """Say in one place what went wrong and what to do, and end with exit code 1."""
    typer.secho(f"sotto-satellite: {text}", fg=typer.colors.RED, err=True)
    raise typer.Exit(1)
