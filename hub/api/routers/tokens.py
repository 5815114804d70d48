"""What programs log in with."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from hub.accounts.user import Token
from hub.api.access import Member, Role
from hub.api.parts import Hub
from hub.api.problems import Problem
from hub.api.routers.session import Name

router = APIRouter(prefix="/tokens", tags=["tokens"])

Scope = Literal["read", "talk", "home", "satellites", "admin"]


class TokenView(BaseModel):
    """One token, without the text that proves it."""

    id: str = Field(examples=["5b0c3ad5a1f54b9e8a3d7c1f0e2b4d6a"])
    name: str = Field(examples=["Kitchen tablet"])
    user: str = Field(description="Whose it is, by name.", examples=["Ada"])
    scopes: list[str] = Field(examples=[["read", "talk"]])
    created: datetime
    expires: datetime | None
    used: datetime | None = Field(description="When it was used last, to the minute.")


class NewToken(BaseModel):
    """What a program shall be able to do. It can never do more than its user."""

    name: Name
    scopes: list[Scope] = Field(max_length=5, examples=[["read", "talk"]])
    days: int | None = Field(default=None, description="How long it is good; null: for ever.")


class MadeToken(TokenView):
    """A new token. Its text is told once."""

    token: str = Field(examples=["sotto_6vDq..."])


@router.get("")
async def tokens(who: Member, hub: Hub, everybody: bool = False) -> list[TokenView]:
    """List one's own tokens; an owner may ask for everybody's."""
    if everybody and who.role < Role.OWNER:
        raise Problem(403, "not-allowed", "Only an owner sees the tokens of others.")
    found = await hub.accounts.tokens.all(None if everybody else who.user)
    return [TokenView(**_view(token, name)) for token, name in found]


@router.post("", status_code=201)
async def make_token(new: NewToken, who: Member, hub: Hub) -> MadeToken:
    """Make a token. Keep its text: it is not told again."""
    user = await hub.accounts.users.get(who.user)
    token, text = await hub.accounts.tokens.make(user, new.name, new.scopes, new.days)
    return MadeToken(**_view(token, user.name), token=text)


@router.delete("/{token}", status_code=204)
async def end_token(token: Annotated[str, Path(max_length=64)], who: Member, hub: Hub) -> None:
    """End a token; an owner may end anybody's."""
    await hub.accounts.tokens.end(token, None if who.role >= Role.OWNER else who.user)


def _view(token: Token, user: str) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "user": user,
        "scopes": sorted(token.scopes),
        "created": token.created,
        "expires": token.expires,
        "used": token.used,
    }
