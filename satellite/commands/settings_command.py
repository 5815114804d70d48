"""The command `settings`."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from satellite.commands.shell import ConfigOption, fail
from satellite.errors import SatelliteError


def show_settings(
    forget: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Let hold again what the settings file says; repeatable, or `all`.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead.")] = False,
    config: ConfigOption = None,
) -> None:
    """Show which settings were changed while it ran, by the hub or by hand, or forget them.

    A satellite that runs goes on as it is until it is started anew.
    """
    from satellite.commands import kept_settings

    try:
        file = kept_settings.find(config)
        gone = kept_settings.forget(file, forget) if forget else []
        shown = kept_settings.show(file)
    except SatelliteError as error:
        fail(error.text)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in shown], indent=2))
        return
    for name in gone:
        typer.echo(f"{name}: forgotten; it holds from the next start on.")
    for one in shown:
        typer.echo(one.line)
    if not shown and not gone:
        typer.echo("Everything is as the settings file says.")
