import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.engines.base import WordTime
from hub.engines.piper_text import MAX_PIECE_CHARS, pieces, word_times


def cut(text: str) -> list[str]:
    return [piece.text.strip() for piece in pieces(text)]


def test_a_text_is_cut_into_its_sentences() -> None:
    assert cut("It is 21.5 degrees. Is it? Yes! Good…") == [
        "It is 21.5 degrees.",
        "Is it?",
        "Yes!",
        "Good…",
    ]


def test_a_title_does_not_end_a_sentence() -> None:
    assert cut("Call Dr. Smith. No.") == ["Call Dr. Smith.", "No."]


def test_a_long_first_sentence_begins_with_its_first_clause() -> None:
    text = "The kitchen lights are on, and the window in the bathroom has been open since noon."
    assert cut(text) == [text[:26], text[27:]]
    assert cut(f"Yes. {text}") == ["Yes.", text]


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "...", "!? -", "☺"])
def test_a_text_without_words_has_no_pieces(text: str) -> None:
    assert pieces(text) == []


def test_the_notation_of_phonemes_is_read_as_text() -> None:
    assert cut("Say [[boo]] now") == ["Say ((boo)) now"]


@given(st.text(alphabet="ab1 ,.!\n[]é\ud800", max_size=1000))
def test_every_piece_is_short_and_stands_where_it_says(text: str) -> None:
    end = 0
    for piece in pieces(text):
        assert 0 < len(piece.text) <= MAX_PIECE_CHARS
        assert piece.start >= end
        end = piece.start + len(piece.text)
        for begin, after in piece.words():
            assert text[begin:after].split() == [text[begin:after]]
    assert end <= len(text)


def test_a_text_of_50000_characters_is_cut_without_loss() -> None:
    assert "".join(piece.text for piece in pieces("x" * 50_000)) == "x" * 50_000
    words = "word " * 10_000
    assert "".join(piece.text for piece in pieces(words)) == words


def test_words_start_with_their_first_phoneme() -> None:
    phonemes = [("", 100), ("h", 100), ("aɪ", 200), (" ", 50), ("ˈ", 10), ("ð", 40), (".", 9)]
    assert word_times([(0, 2), (3, 9)], phonemes, [], 1000) == (
        WordTime(0, 2, 100.0),
        WordTime(3, 9, 450.0),
    )


def test_a_number_of_two_spoken_words_is_found_by_its_sound() -> None:
    phonemes = [(p, 10) for p in "ɪt twɛnti wʌn dɪɡɹiz"]
    words = [(0, 2), (3, 5), (6, 13)]
    times = word_times(words, phonemes, ["ɪt", "twɛntiwʌn", "dɪɡɹiz"], 1000)
    assert [time.offset_ms for time in times] == [0.0, 30.0, 140.0]


def test_two_words_spoken_as_one_start_one_after_the_other() -> None:
    phonemes = [(p, 10) for p in "dɔːɹ əvðə haʊs"]
    words = [(0, 4), (5, 7), (8, 11), (12, 17)]
    times = word_times(words, phonemes, ["dɔːɹ", "ʌv", "ðə", "haʊs"], 1000)
    offsets = [time.offset_ms for time in times]
    assert offsets[0] == 0.0
    assert offsets == sorted(offsets)
    assert offsets[2] == 70.0
    assert offsets[3] == 100.0


def test_words_whose_sounds_were_not_spoken_do_not_go_beyond_the_audio() -> None:
    times = word_times(
        [(0, 1), (2, 3), (4, 5)], [("a", 10), (" ", 1), ("b", 10)], ["x", "y", "z"], 1000
    )
    assert all(0 <= time.offset_ms <= 21 for time in times)


@pytest.mark.parametrize("phonemes", [[], [(" ", 10)], [(".", 5)]])
def test_a_voice_that_does_not_tell_gives_no_times(phonemes: list[tuple[str, int]]) -> None:
    assert word_times([(0, 2)], phonemes, ["a"], 1000) == ()
    assert word_times([(0, 2), (3, 4)], [("a", 1)], [], 1000) == ()
