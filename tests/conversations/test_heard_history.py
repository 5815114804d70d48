"""What a conversation remembers of an answer: what was heard of it, and no more."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from hub.conversation.mind import Thought
from hub.engines.base import SpeechChunk, SpeechRequest
from protocol.sotto_messages import Playback
from protocol.wyoming_audio import AudioChunk, Played
from satellite import events
from tests.conversations.heard import (
    LONG,
    Speaker,
    Voice,
    answering,
    answers,
    asked,
    first_words,
    resumed_ms,
    speak,
    virtual,
    wait,
)
from tests.virtual_house import VOICE_WORD_MS, VirtualSatellite, house, noise, now, pause, words

THREE = "Alpha beta gamma delta. Epsilon zeta eta theta. Iota kappa lambda mu."
SENTENCE_S = 4 * VOICE_WORD_MS / 1000
UNTIL_SILENT_S = 0.32
"""From the first sample of what is said over an answer to the speaker's silence, about."""


def talker(text: str = LONG, *more: str) -> Voice:
    return Voice(thoughts=answers(text, *more))


def heard_words(satellite: VirtualSatellite, before: int = 0) -> float:
    """Return how many words of the voice its speaker had played when it was told to stop."""
    flushed = [e for e in satellite.events if isinstance(e, events.PlaybackFinished)]
    return flushed[before].position_ms / VOICE_WORD_MS


@pytest.mark.parametrize("after_s", [0.2, 0.7, 1.0, 1.15, 1.3, 2.0, 2.9])
def test_with_word_times_history_ends_at_the_word_of_which_half_was_heard(after_s: float) -> None:
    @virtual
    async def run() -> None:
        async with house(talker()) as h:
            satellite = await h.add()
            await answering(h, satellite, after_s)
            satellite.say(words("turn on the lamp"))
            await satellite.until(lambda: bool(h.turns))
            played = heard_words(satellite)
            whole, part = divmod(played, 1)
            assert abs(part - 0.5) > 0.01, "the test would not tell which"
            expected = first_words(int(whole) + (part >= 0.5))
            assert h.history()[1] == ("assistant", expected)
            assert h.turns[0].heard == expected
            assert h.conversation().history.unheard == LONG[len(expected) :].strip()

    run()


@pytest.mark.parametrize("after_s", [0.3, 1.0, 2.2])
def test_without_word_times_history_is_cut_by_the_share_of_the_audio(after_s: float) -> None:
    @virtual
    async def run() -> None:
        engines = talker()
        engines.word_times = False
        async with house(engines) as h:
            satellite = await h.add()
            await answering(h, satellite, after_s)
            satellite.say(words("turn on the lamp"))
            await satellite.until(lambda: bool(h.turns))
            role, text = h.history()[1]
            assert (role, LONG.startswith(text)) == ("assistant", True)
            assert len(text.split()) == pytest.approx(heard_words(satellite), abs=1.5)
            assert text.split() == LONG.split()[: len(text.split())], "whole words"

    run()


@pytest.mark.parametrize(
    ("after_s", "heard"),
    [
        (0.3, "Alpha beta"),
        (SENTENCE_S, "Alpha beta gamma delta. Epsilon"),
        (SENTENCE_S * 2 + 0.1, "Alpha beta gamma delta. Epsilon zeta eta theta. Iota"),
    ],
)
def test_an_answer_is_cut_inside_its_first_second_or_last_sentence(
    after_s: float, heard: str
) -> None:
    @virtual
    async def run() -> None:
        async with house(talker(THREE)) as h:
            satellite = await h.add()
            await answering(h, satellite, after_s)
            satellite.say(words("turn on the lamp"))
            await satellite.until(lambda: bool(h.turns))
            assert h.history()[1] == ("assistant", heard)
            assert h.conversation().history.unheard == THREE[len(heard) :].strip()

    run()


@virtual
async def test_an_answer_that_was_heard_to_its_end_is_remembered_whole() -> None:
    async with house(talker(THREE)) as h:
        satellite = await h.add()
        await satellite.ask("what is it")
        await satellite.speaking()
        await satellite.at_rest()
        [message] = [m for m in h.conversation().history if m.role.value == "assistant"]
        assert (message.text.strip(), message.interrupted, message.unheard) == (THREE, False, "")


@virtual
async def test_an_answer_of_which_nothing_was_heard_leaves_no_message() -> None:
    def slow(_: Thought) -> list[tuple[float, str]]:
        return [(2.0, "Never heard.")]

    async with house(Voice(thoughts=slow)) as h:
        satellite = await h.add()
        await satellite.ask("what is it")
        await satellite.until(lambda: bool(h.engines.asked))
        await asyncio.sleep(1.0)
        satellite.wake()
        await satellite.until(lambda: bool(h.turns))
        assert h.turns[0].outcome == "cancelled"
        assert h.history() == [("user", "what is it")]


@virtual
async def test_the_model_is_told_where_it_was_interrupted_and_asked_with_what_was_heard() -> None:
    async with house(talker(LONG, "Good.")) as h:
        satellite = await h.add()
        await answering(h, satellite, 1.0)
        satellite.say(words("and the weather"))
        await satellite.until(lambda: len(h.turns) == 2)
        messages = h.engines.asked[-1].messages
        assert messages[:2] == (("user", "what is it"), ("assistant", "one two three four—"))
        role, asked = messages[2]
        assert role == "user"
        assert asked.endswith("]\nand the weather")
        assert 'You were interrupted after "one two three four".' in asked
        assert 'did not hear: "five six seven eight nine ten eleven twelve"' in asked
        assert "five" not in messages[1][1]
        assert len(messages) == 3


