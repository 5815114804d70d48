"""Parts that break in a way that nobody thought of: a sign is heard, and the next turn works."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest

from hub.conversation.earcon import failure
from hub.conversation.mind import Thought
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest
from hub.engines.fallback import FallbackTextToSpeech, Trust
from protocol.sotto_messages import Pause
from satellite.state import State
from tests.conversations.heard import (
    LONG,
    Speaker,
    Voice,
    answering,
    answers,
    asked,
    first_words,
    virtual,
    wait,
)
from tests.conversations.scenes import next_turn_works, texts
from tests.hub.conversation.scripted import Loudness
from tests.virtual_house import VOICE_WORD_MS, Engines, house, noise, now, words

EARCON_S = len(failure()) / 2 / 22_050


class Breaking(Loudness):
    """Voice activity that breaks while `broken`."""

    broken = False

    def process(self, streams: object, frames: object) -> npt.NDArray[np.float32]:
        if self.broken:
            raise RuntimeError("nobody thought of this")
        return super().process(streams, frames)


class Service(Engines):
    """A voice service that dies in the middle of a sentence, and then is away."""

    dead = False

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        if self.dead:
            raise EngineError("engine-missing", "nobody answers")
        async for chunk in super().synthesize(request):
            self.dead = "seven" in request.text
            yield replace(chunk, audio=chunk.audio[: len(chunk.audio) // (1 + self.dead)])
            if self.dead:
                raise EngineError("engine-failed", "the service ended the connection")


@dataclass
class TwoVoices(Engines):
    """Engines that speak with a service, and with another voice in its place."""

    def __post_init__(self) -> None:
        self.service, self.embedded = Service(), Engines()
        trust = Trust(lambda: True, lambda _: None, lambda: None, clock=now)
        self.port = FallbackTextToSpeech(self.service, self.embedded, trust)

    def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        return self.port.synthesize(request)


async def nothing_but_the_first(number: int) -> None:
    if number > 1:
        raise RuntimeError("nobody thought of this")


@virtual
async def test_a_recogniser_that_breaks_over_an_answer_has_heard_nothing() -> None:
    async with house(Voice(thoughts=answers(LONG), stt_fault=nothing_but_the_first)) as h:
        satellite = await h.add()
        await answering(h, satellite, 1.0)
        satellite.say(words("tell me more"))
        await satellite.at_rest()
        assert (h.turns[0].outcome, h.turns[0].heard) == ("answered", LONG + " ")


@virtual
async def test_a_recogniser_that_breaks_while_somebody_speaks_may_hear_the_end() -> None:
    async def first(number: int) -> None:
        if number == 1:
            raise RuntimeError("nobody thought of this")

    engines = Engines(stt_fault=first)
    async with house(engines, hears_along=True) as h:
        satellite = await h.add()
        await asked(h, satellite, "turn on the lamp")
        assert (h.turns[0].outcome, h.turns[0].heard) == ("answered", "Done.")


@virtual
async def test_voice_activity_that_breaks_while_somebody_speaks_ends_in_an_apology() -> None:
    activity = Breaking()
    async with house(Engines(), activity=activity) as h:
        satellite = await h.add()
        await satellite.ask("turn on the lamp")
        await satellite.until(lambda: satellite.satellite.state is State.LISTENING)
        await wait(0.6)
        activity.broken = True
        await satellite.until(lambda: bool(h.turns))
        assert (h.turns[0].outcome, h.turns[0].heard) == ("failed", "Sorry failed.")
        await satellite.at_rest()
        activity.broken = False
        await wait(2)
        await next_turn_works(h, satellite)


@virtual
async def test_voice_activity_that_breaks_during_an_answer_ends_it_in_a_sound() -> None:
    activity = Breaking()
    async with house(Voice(thoughts=answers(LONG)), activity=activity) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        broke = await answering(h, satellite, 1.0)
        activity.broken = True
        await satellite.until(lambda: bool(h.turns))
        assert now() - broke < 2, "what was left of the answer was played"
        assert (h.turns[0].outcome, h.turns[0].heard) == ("failed", first_words(3))
        assert h.history()[-1] == ("assistant", first_words(3))
        sounds = speaker.sounds(broke)
        assert sounds[-1][1] - sounds[0][0] == pytest.approx(EARCON_S, abs=0.2)
        await satellite.at_rest()
        activity.broken = False
        await next_turn_works(h, satellite)


@virtual
async def test_what_breaks_while_an_answer_is_held_is_heard_all_the_same() -> None:
    activity = Breaking()
    async with house(Voice(thoughts=answers(LONG)), activity=activity) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await answering(h, satellite, 1.0)
        satellite.say(noise(1000))
        broke = await satellite.until(lambda: bool(satellite.sent(Pause)))
        activity.broken = True
        await satellite.until(lambda: bool(h.turns))
        assert h.turns[0].outcome == "failed"
        assert speaker.sounds(broke)[-1][0] > broke


@virtual
async def test_a_model_that_breaks_when_it_is_asked_ends_in_an_apology() -> None:
    class Mindless(Voice):
        def think(self, thought: Thought) -> None:
            raise RuntimeError("nobody thought of this")

    async with house(Mindless()) as h:
        satellite = await h.add()
        await asked(h, satellite)
        assert (h.turns[0].outcome, h.turns[0].heard) == ("failed", "Sorry failed.")
        await satellite.at_rest()
        await next_turn_works(h, satellite)


@virtual
async def test_a_home_that_has_no_words_for_its_failure_makes_a_sound() -> None:
    class Wordless(Voice):
        def remark(self, code: str, language: str) -> str:
            raise KeyError(code)

    async def fails(_: int) -> None:
        raise EngineError("engine-failed", "as the scene wants it")

    async with house(Wordless(stt_fault=fails)) as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await asked(h, satellite)
        assert h.turns[0].outcome == "failed"
        [(began, ended)] = speaker.sounds()
        assert ended - began == pytest.approx(EARCON_S, abs=0.15)


@virtual
async def test_a_link_that_is_lost_while_an_answer_plays_cancels_the_turn() -> None:
    async with house(Voice(thoughts=answers(LONG))) as h:
        satellite = await h.add()
        await answering(h, satellite, 1.0)
        satellite.link.closed = True
        await satellite.until(lambda: bool(h.turns))
        assert h.turns[0].outcome == "cancelled"
        assert h.engines.remarks == [], "there is nobody to apologize to"
        assert h.history()[-1] == ("assistant", first_words(3))


@virtual
async def test_a_voice_service_that_dies_in_a_sentence_costs_no_later_one_and_is_told() -> None:
    engines = TwoVoices(thoughts=answers("One two three. Four five six seven. Eight nine ten."))
    async with house(engines, language="de") as h:
        satellite = await h.add()
        speaker = Speaker(satellite)
        await asked(h, satellite)
        assert texts(engines.service.spoken) == ["One two three.", "Four five six seven."]
        assert texts(engines.embedded.spoken) == ["Eight nine ten.", "Sorry failed."]
        assert engines.remarks == [("failed", "de")]
        assert {request.language for request in engines.embedded.requests} == {"de"}
        heard_s = sum(ended - began for began, ended in speaker.sounds())
        assert heard_s == pytest.approx((3 + 4 / 2 + 3 + 2) * VOICE_WORD_MS / 1000, abs=0.05)
        assert h.turns[0].outcome == "failed"
        await satellite.at_rest()
        await next_turn_works(h, satellite)
