"""What the API says of itself is true: its examples, who may ask, how problems look."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from hub.api.app import make_api
from hub.api.parts import Parts

Found = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> Found:
    return make_api(cast("Parts", None)).openapi()


def operations(document: Found) -> Iterator[tuple[str, Found]]:
    """Yield each operation with its name."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_example_fits_its_schema(document: Found) -> None:
    parts = {"components": document["components"]}
    schemas: Found = document["components"]["schemas"]
    shown = list(schemas.items())
    for name, schema in schemas.items():
        shown += [(f"{name}.{key}", one) for key, one in schema.get("properties", {}).items()]
    wrong = [
        f"{name}: {error.message}"
        for name, schema in shown
        for example in schema.get("examples", ())
        for error in Draft202012Validator({**schema, **parts}).iter_errors(example)
    ]
    assert wrong == []


def test_whatever_is_sent_has_an_example(document: Found) -> None:
    schemas: Found = document["components"]["schemas"]

    def has_example(schema: Found) -> bool:
        schema = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
        inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
        return bool(schema.get("examples")) or any(has_example(one) for one in inner)

    without = [
        name
        for name, operation in operations(document)
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
        if kind == "application/json" and not has_example(content["schema"])
    ]
    assert without == []


def test_it_says_who_may_ask_and_how_problems_look(document: Found) -> None:
    proofs = set(document["components"]["securitySchemes"])
    for name, operation in operations(document):
        asked = {proof for one in operation["security"] for proof in one}
        assert asked == (set() if is_open(name) else proofs), name
        assert set(operation["responses"]["4XX"]["content"]) == {"application/problem+json"}


def is_open(operation: str) -> bool:
    """Return whether the page of the API says that everybody may."""
    return operation in {
        *("GET /health", "GET /v1/health", "GET /v1/setup", "POST /v1/setup"),
        *("POST /v1/session", "POST /v1/session/refresh"),
    }
