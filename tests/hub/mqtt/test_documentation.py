"""The examples of docs/mqtt.md are what the parser understands."""

import re
from pathlib import Path

import pytest

from hub.broker_choice import named_broker
from hub.home_settings import Mqtt, OwnHome
from hub.mqtt.components import COMPONENTS
from hub.mqtt.discovery import parse, parse_topic
from hub.mqtt.errors import BrokerFailed, BrokerUnreachable
from hub.settings import load

PAGE = Path(__file__).parents[3] / "docs" / "mqtt.md"
EXAMPLES = re.findall(
    r"^`([^`\n]+/config)`\n\n```json\n(.*?)```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
)
SETTINGS = re.findall(
    r"```toml\n(\[(?:mqtt|home)\b.*?)```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) == 5
    assert len(SETTINGS) == 3


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


@pytest.mark.parametrize("example", SETTINGS)
def test_every_example_of_broker_and_home_is_settings(tmp_path: Path, example: str) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(example, encoding="utf-8")
    settings = load(file)
    assert settings.mqtt != Mqtt() or settings.home != OwnHome()
    named_broker(settings.mqtt.model_copy(update={"password_file": None}))


def test_every_code_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    for kind in (BrokerUnreachable, BrokerFailed):
        codes = re.findall(r'"([a-z-]+)"', kind.__doc__ or "")
        assert codes
        assert [code for code in codes if f"`{code}`" not in page and code != "broker-failed"] == []
