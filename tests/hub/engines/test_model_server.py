import pytest

from hub.engines.base import EngineError
from hub.engines.model_server import MAX_LINE_BYTES, LineSplitter, ModelServer, error_text

TEXT = b"one\ntwo\r\n\r\nthree\rfour\n\nrest"
LINES = [b"one", b"two", b"", b"three", b"four", b""]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_lines_are_the_same_however_they_are_cut(size: int) -> None:
    splitter = LineSplitter()
    lines = [
        line for at in range(0, len(TEXT), size) for line in splitter.feed(TEXT[at : at + size])
    ]
    assert (lines, splitter.rest) == (LINES, b"rest")


def test_a_line_without_end_is_refused() -> None:
    splitter = LineSplitter()
    splitter.feed(b"x" * MAX_LINE_BYTES)
    with pytest.raises(EngineError, match="without end"):
        splitter.feed(b"x")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"error":"no such model"}', "no such model"),
        (b'{"error":{"message":"no key","code":1}}', "no key"),
        (b'{"detail":"what"}', "{'detail': 'what'}"),
        (b"<html>\n 502 </html>", "<html> 502 </html>"),
        (b"", ""),
    ],
)
def test_what_a_server_says_of_an_error_is_found(body: bytes, text: str) -> None:
    assert error_text(body) == text


async def test_an_address_without_its_beginning_is_told() -> None:
    server = ModelServer("127.0.0.1:11434", kind="It", away="Start it.")
    with pytest.raises(EngineError, match="It's address must begin with http://"):
        await server.ask("GET", "models")
    await server.close()


def test_a_password_in_an_address_is_not_shown() -> None:
    server = ModelServer("http://me:secret@box:1234/v1", kind="It", away="Start it.")
    assert server.place == "http://box:1234"
