"""What is shown while somebody speaks."""

import asyncio
from itertools import pairwise

from hub.engines.base import EngineError, Rank
from hub.events import TranscriptGrew
from protocol.wyoming_speech import TranscriptChunk
from tests.conversations.scenes import FRAME_S, ask, commits, ends, virtual
from tests.virtual_house import DEFAULT_FEATURES, Engines, VirtualHouse, house, pause, words

LONG = "please tell me now what there is to eat in this house tonight"


def shown(house: VirtualHouse) -> list[str]:
    return [fact.text for fact in house.facts if isinstance(fact, TranscriptGrew)]


@virtual
async def test_what_was_said_so_far_is_shown_while_somebody_speaks() -> None:
    async with house(hears_along=True) as running:
        sat = await running.add(features=(*DEFAULT_FEATURES, "partials"))
        await ask(sat, LONG)
        while not shown(running):
            await asyncio.sleep(0.01)
        assert not running.turns
        await ends(sat)
        texts = shown(running)
        assert len(texts) >= 3
        assert all(later.startswith(text) for text, later in pairwise(texts))
        assert LONG.startswith(texts[-1])
        chunks = [m.text for _, m in sat.sent(TranscriptChunk) if isinstance(m, TranscriptChunk)]
        assert "".join(chunks) == texts[-1]
        assert running.turns[0].transcript == LONG


@virtual
async def test_nothing_is_shown_of_a_recogniser_that_knows_whole_sentences_only() -> None:
    async with house() as running:
        sat = await running.add()
        await ask(sat, LONG)
        await ends(sat)
        assert shown(running) == []
        assert len(running.engines.heard) == 1


@virtual
async def test_satellites_that_do_not_want_to_know_are_not_told() -> None:
    async with house(hears_along=True) as running:
        sat = await running.add()
        await ask(sat, LONG)
        await ends(sat)
        assert shown(running)
        assert sat.sent(TranscriptChunk) == []


@virtual
async def test_looking_never_delays_the_answer() -> None:
    async with house(hears_along=True) as running:
        sat = await running.add()
        ended = await ask(sat, "turn on the lamp")
        await ends(sat)
        assert len(running.engines.heard) > 1
        assert 0.2 <= commits(sat)[0] - ended <= 0.2 + FRAME_S + 0.001


@virtual
async def test_a_slow_recogniser_looks_less_often_and_a_very_slow_one_not_at_all() -> None:
    looks = {}
    for transcribe_s in (0.05, 0.5, 1.6):
        engines = Engines(transcribe_s=transcribe_s)
        async with house(engines, hears_along=True) as running:
            sat = await running.add()
            await ask(sat, words(LONG), pause(0), words(LONG))
            await ends(sat)
            looks[transcribe_s] = len(engines.heard)
    assert looks[0.05] > 2 * looks[0.5] > looks[1.6]
    assert looks[1.6] <= 3


@virtual
async def test_a_recogniser_that_fails_while_somebody_speaks_still_hears_the_whole() -> None:
    async def fault(number: int) -> None:
        if number == 1:
            raise EngineError("engine-failed", "as the scene wants it")

    async with house(Engines(stt_fault=fault), hears_along=True) as running:
        sat = await running.add()
        await ask(sat, LONG)
        await ends(sat)
        assert running.turns[0].transcript == LONG
        assert shown(running) == []


@virtual
async def test_looks_are_ranked_below_answers_and_guesses_rise_when_the_person_has_finished() -> (
    None
):
    engines = Engines()
    async with house(engines, hears_along=True) as running:
        sat = await running.add()
        await ask(sat, LONG)
        await ends(sat)
        ranks = [utterance.rank() for utterance in engines.utterances]
        assert ranks[-1] is Rank.FINAL
        assert set(ranks[:-1]) == {Rank.PARTIAL}
        assert [request.rank() for request in engines.requests] == [Rank.FIRST_SENTENCE]