@virtual
async def test_the_model_hears_nothing_of_an_interruption_that_was_none() -> None:
    async with house(talker(LONG, "Good.")) as h:
        satellite = await h.add()
        await answering(h, satellite, 1.0)
        satellite.say(words("okay"))
        await satellite.at_rest()
        await satellite.ask("and the weather")
        await satellite.until(lambda: len(h.turns) == 2)
        assert h.engines.asked[-1].messages == (
            ("user", "what is it"),
            ("assistant", LONG),
            ("user", "and the weather"),
        )


@virtual
async def test_a_markdown_answer_keeps_its_written_form_up_to_the_word_that_was_heard() -> None:
    written = "Take **two cups** of [flour](https://example.org) and *some sugar* for the dough."
    async with house(talker(written)) as h:
        satellite = await h.add()
        await answering(h, satellite, 0.9)
        satellite.say(words("turn on the lamp"))
        await satellite.until(lambda: bool(h.turns))
        assert "*" not in h.engines.spoken[0][1], "nobody speaks a star"
        role, text = h.history()[1]
        assert role == "assistant"
        assert written.startswith(text)
        assert text.startswith("Take **two cups")
        assert "dough" not in text


@virtual
async def test_what_is_repeated_after_a_cough_counts_once() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        began = await answering(h, satellite, 0.5)
        satellite.say(noise(400))
        await satellite.until(lambda: bool(speaker.gaps(began)))
        [(_, again_at)] = speaker.gaps(began)
        [(_, from_ms)] = resumed_ms(satellite)
        await satellite.until(lambda: now() >= again_at + 1.0)
        said = await speak(satellite, words("turn on the lamp"))
        await satellite.until(lambda: bool(h.turns))
        heard_ms = from_ms + (speaker.silent_from(said) - again_at) * 1000
        assert h.history()[1] == ("assistant", first_words(round(heard_ms / VOICE_WORD_MS)))


@virtual
async def test_an_answer_that_the_wake_word_ended_is_remembered_as_far_as_it_was_heard() -> None:
    async with house(talker(THREE, "Good.")) as h:
        satellite = await h.add()
        await answering(h, satellite, 1.6)
        satellite.wake()
        satellite.say(pause(320), words("and the weather"))
        await satellite.until(lambda: len(h.turns) == 2)
        assert h.turns[0].outcome == "cancelled"
        assert h.history()[1] == ("assistant", "Alpha beta gamma delta. Epsilon")
        assert "You were interrupted" in h.engines.asked[-1].messages[2][1]


@virtual
async def test_of_a_satellite_that_never_reports_history_goes_by_the_clock() -> None:
    async with house(talker()) as h:
        satellite = await h.add(features=["barge-in"])
        satellite.filter = lambda m: [] if isinstance(m, Playback | Played) else [m]
        await answering(h, satellite, 1.0)
        sent_until_ms = 0.0
        began = await speak(satellite, words("turn on the lamp"))
        await satellite.until(lambda: bool(h.turns))
        chunks = [m for at, m in satellite.sent(AudioChunk) if at < began + UNTIL_SILENT_S + 0.01]
        sent_until_ms = sum(len(m.audio) / 32 for m in chunks if isinstance(m, AudioChunk))
        assert h.history()[1] == (
            "assistant",
            first_words(round(sent_until_ms / VOICE_WORD_MS)),
        ), "it plays what it was sent"


@virtual
async def test_of_a_link_that_is_lost_history_keeps_what_the_satellite_reported_last() -> None:
    async with house(talker(THREE)) as h:
        satellite = await h.add()
        reported: list[int] = []

        def watch(message: object) -> list[object]:
            if isinstance(message, Playback):
                reported.append(message.position_ms)
            return [message]

        satellite.filter = watch  # type: ignore[assignment]
        await answering(h, satellite, 1.6)
        await satellite.link.close("the cable was pulled")
        await satellite.until(lambda: bool(h.turns))
        assert h.turns[0].outcome == "cancelled"
        assert 1400 <= reported[-1] <= 1600
        count = round(reported[-1] / VOICE_WORD_MS)
        assert h.history()[1][1].split() == THREE.split()[:count]


@pytest.mark.parametrize("after_s", [0.9, 1.0, 1.1, 1.2, 1.3])
def test_what_a_satellite_that_can_not_flush_has_played_since_its_last_report_was_heard(
    after_s: float,
) -> None:
    @virtual
    async def run() -> None:
        async with house(Voice(thoughts=answers(LONG))) as h:
            satellite = await h.add(features=["playback", "barge-in"])
            speaker = Speaker(satellite)
            await answering(h, satellite, after_s)
            satellite.say(words("tell me about cats"))
            await satellite.until(lambda: bool(h.turns))
            await wait(0.1)
            played_s = sum(end - start for start, end in speaker.sounds())
            heard = round(played_s * 1000 / VOICE_WORD_MS)
            assert h.turns[0].heard == first_words(heard)

    run()


@virtual
async def test_a_sentence_that_the_voice_left_out_was_not_heard() -> None:
    class Forgetful(Voice):
        async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
            async for chunk in super().synthesize(request):
                if "second" not in request.text:
                    yield chunk

    text = "This is the first sentence here. The second one holds the news. That is all."
    async with house(Forgetful(thoughts=answers(text))) as h:
        satellite = await h.add()
        await asked(h, satellite)
        assert h.turns[0].outcome == "failed"
        assert h.history()[-1] == ("assistant", "This is the first sentence here. ")
