"""The true state of each part of the hub, and the queues between them."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from hub.api.parts import Parts
from hub.engines.host import MAX_WAITING
from hub.store.errors import StoreError
from hub.words import worded

State = Literal["well", "spare", "down"]


@dataclass(frozen=True, slots=True)
class PartState:
    """One part."""

    name: str
    state: State
    """"spare": another does its work; "down": it does not work."""
    needed: bool
    """Whether the hub is not ready without it."""
    text: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Something in which work waits."""

    name: str
    waiting: int
    most: int
    lost: int = 0
    """What did not fit in, since the start."""


async def parts_state(hub: Parts) -> list[PartState]:
    """Return the state of each part."""
    return [
        _mqtt(hub),
        await _store(hub),
        _engine(hub, "speech-to-text", hub.ears.in_use, works=hub.ears.works),
        _engine(hub, "text-to-speech", hub.voice.in_use, works=hub.voice.works),
        *_thinking(hub),
        # Whoever asks has come through the dashboard, which opens after the satellites' port.
        PartState(
            "satellites",
            "well",
            True,
            worded(
                "satellites-listening",
                "listening, {count} connected",
                count=hub.directory.satellites,
            ),
        ),
    ]


def queues(hub: Parts) -> list[Queue]:
    """Return what waits where."""
    found = []
    for role, engines in (("speech-to-text", hub.ears), ("text-to-speech", hub.voice)):
        found += [
            Queue(f"{role}: {process.name}", process.waiting, MAX_WAITING)
            for process in engines.processes
        ]
    for name, kept in (("audit", hub.acting.tooling.audit.batches), ("turns", hub.turns.batches)):
        found.append(Queue(name, kept.waiting, kept.most, kept.lost))
    return found


def waiting(hub: Parts) -> int:
    """Return how much waits in all of them together."""
    return sum(queue.waiting for queue in queues(hub))


def _mqtt(hub: Parts) -> PartState:
    link = hub.household.link
    if link.connected:
        return PartState(
            "mqtt",
            "well",
            True,
            worded("broker-connected", "connected to {address}", address=str(link.address)),
        )
    return PartState(
        "mqtt",
        "down",
        True,
        worded("broker-away", "the broker at {address} is away", address=str(link.address)),
    )


async def _store(hub: Parts) -> PartState:
    try:
        async with hub.store.session() as session:
            await session.execute(text("SELECT 1"))
    except StoreError as error:
        return PartState("store", "down", True, str(error))
    return PartState("store", "well", True, worded("store-open", "open"))


def _engine(hub: Parts, role: str, in_use: str, *, works: bool) -> PartState:
    told = hub.desk.board.last.get(role)
    if not works:
        return PartState(
            role,
            "down",
            True,
            worded("engine-broken", "{engine} does not work", engine=in_use)
            if told is None
            else told.text,
        )
    if told is None or told.ready:
        return PartState(role, "well", True, in_use if told is None else told.text)
    return PartState(
        role,
        "spare",
        True,
        worded(
            "engine-instead",
            "{instead}, for {engine} is not ready: {why}",
            instead=in_use,
            engine=told.engine,
            why=told.text,
        ),
    )


def _thinking(hub: Parts) -> list[PartState]:
    told = hub.desk.board.last.get("language-model")
    if told is None:
        return []
    return [PartState("language-model", "well" if told.ready else "down", False, told.text)]
