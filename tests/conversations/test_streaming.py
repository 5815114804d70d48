"""An answer that is spoken while it is still being written."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import numpy as np
import pytest

from audio.pcm import duration_ms
from hub.conversation.answer_speech import MAX_CHARS, MAX_PIECES
from hub.conversation.delivery import FIRST_WORD_S
from hub.conversation.playout import MAX_LEAD_MS
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest
from protocol.schema import Message
from protocol.wyoming_audio import AudioChunk, AudioStop
from tests.conversations.scenes import (
    Detector,
    ask,
    commits,
    ends,
    first_heard,
    next_turn_works,
    sent_ms,
    texts,
    tokens,
    virtual,
)
from tests.virtual_house import VOICE_RATE_HZ, VOICE_WORD_MS, Engines, VirtualSatellite, house, now

LONG = " ".join(["There is much to tell."] * 8)
MAX_AHEAD_MS = 400
BURST_MS = 300
CHUNK_MS = 32
BLOCK_S = 0.01
"""What the speaker plays at a time."""


@dataclass
class Voice(Engines):
    """A voice with silence in front, or one that takes its time for each word."""

    silence_ms: int = 0
    word_s: float = 0.0

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        if self.silence_ms:
            yield SpeechChunk(bytes(self.silence_ms * VOICE_RATE_HZ // 1000 * 2), VOICE_RATE_HZ)
        if not self.word_s:
            async for chunk in super().synthesize(request):
                yield chunk
            return
        self.spoken.append((now(), request.text))
        word = np.full(VOICE_WORD_MS * VOICE_RATE_HZ // 1000, 5000, dtype="<i2").tobytes()
        for _ in request.text.split():
            await asyncio.sleep(self.word_s)
            yield SpeechChunk(word, VOICE_RATE_HZ)


class BrokenModel(Engines):
    """A model that breaks off after its words."""

    async def _stream(self, tokens: object) -> AsyncIterator[str]:
        async for token in super()._stream(tokens):  # type: ignore[arg-type]
            yield token
        raise EngineError("engine-failed", "the model is gone")


@dataclass
class Sends:
    """What the hub sent, against what the speaker had played by then. Made before it plays."""

    sat: VirtualSatellite

    def __post_init__(self) -> None:
        self.seen: list[tuple[float, float, float]] = []
        self._sent_ms = 0.0
        self._deliver = self.sat.link.deliver
        self.sat.link.deliver = self._take

    def _take(self, message: Message) -> None:
        if isinstance(message, AudioChunk):
            self._sent_ms += duration_ms(len(message.audio), rate_hz=message.rate)
            self.seen.append((now(), self._sent_ms, self.sat.buffer.position_ms(now())))
        self._deliver(message)

    @property
    def most_ahead_ms(self) -> float:
        return max(sent - played for _, sent, played in self.seen)


def says(text: str, wait_s: float = 0.05, first_s: float = 0.2) -> Engines:
    return Engines(thoughts=lambda _: tokens(text, wait_s, first_s))


@virtual
async def test_a_first_clause_is_heard_before_the_model_has_finished() -> None:
    engines = says("Well of course, the lamp in the kitchen has been on all day long.", 0.3, 0.3)
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await sat.until(lambda: not sat.silent)
        assert engines.thinking == 1
        assert texts(engines.spoken) == ["Well of course,"]
        # The model had written one more word: it shows that the comma ends a clause.
        assert first_heard(sat) - engines.spoken[0][0] <= 0.02 + BLOCK_S + 0.001
        await ends(sat)
        assert texts(engines.spoken)[1:] == ["the lamp in the kitchen has been on all day long."]
        assert h.turns[0].heard == h.turns[0].answer
        assert engines.thinking == 0


@virtual
async def test_each_sentence_is_spoken_as_soon_as_it_is_written() -> None:
    engines = says("The first is short. The second is longer than that. And a third.", 0.1)
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await ends(sat)
        assert texts(engines.spoken) == [
            "The first is short.",
            "The second is longer than that.",
            "And a third.",
        ]
        first, second, _ = (at for at, _ in engines.spoken)
        assert second - first == pytest.approx(6 * 0.1, abs=0.03)
        # No silence between them: the speaker was never without sound.
        assert sat.satellite.playback.underruns == 0
        assert sent_ms(sat) == pytest.approx(13 * VOICE_WORD_MS, abs=1)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Dr. Smith lives here. He is in.", ["Dr. Smith lives here.", "He is in."]),
        ("It costs 3.50 in all. Buy it.", ["It costs 3.50 in all.", "Buy it."]),
        (
            "See www.example.com/a.b today. Bye now.",
            ["See example dot com today.", "Bye now."],
        ),
        ("**Bold words** are here. And *more*.", ["Bold words are here.", "And more."]),
        ("Buy:\n- red apples\n- pears\n", ["Buy:", "red apples", "pears"]),
        ("1. Boil water.\n2. Add rice.", ["1, Boil water.", "2, Add rice."]),
        ("At 7 p.m. we eat. Then sleep.", ["At 7 p.m. we eat.", "Then sleep."]),
    ],
)
@virtual
async def test_what_is_written_is_spoken_as_a_person_would(written: str, spoken: list[str]) -> None:
    engines = says(written)
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await ends(sat)
        assert texts(engines.spoken) == spoken
        assert (h.turns[0].answer, h.turns[0].heard) == (written, written)


@virtual
async def test_it_makes_no_difference_how_the_model_cuts_its_words() -> None:
    text = "Dr. Smith paid 3.50 for it, as www.example.com says. So **did** I."
    spoken = []
    for size in (1, 2, 5, len(text)):
        parts = [(0.01, text[at : at + size]) for at in range(0, len(text), size)]
        engines = Engines(thoughts=lambda _, parts=parts: parts)  # type: ignore[misc]
        async with house(engines, detector=Detector(1.0)) as h:
            sat = await h.add()
            await ask(sat, "tell me more")
            await ends(sat)
            spoken.append(texts(engines.spoken))
    assert all(pieces == spoken[0] for pieces in spoken)
    assert len(spoken[0]) == 3


@virtual
async def test_silence_before_the_first_word_is_not_waited_for() -> None:
    engines = Voice(silence_ms=200)
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        await ask(sat, "turn on the lamp")
        await ends(sat)
        chunks = [m for _, m in sat.sent(AudioChunk) if isinstance(m, AudioChunk)]
        samples = np.frombuffer(b"".join(chunk.audio for chunk in chunks), dtype="<i2")
        first_ms = np.flatnonzero(samples)[0] / VOICE_RATE_HZ * 1000
        assert first_ms <= 10
        assert len(samples) / VOICE_RATE_HZ * 1000 == pytest.approx(VOICE_WORD_MS, abs=11)
        assert h.turns[0].heard == "Done."


@virtual
async def test_silence_between_sentences_is_kept_short() -> None:
    engines = Voice(silence_ms=900, thoughts=lambda _: tokens("This is one. This is two."))
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await ends(sat)
        assert sent_ms(sat) == pytest.approx(6 * VOICE_WORD_MS + 10 + 200, abs=15)


@virtual
async def test_a_burst_goes_first_and_the_rest_at_the_pace_of_the_speaker() -> None:
    async with house(says(LONG, 0.001), detector=Detector(1.0)) as h:
        sat = await h.add()
        sends = Sends(sat)
        await ask(sat, "tell me more")
        await ends(sat)
        began = sat.audio_times[0]
        assert began >= commits(sat)[0]
        assert BURST_MS - CHUNK_MS < sent_ms(sat, began + 0.001) <= BURST_MS
        assert sends.most_ahead_ms <= MAX_AHEAD_MS
        # An absolute clock: being late does not add up over 12 s.
        for at, sent, _ in sends.seen[10:-1]:
            assert sent == pytest.approx((at - began) * 1000 + BURST_MS, abs=CHUNK_MS + 1)
        assert sat.satellite.playback.underruns == 0


@virtual
async def test_the_hub_is_never_far_ahead_of_a_plain_satellite_either() -> None:
    async with house(says(LONG, 0.001), detector=Detector(1.0)) as h:
        sat = await h.add(features=())
        sends = Sends(sat)
        await ask(sat, "tell me more")
        await ends(sat)
        assert sends.most_ahead_ms <= MAX_AHEAD_MS
        assert h.turns[0].heard == LONG


@virtual
async def test_a_voice_slower_than_speech_is_heard_to_its_end() -> None:
    engines = Voice(word_s=0.5, thoughts=lambda _: tokens("One two three four five."))
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        sends = Sends(sat)
        await ask(sat, "tell me more")
        await ends(sat)
        assert sat.satellite.playback.underruns >= 3
        assert sent_ms(sat) == 5 * VOICE_WORD_MS
        assert sends.most_ahead_ms <= MAX_AHEAD_MS
        assert h.turns[0].outcome == "answered"
        assert h.turns[0].heard == "One two three four five."
        await next_turn_works(h, sat)


@virtual
async def test_a_model_that_pauses_is_waited_for_and_the_pace_begins_anew() -> None:
    parts = [(0.1, "The first one. "), (3.0, "The second one is here. "), (0.0, LONG)]
    async with house(Engines(thoughts=lambda _: parts), detector=Detector(1.0)) as h:
        sat = await h.add()
        sends = Sends(sat)
        await ask(sat, "tell me more")
        await ends(sat)
        assert h.turns[0].outcome == "answered"
        assert sends.most_ahead_ms <= MAX_AHEAD_MS
        assert max(b - a for a, b in zip(sat.audio_times, sat.audio_times[1:], strict=False)) > 1.5


@pytest.mark.parametrize("breaks", ["fails", "hangs"])
@virtual
async def test_what_was_said_stays_when_the_model_breaks_off_and_the_person_is_told(
    breaks: str,
) -> None:
    parts = [(0.1, "The first part. "), (0.1, "The second part. "), (0.1, "The third")]
    if breaks == "hangs":
        parts.append((600.0, " is never written."))
    engines = (BrokenModel if breaks == "fails" else Engines)(thoughts=lambda _: parts)
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        over = await ends(sat)
        assert texts(engines.spoken) == ["The first part.", "The second part.", "Sorry failed."]
        assert sent_ms(sat) == pytest.approx(8 * VOICE_WORD_MS, abs=5)
        turn = h.turns[0]
        assert turn.outcome == "failed"
        assert turn.heard == "The first part. The second part. "
        assert h.history() == [("user", "tell me more"), ("assistant", turn.heard)]
        limit_s = 8 * VOICE_WORD_MS / 1000 + 0.1 + (8.0 if breaks == "hangs" else 0)
        assert over - sat.audio_times[0] <= limit_s
        assert engines.thinking == 0
        await next_turn_works(h, sat)


@virtual
async def test_an_answer_without_end_ends() -> None:
    def for_ever(_: object) -> list[tuple[float, str]]:
        return [(0.001, "o" * 60 + ". ")] * 10_000

    engines = Engines(thoughts=for_ever)
    async with house(engines, detector=Detector(1.0)) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await ends(sat, limit_s=600)
        turn = h.turns[0]
        assert turn.outcome == "answered"
        assert MAX_CHARS <= len(turn.answer or "") <= MAX_CHARS + 100
        assert engines.thinking == 0
        await next_turn_works(h, sat)


@virtual
async def test_an_answer_with_nothing_to_say_ends_in_an_apology() -> None:
    async with house(says("** 🙂 **"), detector=Detector(1.0)) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await ends(sat)
        assert texts(h.engines.spoken) == ["Sorry failed."]
        assert h.turns[0].outcome == "failed"
        assert h.history() == [("user", "tell me more")]
        await next_turn_works(h, sat)


@virtual
async def test_a_model_that_pauses_while_its_words_are_played_is_waited_for() -> None:
    much = " ".join(f"word{number}" for number in range(60)) + ". "
    written = [(0.1, "Here it comes. "), (0.05, much), (9.0, "And this is the end. ")]
    async with house(Engines(thoughts=lambda _: written)) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await ends(sat)
        assert (h.turns[0].outcome, h.turns[0].heard) == (
            "answered",
            "".join(text for _, text in written),
        )


@virtual
async def test_a_model_that_stays_silent_after_its_words_were_played_has_failed() -> None:
    async with house(Engines(thoughts=lambda _: [(0.1, "Here it comes. "), (60.0, "No")])) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        await ends(sat)
        stopped = sat.sent(AudioStop)[0][0]
        assert stopped - sat.audio_times[0] == pytest.approx(
            3 * VOICE_WORD_MS / 1000 - BURST_MS / 1000 + FIRST_WORD_S, abs=0.1
        )
        assert (h.turns[0].outcome, h.turns[0].heard) == ("failed", "Here it comes. ")


@virtual
async def test_a_voice_waits_while_a_minute_of_its_sound_is_not_played_yet() -> None:
    class Endless(Engines):
        made_ms = 0

        async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
            second = np.full(VOICE_RATE_HZ, 5000, dtype="<i2").tobytes()
            while True:
                await asyncio.sleep(0)
                self.made_ms += 1000
                yield SpeechChunk(second, VOICE_RATE_HZ)

    engines = Endless(thoughts=lambda _: [(0.1, "It rains.")])
    async with house(engines) as h:
        sat = await h.add()
        await ask(sat, "tell me more")
        began = await sat.speaking()
        for seconds in (5, 20):
            await sat.until(lambda: now() >= began + seconds)  # noqa: B023
            waiting_ms = (MAX_PIECES + 2) * 1000 + BURST_MS
            assert engines.made_ms <= seconds * 1000 + MAX_LEAD_MS + waiting_ms
