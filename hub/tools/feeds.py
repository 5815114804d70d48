"""Headlines of RSS and Atom feeds, which strangers write: read in bounds, without entities."""

import html
import re
from xml.parsers import expat

MAX_BYTES = 2 << 20
"""Feeds that carry whole articles have a megabyte."""
MAX_HEADLINES = 5
MAX_HEADLINE_CHARS = 160
_MAX_TITLE_CHARS = 4_000
"""Of a title as it stands in the feed, with its markup."""
_MAX_DEPTH = 100
_ENTRIES = frozenset({"item", "entry"})
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")


def read_headlines(body: bytes) -> tuple[str, ...]:
    """Return the first headlines of a feed, in its order. Raises ValueError, with the reason."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    # A document type brings entities, which can grow without end or name files.
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError):
        raise ValueError("it is no well-formed XML") from None
    if not reader.is_feed:
        raise ValueError("it is no RSS or Atom feed")
    return tuple(reader.headlines)


class _Reader:
    """Takes the titles of entries out of a stream of elements."""

    def __init__(self) -> None:
        self.headlines: list[str] = []
        self.is_feed = False
        self._path: list[str] = []
        self._entry = 0
        """How deep the entry is that is read, 0 for none."""
        self._title: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Raises ValueError for elements in each other without end."""
        del attributes
        if not self._path:
            self.is_feed = name.rsplit(" ", 1)[-1] in {"rss", "feed", "RDF"}
        self._path.append(name)
        depth = len(self._path)
        if depth > _MAX_DEPTH:
            raise ValueError("its elements are in each other without end")
        space, _, local = name.rpartition(" ")
        if self._entry == 0 and local in _ENTRIES:
            self._entry = depth
        elif self._entry == depth - 1 > 0 and local == "title" and self._is_of_entry(space):
            self._title = []

    def end(self, _: str) -> None:
        """Keep a title that is whole."""
        depth = len(self._path)
        self._path.pop()
        if depth == self._entry:
            self._entry = 0
        elif self._title is not None and depth == self._entry + 1:
            self._keep(_plain("".join(self._title)))
            self._title = None

    def text(self, data: str) -> None:
        """Take a piece of a title."""
        if self._title is not None and sum(map(len, self._title)) < _MAX_TITLE_CHARS:
            self._title.append(data[:_MAX_TITLE_CHARS])

    def _is_of_entry(self, space: str) -> bool:
        """Return whether a namespace is the entry's own: titles of its pictures have another."""
        return self._path[-2].rpartition(" ")[0] == space

    def _keep(self, title: str) -> None:
        if title and len(self.headlines) < MAX_HEADLINES and title not in self.headlines:
            self.headlines.append(title)


def _plain(title: str) -> str:
    """Return a title without markup, in one line of few words."""
    bare = html.unescape(_TAG.sub(" ", html.unescape(title)))
    shown = "".join(sign if sign.isprintable() else " " for sign in bare)
    line = " ".join(shown.split())
    if len(line) <= MAX_HEADLINE_CHARS:
        return line
    return line[:MAX_HEADLINE_CHARS].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _refuse(*_: object) -> None:
    raise ValueError("it has a document type, which is not read")
