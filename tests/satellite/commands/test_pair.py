"""Letting a satellite in anew, as somebody does it who has removed it in the dashboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from protocol import Unreachable
from satellite.__main__ import app
from satellite.commands import pair
from satellite.own_token import kept_token, read
from satellite.settings import load

OLD, NEW = "old-old-old-old-old", "new-new-new-new-new"
Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ask:
    async def ask_token(settings: object, show: Callable[[str, str], None]) -> str | None:
        show("274913", "Home")
        return NEW

    monkeypatch.setattr(pair, "ask_token", ask_token)
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def run(*words: str, answer: str = "y") -> tuple[int, str]:
        result = CliRunner().invoke(app, ["pair", *words], input=f"{answer}\n")
        return result.exit_code, " ".join(result.output.split())

    return run


def test_the_new_token_takes_the_place_of_the_old_one(ask: Ask, tmp_path: Path) -> None:
    file, old = tmp_path / "satellite.toml", tmp_path / "house.token"
    old.write_text(OLD)
    file.write_text(f'# mine\narea = "Hall"\ntoken_file = "{old}"\n')
    code, told = ask("--config", str(file))
    assert code == 0, told
    assert "274 913" in told
    assert NEW not in told
    assert "start it anew" in told
    settings = load(file)
    assert settings.read_token() == NEW
    assert settings.area == "Hall"
    assert settings.token_file is not None
    assert settings.token_file.stat().st_mode & 0o777 == 0o600
    assert old.read_text() == OLD, "another satellite or the hub itself may use it"


def test_without_a_settings_file_it_is_kept_where_a_running_satellite_looks(ask: Ask) -> None:
    code, told = ask()
    assert code == 0, told
    assert read(kept_token(load())) == NEW


def test_a_code_that_the_own_hub_did_not_show_changes_nothing(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text('area = "Hall"\n')
    code, told = ask("--config", str(file), answer="n")
    assert code == 1
    assert "not kept" in told
    assert [one.name for one in tmp_path.iterdir()] == ["satellite.toml"]
    assert load(file).token_file is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f'token = "{OLD}"', "take it out"),
        ('wyoming = { uri = "tcp://0.0.0.0:10700" }', "Home Assistant"),
    ],
)
def test_what_keeps_it_from_being_paired_is_told_before_anybody_is_asked(
    ask: Ask, tmp_path: Path, line: str, words: str
) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text(line)
    code, told = ask("--config", str(file))
    assert code == 1
    assert words in told
    assert "274" not in told


def test_a_hub_that_is_not_there_is_told_in_a_line(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask_token(settings: object, show: object) -> str | None:
        raise Unreachable("unreachable", "there is no hub")

    monkeypatch.setattr(pair, "ask_token", ask_token)
    code, told = ask()
    assert code == 1
    assert "sotto-satellite: there is no hub" in told
