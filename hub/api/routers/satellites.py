"""Satellites: how they are, what they are called, their settings, and who may come in."""

import asyncio
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query
from pydantic import BaseModel, Field

from hub.api.access import Panel, Principal, Role, needs
from hub.api.browser_views import Browser, browsers_of
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.api.satellite_views import (
    Satellite,
    SatelliteSetting,
    Stranger,
    satellite,
    stranger,
)
from hub.control import IDENTIFY_S, MOST_IDENTIFY_S
from hub.events import SatelliteChanged
from hub.rooms.listener import REMOVED
from hub.rooms.pairing import MAX_ID_CHARS, OtherCode
from hub.rooms.registry import Known, UnknownSatellite
from hub.rooms.strangers import MAX_NAME_CHARS
from hub.words import worded
from protocol.loudness_messages import Watch
from protocol.pairing import CODE_DIGITS

router = APIRouter(prefix="/satellites", tags=["satellites"])

MOST_SETTINGS = 64
WATCH_S = 8.0
ASK_S = 1.0
"""Who does not take so short a question is not there."""
EVERYBODYS = frozenset({"volume", "muted"})
"""Settings that whoever lives here may change; the others are the owner's."""

Id = Annotated[str, Path(max_length=MAX_ID_CHARS, examples=["kitchen-1"])]
Guest = Annotated[Principal, Depends(needs(Role.GUEST, "talk"))]
Listener = Annotated[Principal, Depends(needs(Role.MEMBER, "talk"))]
Member = Annotated[Principal, Depends(needs(Role.MEMBER, "satellites"))]
Watcher = Annotated[Principal, Depends(needs(Role.MEMBER, "read"))]
Owner = Annotated[Principal, Depends(needs(Role.OWNER, "satellites"))]
Name = Annotated[str, Field(max_length=MAX_NAME_CHARS)]
Values = Annotated[dict[str, Any], Body(examples=[{"volume": 0.4, "muted": False}])]


class Satellites(BaseModel):
    """All satellites, by their names."""

    items: list[Satellite]


class SatelliteChange(BaseModel):
    """What a satellite is to be called, and where it is; null: as it says itself."""

    name: Name | None = None
    area: Name | None = None

    model_config = {
        "extra": "forbid",
        "json_schema_extra": {"examples": [{"name": "Kitchen", "area": "Kitchen"}]},
    }


class SatelliteSettings(BaseModel):
    """What can be changed at a satellite, with what holds."""

    items: list[SatelliteSetting]


class Strangers(BaseModel):
    """Satellites that were not let in, the newest first."""

    items: list[Stranger]


class Browsers(BaseModel):
    """Browsers and programs on the talk socket, the newest first."""

    items: list[Browser]


class Compared(BaseModel):
    """What was compared before a satellite is approved."""

    code: str | None = Field(
        default=None,
        max_length=CODE_DIGITS,
        description="The digits that the satellite shows; needed where it waits to be paired.",
    )

    model_config = {"extra": "forbid", "json_schema_extra": {"examples": [{"code": "274913"}]}}


class Approval(BaseModel):
    """What lets one satellite in."""

    token: str | None = Field(
        description="The satellite's own token. It is shown this once: set it as the satellite's "
        "`token`. null: it was handed over, or this hub asks for none."
    )
    handed: bool = Field(
        default=False, description="Whether the satellite waited, and was handed its token."
    )
    setting: str | None = Field(
        default=None, description="The line for the satellite's settings file."
    )


@router.get("")
async def list_satellites(parts: Hub, who: Panel) -> Satellites:
    """Return all satellites: those that are connected, and those that were."""
    items = [_seen(parts, one, who) for one in parts.registry]
    return Satellites(items=sorted(items, key=lambda one: (one.name.casefold(), one.id)))


@router.get("/browsers")
async def list_browsers(parts: Hub, _: Watcher) -> Browsers:
    """Return the browsers in which one can talk now. The live topic `browsers` tells of changes."""
    items = [Browser.model_validate(one) for one in browsers_of(parts).values.values()]
    return Browsers(items=sorted(items, key=lambda one: one.since, reverse=True))


@router.get("/waiting")
async def list_waiting(parts: Hub, _: Owner) -> Strangers:
    """Return satellites that tried to come in and were refused."""
    return Strangers(items=[stranger(parts, one) for one in parts.registry.waiting()])


@router.delete("/waiting/{satellite_id}", status_code=204)
async def turn_away(satellite_id: Id, parts: Hub, _: Owner) -> None:
    """Turn a satellite away that waits. It may ask again after ten minutes."""
    try:
        parts.registry.turn_away(satellite_id)
    except UnknownSatellite:
        raise _unknown(satellite_id) from None


@router.post("/{satellite_id}/approve")
async def approve(
    satellite_id: Id, parts: Hub, _: Owner, compared: Compared | None = None
) -> Approval:
    """Let a satellite in with a token of its own; the one it had before holds no more.

    One that waits to be paired is handed it, if it shows the code that was compared.
    """
    code = None if compared is None else compared.code
    waits = satellite_id in parts.registry.pairings
    try:
        token = await parts.registry.approve(satellite_id, code)
    except UnknownSatellite:
        raise _unknown(satellite_id) from None
    except OtherCode:
        text = "The satellite shows another code than this one. Look again, and compare them."
        raise Problem(409, "other-code", text) from None
    setting = None if token is None else f'token = "{token}"'
    return Approval(token=token, handed=waits and token is None, setting=setting)


