"""Shows what came of each spoken command."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hub.demo.stack import Spoken

BAR_WIDTH = 28

STAGES = {
    "speech": "person speaks",
    "endpoint": "waiting for the end",
    "transcript": "speech to text",
    "intent": "understanding",
    "action": "acting, home confirms",
    "first audio": "text to speech",
}


def show(console: Console, number: int, turn: Spoken) -> None:
    """Print one command: heard, happened, answered, and the waterfall of its stages."""
    console.print(f"\n[bold]{number}. {escape(turn.wav.name)}[/]")
    console.print(f"   heard     [cyan]{escape(turn.transcript or '(nothing understood)')}[/]")
    if not turn.seen:
        console.print("   at home   (nothing was published)")
    for index, seen in enumerate(turn.seen):
        label = "at home " if index == 0 else "        "
        console.print(f"   {label}  {escape(seen.topic)} [green]{escape(seen.payload)}[/]")
    console.print(f"   answered  [cyan]{escape(turn.answer or '(nothing)')}[/]")
    _waterfall(console, turn)


def _waterfall(console: Console, turn: Spoken) -> None:
    rows: list[tuple[str, float, float]] = []
    for name, words in STAGES.items():
        times = turn.stage_ms(name)
        if times is not None:
            rows.append((words, *times))
    if turn.latency_ms is not None:
        start = rows[-1][2] if rows else 0.0
        rows.append(("to the speaker", start, turn.latency_ms))
    if not rows:
        return
    first = max(min(start for _, start, _ in rows), -200.0)
    last = max(end for _, _, end in rows)
    table = Table(box=None, padding=(0, 1), show_header=True, header_style="dim")
    table.add_column("   ms after end of speech", no_wrap=True)
    table.add_column("from", justify="right")
    table.add_column("to", justify="right")
    table.add_column("took", justify="right")
    table.add_column("", no_wrap=True)
    for words, start, end in rows:
        table.add_row(
            f"   {words}",
            f"{start:.0f}",
            f"{end:.0f}",
            f"{end - start:.1f}" if end - start < 10 else f"{end - start:.0f}",
            _bar(start, end, first, last),
        )
    console.print(table)
    if turn.latency_ms is not None:
        console.print(
            f"   first answer audio [bold]{turn.latency_ms:.0f} ms[/] after the end of speech"
        )


def _bar(start: float, end: float, first: float, last: float) -> str:
    """Return a bar from `start` to `end` on a line that shows `first` to `last`."""
    scale = BAR_WIDTH / max(last - first, 1.0)
    left = round((max(start, first) - first) * scale)
    width = max(1, round((end - max(start, first)) * scale))
    return f"[dim]{'·' * left}[/][magenta]{'█' * width}[/]"
