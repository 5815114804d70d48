"""The command `pair`."""

import typer

from protocol import SottoError
from satellite.commands.shell import INTERRUPTED, ConfigOption, fail


def pair(
    config: ConfigOption = None,
) -> None:
    """Ask the hub to let this satellite in anew: after it was removed there, or with a wrong token.

    Both show a code; the hub's owner compares them in the dashboard.
    """
    from rich.console import Console

    from satellite.commands import pair as pairing

    try:
        pairing.pair(config, Console())
    except SottoError as error:
        fail(error.text)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
