"""What a satellite needs, looked at piece by piece: fine, or the one thing to do."""

import asyncio
import os
import shlex
import shutil
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import msgspec

from protocol import Link, Role, SottoError, connect
from satellite.chimes import load as load_sound
from satellite.commands import unit
from satellite.commands.hearing import listen_for
from satellite.commands.pair import identity_of
from satellite.commands.play import play
from satellite.devices import wav_path
from satellite.errors import SatelliteError
from satellite.handshake import greet, is_this_machine
from satellite.locate import locate
from satellite.own_token import OwnToken, token_of
from satellite.settings import SYSTEM_FILE, SatelliteSettings, default_file, load
from satellite.state_folder import state_folder
from satellite.wake_words import load_words

LISTEN_S = 1.0
CHECK_S = 20.0
"""The longest that one check may take."""
EARLIEST_S = 1_767_225_600
"""1 January 2026: before this program was written. A Pi has no clock of its own."""
_SILENCE = bytes(2 * 1_600)
_RATE_HZ = 16_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one check."""

    name: str
    ok: bool
    text: str
    """What there is; where it is not well, the one thing to do."""


class _Wrong(Exception):
    """Something is wrong; the text is the one thing to do."""


async def examine(config: Path | None) -> AsyncGenerator[Finding]:
    """Yield a finding for each thing that the satellite needs, as it is made.

    For root a service that runs is stopped meanwhile: it has the sound card. Raises SatelliteError
    "no-unit" where it can not be.
    """
    with unit.stopped() as stopped:
        if stopped:
            yield Finding("service", True, "stopped for this; it starts again afterwards")
        async with aclosing(_examine(config)) as findings:
            async for finding in findings:
                yield finding


async def _examine(config: Path | None) -> AsyncGenerator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < (3, 11)
    yield Finding("Python", not old, f"{version} is too old: install 3.11." if old else version)
    yield _clock(time.time())
    file = default_file() if config is None else config.expanduser()
    unit.use_state(file, SYSTEM_FILE)
    try:
        settings = load(config)
        settings.read_token()
    except SatelliteError as error:
        yield Finding("settings", False, f"{error.text}. The rest is looked at when this is well.")
        return
    yield Finding("settings", True, str(file) if file.is_file() else f"defaults: no {file}")
    yield _secrets(file, settings.token_file)
    for name, check in _CHECKS.items():
        found = await _outcome(name, check(settings))
        if found is not None:
            yield found


async def _outcome(name: str, check: Awaitable[str]) -> Finding | None:
    """Return what came of a check; None for what the settings do not ask for."""
    try:
        async with asyncio.timeout(CHECK_S):
            text = await check
    except _Wrong as error:
        return Finding(name, False, str(error))
    except SottoError as error:
        return Finding(name, False, error.text + unit.advice(error))
    except TimeoutError:
        return Finding(name, False, f"It took over {CHECK_S:g} s: is the device stuck?")
    except Exception as error:  # noqa: BLE001 - what nobody foresaw must not hide the other checks
        return Finding(name, False, f"{type(error).__name__}: {error}")
    return Finding(name, True, text) if text else None


def _clock(now_s: float) -> Finding:
    shown = time.strftime("%Y-%m-%d %H:%M", time.localtime(now_s))
    if now_s < EARLIEST_S:
        return Finding("clock", False, f"It shows {shown}: switch on NTP (timedatectl set-ntp 1).")
    return Finding("clock", True, shown)


def _secrets(file: Path, token_file: Path | None) -> Finding:
    files = [one.expanduser() for one in (file, token_file) if one is not None]
    for one in files:
        holds = one != file or (one.is_file() and "token" in one.read_text(errors="replace"))
        if one.is_file() and holds and one.stat().st_mode & 0o077:
            return Finding("secrets", False, f"Others can read {one}: run `chmod 600 {one}`.")
    return Finding("secrets", True, "only their owner can read them")


async def _microphone(settings: SatelliteSettings) -> str:
    if settings.microphone == "none":
        return "none is wanted"
    heard = await listen_for(settings.microphone, LISTEN_S, settings.sound)
    if heard.silent and wav_path(settings.microphone) is None:
        raise _Wrong(f"{settings.microphone}: {heard.verdict}")
    return f"{settings.microphone}: loudest {heard.loudest_dbfs:.0f} dBFS in {LISTEN_S:g} s"


async def _speaker(settings: SatelliteSettings) -> str:
    if settings.speaker == "none" or wav_path(settings.speaker) is not None:
        return f"{settings.speaker}: not tried"
    await play(settings.speaker, _SILENCE, _RATE_HZ, settings.sound)
    return f"{settings.speaker}: opens and plays"


async def _wake_words(settings: SatelliteSettings) -> str:
    if not settings.wake_words:
        return "none: it talks when its button is pressed"
    wake = settings.wake
    names = (*settings.wake_words, *([wake.stop_word] if wake.stop_word else []))
    _, problems = await asyncio.to_thread(load_words, names, wake, wake.sensitivity)
    if problems:
        raise _Wrong(" ".join(problems.values()))
    return ", ".join(settings.wake_words)


async def _hub(settings: SatelliteSettings) -> str:
    if settings.wyoming.uri:
        return f"none: it serves Home Assistant at {settings.wyoming.uri}"
    own = OwnToken(token_of(settings))
    addresses = await locate(settings.hubs, has_token=own.token is not None)
    error: SottoError | None = None
    refusal: SottoError | None = None
    for address in addresses:
        try:
            link = await connect(address.host, address.port, role=Role.SATELLITE)
        except SottoError as failure:
            error = failure
            continue
        try:
            return f"answers at {address}{await _greeted(link, settings, own)}"
        except SottoError as failure:
            refusal = failure  # it may be a neighbour's hub: ours may come yet
        except TimeoutError:
            text = f"{address} takes the connection and says nothing: is it a hub?"
            refusal = SatelliteError("no-answer", text)
        finally:
            await link.close("the doctor has seen enough")
    if refusal is not None:
        raise refusal
    raise _Wrong(f"{error.text if error else 'no address'}: is the hub on, and its port open?")


async def _greeted(link: Link, settings: SatelliteSettings, own: OwnToken) -> str:
    """Return what is to be said of the token. Raises SottoError, TimeoutError."""
    if unit.is_running():
        # A second satellite of its name would take the place of the one that runs.
        return "; its token is tried where the service may be stopped: run this with sudo"
    try:
        await greet(link, identity_of(settings), own)
    except SatelliteError as error:
        if error.code != "no-token":
            raise
        return ", and waits to be approved"
    if own.token is None and not is_this_machine(link.host):
        raise _Wrong(f"{link.peer} asks for no token: set one there and here, or run it here too.")
    return ", and takes this satellite"


async def _sounds(settings: SatelliteSettings) -> str:
    own = [Path(one) for one in msgspec.structs.astuple(settings.sounds) if isinstance(one, str)]
    for file in own:
        await asyncio.to_thread(load_sound, file, _RATE_HZ)
    return ", ".join(map(str, own))


async def _lights(settings: SatelliteSettings) -> str:
    match settings.lights.kind:
        case "apa102":
            device = settings.lights.device
            if not device.exists():
                raise _Wrong(f"There is no {device}: switch SPI on (raspi-config).")
            if not os.access(device, os.W_OK):
                raise _Wrong(f"This user may not write to {device}: add it to the group spi.")
            return f"{settings.lights.count} at {device}"
        case "none":
            return ""
        case kind:
            return kind


async def _pins(settings: SatelliteSettings) -> str:
    pins = settings.pins
    used = [pin for pin in (pins.button, pins.mute_switch, pins.led) if pin is not None]
    if not used:
        return ""
    if not pins.chip.exists():
        raise _Wrong(f"There is no {pins.chip}.")
    if not os.access(pins.chip, os.R_OK | os.W_OK):
        raise _Wrong(f"This user may not use {pins.chip}: add it to the group gpio.")
    return f"{', '.join(map(str, used))} of {pins.chip}"


async def _hooks(settings: SatelliteSettings) -> str:
    for name, command in settings.hooks.items():
        program = shlex.split(command)[0]
        if shutil.which(program) is None:
            raise _Wrong(f"The hook of {name!r}: there is no program {program}.")
    return ", ".join(settings.hooks)


async def _state(settings: SatelliteSettings) -> str:
    del settings
    folder = state_folder()
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise _Wrong(f"This user may not write to {there}, where volume and mute are kept.")
    return f"volume and mute are kept in {folder}"


_CHECKS: dict[str, Callable[[SatelliteSettings], Awaitable[str]]] = {
    "microphone": _microphone,
    "speaker": _speaker,
    "wake words": _wake_words,
    "hub": _hub,
    "sounds": _sounds,
    "lights": _lights,
    "pins": _pins,
    "hooks": _hooks,
    "state": _state,
}
