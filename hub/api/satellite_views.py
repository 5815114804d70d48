"""How satellites look from outside: what is told of each, connected or not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from hub.api.parts import Parts
from hub.rooms.directory import Connected
from hub.rooms.registry import Known
from hub.rooms.strangers import Waiting


class LinkQuality(BaseModel):
    """How good the way to a satellite is."""

    round_trip_ms: float | None = Field(
        default=None, description="Time that the last ping took, there and back."
    )
    resumes: int = Field(default=0, description="Lost links that nobody noticed, since it came.")
    reconnects: int = Field(default=0, description="Links made anew since the satellite started.")
    underruns: int = Field(default=0, description="Times that playback ran dry.")
    dropped_chunks: int = Field(default=0, description="Pieces of sound that were dropped.")
    device_losses: int = Field(
        default=0, description="Times that its sound devices over- or underran."
    )
    echo_db: float | None = Field(
        default=None, description="How much quieter its echo cancelling makes what it plays."
    )


class Satellite(BaseModel):
    """A satellite."""

    id: str
    name: str
    area: str | None = Field(default=None, description="The room that it is in.")
    own_name: str = Field(description="As it calls itself.")
    own_area: str | None = None
    person: str | None = Field(default=None, description="Whose it is, where it is one person's.")
    connected: bool
    state: str = Field(
        description="`idle`, `waking`, `listening`, `thinking`, `speaking`; `offline`."
    )
    muted: bool | None = None
    volume: float | None = Field(default=None, description="From 0 to 1.")
    wake_words: list[str] = []
    link: LinkQuality | None = Field(default=None, description="null while it is not connected.")
    software: str = ""
    address: str = Field(default="", description="Empty for guests and panels.")
    first_seen: datetime
    last_seen: datetime
    own_token: bool = Field(default=False, description="Whether it was paired on its own.")

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "id": "kitchen-1",
                    "name": "Kitchen",
                    "area": "Kitchen",
                    "own_name": "raspberrypi",
                    "connected": True,
                    "state": "listening",
                    "muted": False,
                    "volume": 0.6,
                    "wake_words": ["okay_nabu"],
                    "link": {"round_trip_ms": 4.2},
                    "software": "sotto-satellite 0.6.0",
                    "address": "192.168.1.23",
                    "first_seen": "2026-03-01T08:00:00Z",
                    "last_seen": "2026-03-02T19:30:00Z",
                }
            ]
        }
    }


class SatelliteSetting(BaseModel):
    """A setting of a satellite that can be changed while it runs."""

    name: str
    kind: str = Field(
        description="`boolean`, `integer`, `number`, `text`, `choice`, `list`, `table`."
    )
    value: Any = Field(description="What holds now.")
    own: Any = Field(description="What the satellite's settings file says.")
    least: float | None = None
    greatest: float | None = None
    choices: list[str] = []


class Stranger(BaseModel):
    """A satellite that was not let in, and may be approved."""

    id: str
    name: str
    area: str | None = None
    software: str = ""
    address: str = ""
    reason: str = Field(description="`no-token`, `bad-token` or `removed`.")
    pairing_code: str | None = Field(
        default=None,
        description="The digits that it shows too while it waits to be paired; compare them.",
    )
    known: bool = Field(
        default=False, description="Whether a satellite of this id is known, and may be another."
    )
    first_tried: datetime
    last_tried: datetime


def satellite(parts: Parts, known: Known) -> Satellite:
    """Return how a satellite looks now."""
    session = parts.directory.get(known.id)
    status = None if session is None else session.status
    return Satellite(
        id=known.id,
        name=known.called or known.id,
        area=known.room,
        own_name=known.name,
        own_area=known.area,
        person=known.person,
        connected=session is not None,
        state="offline" if session is None else "idle" if status is None else status.state,
        muted=None if status is None else status.muted,
        volume=None if status is None else status.volume,
        wake_words=[] if status is None else list(status.wake_words),
        link=None if session is None else _link(parts, session),
        software=known.software,
        address=known.address,
        first_seen=known.first_seen,
        last_seen=known.last_seen,
        own_token=known.salt is not None,
    )


def stranger(parts: Parts, one: Waiting) -> Stranger:
    """Return how one that waits looks."""
    return Stranger(
        id=one.id,
        name=one.name,
        area=one.area,
        software=one.software,
        address=one.address,
        reason=one.code,
        pairing_code=one.pairing_code,
        known=parts.registry.get(one.id) is not None,
        first_tried=one.first_tried,
        last_tried=one.last_tried,
    )


def tile(parts: Parts, known: Known) -> Mapping[str, Any]:
    """Return what the live view shows of a satellite; nothing that changes by itself."""
    whole = satellite(parts, known)
    fields = whole.model_dump(mode="json", exclude={"link", "first_seen", "last_seen", "address"})
    link = whole.link
    fields["round_trip_ms"] = None if link is None else _coarse(link.round_trip_ms)
    # One that was approved and has not come has no address.
    away = bool(known.address) and not whole.connected
    fields["last_seen"] = whole.last_seen.isoformat() if away else None
    return fields


def _link(parts: Parts, session: Connected) -> LinkQuality:
    status, link = session.status, parts.registry.link(session.satellite)
    trip_s = None if link is None else link.round_trip_s
    trip_ms = None if trip_s is None else round(trip_s * 1000, 1)
    resumes = 0 if link is None else link.resumes
    if status is None:
        return LinkQuality(round_trip_ms=trip_ms, resumes=resumes)
    told_ms = None if status.round_trip_ms is None else round(status.round_trip_ms, 1)
    return LinkQuality(
        round_trip_ms=told_ms if trip_ms is None else trip_ms,
        resumes=resumes,
        reconnects=status.reconnects,
        underruns=status.underruns,
        dropped_chunks=status.dropped_chunks,
        device_losses=status.device_losses,
        echo_db=status.echo_db,
    )


def _coarse(round_trip_ms: float | None) -> float | None:
    """Return a time that is not another one with every ping."""
    if round_trip_ms is None:
        return None
    return round(round_trip_ms) if round_trip_ms < 20 else round(round_trip_ms, -1)
