"""From the command line to a satellite that runs: the process begins anew, without what read it.

That takes 15 MB, which would be lost for as long as the satellite runs. So the process becomes
another program, `python -m satellite.start`, which is told in one argument what to do.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

import orjson


@dataclass(frozen=True, slots=True)
class Options:
    """How to run once, beside the settings."""

    wavs: tuple[str, ...] = ()
    """Commands to speak; then the program ends."""
    talk_over_s: float | None = None
    """Speak each next WAV so long after the answer to the one before began to be heard."""
    gain_db: float = 0.0
    """Make the WAVs louder, or quieter."""
    fast: bool = False
    """Let files not take the time that sound takes."""
    events: bool = False
    """Write events to standard output."""
    verbose: bool = False
    """Log everything."""


def launch(config: Path | None, given: Mapping[str, Any], options: Options) -> NoReturn:
    """Become the satellite. `given` are settings of the command line; None was not given."""
    told = {
        "config": config,
        "given": {key: value for key, value in given.items() if value is not None},
        "options": asdict(options),
    }
    argument = orjson.dumps(told, default=str).decode()
    sys.stdout.flush()
    sys.stderr.flush()
    # A program that did not look for modules where it was started does not look there now.
    looks_here = sys.path[:1] in ([""], [os.getcwd()])  # noqa: PTH109
    flags = [] if looks_here else ["-P"]
    os.execv(sys.executable, [sys.executable, *flags, "-m", "satellite.start", argument])  # noqa: S606


def read_launch(argument: str) -> tuple[Path | None, dict[str, Any], Options]:
    """Return what `launch` was given."""
    told = orjson.loads(argument)
    options = Options(**{**told["options"], "wavs": tuple(told["options"]["wavs"])})
    config = None if told["config"] is None else Path(told["config"])
    return config, told["given"], options
