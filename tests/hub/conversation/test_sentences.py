import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.conversation.sentences import PIECE_CHARS, Sentence, SentenceSplitter, written_up_to

LANGUAGES = ("en", "fr", "de", "es")

WRITTEN = st.text() | st.lists(
    st.sampled_from(
        [
            *'abZ1 .!?,;:…\n*_`[]()|#-"«»<>&°😀。\u00a0\r',
            " Dr.",
            " etc. ",
            " 3.",
            "**",
            "```\n",
            "](http://a.b)",
            "word ",
            ". The ",
            "a, long enough clause, ",
        ]
    ),
    max_size=120,
).map("".join)


def split(language: str, *feeds: str) -> tuple[list[Sentence], str]:
    """Return the pieces, and what was left unspoken."""
    splitter = SentenceSplitter(language)
    pieces = [piece for feed in feeds for piece in splitter.feed(feed)]
    return pieces + splitter.finish(), splitter.unspoken


def texts(language: str, text: str) -> list[str]:
    """Return the pieces as written, without the blanks around them."""
    return [piece.text.strip() for piece in split(language, text)[0]]


@pytest.mark.parametrize(
    ("language", "pieces"),
    [
        ("en", ["The light is on.", "It is warm!", "Is it late?", "Wait...", "No."]),
        ("en", ["What?!", "Really…", "Yes."]),
        ("en", ['"Stop!"', "(It stopped.)", "**Good.**", "Bye"]),
        ("fr", ["Ça va ?", "Oui !", "Le four est allumé."]),
        ("de", ["Das Licht ist an.", "Ist es spät?", "Ja."]),
        ("es", ["¿Qué tal?", "¡Muy bien!", "La luz está encendida."]),
    ],
)
def test_sentences_end_at_their_marks(language: str, pieces: list[str]) -> None:
    assert texts(language, " ".join(pieces)) == pieces


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "It costs 3.50 or 1,000 for version 1.2.3 at 7:30 tonight."),
        (
            "en",
            "At 3:45 p.m. the U.S. met Dr. Smith, Mrs. Hill and Prof. Lee on St. John St. now.",
        ),
        ("en", "J. R. R. Tolkien wrote e.g. novels, i.e. books vs. films, approx. 20 etc. in all."),
        ("en", "Take No. 5 of them."),
        (
            "en",
            "See https://example.com/a.b?c=1.5 or ask a.b@ex.com for notes.txt on 10.0.0.1 now.",
        ),
        ("en", "Read [the page. It is good](https://example.com/a. b) now."),
        ("en", "It is **hot. Very hot** here."),
        ("en", "Run `a. B` now."),
        ("en", '"Really?" he asked.'),
        (
            "fr",
            "M. Dupont, Mme. Roy, Mlle. Petit et le Dr. Blanc ont env. 20 clés, p. ex. ici.",
        ),
        ("fr", "« Bonjour ! » dit-il."),
        (
            "de",
            "Am 3. Mai ist z. B. Dr. Weber, d. h. Prof. Weber, ca. zehn bzw. Nr. 5 usw. hier.",
        ),
        ("de", "Er wohnt u. a. im 2. Stock."),
        (
            "es",
            "El Sr. Ruiz, la Sra. Gil, la Srta. Paz y Ud. viven, p. ej. en el núm. 5 etc. hoy.",
        ),
        ("es", "A las 3 p. m. la Dra. Gil llega."),
    ],
)
def test_a_dot_inside_a_sentence_does_not_end_it(language: str, sentence: str) -> None:
    assert texts(language, f"Ok. {sentence} Ok.") == ["Ok.", sentence, "Ok."]


@pytest.mark.parametrize(
    ("language", "pieces"),
    [
        ("en", ["Lamps, fans etc.", "They are off."]),
        ("en", ["It is 7 p.m.", "Dinner is ready."]),
        ("en", ["No.", "It is off."]),
        ("en", ["It is 21 °C.", "The lamp takes 60 W.", "Fine."]),
        ("en", ["It is 21.", "Fine."]),
        ("fr", ["Il y en a.", "Les lampes, etc.", "Elles sont là."]),
        ("de", ["Es sind 21.", "Das ist warm."]),
        ("es", ["Son las 3 p. m.", "La cena espera."]),
    ],
)
def test_what_looks_like_an_abbreviation_may_end_a_sentence(
    language: str, pieces: list[str]
) -> None:
    assert texts(language, " ".join(pieces)) == pieces


def test_lines_and_list_items_are_pieces_and_a_number_stays_with_its_item() -> None:
    text = "Do this:\n\n1. Open the door\n2. **Go in**\n- sit down\n\n## Then\nRest"
    assert texts("en", text) == [
        "Do this:", "1. Open the door", "2. **Go in**", "- sit down", "## Then", "Rest",
    ]  # fmt: skip


def test_full_width_marks_need_no_blank() -> None:
    assert texts("en", "你好。今天很好！是吗？好") == ["你好。", "今天很好！", "是吗？", "好"]


def test_a_fence_is_one_piece() -> None:
    assert texts("en", "Look:\n```sh\na. B\nc\n```\nDone. Bye") == [
        "Look:", "```sh\na. B\nc\n```", "Done.", "Bye",
    ]  # fmt: skip


