"""The log of turns: what was said and answered, and what took how long.

It follows the bus. Keeping a turn never holds one up: turns wait in a queue for the store, and a
store that takes none costs log lines only, which is told once.
"""

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from hub.batches import Batches
from hub.bus import Bus
from hub.events import (
    Fact,
    ToolAnswered,
    ToolCalled,
    TranscriptGrew,
    TurnEnded,
    TurnStarted,
)
from hub.home.spoken_codes import MASK
from hub.store.database import Store
from hub.store.errors import StoreError
from hub.store_settings import StoreSection
from hub.turns.kept import KeptTurn
from hub.turns.recordings import Recordings
from hub.turns.retention import Choice, Retention
from hub.turns.stored_turns import StoredTurns
from hub.turns.under_way import Board, TurnsUnderWay

log = structlog.get_logger(__name__)

MAX_WAITING = 500
"""Turns that wait for the store; more are counted and lost."""
MAX_BATCH = 50
MAX_SOUNDS = 8
"""Recordings that wait, a third of a megabyte each; more are let go."""
MAX_TURNS = 200_000
PRUNE_EVERY_S = 3600.0


async def open_log(store: Store, settings: StoreSection) -> "TurnLog":
    """Return the log of a store, with what the owner chose about it. Raises StoreError."""
    retention = Retention(store, days=settings.turns_days, audio=settings.turns_audio)
    await retention.load()
    return TurnLog(StoredTurns(store), retention, Recordings(settings.recordings))


class TurnLog:
    """Keeps turns for as long as the owner wants. `run` follows the bus."""

    def __init__(
        self,
        turns: StoredTurns,
        retention: Retention,
        recordings: Recordings,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        run: str | None = None,
    ) -> None:
        """`run` is part of every id: numbers of turns begin anew with each run of the hub."""
        self.turns = turns
        self.retention = retention
        self.recordings = recordings
        self._now = now
        self._under_way = TurnsUnderWay(run or uuid.uuid4().hex[:10])
        self.batches = Batches("turns", self._add, most_waiting=MAX_WAITING, most_at_once=MAX_BATCH)
        """Turns that wait for the store."""
        self._sounds: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._recorded: dict[str, bytes] = {}
        self._prune_now = asyncio.Event()

    def show_on(self, board: Board) -> None:
        """Show turns on a board while they happen."""
        self._under_way.board = board

    def hear(self, satellite: str, turn: int, audio: bytes) -> None:
        """Take what was said in a turn that is about to end; let go of it unless it is wanted."""
        if not self.retention.audio or not audio:
            return
        while len(self._sounds) >= MAX_SOUNDS:
            self._sounds.popitem(last=False)
        self._sounds[satellite, turn] = audio

    async def run(self, bus: Bus) -> None:
        """Follow the bus until cancelled; then write what is left."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.batches.run())
            tasks.create_task(self._prune())
            with bus.subscribe() as facts:
                async for fact in facts:
                    self._take(fact)

    async def forget_turn(self, id_: str) -> int:
        """Forget one turn; return how many are gone. Raises StoreError, and so do the others."""
        return await self._forget(partial(self.turns.forget_turn, id_), lambda turn: turn.id == id_)

    async def forget_conversation(self, id_: str) -> int:
        """Forget a conversation."""
        return await self._forget(
            partial(self.turns.forget_conversation, id_), lambda turn: turn.conversation == id_
        )

    async def forget_before(self, before: datetime | None) -> int:
        """Forget all turns that began before a moment; None: all."""
        return await self._forget(
            partial(self.turns.forget_before, before),
            lambda turn: before is None or turn.started < before,
        )

    async def choose(self, choice: Choice) -> None:
        """Keep turns as long as is chosen from now on; what is older goes soon."""
        await self.retention.choose(choice)
        self._prune_now.set()

    def _take(self, fact: Fact) -> None:
        match fact:
            case TurnStarted():
                self._under_way.began(fact, self._now())
            case TranscriptGrew():
                self._under_way.grew(fact.satellite, fact.turn, fact.text)
            case ToolCalled():
                self._under_way.called(fact, self._now())
            case ToolAnswered():
                self._under_way.answered(fact)
            case TurnEnded():
                self._keep(self._under_way.ended(fact, self._now()))
            case _:
                pass

    def _keep(self, turn: KeptTurn) -> None:
        sound = self._sounds.pop((turn.satellite, turn.number), None)
        if self.retention.days == 0 or not self.batches.add(turn):
            return
        # A code that is masked in the transcript is not to be heard either.
        sayable = bool(turn.transcript) and MASK not in str(turn.transcript)
        if sound is not None and sayable and len(self._recorded) < MAX_SOUNDS:
            self._recorded[turn.id] = sound

    async def _add(self, batch: Sequence[KeptTurn]) -> None:
        await self.turns.add([await self._record(turn) for turn in batch])
        for turn in batch:
            self._recorded.pop(turn.id, None)

    async def _record(self, turn: KeptTurn) -> KeptTurn:
        """Keep what was said in a turn, if there is a recording; a turn without one is kept too."""
        sound = self._recorded.get(turn.id)
        if sound is None:
            return turn
        try:
            gone = await self.recordings.keep(turn.id, sound)
            await self.turns.without_audio(gone)
        except OSError as error:
            log.warning("a recording can not be kept", turn=turn.id, error=str(error))
            return turn
        return replace(turn, audio=True)

    async def _prune(self) -> None:
        """Forget what is older than is wanted, now and then."""
        while True:
            self._prune_now.clear()
            before = self._now() - timedelta(days=self.retention.days)
            try:
                await self.forget_before(before)
                await self._forget(partial(self.turns.forget_beyond, MAX_TURNS))
            except StoreError as error:
                log.warning("old turns can not be forgotten", error=str(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(PRUNE_EVERY_S):
                    await self._prune_now.wait()

    async def _forget(
        self,
        kept: Callable[[], Awaitable[list[str]]],
        waiting: Callable[[KeptTurn], bool] = lambda _turn: False,
    ) -> int:
        """Forget turns that are kept, and such as only wait to be: they would come later."""
        async with self.batches.still:
            gone = await kept()
            # Some may be in both: a store can fail after it has kept them.
            ids = list(dict.fromkeys([*gone, *(one.id for one in self.batches.drop(waiting))]))
        self._under_way.forget(ids)
        for id_ in ids:
            self._recorded.pop(id_, None)
        try:
            await self.recordings.forget(ids)
        except OSError as error:
            log.error("recordings can not be deleted", turns=len(ids), error=str(error))
        return len(ids)
