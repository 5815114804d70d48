"""A source on the web, asked over real connections on loopback."""

import asyncio

import pytest

from hub.engines.base import ToolError
from hub.tools.web_source import KEEP_S, MAX_REDIRECTS, REST_S, WebSource
from tests.hub.engines.http_double import HttpDouble, Script, answer, silent
from tests.hub.living_home import nowhere
from tests.hub.tools.web_double import head, one_after_another


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def text(body: bytes) -> str:
    if body == b"nonsense":
        raise ValueError("it is nonsense")
    return body.decode()


def source(
    url: str, *, clock: Clock | None = None, fetch_s: float = 4.0, path: str = "/x?key=hidden"
) -> WebSource[str]:
    return WebSource(
        "the source", url + path, text, max_bytes=1_000, fetch_s=fetch_s, clock=clock or Clock()
    )


async def test_an_answer_is_kept_for_ten_minutes() -> None:
    clock = Clock()
    async with HttpDouble(one_after_another(answer(b"one"), answer(b"two"))) as web:
        asked = source(web.url, clock=clock)
        assert await asked.get() == "one"
        clock.now += KEEP_S - 1
        assert await asked.get() == "one"
        clock.now += 1
        assert await asked.get() == "two"
        assert len(web.requests) == 2


async def test_many_who_ask_at_once_cost_one_request() -> None:
    async with HttpDouble(answer(b"one")) as web:
        asked = source(web.url)
        assert await asyncio.gather(*(asked.get() for _ in range(5))) == ["one"] * 5
        assert len(web.requests) == 1


async def test_nothing_is_told_but_what_the_address_says() -> None:
    async with HttpDouble(answer(b"one")) as web:
        await source(web.url).get()
        [request] = web.requests
    assert request.line == "GET /x?key=hidden HTTP/1.1"
    assert set(request.headers) == {"host", "accept", "accept-encoding", "connection", "user-agent"}
    assert request.headers["user-agent"] == "Sotto"


async def test_a_source_that_failed_is_left_alone_for_a_while() -> None:
    clock = Clock()
    failing = answer(b"", status="500 Internal Server Error")
    async with HttpDouble(one_after_another(failing, answer(b"one"))) as web:
        asked = source(web.url, clock=clock)
        for _ in range(2):
            with pytest.raises(ToolError, match="status 500"):
                await asked.get()
        assert len(web.requests) == 1
        clock.now += REST_S
        assert await asked.get() == "one"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (answer(b"", status="500 Internal Server Error"), "answers with status 500"),
        (answer(b"", status="404 Not Found"), "answers with status 404"),
        (answer(b"nonsense"), "sends what can not be used: it is nonsense"),
        (answer(b"a" * 1_001), "sends more than 1000 bytes"),
        (answer(b"a" * 900, cuts=[100], then="break"), "broke off"),
        (head("200 OK", {"Content-Encoding": "gzip"}, b"\x1f\x8b"), "compresses its answer"),
        (head("302 Found", {"Location": "/again"}), "without end"),
        (head("302 Found", {"Location": "http://localhost:9/"}), "another address"),
        (head("302 Found", {"Location": "http://127.0.0.1:9/"}), "another address"),
        (head("302 Found", {"Location": "file:///etc/passwd"}), "another address"),
        (head("302 Found", {"Location": "https://user:word@localhost/"}), "another address"),
        (head("302 Found", {"Location": "http://[::"}), "broke off|another address"),
    ],
)
async def test_what_goes_wrong_is_told_without_the_address(script: Script, told: str) -> None:
    async with HttpDouble(script) as web:
        with pytest.raises(ToolError, match=told) as failure:
            await source(web.url).get()
        assert len(web.requests) <= MAX_REDIRECTS + 1
    assert "hidden" not in str(failure.value)
    assert "127.0.0.1" in str(failure.value)


@pytest.mark.parametrize("script", [silent, answer(b"a", then="hang")])
async def test_a_source_that_hangs_is_given_up(script: Script) -> None:
    async with HttpDouble(script) as web:
        with pytest.raises(ToolError, match="did not answer in time"):
            await source(web.url, fetch_s=0.2).get()


async def test_a_source_that_is_away_is_told() -> None:
    with nowhere() as port, pytest.raises(ToolError, match="can not be reached"):
        await source(f"http://127.0.0.1:{port}").get()


async def test_a_redirect_to_another_page_is_followed() -> None:
    moved = head("301 Moved Permanently", {"Location": "/there"})
    async with HttpDouble(one_after_another(moved, answer(b"one"))) as web:
        assert await source(web.url).get() == "one"
        assert [one.line.split()[1] for one in web.requests] == ["/x?key=hidden", "/there"]


async def test_whoever_gives_up_leaves_the_source_to_the_next() -> None:
    async with HttpDouble(one_after_another(silent, answer(b"one"))) as web:
        asked = source(web.url)
        first = asyncio.create_task(asked.get())
        async with asyncio.timeout(30):
            while not web.requests:
                await asyncio.sleep(0.005)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert await asked.get() == "one"
