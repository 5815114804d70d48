"""From the command line's words to a running satellite, and its end."""

import asyncio
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protocol.service_manager import ServiceManager
from satellite import log
from satellite.app import run
from satellite.events import EventLines
from satellite.runtime import EventSink
from satellite.service import ServiceStatus
from satellite.settings import SatelliteSettings, load


@dataclass(frozen=True, slots=True)
class Options:
    """How to run once, beside the settings."""

    wavs: tuple[Path, ...] = ()
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


def start(config: Path | None, given: Mapping[str, Any], options: Options) -> bool:
    """Run until told to end, or until every WAV was spoken; return whether all were answered.

    `given` are settings of the command line; those that are None were not given.

    Raises SatelliteError.
    """
    settings = load(config, overrides={k: v for k, v in given.items() if v is not None})
    log.set_up("debug" if options.verbose else settings.log.level, settings.log.form)
    return asyncio.run(_run_until_told(settings, options))


async def _run_until_told(settings: SatelliteSettings, options: Options) -> bool:
    """Run the satellite; SIGTERM and SIGINT end it in order.

    Raises KeyboardInterrupt for SIGINT, also where whoever started us left it ignored.
    """
    manager = ServiceManager()
    sinks: list[EventSink] = [log.EventLog().write, ServiceStatus(manager).follow]
    if options.events:
        sinks.append(EventLines(sys.stdout, log.say_events_lost).write)
    running = asyncio.create_task(
        run(
            settings,
            options.wavs,
            realtime=not options.fast,
            sinks=sinks,
            talk_over_s=options.talk_over_s,
            gain_db=options.gain_db,
        )
    )
    alive = asyncio.create_task(manager.stay_alive())
    interrupted = False

    def interrupt() -> None:
        nonlocal interrupted
        interrupted = True
        running.cancel()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, running.cancel)
    loop.add_signal_handler(signal.SIGINT, interrupt)
    await asyncio.wait([running])
    manager.stopping()
    alive.cancel()
    if interrupted:
        raise KeyboardInterrupt
    return True if running.cancelled() else running.result()
