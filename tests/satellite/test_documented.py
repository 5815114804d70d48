"""What docs/satellite.md says is so: settings, commands, events, signs."""

import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from satellite.__main__ import app
from satellite.hooks import event_names
from satellite.settings import load
from satellite.sign import Sign

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "satellite.md").read_text()
HOME_ASSISTANT = (DOCS / "satellite" / "home-assistant.md").read_text()
TABLES = [
    dict(tomllib.loads(block))
    for block in re.findall(r"```toml\n(.*?)```", PAGE + HOME_ASSISTANT, re.DOTALL)
]


@pytest.mark.parametrize("table", TABLES, ids=", ".join)
def test_every_example_is_a_settings_file(table: dict[str, object]) -> None:
    load(overrides=table)


def test_there_are_examples() -> None:
    assert len(TABLES) >= 2


@pytest.mark.parametrize("name", re.findall(r"^\| `sotto-satellite ([a-z]+)", PAGE, re.MULTILINE))
def test_every_command_is_there(name: str) -> None:
    assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0


def test_every_event_of_the_table_can_have_a_hook() -> None:
    rows = PAGE.split("| event | when |")[1].split("\n\n")[0].splitlines()[2:]
    named = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])}
    assert named
    assert named <= set(event_names())


def test_every_sign_is_explained() -> None:
    rows = PAGE.split("| sign | light |")[1].split("\n\n")[0].splitlines()[2:]
    assert [row.split("|")[1].strip() for row in rows] == [sign.value for sign in Sign]
