from pathlib import Path

import pytest

from hub.settings import HubSettings, SettingsError, load

TOKEN = "0123456789abcdef-0123"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with no settings of the person who runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "hub.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_listen_on_this_machine_alone() -> None:
    settings = load()
    assert settings.satellites.listen_host == "127.0.0.1"
    assert settings.satellites.read_token() is None


def test_with_a_token_the_hub_listens_on_every_interface(tmp_path: Path) -> None:
    settings = load(write(tmp_path, f'[satellites]\ntoken = "{TOKEN}"'))
    assert settings.satellites.listen_host == "0.0.0.0"
    assert settings.satellites.read_token() == TOKEN


def test_the_token_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    settings = load(write(tmp_path, f'[satellites]\ntoken_file = "{tmp_path / "token"}"'))
    assert settings.satellites.read_token() == TOKEN


def test_the_environment_is_stronger_than_dotenv_and_that_than_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path, 'name = "file"\n[satellites]\nport = 1\nmax_links = 7\n')
    (tmp_path / ".env").write_text(
        "SOTTO_HUB_NAME=dotenv\nSOTTO_HUB_SATELLITES__PORT=2\nUNRELATED=1\n"
    )
    monkeypatch.setenv("SOTTO_HUB_NAME", "environment")
    settings = load(file)
    assert settings.name == "environment"
    assert settings.satellites.port == 2
    assert settings.satellites.max_links == 7


def test_overrides_are_stronger_than_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTTO_HUB_NAME", "environment")
    assert load(overrides={"name": "override"}).name == "override"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "[satellites]\nport = 99999",
            "satellites.port: input should be less than or equal",
        ),
        ("[satellites]\nprot = 1", "satellites.prot: there is no such setting"),
        ('[satellites]\nhost = "0.0.0.0"', "host 0.0.0.0 can be reached from other machines"),
        ('[satellites]\ntoken = "short"', "token must have at least 16 characters"),
        ('[mqtt]\nurl = "http://broker"', "mqtt.url: a broker is named like mqtt://"),
        ('[mqtt]\nversion = "3.1"', "mqtt.version: input should be 'auto', '5' or '3.1.1'"),
        ('[mqtt]\nkey_file = "key.pem"', "mqtt: certificate_file and key_file are needed together"),
        (
            '[mqtt]\nembedded_host = "0.0.0.0"',
            "mqtt: embedded_host 0.0.0.0 can be reached from other machines, so the broker needs "
            "users: [[mqtt.users]]",
        ),
        ('[[mqtt.users]]\nname = "ann"', "a user needs password or password_file"),
        (
            "[mqtt]\nusers = [{name = 'a', password = 'b'}, {name = 'a', password = 'c'}]",
            "there are two users called 'a'",
        ),
        (
            '[[mqtt.users]]\nname = "ann"\npassword = "b"\npublish = ["a/#/b"]',
            "mqtt.users.0.publish.0: in a topic filter # stands alone, as the last level",
        ),
        ('[home.rooms]\nKitchen = {flor = "x"}', "home.rooms.Kitchen.flor: there is no such"),
        ('[ollama]\nurl = "127.0.0.1:11434"', "ollama.url: an address is like http://"),
        ('[ollama]\nurl = "http://127.0.0.1:99999"', "ollama.url: an address is like http://"),
        ('[ollama]\nurl = ""', "ollama.url: an address is like http://"),
        ('[openai_chat]\nurl = "localhost:80/v1"', "openai_chat.url: an address is like http://"),
        ('[litellm]\nurl = "http://a b"', "litellm.url: an address is like http://"),
        ('[ollama]\nkeep_alive = "banana"', "ollama.keep_alive: a duration is like 90s, 30m"),
        ('[ollama]\nkeep_alive = "30"', "ollama.keep_alive: a duration is like 90s, 30m"),
        (
            '[openai_chat]\nkey = "schlüssel"',
            "openai_chat.key: a key has at most 1000 characters, all",
        ),
        ('[litellm]\nkey = "sk-1\\n"', "litellm.key: a key has at most 1000 characters, all"),
        ("[listening]\nleast_pause_ms = 50", "listening.least_pause_ms: input should be greater"),
        (
            "[listening]\nleast_pause_ms = 900\nlongest_pause_ms = 800",
            "least_pause_ms must not be longer than longest_pause_ms",
        ),
        ("[listening]\nsilence_ms = 480", "listening.silence_ms: there is no such setting"),
        ('[conversation]\nfollow_up = "often"', "conversation.follow_up: input should be 'never'"),
        ('language = "xx"', "language: input should be 'en'"),
        ('nmae = "typo"', "there is no setting 'nmae'. There are: name, language"),
        ("name = ", "is not valid TOML"),
    ],
)
def test_a_bad_value_is_named_in_one_line_with_what_it_may_be(
    tmp_path: Path, text: str, line: str
) -> None:
    with pytest.raises(SettingsError) as failure:
        load(write(tmp_path, text))
    assert line in str(failure.value)
    assert str(tmp_path / "hub.toml") in str(failure.value)


