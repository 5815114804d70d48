import numpy as np
import pytest

from hub.conversation.answer_speech import Piece
from hub.conversation.sentences import Sentence
from hub.conversation.spoken import WORD_GUESS_MS, Spoken
from hub.engines.base import WordTime

RATE_HZ = 16_000
WORD_MS = 300


def timed(text: str) -> tuple[WordTime, ...]:
    """Return the times of words that each take 300 ms."""
    times, at = [], 0
    for number, word in enumerate(text.split()):
        start = text.index(word, at)
        at = start + len(word)
        times.append(WordTime(start, at, number * WORD_MS))
    return tuple(times)


def sound(ms: float, rate_hz: int = RATE_HZ) -> bytes:
    return b"\x10\x10" * int(ms * rate_hz / 1000)


def spoken(*sentences: Sentence | str, word_times: bool = True) -> tuple[Spoken, str]:
    """Return an answer of these sentences, 300 ms a word, and all that was written."""
    said, written = Spoken(), ""
    for entry in sentences:
        sentence = entry if isinstance(entry, Sentence) else Sentence(entry, entry.strip())
        words = timed(sentence.spoken)
        audio = sound(len(words) * WORD_MS)
        said.add(Piece(sentence, audio, RATE_HZ, words if word_times else ()))
        written += sentence.text
    return said, written


def test_an_answer_without_audio_has_no_length_and_nothing_of_it_was_heard() -> None:
    said = Spoken()
    assert (said.rate_hz, said.length_ms, said.size_bytes) == (0, 0.0, 0)
    assert said.split(0, "Not yet.") == ("", "Not yet.")
    assert said.word_start(500) == 0.0
    assert said.around(0, 1000, 1000) == ""


@pytest.mark.parametrize(
    ("at_ms", "heard"),
    [
        (0, ""),
        (140, ""),
        (160, "One"),
        (460, "One two"),
        (851, "One two three. "),
        (1060, "One two three. Four"),
        (1451, "One two three. Four five."),
        (9999, "One two three. Four five."),
    ],
)
def test_a_word_was_heard_when_half_of_it_was_played(at_ms: float, heard: str) -> None:
    said, written = spoken("One two three. ", "Four five.")
    found, rest = said.split(at_ms, written)
    assert found == heard
    assert found + rest == written


@pytest.mark.parametrize(
    ("at_ms", "heard"),
    [(150, ""), (400, "One"), (899, "One two three. "), (1300, "One two three. Four")],
)
def test_without_word_times_the_cut_is_by_share_at_the_end_of_a_word(
    at_ms: float, heard: str
) -> None:
    said, written = spoken("One two three. ", "Four five.", word_times=False)
    found, rest = said.split(at_ms, written)
    assert found == heard
    assert found + rest == written


def test_what_was_written_and_not_spoken_yet_was_not_heard() -> None:
    said, _ = spoken("One two. ")
    written = "One two. Three four."
    assert said.split(600, written) == ("One two. ", "Three four.")


def test_of_what_is_never_spoken_nothing_was_missed() -> None:
    said, written = spoken("One two. ")
    assert said.split(600, written + "\U0001f389") == (written + "\U0001f389", "")
    assert said.split(0, written + "\U0001f389") == ("", written + "\U0001f389")


def test_the_cut_is_in_what_was_written_where_that_is_said_differently() -> None:
    said, written = spoken(Sentence("**It is** 21 °C now.", "It is 21 degrees Celsius now."))
    found, rest = said.split(4 * WORD_MS + 10, written)
    assert found == "**It is** 21"
    assert found + rest == written
    found, _ = said.split(5 * WORD_MS + 10, written)
    assert found == "**It is** 21 °C"


@pytest.mark.parametrize(
    ("at_ms", "start_ms"), [(0, 0), (299, 0), (300, 300), (899, 600), (900, 900), (1450, 1200)]
)
def test_playing_goes_on_with_the_beginning_of_a_word(at_ms: float, start_ms: float) -> None:
    said, _ = spoken("One two three. ", "Four five.")
    assert said.word_start(at_ms) == start_ms


def test_without_word_times_it_goes_on_about_a_word_earlier_but_in_the_same_sentence() -> None:
    said, _ = spoken("One two three. ", "Four five.", word_times=False)
    assert said.word_start(700) == 700 - WORD_GUESS_MS
    assert said.word_start(1000) == 900
    assert said.word_start(100) == 0


def test_a_sentence_that_comes_in_pieces_is_one() -> None:
    said, sentence = Spoken(), Sentence("One two three four.", "One two three four.")
    times = timed(sentence.spoken)
    said.add(Piece(sentence, sound(500), RATE_HZ, times[:2]))
    said.add(Piece(sentence, sound(700), RATE_HZ, times[2:]))
    assert said.length_ms == 1200
    assert said.word_start(650) == 600
    assert said.split(760, sentence.text) == ("One two three", " four.")


def test_the_words_around_a_moment_are_those_that_sound_near_it() -> None:
    said, _ = spoken("One two three. ", "Four five.")
    assert said.around(700, 0, 0) == "three."
    assert said.around(700, 150, 250) == "two three. Four"
    assert said.around(700, 5000, 5000) == "One two three. Four five."


def test_without_word_times_the_whole_sentence_is_around() -> None:
    said, _ = spoken("One two three. ", "Four five.", word_times=False)
    assert said.around(100, 50, 50) == "One two three."
    assert said.around(880, 50, 50) == "One two three. Four five."


def test_audio_of_another_rate_is_brought_to_the_first() -> None:
    said = Spoken()
    low = np.sin(np.arange(8000) * 2 * np.pi * 440 / 8000) * 8000
    said.add(Piece(Sentence("One.", "One."), sound(100), RATE_HZ, ()))
    said.add(Piece(Sentence("Two.", "Two."), low.astype("<i2").tobytes(), 8000, ()))
    said.finish()
    assert said.rate_hz == RATE_HZ
    assert said.length_ms == pytest.approx(1100, abs=1)
    assert said.split(1060, "One.Two.") == ("One.Two.", "")
    samples = np.frombuffer(said.audio(3200, said.size_bytes), dtype="<i2")
    spectrum = np.abs(np.fft.rfft(samples[2000:14_000]))
    assert spectrum.argmax() * RATE_HZ / 12_000 == pytest.approx(440, abs=2)


def test_nothing_is_lost_where_the_rate_changes_back() -> None:
    said = Spoken()
    for number, rate_hz in enumerate((RATE_HZ, 8000, RATE_HZ, 24_000, 8000)):
        said.add(Piece(Sentence(f"{number}", f"{number}"), sound(500, rate_hz), rate_hz, ()))
    said.finish()
    assert said.length_ms == pytest.approx(2500, abs=1)
    assert [said.around(at, 0, 0) for at in (250, 750, 1250, 1750, 2250)] == list("01234")


def test_audio_is_read_in_pieces_from_anywhere() -> None:
    said = Spoken()
    said.add(Piece(Sentence("One.", "One."), bytes(range(100)), RATE_HZ, ()))
    assert said.audio(10, 4) == bytes(range(10, 14))
    assert said.audio(98, 10) == bytes([98, 99])
    assert said.size_bytes == 100
