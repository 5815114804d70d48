"""`sotto-hub models`: what can be fetched, what is here, fetching, removing, checking."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bars
from rich.table import Table

from hub.command_line import ConfigOption, complain, fail, read_settings
from hub.engines.base import EngineError
from hub.engines.model_catalog import OLLAMA
from hub.engines.model_progress import Progress

if TYPE_CHECKING:
    from hub.engines.models import Models

app = typer.Typer(
    help="Models: list, fetch, remove and check them. docs/models.md tells more.",
    no_args_is_help=True,
)
_output = Console()
_T = TypeVar("_T")

_STEPS = {
    "waiting": "another program fetches it",
    "asking": "asking",
    "fetching": "fetching",
    "checking": "checking",
    "done": "here",
}

NamesArgument = Annotated[
    list[str] | None,
    typer.Argument(
        help="Such as whisper/base, piper/en_US-lessac-medium, smart-turn/v3, ollama/qwen3:4b.",
        show_default=False,
    ),
]


@app.command("list")
def list_models(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list instead.")] = False,
    config: ConfigOption = None,
) -> None:
    """Show the models that can be fetched, which are here, and which the settings use.

    Of Piper's voices only some are shown: each one of rhasspy/piper-voices can be fetched. Of
    Ollama's models those are shown that it has.
    """
    from hub.engines.hardware import inspect_machine
    from hub.engines.models import Entry
    from hub.model_needs import models_of, wanted

    settings = read_settings(config)
    models = models_of(settings)
    used = [each.name for each in wanted(settings, inspect_machine())]

    async def run() -> list[Entry]:
        entries = await models.entries(used)
        try:
            entries += await models.ollama_entries()
        except EngineError as error:
            # With "auto" there need not be one.
            if settings.engines.language_model == "ollama":
                typer.echo(str(error), err=True)
        known = {entry.name.removesuffix(":latest") for entry in entries}
        return entries + [
            Entry(name, "thinks", None, here=False)
            for name in used
            if name.removesuffix(":latest") not in known
        ]

    try:
        entries = _run(run())
    except EngineError as error:
        fail(str(error))
    using = {name.removesuffix(":latest") for name in used}
    uses = {entry.name: entry.name.removesuffix(":latest") in using for entry in entries}
    if as_json:
        lines = [{**asdict(entry), "used": uses[entry.name]} for entry in entries]
        typer.echo(json.dumps(lines, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("model", "for what", "size", "here", "used"):
        table.add_column(heading, justify="right" if heading == "size" else "left", no_wrap=True)
    for entry in entries:
        here = "" if not entry.here else "yes" if entry.checked else "yes, unchecked"
        used_now = "yes" if uses[entry.name] else ""
        size = _megabytes(entry.size_bytes)
        style = "bold" if entry.here else "red" if uses[entry.name] else None
        table.add_row(entry.name, entry.purpose, size, here, used_now, style=style)
    _print_whole(table)
    _print_whole(f"in {models.store.folder}")


@app.command()
def pull(names: NamesArgument = None, config: ConfigOption = None) -> None:
    """Fetch models, or bring them up to date. Without NAMES: what the settings name.

    What was interrupted goes on where it stopped. All that comes is checked before it is used.
    """
    from hub.engines.hardware import inspect_machine
    from hub.model_needs import models_of, wanted

    settings = read_settings(config)
    models = models_of(settings)
    optional = set()
    if not names:
        named = wanted(settings, inspect_machine())
        names = [each.name for each in named]
        optional = {each.name for each in named if each.name.startswith(OLLAMA) and each.optional}
        if not names:
            typer.echo("The settings name no model that could be fetched.")
    well = True
    for name in dict.fromkeys(names):
        if name in optional and not _run(_has_ollama(models)):
            typer.echo(f"{name}: left out, for there is no Ollama")
            continue
        goes_on = f"Stopped. `sotto-hub models pull {name}` goes on from here."
        well &= _is_done(_pull(name, models.pull), goes_on)
    if not well:
        raise typer.Exit(1)


@app.command()
def rm(
    names: Annotated[list[str], typer.Argument(help="Such as whisper/base.")],
    config: ConfigOption = None,
) -> None:
    """Remove models, and what has come of models that are not whole."""
    from hub.model_needs import models_of

    models = models_of(read_settings(config))
    well = True
    for name in dict.fromkeys(names):
        if _is_done(models.remove(name)):
            typer.echo(f"{name}: removed")
        else:
            well = False
    if not well:
        raise typer.Exit(1)


@app.command()
def verify(names: NamesArgument = None, config: ConfigOption = None) -> None:
    """Read models and compare them with what was fetched. Without NAMES: all that are here.

    Exit code 1 if one is not as it was fetched. Of Ollama's only whether they are here.
    """
    from hub.model_needs import models_of

    models = models_of(read_settings(config))
    sizes = {each.name: each.size_bytes for each in models.store.installed()}
    checked = names or list(sizes)
    if not checked:
        typer.echo(f"There are no models in {models.store.folder}.")
    well = True
    for name in dict.fromkeys(checked):
        findings: list[str] = []
        well &= _is_done(_verify(name, sizes.get(name), models.verify, findings))
        for finding in findings:
            typer.echo(f"{name}: {finding}")
            well = False
        if findings:
            typer.echo(f"{name}: run `sotto-hub models pull {name}`, which mends it.")
    if not well:
        raise typer.Exit(1)


async def _has_ollama(models: "Models") -> bool:
    try:
        await models.ollama_entries()
    except EngineError:
        return False
    return True


async def _pull(name: str, pull: Callable[..., Coroutine[Any, Any, None]]) -> None:
    last: Progress | None = None

    def report(progress: Progress) -> None:
        nonlocal last
        if bar is not None:
            bar(progress.done_bytes, progress.total_bytes, _STEPS[progress.step])
        elif progress.step in {"waiting", "fetching"} - {last.step if last else ""}:
            size = f", {_megabytes(progress.total_bytes)}" if progress.total_bytes else ""
            typer.echo(f"{name}: {_STEPS[progress.step]}{size}")
        last = progress

    async with _bar(name) as bar:
        await pull(name, report)
    size = _megabytes(last.total_bytes) if last is not None else ""
    typer.echo(f"{name}: here, {size}" if size else f"{name}: here")


async def _verify(
    name: str,
    size: int | None,
    verify: Callable[..., Coroutine[Any, Any, list[str]]],
    findings: list[str],
) -> None:
    done = 0

    def read(count: int) -> None:
        nonlocal done
        done += count
        if bar is not None:
            bar(done, size, _STEPS["checking"])

    async with _bar(name) as bar:
        findings += await verify(name, read)
    if not findings and name.startswith(OLLAMA):
        typer.echo(f"{name}: here, and Ollama itself checks what it holds")
    elif not findings:
        typer.echo(f"{name}: as it was fetched")


@asynccontextmanager
async def _bar(name: str) -> AsyncGenerator[Callable[[int, int | None, str], None] | None]:
    """Enter with what moves a progress bar; None without a terminal, where there is none."""
    if not _output.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=_output, transient=True) as bars:
        task = bars.add_task(name, total=None)

        def move(done: int, total: int | None, step: str) -> None:
            bars.update(task, completed=done, total=total, description=f"{name}: {step}")

        yield move


def _run(work: Coroutine[Any, Any, _T], stopped: str = "Interrupted.") -> _T:
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        fail(stopped)


def _is_done(work: Coroutine[Any, Any, None], stopped: str = "Interrupted.") -> bool:
    try:
        _run(work, stopped)
    except EngineError as error:
        complain(str(error))
        return False
    return True


def _megabytes(size_bytes: int | None) -> str:
    if size_bytes is None:
        return ""
    return f"{size_bytes / 1e9:.1f} GB" if size_bytes >= 1e9 else f"{size_bytes / 1e6:.0f} MB"


def _print_whole(shown: Table | str) -> None:
    """Print a line as long as it is where there is no terminal to be as wide as."""
    if _output.is_terminal:
        _output.print(shown, highlight=False)
    else:
        Console(width=200).print(shown, highlight=False, soft_wrap=isinstance(shown, str))
