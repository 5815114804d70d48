import pytest
from hassil.intents import Intents
from hassil.recognize import recognize_best
from home_assistant_intents import get_intents

from hub.home.prefilter import Prefilter
from hub.sentence_check.checked_home import CheckedHome
from hub.sentence_check.home_words import LANGUAGES, WILDCARDS
from hub.sentence_check.sampling import Sampler, templates


def loaded(language: str) -> Intents:
    return Intents.from_dict(get_intents(language) or {})


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_left_gives_the_same_results(language: str) -> None:
    intents, home = loaded(language), CheckedHome(language)
    prefilter = Prefilter(intents)
    sampler = Sampler(intents, language, home.lists(), WILDCARDS[language], seed=5)
    for template in list(templates(intents))[::25]:
        text = sampler.draw(template).text
        slow = recognize_best(
            text, intents, slot_lists=dict(home.lists()), best_slot_name="name", language=language
        )
        fast = recognize_best(
            text, prefilter.narrowed(text), slot_lists=dict(home.lists()), best_slot_name="name",
            language=language,
        )  # fmt: skip
        assert (slow is None) == (fast is None), text
        if slow is not None and fast is not None:
            assert fast.intent.name == slow.intent.name, text
            assert fast.entities == slow.entities, text


def test_most_sentences_are_left_out() -> None:
    intents = loaded("en")
    left = Prefilter(intents).narrowed("turn on the kitchen lights")
    count = [
        sum(len(data.sentences) for intent in some.intents.values() for data in intent.data)
        for some in (intents, left)
    ]
    assert 0 < count[1] < count[0] / 5
    assert "HassTurnOn" in left.intents


def test_the_sentences_themselves_are_not_changed() -> None:
    intents = loaded("en")
    before = {name: len(intent.data) for name, intent in intents.intents.items()}
    prefilter = Prefilter(intents)
    prefilter.narrowed("pause")
    assert {name: len(intent.data) for name, intent in intents.intents.items()} == before
    assert "HassTurnOn" in prefilter.narrowed("turn on the kitchen lights").intents


def test_where_spaces_are_ignored_nothing_is_left_out() -> None:
    intents = loaded("en")
    intents.settings.ignore_whitespace = True
    assert Prefilter(intents).narrowed("turn on the kitchen lights") is intents
