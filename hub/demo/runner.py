"""The demo: three spoken commands change a simulated home, on real parts, and every step shows."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from audio.pcm import FormatError
from audio.wav import read
from hub.demo.processes import ProcessFailed
from hub.demo.report import show
from hub.demo.stack import Spoken, Stack

SPEECH = Path(__file__).parent / "speech"
COMMANDS = (
    "turn on the bed light",
    "set the kitchen lights to blue",
    "open the garage door",
)


def demo_files() -> list[Path]:
    """Return the demo's own spoken commands, in the order of COMMANDS."""
    return [SPEECH / f"{words.replace(' ', '-')}.wav" for words in COMMANDS]


class DemoFailed(Exception):
    """A step of the demo did not happen; the text says which, and what to do."""


async def run_demo(wavs: Sequence[Path], answers: Path, *, area: str, verbose: bool) -> None:
    """Run the demo with its own commands, or with `wavs`. Raises DemoFailed."""
    console = Console(highlight=False, soft_wrap=True)
    for wav in wavs:
        _check_readable(wav)
    expected = [None] * len(wavs) if wavs else list(COMMANDS)
    files = list(wavs) or demo_files()
    answers = answers.resolve()
    try:
        answers.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DemoFailed(f"{answers} can not be written: {error.strerror}.") from error
    try:
        with console.status("Starting broker, simulated home and hub ..."):
            stack = Stack(verbose=verbose)
            await stack.__aenter__()
        try:
            console.print(
                "Broker, simulated home, hub and satellite run as processes of their own."
            )
            faults: list[str] = []
            turns = stack.speak(files, answers, area=area)
            number = 0
            async for turn in turns:
                show(console, number + 1, turn)
                faults += _faults(turn, expected[number], answers / f"{number + 1}.wav")
                number += 1
        finally:
            await stack.__aexit__(None, None, None)
    except ProcessFailed as error:
        raise DemoFailed(str(error)) from None
    console.print(f"\nThe spoken answers are in {answers}")
    if faults:
        raise DemoFailed("Not everything happened:\n" + "\n".join(f"  {fault}" for fault in faults))


def _check_readable(wav: Path) -> None:
    """Raise DemoFailed for what can not be spoken, before anything is started."""
    if not wav.is_file():
        raise DemoFailed(f"There is no file {wav}.")
    try:
        read(wav)
    except (OSError, FormatError) as error:
        raise DemoFailed(f"{wav} can not be read as a WAV file: {error}.") from error


def _faults(turn: Spoken, expected: str | None, answer: Path) -> list[str]:
    """Return what did not happen. With an `expected` sentence, the home must act on it."""
    name = turn.wav.name
    faults = []
    if not turn.transcript:
        faults.append(f"{name}: nothing was understood.")
    elif expected is not None and turn.transcript.lower() != expected:
        faults.append(f"{name}: {turn.transcript!r} was heard, not {expected!r}.")
    if turn.outcome != "answered":
        faults.append(f"{name}: the turn ended as {turn.outcome!r}.")
    if expected is not None and not turn.seen:
        faults.append(f"{name}: nothing was published on MQTT.")
    if not turn.answer or turn.first_audio_at is None:
        faults.append(f"{name}: there was no spoken answer.")
    elif not answer.is_file() or answer.stat().st_size < 1000:
        faults.append(f"{name}: the spoken answer was not left in {answer}.")
    return faults
