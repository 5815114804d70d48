"""The lights over virtual time: they follow the sign, and are no trouble when they are broken."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

from satellite import events
from satellite.events import Event
from satellite.lights.led import Led
from satellite.lights.light import LightLost
from satellite.lights.look import BLINK_S, FRAME_S, LOOKS, Look, looks_with
from satellite.lights.show import AGAIN_S, LightShow
from satellite.sign import Sign
from tests.virtual_time import run_virtual


class Lamp:
    def __init__(self) -> None:
        self.shown: list[tuple[float, Look]] = []
        self.broken = False
        self.closed = False

    async def show(self, look: Look, at_s: float) -> float | None:
        if self.broken:
            raise LightLost("it is unplugged")
        self.shown.append((asyncio.get_running_loop().time(), look))
        return FRAME_S if look.moves else None

    def close(self) -> None:
        self.closed = True


def state(name: str) -> events.StateChanged:
    return events.StateChanged(0.0, name, "idle")


def play(scene: Callable[[LightShow, Lamp, list[Event]], Awaitable[None]]) -> Lamp:
    lamp = Lamp()

    async def main() -> None:
        told: list[Event] = []
        show = LightShow(lamp, told.append, clock=asyncio.get_running_loop().time)
        running = asyncio.create_task(show.run())
        await asyncio.sleep(0.001)
        await scene(show, lamp, told)
        running.cancel()
        await asyncio.wait([running])

    run_virtual(main())
    return lamp


def test_a_sign_is_shown_at_once_and_still_light_is_not_sent_again_and_again() -> None:
    async def scene(show: LightShow, lamp: Lamp, told: list[Event]) -> None:
        assert [look for _, look in lamp.shown] == [LOOKS[Sign.DISCONNECTED]]
        show.follow(state("listening"))
        await asyncio.sleep(0.001)
        assert lamp.shown[-1][1] == LOOKS[Sign.LISTENING]
        await asyncio.sleep(AGAIN_S - 1)
        assert len(lamp.shown) == 2
        await asyncio.sleep(2)
        assert len(lamp.shown) == 3
        assert told == []

    assert play(scene).closed


def test_what_moves_is_shown_picture_by_picture() -> None:
    async def scene(show: LightShow, lamp: Lamp, told: list[Event]) -> None:
        show.follow(state("thinking"))
        await asyncio.sleep(1.0)
        assert 20 <= len(lamp.shown) <= 30
        show.follow(state("idle"))
        await asyncio.sleep(0.001)
        assert lamp.shown[-1][1] == LOOKS[Sign.IDLE]

    play(scene)


def test_broken_lights_are_told_once_tried_ever_less_often_and_come_back_by_themselves() -> None:
    async def scene(show: LightShow, lamp: Lamp, told: list[Event]) -> None:
        lamp.broken = True
        for name in ("listening", "thinking", "speaking", "idle"):
            show.follow(state(name))
            await asyncio.sleep(10)
        assert [event.name for event in told] == ["error"]
        assert isinstance(told[0], events.Failed)
        assert (told[0].code, told[0].text) == ("lights-lost", "it is unplugged")
        lamp.broken = False
        before = len(lamp.shown)
        await asyncio.sleep(11)
        assert lamp.shown[before][1] == LOOKS[Sign.IDLE]
        lamp.broken = True
        show.follow(state("listening"))
        await asyncio.sleep(1)
        assert len(told) == 2

    play(scene)


def test_a_plain_led_blinks_quickly_for_what_rings_and_slowly_for_the_rest() -> None:
    async def changes(sign: Sign) -> list[float]:
        was: list[bool] = []
        at: list[float] = []
        led = Led(was.append)
        time_s = 0.0
        while time_s < 6:
            wait_s = await led.show(LOOKS[sign], time_s)
            if len(was) < 2 or was[-1] != was[-2]:
                at.append(time_s)
            if wait_s is None:
                break
            time_s += wait_s + 1e-6
        return [later - earlier for earlier, later in pairwise(at)]

    ringing = asyncio.run(changes(Sign.RINGING))
    thinking = asyncio.run(changes(Sign.THINKING))
    assert len(ringing) > len(thinking) > 1
    assert all(abs(gap - BLINK_S) < 0.01 for gap in ringing)
    assert asyncio.run(changes(Sign.MUTED)) == []


def test_another_look_is_shown_at_once() -> None:
    async def scene(show: LightShow, lamp: Lamp, told: list[Event]) -> None:
        looks = looks_with({"disconnected": "#010203"}, moving=True)
        show.use(looks)
        await asyncio.sleep(0.001)
        assert lamp.shown[-1][1] == looks[Sign.DISCONNECTED]
        assert lamp.shown[-1][1].colour == (1, 2, 3)

    play(scene)
