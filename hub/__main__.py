"""The hub's command line."""

import asyncio
import secrets
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from hub import log
from hub.settings import HubSettings, SettingsError, default_file, load

TOKEN_BYTES = 24
"""192 bits: more than anyone can guess, short enough to carry over by hand once."""

app = typer.Typer(
    name="sotto-hub",
    help="The hub of Sotto: hears every room, acts on the home, answers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
_errors = Console(stderr=True)

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help=f"Settings file. Without it: {default_file()}, if there."),
]


def fail(text: str) -> NoReturn:
    """Say in one place what went wrong and what to do, and end with exit code 1."""
    _errors.print(f"[bold red]sotto-hub:[/] {escape(text)}", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


def _settings(config: Path | None) -> HubSettings:
    try:
        settings = load(config)
    except SettingsError as error:
        fail(str(error))
    log.set_up(settings.log.level, settings.log.form)
    return settings


@app.callback(invoke_without_command=True)
def _main(
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", is_eager=True)
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"sotto-hub {version('sotto')}")
        raise typer.Exit


@app.command()
def serve(config: ConfigOption = None) -> None:
    """Run the hub, to stay. Ctrl-C ends it."""
    from hub.app import HubError, run_hub

    settings = _settings(config)
    try:
        asyncio.run(run_hub(settings, announce=typer.echo))
    except HubError as error:
        fail(str(error))
    except KeyboardInterrupt:
        typer.echo("Ended.")


@app.command()
def demo(
    wav: Annotated[
        list[Path] | None,
        typer.Option(
            "--wav", help="Speak this WAV file instead of the built-in commands; repeatable."
        ),
    ] = None,
    answers: Annotated[
        Path, typer.Option(help="Where the spoken answers are left as WAV files.")
    ] = Path("demo-answers"),
    area: Annotated[str, typer.Option(help="The room that the satellite stands in.")] = "Kitchen",
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show the logs of all processes.")
    ] = False,
) -> None:
    """Speak commands to a simulated home, and show what is heard, done and answered."""
    from hub.demo.runner import DemoFailed, run_demo

    try:
        asyncio.run(run_demo(wav or [], answers, area=area, verbose=verbose))
    except DemoFailed as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("The demo was interrupted.")


@app.command()
def broker(
    port: Annotated[int, typer.Option(help="TCP port on this machine; 0 takes a free one.")] = 1883,
) -> None:
    """Run the built-in MQTT broker alone, on this machine only."""
    from hub.mqtt.broker import EmbeddedBroker
    from hub.mqtt.errors import BrokerFailed

    async def run() -> None:
        async with EmbeddedBroker(port=port) as running:
            typer.echo(f"MQTT broker: {running.url}")
            await asyncio.Event().wait()

    try:
        asyncio.run(run())
    except BrokerFailed as error:
        fail(str(error))
    except KeyboardInterrupt:
        typer.echo("Ended.")


@app.command()
def token() -> None:
    """Print a new token. Give the same one to the hub (satellites.token) and its satellites."""
    typer.echo(secrets.token_urlsafe(TOKEN_BYTES))


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
