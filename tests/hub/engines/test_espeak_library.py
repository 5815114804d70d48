"""The espeak-ng binding against the real library."""

import array

import pytest

from hub.engines.base import EngineError
from hub.engines.espeak_library import MAX_PIECE_CHARS, EspeakLibrary


@pytest.fixture
def espeak() -> EspeakLibrary:
    return EspeakLibrary()


def test_a_sentence_becomes_audible_audio(espeak: EspeakLibrary) -> None:
    audio = b"".join(espeak.synthesize("The kitchen lights are on."))
    samples = array.array("h", audio)
    assert espeak.rate_hz == 22050
    assert 1.0 < len(samples) / espeak.rate_hz < 4.0
    assert max(samples) > 3000


def test_a_faster_rate_makes_shorter_audio(espeak: EspeakLibrary) -> None:
    slow, fast = (
        sum(map(len, espeak.synthesize("The kitchen lights are on.", rate_wpm=rate)))
        for rate in (120, 240)
    )
    assert fast < slow * 0.8


def test_a_rate_beyond_the_range_is_brought_into_it(espeak: EspeakLibrary) -> None:
    text = "The kitchen lights are on."
    fastest, beyond, slowest, below = (
        sum(map(len, espeak.synthesize(text, rate_wpm=rate))) for rate in (450, 100_000, 80, -5)
    )
    assert beyond == pytest.approx(fastest, rel=0.05)
    assert below == pytest.approx(slowest, rel=0.05)
    assert slowest > fastest * 2


def test_words_carry_their_place_in_the_text_and_rising_times(espeak: EspeakLibrary) -> None:
    text = "Red kitchen light. " * 30
    words = [word for piece in espeak.speak(text) for word in piece.words]
    heard = [text[word.start : word.end] for word in words]
    assert heard == ["Red", "kitchen", "light"] * 30
    assert [word.offset_ms for word in words] == sorted(word.offset_ms for word in words)


def test_a_number_is_one_word(espeak: EspeakLibrary) -> None:
    text = "Set to 75 percent or 21.5."
    words = [word for piece in espeak.speak(text) for word in piece.words]
    heard = [text[word.start : word.end] for word in words]
    assert heard == ["Set", "to", "75", "percent", "or", "21.5"]


def test_a_long_text_comes_in_pieces_that_can_be_left_unmade(espeak: EspeakLibrary) -> None:
    pieces = espeak.speak("x" * 50_000)
    first = next(pieces)
    assert sum(word.end - word.start for word in first.words) <= MAX_PIECE_CHARS
    pieces.close()
    with pytest.raises(StopIteration):
        next(pieces)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_text_makes_no_audio(espeak: EspeakLibrary, text: str) -> None:
    assert list(espeak.speak(text)) == []
    assert espeak.phonemes(text) == ""


def test_text_that_c_can_not_hold_is_spoken_all_the_same(espeak: EspeakLibrary) -> None:
    assert b"".join(espeak.synthesize("one\0two \ud800 three"))


def test_a_voice_that_does_not_exist_is_refused_and_the_last_one_still_works(
    espeak: EspeakLibrary,
) -> None:
    with pytest.raises(EngineError) as caught:
        list(espeak.speak("hello", voice="fr-fr"))
    assert caught.value.code == "bad-request"
    assert b"".join(espeak.synthesize("hello"))


def test_phonemes_depend_on_the_voice(espeak: EspeakLibrary) -> None:
    assert espeak.phonemes("kitchen") == "kˈɪtʃən"
    assert espeak.phonemes("Küche", voice="de") == "kˈʏçə"


def test_phonemes_of_several_clauses_are_joined_by_spaces(espeak: EspeakLibrary) -> None:
    assert espeak.phonemes("one. two") == "wˈʌn tˈuː"
