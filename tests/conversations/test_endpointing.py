"""When a sentence is taken for finished: at once, after a while, or not yet."""

from collections.abc import Callable

import pytest

from hub.conversation.completeness import Completeness
from hub.conversation.endpoint import Rules
from hub.conversation.patience import Patience, Pauses
from hub.conversation.turn import Manner
from hub.engines.base import Transcript
from satellite.state import Trigger
from tests.conversations.scenes import (
    FRAME_S,
    LEAD_MS,
    Detector,
    Lingering,
    ask,
    commits,
    ends,
    next_turn_works,
    tell,
    texts,
    tokens,
    virtual,
)
from tests.virtual_house import Engines, VirtualSatellite, house, now, pause, words

SLACK_S = FRAME_S + 0.001
"""A decision falls with a frame; the rest is the arithmetic of the loop."""


def thinker(**more: object) -> Engines:
    return Engines(thoughts=lambda _: tokens("All right."), **more)  # type: ignore[arg-type]


async def waited(sat: VirtualSatellite, *sounds: bytes | str) -> float:
    """Say something; return how long after its end it was taken for finished."""
    ended = await ask(sat, *sounds)
    await ends(sat)
    assert len(commits(sat)) == 1
    return commits(sat)[0] - ended


def partly(known: str) -> Callable[[str], Transcript]:
    """Hear like a recogniser that knows `known` alone, and how it begins."""

    def hear(text: str) -> Transcript:
        if text != known and known.startswith(text):
            return Transcript("", "en", partial=text)
        return Transcript(text, "en")

    return hear


@pytest.mark.parametrize("lead_ms", [0, 8, 16, 24])
@virtual
async def test_a_whole_command_is_taken_at_the_first_frame_with_200_ms_of_silence(
    lead_ms: int,
) -> None:
    async with house() as h:
        sat = await h.add()
        wait_s = await waited(sat, pause(lead_ms), "turn on the lamp")
        assert 0.2 <= wait_s <= 0.2 + SLACK_S
        assert [text for _, text in h.engines.acts] == ["turn on the lamp"]


@virtual
async def test_a_whole_command_waits_for_no_turn_detector() -> None:
    async with house(detector=Detector(0.0)) as h:
        assert 0.2 <= await waited(await h.add(), "turn on the lamp") <= 0.2 + SLACK_S


