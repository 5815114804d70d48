"""The satellite's process: from what `launch` was told to a running satellite, and its end."""

import asyncio
import signal
import sys
from pathlib import Path

from protocol.service_manager import ServiceManager
from satellite import log
from satellite.app import run
from satellite.errors import SatelliteError
from satellite.event_lines import EventLines
from satellite.launch import Options, read_launch
from satellite.ports import EventSink
from satellite.service import ServiceStatus
from satellite.settings import SatelliteSettings, load

_INTERRUPTED = 130


def main() -> int:
    """Run until told to end, or until every WAV was spoken; return the exit code.

    The one argument is that of `launch`.
    """
    config, given, options = read_launch(sys.argv[1])
    try:
        settings = load(config, overrides=given)
        log.set_up("debug" if options.verbose else settings.log.level, settings.log.form)
        answered = asyncio.run(_run_until_told(settings, options))
    except SatelliteError as error:
        return _fail(error.text)
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 0 if answered else _fail("not every command was answered")


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
            [Path(wav) for wav in options.wavs],
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


def _fail(text: str) -> int:
    """Say what went wrong and what to do; return the exit code."""
    red, plain = ("\x1b[31m", "\x1b[0m") if sys.stderr.isatty() else ("", "")
    sys.stderr.write(f"{red}sotto-satellite: {text}{plain}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
