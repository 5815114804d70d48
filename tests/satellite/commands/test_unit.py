"""The service: its unit is sound and closed, and `setup` installs it."""

import grp
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from satellite.commands import unit
from satellite.commands.unit import devices, install, unit_text
from satellite.errors import SatelliteError

UNITS = Path(__file__).parents[3] / "systemd"
MOST_EXPOSED = 2.5
"""Of systemd's own scale from 0 to 10; an ordinary service has 9.6."""


def analyze(*words: str) -> str:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze: install systemd")
    done = subprocess.run(
        ["systemd-analyze", *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def runnable(name: str, folder: Path) -> str:
    """Return a unit whose program is here, for only then systemd takes it for whole."""
    lines = (UNITS / name).read_text().splitlines()
    here = ["ExecStart=/bin/true" if line.startswith("ExecStart=") else line for line in lines]
    (folder / name).write_text("\n".join(here))
    return str(folder / name)


@pytest.mark.parametrize("name", ["sotto-hub.service", "sotto-satellite.service"])
def test_systemd_has_nothing_to_say_against_a_unit(name: str, tmp_path: Path) -> None:
    assert analyze("verify", runnable(name, tmp_path)) == ""


@pytest.mark.parametrize("name", ["sotto-hub.service", "sotto-satellite.service"])
def test_a_service_can_do_little_beside_its_work(name: str, tmp_path: Path) -> None:
    told = analyze("security", "--offline=yes", "--no-pager", runnable(name, tmp_path))
    level = next(line for line in told.splitlines() if "Overall exposure level" in line)
    assert float(level.split(":")[1].split()[0]) <= MOST_EXPOSED


@pytest.mark.parametrize("name", ["sotto-hub.service", "sotto-satellite.service"])
def test_a_service_is_restarted_watched_and_has_a_user_of_its_own(name: str) -> None:
    text = (UNITS / name).read_text()
    assert f"User={name.removesuffix('.service')}\n" in text
    for wanted in ("Type=notify\n", "Restart=always\n", "WatchdogSec=", "ProtectSystem=strict\n"):
        assert wanted in text


def test_the_unit_starts_this_installation_with_these_settings() -> None:
    text = unit_text(Path("/opt/sotto/bin/sotto-satellite"), Path("/etc/sotto/kitchen.toml"))
    started = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    assert started == [
        "ExecStart=/opt/sotto/bin/sotto-satellite run --config /etc/sotto/kitchen.toml"
    ]


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The groups of a Raspberry Pi."""
    there = {"audio", "gpio", "spi"}
    monkeypatch.setattr(
        grp, "getgrall", lambda: [grp.struct_group((one, "x", 1, [])) for one in there]
    )
    return there


@pytest.mark.usefixtures("groups")
def test_lights_and_pins_are_let_through_only_where_they_are_used() -> None:
    assert devices(frozenset({"spi", "gpio"})) == (
        "[Service]\nSupplementaryGroups=gpio spi\n"
        "DeviceAllow=char-gpiochip rw\nDeviceAllow=char-spi rw\n"
    )


def test_a_group_that_is_not_there_is_not_asked_for_and_is_told(groups: set[str]) -> None:
    groups -= {"gpio"}
    wanted = frozenset({"spi", "gpio"})
    assert "SupplementaryGroups=spi\n" in devices(wanted)
    assert "DeviceAllow=char-gpiochip rw\n" in devices(wanted)
    assert unit.missing(wanted) == {"gpio"}
    assert "SupplementaryGroups" not in devices(frozenset({"gpio"}))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs that only write down how they were called, and an account that is there."""
    calls = tmp_path / "calls"
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("systemctl", "useradd"):
        program = programs / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >> {calls}\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setattr(sys, "argv", ["/opt/sotto/bin/sotto-satellite"])
    monkeypatch.setattr(unit, "USER", pwd.getpwuid(os.getuid()).pw_name)
    return calls


def test_setup_installs_the_service_and_starts_it(tmp_path: Path, machine: Path) -> None:
    config = tmp_path / "satellite.toml"
    config.touch()
    units = tmp_path / "units"
    units.mkdir()
    install(config, None, frozenset({"spi"}), units)
    assert f"--config {config}" in (units / unit.NAME).read_text()
    more = units / f"{unit.NAME}.d" / "devices.conf"
    assert "char-spi" in more.read_text()
    assert machine.read_text().splitlines() == [
        "systemctl daemon-reload",
        f"systemctl enable {unit.NAME}",
        f"systemctl restart {unit.NAME}",
    ]
    install(config, None, frozenset(), units)
    assert not more.exists()


def test_an_account_is_made_where_there_is_none(
    tmp_path: Path, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit, "USER", "sotto-nobody-yet")
    (tmp_path / "satellite.toml").touch()
    with pytest.raises(SatelliteError, match="run it with sudo"):
        install(tmp_path / "satellite.toml", None, frozenset(), tmp_path)
    assert "useradd --system" in machine.read_text()


def test_a_program_in_a_home_is_refused_for_the_service_may_not_see_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/home/ann/.venv/bin/sotto-satellite"])
    with pytest.raises(SatelliteError, match=r"/opt"):
        install(tmp_path / "satellite.toml", None, frozenset(), tmp_path)


def test_what_systemctl_says_is_passed_on(tmp_path: Path, machine: Path) -> None:
    (tmp_path / "bin" / "systemctl").write_text("#!/bin/sh\necho 'Access denied' >&2\nexit 1\n")
    (tmp_path / "satellite.toml").touch()
    with pytest.raises(SatelliteError, match="daemon-reload: Access denied"):
        install(tmp_path / "satellite.toml", None, frozenset(), tmp_path)


def test_the_satellite_may_see_the_cards_that_come_and_go() -> None:
    lines = (UNITS / "sotto-satellite.service").read_text().splitlines()
    assert not [line for line in lines if line.startswith("ProcSubset")]
    assert "PrivateDevices=yes" not in lines
