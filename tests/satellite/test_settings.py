from pathlib import Path

import pytest

from satellite import settings as module
from satellite import settings_sources
from satellite.errors import SatelliteError
from satellite.settings import Address, SatelliteSettings, derive_id, load, parse_address

TOKEN = "a-token-that-is-long-enough"


@pytest.fixture(autouse=True)
def clean_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing of this machine's own settings reaches a test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "default_file", lambda: tmp_path / "default.toml")
    for name in ("NAME", "HUB", "VOLUME", "WAKE_WORDS", "LOG__LEVEL", "TOKEN"):
        monkeypatch.delenv(f"SOTTO_SATELLITE_{name}", raising=False)
    return tmp_path


def refused(**overrides: object) -> str:
    with pytest.raises(SatelliteError) as caught:
        load(overrides=overrides)
    assert caught.value.code == "bad-settings"
    assert "\n" not in caught.value.text
    return caught.value.text


def test_everything_has_a_default() -> None:
    settings = load()
    assert settings.name
    assert (settings.hub, settings.microphone, settings.speaker) == ("auto", "default", "default")
    assert settings.wake_words == ()
    assert settings.barge_in == "auto"
    assert settings.read_token() is None


def test_barge_in_is_one_of_three_words() -> None:
    assert load(overrides={"barge_in": "off"}).barge_in == "off"
    assert "'auto', 'on' or 'off'" in refused(barge_in="maybe")


def test_the_stronger_source_wins(clean_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = clean_place / "own.toml"
    file.write_text('name = "file"\narea = "file"\nhub = "file"\nspeaker = "file"\n')
    (clean_place / ".env").write_text(
        "SOTTO_SATELLITE_NAME=dotenv\nSOTTO_SATELLITE_AREA=dotenv\nSOTTO_SATELLITE_HUB=dotenv\n"
        "OTHER_PROGRAM=1\n"
    )
    monkeypatch.setenv("SOTTO_SATELLITE_NAME", "environment")
    monkeypatch.setenv("SOTTO_SATELLITE_AREA", "environment")
    settings = load(file, overrides={"name": "command line"})
    assert (settings.name, settings.area, settings.hub, settings.speaker) == (
        "command line",
        "environment",
        "dotenv",
        "file",
    )


def test_the_default_file_is_read_if_it_is_there(clean_place: Path) -> None:
    (clean_place / "default.toml").write_text('area = "Kitchen"\n[log]\nlevel = "debug"\n')
    settings = load()
    assert (settings.area, settings.log.level) == ("Kitchen", "debug")


def test_wake_words_come_as_a_list_or_separated_by_commas(
    clean_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = clean_place / "own.toml"
    file.write_text('wake_words = ["okay_nabu", "alexa"]\n')
    assert load(file).wake_words == ("okay_nabu", "alexa")
    monkeypatch.setenv("SOTTO_SATELLITE_WAKE_WORDS", "hey_jarvis, okay_nabu")
    assert load(file).wake_words == ("hey_jarvis", "okay_nabu")


def test_a_bad_value_is_named_with_its_file_its_key_and_what_is_allowed(clean_place: Path) -> None:
    (clean_place / "default.toml").write_text("volume = 7\n")
    text = refused()
    assert str(clean_place / "default.toml") in text
    assert "volume" in text
    assert "a number from 0 to 1" in text
    assert "7" in text


def test_a_bad_value_of_the_environment_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOTTO_SATELLITE_LOG__LEVEL", "loud")
    text = refused()
    assert "SOTTO_SATELLITE_LOG__LEVEL" in text
    assert "'debug', 'info', 'warning' or 'error'" in text


def test_a_bad_value_of_the_dotenv_file_is_named_so(clean_place: Path) -> None:
    (clean_place / ".env").write_text("SOTTO_SATELLITE_VOLUME=loud\n")
    assert ".env, SOTTO_SATELLITE_VOLUME: volume" in refused()


def test_a_bad_value_of_the_command_line_is_named_so() -> None:
    assert refused(volume=-1).startswith("command line: volume")


def test_every_bad_value_is_named() -> None:
    text = refused(volume=2, hub="http://x")
    assert "volume" in text
    assert "hub" in text


def test_an_unknown_setting_is_refused_with_those_that_there_are(clean_place: Path) -> None:
    (clean_place / "default.toml").write_text('microfone = "x"\n')
    text = refused()
    assert "microfone: there is no such setting" in text
    assert "microphone" in text


def test_an_unknown_setting_of_the_log_is_refused(clean_place: Path) -> None:
    (clean_place / "default.toml").write_text('[log]\nlevle = "info"\n')
    assert "log.levle: there is no such setting" in refused()


def test_broken_toml_is_refused_with_its_line(clean_place: Path) -> None:
    (clean_place / "default.toml").write_text("name = \n")
    assert "line 1" in refused()


def test_a_file_that_is_not_there_or_not_text_is_refused(clean_place: Path) -> None:
    with pytest.raises(SatelliteError, match="there is no settings file"):
        load(clean_place / "missing.toml")
    (clean_place / "default.toml").write_bytes(b"\xff\xfe")
    assert "can not be read" in refused()


def test_a_token_never_shows_in_an_error_or_a_print(clean_place: Path) -> None:
    (clean_place / "default.toml").write_text('token = ["hunter2-hunter2-hunter2"]\n')
    assert "hunter2" not in refused()
    assert TOKEN not in repr(load(overrides={"token": TOKEN, "volume": 1} | {}))


def test_a_token_is_read_from_its_file_without_its_newline(clean_place: Path) -> None:
    (clean_place / "token").write_text(f"{TOKEN}\n")
    assert load(overrides={"token_file": clean_place / "token"}).read_token() == TOKEN


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"token": TOKEN, "token_file": "x"}, "not both"),
        ({"token_file": "missing"}, "can not be read"),
        ({"token": "short"}, "at least 16 characters"),
    ],
)
def test_a_token_that_can_not_be_used_is_refused(given: dict[str, object], words: str) -> None:
    with pytest.raises(SatelliteError, match=words) as caught:
        load(overrides=given).read_token()
    assert "short" not in caught.value.text


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("hub.local", "hub.local", 10_710),
        ("hub.local:99", "hub.local", 99),
        ("192.168.1.2:10710", "192.168.1.2", 10_710),
        ("[fe80::1]:99", "fe80::1", 99),
        ("[fe80::1]", "fe80::1", 10_710),
        ("fe80::1", "fe80::1", 10_710),
    ],
)
def test_an_address_is_a_host_with_or_without_a_port(text: str, host: str, port: int) -> None:
    assert parse_address(text) == Address(host, port)