@pytest.mark.parametrize("probability", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
@virtual
async def test_the_wait_follows_the_probability_without_a_step(probability: float) -> None:
    async with house(thinker(), detector=Detector(probability)) as h:
        wait_s = await waited(await h.add(), "the weather is nice")
        wanted_s = 0.25 + 1.75 * (1 - probability) ** 2
        assert wanted_s <= wait_s <= wanted_s + SLACK_S


@virtual
async def test_a_likelier_end_is_never_waited_for_longer() -> None:
    waits = []
    for step in range(0, 21, 4):
        async with house(thinker(), detector=Detector(step / 20)) as h:
            waits.append(await waited(await h.add(), "the weather is nice"))
    assert waits == sorted(waits, reverse=True)
    assert waits[0] == pytest.approx(2.0, abs=SLACK_S)
    assert waits[-1] == pytest.approx(0.25, abs=SLACK_S)


@pytest.mark.parametrize(
    "text", ["add apples and", "my number is five five", "set a timer for ten"]
)
@virtual
async def test_an_open_number_or_and_is_waited_for_longer_than_anything_else(text: str) -> None:
    async with house(thinker()) as h:
        assert 2.0 <= await waited(await h.add(), text) <= 3.0 + SLACK_S


@virtual
async def test_a_sentence_without_its_object_is_waited_for_longer_than_people_pause() -> None:
    async with house(thinker()) as h:
        assert await waited(await h.add(), "set a timer for") >= 1.4


@virtual
async def test_an_open_list_is_waited_for_longer_than_anything_else() -> None:
    def listed(text: str) -> Transcript:
        return Transcript(text.replace("apples", "apples,"), "en")

    async with house(thinker(hear=listed)) as h:
        assert 2.0 <= await waited(await h.add(), "add apples pears") <= 3.0 + SLACK_S


@virtual
async def test_the_beginning_of_a_known_sentence_is_waited_for_longer() -> None:
    async with house(Engines(hear=partly("turn on the lamp"))) as h:
        sat = await h.add()
        assert 2.0 <= await waited(sat, "turn on") <= 3.0 + SLACK_S
        assert h.turns[0].outcome == "not-understood"
        await next_turn_works(h, sat)


@pytest.mark.parametrize("pause_ms", [300, 600, 1000])
@pytest.mark.parametrize("partial", [False, True])
@virtual
async def test_a_pause_inside_an_unfinished_sentence_does_not_cut_it(
    pause_ms: int, partial: bool
) -> None:
    engines = Engines(hear=partly("turn on the lamp") if partial else None)
    async with house(engines) as h:
        sat = await h.add()
        wait_s = await waited(sat, "turn on the", pause(pause_ms), "lamp")
        assert 0.2 <= wait_s <= 0.2 + SLACK_S
        assert texts(h.engines.acts) == ["turn on the lamp"]
        assert h.turns[0].transcript == "turn on the lamp"
        # What was not understood is heard once more, with more of the silence.
        assert h.turns[0].details["tries"] == (3 if partial else 2)
        assert h.history() == [("user", "turn on the lamp"), ("assistant", "Done.")]


@virtual
async def test_several_pauses_in_one_sentence_do_not_cut_it() -> None:
    async with house() as h:
        sat = await h.add()
        sounds = ("turn", pause(800), "on", pause(800), "the", pause(1000), "lamp")
        assert 0.2 <= await waited(sat, *sounds) <= 0.2 + SLACK_S
        assert texts(h.engines.acts) == ["turn on the lamp"]


@virtual
async def test_a_turn_detector_is_asked_about_every_try() -> None:
    detector = Detector(0.0, 1.0)
    async with house(thinker(), detector=detector) as h:
        wait_s = await waited(await h.add(), "the weather", pause(800), "is nice")
        assert detector.asked == 2
        assert 0.25 <= wait_s <= 0.25 + SLACK_S


async def _with_text_alone() -> float:
    async with house(thinker()) as h:
        return await waited(await h.add(), "the weather is nice")


@virtual
async def test_a_turn_detector_that_fails_is_ignored() -> None:
    alone_s = await _with_text_alone()
    detector = Detector(0.0, code="engine-failed")
    async with house(thinker(), detector=detector) as h:
        assert await waited(await h.add(), "the weather is nice") == pytest.approx(
            alone_s, abs=1e-4
        )
        assert detector.asked == 1


@virtual
async def test_a_turn_detector_that_is_slow_is_ignored() -> None:
    alone_s = await _with_text_alone()
    async with house(thinker(), detector=Detector(0.0, takes_s=5)) as h:
        wait_s = await waited(await h.add(), "the weather is nice")
        assert wait_s == pytest.approx(max(alone_s, 0.1 + 0.05 + 0.3), abs=SLACK_S)


@virtual
async def test_a_turn_detector_that_answers_nan_is_ignored() -> None:
    alone_s = await _with_text_alone()
    async with house(thinker(), detector=Detector(float("nan"))) as h:
        assert await waited(await h.add(), "the weather is nice") == pytest.approx(
            alone_s, abs=1e-4
        )


@pytest.mark.parametrize("usual_ms", [250, 1500])
@virtual
async def test_how_long_a_person_pauses_shifts_the_wait(usual_ms: float) -> None:
    async with house(thinker(), detector=Detector(0.5)) as h:
        pauses = h.house.conversations.pauses("Kitchen")
        for _ in range(20):
            pauses.observe(usual_ms)
        wanted_s = Patience().delay_ms(Completeness(0.5, open=False), pauses) / 1000
        plain_s = Patience().delay_ms(Completeness(0.5, open=False), Pauses()) / 1000
        assert abs(wanted_s - plain_s) > 0.1
        wait_s = await waited(await h.add(), "the weather is nice")
        assert wanted_s <= wait_s <= wanted_s + SLACK_S


@virtual
async def test_a_pause_after_which_the_person_went_on_is_learnt() -> None:
    async with house() as h:
        await waited(await h.add(), "turn on the", pause(640), "lamp")
        pauses = h.house.conversations.pauses("Kitchen")
        assert pauses.count == 1
        assert pauses.mean_ms == pytest.approx(640, abs=16)


@pytest.mark.parametrize("text", ["yes", "no"])
@virtual
async def test_a_short_answer_to_a_question_is_not_waited_for(text: str) -> None:
    engines = Engines(thoughts=lambda _: tokens("Shall I do it?"))
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "the weather is nice")
        await sat.until(lambda: len(h.turns) == 1)
        ended = await tell(sat, pause(640), words(text))
        await sat.until(lambda: len(commits(sat)) == 2)
        assert commits(sat)[1] - ended <= 0.3
        await sat.until(lambda: len(h.turns) == 2)
        assert h.turns[1].transcript == text


