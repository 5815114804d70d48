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
