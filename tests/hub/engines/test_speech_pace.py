"""The limits of a service that speaks, counted in the time that is spent waiting for it."""

import asyncio

import pytest

from hub.engines.speech_pace import S_PER_CHAR, SpeechPace
from tests.conversations.scenes import virtual
from tests.virtual_house import now


async def wait(pace: SpeechPace, duration_s: float) -> None:
    async with pace.waiting():
        await asyncio.sleep(duration_s)


@virtual
async def test_sound_and_nothing_else_gives_time_for_more() -> None:
    pace = SpeechPace("a" * 1000, first_s=10, gap_s=5)
    for _ in range(9):
        await wait(pace, 1)  # something came that was no sound
    pace.sounded()
    await wait(pace, 4.5)
    with pytest.raises(TimeoutError):
        await wait(pace, 1)


@virtual
async def test_who_had_all_the_time_gets_no_more_of_it() -> None:
    pace = SpeechPace("Hi.", first_s=1, gap_s=5)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await wait(pace, 2)


@virtual
async def test_speech_without_end_is_cut_off_by_the_length_of_its_text() -> None:
    pace = SpeechPace("a" * 15, first_s=10, gap_s=5)
    started = now()

    async def speak() -> None:
        while True:
            await wait(pace, 1)
            pace.sounded()

    with pytest.raises(TimeoutError):
        await speak()
    assert now() - started == pytest.approx(10 + 5 + 15 * S_PER_CHAR)


@virtual
async def test_what_the_listener_takes_is_not_counted() -> None:
    pace = SpeechPace("Hi.", first_s=10, gap_s=5)
    for _ in range(100):
        await wait(pace, 0.1)
        pace.sounded()
        await asyncio.sleep(20)
