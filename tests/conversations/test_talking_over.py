"""What is said over an answer: echo, plain satellites, and speech that becomes the next turn."""

from collections.abc import Callable

import pytest

from hub.conversation.mind import Thought
from hub.engines.base import EngineError, Transcript
from protocol.sotto_messages import Playback
from protocol.wyoming_audio import Played
from satellite.state import State
from tests.conversations.heard import (
    LONG,
    LONG_S,
    Echo,
    Speaker,
    Voice,
    answering,
    answers,
    resumed_ms,
    speak,
    virtual,
    wait,
)
from tests.virtual_house import VirtualSatellite, house, now, words

AHEAD_S = 0.3
"""What the hub sends ahead of what is played."""

LONGER = " ".join(f"word{number}" for number in range(24))
NO_DUCK = ("flush", "pause", "playback", "barge-in")


def talker() -> Voice:
    return Voice(thoughts=answers(LONG))


def plain(satellite: VirtualSatellite) -> None:
    """Let a satellite say of its speaker what plain Wyoming ones do: that it has played."""

    def only_the_end(message: object) -> list[object]:
        if isinstance(message, Playback):
            return [Played()] if message.finished else []
        return [message]

    satellite.filter = only_the_end  # type: ignore[assignment]


@virtual
async def test_the_words_being_spoken_never_interrupt_in_the_microphone() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 0.9)
        began = await speak(satellite, words("four five six"))
        await satellite.at_rest()
        assert [turn.outcome for turn in h.turns] == ["answered"]
        assert h.history()[-1] == ("assistant", LONG + " ")
        assert len(speaker.gaps(began)) <= 1


def misheard(text: str) -> Transcript:
    """Hear every fifth word wrong, and miss one in eleven."""
    heard = [
        "weird" if number % 5 == 4 else word
        for number, word in enumerate(text.split())
        if number % 11 != 10
    ]
    return Transcript(" ".join(heard), "en")


@pytest.mark.parametrize("delay_ms", [0, 100, 250])
@pytest.mark.parametrize("hear", [None, misheard])
def test_a_satellite_that_echoes_all_the_time_stutters_at_most_twice(
    delay_ms: int, hear: Callable[[str], Transcript] | None
) -> None:
    @virtual
    async def run() -> None:
        async with house(Voice(thoughts=answers(LONGER), hear=hear)) as h:
            satellite = await h.add(features=NO_DUCK)
            speaker = Echo(satellite, LONGER, delay_ms)
            await answering(h, satellite, 0.1)
            await satellite.at_rest()
            assert [turn.outcome for turn in h.turns] == ["answered"]
            assert h.history()[-1] == ("assistant", LONGER + " ")
            assert len(speaker.gaps(0)) <= 2
            assert len(h.engines.heard) > 3, "the echo was listened to"

    run()


@virtual
async def test_words_interrupt_a_satellite_that_echoes_all_the_time() -> None:
    async with house(Voice(thoughts=answers(LONGER, "Good."))) as h:
        satellite = await h.add(features=NO_DUCK)
        Echo(satellite, LONGER)
        await answering(h, satellite, 3.0)
        satellite.say(words("turn on the lamp"))
        await satellite.until(lambda: len(h.turns) == 2)
        assert [turn.outcome for turn in h.turns] == ["interrupted", "answered"]
        assert "turn on the lamp" in (h.turns[1].transcript or "")


@virtual
async def test_a_satellite_without_flush_duck_and_pause_is_interrupted_by_pacing_alone() -> None:
    async with house(talker()) as h:
        satellite = await h.add(features=["barge-in"])
        plain(satellite)
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, words("turn on the lamp"))
        await satellite.at_rest()
        silent_at = speaker.silent_from(began)
        assert silent_at <= began + 0.350 + AHEAD_S
        assert [turn.outcome for turn in h.turns] == ["interrupted", "answered"]
        assert h.history()[1] == ("assistant", "one two three four five")
        assert h.history()[2:] == [("user", "turn on the lamp"), ("assistant", "Done.")]


@virtual
async def test_a_cough_leaves_an_answer_whole_on_a_satellite_without_flush() -> None:
    async with house(talker()) as h:
        satellite = await h.add(features=["barge-in"])
        plain(satellite)
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, words("okay"))
        await satellite.at_rest()
        assert all(end - start <= 0.8 for start, end in speaker.gaps(began))
        assert h.history()[-1] == ("assistant", LONG + " ")
        assert all(at % 300 == 0 for _, at in resumed_ms(satellite))


