"""Which satellite is it? It shows, for as long as it is asked to."""

import asyncio
from collections.abc import Awaitable, Callable

from protocol import Identify, Pause
from satellite import events
from satellite.events import Event
from satellite.identifying import SOUND_EVERY_S, Identifying
from satellite.sign import Sign, SignFollower
from tests.virtual_time import run_virtual


class Shown:
    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.told: list[tuple[float, Event]] = []
        self.sounds: list[float] = []
        self.identifying = Identifying(
            lambda: self.sounds.append(loop.time()),
            lambda event: self.told.append((loop.time(), event)),
            clock=loop.time,
        )

    @property
    def lengths_s(self) -> list[float]:
        """Return how long it lasted, each time."""
        at = [time for time, _ in self.told]
        return [round(end - begin, 3) for begin, end in zip(at[::2], at[1::2], strict=True)]


def play(scene: Callable[[Shown], Awaitable[None]]) -> None:
    async def main() -> None:
        shown = Shown()
        running = asyncio.create_task(shown.identifying.run())
        await scene(shown)
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())


def test_it_shows_for_the_seconds_that_are_asked_for() -> None:
    async def scene(shown: Shown) -> None:
        shown.identifying.receive(Identify(4.0))
        await asyncio.sleep(10)
        assert shown.lengths_s == [4.0]
        assert [event for _, event in shown.told] == [
            events.Identifying(shown.told[0][0], identifying=True),
            events.Identifying(shown.told[1][0], identifying=False),
        ]
        assert [round(at - shown.sounds[0], 3) for at in shown.sounds] == [
            0,
            SOUND_EVERY_S,
            2 * SOUND_EVERY_S,
        ]
        shown.identifying.receive(Identify(1.0))
        await asyncio.sleep(3)
        assert shown.lengths_s == [4.0, 1.0]

    play(scene)


def test_asked_again_it_lasts_longer_and_with_nought_it_ends() -> None:
    async def scene(shown: Shown) -> None:
        shown.identifying.receive(Identify(2.0))
        await asyncio.sleep(1)
        shown.identifying.receive(Identify(2.0))
        await asyncio.sleep(5)
        assert shown.lengths_s == [3.0]
        shown.identifying.receive(Identify(60.0))
        await asyncio.sleep(1)
        shown.identifying.receive(Identify(0.0))
        await asyncio.sleep(1)
        assert shown.lengths_s == [3.0, 1.0]

    play(scene)


def test_nought_and_other_messages_begin_nothing() -> None:
    async def scene(shown: Shown) -> None:
        shown.identifying.receive(Identify(0.0))
        shown.identifying.receive(Pause(1))
        await asyncio.sleep(1)
        assert shown.told == []

    play(scene)


def test_it_is_the_sign_whatever_else_goes_on() -> None:
    signs, seen = SignFollower(), []
    for event in (
        events.Ringing(0.0, ringing=True),
        events.Identifying(0.0, identifying=True),
        events.Identifying(1.0, identifying=False),
    ):
        signs.follow(event)
        seen.append(signs.sign)
    assert seen == [Sign.RINGING, Sign.IDENTIFYING, Sign.RINGING]
