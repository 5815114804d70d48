"""Logging in and out, and what a user says of itself."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from hub.accounts.errors import AccountError
from hub.accounts.keys import ACCESS
from hub.accounts.logins import Proofs
from hub.accounts.user import User
from hub.api.access import Anybody, Guest, logged_in
from hub.api.cookies import BROWSER, REFRESH, clear_cookies, set_cookies
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem

router = APIRouter(prefix="/session", tags=["session"])

Language = Literal["en", "de", "fr", "es"]
RoleName = Literal["panel", "guest", "member", "owner"]
# Length is checked with a kinder text where a password is chosen; this bounds the work.
Password = Annotated[str, Field(max_length=1_000, examples=["a long and odd sentence"])]
Name = Annotated[str, Field(max_length=200, examples=["Ada"])]


class Who(BaseModel):
    """Who is logged in."""

    user: str = Field(examples=["9f2c5c1e5d0b4c0e8c0f2b7f6a1d3e4f"])
    name: Name
    role: RoleName
    language: str = Field(examples=["en"])
    hub: str = Field(description="What the hub is called.", examples=["Sotto"])
    now: datetime = Field(description="The hub's time: a browser's clock may be wrong.")
    fresh_s: int = Field(
        description="How long a new proof is good; refresh before that.", examples=[900]
    )


class LogIn(BaseModel):
    """Who wants to log in."""

    name: Name
    password: Password


class NewPassword(BaseModel):
    """Another password for oneself."""

    old: Password
    new: Password


class NewLanguage(BaseModel):
    """What the page shall speak."""

    language: Language = Field(examples=["de"])


class LoginView(BaseModel):
    """A browser in which one is logged in."""

    id: str
    client: str = Field(examples=["Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"])
    created: datetime
    seen: datetime
    this: bool = Field(description="Whether it is the one that asks.")


@router.get("")
async def session(who: Anybody, hub: Hub) -> Who:
    """Tell who is logged in."""
    user = await hub.accounts.users.get(who.user)
    return told(hub, user)


@router.post("")
async def log_in(login: LogIn, request: Request, response: Response, hub: Hub) -> Who:
    """Log in. The browser gets cookies that no script can read."""
    hub.gate.check_origin(request)
    proofs = await hub.accounts.logins.log_in(
        login.name,
        login.password,
        address=address_of(request),
        client=client_of(request),
        browser=request.cookies.get(BROWSER, ""),
    )
    return begun(hub, request, response, proofs)


@router.post("/refresh")
async def refresh(request: Request, response: Response, hub: Hub) -> Who:
    """Exchange the refresh cookie: the login goes on."""
    hub.gate.check_origin(request)
    proof = request.cookies.get(REFRESH)
    if proof is None:
        raise Problem(401, "not-logged-in", "Log in first.")
    return begun(hub, request, response, await hub.accounts.logins.refresh(proof))


@router.delete("", status_code=204)
async def sign_out(request: Request, response: Response, hub: Hub) -> None:
    """Sign out of this browser."""
    hub.gate.check_origin(request)
    login = hub.accounts.logins.login_of(request.cookies.get(REFRESH, ""))
    if login is None:
        login = logged_in(await hub.gate.principal(request)).proof
    await hub.accounts.logins.end(login)
    clear_cookies(response, request)


@router.post("/everywhere-out", status_code=204)
async def sign_out_everywhere(who: Guest, request: Request, response: Response, hub: Hub) -> None:
    """Sign out of every browser, this one too. Tokens of programs go on."""
    await hub.accounts.logins.end_all(logged_in(who).user.id)
    clear_cookies(response, request)


@router.put("/password", status_code=204)
async def password(new: NewPassword, who: Guest, request: Request, hub: Hub) -> None:
    """Change one's own password, and sign out everywhere else."""
    await hub.accounts.logins.change_password(
        logged_in(who), new.old, new.new, address=address_of(request)
    )


@router.put("/language")
async def language(new: NewLanguage, who: Guest, hub: Hub) -> Who:
    """Change what the page speaks to one."""
    caller = logged_in(who)
    return told(hub, await hub.accounts.users.change(caller.user.id, language=new.language))


@router.get("/logins")
async def logins(who: Guest, hub: Hub) -> list[LoginView]:
    """List the browsers in which one is logged in, the latest first."""
    caller = logged_in(who)
    return [
        LoginView(
            id=login.id,
            client=login.client,
            created=login.created,
            seen=login.seen,
            this=login.id == caller.proof,
        )
        for login in await hub.accounts.logins.of(caller.user.id)
    ]


@router.delete("/logins/{login}", status_code=204)
async def end_login(login: Annotated[str, Path(max_length=64)], who: Guest, hub: Hub) -> None:
    """Sign out of one browser."""
    mine = await hub.accounts.logins.of(logged_in(who).user.id)
    if login not in {one.id for one in mine}:
        raise AccountError("unknown", "There is no such login any more.")
    await hub.accounts.logins.end(login)


def begun(hub: Parts, request: Request, response: Response, proofs: Proofs) -> Who:
    """Give a browser its cookies, and tell who is logged in."""
    set_cookies(response, request, proofs)
    return told(hub, proofs.user)


def told(hub: Parts, user: User) -> Who:
    """Tell who is logged in."""
    return Who(
        user=user.id,
        name=user.name,
        role=role_name(user),
        language=user.language,
        hub=hub.settings.name,
        now=hub.accounts.now(),
        fresh_s=round(ACCESS.total_seconds()),
    )


def role_name(user: User) -> RoleName:
    """Return the role of a user as the API names it."""
    names: tuple[RoleName, ...] = ("panel", "guest", "member", "owner")
    return names[user.role - 1]


def address_of(request: Request) -> str:
    """Return where a request comes from."""
    return "" if request.client is None else request.client.host


def client_of(request: Request) -> str:
    """Return what the browser says that it is."""
    return request.headers.get("user-agent", "")