@pytest.mark.parametrize("keep_alive", ["0", "-1s", "90s", "1h30m", "1.5h", "-1m"])
def test_durations_are_those_of_ollama(tmp_path: Path, keep_alive: str) -> None:
    settings = load(write(tmp_path, f'[ollama]\nkeep_alive = "{keep_alive}"'))
    assert settings.ollama.keep_alive == keep_alive


def test_every_bad_value_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as failure:
        load(write(tmp_path, "[satellites]\nport = -1\n[listening]\nmax_ms = 1\n"))
    assert len(str(failure.value).splitlines()) == 3


def test_a_bad_token_or_password_is_never_shown(tmp_path: Path) -> None:
    text = '[satellites]\ntoken = "geheim"\n[mqtt]\nurl = "mqtt://me:geheim@"\n'
    (tmp_path / "key.toml").write_text('[openai_chat]\nkey = "geheimé"\n')
    with pytest.raises(SettingsError) as refused:
        load(tmp_path / "key.toml")
    assert "geheim" not in str(refused.value)
    with pytest.raises(SettingsError) as failure:
        load(write(tmp_path, text + "embedded_port = -1"))
    assert "geheim" not in str(failure.value)


def test_a_good_token_and_password_are_not_in_the_settings_text(tmp_path: Path) -> None:
    text = f'[satellites]\ntoken = "{TOKEN}"\n[mqtt]\nurl = "mqtt://me:geheim@broker"\n'
    shown = repr(load(write(tmp_path, text)))
    assert TOKEN not in shown
    assert "geheim" not in shown


@pytest.mark.parametrize(
    "url", ["foo", "speaches:8000/v1", "ftp://hub/v1", "http://", "http://me:pw@hub", "http://h/?k"]
)
def test_an_address_that_no_service_has_is_told(tmp_path: Path, url: str) -> None:
    for section in ("openai_speech_to_text", "openai_text_to_speech", "ollama", "openai_chat"):
        file = write(tmp_path, f'[{section}]\nurl = "{url}"')
        with pytest.raises(SettingsError, match=rf"{section}\.url: an address is like http://"):
            load(file)


@pytest.mark.parametrize("key", ["two words", "line\\nX: 1", "clé"])
def test_a_key_that_no_header_can_carry_is_told_and_not_shown(tmp_path: Path, key: str) -> None:
    for section in ("openai_speech_to_text", "openai_text_to_speech", "elevenlabs"):
        file = write(tmp_path, f'[{section}]\nkey = "{key}"')
        with pytest.raises(SettingsError, match=rf"{section}\.key: a key has") as caught:
            load(file)
        assert key not in str(caught.value)


def test_an_environment_variable_that_is_no_setting_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOTTO_HUB_SATELITES__PORT", "1")
    with pytest.raises(SettingsError, match=r"SATELITES__PORT is no setting.*SATELLITES"):
        load()


def test_a_section_that_is_no_table_and_a_dotenv_that_is_no_text_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOTTO_HUB_SATELLITES", '{"port": 1}x')
    with pytest.raises(SettingsError, match="SOTTO_HUB_MQTT__URL"):
        load()
    monkeypatch.delenv("SOTTO_HUB_SATELLITES")
    (tmp_path / ".env").write_bytes(b"SOTTO_HUB_NAME=\xff\xfe\n")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load()


