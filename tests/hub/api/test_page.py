"""The page's files, from a folder like the one that its build makes."""

from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from hub.api.page import serve_page
from hub.api.problems import respond_with_problems


def client(folder: Path) -> httpx2.AsyncClient:
    app = FastAPI()
    respond_with_problems(app)
    serve_page(app, folder)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://hub")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>Sotto</title>")
    (folder / "assets" / "index-1a2b.js").write_text("let a = 1;" * 500)
    (tmp_path / "secret.txt").write_text("secret")
    return folder


async def test_places_within_the_page_are_the_page_and_its_files_are_kept(folder: Path) -> None:
    async with client(folder) as http:
        for path in ("/", "/conversations", "/conversations/17"):
            found = await http.get(path)
            assert found.text == "<title>Sotto</title>"
            assert found.headers["cache-control"] == "no-cache"
        script = await http.get("/assets/index-1a2b.js")
        assert "immutable" in script.headers["cache-control"]
        assert script.headers["content-encoding"] == "gzip"


async def test_a_file_is_sent_as_the_browser_wants_it_and_once(folder: Path) -> None:
    async with client(folder) as http:
        plain = await http.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.text == "let a = 1;" * 500
        packed = await http.get("/assets/index-1a2b.js")
        assert packed.text == plain.text
        for found in (plain, packed):
            assert found.headers["content-type"] == "text/javascript; charset=utf-8"
            assert "Accept-Encoding" in found.headers["vary"]
        tag = packed.headers["etag"]
        assert tag == plain.headers["etag"]
        assert tag.startswith("W/")  # it is not the same byte for byte
        for tags in (tag, tag.removeprefix("W/"), f'"another", {tag}'):
            known = await http.get("/assets/index-1a2b.js", headers={"If-None-Match": tags})
            assert (known.status_code, known.content) == (304, b"")


async def test_a_page_that_is_built_anew_is_what_is_sent_then(folder: Path) -> None:
    async with client(folder) as http:
        first = await http.get("/")
        (folder / "index.html").write_text("<title>Sotto, and more of it</title>")
        tag = {"If-None-Match": first.headers["etag"]}
        assert (await http.get("/", headers=tag)).text == "<title>Sotto, and more of it</title>"


@pytest.mark.parametrize(
    "path",
    ["/missing.js", "/v1/nothing", "/%2e%2e/secret.txt", "/assets/../../secret.txt", "/%00.js"],
)
async def test_what_is_not_there_or_outside_is_not_found(folder: Path, path: str) -> None:
    async with client(folder) as http:
        found = await http.get(path)
        assert found.status_code == 404
        assert found.json()["code"] == "not-found"
        assert "secret" not in found.text.replace("secret.txt", "")


async def test_a_page_that_was_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    async with client(tmp_path / "nowhere") as http:
        found = await http.get("/")
        assert found.status_code == 503
        assert "make page" in found.text
