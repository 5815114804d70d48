import pytest

from hub.conversation.agreement import LocalAgreement


def test_nothing_is_agreed_after_one_hypothesis() -> None:
    assert LocalAgreement().feed("turn on") == ""


def test_words_that_two_hypotheses_share_are_agreed() -> None:
    agreement = LocalAgreement()
    agreement.feed("turn of")
    assert agreement.feed("turn on the") == "turn"
    assert agreement.feed("turn on the kitchen") == "turn on the"


def test_agreed_words_stay_where_a_later_hypothesis_contradicts() -> None:
    agreement = LocalAgreement()
    agreement.feed("turn on the")
    agreement.feed("turn on the")
    assert agreement.feed("earn on a") == "turn on the"
    agreement.feed("earn on a lamp")
    assert agreement.feed("earn on a lamp") == "turn on the lamp"


def test_case_and_punctuation_do_not_matter_and_the_later_spelling_stays() -> None:
    agreement = LocalAgreement()
    agreement.feed("Turn on, the.")
    assert agreement.feed("turn on the light") == "turn on the"


def test_more_hypotheses_can_be_asked_to_agree() -> None:
    agreement = LocalAgreement(3)
    agreement.feed("yes")
    assert agreement.feed("yes") == ""
    assert agreement.feed("yes please") == "yes"


def test_an_empty_hypothesis_agrees_on_nothing() -> None:
    agreement = LocalAgreement()
    agreement.feed("yes")
    assert agreement.feed("") == ""
    assert agreement.feed("yes") == ""


def test_signs_alone_are_words_that_can_be_agreed_on() -> None:
    agreement = LocalAgreement()
    agreement.feed("5 % of")
    assert agreement.feed("5 & of") == "5"


def test_one_hypothesis_can_not_agree_with_itself() -> None:
    with pytest.raises(ValueError, match="two"):
        LocalAgreement(1)
