"""The limits that docs/turn-taking.md tells are those of the code."""

import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "turn-taking.md"


def limits() -> Iterator[tuple[str, str, str]]:
    """Yield of each constant in the table of limits its name, its module and what the page says."""
    text = PAGE.read_text(encoding="utf-8").split("## Every state")[1].split("\n## ")[0]
    for row in text.splitlines():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        named = re.findall(r"`([^`]+)`", cells[-1])
        [path] = [name for name in named if name.endswith(".py")] or ["satellite/state.py"]
        if "/" not in path:
            path = f"hub/conversation/{path}"
        for constant in named:
            if constant.isupper():
                yield constant, path, cells[1]


def told_s(text: str) -> list[float]:
    found = re.findall(r"([\d.]+) (ms|s)\b", text)
    return [float(number) / (1000 if unit == "ms" else 1) for number, unit in found]


@pytest.mark.parametrize(("constant", "path", "text"), list(limits()))
def test_a_limit_on_the_page_is_that_of_the_code(constant: str, path: str, text: str) -> None:
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    value = getattr(module, constant)
    values = list(value.values()) if isinstance(value, Mapping) else [value]
    scale = 1000 if constant.endswith("_MS") else 1
    assert {one / scale for one in values} & set(told_s(text))


def test_the_page_tells_of_the_limits() -> None:
    assert len(list(limits())) >= 20