@router.post("/watch", status_code=204)
async def watch(parts: Hub, _: Watcher) -> None:
    """Have satellites tell how loud it is there, and how good their Wi-Fi is, for a few seconds.

    Ask again every five seconds while somebody looks; it comes over the live socket, topic
    `satellite_levels`.
    """
    links = [link for one in parts.registry if (link := parts.registry.link(one.id)) is not None]
    with suppress(TimeoutError):
        async with asyncio.timeout(ASK_S):
            asked = [link.send(Watch(WATCH_S)) for link in links]
            # One that was lost just now tells nothing.
            await asyncio.gather(*asked, return_exceptions=True)


@router.get("/{satellite_id}")
async def show_satellite(satellite_id: Id, parts: Hub, who: Panel) -> Satellite:
    """Return one satellite."""
    return _seen(parts, _known(parts, satellite_id), who)


@router.patch("/{satellite_id}")
async def change_satellite(
    satellite_id: Id, change: SatelliteChange, parts: Hub, _: Owner
) -> Satellite:
    """Call a satellite otherwise, or have it be in another room. What is left out stays."""
    known = _known(parts, satellite_id)
    told = change.model_fields_set
    name = change.name if "name" in told else known.given_name
    area = change.area if "area" in told else known.given_area
    known = await parts.registry.name(satellite_id, _plain(name), _plain(area))
    session = parts.directory.get(satellite_id)
    if session is not None:
        session.name, session.area = known.called, known.room
        parts.bus.publish(SatelliteChanged(satellite_id))
    return satellite(parts, known)


@router.delete("/{satellite_id}", status_code=204)
async def remove_satellite(satellite_id: Id, parts: Hub, _: Owner) -> None:
    """Forget a satellite. It is not let in again before somebody approves it."""
    try:
        await parts.registry.remove(satellite_id)
    except UnknownSatellite:
        raise _unknown(satellite_id) from None
    link = parts.registry.link(satellite_id)
    if link is not None:
        await link.close(REMOVED, "removed")


@router.get("/{satellite_id}/settings")
async def show_settings(satellite_id: Id, parts: Hub, _: Panel) -> SatelliteSettings:
    """Return what can be changed at a satellite that is connected."""
    return SatelliteSettings(
        items=[
            SatelliteSetting(
                name=one.name,
                kind=one.kind,
                value=one.value,
                own=one.own,
                least=one.least,
                greatest=one.greatest,
                choices=list(one.choices),
            )
            for one in parts.control.settings(satellite_id)
        ]
    )


@router.put("/{satellite_id}/settings")
async def change_settings(
    satellite_id: Id, values: Values, parts: Hub, who: Member
) -> dict[str, Any]:
    """Change settings by name; null: as in the satellite's file. Returns what holds now.

    Volume and microphone are everybody's who lives here, the others the owner's.
    """
    if not values or len(values) > MOST_SETTINGS:
        raise Problem(422, "bad-setting", f"Name 1 to {MOST_SETTINGS} settings.")
    if who.role < Role.OWNER and (others := sorted(values.keys() - EVERYBODYS)):
        names = ", ".join(others)[:200]
        raise Problem(
            403,
            "not-allowed",
            worded("owner-changes", "Only an owner changes {names}. Ask one.", names=names),
        )
    return dict(await parts.control.set(satellite_id, values))


@router.post("/{satellite_id}/identify", status_code=204)
async def identify(
    satellite_id: Id,
    parts: Hub,
    _: Member,
    seconds: Annotated[float, Query(ge=0, le=MOST_IDENTIFY_S)] = IDENTIFY_S,
) -> None:
    """Have a satellite show which one it is, with light and sound."""
    await parts.control.identify(satellite_id, seconds)


@router.post("/{satellite_id}/listen", status_code=204)
async def listen(satellite_id: Id, parts: Hub, _: Listener) -> None:
    """Listen at a satellite, as if somebody had said the wake word.

    It opens a microphone, perhaps from afar: whoever lives here may.
    """
    parts.control.listen(satellite_id)


@router.post("/{satellite_id}/stop", status_code=204)
async def stop(satellite_id: Id, parts: Hub, _: Guest) -> None:
    """Fall silent at a satellite."""
    parts.control.stop(satellite_id)


def _seen(parts: Parts, known: Known, who: Principal) -> Satellite:
    """Return how a satellite looks to somebody: addresses are for those who live here."""
    seen = satellite(parts, known)
    return seen if who.role >= Role.MEMBER else seen.model_copy(update={"address": ""})


def _known(parts: Parts, id_: str) -> Known:
    known = parts.registry.get(id_)
    if known is None:
        raise _unknown(id_)
    return known


def _unknown(id_: str) -> Problem:
    return Problem(
        404,
        "unknown-satellite",
        worded("no-satellite", "There is no satellite '{satellite}'.", satellite=id_),
    )


def _plain(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None
