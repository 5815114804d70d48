"""The token that a satellite was given: kept for its own eyes, and weaker than its settings."""

from pathlib import Path

import pytest

from satellite.errors import SatelliteError
from satellite.own_token import OwnToken, kept_token, read, token_of, write
from satellite.settings import load

TOKEN = "0123456789abcdef0123456789abcdef"


def test_what_was_given_is_kept_for_its_own_user_alone(tmp_path: Path) -> None:
    file = tmp_path / "state" / "satellite-x.token"
    write(file, TOKEN)
    assert read(file) == TOKEN
    assert file.stat().st_mode & 0o777 == 0o600
    write(file, TOKEN[::-1])
    assert read(file) == TOKEN[::-1]
    assert [one.name for one in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("kept", [b"", b"short\n", b"\xff\xfe" * 20])
def test_what_is_no_token_counts_as_nothing(tmp_path: Path, kept: bytes) -> None:
    file = tmp_path / "satellite-x.token"
    file.write_bytes(kept)
    assert read(file) is None
    assert read(tmp_path / "nowhere") is None


def test_a_token_of_the_settings_is_stronger(tmp_path: Path) -> None:
    settings = load(overrides={"name": "Kitchen", "id": "kitchen-1"})
    assert token_of(settings) is None
    write(kept_token(settings), TOKEN)
    assert token_of(settings) == TOKEN
    assert token_of(load(overrides={"id": "hall-1"})) is None, "it is that of one satellite"
    own = "a-token-of-the-settings-file"
    assert token_of(load(overrides={"id": "kitchen-1", "token": own})) == own
    with pytest.raises(SatelliteError):
        token_of(load(overrides={"id": "kitchen-1", "token": "short"}))


def test_only_one_without_a_token_that_can_show_a_code_asks_for_one() -> None:
    shown: list[tuple[str, str]] = []
    kept: list[str] = []
    own = OwnToken(show=lambda *told: shown.append(told), keep=kept.append)
    assert own.asks
    assert not OwnToken().asks
    assert not OwnToken(TOKEN, show=lambda *_: None).asks
    own.show("274913", "Home")
    own.take(TOKEN)
    assert (own.token, own.asks) == (TOKEN, False)
    assert (shown, kept) == ([("274913", "Home")], [TOKEN])
