"""Headlines, asked for by sentences and by a model, from servers on loopback."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from hub.engines.base import ToolError
from hub.home.own_commands import OwnCommands
from hub.home.phrases import Vocabulary, build
from hub.origin import Origin
from hub.source_settings import News
from hub.tools.news_tools import NewsTools, news_commands
from hub.tools.spoken_tools import MAX_SPOKEN_CHARS
from hub.tools.toolbox import JoinedToolbox
from tests.hub.engines.http_double import HttpDouble, Script, answer
from tests.hub.home.small_home import small_home
from tests.hub.tools.web_double import ATOM, RSS, titles

FAILS = answer(b"", status="503 Service Unavailable")


class House:
    """A home with feeds."""

    def __init__(self, feeds: dict[str, str]) -> None:
        self.tools = NewsTools(News(feeds=feeds))
        self.commands = OwnCommands(small_home())
        toolbox = JoinedToolbox([self.tools])
        self.commands.put("news", news_commands(toolbox, self.tools.feeds))

    async def say(self, text: str, language: str = "en") -> str | None:
        origin = Origin(None, language)
        match = self.commands.recognize(text, origin)
        return None if match is None else (await self.commands.perform(match, origin)).speech

    async def tell(self, **arguments: Any) -> Any:
        return json.loads(await self.tools.call("get_news", arguments, Origin()))


@asynccontextmanager
async def house(**feeds: Script) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        urls = {}
        for name, script in feeds.items():
            web = await stack.enter_async_context(HttpDouble(script))
            urls[name.replace("_", " ")] = f"{web.url}/feed.xml"
        yield House(urls)


BOTH = {"World_News": answer(RSS), "Village": answer(ATOM)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "What is in the news?"),
        ("en", "what's in the news"),
        ("en", "read me the headlines"),
        ("en", "what's the latest news"),
        ("de", "Was gibt es Neues?"),
        ("de", "Was gibt's Neues?"),
        ("de", "Was ist in den Nachrichten?"),
        ("de", "Lies mir die Nachrichten vor"),
        ("fr", "Quelles sont les nouvelles ?"),
        ("fr", "donne-moi les gros titres"),
        ("es", "¿Cuáles son las noticias?"),
        ("es", "¿Qué hay en las noticias?"),
    ],
)
async def test_a_few_headlines_of_all_feeds_are_read_out(language: str, text: str) -> None:
    async with house(**BOTH) as home:
        said = await home.say(text, language)
        assert said == "Bridge opens. Café reopens. Cats & dogs agree."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what's in the news from Village"),
        ("en", "give me the Village news"),
        ("de", "was gibt es Neues bei Village"),
        ("de", "lies mir die Nachrichten von Village vor"),
        ("fr", "quelles sont les nouvelles de Village"),
        ("es", "dime las noticias de Village"),
    ],
)
async def test_one_feed_can_be_asked_for(language: str, text: str) -> None:
    async with house(**BOTH) as home:
        assert await home.say(text, language) == "Café reopens. A new well."


async def test_a_name_with_figures_does_not_keep_the_news_from_being_heard() -> None:
    async with house(Channel_4=answer(RSS)) as home:
        heard = home.commands.heard("en")
        assert build(Vocabulary(), own=heard).accepts("what's in the news")
        assert str(await home.say("what's in the news from channel 4")).startswith("Bridge opens")


async def test_a_model_gets_five_headlines_and_whose_they_are() -> None:
    async with house(**BOTH) as home:
        news = await home.tell()
        assert len(news) == 5
        assert news[1] == {"feed": "Village", "title": "Café reopens"}
        assert titles(await home.tell(feed="World News")) == [
            "Bridge opens",
            "Cats & dogs agree",
            "Rain at last",
        ]
        for feed in ("Other", 5, ["Village"]):
            with pytest.raises(ToolError, match="feed must be one of World News, Village"):
                await home.tell(feed=feed)


async def test_a_feed_that_fails_takes_nothing_from_the_others() -> None:
    async with house(World_News=FAILS, Village=answer(ATOM)) as home:
        assert await home.say("what is in the news") == "Café reopens. A new well."
        with pytest.raises(ToolError, match=r"feed World News at .* answers with"):
            await home.tell(feed="World News")


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "what is in the news", "I can not get the news"),
        ("de", "was gibt es Neues", "Ich bekomme die Nachrichten gerade nicht"),
        ("fr", "quelles sont les nouvelles", "Je n'arrive pas à obtenir les nouvelles"),
        ("es", "cuáles son las noticias", "No puedo obtener las noticias"),
    ],
)
async def test_it_is_told_where_no_feed_answers(language: str, text: str, said: str) -> None:
    async with house(One=FAILS, Two=answer(b"<!DOCTYPE rss><rss/>")) as home:
        assert await home.say(text, language) == said


async def test_a_feed_without_entries_has_no_news() -> None:
    async with house(One=answer(b"<rss/>")) as home:
        assert await home.say("what is in the news") == "There is no news"
        assert await home.tell() == []


async def test_long_headlines_are_fewer() -> None:
    title = "a long headline " * 9
    items = "".join(f"<item><title>{one} {title}</title></item>" for one in range(5))
    async with house(One=answer(f"<rss>{items}</rss>".encode())) as home:
        said = await home.say("what is in the news")
        assert said is not None
        assert said.startswith("0 a long headline")
        assert len(said) <= MAX_SPOKEN_CHARS
        assert len(titles(await home.tell())) == 5
