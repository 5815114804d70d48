import random

import pytest

from hub.conversation.echo import EchoGuard

SPOKEN = (
    "The living room is at 21 degrees, and outside it is raining. It will clear up this evening, "
    "with a little sun before it gets dark. Would you like me to close the blinds?"
)


def heard(text: str, spoken: str = SPOKEN, language: str = "en") -> bool:
    return EchoGuard(language).is_echo(text, spoken)


@pytest.mark.parametrize(
    "text",
    [
        "outside it is raining",
        "OUTSIDE, it is raining!",
        "and outside it is training it will clear up",  # one letter too many
        "it will clear up this morning",  # one word in six wrong
        "would like me to close the blind",
        "the living room is at twenty one degrees",
        "with little sun it gets dark",  # words missing
        SPOKEN,
    ],
)
def test_what_is_being_spoken_is_echo(text: str) -> None:
    assert heard(text)


@pytest.mark.parametrize(
    "text",
    [
        "what about the bedroom",
        "turn on the light in the living room",
        "raining is it outside",  # the same words the other way round
        "it is outside what about tomorrow",
        "outside it is raining and turn the lights off now",  # echo, and a person after it
        "close the window and the door",
    ],
)
def test_what_a_person_says_is_not_echo(text: str) -> None:
    assert not heard(text)


@pytest.mark.parametrize(("known", "echo"), [(6, False), (7, True)])
def test_seven_words_of_ten_make_an_echo(known: int, *, echo: bool) -> None:
    spoken = "one two three four five six seven eight nine ten"
    words = spoken.split()[:known] + ["other"] * (10 - known)
    assert heard(" ".join(words), spoken) is echo


def test_small_words_all_over_a_long_answer_are_not_echo() -> None:
    filling = " ".join(f"word{n}" for n in range(20))
    spoken = f"what {filling} is {filling} the {filling} time"
    assert not heard("what is the time", spoken)
    assert heard("what is the time", "what then is, you ask, the time")


@pytest.mark.parametrize(
    ("text", "echo"),
    [
        ("raining", True),
        ("Raining.", True),
        ("training", False),
        ("is raining", True),
        ("outside raining", False),
        ("21", True),
        ("twenty", True),
        ("yes", False),
    ],
)
def test_one_and_two_words_must_match_exactly(text: str, *, echo: bool) -> None:
    assert heard(text) is echo


@pytest.mark.parametrize("text", ["stop", "please stop", "stop it now please", "never mind"])
def test_a_stop_phrase_that_is_not_spoken_is_never_echo(text: str) -> None:
    assert not heard(text)


def test_a_stop_phrase_is_echo_only_as_a_whole() -> None:
    spoken = "The bus will stop at the station, so please wait there."
    assert heard("stop", spoken)
    assert heard("please wait", spoken)
    assert not heard("stop please", spoken)
    assert not heard("please stop now please wait", spoken)


def test_a_stop_phrase_before_or_after_echo_is_a_persons() -> None:
    assert not heard("and outside it is raining it will clear up stop")
    assert not heard("be quiet and outside it is raining it will clear up this evening")
    assert heard("stop at the station on the left", "First stop at the station to the left.")


@pytest.mark.parametrize(("text", "spoken"), [("", SPOKEN), ("?!", SPOKEN), ("raining", "")])
def test_nothing_is_no_echo(text: str, spoken: str) -> None:
    assert not heard(text, spoken)


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("en", "at seven thirty in the morning", "at 7:30 in the morning"),
        ("fr", "il fait vingt et un degrés dehors", "Il fait 21 degrés dehors."),
        ("de", "es sind einundzwanzig grad draussen", "Es sind 21 Grad draußen."),
        ("es", "hay treinta y dos grados fuera", "Hay 32 grados fuera."),
        ("de-AT", "es sind 21 grad", "es sind einundzwanzig Grad"),
    ],
)
def test_numbers_in_digits_are_the_same_as_in_words(language: str, text: str, spoken: str) -> None:
    assert heard(text, spoken, language)


def test_a_language_whose_numbers_are_not_known_still_compares_words() -> None:
    assert heard("alpha beta gamma 21", "alpha beta gamma 21 delta", "xx")
    assert not heard("alpha beta gamma twenty one", "alpha 21", "xx")


def test_every_stretch_of_an_answer_is_its_echo_wherever_it_is_cut() -> None:
    chance = random.Random(1)
    spoken = [f"{chance.choice('bcdfg')}{chance.choice('aeiou')}word{n}" for n in range(200)]
    guard = EchoGuard("en")
    for length in (1, 3, 7, 15, 40, 200):
        for start in range(0, 200 - length + 1, 3):
            stretch = spoken[start : start + length]
            if length > 3:
                stretch[1] = "misheard"
            assert guard.is_echo(" ".join(stretch), " ".join(spoken)), (start, length)
