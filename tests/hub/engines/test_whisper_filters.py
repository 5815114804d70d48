import pytest

from hub.engines.whisper_filters import Decoded, doubtful, loops, refusal

HOTWORDS = ("Kitchen", "Living Room", "Ceiling Lamp", "Anna's Desk")


def heard(text: str, avg_logprob: float = -0.2, no_speech: float = 0.01) -> Decoded:
    return Decoded(text, avg_logprob, no_speech)


@pytest.mark.parametrize("text", ["Turn on the light.", "Yes.", "Stop", "Oui !", "75 %"])
def test_a_clear_text_counts(text: str) -> None:
    assert refusal(heard(text), "en") is None


@pytest.mark.parametrize("text", ["", " ", "...", "♪ ♪", "!!!"])
def test_a_text_without_words_is_empty(text: str) -> None:
    assert refusal(heard(text), "en") == "empty"


def test_a_doubtful_text_counts_for_nothing_where_nobody_spoke() -> None:
    assert refusal(heard("Turn on the light.", -0.6, 0.7), "en") == "no-speech"
    assert refusal(heard("Turn on the light.", -0.4, 0.7), "en") is None
    assert refusal(heard("Turn on the light.", -0.6, 0.5), "en") is None


def test_a_guess_is_refused_at_the_limit_that_is_set() -> None:
    assert refusal(heard("Turn on the light.", -1.1), "en") == "unlikely"
    assert refusal(heard("Turn on the light.", -1.1), "en", min_logprob=-1.2) is None


@pytest.mark.parametrize(
    "text",
    [
        "no no no no no no no no",
        "I'm going to I'm going to I'm going to I'm going to",
        "so " + "turn on the kitchen light and turn off the fan please " * 6,
        "haha" * 40,
    ],
)
def test_a_text_that_goes_in_circles_is_refused(text: str) -> None:
    assert loops(text)
    assert doubtful(heard(text, 0.0))
    assert refusal(heard(text, 0.0), "en") == "repetition"


@pytest.mark.parametrize(
    "text",
    [
        "No, no, no.",
        "Turn on the light, turn on the light, turn on the fan.",
        "Ha ha ha",
        "Set the lamp to one hundred and one and one half percent",
    ],
)
def test_what_people_repeat_is_no_circle(text: str) -> None:
    assert not loops(text)


@pytest.mark.parametrize("text", ["no no no no", "Stop! Stop, stop, stop!"])
def test_a_word_that_is_said_in_a_hurry_is_looked_at_again_and_counts(text: str) -> None:
    assert doubtful(heard(text, 0.0))
    assert refusal(heard(text, 0.0), "en") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thanks for watching!", "en"),
        ("Sous-titres réalisés par la communauté d'Amara.org", "fr"),
        ("Sous-titrage ST' 501", "fr"),
        ("Untertitel der Amara.org-Community", "de"),
        ("Untertitel im Auftrag des ZDF für funk, 2017", "de"),
        ("Untertitelung des ZDF, 2020", "de"),
        ("Untertitel", "de"),
        ("Subtítulos por la comunidad de Amara.org", "es"),
        ("Subtítulos en español de Amara.org", "es"),
    ],
)
def test_endings_of_films_are_refused_however_sure(text: str, language: str) -> None:
    assert refusal(heard(text, -0.01, 0.0), language) == "made-up"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Untertitel einschalten", "de"),
        ("Untertitel an", "de"),
        ("Subtítulos en español, por favor", "es"),
        ("Subtítulos, por favor", "es"),
        ("Sous-titres en français", "fr"),
        ("Subtitles on", "en"),
    ],
)
def test_subtitles_can_be_asked_for(text: str, language: str) -> None:
    assert refusal(heard(text, -0.05, 0.0), language) is None


def test_what_begins_like_the_ending_of_a_film_counts_only_where_it_was_clearly_heard() -> None:
    assert refusal(heard("Untertitel Anna Schmidt", -0.6), "de") == "made-up"
    assert refusal(heard("Untertitel Anna Schmidt", -0.2), "de") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [("Thank you.", "en"), ("Merci.", "fr"), ("Danke.", "de"), ("Gracias", "es")],
)
def test_thanks_count_only_where_they_were_clearly_heard(text: str, language: str) -> None:
    assert refusal(heard(text, -0.2, 0.1), language) is None
    assert refusal(heard(text, -0.6, 0.1), language) == "made-up"
    assert refusal(heard(text, -0.2, 0.7), language) == "made-up"


def test_the_hotwords_alone_in_their_order_are_an_echo() -> None:
    assert refusal(heard("kitchen, living room, ceiling lamp"), "en", HOTWORDS) == "hotwords"
    assert refusal(heard("Living Room, Ceiling Lamp, Anna’s Desk."), "en", HOTWORDS) == "hotwords"
    assert refusal(heard("Kitchen ceiling lamp."), "en", HOTWORDS) is None
    assert refusal(heard("Living room"), "en", HOTWORDS) is None


def test_confidence_is_the_mean_probability_of_a_token() -> None:
    assert heard("yes", -0.693147).confidence == 0.5
    assert heard("yes", 0.1).confidence == 1.0
