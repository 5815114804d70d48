"""Who there is, and what each may do. For owners."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from hub.accounts.role import Role
from hub.accounts.user import User, name_key
from hub.api.access import Owner
from hub.api.paging import After, Limit, Page, cursor, place
from hub.api.parts import Hub
from hub.api.routers.session import Language, Name, Password, RoleName, role_name

router = APIRouter(prefix="/users", tags=["users"])

UserId = Annotated[str, Path(max_length=64)]


class UserView(BaseModel):
    """One user."""

    id: str = Field(examples=["9f2c5c1e5d0b4c0e8c0f2b7f6a1d3e4f"])
    name: Name
    role: RoleName
    language: str = Field(examples=["en"])
    created: datetime
    disabled: bool = Field(description="Whether logging in is switched off.")


class NewUser(BaseModel):
    """Who shall be able to log in."""

    name: Name
    password: Password
    role: RoleName = "member"
    language: Language = "en"


class ChangedUser(BaseModel):
    """What shall be another; what is absent stays."""

    name: Name | None = None
    password: Password | None = None
    role: RoleName | None = None
    language: Language | None = None
    disabled: bool | None = None

    model_config = {"json_schema_extra": {"examples": [{"role": "guest", "language": "de"}]}}


@router.get("")
async def users(_: Owner, hub: Hub, limit: Limit = 50, after: After = None) -> Page[UserView]:
    """List users by name."""
    (begin,) = ("",) if after is None else place(after, 1)
    found = await hub.accounts.users.page(limit + 1, begin)
    more = cursor(name_key(found[limit - 1].name)) if len(found) > limit else None
    return Page(items=[_view(user) for user in found[:limit]], next=more)


@router.post("", status_code=201)
async def add_user(new: NewUser, _: Owner, hub: Hub) -> UserView:
    """Make a user."""
    role = Role[new.role.upper()]
    return _view(await hub.accounts.users.add(new.name, new.password, role, new.language))


@router.get("/{user}")
async def user(user: UserId, _: Owner, hub: Hub) -> UserView:
    """Tell about one user."""
    return _view(await hub.accounts.users.get(user))


@router.patch("/{user}")
async def change_user(user: UserId, new: ChangedUser, _: Owner, hub: Hub) -> UserView:
    """Change a user. Another password or role signs that user out everywhere."""
    changed = await hub.accounts.users.change(
        user,
        name=new.name,
        role=None if new.role is None else Role[new.role.upper()],
        language=new.language,
        disabled=new.disabled,
        password=new.password,
    )
    return _view(changed)


@router.delete("/{user}", status_code=204)
async def remove_user(user: UserId, _: Owner, hub: Hub) -> None:
    """Remove a user; the last owner stays."""
    await hub.accounts.users.remove(user)


def _view(user: User) -> UserView:
    return UserView(
        id=user.id,
        name=user.name,
        role=role_name(user),
        language=user.language,
        created=user.created,
        disabled=user.disabled,
    )
