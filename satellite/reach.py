"""Getting through to a hub: all candidates are dialled at once, the best that takes us has us."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from protocol import (
    FrameError,
    KeepAlive,
    Link,
    LinkClosed,
    MessageError,
    Role,
    SottoError,
    StateError,
    Unreachable,
    Welcome,
    connect,
)
from satellite.locate import Candidate

HEAD_START_S = 0.3
"""A better hub that is slower to pick up is waited for so long."""
KEEP_ALIVE = KeepAlive(ping_after_s=1.5, dead_after_s=3.0)
"""Sooner than the hub: so the satellite learns how long the way is, and makes a new link where TCP
would wait for seconds to send again. The session goes on."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A hub that has taken us."""

    link: Link
    welcome: Welcome
    candidate: Candidate


async def reach(
    candidates: Sequence[Candidate],
    greet: Callable[[Link], Awaitable[Welcome]],
    *,
    timeout_s: float,
) -> Reached:
    """Return the best hub that takes us.

    Raises SottoError: why the first one did not, a refusal before silence.
    """
    loop = asyncio.get_running_loop()
    waiting = [
        (candidate, asyncio.create_task(_dial(candidate, timeout_s))) for candidate in candidates
    ]
    errors: list[tuple[int, SottoError]] = []
    others_from: float | None = None
    try:
        while waiting:
            index = _next(
                waiting, may_overtake=others_from is not None and loop.time() >= others_from
            )
            if index is None:
                if others_from is None and any(_is_connected(task) for _, task in waiting):
                    others_from = loop.time() + HEAD_START_S
                left_s = None if others_from is None else max(0.0, others_from - loop.time())
                undone = [task for _, task in waiting if not task.done()]
                await asyncio.wait(undone, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
                continue
            candidate, task = waiting.pop(index)
            try:
                link = task.result()
                return Reached(link, await _greet(link, greet), candidate)
            except SottoError as error:
                errors.append((candidates.index(candidate), error))
    finally:
        for _, task in waiting:
            task.cancel()
        if waiting:
            await asyncio.wait([task for _, task in waiting])
        for _, task in waiting:
            if _is_connected(task):
                task.result().abort()
    if not errors:
        raise Unreachable("unreachable", "no address of a hub is known")
    raise min(errors, key=lambda each: (isinstance(each[1], Unreachable), each[0]))[1]


def is_gone(error: SottoError) -> bool:
    """Tell whether a machine is there and no hub on it: what the hub knew is lost."""
    return isinstance(error.__cause__, ConnectionRefusedError)


async def _dial(candidate: Candidate, timeout_s: float) -> Link:
    address = candidate.address
    return await connect(
        address.host,
        address.port,
        role=Role.SATELLITE,
        timeout_s=timeout_s,
        keep_alive=KEEP_ALIVE,
    )


async def _greet(link: Link, greet: Callable[[Link], Awaitable[Welcome]]) -> Welcome:
    try:
        return await greet(link)
    except TimeoutError:
        link.abort()
        text = f"{link.peer} did not finish its welcome: is it a hub?"
        raise Unreachable("handshake-timeout", text) from None
    except (FrameError, MessageError, StateError, LinkClosed) as error:
        await link.close()
        # Whose address it is, and what that means, is not known where it was noticed.
        raise type(error)(error.code, f"{link.peer} does not welcome us: {error.text}") from error
    except SottoError:
        await link.close()
        raise
    except asyncio.CancelledError:
        link.abort()
        raise


def _next(
    waiting: Sequence[tuple[Candidate, asyncio.Task[Link]]], *, may_overtake: bool
) -> int | None:
    """Return whose turn it is: who has failed, else the best that is connected."""
    for index, (_, task) in enumerate(waiting):
        if task.done() and (index == 0 or may_overtake or not _is_connected(task)):
            return index
    return None


def _is_connected(task: asyncio.Task[Link]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None
