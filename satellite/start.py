"""The satellite's process: from what `launch` was told to a running satellite, and its end."""

import asyncio
import signal
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from protocol.service_manager import ServiceManager
from satellite import log
from satellite.app import run
from satellite.backoff import Backoff
from satellite.errors import SatelliteError
from satellite.event_lines import EventLines
from satellite.launch import Options, read_launch
from satellite.mending import wait_for_mending
from satellite.ports import EventSink
from satellite.service import ServiceStatus
from satellite.settings import SatelliteSettings, default_file, load

FIRST_AGAIN_S = 4.0
MOST_AGAIN_S = 60.0
"""A service that can not begin tries again so often, and at once when its settings are changed."""
_INTERRUPTED = 130

T = TypeVar("T")


def main() -> int:
    """Run until told to end, or until every WAV was spoken; return the exit code.

    What is wrong ends the program with a line; a service stays, and begins when it is mended. The
    one argument is that of `launch`.
    """
    try:
        return _work(*read_launch(sys.argv[1]))
    except KeyboardInterrupt:
        return _INTERRUPTED


def _work(config: Path | None, given: dict[str, Any], options: Options) -> int:
    file = default_file() if config is None else config.expanduser()
    manager = ServiceManager()
    trouble: SatelliteError | None = None
    patience = _patience()
    while True:
        began = time.monotonic()
        try:
            settings = load(config, overrides=given)
            log.set_up("debug" if options.verbose else settings.log.level, settings.log.form)
            answered = asyncio.run(_until_told(_run(settings, options, manager), manager))
            return 0 if answered is not False else _fail("not every command was answered")
        except SatelliteError as error:
            if not manager.present:
                return _fail(error.text)
            if time.monotonic() - began > MOST_AGAIN_S:
                trouble, patience = None, _patience()
            if trouble is None or trouble.text != error.text:
                _fail(error.text)
            trouble = error
        manager.ready()
        manager.status(trouble.text)
        waiting = wait_for_mending(file, trouble, patience.next_s())
        if asyncio.run(_until_told(waiting, manager)) is None:
            return 0


async def _run(settings: SatelliteSettings, options: Options, manager: ServiceManager) -> bool:
    sinks: list[EventSink] = [log.EventLog().write, ServiceStatus(manager).follow]
    if options.events:
        sinks.append(EventLines(sys.stdout, log.say_events_lost).write)
    return await run(
        settings,
        [Path(wav) for wav in options.wavs],
        realtime=not options.fast,
        sinks=sinks,
        talk_over_s=options.talk_over_s,
        gain_db=options.gain_db,
    )


async def _until_told(work: Coroutine[Any, Any, T], manager: ServiceManager) -> T | None:
    """Return what comes of it, or None: SIGTERM and SIGINT end it in order.

    Raises KeyboardInterrupt for SIGINT, also where whoever started us left it ignored.
    """
    running = asyncio.create_task(work)
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
    if running.cancelled():
        manager.stopping()
    alive.cancel()
    if interrupted:
        raise KeyboardInterrupt
    return None if running.cancelled() else running.result()


def _patience() -> Backoff:
    return Backoff(first_s=FIRST_AGAIN_S, most_s=MOST_AGAIN_S)


def _fail(text: str) -> int:
    """Say what went wrong and what to do; return the exit code."""
    red, plain = ("\x1b[31m", "\x1b[0m") if sys.stderr.isatty() else ("", "")
    sys.stderr.write(f"{red}sotto-satellite: {text}{plain}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
