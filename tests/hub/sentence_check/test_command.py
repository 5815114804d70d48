"""`sotto-hub sentences`."""

from collections.abc import Iterator

import pytest
import structlog
from typer.testing import CliRunner

from hub.__main__ import app
from hub.home.intents import IntentRecognizer


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """The command quiets the log of its own process, which here is that of all tests."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_a_table_is_printed_with_what_was_right() -> None:
    result = CliRunner().invoke(app, ["sentences", "--language", "en", "--sample", "40"])
    assert result.exit_code == 0, result.output
    assert "HassTurnOn" in result.output
    assert "/40" in result.output
    assert "left out" in result.output


def test_a_poor_share_fails_and_the_failures_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IntentRecognizer, "recognize", lambda *_args, **_more: None)
    result = CliRunner().invoke(
        app, ["sentences", "--language", "de", "--sample", "5", "--failures"]
    )
    assert result.exit_code == 1
    assert result.output.count("not understood") == 5


def test_a_language_that_the_home_does_not_speak_is_refused_kindly() -> None:
    result = CliRunner().invoke(app, ["sentences", "--language", "nl"])
    assert result.exit_code == 1
    assert "en, fr, de, es" in result.output
