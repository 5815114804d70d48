"""What was changed while it ran is shown and forgotten by a command."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from satellite.__main__ import app
from satellite.commands import kept_settings, unit
from satellite.kept import Kept, kept_file, read, write
from satellite.live_settings import Change
from satellite.settings import load

KEPT = Kept(0.25, muted=True, set_volume=1.0, settings={"wake.mode": Change("voice", "wake-word")})


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    file = tmp_path / "satellite.toml"
    file.write_text('name = "Kitchen"\n')
    return file


def run(config: Path, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["settings", "--config", str(config), *more])
    return done.exit_code, done.output


def test_what_was_changed_is_shown_beside_what_the_file_says(config: Path) -> None:
    assert run(config) == (0, "Everything is as the settings file says.\n")
    write(kept_file(load(config)), KEPT)
    assert run(config) == (
        0,
        "muted = true  (settings file: false)\n"
        "volume = 0.25  (settings file: 1.0)\n"
        'wake.mode = "voice"  (settings file: "wake-word")\n',
    )
    shown = json.loads(run(config, "--json")[1])
    assert shown[2] == {"name": "wake.mode", "value": "voice", "own": "wake-word"}


def test_changes_are_forgotten_by_name_or_all_at_once(config: Path) -> None:
    file = kept_file(load(config))
    write(file, KEPT)
    code, said = run(config, "--forget", "wake.mode")
    assert code == 0
    assert said.startswith("wake.mode: forgotten; it holds from the next start on.\n")
    assert read(file) == Kept(0.25, muted=True, set_volume=1.0)
    assert run(config, "--forget", "all")[0] == 0
    assert read(file) == Kept()
    assert run(config) == (0, "Everything is as the settings file says.\n")


def test_what_was_not_changed_can_not_be_forgotten(config: Path) -> None:
    code, said = run(config, "--forget", "lights.moving")
    assert code == 1
    assert "'lights.moving' was not changed; nothing was changed" in said
    write(kept_file(load(config)), KEPT)
    assert "changed are muted, volume, wake.mode" in run(config, "--forget", "x")[1]


def test_the_services_changes_are_found_by_who_has_its_settings(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STATE_DIRECTORY")
    monkeypatch.setattr(kept_settings, "SYSTEM_FILE", config)
    monkeypatch.setattr(unit, "STATE", tmp_path)
    assert kept_settings.find(config).parent == tmp_path
