import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field

import pytest

from hub.conversation.answer_speech import (
    GAP_MS,
    LEAD_IN_MS,
    MAX_AUDIO_MS,
    MAX_CHARS,
    MAX_PIECES,
    AnswerSpeech,
    Piece,
)
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest, WordTime
from tests.virtual_time import run_virtual

RATE_HZ = 16_000


def sound(ms: float) -> bytes:
    return b"\x10\x10" * int(ms * RATE_HZ / 1000)


def quiet(ms: float) -> bytes:
    return bytes(int(ms * RATE_HZ / 1000) * 2)


def length_ms(audio: bytes) -> float:
    return len(audio) / 2 / RATE_HZ * 1000


@dataclass
class Voice:
    """Speaks every sentence with the same chunks, and notes what it was asked for."""

    chunks: Iterable[SpeechChunk] = (SpeechChunk(sound(100), RATE_HZ),)
    fails_at: int | None = None
    asked: list[str] = field(default_factory=list)
    speaking: int = 0
    made: int = 0

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        self.asked.append(request.text)
        if len(self.asked) == self.fails_at:
            raise EngineError("engine-failed", "mute")
        self.speaking += 1
        try:
            for chunk in self.chunks:
                await asyncio.sleep(0.01)
                self.made += 1
                yield chunk
        finally:
            self.speaking -= 1


@dataclass
class Model:
    """Writes parts of a text, 10 ms each."""

    parts: Sequence[str]
    error: EngineError | None = None
    written: int = 0
    closed: bool = False

    async def stream(self) -> AsyncIterator[str]:
        try:
            for part in self.parts:
                await asyncio.sleep(0.01)
                self.written += 1
                yield part
            if self.error is not None:
                raise self.error
        finally:
            self.closed = True


async def spoken(
    voice: Voice, model: Model, *, committed: bool = True
) -> tuple[list[Piece], AnswerSpeech]:
    """Speak all of it."""
    speech = AnswerSpeech(voice, "en")
    if committed:
        speech.committed.set()
    filling = asyncio.create_task(speech.fill(model.stream()))
    try:
        return [piece async for piece in speech.pieces()], speech
    finally:
        await filling


def test_sentences_are_spoken_in_order_and_all_that_was_written_is_known() -> None:
    voice = Voice()
    pieces, speech = run_virtual(spoken(voice, Model(["It rains. ", "Take an", " umbrella."])))
    assert voice.asked == ["It rains.", "Take an umbrella."]
    assert "".join(piece.sentence.text for piece in pieces) == speech.text
    assert speech.text == "It rains. Take an umbrella."


def test_silence_before_the_first_sound_is_trimmed_and_its_words_come_as_much_earlier() -> None:
    words = (WordTime(0, 4, 310.0), WordTime(5, 9, 700.0))
    voice = Voice(
        [
            SpeechChunk(quiet(100), RATE_HZ),
            SpeechChunk(quiet(200) + sound(300), RATE_HZ, words[:1]),
            SpeechChunk(quiet(100) + sound(300), RATE_HZ, words[1:]),
        ]
    )
    pieces, _ = run_virtual(spoken(voice, Model(["Good luck."])))
    assert [length_ms(piece.audio) for piece in pieces] == [LEAD_IN_MS + 300, 400]
    trimmed_ms = 300 - LEAD_IN_MS
    offsets = [word.offset_ms for piece in pieces for word in piece.words]
    assert offsets == pytest.approx([310 - trimmed_ms, 700 - trimmed_ms])
    assert [(word.start, word.end) for piece in pieces for word in piece.words] == [(0, 4), (5, 9)]


def test_words_that_start_in_the_silence_start_with_the_sound() -> None:
    voice = Voice([SpeechChunk(quiet(300) + sound(100), RATE_HZ, (WordTime(0, 4, 50.0),))])
    pieces, _ = run_virtual(spoken(voice, Model(["Good."])))
    assert pieces[0].words == (WordTime(0, 4, 0.0),)


def test_before_later_sentences_a_short_silence_stays() -> None:
    voice = Voice([SpeechChunk(quiet(500) + sound(100), RATE_HZ)])
    pieces, _ = run_virtual(spoken(voice, Model(["It rains. It pours."])))
    lengths = [length_ms(piece.audio) for piece in pieces]
    assert lengths == [LEAD_IN_MS + 100, GAP_MS + 100]


