"""What the commands have in common: their settings, and how they say what went wrong."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from hub import log
from hub.settings import HubSettings, SettingsError, default_file, load

_errors = Console(stderr=True)

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help=f"Settings file. Without it: {default_file()}, if there."),
]


def complain(text: str) -> None:
    """Say in one place what went wrong and what to do."""
    _errors.print(f"[bold red]sotto-hub:[/] {escape(text)}", highlight=False, soft_wrap=True)


def fail(text: str) -> NoReturn:
    """Say what went wrong and what to do, and end with exit code 1."""
    complain(text)
    raise typer.Exit(1)


def read_settings(config: Path | None) -> HubSettings:
    """Return the settings, with the log set up as they say; end where they can not be used."""
    try:
        settings = load(config)
    except SettingsError as error:
        fail(str(error))
    log.set_up(settings.log.level, settings.log.form)
    return settings