def test_a_settings_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="There is no settings file"):
        load(tmp_path / "absent.toml")


def test_a_token_file_that_is_missing_or_too_short_is_told(tmp_path: Path) -> None:
    settings = load(write(tmp_path, '[satellites]\ntoken_file = "/nowhere/token"'))
    with pytest.raises(SettingsError, match="can not be read"):
        settings.satellites.read_token()
    (tmp_path / "token").write_text("short")
    settings = load(write(tmp_path, f'[satellites]\ntoken_file = "{tmp_path / "token"}"'))
    with pytest.raises(SettingsError, match="at least 16 characters"):
        settings.satellites.read_token()


def test_the_persons_voice_counts_more_than_the_rooms_and_that_more_than_the_languages() -> None:
    settings = HubSettings.model_validate(
        {
            "voices": {
                "languages": {"en": "amy", "fr": "siwis"},
                "rooms": {"Study": "alan"},
                "people": {"Anna": {"en": "lessac", "fr": "gilles"}},
            }
        }
    )
    assert settings.voice("Kitchen", None, "en") == "amy"
    assert settings.voice("study", None, "en-GB") == "alan"
    # A voice without a language is for the household's.
    assert settings.voice("Study", None, "fr") == "siwis"
    assert settings.voice("Study", "anna", "fr") == "gilles"
    assert settings.voice("Study", "Ben", "en") == "alan"
    assert settings.voice(None, None, "de") is None


@pytest.mark.parametrize("words", ['[""]', '["  "]', f'["{"o" * 61}"]', str(["x"] * 101), '"Anna"'])
def test_words_that_can_not_be_told_to_an_engine_are_refused(tmp_path: Path, words: str) -> None:
    with pytest.raises(SettingsError, match=r"listening\.words"):
        load(write(tmp_path, f"[listening]\nwords = {words}"))


def test_words_are_taken_without_the_spaces_around_them(tmp_path: Path) -> None:
    settings = load(write(tmp_path, '[listening]\nwords = [" Siobhan ", "Sotto"]'))
    assert settings.listening.words == ("Siobhan", "Sotto")


def test_passwords_of_the_broker_are_never_shown(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        '[mqtt]\nurl = "mqtt://ann:hush-hush@[broken"\n'
        '[[mqtt.users]]\nname = "ann"\npassword = ["hush-hush"]\n'
        '[[mqtt.users]]\nname = "bob"\npassword = "hush-hush"\npassword_file = "x"\n',
    )
    with pytest.raises(SettingsError) as caught:
        load(file)
    assert "hush-hush" not in str(caught.value)
    fine = load(write(tmp_path, '[[mqtt.users]]\nname = "ann"\npassword = "hush-hush"'))
    assert "hush-hush" not in repr(fine)


def test_what_the_owner_says_of_the_home_is_read(tmp_path: Path) -> None:
    settings = load(
        write(
            tmp_path,
            '[home.floors]\n"Ground Floor" = {aliases = ["downstairs"]}\n'
            '[home.rooms.Kitchen]\naliases = ["Cookery"]\nfloor = "Ground Floor"\n'
            '[home.devices."light.desk"]\nname = "Lamp"\nroom = "Kitchen"\nhidden = true\n',
        )
    )
    assert settings.home.rooms["Kitchen"].aliases == ("Cookery",)
    assert settings.home.floors["Ground Floor"].aliases == ("downstairs",)
    assert settings.home.devices["light.desk"].hidden


def test_tools_and_sentences_lie_beside_the_file_that_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("", encoding="utf-8")
    tools = load(file).tools
    assert (tools.tool_file, tools.sentence_folder) == (
        tmp_path / "tools.toml",
        tmp_path / "sentences",
    )
    file.write_text('[tools]\nfile = "/srv/tools.toml"\n', encoding="utf-8")
    assert load(file).tools.tool_file == Path("/srv/tools.toml")