@virtual
async def test_a_satellite_with_no_features_hears_nothing_while_it_plays() -> None:
    async with house(talker()) as h:
        satellite = await h.add(features=[])
        plain(satellite)
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, words("turn on the lamp"))
        await satellite.at_rest()
        assert speaker.gaps(began) == []
        assert [turn.outcome for turn in h.turns] == ["answered"]
        assert len(h.engines.heard) == 1
        await satellite.ask("turn on the lamp")
        await satellite.until(lambda: len(h.turns) == 2)
        assert h.turns[1].outcome == "answered"


@virtual
async def test_a_long_interruption_is_the_next_turn_from_its_first_word_to_its_last() -> None:
    said = "please tell me what else there is to know about all of this before supper"
    async with house(Voice(thoughts=answers(LONG, "Nothing."))) as h:
        satellite = await h.add()
        await answering(h, satellite, 1.0)
        satellite.say(words(said))
        await satellite.at_rest()
        assert h.turns[1].transcript == said
        assert h.history()[2:] == [("user", said), ("assistant", "Nothing. ")]


@virtual
async def test_an_interruption_is_interrupted_too() -> None:
    async with house(Voice(thoughts=answers(LONG, LONG, "Good."))) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 0.6)
        satellite.say(words("tell me more now"))
        await satellite.until(lambda: len(h.turns) == 1)
        await satellite.speaking()
        again = now()
        await satellite.until(lambda: now() >= again + 0.6)
        began = await speak(satellite, words("and the weather"))
        await satellite.at_rest()
        assert speaker.silent_from(began) <= began + 0.350
        assert [turn.outcome for turn in h.turns] == ["interrupted", "interrupted", "answered"]
        assert [text for role, text in h.history() if role == "user"] == [
            "what is it",
            "tell me more now",
            "and the weather",
        ]
        assert h.history()[-1] == ("assistant", "Good. ")


@virtual
async def test_what_begins_in_the_last_100_ms_of_an_answer_is_the_next_turn() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        began = await answering(h, satellite, 0.0)
        await satellite.until(lambda: now() >= began + LONG_S - 0.1)
        satellite.say(words("turn on the lamp"))
        await satellite.until(lambda: len(h.turns) == 2)
        await satellite.at_rest()
        assert h.turns[1].transcript == "turn on the lamp"
        assert h.history()[1:] == [
            ("assistant", LONG + " "),
            ("user", "turn on the lamp"),
            ("assistant", "Done."),
        ]


@virtual
async def test_a_sign_of_listening_in_the_last_100_ms_of_an_answer_is_let_pass() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        began = await answering(h, satellite, 0.0)
        await satellite.until(lambda: now() >= began + LONG_S - 0.1)
        satellite.say(words("okay"))
        over_at = await satellite.at_rest()
        assert over_at <= began + LONG_S + 1.5
        await wait(3)
        assert [turn.outcome for turn in h.turns] == ["answered"]
        assert h.history()[-1] == ("assistant", LONG + " ")


@virtual
async def test_words_after_an_act_and_before_its_answer_are_the_next_turn() -> None:
    engines = Voice(thoughts=answers(LONG), act_s=1.5)
    async with house(engines) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await satellite.ask("turn on the lamp")
        await satellite.until(lambda: bool(engines.acts))
        await wait(0.2)
        satellite.say(words("what is it"))
        await satellite.until(lambda: len(h.turns) == 1)
        assert h.turns[0].outcome == "interrupted"
        assert speaker.sounds() == [], "nothing of the first answer was heard"
        await satellite.at_rest()
        assert [text for _, text in engines.acts] == ["turn on the lamp"]
        assert h.turns[1].transcript == "what is it"
        assert h.history() == [
            ("user", "turn on the lamp"),
            ("user", "what is it"),
            ("assistant", LONG + " "),
        ]


@virtual
async def test_words_before_anything_was_done_go_on_with_the_sentence() -> None:
    def slow(_: Thought) -> list[tuple[float, str]]:
        return [(1.0, "Yes.")]

    async with house(Voice(thoughts=slow)) as h:
        satellite = await h.add()
        await satellite.ask("what is it")
        await satellite.until(lambda: satellite.satellite.state is State.THINKING)
        satellite.say(words("and where"))
        await satellite.at_rest()
        assert [turn.transcript for turn in h.turns] == ["what is it and where"]
        assert h.history() == [("user", "what is it and where"), ("assistant", "Yes.")]


@virtual
async def test_a_recogniser_that_fails_lets_the_answer_go_on() -> None:
    engines = talker()

    async def fail(number: int) -> None:
        if number > 1:
            raise EngineError("engine-failed", "no words")

    engines.stt_fault = fail
    async with house(engines) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, words("turn on"))
        await satellite.at_rest()
        [(silent_at, sounds_at)] = speaker.gaps(began)
        assert sounds_at - silent_at <= 1.5
        assert h.history()[-1] == ("assistant", LONG + " ")
