import itertools
import math
from dataclasses import replace

import pytest

from hub.conversation.completeness import Completeness, combined, estimate
from hub.conversation.prosody import Prosody

FALLING = Prosody(pitch_slope=-15, pitch_end=-4, level_slope=-60, lengthening=1.6)
LEVEL = Prosody(pitch_slope=0, pitch_end=0, level_slope=-5, lengthening=1)
RISING = Prosody(pitch_slope=15, pitch_end=4, level_slope=0, lengthening=1)


def probability(text: str, language: str = "en", prosody: Prosody | None = None) -> float:
    return estimate(text, language, prosody).probability


def is_open(text: str, language: str = "en") -> bool:
    return estimate(text, language, None).open


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Yes."),
        ("en", "yes please"),
        ("en", "No, thanks"),
        ("en", "Stop!"),
        ("en", "okay"),
        ("en", "thank you"),
        ("en", "hello"),
        ("de", "Ja."),
        ("de", "danke schön"),
        ("fr", "d’accord"),
        ("fr", "non merci"),
        ("es", "sí"),
        ("es", "Para"),
    ],
)
def test_a_word_that_is_a_turn_of_its_own_is_complete_at_once_however_it_sounds(
    language: str, text: str
) -> None:
    assert probability(text, language) > 0.9
    assert probability(text, language, RISING) > 0.6
    assert not is_open(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "turn on the kitchen lights"),
        ("en", "turn the lights on"),
        ("en", "turn it off"),
        ("en", "what time is it"),
        ("en", "wake me at seven"),
        ("en", "set the heating to twenty degrees"),
        ("en", "add milk, eggs and bread to the list"),
        ("en", "remind me to call my mother"),
        ("en", "is the kitchen light on"),
        ("en", "turn off the lights, now"),
        ("de", "ist das Licht aus"),
        ("de", "mach es an"),
        ("en", "turn off the light, please"),
        ("de", "mach die Lampe aus"),
        ("de", "schalte das Licht im Flur an"),
        ("de", "kannst du das Licht anmachen"),
        ("de", "füge Milch zur Liste hinzu"),
        ("fr", "allume la lumière du salon"),
        ("fr", "mets un minuteur de dix minutes"),
        ("es", "enciende la luz de la cocina"),
        ("es", "¿qué hora es?"),
    ],
)
def test_a_sentence_to_which_nothing_is_missing_is_likely_over(language: str, text: str) -> None:
    assert probability(text, language) > 0.6
    assert not is_open(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "turn"),
        ("en", "turn on"),
        ("en", "turn on the"),
        ("en", "could you please turn on"),
        ("en", "set"),
        ("en", "please"),
        ("en", "can you"),
        ("en", "remind me to"),
        ("en", "play"),
        ("en", "turn on the lights in"),
        ("en", "turn on the lights in my"),
        ("en", "set the light"),
        ("en", "what is"),
        ("en", "what's"),
        ("en", "what's the weather in"),
        ("en", "the light is"),
        ("de", "mach"),
        ("de", "mach die"),
        ("de", "setze Putzen auf die"),
        ("de", "kannst du das Licht"),
        ("de", "füge Milch zur Liste"),
        ("fr", "allume"),
        ("fr", "allume l'"),
        ("fr", "ouvre la porte de"),
        ("fr", "mets un"),
        ("fr", "monte le son jusqu'à"),
        ("fr", "la lumière est"),
        ("es", "apaga"),
        ("es", "enciende la luz de la"),
        ("es", "pon la luz"),
    ],
)
def test_a_sentence_that_lacks_something_is_likely_not_over(language: str, text: str) -> None:
    assert probability(text, language) < 0.35


@pytest.mark.parametrize("text", ["turn on the lights and", "because", "milk or", "turn on the um"])
def test_a_conjunction_or_a_hum_at_the_end_is_open_and_unlikely_to_be_the_end(text: str) -> None:
    assert is_open(text)
    assert probability(text) < 0.15


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "call 0 6 1 2"),
        ("en", "call zero six one"),
        ("en", "the code is 061"),
        ("en", "call 0612345"),
        ("en", "set a timer for twenty"),
        ("en", "set a timer for 5"),
        ("en", "create a timer for 6 hours and 20"),
        ("en", "set a timer for 10 minutes 30"),
        ("en", "add two"),
        ("de", "stell einen Timer auf eins zwei"),
        ("de", "weck mich in 20"),
        ("fr", "un minuteur pour 10"),
        ("es", "pon un temporizador de 10"),
    ],
)
def test_a_number_that_is_told_in_digits_or_lacks_its_unit_is_open(
    language: str, text: str
) -> None:
    assert is_open(text, language)
    assert probability(text, language) < 0.3


