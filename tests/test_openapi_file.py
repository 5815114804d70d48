import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_page_is_built_with_the_types_of_this_api() -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "scripts" / "openapi.py"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    ).stdout
    file = ROOT / "web_dashboard" / "openapi.json"
    assert file.read_text() == made, "run `make docs`"
