"""Setting a satellite up, as somebody does it who answers every question."""

import os
import pwd
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from protocol.discovery import HubAddress
from satellite.__main__ import app
from satellite.choose_device import DeviceInfo
from satellite.commands import setup, unit
from satellite.settings import load
from tests.satellite.commands.test_commands import spoken

__all__ = ["spoken"]

TOKEN = "0123456789abcdef0123456789abcdef"
Answer = Callable[..., tuple[int, str]]


@pytest.fixture
def answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answer:
    devices = [
        DeviceInfo(0, "USB microphone", 1, 0, 48_000, default_input=True, default_output=False),
        DeviceInfo(1, "Loudspeaker", 0, 2, 48_000, default_input=False, default_output=True),
    ]
    found = HubAddress("id", "Home", ("192.0.2.7",), 10_710, 1, "token", tls=False)

    async def find_hub(within_s: float) -> Sequence[HubAddress]:
        return [found]

    monkeypatch.setattr(setup, "list_devices", lambda: devices)
    monkeypatch.setattr(setup, "find_hub", find_hub)
    monkeypatch.setattr(setup, "TRY_S", 0.3)
    monkeypatch.setattr(unit, "can_install", lambda: False)

    def run(*answers: str) -> tuple[int, str]:
        words = ["setup", "--config", str(tmp_path / "satellite.toml")]
        result = CliRunner().invoke(app, words, input="\n".join(answers) + "\n")
        return result.exit_code, result.output

    return run


def test_every_answer_is_written_down(answer: Answer, tmp_path: Path, spoken: Path) -> None:
    code, told = answer(
        *(f"wav:{spoken}", "", "y"),  # microphone, speak, good
        "none",  # speaker
        *("hey_jarvis", "Kitchen counter", "Kitchen", "auto", TOKEN),
    )
    assert code == 0, told
    assert "found Home at 192.0.2.7:10710" in told
    assert "The level is good" in told
    assert "USB microphone (default)" in told
    assert TOKEN not in told
    settings = load(tmp_path / "satellite.toml")
    assert (settings.name, settings.area, settings.hub) == ("Kitchen counter", "Kitchen", "auto")
    assert (settings.microphone, settings.speaker) == (f"wav:{spoken}", "none")
    assert settings.wake_words == ("hey_jarvis",)
    assert settings.read_token() == TOKEN
    assert settings.token_file is not None
    assert settings.token_file.stat().st_mode & 0o777 == 0o600


def test_wrong_answers_are_asked_again(answer: Answer, tmp_path: Path) -> None:
    code, told = answer(
        *("9", "0", "7", "none"),
        *("hey_nobody", "none", "", "", "http://hub", "192.0.2.7:99", "short", ""),
    )
    assert code == 0, told
    assert "There is no '9': 0 to 1" in told
    assert "There is no wake word 'hey_nobody'" in told
    assert "HOST:PORT" in told
    assert "at least 16 characters" in told
    settings = load(tmp_path / "satellite.toml")
    assert (settings.microphone, settings.wake_words, settings.area) == ("none", (), None)
    assert settings.hub == "192.0.2.7:99"
    assert settings.token_file is None


def test_a_second_time_enter_leaves_all_as_it_was(answer: Answer, tmp_path: Path) -> None:
    answer("none", "none", "none", "Shelf", "Hall", "192.0.2.7", TOKEN)
    before = (tmp_path / "satellite.toml").read_text()
    code, told = answer("", "", "none", "", "", "", "")
    assert code == 0, told
    assert (tmp_path / "satellite.toml").read_text() == before


def test_a_device_that_can_not_be_opened_is_told_and_another_can_be_chosen(
    answer: Answer, tmp_path: Path
) -> None:
    code, told = answer("1", "", "none", "1", "none", "none", "Shelf", "", "auto", "")
    assert code == 0, told
    assert "lists what there is" in told.replace("\n", " ")
    assert load(tmp_path / "satellite.toml").microphone == "none"


def test_who_gives_up_leaves_nothing_behind(answer: Answer, tmp_path: Path) -> None:
    code, _ = answer("none", "none")
    assert code == 1
    assert not (tmp_path / "satellite.toml").exists()


def test_a_second_time_enter_keeps_also_several_hubs_and_several_wake_words(
    answer: Answer, tmp_path: Path
) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text('hub = ["192.0.2.7", "auto"]\nwake_words = ["okay_nabu", "hey_jarvis"]\n')
    code, told = answer("none", "none", "", "", "", "", "")
    assert code == 0, told
    settings = load(file)
    assert settings.hubs == ("192.0.2.7", "auto")
    assert settings.wake_words == ("okay_nabu", "hey_jarvis")


def test_several_are_told_with_commas(answer: Answer, tmp_path: Path) -> None:
    code, told = answer(
        *("none", "none", "alexa, hey_nobody", "alexa, hey_jarvis", "Shelf", ""),
        *("hub.local,http://x", "hub.local,auto", ""),
    )
    assert code == 0, told
    assert "There is no wake word 'hey_nobody'" in told
    settings = load(tmp_path / "satellite.toml")
    assert settings.hubs == ("hub.local", "auto")
    assert settings.wake_words == ("alexa", "hey_jarvis")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_service_can_read_its_settings_also_after_they_were_only_written(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "satellite.toml"
    monkeypatch.setattr(setup, "SYSTEM_FILE", file)
    monkeypatch.setattr(unit, "USER", "daemon")
    code, told = answer("none", "none", "none", "Shelf", "Hall", "auto", TOKEN)
    assert code == 0, told
    owner = pwd.getpwnam("daemon").pw_uid
    assert [one.stat().st_uid for one in (file, tmp_path / "satellite.token")] == [owner] * 2
