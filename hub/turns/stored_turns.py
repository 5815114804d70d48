"""Turns in the store. Everything here raises StoreError."""

import re
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime

import orjson
from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hub.events import Stage
from hub.store.database import Store
from hub.store.turns import ConversationRow, TurnRow
from hub.turns.kept import KeptConversation, KeptTurn, Wanted

MOST_WORDS = 12
"""Of a search; whoever writes more means what they wrote first."""
CHUNK = 1000
"""Turns that are read at a time."""
_FAILED = ("failed", "not-understood")
_WORDS = text("turns.key IN (SELECT rowid FROM turn_words WHERE turn_words MATCH :wanted)")


class StoredTurns:
    """The repository of turns over the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._indexed: bool | None = None

    async def add(self, turns: Sequence[KeptTurn]) -> None:
        """Keep turns, all or none; those that are there already are left as they are."""
        async with self._store.session() as session:
            ids = [turn.id for turn in turns]
            there = set(await session.scalars(select(TurnRow.id).where(TurnRow.id.in_(ids))))
            new = [turn for turn in turns if turn.id not in there]
            await _keep_conversations(session, new)
            session.add_all([_row(turn) for turn in new])

    async def conversations(
        self, wanted: Wanted, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[KeptConversation]:
        """Return the newest conversations with turns that are wanted, those `after` a place."""
        async with self._store.session() as session:
            condition = await self._condition(session, wanted)
            query = select(ConversationRow)
            if not wanted.anything:
                found = select(TurnRow.conversation).where(condition)
                query = query.where(ConversationRow.id.in_(found))
            if after is not None:
                last, id_ = after
                query = query.where(
                    or_(
                        ConversationRow.last < last,
                        and_(ConversationRow.last == last, ConversationRow.id < id_),
                    )
                )
            query = query.order_by(ConversationRow.last.desc(), ConversationRow.id.desc())
            rows = list(await session.scalars(query.limit(limit)))
            return await _glances(session, rows, condition)

    async def turns(
        self, conversation: str, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[KeptTurn]:
        """Return the first turns of a conversation, in order, those `after` a place."""
        query = select(TurnRow).where(TurnRow.conversation == conversation)
        if after is not None:
            started, id_ = after
            query = query.where(
                or_(
                    TurnRow.started > started,
                    and_(TurnRow.started == started, TurnRow.id > id_),
                )
            )
        query = query.order_by(TurnRow.started, TurnRow.id).limit(limit)
        async with self._store.session() as session:
            return [_turn(row) for row in await session.scalars(query)]

    async def turn(self, id_: str) -> KeptTurn | None:
        """Return one turn."""
        async with self._store.session() as session:
            row = await session.scalar(select(TurnRow).where(TurnRow.id == id_))
            return None if row is None else _turn(row)

    async def latest(self, limit: int) -> list[KeptTurn]:
        """Return the newest turns, the oldest of them first."""
        query = select(TurnRow).order_by(TurnRow.started.desc()).limit(limit)
        async with self._store.session() as session:
            return [_turn(row) for row in reversed(list(await session.scalars(query)))]

    async def stages(
        self, since: datetime, until: datetime
    ) -> AsyncGenerator[list[tuple[datetime, str]]]:
        """Yield when turns began in which somebody spoke, with their stages as `stages_of` reads
        them: not too many at a time, for the hub has other things to do as well.
        """
        query = (
            select(TurnRow.key, TurnRow.started, TurnRow.stages)
            .where(TurnRow.started >= since, TurnRow.started < until)
            .where(TurnRow.transcript.is_not(None))
            .order_by(TurnRow.key)
            .limit(CHUNK)
        )
        last = -1
        while True:
            async with self._store.session() as session:
                rows = (await session.execute(query.where(TurnRow.key > last))).all()
            if rows:
                yield [(started, stages) for _, started, stages in rows]
            if len(rows) < CHUNK:
                return
            last = rows[-1].key

    async def forget_turn(self, id_: str) -> list[str]:
        """Forget one turn; return the ids of those that are gone."""
        return await self._forget(TurnRow.id == id_)

    async def forget_conversation(self, id_: str) -> list[str]:
        """Forget a conversation."""
        return await self._forget(TurnRow.conversation == id_)

    async def forget_before(self, before: datetime | None) -> list[str]:
        """Forget turns that began before a moment; None: all."""
        return await self._forget(None if before is None else TurnRow.started < before)

    async def forget_beyond(self, most: int) -> list[str]:
        """Forget the oldest of more than `most` turns."""
        query = select(TurnRow.key).order_by(TurnRow.key.desc()).offset(most).limit(1)
        async with self._store.session() as session:
            last = await session.scalar(query)
        return [] if last is None else await self._forget(TurnRow.key <= last)

    async def without_audio(self, ids: Sequence[str]) -> None:
        """Take note that there are no recordings of some turns any more."""
        if not ids:
            return
        async with self._store.session() as session:
            for row in await session.scalars(select(TurnRow).where(TurnRow.id.in_(ids))):
                row.audio = False

    async def _forget(self, which: ColumnElement[bool] | None) -> list[str]:
        async with self._store.session() as session:
            found, gone = select(TurnRow.id), delete(TurnRow)
            if which is not None:
                found, gone = found.where(which), gone.where(which)
            ids = list(await session.scalars(found))
            if ids:
                await session.execute(gone)
                left = select(TurnRow.conversation)
                await session.execute(
                    delete(ConversationRow).where(ConversationRow.id.not_in(left))
                )
                if await self._has_index(session):  # or the words would stay in its segments
                    optimize = "INSERT INTO turn_words(turn_words) VALUES ('optimize')"
                    await session.execute(text(optimize))
            return ids

    async def _condition(self, session: AsyncSession, wanted: Wanted) -> ColumnElement[bool]:
        """Return which turns are wanted."""
        conditions: list[ColumnElement[bool]] = [TurnRow.key.is_not(None)]
        same = (
            (TurnRow.area, wanted.area),
            (TurnRow.satellite, wanted.satellite),
            (TurnRow.person, wanted.person),
            (TurnRow.outcome, wanted.outcome),
        )
        conditions += [column == value for column, value in same if value is not None]
        if wanted.since is not None:
            conditions.append(TurnRow.started >= wanted.since)
        if wanted.until is not None:
            conditions.append(TurnRow.started < wanted.until)
        words = re.findall(r"\w+", wanted.text or "")[:MOST_WORDS]
        if words and await self._has_index(session):
            phrase = " ".join(f'"{word}"*' for word in words)
            conditions.append(_WORDS.bindparams(wanted=phrase))  # type: ignore[arg-type]
        else:
            conditions += [_contains(word) for word in words]
        return and_(*conditions)

    async def _has_index(self, session: AsyncSession) -> bool:
        if self._indexed is None:
            connection = await session.connection()
            self._indexed = connection.dialect.name == "sqlite" and bool(
                await session.scalar(
                    text("SELECT count(*) FROM sqlite_master WHERE name = 'turn_words'")
                )
            )
        return self._indexed


def _contains(word: str) -> ColumnElement[bool]:
    return or_(
        TurnRow.transcript.icontains(word, autoescape=True),
        TurnRow.answer.icontains(word, autoescape=True),
    )


async def _keep_conversations(session: AsyncSession, turns: Sequence[KeptTurn]) -> None:
    """Keep the conversations of turns, or take note of when their newest turn began."""
    ids = {turn.conversation for turn in turns}
    query = select(ConversationRow).where(ConversationRow.id.in_(ids))
    rows = {row.id: row for row in await session.scalars(query)}
    for turn in turns:
        row = rows.get(turn.conversation)
        if row is not None:
            row.last = max(row.last, turn.started)
            continue
        rows[turn.conversation] = row = ConversationRow(
            id=turn.conversation,
            satellite=turn.satellite,
            satellite_name=turn.satellite_name,
            area=turn.area,
            person=turn.person,
            started=turn.started,
            last=turn.started,
        )
        session.add(row)
    await session.flush()  # turns refer to them


async def _glances(
    session: AsyncSession, rows: Sequence[ConversationRow], condition: ColumnElement[bool]
) -> list[KeptConversation]:
    """Return conversations with their sizes, and the first turn in each that is wanted."""
    ids = [row.id for row in rows]
    sizes: dict[str, tuple[int, int]] = {
        id_: (turns, failed)
        for id_, turns, failed in await session.execute(
            select(
                TurnRow.conversation,
                func.count(),
                func.sum(case((TurnRow.outcome.in_(_FAILED), 1), else_=0)),
            )
            .where(TurnRow.conversation.in_(ids))
            .group_by(TurnRow.conversation)
        )
    }
    worded = func.min(case((TurnRow.transcript.is_not(None), TurnRow.key)))
    firsts = (
        select(func.coalesce(worded, func.min(TurnRow.key)))
        .where(TurnRow.conversation.in_(ids), condition)
        .group_by(TurnRow.conversation)
    )
    columns = (
        TurnRow.conversation,
        TurnRow.id,
        TurnRow.transcript,
        TurnRow.answer,
        TurnRow.outcome,
    )
    shown = {
        id_: (turn, transcript, answer, outcome)
        for id_, turn, transcript, answer, outcome in await session.execute(
            select(*columns).where(TurnRow.key.in_(firsts))
        )
    }
    return [
        _glance(row, sizes[row.id], shown[row.id])
        for row in rows
        if row.id in sizes and row.id in shown
    ]


def _glance(
    row: ConversationRow, size: tuple[int, int], shown: tuple[str, str | None, str | None, str]
) -> KeptConversation:
    turn, transcript, answer, outcome = shown
    return KeptConversation(
        row.id,
        row.satellite,
        row.satellite_name,
        row.area,
        row.person,
        row.started,
        row.last,
        size[0],
        size[1],
        turn,
        transcript,
        answer,
        outcome,
    )


def _row(turn: KeptTurn) -> TurnRow:
    stages = [[stage.name, stage.start_ms, stage.end_ms] for stage in turn.stages]
    return TurnRow(
        id=turn.id,
        conversation=turn.conversation,
        number=turn.number,
        satellite=turn.satellite,
        satellite_name=turn.satellite_name,
        area=turn.area,
        person=turn.person,
        opening=turn.opening,
        started=turn.started,
        took_ms=turn.took_ms,
        outcome=turn.outcome,
        transcript=turn.transcript,
        language=turn.language,
        answer=turn.answer,
        heard=turn.heard,
        intent=turn.intent,
        stages=orjson.dumps(stages).decode(),
        details=orjson.dumps(
            dict(turn.details), default=str, option=orjson.OPT_NON_STR_KEYS
        ).decode(),
        audio=turn.audio,
    )


def _turn(row: TurnRow) -> KeptTurn:
    return KeptTurn(
        row.id,
        row.conversation,
        row.number,
        row.satellite,
        row.satellite_name,
        row.area,
        row.person,
        row.opening,
        row.started,
        row.took_ms,
        row.outcome,
        row.transcript,
        row.language,
        row.answer,
        row.heard,
        row.intent,
        stages_of(row.stages),
        orjson.loads(row.details),
        row.audio,
    )


def stages_of(kept: str) -> tuple[Stage, ...]:
    """Return stages as they are kept."""
    return tuple(Stage(*stage) for stage in orjson.loads(kept))
