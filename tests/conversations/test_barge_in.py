"""Somebody speaks while the hub answers. Measured at the speaker, in virtual time."""

import asyncio

import pytest

from hub.engines.base import Transcript
from protocol.sotto_messages import Playback
from protocol.wyoming_audio import AudioChunk
from satellite import events
from satellite.state import State, Trigger
from tests.conversations.heard import (
    LONG,
    LONG_S,
    Speaker,
    Voice,
    answering,
    answers,
    resumed_ms,
    sent_ms,
    speak,
    virtual,
    wait,
    word_at,
)
from tests.virtual_house import (
    VOICE_WORD_MS,
    VirtualSatellite,
    house,
    noise,
    now,
    pause,
    words,
)

SILENT_WITHIN_S = 0.350
HELD_AT_MOST_S = 1.5
STOPPED_AT_MOST_S = 0.8
STOPPED_BY_WORDS_AT_MOST_S = 0.45


def talker() -> Voice:
    return Voice(thoughts=answers(LONG))


async def hang(number: int) -> None:
    """Hang with every transcript but the first."""
    if number > 1:
        await asyncio.sleep(600)


@virtual
async def test_the_answer_ducks_within_100_ms_of_speech_and_is_silent_within_350_ms() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, words("turn on the lamp"))
        silent_at = await satellite.until(lambda: satellite.silent)
        [ducked] = [e for e in satellite.events if isinstance(e, events.PlaybackDucked)]
        assert began + 0.05 <= ducked.at <= began + 0.1
        assert speaker.level(began) > 3 * speaker.level(ducked.at + 0.03)
        assert speaker.silent_from(began) <= began + SILENT_WITHIN_S
        assert speaker.silent_from(began) >= began + 0.25
        await satellite.at_rest()
        assert speaker.gaps(began)[0][1] > silent_at + 0.5, "the answer did not go on"
        assert h.history()[2:] == [("user", "turn on the lamp"), ("assistant", "Done.")]


@virtual
async def test_speech_too_short_to_hold_the_answer_only_ducks_it_for_a_moment() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, noise(160))
        await satellite.at_rest()
        assert speaker.gaps(began) == []
        assert speaker.level(began + 0.25) < 0.5 * speaker.level(began)
        assert speaker.level(began + 1.0) >= speaker.level(began), "as loud as before"


@virtual
@pytest.mark.parametrize(("after_s", "ducks"), [(0.1, False), (1.0, True)])
async def test_a_first_rest_of_echo_does_not_make_an_answer_quieter(
    after_s: float, ducks: bool
) -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        await answering(h, satellite, after_s)
        await speak(satellite, noise(64))
        await satellite.at_rest()
        ducked = [e for e in satellite.events if isinstance(e, events.PlaybackDucked)]
        assert bool(ducked) is ducks


async def stopped_by(sound: bytes, after_s: float) -> bool:
    """Make a sound over an answer, in which the recogniser hears "stop"; tell whether it stops."""
    engines = talker()
    engines.hear = lambda text: Transcript(text or "stop", "en")
    async with house(engines) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, after_s)
        began = await speak(satellite, sound)
        await satellite.at_rest()
        return float(speaker.silent_from(began)) < began + 2.0 and not speaker.gaps(began)


@virtual
@pytest.mark.parametrize(("sound_ms", "stops"), [(128, False), (192, True)])
async def test_a_sound_too_short_for_a_word_is_none_whatever_the_recogniser_makes_of_it(
    sound_ms: int, stops: bool
) -> None:
    assert await stopped_by(noise(sound_ms), 1.0) is stops


@virtual
@pytest.mark.parametrize(("after_s", "stops"), [(0.02, False), (0.6, True)])
async def test_the_echo_of_an_answers_first_sound_does_not_stop_it(
    after_s: float, stops: bool
) -> None:
    assert await stopped_by(noise(224), after_s) is stops


@virtual
async def test_a_stop_word_ends_the_answer_and_nothing_follows() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, words("stop"))
        await satellite.at_rest()
        assert speaker.silent_from(began) <= began + SILENT_WITHIN_S
        assert now() <= began + 1.5
        await wait(5)
        assert speaker.gaps(began) == []
        assert [turn.outcome for turn in h.turns] == ["interrupted", "stopped"]
        assert h.history()[-1] == ("assistant", "one two three four")


@pytest.mark.parametrize("call", ["button", "push to talk", "wake word"])
def test_calling_the_hub_anew_ends_the_answer_at_once(call: str) -> None:
    @virtual
    async def run() -> None:
        async with house(talker()) as h:
            satellite, _other = await h.add(), await h.add("kitchen-2")
            speaker = Speaker(satellite)
            called = await answering(h, satellite, 1.0)
            match call:
                case "button":
                    satellite.wake()
                case "push to talk":
                    satellite.satellite.press_button()
                case _:
                    satellite.wake(Trigger("wake-word", wake_word="okay_nabu", score=0.9))
            await wait(0.5)
            assert speaker.silent_from(called) <= called + 0.05
            assert h.turns[0].outcome == "cancelled"
            assert h.history()[-1] == ("assistant", "one two three")
            assert speaker.gaps(called) == []
            assert satellite.satellite.state is State.LISTENING

    run()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "uh-huh"),
        ("en", "okay"),
        ("en", "yeah"),
        ("fr", "d'accord"),
        ("fr", "okay"),
        ("de", "genau"),
        ("de", "aha"),
        ("es", "vale"),
        ("es", "claro"),
    ],
)
def test_a_sign_of_listening_lets_the_answer_go_on_with_the_word_that_was_cut_off(
    language: str, said: str
) -> None:
    @virtual
    async def run() -> None:
        async with house(talker(), language=language) as h:
            satellite = await h.add()
            speaker = Speaker(satellite)
            await answering(h, satellite, 1.0)
            await _goes_on(satellite, speaker, words(said), STOPPED_BY_WORDS_AT_MOST_S)
            assert h.history()[-1] == ("assistant", LONG + " ")
            assert [turn.outcome for turn in h.turns] == ["answered"]

    run()


