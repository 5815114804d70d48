"""The page at /docs: what the API offers, with examples, made of its OpenAPI document.

It is made here rather than by Swagger UI, whose package reports home when it is installed and
which FastAPI would load from a foreign host: a page without scripts works everywhere.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hub.api.access import Role, admit
from hub.api.problems import Problem

MAX_DEPTH = 5
_METHODS = ("get", "post", "put", "patch", "delete")
_STYLE = """
:root{color-scheme:light dark;--line:#8886;--soft:#8881;--accent:light-dark(#2a6558,#7cc4b3)}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{margin:0}h2{margin:2.5rem 0 .5rem;text-transform:capitalize}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0}
summary{padding:.6rem .8rem;cursor:pointer;display:flex;gap:.6rem;flex-wrap:wrap}
summary:focus-visible{outline:3px solid var(--accent)}
details>div{padding:0 .8rem .8rem}
.method{font-weight:700;min-width:4.2rem;color:var(--accent)}code{overflow-wrap:anywhere}
pre{background:var(--soft);padding:.7rem;border-radius:.4rem;overflow:auto;font-size:.85rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .5rem;
border-bottom:1px solid var(--line);vertical-align:top}a{color:var(--accent)}
"""


def serve_docs(app: FastAPI) -> None:
    """Serve the page to whoever is logged in."""

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        try:
            await admit(request, Role.PANEL, "read")
        except Problem as problem:
            text = f'<p>{escape(problem.detail)} <a href="/">To the dashboard</a></p>'
            return HTMLResponse(_page("Sotto", text), problem.status)
        return HTMLResponse(render(app.openapi()))


def render(document: Mapping[str, Any]) -> str:
    """Return the page of an OpenAPI document."""
    info = document["info"]
    groups: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method in _METHODS:
            if (operation := operations.get(method)) is not None:
                tag = next(iter(operation.get("tags", ())), "others")
                groups.setdefault(tag, []).append(_operation(document, method, path, operation))
    menu = " · ".join(f'<a href="#{escape(tag)}">{escape(tag)}</a>' for tag in groups)
    parts = [
        f"<h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>",
        f"<p>{escape(info.get('summary', ''))} The document itself: "
        '<a href="/openapi.json">openapi.json</a>. Programs send '
        "<code>Authorization: Bearer TOKEN</code>; a token is made in the dashboard, under "
        "Settings. What goes wrong is told as a problem document (RFC 9457). The live socket "
        "is <code>/v1/live</code>, the one for talking <code>/v1/talk</code>.</p>",
        f"<nav>{menu}</nav>",
    ]
    for tag, operations in groups.items():
        parts += [f'<section><h2 id="{escape(tag)}">{escape(tag)}</h2>', *operations, "</section>"]
    return _page(f"{info['title']}: API", "\n".join(parts))


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><main>{body}</main></html>"
    )


def _operation(
    document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]
) -> str:
    return "".join(
        [
            f'<details><summary><span class="method">{method.upper()}</span>'
            f"<code>{escape(path)}</code> <span>{_prose(_first_line(operation))}</span></summary>",
            f"<div><p>{_prose(operation.get('description', ''))}</p>",
            *_parameters(operation),
            *_body(document, operation),
            *_responses(document, operation),
            "</div></details>",
        ]
    )


def _first_line(operation: Mapping[str, Any]) -> str:
    text = str(operation.get("description") or operation.get("summary", ""))
    return text.split("\n", maxsplit=1)[0]


def _parameters(operation: Mapping[str, Any]) -> Iterator[str]:
    parameters = operation.get("parameters", ())
    if parameters:
        yield "<table><tr><th>Parameter</th><th>Where</th><th>What</th></tr>"
        for one in parameters:
            what = one.get("description") or _type(one.get("schema", {}))
            needed = ", needed" if one.get("required") else ""
            yield (
                f"<tr><td><code>{escape(one['name'])}</code></td>"
                f"<td>{escape(one['in'])}{needed}</td><td>{_prose(what)}</td></tr>"
            )
        yield "</table>"


def _body(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[str]:
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<p>Send <code>{escape(kind)}</code>:</p>"
        if kind == "application/json":
            yield _json(example(document, content.get("schema", {})))


def _responses(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[str]:
    for status, response in operation.get("responses", {}).items():
        if not status.startswith("2"):
            continue
        kinds = response.get("content", {})
        yield f"<p>{escape(status)}: {escape(', '.join(kinds) or 'nothing')}</p>"
        if (schema := kinds.get("application/json", {}).get("schema")) is not None:
            yield _json(example(document, schema))


def example(document: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 0) -> Any:
    """Return what fits a schema: its own example, or one that is made up."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", maxsplit=1)[-1]
        schema = document["components"]["schemas"][name]
    if schema.get("examples"):
        return schema["examples"][0]
    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if schema.get("enum"):
        return schema["enum"][0]
    if depth > MAX_DEPTH:
        return None
    if options := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return example(document, options[0], depth + 1)
    if "properties" in schema:
        properties = schema["properties"].items()
        return {name: example(document, one, depth + 1) for name, one in properties}
    if schema.get("type") == "array":
        return [example(document, schema.get("items", {}), depth + 1)]
    return {
        "string": "2026-11-28T18:04:11Z" if schema.get("format") == "date-time" else "text",
        "integer": schema.get("minimum", 1),
        "number": schema.get("minimum", 1.0),
        "boolean": True,
        "object": {},
    }.get(schema.get("type", ""))


def _prose(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _type(schema: Mapping[str, Any]) -> str:
    if schema.get("enum"):
        return " | ".join(map(str, schema["enum"]))
    options = [one.get("type", "") for one in schema.get("anyOf", ())]
    return str(schema.get("type") or " or ".join(filter(None, options)))


def _json(value: Any) -> str:
    return f'<pre tabindex="0">{escape(json.dumps(value, indent=2, ensure_ascii=False))}</pre>'
