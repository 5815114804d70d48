"""The script that makes an appliance, as far as it goes without changing the machine."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "deploy" / "raspberry-pi.sh"


def show(*words: str, folder: Path, units: Path | None = None) -> tuple[int, str]:
    if shutil.which("apt-get") is None:
        pytest.skip("no apt-get: this is no Debian")
    done = subprocess.run(
        ["sh", str(SCRIPT), *words, "--dry-run"],
        cwd=folder,
        env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "UNITS": str(units or folder),
            "BIN": str(folder),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("words", [(), ("hub",), ("--from", str(ROOT))])
def test_it_installs_the_sources_that_it_lies_in_and_nothing_by_name(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    code, told = show(*words, folder=tmp_path)
    assert code == 0, told
    installs = next(line for line in told.splitlines() if "pip install" in line)
    path = Path(installs.split()[-1].partition("[")[0])
    assert path.resolve() == ROOT


@pytest.mark.parametrize("where", ["sotto", "sotto==1.2", "nowhere.whl"])
def test_a_name_of_the_package_index_is_refused(where: str, tmp_path: Path) -> None:
    code, told = show("--from", where, folder=tmp_path)
    assert code == 1
    assert "say --from WHERE" in told


def test_a_service_that_is_there_gets_the_new_unit_and_keeps_its_settings(tmp_path: Path) -> None:
    start = "ExecStart=/opt/sotto/bin/sotto-satellite run --config /etc/sotto/kitchen.toml"
    (tmp_path / "sotto-satellite.service").write_text(f"[Service]\n{start}\n")
    code, told = show(folder=tmp_path)
    assert code == 0, told
    assert "share/sotto/systemd/sotto-satellite.service" in told
    assert f"#{start}#" in told


def test_its_commands_are_found_by_their_names(tmp_path: Path) -> None:
    code, told = show(folder=tmp_path)
    assert code == 0, told
    assert f"ln -sfn /opt/sotto/bin/sotto-satellite {tmp_path}/sotto-satellite" in told


def test_for_root_the_hubs_commands_see_what_its_service_sees(tmp_path: Path) -> None:
    code, told = show("hub", folder=tmp_path)
    assert code == 0, told
    unit = (ROOT / "systemd" / "sotto-hub.service").read_text()
    unit = unit.replace("%S", "/var/lib").replace("%C", "/var/cache")
    seen = re.findall(r"((?:HOME|XDG_\w+)=\S+)", unit)
    assert len(seen) == 5
    assert [one for one in seen if one not in told] == []
    assert "runuser -u sotto-hub" in told


def test_another_program_of_that_name_stays(tmp_path: Path) -> None:
    (tmp_path / "sotto-satellite").touch()
    code, told = show(folder=tmp_path)
    assert code == 0, told
    assert "is another program and stays" in told
    assert "ln -sfn" not in told