def test_only_the_first_piece_may_end_at_a_clause() -> None:
    clauses = "Well of course, as you like, I can. Then again, if you like, no."
    assert texts("en", clauses) == [
        "Well of course,", "as you like, I can.", "Then again, if you like, no.",
    ]  # fmt: skip


@pytest.mark.parametrize("start", ["Well, yes", "Unquestionably, yes", "At 1,000,000 metres"])
def test_a_first_clause_too_short_or_of_one_word_is_not_cut(start: str) -> None:
    assert texts("en", f"{start} we go. Now.") == [f"{start} we go.", "Now."]


def test_a_sentence_comes_out_with_the_character_after_it() -> None:
    splitter = SentenceSplitter("en")
    assert splitter.feed("It is on!") == []
    assert splitter.feed(" ") == [Sentence("It is on! ", "It is on!")]


def test_an_emoji_after_a_mark_ends_the_sentence_and_goes_with_the_next() -> None:
    assert texts("en", "Sure!😀 It is on.") == ["Sure!", "😀 It is on."]


def test_what_has_nothing_to_say_goes_with_the_next_piece() -> None:
    pieces, unspoken = split("en", "On.\n\n---\n\n😀\nOff.")
    assert pieces == [Sentence("On.\n", "On."), Sentence("\n---\n\n😀\nOff.", "Off.")]
    assert unspoken == ""


def test_what_has_nothing_to_say_at_the_end_is_kept_apart() -> None:
    pieces, unspoken = split("en", "On. 😀\n")
    assert pieces == [Sentence("On. ", "On.")]
    assert unspoken == "😀\n"


def test_a_piece_without_an_end_is_cut_at_a_clause_or_else_at_a_space_or_else_anyhow() -> None:
    clause = "word " * 40 + "word, "
    assert split("en", "Ok. " + clause + "word " * 60)[0][1].text == clause
    assert split("en", "Ok. " + "word " * 61)[0][1].text == "word " * 60
    assert [len(piece.text) for piece in split("en", "a" * 700)[0]] == [300, 300, 100]


def test_a_mark_that_never_closes_holds_speech_up_for_one_line_at_most() -> None:
    assert texts("en", "**Oh. Oh.\nOn. Off.") == ["**Oh. Oh.", "On.", "Off."]


def test_after_a_fence_too_long_for_a_piece_the_text_goes_on_as_usual() -> None:
    assert texts("en", "```\n" + "word " * 100 + "\n```\nOn. Off.")[-2:] == ["On.", "Off."]


@given(WRITTEN, st.sampled_from(LANGUAGES))
def test_nothing_is_lost_and_nothing_silent_is_spoken(text: str, language: str) -> None:
    pieces, unspoken = split(language, text)
    assert "".join(piece.text for piece in pieces) + unspoken == text
    assert all(any(map(str.isalnum, piece.spoken)) for piece in pieces)


@given(WRITTEN, st.sampled_from(LANGUAGES), st.lists(st.integers(0, 200)))
def test_the_pieces_do_not_depend_on_how_the_text_arrives(
    text: str, language: str, cuts: list[int]
) -> None:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    feeds = [text[start:end] for start, end in pairwise(edges)]
    assert "".join(feeds) == text
    assert split(language, *feeds) == split(language, text)
    assert split(language, *text) == split(language, text)


@given(st.text(alphabet="ab .,*`[\n", min_size=400, max_size=1500))
def test_no_piece_is_longer_than_the_limit(text: str) -> None:
    for piece in split("en", text)[0]:
        assert len(piece.text.lstrip(" .,*`[\n")) <= PIECE_CHARS


@pytest.mark.parametrize(
    ("text", "spoken", "heard", "written"),
    [
        ("The light is on.", "The light is on.", "The light", "The light"),
        ("The light is on. ", "The light is on.", "The light", "The light"),
        ("The light is on. ", "The light is on.", "The light is on.", "The light is on. "),
        ("The light is on. ", "The light is on.", "", ""),
        ("- **Red**, then blue", "Red, then blue", "Red,", "- **Red**,"),
        (
            "See [the docs](https://a.b/c) now.",
            "See the docs now.",
            "See the docs",
            "See [the docs](https://a.b/c)",
        ),
        ("It is 21 °C now.", "It is 21 degrees Celsius now.", "It is 21 degrees", "It is 21"),
        (
            "It is 21 °C now.",
            "It is 21 degrees Celsius now.",
            "It is 21 degrees Celsius",
            "It is 21 °C",
        ),
        ("It costs $3.50 now.", "It costs 3 dollars 50 now.", "It costs", "It costs"),
        ("on and on and on. ", "on and on and on.", "on and on", "on and on"),
    ],
)
def test_what_was_heard_is_found_in_what_was_written(
    text: str, spoken: str, heard: str, written: str
) -> None:
    assert spoken.startswith(heard)
    assert written_up_to(Sentence(text, spoken), len(heard)) == written


@given(WRITTEN, st.sampled_from(LANGUAGES))
def test_what_was_written_grows_with_each_word_heard_up_to_the_whole(
    text: str, language: str
) -> None:
    for piece in split(language, text)[0]:
        ends = [word.end() for word in re.finditer(r"\S+", piece.spoken)]
        written = [written_up_to(piece, end) for end in (-1, 0, *ends)]
        assert written[0] == written[1] == ""
        assert written[-1] == piece.text
        for earlier, later in pairwise(written):
            assert later.startswith(earlier)
