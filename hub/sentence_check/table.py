"""Shows what came of the sentences: a table by intent and language, and what failed."""

import asyncio
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from hub.sentence_check.check import Report, SentenceCheck

GOAL = 0.95
"""Of each language's sentences, so many are to be executed rightly."""


def check_sentences(
    languages: Sequence[str], count: int | None, seed: int, console: Console
) -> list[Report]:
    """Check every language, with a bar for each. Raises LanguageUnsupported."""
    checks = [SentenceCheck(language, seed) for language in languages]
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
    with progress:
        tasks = [
            progress.add_task(check.language, total=len(check.plan(count))) for check in checks
        ]
        for check, task in zip(checks, tasks, strict=True):
            asyncio.run(check.run(count, lambda task=task: progress.advance(task)))  # type: ignore[misc]
    return [check.report for check in checks]


def table_of(reports: Sequence[Report]) -> Table:
    """Return the table: right of said sentences, by intent and language."""
    table = Table(Column("intent", no_wrap=True), *(report.language for report in reports))
    for intent in sorted({intent for report in reports for intent in report.said}):
        table.add_row(intent, *(_cell(report, intent) for report in reports))
    table.add_section()
    totals = (
        f"{report.right.total()}/{report.said.total()} {_colored(report.share)}"
        for report in reports
    )
    table.add_row("all", *totals)
    return table


def notes_of(reports: Sequence[Report], *, failures: bool) -> list[str]:
    """Return what was not said and why; with `failures`, what went wrong, too."""
    notes = [
        f"{report.language}: {count} templates are left out: {reason}"
        for report in reports
        for reason, count in sorted(report.left_out.items())
    ]
    for report in reports if failures else ():
        notes += [
            f"{report.language} {failure.intent}: {failure.text or failure.template!r}"
            f" ({failure.here or 'nowhere'}): {failure.reason}"
            for failure in report.failures
        ]
    return notes


def _cell(report: Report, intent: str) -> str:
    said, right = report.said[intent], report.right[intent]
    if not said:
        return ""
    return f"{right}/{said}" if right == said else f"[red]{right}/{said}[/]"


def _colored(share: float) -> str:
    color = "green" if share >= GOAL else "red"
    return f"[{color}]{share:.1%}[/]"