@pytest.mark.parametrize(
    "text", ["", ":99", "hub:", "hub:x", "hub:0", "hub:65536", "a b", "http://hub"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"port|HOST"):
        parse_address(text)


def test_an_address_reads_as_it_is_written() -> None:
    assert str(Address("hub", 1)) == "hub:1"
    assert str(Address("fe80::1", 1)) == "[fe80::1]:1"


def test_several_hubs_are_a_list_or_separated_by_commas(clean_place: Path) -> None:
    file = clean_place / "own.toml"
    file.write_text('hub = ["hub.local:99", "auto"]\n')
    assert load(file).hubs == ("hub.local:99", "auto")
    assert load(overrides={"hub": "10.0.0.1, 10.0.0.2"}).hubs == ("10.0.0.1", "10.0.0.2")
    assert load().hubs == ("auto",)


@pytest.mark.parametrize("hub", ["a,,b", "auto,http://hub", ",", "a," * 8 + "a"])
def test_a_list_of_hubs_that_makes_no_sense_is_refused(hub: str) -> None:
    assert refused(hub=hub).startswith("command line: hub: ")


def test_the_id_stays_and_differs_by_machine_and_name(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("0123456789abcdef\n")
    other.write_text("fedcba9876543210\n")
    assert derive_id("Kitchen", one) == derive_id("Kitchen", one)
    assert (
        len({derive_id("Kitchen", one), derive_id("Office", one), derive_id("Kitchen", other)}) == 3
    )
    assert "0123456789abcdef" not in derive_id("Kitchen", one)
    assert derive_id("Kitchen", tmp_path / "none")


def test_an_id_can_be_given() -> None:
    assert load(overrides={"id": "kitchen-1"}).satellite_id == "kitchen-1"
    assert load(overrides={"name": "A"}).satellite_id != load(overrides={"name": "B"}).satellite_id
    assert "id" in refused(id="no spaces")


def test_settings_do_not_change() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        SatelliteSettings().name = "other"  # type: ignore[misc]


def test_a_hook_of_no_event_is_refused_with_the_events_there_are() -> None:
    told = refused(hooks={"wakeup": "true"})
    assert "there is no event 'wakeup'" in told
    assert "transcript" in told


@pytest.mark.parametrize(("command", "what"), [("", "is empty"), ("say 'hi", "can not be read")])
def test_a_hook_whose_command_is_none_is_refused(command: str, what: str) -> None:
    assert what in refused(hooks={"wake": command})


def test_wled_needs_its_address() -> None:
    assert "HOST" in refused(lights={"kind": "wled"})
    assert load(overrides={"lights": {"kind": "wled", "address": "strip.local"}}).lights.address


def test_the_services_file_is_read_where_the_user_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(module, "SYSTEM_FILE", tmp_path / "system.toml")
    own = tmp_path / "sotto" / "satellite.toml"
    assert module.default_file() == own
    (tmp_path / "system.toml").touch()
    assert module.default_file() == tmp_path / "system.toml"
    own.parent.mkdir()
    own.touch()
    assert module.default_file() == own


def test_a_channel_that_the_command_does_not_write_is_refused() -> None:
    sound: dict[str, object] = {"microphone_command": "arecord", "microphone_channel": 3}
    assert "sound.microphone_channel: the command writes 1 channels" in refused(sound=sound)
    sound["microphone_command_channels"] = 4
    assert load(overrides={"sound": sound}).sound.microphone_channel == 3


def test_an_led_without_a_pin_is_refused() -> None:
    assert "set pins.led" in refused(lights={"kind": "gpio"})
    assert load(overrides={"lights": {"kind": "gpio"}, "pins": {"led": 0}}).pins.led == 0


def test_what_can_not_even_be_looked_at_is_told(
    clean_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", locked)
    assert "default.toml can not be read" in refused()
    with pytest.raises(SatelliteError, match=r"own\.toml can not be read"):
        load(clean_place / "own.toml")


def test_variables_in_a_file_that_can_not_be_read_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def locked(path: str) -> dict[str, str]:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(settings_sources, "dotenv_values", locked)
    assert ".env of this folder can not be read" in refused()