@pytest.mark.parametrize("text", ["yes", "no", "okay"])
@virtual
async def test_a_word_that_asks_for_nothing_is_not_all_that_somebody_called_for(text: str) -> None:
    async with house(thinker()) as h:
        wait_s = await waited(await h.add(), text)
        assert 1.2 <= wait_s <= 1.3
        assert texts(h.engines.heard) == [text]


@virtual
async def test_the_rest_of_a_wake_word_is_not_taken_for_what_was_said() -> None:
    async with house() as h:
        sat = await h.add()
        sat.wake(Trigger("wake-word", wake_word="okay_nabu", score=0.9))
        sat.say(words("no")[: 3 * 512 * 2], pause(1600), words("turn on the lamp"))
        await ends(sat)
        assert texts(h.engines.acts) == ["turn on the lamp"]
        assert len(commits(sat)) == 1
        assert h.turns[0].details["tries"] == 1


@virtual
async def test_who_does_not_stop_is_taken_at_his_word_after_the_longest_sentence() -> None:
    rules = Rules(no_speech_ms=5000, max_ms=4000)
    async with house(thinker(), manner=Manner(rules)) as h:
        sat = await h.add()
        ended = await ask(sat, " ".join(["word"] * 20))
        await ends(sat)
        began = ended - 20 * 0.32
        assert commits(sat)[0] - began == pytest.approx(4.0, abs=SLACK_S)
        assert h.turns[0].details["ending"] == "too-long"
        assert h.turns[0].transcript == " ".join(["word"] * 12)
        await sat.until(lambda: now() > ended + 1)
        await next_turn_works(h, sat)


@virtual
async def test_nobody_is_waited_for_longer_than_five_seconds() -> None:
    async with house() as h:
        sat = await h.add()
        sat.wake()
        woken = now()
        assert await ends(sat) - woken == pytest.approx(5.0, abs=SLACK_S)
        assert h.turns[0].outcome == "nothing-heard"
        assert h.engines.heard == []
        assert sat.audio_times == []
        await next_turn_works(h, sat)


@pytest.mark.parametrize("late_frames", [3, 6])
@virtual
async def test_the_end_of_speech_is_where_it_stopped_sounding(late_frames: int) -> None:
    async with house(activity=Lingering(late_frames)) as h:
        sat = await h.add()
        wait_s = await waited(sat, "turn on the lamp")
        # Voice activity that lets go late does not make anybody wait.
        assert 0.2 <= wait_s <= 0.2 + SLACK_S
        speech = next(stage for stage in h.turns[0].stages if stage.name == "speech")
        assert speech.start_ms == pytest.approx(LEAD_MS, abs=9)
        assert speech.end_ms - speech.start_ms == pytest.approx(4 * 320, abs=9)


@virtual
async def test_a_click_is_no_speech() -> None:
    async with house() as h:
        sat = await h.add()
        sat.wake()
        sat.say(pause(320), words("click")[: 512 * 2], pause(320), words("click")[: 512 * 2])
        await ends(sat)
        assert h.turns[0].outcome == "nothing-heard"
        assert h.engines.heard == []