def test_silence_inside_a_sentence_is_not_touched() -> None:
    voice = Voice([SpeechChunk(sound(100) + quiet(700) + sound(100), RATE_HZ)])
    pieces, _ = run_virtual(spoken(voice, Model(["Well, yes."])))
    assert length_ms(pieces[0].audio) == 900


def test_no_more_than_the_first_sentence_is_spoken_before_the_turn_commits() -> None:
    async def main() -> None:
        voice, model = Voice(), Model(["It rains. ", "It pours. ", "It snows."])
        speech = AnswerSpeech(voice, "en")
        filling = asyncio.create_task(speech.fill(model.stream()))
        await asyncio.sleep(10)
        assert voice.asked == ["It rains."]
        assert not filling.done()
        speech.committed.set()
        assert len([piece async for piece in speech.pieces()]) == 3
        assert voice.asked == ["It rains.", "It pours.", "It snows."]
        await filling

    run_virtual(main())


def test_voice_and_model_wait_while_enough_audio_waits_to_be_played() -> None:
    async def main() -> None:
        voice, model = Voice(), Model(["It rains. "] * 50)
        speech = AnswerSpeech(voice, "en")
        speech.committed.set()
        filling = asyncio.create_task(speech.fill(model.stream()))
        await asyncio.sleep(60)
        assert len(voice.asked) == MAX_PIECES + 1
        assert model.written <= MAX_PIECES + 3
        assert len([piece async for piece in speech.pieces()]) == 50
        await filling

    run_virtual(main())


def test_an_error_of_the_voice_comes_after_what_was_spoken_before_it() -> None:
    async def main() -> None:
        voice, model = Voice(fails_at=2), Model(["It rains. ", "It pours. ", "It snows."])
        speech = AnswerSpeech(voice, "en")
        speech.committed.set()
        filling = asyncio.create_task(speech.fill(model.stream()))
        pieces = speech.pieces()
        assert (await anext(pieces)).sentence.spoken == "It rains."
        with pytest.raises(EngineError, match="mute"):
            await anext(pieces)
        await filling
        assert model.closed

    run_virtual(main())


def test_an_error_of_the_model_is_passed_on() -> None:
    model = Model(["It rains. It"], error=EngineError("engine-timeout", "no word"))
    with pytest.raises(EngineError, match="no word"):
        run_virtual(spoken(Voice(), model))


def test_cancelling_closes_the_model_and_the_voice() -> None:
    async def main() -> None:
        voice, model = Voice([SpeechChunk(sound(100), RATE_HZ)] * 50), Model(["It rains. "] * 50)
        speech = AnswerSpeech(voice, "en")
        filling = asyncio.create_task(speech.fill(model.stream()))
        await asyncio.sleep(1)
        assert voice.speaking == 1
        filling.cancel()
        await asyncio.wait([filling])
        assert filling.cancelled()
        assert model.closed
        assert voice.speaking == 0

    run_virtual(main())


def test_a_model_that_never_ends_is_cut_off() -> None:
    model = Model(["It rains and rains. "] * 100_000)
    _, speech = run_virtual(spoken(Voice(), model))
    assert len(speech.text) == MAX_CHARS
    assert model.closed


def test_a_part_that_is_longer_than_an_answer_may_be_is_cut() -> None:
    voice = Voice()
    _, speech = run_virtual(spoken(voice, Model(["It rains and rains. " * 10_000])))
    assert len(speech.text) == MAX_CHARS
    assert sum(map(len, voice.asked)) <= MAX_CHARS


def test_a_voice_that_does_not_stop_is_an_error_after_five_minutes_of_it() -> None:
    minute = SpeechChunk(sound(60_000), RATE_HZ)
    voice = Voice(itertools.repeat(minute))
    speech = AnswerSpeech(voice, "en")

    async def take() -> list[Piece]:
        return [piece async for piece in speech.pieces()]

    async def main() -> None:
        filling = asyncio.create_task(speech.fill(Model(["It rains."]).stream()))
        with pytest.raises(EngineError, match="does not stop"):
            await take()
        await filling

    run_virtual(main())
    assert voice.speaking == 0
    assert voice.made == MAX_AUDIO_MS / 60_000 + 1


