"""Where, for whom and in which language a turn takes place."""

from functools import partial
from typing import Protocol

from hub.conversation.answering import Opening
from hub.conversation.attempt import Setting
from hub.conversation.conversation import Conversation
from hub.events import TurnStarted
from hub.origin import Origin
from hub.rooms.house import House
from hub.rooms.opening import Begin
from protocol.sotto_messages import Status


class Place(Protocol):
    """What is known of a satellite."""

    @property
    def satellite(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def area(self) -> str | None:
        """The room that it is in."""

    @property
    def person(self) -> str | None:
        """Whose it is."""

    @property
    def status(self) -> Status | None:
        """How it said that it is."""


def setting_of(
    house: House, place: Place, number: int, begin: Begin, conversation: Conversation
) -> Setting:
    """Return the setting of the turn `number`, which begins at a satellite."""
    words = place.status.wake_words if place.status is not None else ()
    asked = None if begin.saying is None else begin.saying.language
    called = None if begin.wake is None else begin.wake.language
    if house.languages and called not in house.languages:
        called = None
    origin = Origin(
        place.area,
        asked or called or conversation.language or house.language,
        place.satellite,
        place.person,
        conversation.id,
        number,
    )
    return Setting(
        origin,
        called=begin.opening is Opening.WAKE,
        names=tuple(word.replace("_", " ") for word in words),
        is_room=house.is_room,
        voice=partial(house.voice, place.area, place.person),
    )


def began(place: Place, number: int, begin: Begin, conversation: Conversation) -> TurnStarted:
    """Return the fact that the turn `number` has begun at a satellite."""
    opening = begin.opening.value
    if begin.written is not None:
        opening = "text"
    elif begin.saying is not None and begin.text is not None:
        opening = "announcement"
    return TurnStarted(
        place.satellite,
        number,
        name=place.name,
        area=place.area,
        person=place.person,
        conversation=conversation.id,
        opening=opening,
        ref=begin.ref,
    )
