import subprocess
import sys
from pathlib import Path

from hub.settings import HubSettings

ROOT = Path(__file__).parents[1]


def test_the_settings_page_is_what_the_settings_say() -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "scripts" / "settings_page.py"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    assert (ROOT / "docs" / "settings.md").read_text() == made, "run `make docs`"


def test_every_setting_is_explained() -> None:
    for line in (ROOT / "docs" / "settings.md").read_text().splitlines():
        if line.startswith("| `"):
            name, _, words, _ = (cell.strip() for cell in line.strip("|").split(" | "))
            assert words, f"{name} has no words"
    assert "satellites.token_file" in (ROOT / "docs" / "settings.md").read_text()
    assert HubSettings.model_fields