@virtual
async def test_a_cough_lets_the_answer_go_on_with_the_word_that_was_cut_off() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        await _goes_on(satellite, speaker, noise(400))
        assert h.history()[-1] == ("assistant", LONG + " ")


@virtual
@pytest.mark.parametrize("alone", ["", "um"])
async def test_an_answer_stays_silent_in_a_short_pause_of_who_interrupts_it(alone: str) -> None:
    engines = talker()
    engines.hear = lambda text: Transcript(alone if text == "turn" else text, "en")
    async with house(engines) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, words("turn", word_ms=400), pause(250), words("on the lamp"))
        await satellite.at_rest()
        assert len(speaker.gaps(began)) == 1, "the next answer follows"
        assert [text for _, text in h.engines.acts] == ["turn on the lamp"]


@virtual
async def test_two_coughs_stop_the_answer_twice_and_no_word_is_left_out() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        began = await answering(h, satellite, 0.5)
        satellite.say(noise(400), pause(1500), noise(400))
        await satellite.at_rest()
        gaps = speaker.gaps(began)
        assert len(gaps) == 2
        assert gaps[0][1] - gaps[0][0] <= STOPPED_AT_MOST_S
        # What made a noise once is not waited for again.
        assert gaps[1][1] - gaps[1][0] <= STOPPED_BY_WORDS_AT_MOST_S
        assert [at % VOICE_WORD_MS for _, at in resumed_ms(satellite)] == [0, 0]
        assert h.history()[-1] == ("assistant", LONG + " ")


async def _goes_on(
    satellite: VirtualSatellite, speaker: Speaker, sound: bytes, most_s: float = STOPPED_AT_MOST_S
) -> None:
    """Make `sound`, and assert that the answer pauses and goes on with the word cut off."""
    began = await speak(satellite, sound)
    await satellite.at_rest()
    [(silent_at, sounds_at)] = speaker.gaps(began)
    assert sounds_at - silent_at <= most_s
    cut_at_ms = (silent_at - speaker.sounds()[0][0]) * 1000
    [(_, from_ms)] = resumed_ms(satellite)
    assert from_ms == word_at(cut_at_ms) * VOICE_WORD_MS
    assert sent_ms(satellite)[-1][2] == LONG_S * 1000, "to its end"
    assert speaker.sounds()[-1][1] - sounds_at == pytest.approx(LONG_S - from_ms / 1000, abs=0.02)


@virtual
async def test_an_answer_is_held_at_most_a_second_and_a_half_by_a_recogniser_that_hangs() -> None:
    engines = talker()
    engines.stt_fault = hang
    async with house(engines) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, words("turn on the lamp"))
        await satellite.at_rest()
        [(silent_at, sounds_at)] = speaker.gaps(began)
        assert sounds_at - silent_at <= HELD_AT_MOST_S
        assert h.history()[-1] == ("assistant", LONG + " ")


@virtual
async def test_an_answer_is_held_at_most_a_second_and_a_half_by_noise_that_goes_on() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 0.5)
        began = await speak(satellite, noise(5000))
        await satellite.at_rest()
        [(silent_at, sounds_at)] = speaker.gaps(began)
        assert sounds_at - silent_at <= HELD_AT_MOST_S
        assert h.history()[-1] == ("assistant", LONG + " ")


@virtual
async def test_an_answer_is_held_at_most_a_second_and_a_half_by_a_satellite_that_says_nothing() -> (
    None
):
    engines = talker()
    engines.stt_fault = hang
    async with house(engines) as h:
        satellite = await h.add()
        satellite.filter = lambda message: [] if isinstance(message, Playback) else [message]
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, noise(2000))
        await satellite.until(lambda: bool(h.turns))
        [(silent_at, sounds_at)] = speaker.gaps(began)
        assert sounds_at - silent_at <= HELD_AT_MOST_S


@virtual
async def test_an_answer_is_held_at_most_a_second_and_a_half_by_a_satellite_that_falls_mute() -> (
    None
):
    async with house(talker()) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, noise(2000))
        await satellite.until(lambda: satellite.silent)
        await wait(0.3)
        satellite.filter = lambda message: [] if isinstance(message, Playback) else [message]
        await satellite.until(lambda: bool(h.turns))
        [(silent_at, sounds_at)] = speaker.gaps(began)
        assert sounds_at - silent_at <= HELD_AT_MOST_S


@virtual
async def test_a_microphone_that_falls_silent_in_a_pause_lets_the_answer_go_on() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        began = await speak(satellite, noise(400))
        await wait(0.6)
        satellite.filter = lambda message: [] if isinstance(message, AudioChunk) else [message]
        await satellite.until(lambda: bool(h.turns))
        [(silent_at, sounds_at)] = speaker.gaps(began)
        assert sounds_at - silent_at <= STOPPED_AT_MOST_S
        [_, loud_again] = [e for e in satellite.events if isinstance(e, events.PlaybackDucked)]
        assert loud_again.at <= sounds_at + 0.05


@virtual
async def test_words_interrupt_although_the_noise_before_them_held_the_answer_too_long() -> None:
    async with house(talker()) as h:
        satellite = await h.add()
        await answering(h, satellite, 0.5)
        satellite.say(noise(2000), words("turn on the lamp"))
        await satellite.at_rest()
        assert h.turns[0].outcome == "interrupted"
        assert [text for _, text in h.engines.acts] == ["turn on the lamp"]
