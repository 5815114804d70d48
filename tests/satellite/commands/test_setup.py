"""Setting a satellite up, as somebody does it who answers every question."""

import os
import pwd
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from protocol import Unreachable
from protocol.discovery import HubAddress
from satellite.__main__ import app
from satellite.choose_device import DeviceInfo
from satellite.commands import ask_hub, ask_sound, setup, unit
from satellite.commands.hearing import Heard, judge
from satellite.errors import SatelliteError
from satellite.own_token import kept_token
from satellite.settings import SatelliteSettings, load
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

    monkeypatch.setattr(ask_sound, "list_devices", lambda: devices)

    async def ask_token(settings: object, show: object) -> str | None:
        raise Unreachable("unreachable", "there is no hub")

    monkeypatch.setattr(ask_hub, "find_hub", find_hub)
    monkeypatch.setattr(ask_hub, "ask_token", ask_token)
    monkeypatch.setattr(ask_sound, "TRY_S", 0.3)
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


def _gives_token(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask_token(settings: object, show: Callable[[str, str], None]) -> str | None:
        show("274913", "Home")
        return TOKEN

    monkeypatch.setattr(ask_hub, "ask_token", ask_token)


def test_without_a_token_the_hubs_owner_is_asked_and_the_code_is_shown(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _gives_token(monkeypatch)
    code, told = answer("none", "none", "none", "Shelf", "Hall", "auto", "", "y")
    assert code == 0, told
    assert "274 913" in told
    assert TOKEN not in told
    settings = load(tmp_path / "satellite.toml")
    assert settings.read_token() == TOKEN
    assert settings.token_file is not None
    assert settings.token_file.stat().st_mode & 0o777 == 0o600


def test_a_token_of_a_hub_that_did_not_show_the_code_is_not_kept(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _gives_token(monkeypatch)
    code, told = answer("none", "none", "none", "Shelf", "Hall", "auto", "", "n")
    assert code == 0, told
    assert "The token is not kept" in " ".join(told.split())
    assert load(tmp_path / "satellite.toml").read_token() is None
    assert not (tmp_path / "satellite.token").exists()


def test_wrong_answers_are_asked_again(answer: Answer, tmp_path: Path) -> None:
    code, told = answer(
        *("9", "none", "7", "none"),
        *("hey_nobody", "none", "", "", "http://hub", "192.0.2.7:99", "short", ""),
    )
    assert code == 0, told
    assert "There is no '9': 0, default or none" in told
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
    code, told = answer(
        *("0", "", "n", "none"),  # microphone
        *("1", "n", "none"),  # speaker
        *("none", "Shelf", "", "auto", ""),
    )
    assert code == 0, told
    assert "lists what there is" in told.replace("\n", " ")
    assert load(tmp_path / "satellite.toml").microphone == "none"


def test_a_device_that_is_away_now_can_be_taken_all_the_same(
    answer: Answer, tmp_path: Path
) -> None:
    code, told = answer("0", "", "y", "1", "y", "none", "Shelf", "", "auto", "")
    assert code == 0, told
    settings = load(tmp_path / "satellite.toml")
    assert (settings.microphone, settings.speaker) == ("USB microphone", "Loudspeaker")


def test_home_assistant_takes_the_place_of_a_hub_and_needs_no_token(
    answer: Answer, tmp_path: Path
) -> None:
    asked = ("none", "none", "none", "Shelf", "Hall", "home-assistant")
    code, told = answer(*asked, "my house", "192.0.2.9, 192.0.2.10")
    assert code == 0, told
    assert "it is like 192.168.1.10" in told
    settings = load(tmp_path / "satellite.toml")
    assert settings.wyoming.uri == "tcp://0.0.0.0:10700"
    assert settings.wyoming.allow == ("192.0.2.9", "192.0.2.10")
    before = (tmp_path / "satellite.toml").read_text()
    code, told = answer("", "", "none", "", "", "", "")
    assert code == 0, told
    assert (tmp_path / "satellite.toml").read_text() == before


def test_who_goes_over_from_home_assistant_to_a_hub_keeps_the_rest_of_that_table(
    answer: Answer, tmp_path: Path
) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text('[wyoming]\nuri = "tcp://0.0.0.0:10700"\ndiscoverable = false\n')
    code, told = answer("none", "none", "none", "Shelf", "Hall", "auto", TOKEN)
    assert code == 0, told
    settings = load(file)
    assert (settings.wyoming.uri, settings.wyoming.discoverable) == ("", False)


def test_a_new_token_takes_the_place_of_one_that_stands_in_the_settings(
    answer: Answer, tmp_path: Path
) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text('token = "an-old-token-of-the-house"\n')
    code, told = answer("none", "none", "none", "Shelf", "Hall", "auto", TOKEN)
    assert code == 0, told
    assert load(file).read_token() == TOKEN


@pytest.mark.parametrize(("anew", "token"), [("n", None), ("y", TOKEN)])
def test_a_satellite_that_was_let_in_while_it_ran_is_not_let_in_again_unless_that_is_wanted(
    answer: Answer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    anew: str,
    token: str | None,
) -> None:
    _gives_token(monkeypatch)
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    kept = kept_token(SatelliteSettings(name="Shelf"))
    kept.write_text("a-token-that-the-hub-gave-it\n")
    code, told = answer("none", "none", "none", "Shelf", "Hall", "auto", "", anew, "y")
    assert code == 0, told
    assert load(tmp_path / "satellite.toml").read_token() == token
    assert ("274 913" in told) is (token is not None)


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


def test_devices_have_the_numbers_that_the_list_of_devices_gives_them(
    answer: Answer, tmp_path: Path, spoken: Path
) -> None:
    code, told = answer(
        *("1", f"wav:{spoken}", "", "y"),  # 1 is the loudspeaker
        *("0", "none", "none", "Shelf", "", "auto", ""),
    )
    assert code == 0, told
    assert "0  USB microphone" in told
    assert "1  Loudspeaker" in told
    assert "There is no '1': 0, default or none." in told
    assert "There is no '0': 1, default or none." in told


def test_a_number_that_was_set_stays_where_it_is_not_changed(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text('microphone = "0"\nspeaker = "4"\nwake_words = ["okay_nabu"]\n')
    tried: list[str] = []

    async def record(choice: str, *rest: object) -> Heard:
        tried.append(choice)
        return judge([b"\x00\x10" * 512])

    async def play(choice: str, *rest: object) -> None:
        tried.append(choice)

    monkeypatch.setattr(ask_sound, "record", record)
    monkeypatch.setattr(ask_sound, "play", play)
    code, told = answer("", "", "y", "", "y", "", "", "", "", "")
    assert code == 0, told
    assert tried == ["0", "4"]
    assert (load(file).microphone, load(file).speaker) == ("0", "4")


def test_commands_of_the_owner_are_tried_in_the_place_of_devices(
    answer: Answer, tmp_path: Path
) -> None:
    file, out = tmp_path / "satellite.toml", tmp_path / "played"
    file.write_text(
        f"[sound]\nmicrophone_command = \"sh -c 'while :; do printf abcdefgh; done'\"\n"
        f"speaker_command = \"tee '{out}'\"\n"
    )
    code, told = answer("USB", "", "", "y", "", "y", "none", "Shelf", "", "auto", "")
    assert code == 0, told
    assert "To choose a device, take sound.microphone_command out" in told
    assert "Loudest" in told
    assert out.stat().st_size > 10_000
    assert (load(file).microphone, load(file).speaker) == ("default", "default")
    assert load(file).sound.microphone_command


@pytest.mark.parametrize("root", [True, False])
def test_the_service_rests_while_root_is_asked_and_goes_on_also_after_giving_up(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: bool
) -> None:
    done: list[str] = []
    monkeypatch.setattr(unit, "can_install", lambda: True)
    monkeypatch.setattr(unit, "_run", lambda *words: done.append(words[1]))
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    code, told = answer("none", "none")
    assert code == 1
    assert ("is stopped meanwhile" in told) is root
    assert done == (["is-active", "stop", "start"] if root else [])


def test_a_card_that_the_service_has_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    busy = SatelliteError("no-microphone", "'USB' is busy")
    monkeypatch.setattr(unit, "can_install", lambda: True)
    monkeypatch.setattr(unit, "_run", lambda *words: None)
    assert "with sudo it rests meanwhile" in unit.advice(busy)
    assert unit.advice(SatelliteError("bad-settings", "no")) == ""

    def inactive(*words: str) -> None:
        raise SatelliteError("no-unit", "inactive")

    monkeypatch.setattr(unit, "_run", inactive)
    assert unit.advice(busy) == ""
