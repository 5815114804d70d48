"""The command `pair`."""

from pathlib import Path
from typing import Annotated

import typer

from protocol import SottoError


def pair(
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="Settings file, as of `run`.")
    ] = None,
) -> None:
    """Ask the hub to let this satellite in anew: after it was removed there, or with a wrong token.

    Both show a code; the hub's owner compares them in the dashboard.
    """
    from rich.console import Console  # noqa: PLC0415  # `--help` needs none of it

    from satellite.commands import pair as pairing  # noqa: PLC0415

    try:
        pairing.pair(config, Console())
    except SottoError as error:
        typer.secho(f"sotto-satellite: {error.text}", fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