@pytest.mark.parametrize(
    "text",
    ["wake me at seven", "wake me at 7 30", "set the light to 20", "set a timer for 5 minutes"],
)
def test_an_hour_a_level_and_an_amount_with_its_unit_are_not_open(text: str) -> None:
    assert not is_open(text)
    assert probability(text) > 0.6


@pytest.mark.parametrize(
    "text", ["milk, eggs", "add milk, eggs, bread.", "add apples,", "a, b, c,"]
)
def test_a_list_without_an_and_before_its_last_thing_is_open(text: str) -> None:
    assert is_open(text)
    assert probability(text) < 0.35


@pytest.mark.parametrize(
    "text",
    [
        "milk, eggs and bread",
        "okay, turn off the lights",
        "hello, Sotto",
        "turn off all the lights,",
        "is it on, or off?",
        "no,",
    ],
)
def test_a_comma_alone_does_not_make_a_list(text: str) -> None:
    assert not is_open(text)


@pytest.mark.parametrize("text", ["where are you from", "what is it for"])
def test_a_question_may_end_in_a_preposition_but_is_surer_without(text: str) -> None:
    assert 0.35 < probability(text) < probability("where are you")


def test_a_number_that_another_often_follows_is_less_surely_the_end() -> None:
    text = "set the heating to {}".format
    assert 0.5 < probability(text("twenty")) < probability(text("seven"))
    assert not is_open(text("twenty"))


def test_a_command_without_a_verb_is_half_complete() -> None:
    assert probability("turn on") < probability("kitchen lights on") == 0.5


def test_marks_at_the_end_count_a_full_stop_little() -> None:
    for language in ("en", "xx"):
        weak, plain, stop, question = (
            probability(f"the kitchen lamps{mark}", language) for mark in (",", "", ".", "?")
        )
        assert weak < 0.35
        assert weak < plain < stop < question
    assert probability("the kitchen lamps...") < 0.35
    assert probability("turn on the.") < 0.2


def test_a_tag_with_a_region_finds_its_language_and_an_unknown_one_leaves_words_out() -> None:
    assert estimate("turn on the", "en-GB", None) == estimate("turn on the", "EN", None)
    assert estimate("turn on the and", "xx", None) == Completeness(0.5, open=False)


def test_without_text_and_sound_nothing_is_known() -> None:
    assert estimate("", "en", None) == Completeness(0.5, open=False)
    assert estimate(" ... ", "en", None).probability < 0.5


@pytest.mark.parametrize("text", ["", "turn on the", "the kitchen lamps", "yes", "milk, eggs"])
def test_a_falling_end_raises_the_probability_and_a_rising_one_lowers_it(text: str) -> None:
    assert probability(text, prosody=RISING) < probability(text, prosody=LEVEL)
    assert probability(text, prosody=LEVEL) < probability(text, prosody=FALLING)


@pytest.mark.parametrize("text", ["what time is it", "you are sure?"])
def test_a_question_may_rise(text: str) -> None:
    rising = replace(LEVEL, pitch_slope=15, pitch_end=4)
    assert probability(text, prosody=rising) == pytest.approx(probability(text, prosody=LEVEL))


@pytest.mark.parametrize(
    ("cue", "toward_the_end"),
    [("pitch_slope", -1), ("pitch_end", -1), ("level_slope", -1), ("lengthening", 1)],
)
def test_each_cue_of_the_sound_moves_the_probability_one_way_and_without_steps(
    cue: str, toward_the_end: int
) -> None:
    values = [toward_the_end * step / 10 for step in range(-600, 601)]
    found = [probability("the lamps", prosody=replace(LEVEL, **{cue: value})) for value in values]
    assert found == sorted(found)
    assert max(b - a for a, b in itertools.pairwise(found)) < 0.02
    assert found[-1] > found[0]


def test_sound_of_which_the_pitch_is_unknown_still_counts_its_level() -> None:
    voiceless = Prosody(pitch_slope=None, pitch_end=None, level_slope=-80, lengthening=1)
    assert probability("", prosody=voiceless) > 0.5


def test_a_detector_decides_on_the_probability_and_the_text_on_what_is_open() -> None:
    text = Completeness(0.2, open=True)
    assert combined(0.9, text) == Completeness(0.9, open=True)
    assert combined(1.5, text) == Completeness(1.0, open=True)
    assert combined(math.nan, text) == text
