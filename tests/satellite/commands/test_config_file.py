from pathlib import Path

import pytest

from satellite.commands.config_file import write_private, write_settings
from satellite.errors import SatelliteError
from satellite.settings import load


def test_a_new_file_holds_what_was_set_and_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "satellite.toml"
    write_settings(file, {"name": 'The "big" küche \\', "area": None, "wake_words": ("okay_nabu",)})
    settings = load(file)
    assert settings.name == 'The "big" küche \\'
    assert settings.wake_words == ("okay_nabu",)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["satellite.toml"]


def test_what_the_owner_wrote_stays(tmp_path: Path) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text('# mine\nname = "Old"  # a note\narea = "Attic"\n\n[lights]\nkind = "none"\n')
    write_settings(file, {"name": "New", "area": None, "hub": "auto"})
    text = file.read_text()
    assert "# mine" in text
    assert "# a note" in text
    assert "area" not in text
    settings = load(file)
    assert (settings.name, settings.area, settings.hub) == ("New", None, "auto")
    assert settings.lights.kind == "none"


def test_a_file_that_is_no_toml_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text("name = ")
    with pytest.raises(SatelliteError, match=r"satellite\.toml can not be read"):
        write_settings(file, {"name": "New"})
    assert file.read_text() == "name = "


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SatelliteError, match=r"can not be written"):
        write_private(tmp_path / "file" / "satellite.toml", "")


def test_a_table_keeps_what_is_not_set_in_it(tmp_path: Path) -> None:
    file = tmp_path / "satellite.toml"
    file.write_text("[wyoming]\n# ours\ndiscoverable = false\nuri = 'tcp://x'\n")
    write_settings(file, {"wyoming": {"uri": None, "allow": ("192.0.2.1",)}})
    text = file.read_text()
    assert "# ours\ndiscoverable = false" in text
    assert "uri" not in text
    assert load(file).wyoming.allow == ("192.0.2.1",)
