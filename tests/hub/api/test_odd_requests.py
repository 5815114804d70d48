"""Whatever is asked of the API, it answers with words: the hub does not fail at it.

The API is walked as it describes itself: what is new in it is in this test.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from hub.api.access import Role
from hub.api.docs_page import example
from tests.hub.api.running_hub import running_hub

pytestmark = pytest.mark.timeout(400)

PLACES = ("..", "\x00", "x" * 2_000, "0001-01-01T00:00:00Z")
"""What stands in paths and queries."""
VALUES: tuple[Any, ...] = (
    *(-1, 10**400, "\x00", "\ud800", "x" * 2_000),
    *([[]], {"\x00": {}}, "0001-01-01T00:00:00+14:00"),
)
"""What stands in bodies, one at a time, beside what the API's own examples have there."""
BODIES = (b"\xff", b"[]", b'{"x": NaN}', b"[" * 100_000, b"1" * 10_000)
LEFT_OUT = {"/v1/session", "/v1/health/findings", "/v1/engines/choice"}
"""Signing out, what looks at the whole machine each time, and what loads engines."""


def requests(document: Mapping[str, Any]) -> Iterator[tuple[str, str, bytes | None]]:
    """Yield odd requests: method, place and body."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path in LEFT_OUT:
                continue
            usual = path.replace("{", "").replace("}", "")
            for one in operation.get("parameters", ()):
                for odd in PLACES:
                    value = quote(odd, safe="")
                    if one["in"] == "path":
                        yield method, path.replace("{" + one["name"] + "}", value), None
                    else:
                        yield method, f"{usual}?{one['name']}={value}", None
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" not in content:
                continue
            for body in BODIES:
                yield method, usual, body
            shown = example(document, content["application/json"]["schema"])
            for name in shown if isinstance(shown, dict) else ():
                for value in VALUES:
                    yield method, usual, json.dumps({**shown, name: value}).encode()


def odd(answer: httpx2.Response) -> bool:
    """Return whether an answer says that the hub has failed, or says nothing."""
    if answer.status_code < 400:
        return False
    is_problem = answer.headers["content-type"] == "application/problem+json"
    return not is_problem or answer.json()["code"] in {"failed", "store-failed"}


async def test_nothing_that_is_asked_makes_the_hub_fail(tmp_path: Path) -> None:
    failed: list[str] = []
    async with running_hub(tmp_path) as api, api.client(Role.OWNER) as client:
        document = (await client.get("/openapi.json")).json()
        for method, place, body in requests(document):
            answer = await client.request(
                method, place, content=body, headers={"Content-Type": "application/json"}
            )
            if odd(answer):
                failed.append(f"{method} {place[:120]} {(body or b'')[:60]!r}: {answer.text[:200]}")
    assert failed == []
