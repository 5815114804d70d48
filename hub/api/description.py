"""What the API says of itself in OpenAPI, with what the library leaves out."""

from collections.abc import Mapping
from typing import Any

from hub.api.cookies import ACCESS
from hub.api.problems import MEDIA_TYPE

OPEN = frozenset(
    {
        *("GET /health", "GET /v1/health", "GET /v1/setup", "POST /v1/setup"),
        *("POST /v1/session", "POST /v1/session/refresh"),
    }
)
"""What answers without a login."""
_PROOFS: Mapping[str, Mapping[str, str]] = {
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": ACCESS,
        "description": "Of a browser that has logged in.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of a program, or a JWT.",
    },
}
_FAILED = ("4XX", "5XX")


def complete(document: dict[str, Any]) -> None:
    """Say who may ask, of what type problems really are, and what is null in examples."""
    parts = document["components"]
    parts["securitySchemes"] = {name: dict(proof) for name, proof in _PROOFS.items()}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            is_open = f"{method.upper()} {path}" in OPEN
            operation["security"] = [] if is_open else [{name: []} for name in _PROOFS]
            for status in _FAILED:
                content = operation["responses"][status]["content"]
                content[MEDIA_TYPE] = content.pop("application/json")
    for schema in parts["schemas"].values():
        for shown in schema.get("examples", ()):
            _fill(schema, shown)


def _fill(schema: Mapping[str, Any], shown: dict[str, Any]) -> None:
    """Have null in an example what has to be there: the library leaves it out."""
    for name in schema.get("required", ()):
        if {"type": "null"} in schema["properties"][name].get("anyOf", ()):
            shown.setdefault(name, None)
