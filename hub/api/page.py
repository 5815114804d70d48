"""The dashboard's page: what the build in web_dashboard/ has made, carried by the package."""

import asyncio
import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from hub.api.problems import Problem

FOLDER = Path(__file__).with_name("built_page")
MIN_GZIP_BYTES = 1000
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_PACKED = frozenset({".png"})
"""Gain nothing by being compressed once more."""
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}
"""What the machine's own table may not know, or know otherwise."""
_MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sotto</title>
<body style="font-family:system-ui;max-width:36em;margin:4em auto;padding:0 1em;line-height:1.5">
<h1>Sotto</h1><p>The hub runs, but its dashboard has not been built.</p>
<p>Run <code>make page</code> in the folder of Sotto, then load this page again.</p></html>
"""


def serve_page(app: FastAPI, folder: Path = FOLDER) -> None:
    """Serve the files of a built page; other paths are places within it. Comes last."""
    app.add_middleware(GZipMiddleware, minimum_size=MIN_GZIP_BYTES, compresslevel=6)
    files = _Files(folder.resolve())

    async def page(request: Request) -> Response:
        path = request.path_params["path"]
        if path.split("/", maxsplit=1)[0] == "v1":
            raise Problem(404, "not-found", "There is nothing here. See /docs for what there is.")
        file = await files.find(path)
        if file is not None:
            # The build names these after their content.
            return _answer(file, request, lasts=path.startswith("assets/"))
        if "." in path.rsplit("/", maxsplit=1)[-1]:
            raise Problem(404, "not-found", f"There is no file {path!r}.")
        index = await files.find("index.html")
        return HTMLResponse(_MISSING, 503) if index is None else _answer(index, request)

    app.add_route("/{path:path}", page, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is sent."""

    stamp: tuple[int, int]
    """When it was changed last, and its size."""
    body: bytes
    gzipped: bool
    type: str
    tag: str


class _Files:
    """The files of a folder, each read and compressed once: a page asks for many of them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._kept: dict[Path, _File] = {}

    async def find(self, path: str) -> _File | None:
        """Return the file that a path means, if there is one within the folder."""
        try:
            file = (self._root / path).resolve()
            if not path or not file.is_relative_to(self._root) or not file.is_file():
                return None
            stat = file.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            kept = self._kept.get(file)
            if kept is None or kept.stamp != stamp:
                kept = self._kept[file] = await asyncio.to_thread(_read, file, stamp)
        except (ValueError, OSError):  # no name that a file could have, or one that has just gone
            return None
        return kept


def _read(file: Path, stamp: tuple[int, int]) -> _File:
    body = file.read_bytes()
    gzipped = len(body) >= MIN_GZIP_BYTES and file.suffix not in _PACKED
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    return _File(
        stamp,
        gzip.compress(body, 9, mtime=0) if gzipped else body,
        gzipped,
        kind or "application/octet-stream",
        # Weak: the same for the compressed file and the plain one.
        f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
    )


def _answer(file: _File, request: Request, *, lasts: bool = False) -> Response:
    headers = {"Cache-Control": _FOREVER if lasts else _ASK_AGAIN, "ETag": file.tag}
    body = file.body
    # What browsers know of it already they need not get again; a proxy may name several.
    if file.tag.removeprefix("W/") in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if file.gzipped:
        if "gzip" in request.headers.get("accept-encoding", ""):
            # The middleware says so of all other answers.
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        else:
            body = gzip.decompress(body)
    return Response(body, media_type=file.type, headers=headers)
