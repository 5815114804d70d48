"""Something is said over an answer, at whatever moment of it and to whatever satellite."""

import pytest

from tests.conversations.heard import (
    LONG,
    LONG_S,
    Speaker,
    Voice,
    answering,
    answers,
    first_words,
    resumed_ms,
    speak,
    virtual,
)
from tests.virtual_house import DEFAULT_FEATURES, VOICE_WORD_MS, house, words

SATELLITES = [
    DEFAULT_FEATURES,
    ("barge-in",),
    ("barge-in", "flush"),
    ("barge-in", "pause", "duck", "playback"),
]


@pytest.mark.parametrize("after_ms", [0, 290, 875, 1460, 2045, 2630, 3210, 3330, 3450, 3500])
def test_words_are_the_next_turn_and_history_ends_where_the_speaker_did(after_ms: int) -> None:
    @virtual
    async def run() -> None:
        async with house(Voice(thoughts=answers(LONG))) as h:
            satellite = await h.add()
            speaker = Speaker(satellite)
            await answering(h, satellite, after_ms / 1000)
            began = await speak(satellite, words("turn on the lamp"))
            await satellite.until(lambda: bool(h.engines.acts), limit_s=5)
            await satellite.at_rest()
            begin, end = speaker.sounds()[0]
            assert end <= began + 0.350
            assert [turn.transcript for turn in h.turns] == ["what is it", "turn on the lamp"]
            heard = (end - begin) * 1000 / VOICE_WORD_MS
            assert h.history()[1][1].strip() == first_words(int(heard + 0.5))

    run()


@pytest.mark.parametrize("features", SATELLITES)
@pytest.mark.parametrize("after_ms", [0, 700, 1500, 2800, 3400])
def test_an_okay_leaves_the_answer_whole(features: tuple[str, ...], after_ms: int) -> None:
    @virtual
    async def run() -> None:
        async with house(Voice(thoughts=answers(LONG))) as h:
            satellite = await h.add(features=features)
            speaker = Speaker(satellite)
            await answering(h, satellite, after_ms / 1000)
            began = await speak(satellite, words("okay"))
            await satellite.at_rest()
            gaps = speaker.gaps(began)
            assert len(gaps) <= 1
            assert all(end - start <= 0.8 for start, end in gaps)
            assert all(at % VOICE_WORD_MS == 0 for _, at in resumed_ms(satellite))
            assert [turn.outcome for turn in h.turns] == ["answered"]
            assert h.history()[-1] == ("assistant", LONG + " ")
            sounded_s = sum(end - start for start, end in speaker.sounds())
            assert LONG_S - 0.01 <= sounded_s <= LONG_S + 2 * VOICE_WORD_MS / 1000

    run()


@pytest.mark.parametrize("features", SATELLITES)
def test_every_satellite_that_listens_while_it_plays_is_interrupted(
    features: tuple[str, ...],
) -> None:
    @virtual
    async def run() -> None:
        async with house(Voice(thoughts=answers(LONG))) as h:
            satellite = await h.add(features=features)
            speaker = Speaker(satellite)
            await answering(h, satellite, 1.0)
            began = await speak(satellite, words("turn on the lamp"))
            await satellite.at_rest()
            ahead_s = 0.0 if {"flush", "pause"} <= set(features) else 0.3
            assert speaker.silent_from(began) <= began + 0.350 + ahead_s
            assert [turn.outcome for turn in h.turns] == ["interrupted", "answered"]
            assert h.history()[2:] == [("user", "turn on the lamp"), ("assistant", "Done.")]

    run()
