"""The dashboard's page: what the build in web_dashboard/ has made, carried by the package."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

from hub.api.problems import Problem

FOLDER = Path(__file__).with_name("built_page")
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sotto</title>
<body style="font-family:system-ui;max-width:36em;margin:4em auto;padding:0 1em;line-height:1.5">
<h1>Sotto</h1><p>The hub runs, but its dashboard has not been built.</p>
<p>Run <code>make page</code> in the folder of Sotto, then load this page again.</p></html>
"""


def serve_page(app: FastAPI, folder: Path = FOLDER) -> None:
    """Serve the files of a built page; other paths are places within it. Comes last."""
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6)
    root = folder.resolve()

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str) -> Response:
        if path.split("/", maxsplit=1)[0] == "v1":
            raise Problem(404, "not-found", "There is nothing here. See /docs for what there is.")
        file = _file(root, path)
        if file is not None:
            # The build names these after their content.
            lasts = _FOREVER if path.startswith("assets/") else _ASK_AGAIN
            return FileResponse(file, headers={"Cache-Control": lasts})
        if "." in path.rsplit("/", maxsplit=1)[-1]:
            raise Problem(404, "not-found", f"There is no file {path!r}.")
        index = root / "index.html"
        if not index.is_file():
            return HTMLResponse(_MISSING, 503)
        return FileResponse(index, headers={"Cache-Control": _ASK_AGAIN})


def _file(root: Path, path: str) -> Path | None:
    """Return the file that a path means, if there is one within the folder."""
    try:
        file = (root / path).resolve()
        return file if path and file.is_relative_to(root) and file.is_file() else None
    except (ValueError, OSError):  # no name that a file could have
        return None
