"""The first start: making the first owner."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from hub.api.parts import Hub
from hub.api.routers.session import (
    Language,
    Name,
    Password,
    Who,
    address_of,
    begun,
    client_of,
)

router = APIRouter(prefix="/setup", tags=["session"])


class SetupState(BaseModel):
    """Whether there is nobody yet."""

    open: bool


class FirstOwner(BaseModel):
    """Who decides here from now on."""

    code: Annotated[str, Field(max_length=200, description="From the one-time link.")]
    name: Name
    password: Password
    language: Language = "en"


@router.get("")
async def setup(hub: Hub) -> SetupState:
    """Tell whether the hub waits for its first owner. Nobody has to log in for this."""
    return SetupState(open=await hub.accounts.setting_up.is_open())


@router.post("", status_code=201)
async def set_up(first: FirstOwner, request: Request, response: Response, hub: Hub) -> Who:
    """Make the first owner, who is logged in at once."""
    hub.gate.check_origin(request)
    user = await hub.accounts.setting_up.use(
        first.code, first.name, first.password, first.language, address=address_of(request)
    )
    proofs = await hub.accounts.logins.begin(user, client_of(request))
    return begun(hub, request, response, proofs)
