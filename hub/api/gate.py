"""Whose a request is: a cookie of a browser, or the bearer of a program."""

import math
from collections.abc import Sequence

from starlette.requests import HTTPConnection

from hub.accounts.accounts import Accounts
from hub.accounts.callers import Caller
from hub.accounts.errors import AccountError
from hub.accounts.keys import MAX_PROOF_CHARS
from hub.api.access import Principal
from hub.api.cookies import ACCESS
from hub.api.problems import Problem

SPOKEN_TOKEN_PATH = "/v1/ws/audio"  # noqa: S105 - a path
"""The one socket whose address may hold a token, for clients that can send no header."""
CALLERS = "sotto.callers"
"""Where a connection keeps whose it is, for what has to end it."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class AccountGate:
    """Knows people and programs by the accounts of the hub."""

    def __init__(self, accounts: Accounts, origins: Sequence[str] = ()) -> None:
        """`origins` are addresses of the page beside the one that is asked, like a proxy's."""
        self._accounts = accounts
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins)

    async def principal(self, connection: HTTPConnection) -> Principal:
        """Return whose it is. Raises Problem 401 or 403."""
        caller = await self._caller(connection)
        if caller is None:
            raise Problem(
                401, "not-logged-in", "Log in first.", headers={"WWW-Authenticate": "Bearer"}
            )
        if caller.by_cookie and _acts(connection):
            self.check_origin(connection, required=True)
        connection.scope.get(CALLERS, []).append(caller)
        user = caller.user
        return Principal(user.id, user.name, user.role, caller.scopes, caller)

    def check_origin(self, connection: HTTPConnection, *, required: bool = False) -> None:
        """Raise Problem 403 for a request from another site's page.

        Browsers say from which page one comes; programs need not say anything unless `required`.
        """
        origin = connection.headers.get("origin", "").lower()
        if not origin and not required:
            return
        host = connection.headers.get("host", "").lower()
        if origin in self._origins or (origin and origin.partition("://")[2] == host):
            return
        raise Problem(
            403,
            "foreign-page",
            "This comes from the page of another site. If it is yours, add its address to "
            "dashboard.origins.",
        )

    async def _caller(self, connection: HTTPConnection) -> Caller | None:
        address = "" if connection.client is None else connection.client.host
        kind, _, proof = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":  # others are for a proxy before the hub
            return await self._proved(proof.strip(), address)
        if connection.url.path == SPOKEN_TOKEN_PATH and "token" in connection.query_params:
            return await self._proved(connection.query_params["token"], address)
        if access := connection.cookies.get(ACCESS):
            return await self._accounts.logins.caller(access, by_cookie=True)
        return None

    async def _proved(self, proof: str, address: str) -> Caller | None:
        if not proof or len(proof) > MAX_PROOF_CHARS:
            return None
        try:
            program = await self._accounts.tokens.caller(proof, address=address)
        except AccountError as error:
            headers = {"Retry-After": str(math.ceil(error.wait_s))}
            raise Problem(429, error.code, str(error), headers=headers) from None
        return program or await self._accounts.logins.caller(proof, by_cookie=False)


def _acts(connection: HTTPConnection) -> bool:
    """Return whether a connection can change something, or be used by whose page it is not."""
    return connection.scope["type"] == "websocket" or connection.scope["method"] not in _SAFE
