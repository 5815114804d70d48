"""Speech that was under way when the hub took the sentence for finished, and slow recognisers."""

import pytest

from hub.conversation.turn import Manner
from protocol.sotto_messages import Duck, Pause
from tests.conversations.heard import (
    LONG,
    Speaker,
    Voice,
    answering,
    answers,
    speak,
    virtual,
    wait,
)
from tests.conversations.scenes import Lingering, ask, ends
from tests.virtual_house import house, noise, now, pause, words

TALK = [f"w{number}" for number in range(45)]
"""14.4 s of it."""


@virtual
async def test_who_talks_on_past_the_longest_sentence_is_heard_and_soon_not_talked_over() -> None:
    async with house(Voice(thoughts=answers(LONG))) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        ended = await ask(satellite, " ".join(TALK))
        await ends(satellite)
        talked_over = [sound for sound in speaker.sounds() if sound[0] < ended]
        assert sum(end - start for start, end in talked_over) < 0.35
        assert [turn.outcome for turn in h.turns] == ["interrupted", "answered"]
        first, second = ((turn.transcript or "").split() for turn in h.turns)
        assert first[0] == "w0"
        assert second[-1] == "w44"
        assert set(first) | set(second) == set(TALK), "every word was heard"


@pytest.mark.parametrize("frames", [4, 7, 10, 14])
def test_a_stop_right_after_a_command_is_heard_however_late_voice_activity_lets_go(
    frames: int,
) -> None:
    @virtual
    async def run() -> None:
        engines = Voice(commands={"turn on the lamp": LONG})
        async with house(engines, activity=Lingering(frames)) as h:
            satellite = await h.add()
            speaker = Speaker(satellite)
            await ask(satellite, "turn on the lamp", pause(260), "stop")
            await ends(satellite)
            assert [turn.outcome for turn in h.turns] == ["interrupted", "stopped"]
            assert sum(end - start for start, end in speaker.sounds()) < 1.0

    run()


@virtual
async def test_the_end_of_a_sentence_that_fades_slowly_does_not_touch_the_answer() -> None:
    async with house(Voice(), activity=Lingering(10)) as h:
        satellite = await h.add()
        await ask(satellite, "turn on the lamp", pause(250), noise(40))
        await ends(satellite)
        assert satellite.sent(Duck) == satellite.sent(Pause) == []
        assert len(h.engines.heard) == 1
        assert h.turns[0].outcome == "answered"


@pytest.mark.parametrize("said", ["tell me about cats instead please", "stop"])
def test_a_slow_recogniser_interrupts_after_the_answer_has_gone_on(said: str) -> None:
    @virtual
    async def run() -> None:
        async def slowly(number: int) -> None:
            await wait(2.0 if number == 2 else 0.0)

        engines = Voice(thoughts=answers(LONG + " " + LONG, "Good."), stt_fault=slowly)
        async with house(engines, manner=Manner(heard_s=4.0)) as h:
            satellite = await h.add()
            speaker = Speaker(satellite)
            await answering(h, satellite, 0.8)
            began = await speak(satellite, words(said))
            await satellite.until(lambda: bool(h.turns))
            assert now() - began < 2.6
            [(held, went_on)] = speaker.gaps(began)
            assert went_on - held <= 1.5
            assert h.turns[0].outcome == "interrupted"
            await satellite.until(lambda: len(h.turns) == 2)
            assert h.turns[1].transcript == said

    run()


@virtual
async def test_what_is_said_while_a_slow_recogniser_is_at_an_okay_is_heard_too() -> None:
    async def slowly(number: int) -> None:
        await wait(1.0 if number == 3 else 0.0)

    engines = Voice(thoughts=answers(LONG + " " + LONG), stt_fault=slowly)
    async with house(engines) as h:
        satellite = await h.add()
        await answering(h, satellite, 0.8)
        satellite.say(words("okay"), pause(320), words("stop"))
        await satellite.at_rest()
        assert [turn.outcome for turn in h.turns] == ["interrupted", "stopped"]


@virtual
async def test_an_echo_is_known_although_the_recogniser_is_slow() -> None:
    async def slowly(number: int) -> None:
        await wait(3.5 if number > 1 else 0.0)

    long = LONG + " " + " ".join(f"more{number}" for number in range(24))
    engines = Voice(thoughts=answers(long), stt_fault=slowly)
    async with house(engines, manner=Manner(heard_s=4.0)) as h:
        satellite = await h.add()
        await answering(h, satellite, 0.9)
        satellite.say(words("four five six"))
        await satellite.at_rest()
        assert [turn.outcome for turn in h.turns] == ["answered"]
