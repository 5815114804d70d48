"""What was said and answered: conversations, and how long they are kept."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from hub.api.access import Principal, Role, needs
from hub.api.moments import Moment, moment
from hub.api.paging import MOST, After, Limit, Page, cursor, place
from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.api.turn_views import (
    Conversation,
    ConversationDetail,
    Gone,
    RetentionChoice,
    RetentionView,
    Turn,
)
from hub.turns.kept import Wanted
from hub.turns.retention import Choice

router = APIRouter(tags=["conversations"])

Member = Annotated[Principal, Depends(needs(Role.MEMBER, "read"))]
Owner = Annotated[Principal, Depends(needs(Role.OWNER, "admin"))]
Id = Annotated[str, Path(max_length=64)]
_Text = Annotated[str | None, Query(max_length=200)]


@router.get("/conversations")
async def conversations(
    hub: Hub,
    _: Member,
    *,
    q: Annotated[
        str | None,
        Query(max_length=200, description="Words that were said or answered, or begun to be."),
    ] = None,
    room: _Text = None,
    satellite: _Text = None,
    person: _Text = None,
    outcome: _Text = None,
    since: Annotated[Moment, Query(alias="from")] = None,
    until: Annotated[Moment, Query(alias="to")] = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[Conversation]:
    """Return conversations, the newest first: those with a turn that all filters let through."""
    wanted = Wanted(
        q or None, room, satellite, person, outcome, moment(since, "from"), moment(until, "to")
    )
    found = await hub.turns.turns.conversations(wanted, limit + 1, _place(after))
    items = [Conversation.of(one) for one in found[:limit]]
    more = len(found) > limit
    end = found[limit - 1] if more else None
    following = None if end is None else cursor(end.last.isoformat(), end.id)
    return Page(items=items, next=following)


@router.get("/conversations/retention")
async def retention(hub: Hub, _: Member) -> RetentionView:
    """Return how long conversations are kept."""
    return _retention(hub)


@router.put("/conversations/retention")
async def choose_retention(hub: Hub, _: Owner, choice: RetentionChoice) -> RetentionView:
    """Choose how long conversations are kept; what is older is deleted at once."""
    await hub.turns.choose(Choice(choice.days, choice.audio))
    return _retention(hub)


@router.get("/conversations/{conversation}")
async def conversation(
    hub: Hub, _: Member, conversation: Id, limit: Limit = MOST, after: After = None
) -> ConversationDetail:
    """Return the turns of a conversation, the oldest first."""
    found = await hub.turns.turns.turns(conversation, limit + 1, _place(after))
    if not found and after is None:
        raise missing("conversation", conversation)
    turns = [Turn.of(turn) for turn in found[:limit]]
    end = found[limit - 1] if len(found) > limit else None
    following = None if end is None else cursor(end.started.isoformat(), end.id)
    return ConversationDetail(id=conversation, turns=turns, next=following)


@router.delete("/conversations/{conversation}")
async def forget_conversation(hub: Hub, _: Owner, conversation: Id) -> Gone:
    """Delete a conversation, for good."""
    gone = await hub.turns.forget_conversation(conversation)
    if not gone:
        raise missing("conversation", conversation)
    return Gone(turns=gone)


@router.delete("/conversations")
async def forget_conversations(
    hub: Hub,
    _: Owner,
    before: Moment = None,
    everything: Annotated[
        bool, Query(alias="all", description="Has to be said to delete all of them.")
    ] = False,
) -> Gone:
    """Delete all turns that began before a moment, or all, for good."""
    if (before is None) != everything:
        raise Problem(422, "what", "Say either `before` or `all=true`, not both.")
    return Gone(turns=await hub.turns.forget_before(moment(before, "before")))


def missing(kind: str, id_: str) -> Problem:
    """Return that something is not kept."""
    return Problem(
        404, "unknown", f"There is no {kind} {id_[:64]!r}. It may have been deleted meanwhile."
    )


def _place(after: str | None) -> tuple[datetime, str] | None:
    """Return the time and the id that a cursor was made of. Raises Problem."""
    if after is None:
        return None
    last, id_ = place(after, 2)
    try:
        return datetime.fromisoformat(last).astimezone(UTC), id_
    except (ValueError, OverflowError):
        raise Problem(
            422, "bad-cursor", "`after` is no place in this list. Begin without it."
        ) from None


def _retention(hub: Parts) -> RetentionView:
    held = hub.turns.retention
    return RetentionView(
        days=held.days,
        audio=held.audio,
        settings_days=held.settings.days or 0,
        settings_audio=bool(held.settings.audio),
        chosen=held.choice != Choice(),
    )
