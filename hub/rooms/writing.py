"""What is written and answered in writing: in the conversation of a room, and told as any turn."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

from hub.conversation.attempt import Setting
from hub.conversation.timings import Timings
from hub.conversation.written import WrittenTurn
from hub.events import TurnEnded, TurnStarted
from hub.origin import Origin
from hub.rooms.house import House
from hub.rooms.progress import Progress

ANSWER_S = 60.0
"""The longest answer."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, and where."""

    room: str
    """Where the conversation takes place."""
    area: str | None = None
    """The room of the home that is meant by "here"."""
    language: str | None = None
    """Null: that of the conversation, or the household's."""
    person: str | None = None
    satellite: str | None = None
    """Where it is written; null: at none."""
    name: str | None = None
    """The satellite's."""
    ref: str = ""
    """What the writer calls it."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer in writing."""

    text: str
    turn: WrittenTurn


async def answer(house: House, text: str, writer: Writer) -> Written:
    """Do what a text asks for, and tell the hub of the turn. Raises TimeoutError."""
    number, satellite = house.directory.next_turn(), writer.satellite or ""
    conversation = house.conversations.here(writer.room, writer.person)
    language = writer.language or conversation.language or house.language
    origin = Origin(writer.area, language, writer.satellite, writer.person, conversation.id, number)
    turn = WrittenTurn(number, house.parts.mind, conversation, Setting(origin), house.clock)
    timings, progress = Timings(house.clock), Progress(house.bus.publish, satellite, number)
    house.bus.publish(
        TurnStarted(
            satellite,
            number,
            name=writer.name,
            area=writer.area,
            person=writer.person,
            conversation=conversation.id,
            opening="text",
            ref=writer.ref,
        )
    )
    written, outcome, kept = "", "cancelled", house.parts.mind.kept(text, origin)
    try:
        with timings.stage("answer"):
            async with asyncio.timeout(ANSWER_S), aclosing(turn.answer(text)) as parts:
                async for part in parts:
                    written += part
                    progress.written(written)
        outcome = turn.outcome
    except TimeoutError:
        outcome = "failed"
        raise
    finally:
        house.bus.publish(
            TurnEnded(
                satellite,
                number,
                outcome,
                kept,
                language,
                written or None,
                turn.intent,
                timings.stages,
                {"typed": True, **({} if turn.reply is None else turn.reply.details)},
                written or None,
            )
        )
    return Written(written, turn)
