"""What was made in the dashboard, kept in the store."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast

import orjson
import structlog
from sqlalchemy import delete, or_, select

from hub.store.additions import AdditionRow, AdditionStepRow
from hub.store.database import Store
from hub.tools.additions import (
    MODELS,
    Addition,
    Additions,
    Changes,
    Kind,
    Step,
    dumped,
    parsed,
)
from hub.tools.mistakes import Mistaken

log = structlog.get_logger(__name__)

MOST_STEPS = 50
"""Changes that can be taken back; the oldest give way."""
STEPS_KEPT = timedelta(days=30)
"""They hold secrets of what was removed: not for ever."""


class StoredAdditions:
    """Keeps additions. All raise StoreError."""

    def __init__(
        self, store: Store, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._now = now

    async def load(self) -> Additions:
        """Return all that can be used; what can not is told, and kept as it is."""
        found: dict[str, Addition] = {}
        async with self._store.session() as session:
            rows = list(await session.scalars(select(AdditionRow).order_by(AdditionRow.place)))
        for row in rows:
            if row.kind not in MODELS:
                log.warning("an addition is of a newer version", kind=row.kind)
                continue
            kind = cast("Kind", row.kind)
            try:
                value = parsed(kind, orjson.loads(row.value))
            except (Mistaken, ValueError) as error:
                log.warning("an addition can not be used", kind=kind, reason=str(error)[:300])
                continue
            found[row.id] = Addition(row.id, kind, value, row.enabled, row.place)
        return Additions(found)

    async def save(self, step: Step, *, undone: str | None = None) -> None:
        """Keep what is another now, and how it is taken back: all of it or nothing.

        `undone` is the step that this one takes back.
        """
        now = self._now()
        async with self._store.session() as session:
            for id_, one in step.after.items():
                if one is None:
                    await session.execute(delete(AdditionRow).where(AdditionRow.id == id_))
                    continue
                await session.merge(
                    AdditionRow(
                        id=id_,
                        kind=one.kind,
                        place=one.place,
                        enabled=one.enabled,
                        value=dumped(one.value).decode(),
                        changed=now,
                    )
                )
            before, after = _dumped(step.before), _dumped(step.after)
            session.add(AdditionStepRow(id=step.id, at=now, before=before, after=after))
            await session.flush()
            newest = (
                select(AdditionStepRow.id).order_by(AdditionStepRow.at.desc()).limit(MOST_STEPS)
            )
            gone = or_(
                AdditionStepRow.id == undone,
                AdditionStepRow.at < now - STEPS_KEPT,
                AdditionStepRow.id.not_in(newest.scalar_subquery()),
            )
            others = AdditionStepRow.id != step.id  # whatever its clock says
            await session.execute(delete(AdditionStepRow).where(others, gone))

    async def steps(self) -> frozenset[str]:
        """Return which changes can be taken back."""
        kept = select(AdditionStepRow.id).where(AdditionStepRow.at >= self._now() - STEPS_KEPT)
        async with self._store.session() as session:
            return frozenset(await session.scalars(kept))

    async def step(self, id_: str) -> Step | None:
        """Return a change that can be taken back; None: it can not any more."""
        async with self._store.session() as session:
            row = await session.get(AdditionStepRow, id_)
        if row is None or row.at < self._now() - STEPS_KEPT:
            return None
        try:
            return Step(row.id, _read(row.before), _read(row.after))
        except (Mistaken, ValueError, KeyError, TypeError):
            log.warning("a change can not be taken back: it is of another version", step=id_)
            return None


def _dumped(changes: Changes) -> str:
    told = {
        id_: one
        and {
            "kind": one.kind,
            "value": orjson.Fragment(dumped(one.value)),
            "enabled": one.enabled,
            "place": one.place,
        }
        for id_, one in changes.items()
    }
    return orjson.dumps(told).decode()


def _read(text: str) -> Changes:
    return {
        id_: one
        and Addition(
            id_, one["kind"], parsed(one["kind"], one["value"]), one["enabled"], one["place"]
        )
        for id_, one in orjson.loads(text).items()
    }
