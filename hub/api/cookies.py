"""The cookies of a browser that is logged in. No script can read them."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from hub.accounts.logins import Proofs

ACCESS = "sotto_access"
REFRESH = "sotto_refresh"
BROWSER = "sotto_browser"
"""Says that somebody has logged in here before, and no more: it outlasts signing out."""
REFRESH_PATH = "/v1/session"
"""The longer proofs go where they are exchanged, and nowhere else."""
KEPT_BROWSER = timedelta(days=400)
"""What browsers keep at most."""


def set_cookies(response: Response, request: Request, proofs: Proofs) -> None:
    """Have a browser keep what it proves with. Ages, not dates: its clock may be wrong."""
    secure = request.url.scheme == "https"
    # The hub judges by the JWT itself; a browser whose clock jumps must not lose it early.
    age = round(proofs.kept.total_seconds())
    response.set_cookie(
        ACCESS, proofs.access, age, path="/", secure=secure, httponly=True, samesite="strict"
    )
    longer = (
        (REFRESH, proofs.refresh, age),
        (BROWSER, proofs.browser, round(KEPT_BROWSER.total_seconds())),
    )
    for name, proof, kept_s in longer:
        response.set_cookie(
            name,
            proof,
            kept_s,
            path=REFRESH_PATH,
            secure=secure,
            httponly=True,
            samesite="strict",
        )


def clear_cookies(response: Response, request: Request) -> None:
    """Have a browser forget what it is logged in by."""
    secure = request.url.scheme == "https"
    for name, path in ((ACCESS, "/"), (REFRESH, REFRESH_PATH)):
        response.delete_cookie(name, path=path, secure=secure, httponly=True, samesite="strict")
