"""The hub's command line."""

import asyncio
import gc
import json
import logging
import secrets
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console
from rich.markup import escape

from hub import accounts_cli, models_cli
from hub.command_line import ConfigOption, fail, read_settings
from protocol.version import VERSION

TOKEN_BYTES = 24
"""192 bits: more than anyone can guess, short enough to carry over by hand once."""

app = typer.Typer(
    name="sotto-hub",
    help="The hub of Sotto: hears every room, acts on the home, answers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
_output = Console()
app.add_typer(models_cli.app, name="models")
app.add_typer(accounts_cli.app, name="account")


@app.callback(invoke_without_command=True)
def _main(
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", is_eager=True)
    ] = False,
) -> None:
    if show_version:
        typer.echo(f"sotto-hub {VERSION}")
        raise typer.Exit


@app.command()
def serve(config: ConfigOption = None) -> None:
    """Run the hub, to stay. Ctrl-C ends it."""
    settings = read_settings(config)
    gc.disable()  # what is imported stays: searching it takes an eighth of the start
    try:
        from hub.hub_errors import HubError
        from hub.running import run_hub
    finally:
        gc.enable()
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


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="What to say.")],
    out: Annotated[
        Path | None, typer.Option(help="The WAV file to write; without it, a new temporary one.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Speak TEXT with the configured voice, into a WAV file."""
    settings = read_settings(config)
    from hub.trial import TrialFailed, new_file, write_speech
    from hub.trial import say as speak

    try:
        said = asyncio.run(speak(settings, text))
        file = out or new_file()
        write_speech(file, said)
    except TrialFailed as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("Interrupted.")
    typer.echo(f"{file}: {said.length_s:.1f} s, first audio after {said.first_audio_ms:.0f} ms")


@app.command()
def transcribe(
    file: Annotated[Path, typer.Argument(help="A WAV file with one sentence.")],
    home: Annotated[
        Path | None,
        typer.Option(
            help="TOML file with names to listen for: rooms = [...] and a table \\[devices] of "
            "names with their kind. Without it, a home without rooms and devices."
        ),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Print what the configured recogniser hears in a WAV file."""
    settings = read_settings(config)
    from hub.home.model import Home
    from hub.trial import TrialFailed, hear, read_home, read_speech

    try:
        named = Home() if home is None else read_home(home)
        heard = asyncio.run(hear(settings, read_speech(file), named))
    except TrialFailed as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("Interrupted.")
    typer.echo(heard.text or "(nothing understood)")
    typer.echo(f"took {heard.took_ms:.0f} ms", err=True)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="What to ask.")],
    config: ConfigOption = None,
) -> None:
    """Ask the configured language model alone: it knows neither the home nor its tools."""
    settings = read_settings(config)
    from hub.trial import TrialFailed
    from hub.trial import ask as answer

    async def run() -> None:
        written = False
        try:
            async with aclosing(answer(settings, text)) as parts:
                async for part in parts:
                    typer.echo(part, nl=False)
                    written = True
        finally:
            if written:
                typer.echo()

    try:
        asyncio.run(run())
    except TrialFailed as error:
        fail(str(error))
    except KeyboardInterrupt:
        fail("Interrupted.")


@app.command()
def sentences(
    language: Annotated[
        list[str] | None, typer.Option(help="Of en, fr, de, es; repeatable. Without it, all.")
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(min=1, help="How many sentences a language; without it, one a template."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other sentences.")] = 0,
    failures: Annotated[
        bool, typer.Option("--failures", help="Show every sentence that went wrong, and how.")
    ] = False,
) -> None:
    """Say sentences of home-assistant-intents to a simulated home, and count what is done right.

    Exit code 1 if less than 95 % of a language is.
    """
    from hub.sentence_check.home_words import LANGUAGES
    from hub.sentence_check.table import GOAL, check_sentences, notes_of, table_of

    languages = list(dict.fromkeys(language or LANGUAGES))
    if unknown := sorted(set(languages) - set(LANGUAGES)):
        fail(f"The simulated home speaks {', '.join(LANGUAGES)}, not {', '.join(unknown)}.")
    # What the home refuses stands in the table.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        reports = check_sentences(languages, sample, seed, _output)
    except KeyboardInterrupt:
        fail("Interrupted.")
    _output.print(table_of(reports))
    for note in notes_of(reports, failures=failures):
        _output.print(escape(note), highlight=False, soft_wrap=True)
    if any(report.share < GOAL for report in reports):
        raise typer.Exit(1)


@app.command()
def audit(
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many entries.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead.")] = False,
    config: ConfigOption = None,
) -> None:
    """Show what was done lately, for whom, and what was asked about or refused."""
    settings = read_settings(config)
    from hub.audit_table import json_of, latest, table_of
    from hub.store.errors import StoreError

    try:
        entries = asyncio.run(latest(settings, last))
    except StoreError as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps(json_of(entries), indent=2))
    elif entries:
        _output.print(table_of(entries))
    else:
        typer.echo("Nothing was done yet.")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead.")] = False,
    config: ConfigOption = None,
) -> None:
    """Check what the hub needs: a line for each thing, fine or with the one thing to do.

    Exit code 1 if something is wrong.
    """
    from hub.doctor import examine
    from hub.machine_check import Finding

    async def run() -> list[Finding]:
        findings = []
        async with aclosing(examine(config)) as examined:
            async for finding in examined:
                findings.append(finding)
                if not as_json:
                    _show(finding.ok, finding.name, finding.text)
        return findings

    # What goes wrong stands in a finding; a log of it would stand between them.
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        findings = asyncio.run(run())
    except KeyboardInterrupt:
        fail("Interrupted.")
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _show(ok: bool, name: str, text: str) -> None:
    mark = "[green]OK   [/]" if ok else "[bold red]WRONG[/]"
    _output.print(f"{mark} {name:<22} {escape(text)}", highlight=False, soft_wrap=True)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
