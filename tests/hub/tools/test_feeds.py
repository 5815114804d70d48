"""Headlines of feeds, good and bad."""

import pytest

from hub.tools.feeds import MAX_HEADLINE_CHARS, MAX_HEADLINES, read_headlines
from tests.hub.tools.web_double import ATOM, RSS

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/"><channel><title>Old</title></channel>
<item><title>Still here</title></item></rdf:RDF>"""


def rss(*titles: str) -> bytes:
    items = "".join(f"<item><title>{title}</title></item>" for title in titles)
    return f"<rss><channel>{items}</channel></rss>".encode()


@pytest.mark.parametrize(
    ("feed", "headlines"),
    [
        (RSS, ("Bridge opens", "Cats & dogs agree", "Rain at last")),
        (ATOM, ("Café reopens", "A new well")),
        (RDF, ("Still here",)),
        (rss(), ()),
        ("<rss><item><title>Größe</title></item></rss>".encode("utf-16"), ("Größe",)),
    ],
)
def test_the_titles_of_entries_are_the_headlines(feed: bytes, headlines: tuple[str, ...]) -> None:
    assert read_headlines(feed) == headlines


def test_only_the_first_headlines_are_taken_and_each_once() -> None:
    found = read_headlines(rss("same", "same", *(f"number {one}" for one in range(20))))
    assert found == ("same", *(f"number {one}" for one in range(MAX_HEADLINES - 1)))


def test_a_headline_is_one_short_line() -> None:
    [long, odd] = read_headlines(rss("word " * 1_000, "a\n\tb&#x200b;&#x202e; c"))
    assert len(long) <= MAX_HEADLINE_CHARS + 2
    assert long.endswith("word …")
    assert odd == "a b c"


@pytest.mark.parametrize(
    ("feed", "why"),
    [
        (b"", "no well-formed XML"),
        (b"hello", "no well-formed XML"),
        (RSS[:200], "no well-formed XML"),
        (b"<rss><item></rss>", "no well-formed XML"),
        (b'<?xml version="1.0" encoding="klingon"?><rss/>', "no well-formed XML"),
        (b"<rss>&undefined;</rss>", "no well-formed XML"),
        (b"<html><body/></html>", "no RSS or Atom feed"),
        (b'<!DOCTYPE rss [<!ENTITY a "b">]><rss/>', "document type"),
        ('<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>'.encode("utf-16"), "document type"),
        (b"<rss>" + b"<a>" * 5_000, "in each other without end"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(feed: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_headlines(feed)
