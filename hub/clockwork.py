"""The hub's sense of time, put together: appointments and lists, by voice and for a model."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing

import structlog

from hub.announcing import Announcer
from hub.bus import Bus
from hub.conversation.mind import Mind, Thought
from hub.engines.closable import closable
from hub.events import SatelliteConnected, TurnEnded
from hub.home.actions import Actions, Deed, Sense
from hub.home.intents import IntentMatch
from hub.home.model import Home
from hub.origin import Origin
from hub.rooms.directory import Directory
from hub.store.database import Store
from hub.timekeeping.alarm_deeds import AlarmDeeds
from hub.timekeeping.command_deeds import CommandDeeds
from hub.timekeeping.later import Later
from hub.timekeeping.list_deeds import ListDeeds, put_lists
from hub.timekeeping.lists import Lists
from hub.timekeeping.performing import Performed
from hub.timekeeping.repository import StoredAppointments
from hub.timekeeping.time_tools import TimeTools
from hub.timekeeping.timekeeping import Timekeeping
from hub.timekeeping.timer_deeds import TimerDeeds
from hub.timekeeping.whereabouts import Listening
from hub.timer_board import TimerBoard

log = structlog.get_logger(__name__)

MAX_ANSWER_CHARS = 600


class SentencePerformer:
    """Carries out sentences that were to be carried out later, as if they were said now."""

    def __init__(self) -> None:
        self._mind: Mind | None = None
        self._actions: Actions | None = None

    def bind(self, mind: Mind, actions: Actions) -> None:
        """Take who understands and acts; both need what is done here, and come later."""
        self._mind, self._actions = mind, actions

    def understands(self, text: str, origin: Origin) -> bool:
        """Return whether a sentence is one that the home can carry out."""
        return self._mind is not None and self._mind.understand(text, origin) is not None

    def needs_yes(self, text: str, origin: Origin) -> bool:
        """Return whether the home would ask somebody before it carries a sentence out."""
        if self._mind is None or self._actions is None:
            return False
        understanding = self._mind.understand(text, origin)
        if understanding is None:
            return False
        match = understanding.match
        # What names a code is not kept for later: the code would be kept with it.
        return understanding.grows or (
            isinstance(match, IntentMatch) and self._actions.needs_yes(match, origin)
        )

    def repeatable(self, text: str, origin: Origin) -> bool:
        """Return whether doing it twice does no more than doing it once."""
        if self._mind is None or self._actions is None:
            return False
        understanding = self._mind.understand(text, origin)
        if understanding is None:
            return False
        match = understanding.match
        return isinstance(match, IntentMatch) and self._actions.repeatable(match, origin)

    async def perform(self, text: str, origin: Origin) -> Performed:
        """Do it; what the home does not understand is left to the language model."""
        mind = self._mind
        if mind is None:
            return Performed("", ok=False)
        understanding = mind.understand(text, origin)
        if understanding is not None:
            reply = await mind.act(understanding, origin)
            return Performed(reply.text, ok=reply.ok)
        committed = asyncio.Event()
        committed.set()
        stream = mind.think(Thought((("user", text),), origin, committed))
        if stream is None:
            return Performed(mind.remark("not-understood", origin.language), ok=False)
        said = ""
        async with aclosing(closable(stream)) as parts:
            async for part in parts:
                said = (said + part)[:MAX_ANSWER_CHARS]
        return Performed(said, ok=True)


class Clockwork:
    """Appointments and lists of one hub."""

    def __init__(
        self,
        store: Store,
        home: Home,
        directory: Directory,
        announcer: Announcer,
        *,
        language: str,
        lists: Sequence[str] = (),
    ) -> None:
        """`lists` are the names of the owner's lists; `language` that of the usual ones."""
        self._directory = directory
        self._home = home
        self._performer = SentencePerformer()
        self.lists = Lists(store)
        self.time = Timekeeping(
            StoredAppointments(store), announcer, self._connected, self._performer
        )
        self.tools = TimeTools(self.time, self.lists, home, self._performer)
        put_lists(home, language, tuple(lists))

    @property
    def deeds(self) -> Mapping[str, Deed]:
        """What is done by voice, by intent."""
        alarms = AlarmDeeds(self.time)
        timers = TimerDeeds(self.time, alarms, self._performer)
        commands = CommandDeeds(self.time, self._home)
        lists = ListDeeds(self.lists)
        return {**timers.deeds(), **alarms.deeds(), **commands.deeds(), **lists.deeds()}

    @property
    def senses(self) -> Mapping[str, Sense]:
        """What is meant by "stop" and the like while something rings, and what is about no command
        that waits, by intent."""
        return {
            **AlarmDeeds(self.time).senses(),
            **CommandDeeds(self.time, self._home).senses(),
        }

    @property
    def later(self) -> Later:
        """Which sentences can be carried out later."""
        return self._performer

    def bind(self, mind: Mind, actions: Actions) -> None:
        """Take who carries out delayed commands."""
        self._performer.bind(mind, actions)

    async def run(self, bus: Bus) -> None:
        """Take up what was kept, and do everything in its time. Raises StoreError."""
        await self.time.load()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.time.run())
            tasks.create_task(self._follow(bus))
            tasks.create_task(TimerBoard(self.time, self._directory).run(bus))

    async def _follow(self, bus: Bus) -> None:
        """Notice satellites that come, and people who are there."""
        with bus.subscribe() as facts:
            async for fact in facts:
                match fact:
                    case SatelliteConnected():
                        self.time.satellite_arrived()
                    case TurnEnded(transcript=str()):
                        for one in self._connected():
                            if one.satellite == fact.satellite:
                                self.time.met(one)
                    case _:
                        pass

    def _connected(self) -> tuple[Listening, ...]:
        return tuple(
            Listening(session.satellite, session.area, session.person)
            for session in self._directory
        )
