"""Each example of docs/tools.md works as it is written there."""

import re
import tomllib
from pathlib import Path

import pytest

from hub.home_rules import made
from hub.policy_settings import PolicyRule, PolicySection
from hub.source_settings import News, Weather
from hub.tools.mqtt_tool_file import MqttTool, read_tools
from hub.tools.sentence_files import Block, Intent, Step
from hub.tools.when_rules import When
from hub.tools_settings import McpServer
from tests.hub.living_home import witness
from tests.hub.tools.test_mqtt_tools import gardener
from tests.hub.tools.test_mqtt_tools import house as garden
from tests.hub.tools.test_news_tools import BOTH
from tests.hub.tools.test_news_tools import house as news
from tests.hub.tools.test_own_sentences import house as sentences
from tests.hub.tools.test_weather_tools import house as weather

PAGE = Path(__file__).parents[3] / "docs" / "tools.md"


def examples(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def example(kind: str, holds: str) -> str:
    return next(one for one in examples(kind) if holds in one)


def test_the_rules_are_rules() -> None:
    table = tomllib.loads(example("toml", "[[policy.rules]]"))
    rules = made(PolicySection.model_validate(table["policy"]))
    assert [rule.ruling for rule in rules] == ["refuse", "allow", "confirm"]
    assert rules[0].words == "Ask a grown-up"


async def test_the_mqtt_tools_work_by_sentence(tmp_path: Path) -> None:
    text = example("toml", "water_garden")
    async with garden(tmp_path, text) as (home, url), gardener(url):
        said = await home.say("water the back garden for three minutes")
        assert said == "The back garden gets 3 minutes: 3 it is"
        async with witness(url, "gate/#"):
            asked = await home.say("open the street gate")
            assert asked == "Shall I open the gate to the street?"


def test_the_mcp_servers_are_servers() -> None:
    table = tomllib.loads(example("toml", "[mcp.servers.files]"))
    servers = {name: McpServer.model_validate(one) for name, one in table["mcp"]["servers"].items()}
    assert servers["files"].command == "uvx"
    assert servers["weather"].risks == {"report": "confirm"}


def test_the_sources_are_sources() -> None:
    table = tomllib.loads(example("toml", "[weather]"))
    assert Weather.model_validate(table["weather"]).latitude == 52.52
    assert set(News.model_validate(table["news"]).feeds) == {"World News", "Village"}


async def test_the_weather_and_the_news_are_told() -> None:
    dialogue = re.findall(r'^> "(.*)" — "(.*)"$', PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {one: answered for one, answered in dialogue if not re.search("nlock|isarm", one)}
    async with weather() as (home, _), news(**BOTH) as feeds:
        for question, answered in told.items():
            assert answered in (await home.say(question), await feeds.say(question))
        assert await home.say("Regnet es morgen?", "de") is not None
        assert await home.say("Quel temps fera-t-il lundi ?", "fr") is not None
        assert await feeds.say("¿Qué hay en las noticias?", "es") is not None
        assert await feeds.say("what's in the news from Village") is not None
    assert len(told) == 4


async def test_the_sentences_work(tmp_path: Path) -> None:
    home = sentences(tmp_path, example("yaml", "MovieNight"))
    assert home.read.problems == ()
    assert await home.say("let's have movie night") == "Enjoy the film"
    assert home.done == [("counter", "turn_off"), ("tv", "turn_on")]
    assert await home.say("make the bed light cosy at 20 percent") == "Bed Light is at 20"
    assert await home.say("tell me a joke about cats") == "cats is no laughing matter"


@pytest.mark.parametrize(
    "model",
    [MqttTool, When, McpServer, PolicyRule, Weather, News, Intent, Block, Step],
    ids=lambda one: one.__name__,
)
def test_every_key_is_on_the_page(model: type[MqttTool]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in model.model_fields if f"{name}`" not in page] == []


def test_the_buttons_do_what_the_page_says(tmp_path: Path) -> None:
    file = tmp_path / "tools.toml"
    file.write_text(example("toml", "[[when]]"), encoding="utf-8")
    read = read_tools(file)
    assert read.problems == ()
    assert [one.command for one in read.whens] == ["turn off the lamp", None, "licht im flur an"]


def test_the_examples_have_no_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "tools.toml"
    file.write_text(example("toml", "water_garden"), encoding="utf-8")
    assert read_tools(file).problems == ()
