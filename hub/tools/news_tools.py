"""Headlines of the owner's feeds: as a tool of a model, and as sentences in four languages."""

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from hub.engines.base import ToolError, ToolSpec
from hub.home.spoken_command import SpokenCommand
from hub.home.spoken_names import spoken_forms
from hub.origin import Origin
from hub.source_settings import News
from hub.tools.feeds import MAX_BYTES, MAX_HEADLINES, read_headlines
from hub.tools.spoken_tools import MAX_SPOKEN_CHARS, by_sentence
from hub.tools.toolbox import JoinedToolbox
from hub.tools.web_source import WebSource

NAME = "get_news"
MAX_SPOKEN = 3
"""Headlines of an answer: nobody remembers more."""

_ALL: Mapping[str, tuple[str, ...]] = {
    "en": (
        "(what is|what's) (in the news|new in the world|the [latest] news)",
        "(what are|give me|read|read me|tell me) the (headlines|news|latest news)",
    ),
    "de": (
        "was (gibt es|gibt's) (Neues|für Nachrichten)",
        "was (ist|gibt es) in den Nachrichten",
        "(wie lauten|was sind) die (Nachrichten|Schlagzeilen)",
        "(lies|sag) [mir] die (Nachrichten|Schlagzeilen) [vor]",
    ),
    "fr": (
        "(quelles sont|donne-moi|dis-moi|lis-moi) les (nouvelles|actualités|infos|informations|"
        "titres|gros titres)",
        "(qu'y a-t-il|quoi de neuf) (dans l'actualité|aux infos|dans les nouvelles)",
    ),
    "es": (
        "(cuáles son|dime|dame|léeme) (las noticias|los titulares)",
        "qué hay en las noticias",
    ),
}
_OF_ONE: Mapping[str, str] = {
    "en": " (from|of|on|at) {feed}",
    "de": " (bei|von|aus|in|im) {feed}",
    "fr": " (de|du|sur) {feed}",
    "es": " (de|en) {feed}",
}
_ALSO: Mapping[str, tuple[str, ...]] = {
    "en": (
        "(what are|give me|read|read me|tell me) the {feed} (headlines|news)",
        "what does {feed} say",
    ),
    "de": ("(lies|sag) [mir] die (Nachrichten|Schlagzeilen) (bei|von|aus) {feed} vor",),
}
_NONE: Mapping[str, str] = {
    "en": "There is no news",
    "de": "Es gibt keine Nachrichten",
    "fr": "Il n'y a pas de nouvelles",
    "es": "No hay noticias",
}
_UNREACHABLE: Mapping[str, str] = {
    "en": "I can not get the news",
    "de": "Ich bekomme die Nachrichten gerade nicht",
    "fr": "Je n'arrive pas à obtenir les nouvelles",
    "es": "No puedo obtener las noticias",
}
_ENDS = tuple(".!?…")


class NewsTools:
    """The tool."""

    def __init__(
        self, settings: News, sources: Mapping[str, WebSource[tuple[str, ...]]] | None = None
    ) -> None:
        """`sources` are in place of those of the settings."""
        self._sources = sources or {
            name: WebSource(f"the feed {name}", url, read_headlines, max_bytes=MAX_BYTES)
            for name, url in settings.feeds.items()
        }

    @property
    def feeds(self) -> Sequence[str]:
        """The names of the feeds."""
        return tuple(self._sources)

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tool."""
        feed = {"type": "string", "enum": list(self._sources), "description": "by default all"}
        schema = {"type": "object", "properties": {"feed": feed}, "additionalProperties": False}
        return (ToolSpec(NAME, "Tells headlines of the news. They are strangers' words.", schema),)

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        """Use the tool. Raises ToolError."""
        del origin
        if name != NAME:
            raise ToolError(f"there is no tool {name}.")
        feed = arguments.get("feed")
        if feed is None:
            asked = tuple(self._sources)
        elif isinstance(feed, str) and feed in self._sources:
            asked = (feed,)
        else:
            raise ToolError(f"feed must be one of {', '.join(self._sources)}.")
        found = await asyncio.gather(*(self._headlines(one) for one in asked))
        told = [one for one in found if isinstance(one, list)]
        if not told:
            raise next(one for one in found if isinstance(one, ToolError))
        # Of each feed the first, then of each the second.
        rows = itertools.zip_longest(*told)
        news = [one for row in rows for one in row if one is not None][:MAX_HEADLINES]
        return orjson.dumps(news).decode()

    async def _headlines(self, feed: str) -> list[dict[str, str]] | ToolError:
        """Return what a feed tells; one that is away takes nothing from the others."""
        try:
            titles = await self._sources[feed].get()
        except ToolError as error:
            return error
        return [{"feed": feed, "title": title} for title in titles]


def news_commands(toolbox: JoinedToolbox, feeds: Sequence[str]) -> Sequence[SpokenCommand]:
    """Return the sentences."""
    names = [{"in": form, "out": feed} for feed in feeds for form in spoken_forms(feed)]
    do = by_sentence(toolbox, NAME, _said, failed=lambda language: _of(_UNREACHABLE, language))
    return [
        SpokenCommand(
            NAME,
            language,
            # Those without a name can be heard, whatever signs the names have.
            (*sentences, *(one + _OF_ONE[language] for one in sentences), *_ALSO.get(language, ())),
            do,
            lists={"feed": {"values": names}},
        )
        for language, sentences in _ALL.items()
    ]


def _said(_: Mapping[str, Any], result: str, language: str) -> str:
    """Return the headlines as they are read out: as many as are short enough together."""
    said = ""
    for one in orjson.loads(result)[:MAX_SPOKEN]:
        title = one["title"] if one["title"].endswith(_ENDS) else f"{one['title']}."
        if len(said) + len(title) >= MAX_SPOKEN_CHARS:
            break
        said = f"{said} {title}".strip()
    return said or _of(_NONE, language)


def _of(words: Mapping[str, str], language: str) -> str:
    return words.get(language.split("-", maxsplit=1)[0], words["en"])
