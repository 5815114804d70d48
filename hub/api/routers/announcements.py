"""Announcements: say something at satellites, ask somebody there, and hear what became of it."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

import orjson
from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field
from sqlalchemy import select

from hub.announcing import MOST_TIMES, Announcement, Fate, Priority
from hub.api.access import Principal, Role, needs
from hub.api.paging import After, Limit, Page, cursor, place
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.control import MAX_TEXT_CHARS
from hub.rooms.kept_announcements import TooMany
from hub.store.announcements import AnnouncementRow
from hub.words import worded

router = APIRouter(tags=["announcements"])

MOST_PLACES = 100
MOST_WITHIN_S = 24 * 3600.0
MOST_QUESTION_S = 60.0
TOPIC = "announcements"
MOST_SHOWN = 20
"""Announcements that the live view shows; older ones are on the list."""
KEY = "api:"

Member = Annotated[Principal, Depends(needs(Role.MEMBER, "satellites"))]
Text = Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
Place = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[str, Path(max_length=64)]
Volume = Annotated[
    float | None,
    Field(ge=0, le=1, description="From 0 to 1; null: as loud as the satellite is."),
]


class NewAnnouncement(BaseModel):
    """Something to say. Neither satellites nor rooms: everywhere."""

    text: Text = Field(default="", description="May be empty where there is a chime.")
    satellites: list[Place] = Field(default=[], max_length=MOST_PLACES)
    rooms: list[Place] = Field(default=[], max_length=MOST_PLACES)
    priority: Literal["low", "normal", "high", "urgent"] = Field(
        default="normal", description="`urgent` interrupts whatever goes on."
    )
    chime: Literal["chime", "alarm"] | None = Field(
        default=None, description="A sound to play first."
    )
    language: str | None = Field(default=None, max_length=16)
    within_s: float = Field(
        default=300.0, gt=0, le=MOST_WITHIN_S, description="It is not said any more after this."
    )
    volume: Volume = None
    times: int = Field(
        default=1, ge=1, le=MOST_TIMES, description="Said so often at most, until it is confirmed."
    )
    pause_s: float = Field(
        default=10.0, ge=1, le=600, description="From the end of one time to the next."
    )

    model_config = {
        "extra": "forbid",
        "json_schema_extra": {
            "examples": [{"text": "Dinner is ready.", "rooms": ["Hall"], "chime": "chime"}]
        },
    }


class AnnouncementState(BaseModel):
    """What became of an announcement so far."""

    id: str
    text: str
    satellites: list[str] = []
    rooms: list[str] = []
    kept: datetime
    over: bool
    times: int = 1
    fates: dict[str, Fate] = Field(
        default={},
        description="By satellite: `heard`, `stopped`, `confirmed`, `expired`, `failed`, "
        "`unreachable`.",
    )


class Question(BaseModel):
    """Something to ask at a satellite."""

    satellite: Place
    text: str = Field(min_length=1, max_length=MAX_TEXT_CHARS)
    language: str | None = Field(default=None, max_length=16)
    within_s: float = Field(default=30.0, gt=0, le=MOST_QUESTION_S)
    volume: Volume = None

    model_config = {
        "extra": "forbid",
        "json_schema_extra": {
            "examples": [{"satellite": "kitchen-1", "text": "Shall I close the windows?"}]
        },
    }


class QuestionAnswer(BaseModel):
    """What became of a question."""

    fate: Fate
    answer: str | None = Field(description="What was said to it; null: nothing.")


@router.post("/announcements", status_code=202)
async def announce(new: NewAnnouncement, parts: Hub, _: Member) -> AnnouncementState:
    """Keep an announcement, to be said when nobody talks there; it outlives a crash.

    What becomes of it comes over the live socket, topic `announcements`.
    """
    if not new.text.strip() and new.chime is None:
        raise Problem(422, "bad-text", worded("nothing-to-say", "There is nothing to say."))
    _check_places(parts, new)
    key = KEY + uuid.uuid4().hex
    announcement = Announcement(
        new.text.strip(),
        tuple(new.satellites),
        tuple(new.rooms),
        Priority[new.priority.upper()],
        new.chime,
        new.language,
        new.within_s,
        new.volume,
        new.times,
        new.pause_s,
    )
    state = AnnouncementState(
        id=key.removeprefix(KEY),
        text=announcement.text,
        satellites=new.satellites,
        rooms=new.rooms,
        kept=datetime.now(UTC),
        over=False,
        times=new.times,
    )
    _show(parts, state)
    try:
        await parts.kept.accept(announcement, key)
    except TooMany as error:
        parts.live.topic(TOPIC, Role.MEMBER).drop(state.id)
        raise Problem(503, "busy", str(error)) from None
    except BaseException:
        parts.live.topic(TOPIC, Role.MEMBER).drop(state.id)
        raise
    return state


@router.get("/announcements")
async def list_announcements(
    parts: Hub, _: Member, limit: Limit = 50, after: After = None
) -> Page[AnnouncementState]:
    """Return announcements of the last day that came over this API, the newest first."""
    wanted = select(AnnouncementRow).where(AnnouncementRow.id.startswith(KEY))
    if after is not None:
        (before,) = place(after, 1)
        wanted = wanted.where(AnnouncementRow.kept < _moment(before))
    wanted = wanted.order_by(AnnouncementRow.kept.desc()).limit(limit + 1)
    async with parts.store.session() as session:
        rows = list(await session.scalars(wanted))
    items = [_state(row) for row in rows[:limit]]
    more = cursor(items[-1].kept.isoformat()) if len(rows) > limit else None
    return Page(items=items, next=more)


@router.get("/announcements/{announcement_id}")
async def show_announcement(announcement_id: Id, parts: Hub, _: Member) -> AnnouncementState:
    """Return what became of one announcement so far."""
    async with parts.store.session() as session:
        row = await session.get(AnnouncementRow, KEY + announcement_id)
    if row is None:
        raise _unknown(announcement_id)
    return _state(row)


@router.delete("/announcements/{announcement_id}", status_code=204)
async def withdraw(announcement_id: Id, parts: Hub, _: Member) -> None:
    """Take an announcement back: it is not said, or falls silent in the middle."""
    if not await parts.kept.withdraw(KEY + announcement_id):
        raise Problem(
            404,
            "over",
            worded("announcement-over", "There is no such announcement, or it is over already."),
        )


@router.post("/announcements/{announcement_id}/confirm", status_code=204)
async def confirm(announcement_id: Id, parts: Hub, _: Member) -> None:
    """Say an announcement no more, anywhere: somebody has heard it."""
    if not parts.kept.confirm(KEY + announcement_id):
        raise Problem(
            404,
            "over",
            worded("announcement-over", "There is no such announcement, or it is over already."),
        )


@router.post("/questions")
async def ask(question: Question, parts: Hub, _: Member) -> QuestionAnswer:
    """Ask something at a satellite; answers when somebody has, or the time is over."""
    asked = Announcement(
        question.text,
        (question.satellite,),
        language=question.language,
        within_s=question.within_s,
        volume=question.volume,
    )
    if parts.directory.get(question.satellite) is None:
        text = worded(
            "not-connected",
            "There is no satellite '{satellite}' connected.",
            satellite=question.satellite,
        )
        raise Problem(404, "not-connected", text)
    fate, answer = await parts.control.ask(question.satellite, asked)
    return QuestionAnswer(fate=fate, answer=answer)


def _check_places(parts: Parts, new: NewAnnouncement) -> None:
    """Raise Problem for a place that nobody knows: nothing would ever be said there."""
    for one in new.satellites:
        if parts.registry.get(one) is None and parts.directory.get(one) is None:
            raise Problem(404, "unknown-satellite", f"There is no satellite {one!r}.")
    rooms = {(one.room or "").casefold() for one in parts.registry}
    rooms |= parts.directory.rooms()
    for room in new.rooms:
        if room.casefold() not in rooms and parts.home.area_named(room) is None:
            raise Problem(
                404, "unknown-room", worded("no-room", "There is no room '{room}'.", room=room)
            )


def _show(parts: Parts, state: AnnouncementState) -> None:
    topic = parts.live.topic(TOPIC, Role.MEMBER)
    topic.put(state.id, state.model_dump(mode="json"))
    for old in list(topic.values)[:-MOST_SHOWN]:
        topic.drop(old)


def _state(row: AnnouncementRow) -> AnnouncementState:
    fields = orjson.loads(row.announcement)
    return AnnouncementState(
        id=row.id.removeprefix(KEY),
        text=fields["text"],
        satellites=fields["satellites"],
        rooms=fields["rooms"],
        kept=row.kept,
        over=row.over or row.until < datetime.now(UTC) - timedelta(minutes=1),
        times=fields.get("times", 1),
        fates=orjson.loads(row.fates),
    )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Problem(422, "bad-cursor", "`after` is no place in this list.") from None


def _unknown(announcement_id: str) -> Problem:
    return Problem(404, "unknown", f"There is no announcement {announcement_id!r}.")
