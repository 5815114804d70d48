"""The examples of docs/mqtt.md are what the parser understands."""

import re
from pathlib import Path

import pytest

from hub.mqtt.components import COMPONENTS
from hub.mqtt.discovery import parse, parse_topic

PAGE = Path(__file__).parents[3] / "docs" / "mqtt.md"
EXAMPLES = re.findall(
    r"^`([^`\n]+/config)`\n\n```json\n(.*?)```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize(("topic", "payload"), EXAMPLES)
def test_every_example_is_understood(topic: str, payload: str) -> None:
    parts = parse_topic(topic, "homeassistant")
    assert parts is not None
    announcement = parse(parts, payload.encode(), topic)
    assert announcement.entities
    assert not announcement.problems


def test_every_component_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    assert all(f"`{component}`" in page for component in COMPONENTS)
