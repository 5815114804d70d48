"""Prints docs/api.md: its words, and the table of what the API has and who may use it."""

import re
import sys
from collections.abc import Iterator
from typing import Any, cast

from fastapi.routing import APIRoute, iter_route_contexts

from hub.api.app import make_api
from hub.api.description import OPEN
from hub.api.parts import Parts

PAGE = "/{path:path}"
"""The page's own files, which show nothing by themselves."""
BY_HAND = {
    "GET /docs": ("panel", "read"),
    # It must work with a login that is too old.
    "DELETE /v1/session": ("panel", ""),
    "SOCKET /v1/live": ("panel", "read"),
    "SOCKET /v1/talk": ("guest", "talk"),
    "SOCKET /v1/ws/audio": ("guest", "talk"),
}
"""What looks for a login in its own code, the least role and the scope; tests try whether it is."""
HEAD = """# The API

The hub's API is at `http://HUB:10780/v1`; the dashboard uses nothing else. `GET /openapi.json`
describes every operation with its fields, examples and who may ask, for whoever has logged in.

- **Who asks** is told by the cookies of a browser that has logged in, or by
  `Authorization: Bearer ...` with a token of a program or a JWT: see [accounts](accounts.md).
- **What goes wrong** is a problem document (RFC 9457): `status`, `code` (stable, for programs),
  `detail` (what happened and what to do, for people, in English) and mostly `words`: the name
  of that text, and what was put into it, by which the dashboard says it in other languages.
- **Long lists** come in pages: `?limit=50`, then `&after=` with what the page before gave as
  `next`.
- **A request** has at most 1 MiB, unless its operation says otherwise.

## What there is, and who may use it

Each role may do what those above it may: panel, guest, member, owner. A token of a program also
needs a scope: the one named here, or else `read` to look, and `admin` to change something or to do
what only owners may.

| operation | least role | scope | what it does |
|---|---|---|---|
"""


def page() -> str:
    """Return the page."""
    app = make_api(cast("Parts", None))
    return HEAD + "".join(sorted(rows(app.routes), key=_place))


def rows(routes: Any) -> Iterator[str]:
    """Yield a line for each operation and socket."""
    for route in iter_route_contexts(routes):
        if route.path is None or route.path == PAGE:
            continue
        path = re.sub(r":\w+}", "}", route.path)
        words = " ".join((route.endpoint.__doc__ or "").split("\n\n")[0].split())
        for method in sorted((route.methods or {"SOCKET"}) - {"HEAD"}):
            operation = f"{method} {path}"
            least, scope = _needed(operation, route.original_route)
            shown = f"`{scope}`" if scope else ""
            yield f"| `{operation}` | {least} | {shown} | {words} |\n"


def _needed(operation: str, route: Any) -> tuple[str, str]:
    """Return the least role and the scope that an operation asks for."""
    if operation in OPEN:
        return "everybody", ""
    if operation in BY_HAND:
        return BY_HAND[operation]
    for one in route.dependant.dependencies if isinstance(route, APIRoute) else ():
        if (least := getattr(one.call, "least", None)) is not None:
            return least.name.lower(), getattr(one.call, "scope", None) or ""
    raise SystemExit(f"{operation} asks nobody for a role: give it needs(...).")


def _place(row: str) -> tuple[bool, str]:
    method, path = row.split("`")[1].split()
    return not path.startswith("/v1/"), f"{path} {method}"


if __name__ == "__main__":
    sys.stdout.write(page())
