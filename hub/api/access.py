"""Who may do what: roles, and how a request says whose it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends
from starlette.requests import HTTPConnection, Request
from starlette.websockets import WebSocket

from hub.accounts.callers import Caller
from hub.accounts.role import Role as Role  # noqa: PLC0414 - what routers need stands here
from hub.api.problems import Problem
from hub.words import worded

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ROLES = {
    Role.PANEL: worded("role-panel", "panel"),
    Role.GUEST: worded("role-guest", "guest"),
    Role.MEMBER: worded("role-member", "member"),
    Role.OWNER: worded("role-owner", "owner"),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """Whose request it is."""

    user: str
    name: str
    role: Role
    scopes: frozenset[str] | None = None
    """What a token is limited to; None: whatever the role may."""
    caller: Caller | None = None
    """How that was proved."""


class Gate(Protocol):
    """Finds out whose request it is."""

    async def principal(self, connection: HTTPConnection) -> Principal:
        """Return whose it is. Raises Problem: 401 where nobody is logged in, 403 where the
        request comes from a foreign page."""

    def check_origin(self, connection: HTTPConnection, *, required: bool = False) -> None:
        """Raise Problem 403 for a request from another site's page."""


def needs(least: Role, scope: str | None = None) -> Callable[[Request], Awaitable[Principal]]:
    """Return a dependency that lets in whoever has at least a role, and a token of the scope.

    Where no scope is named, a token needs `read` to look, and `admin` to change something or to do
    what only owners may.
    """

    async def admitted(request: Request) -> Principal:
        return await admit(request, least, scope)

    admitted.__dict__.update(least=least, scope=scope)
    return admitted


async def admit(
    connection: HTTPConnection | WebSocket, least: Role, scope: str | None = None
) -> Principal:
    """Return whose a connection is. Raises Problem 401 or 403."""
    gate: Gate = connection.app.state.parts.gate
    principal = await gate.principal(connection)
    if principal.role < least:
        raise Problem(
            403,
            "not-allowed",
            worded("needs-role", "This needs the role {role}. Ask an owner.", role=_ROLES[least]),
        )
    if principal.scopes is not None and "admin" not in principal.scopes:
        wanted = scope or _usual_scope(connection, least)
        if wanted not in principal.scopes:
            raise Problem(403, "not-allowed", f"This token is not for {wanted}. Make one that is.")
    return principal


def logged_in(principal: Principal) -> Caller:
    """Return the login of a person. Raises Problem for a token: it has no session."""
    if principal.caller is None or principal.scopes is not None:
        raise Problem(403, "not-for-tokens", "This is for people who have logged in.")
    return principal.caller


def _usual_scope(connection: HTTPConnection | WebSocket, least: Role) -> str:
    changes = connection.scope["type"] == "http" and connection.scope["method"] not in _SAFE
    return "admin" if changes or least >= Role.OWNER else "read"


Panel = Annotated[Principal, Depends(needs(Role.PANEL, "read"))]
Anybody = Annotated[Principal, Depends(needs(Role.PANEL))]
Guest = Annotated[Principal, Depends(needs(Role.GUEST))]
Member = Annotated[Principal, Depends(needs(Role.MEMBER))]
Owner = Annotated[Principal, Depends(needs(Role.OWNER))]
