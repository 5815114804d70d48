"""Installs the systemd unit, so that the satellite starts with the machine."""

import grp
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from protocol import SottoError
from satellite.errors import SatelliteError

NAME = "sotto-satellite.service"
USER = "sotto-satellite"
UNITS = Path("/etc/systemd/system")
STATE = Path("/var/lib/sotto-satellite")
"""The service's state folder, which only the service is told."""
_RUNNING = Path("/run/systemd/system")
"""Is there where systemd runs; see sd_booted(3)."""
_NO_SHELL = "/usr/sbin/nologin"
_LIMIT_S = 60.0


def unit_text(program: Path, config: Path) -> str:
    """Return the unit for this installation. Raises SatelliteError "no-unit"."""
    lines = []
    for line in _template().read_text(encoding="utf-8").splitlines():
        is_start = line.startswith("ExecStart=")
        lines.append(f"ExecStart={program} run --config {config}" if is_start else line)
    return "\n".join(lines) + "\n"


def devices(groups: frozenset[str]) -> str:
    """Return the drop-in that lets the service use more than the sound card."""
    # The names of /proc/devices: that of /dev/spidev* is "spi".
    kinds = {"gpio": "char-gpiochip", "spi": "char-spi"}
    allowed = "".join(f"DeviceAllow={kinds[group]} rw\n" for group in sorted(groups))
    # A service with a group that does not exist is not started at all.
    there = sorted(groups - missing(groups))
    return "[Service]\n" + f"SupplementaryGroups={' '.join(there)}\n" * bool(there) + allowed


def missing(groups: frozenset[str]) -> frozenset[str]:
    """Return those that this machine does not have; Raspberry Pi OS has them all."""
    return groups - {one.gr_name for one in grp.getgrall()}


def can_install() -> bool:
    """Tell whether systemd runs here and may be changed."""
    return _RUNNING.is_dir() and shutil.which("systemctl") is not None


def is_running() -> bool:
    """Tell whether the service runs; then it has the sound card."""
    if not can_install():
        return False
    try:
        _run("systemctl", "is-active", NAME)
    except SatelliteError:
        return False
    return True


@contextmanager
def stopped() -> Iterator[bool]:
    """Stop the service within the body, for who may; tell whether it was, and start it after that.

    Raises SatelliteError "no-unit".
    """
    if os.geteuid() != 0 or not is_running():
        yield False
        return
    with _hang_ups_interrupt():
        _run("systemctl", "stop", NAME)
        try:
            yield True
        finally:
            _run("systemctl", "start", NAME)


@contextmanager
def _hang_ups_interrupt() -> Iterator[None]:
    """Have what would end this program at once count as Ctrl-C: a connection by ssh may be lost."""

    def interrupt(*_: object) -> None:
        signal.raise_signal(signal.SIGINT)

    before = {one: signal.signal(one, interrupt) for one in (signal.SIGHUP, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def use_state(file: Path, service_file: Path) -> None:
    """Let this process see what the service has kept, where these are the service's settings."""
    if file == service_file and STATE.is_dir():
        os.environ.setdefault("STATE_DIRECTORY", str(STATE))


def advice(error: SottoError) -> str:
    """Return what to do where it may be the service that has a device; else nothing."""
    if error.code not in ("no-microphone", "no-speaker") or not is_running():
        return ""
    return ". The satellite's service has the sound card: with sudo it rests meanwhile"


def install(config: Path, secret: Path | None, groups: frozenset[str], units: Path = UNITS) -> None:
    """Make the satellite a service that starts with the machine, and start it now.

    `secret` is the token's file; it and the settings become the service's own.

    Raises SatelliteError "no-unit".
    """
    program = Path(sys.argv[0]).resolve()
    if Path("/home") in program.parents or Path("/root") in program.parents:
        text = f"{program} lies in a home, which the service may not see: install Sotto in /opt"
        raise SatelliteError("no-unit", text)
    try:
        pwd.getpwnam(USER)
    except KeyError:
        _run("useradd", "--system", "--user-group", "--home-dir", "/", "--shell", _NO_SHELL, USER)
    _give(config, secret)
    try:
        (units / NAME).write_text(unit_text(program, config), encoding="utf-8")
        more = units / f"{NAME}.d" / "devices.conf"
        if groups:
            more.parent.mkdir(exist_ok=True)
            more.write_text(devices(groups), encoding="utf-8")
        else:
            more.unlink(missing_ok=True)
    except (OSError, LookupError) as error:
        raise SatelliteError("no-unit", f"{error}: run it with sudo") from error
    for words in (("daemon-reload",), ("enable", NAME), ("restart", NAME)):
        _run("systemctl", *words)


def hand_over(*files: Path | None) -> None:
    """Make files the service's own, where it has an account. Raises SatelliteError "no-unit"."""
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return
    _give(*files)


def _give(*files: Path | None) -> None:
    try:
        for file in files:
            if file is not None:
                shutil.chown(file, USER, USER)
    except (OSError, LookupError) as error:
        raise SatelliteError("no-unit", f"{error}: run it with sudo") from error


def _run(*command: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=_LIMIT_S)
    except FileNotFoundError as error:
        raise SatelliteError("no-unit", f"there is no program {command[0]}") from error
    except subprocess.CalledProcessError as error:
        text = f"{' '.join(command)}: {error.stderr.strip()}"
        raise SatelliteError("no-unit", text) from error
    except subprocess.TimeoutExpired as error:
        text = f"{' '.join(command)} did not end within {_LIMIT_S:g} s"
        raise SatelliteError("no-unit", text) from error


def _template() -> Path:
    """Return the unit as it was installed, or as it stands in the repository."""
    places = (Path(sys.prefix) / "share/sotto/systemd", Path(__file__).parents[2] / "systemd")
    for place in places:
        if (place / NAME).is_file():
            return place / NAME
    raise SatelliteError("no-unit", f"{NAME} is missing: install Sotto anew")
