import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_api_page_is_what_the_api_says() -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "scripts" / "api_page.py"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    ).stdout
    assert (ROOT / "docs" / "api.md").read_text() == made, "run `make docs`"