@pytest.mark.parametrize("text", ["", "   ", "**"])
def test_what_has_no_words_has_no_audio(text: str) -> None:
    voice = Voice()
    pieces, speech = run_virtual(spoken(voice, Model([text])))
    assert (pieces, voice.asked, speech.text) == ([], [], text)


def test_an_iterator_that_can_not_be_closed_will_do() -> None:
    class Plain:
        def __init__(self) -> None:
            self.left = ["It rains. ", "It pours."]

        def __aiter__(self) -> "Plain":
            return self

        async def __anext__(self) -> str:
            if not self.left:
                raise StopAsyncIteration
            return self.left.pop(0)

    async def main() -> list[str]:
        speech = AnswerSpeech(Voice(), "en")
        speech.committed.set()
        await speech.fill(Plain())
        return [piece.sentence.spoken async for piece in speech.pieces()]

    assert run_virtual(main()) == ["It rains.", "It pours."]


def test_a_sentence_without_any_sound_is_an_error_after_those_that_had_one() -> None:
    class Forgetful(Voice):
        async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
            async for chunk in super().synthesize(request):
                if "pours" not in request.text:
                    yield chunk

    async def main() -> list[str]:
        speech = AnswerSpeech(Forgetful(), "en")
        speech.committed.set()
        await speech.fill(Model(["It rains. It pours. It rains."]).stream())
        pieces = speech.pieces()
        first = await anext(pieces)
        with pytest.raises(EngineError, match=r"no sound for 'It pours\.'"):
            await anext(pieces)
        return [first.sentence.spoken]

    assert run_virtual(main()) == ["It rains."]


@dataclass
class Breaking(Voice):
    """A voice that breaks off in the sentences with these numbers, after their first sound."""

    breaks_in: tuple[int, ...] = ()

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        async for chunk in super().synthesize(request):
            yield chunk
            if len(self.asked) in self.breaks_in:
                raise EngineError("engine-failed", f"broke off in {request.text!r}")


@pytest.mark.parametrize(
    ("breaks_in", "sounded", "why"),
    [
        ((1,), [100, 200, 200], "It rains"),
        ((2,), [200, 100, 200], "It pours"),
        ((3,), [200, 200, 100], "It snows"),
        ((1, 2), [100, 100], "It pours"),
    ],
)
def test_one_sentence_that_breaks_off_keeps_no_later_one_from_being_spoken(
    breaks_in: tuple[int, ...], sounded: list[int], why: str
) -> None:
    voice = Breaking([SpeechChunk(sound(100), RATE_HZ)] * 2, breaks_in=breaks_in)
    speech = AnswerSpeech(voice, "en")
    speech.committed.set()
    audio: dict[str, float] = {}

    async def take() -> None:
        async for piece in speech.pieces():
            said = piece.sentence.spoken
            audio[said] = audio.get(said, 0) + length_ms(piece.audio)

    async def main() -> None:
        model = Model(["It rains. It pours. It snows."])
        filling = asyncio.create_task(speech.fill(model.stream()))
        with pytest.raises(EngineError, match=f"broke off in '{why}"):
            await take()
        await filling

    run_virtual(main())
    assert list(audio.values()) == sounded


@pytest.mark.parametrize("size", [1, 3, 641])
def test_audio_that_is_cut_inside_a_sample_sounds_the_same(size: int) -> None:
    audio = quiet(50) + bytes(range(1, 201)) * 32
    whole = Voice([SpeechChunk(audio, RATE_HZ)])
    parts = [audio[at : at + size] for at in range(0, len(audio), size)]
    cut = Voice([SpeechChunk(part, RATE_HZ) for part in parts])

    async def heard(voice: Voice) -> bytes:
        speech = AnswerSpeech(voice, "en")
        filling = asyncio.create_task(speech.fill(Model(["It rains."]).stream()))
        pieces = [piece.audio async for piece in speech.pieces()]
        await filling
        assert all(len(piece) % 2 == 0 for piece in pieces)
        return b"".join(pieces)

    assert run_virtual(heard(cut)) == run_virtual(heard(whole))
