"""Each role may do what docs/api.md says, and no more; nobody else may do anything.

The API is walked as it is: what is new in it is in these tests, and has to be in the table.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.requests import HTTPConnection

from hub.accounts.role import Role
from hub.api.access import Principal, admit
from hub.api.gate import AccountGate
from hub.api.problems import Problem
from tests.hub.accounts.accounts_bench import Bench, bench
from tests.hub.accounts.asgi_socket import socket

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
OPEN = "everybody"
"""How the page calls those who have not logged in."""
PAGES_OWN = ("GET", "/{path}")
ROLE = "x-test-role"


def walked(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Yield all operations and sockets by method and path, in the document or not."""
    for route in iter_route_contexts(app.routes):
        path = re.sub(r":\w+}", "}", route.path or "")
        for method in sorted(route.methods or {"SOCKET"}):
            if method != "HEAD":
                yield method, path


def table() -> dict[tuple[str, str], str]:
    """Return who may do what by the page."""
    found = re.findall(r"^\| `(\w+) (\S+)` \| (\w+) \|", PAGE.read_text(), re.MULTILINE)
    return {(method, path): who for method, path, who in found}


async def _principal(_: AccountGate, connection: HTTPConnection) -> Principal:
    role = connection.headers.get(ROLE)
    if role is None:
        raise Problem(401, "not-logged-in", "Log in first.")
    return Principal("nobody", role, Role[role])


async def _stopped(connection: HTTPConnection, least: Role, scope: str | None = None) -> Principal:
    """Let in as the API does, and go no further: what an operation does is tested elsewhere."""
    await admit(connection, least, scope)
    raise Problem(418, "let-in", "The check is passed.")


@pytest.fixture
def believing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AccountGate, "principal", _principal)
    for name, module in list(sys.modules.items()):
        if name.startswith("hub.api") and getattr(module, "admit", None) is admit:
            monkeypatch.setattr(module, "admit", _stopped)


async def asked(here: Bench, method: str, path: str, role: Role | None) -> str:
    """Return "let-in", or the code by which somebody is kept out."""
    path = re.sub(r"{\w+}", "nothing", path)
    headers = {} if role is None else {ROLE: role.name}
    if method == "SOCKET":
        async with socket(here.app, path, **headers) as opened:
            first = await opened.next()
            if first["type"] == "websocket.close":
                return str(first.get("reason") or first["code"])
            second = await opened.next()
            (code,) = re.findall(r'"code":"([\w-]+)"', str(second["text"]))
            return str(code)
    async with here.client(**headers) as client:
        answer = await client.request(method, path, json={})
        if answer.status_code == 401:
            return "not-logged-in"
        if answer.status_code == 418:
            return "let-in"
        # Signing out looks for the login itself, and there is none here.
        code = answer.json()["code"]
        return "let-in" if code == "not-for-tokens" else str(code)


async def test_the_table_names_all_that_the_api_has(tmp_path: Path) -> None:
    async with bench(tmp_path) as here:
        assert sorted(set(walked(here.app)) - {PAGES_OWN}) == sorted(table())
        documented = {
            (method.upper(), path)
            for path, operations in here.app.openapi()["paths"].items()
            for method in operations
        }
        assert documented <= set(walked(here.app))


@pytest.mark.usefixtures("believing")
async def test_nobody_gets_an_answer_without_a_login_but_where_the_table_says_so(
    tmp_path: Path,
) -> None:
    may = table()
    async with bench(tmp_path) as here:
        for method, path in walked(here.app):
            if (method, path) == PAGES_OWN or may.get((method, path)) == OPEN:
                continue
            assert await asked(here, method, path, None) == "not-logged-in", (method, path)


@pytest.mark.usefixtures("believing")
@pytest.mark.parametrize("role", list(Role))
async def test_each_role_may_do_what_the_table_says_and_no_more(tmp_path: Path, role: Role) -> None:
    async with bench(tmp_path) as here:
        for (method, path), least in table().items():
            if least == OPEN:
                continue
            expected = "let-in" if role >= Role[least.upper()] else "not-allowed"
            assert await asked(here, method, path, role) == expected, (method, path)


def test_nothing_is_open_but_logging_in_setting_up_health_and_the_page() -> None:
    assert {what for what, who in table().items() if who == OPEN} == {
        ("GET", "/health"),
        ("GET", "/v1/health"),
        ("GET", "/v1/setup"),
        ("POST", "/v1/setup"),
        ("POST", "/v1/session"),
        ("POST", "/v1/session/refresh"),
    }
