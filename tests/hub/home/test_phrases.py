import json

import pytest

from bench.homes import large_home, spoken_home
from hub.conversation.handover import destination
from hub.home.intents import IntentRecognizer
from hub.home.model import AreaId
from hub.home.phrase_templates import LANGUAGES
from hub.home.phrases import Name, Vocabulary, build
from hub.home.vocabulary import vocabulary_of
from hub.timekeeping.sentences import TIME_SENTENCES


def test_every_sentence_that_can_be_heard_can_be_understood() -> None:
    home = spoken_home()
    recognizer = IntentRecognizer(home, more=(TIME_SENTENCES["en"],))
    sentences = build(vocabulary_of(home)).sample(300, seed=7)
    lost = [
        sentence
        for sentence in sentences
        if recognizer.recognize(sentence, area=AreaId("kitchen")) is None
        and sentence not in LANGUAGES["en"].alone
        and destination(sentence, "en") is None
    ]
    assert lost == []


@pytest.mark.parametrize(
    "sentence",
    ["turn on the bed light", "open the garage door", "set the kitchen lights to blue"],
)
def test_ordinary_commands_are_in_the_grammar(sentence: str) -> None:
    assert build(vocabulary_of(spoken_home())).accepts(sentence)


@pytest.mark.parametrize(
    "sentence", ["", "the bed light", "turn on the moon", "turn on the front door light", "hello"]
)
def test_other_sentences_are_not(sentence: str) -> None:
    assert not build(vocabulary_of(spoken_home())).accepts(sentence)


@pytest.mark.parametrize("begin", ["continue", "go on", "carry on"])
def test_a_conversation_can_be_sent_to_every_room_and_no_intent_takes_that(begin: str) -> None:
    home = spoken_home()
    grammar, recognizer = build(vocabulary_of(home)), IntentRecognizer(home)
    areas = [area.lower() for area in vocabulary_of(home).areas]
    assert len(areas) > 1
    for area in areas:
        for text in (
            f"{begin} in the {area}",
            f"{begin} in {area}",
            f"could you {begin} in the {area} for me",
        ):
            assert grammar.accepts(text), text
            assert destination(text, "en") == area
            assert recognizer.recognize(text, area=AreaId("kitchen")) is None, text


def test_a_conversation_can_not_be_sent_to_a_room_that_is_not_there() -> None:
    assert not build(vocabulary_of(spoken_home())).accepts("continue in the dungeon")
    assert not build(Vocabulary()).accepts("continue in the kitchen")


def test_interjections_can_be_heard_in_every_home_and_stand_alone() -> None:
    grammar = build(Vocabulary())
    assert [text for text in LANGUAGES["en"].alone if not grammar.accepts(text)] == []
    assert not grammar.accepts("could you okay")
    assert not grammar.accepts("thanks for me")


def test_numbers_are_spoken_as_words_and_written_as_digits() -> None:
    grammar = build(vocabulary_of(spoken_home()))
    assert grammar.numbers["seventy five#"] == "75"
    assert "75" in grammar.written(["to", "seventy five#", "percent"])


def test_names_are_said_only_where_their_kind_makes_sense() -> None:
    grammar = build(Vocabulary(names=(Name("Front Door", "lock"), Name("Lamp", "light"))))
    assert grammar.accepts("lock the front door")
    assert not grammar.accepts("lock the lamp")


def test_the_same_home_gives_the_same_grammar_and_it_can_be_sent_as_json() -> None:
    vocabulary = vocabulary_of(spoken_home())
    first, second = build(vocabulary).to_dict(), build(vocabulary).to_dict()
    assert json.dumps(first) == json.dumps(second)


def test_a_home_of_500_names_stays_small() -> None:
    grammar = build(vocabulary_of(large_home(500)))
    assert len(grammar.to_dict()["arcs"]) < 20_000
    assert len(json.dumps(grammar.to_dict())) < 4 * 1024 * 1024


def test_an_empty_home_can_still_be_asked_the_time() -> None:
    assert build(Vocabulary()).accepts("what time is it")


def test_kinds_of_covers_that_the_home_lacks_are_not_in_the_grammar() -> None:
    grammar = build(vocabulary_of(spoken_home()))
    assert grammar.accepts("close the kitchen windows")
    assert not grammar.accepts("lower blinds in the office")


def test_the_owners_own_sentences_are_in_the_grammar_with_the_homes_names() -> None:
    own = ("(movie|film) night", "dim [the] {name} a bit", "<switch> everything <on_off>")
    grammar = build(Vocabulary(names=(Name("Xyloth Lamp", "light"),)), own=own)
    for text in (
        "movie night",
        "please film night",
        "dim the xyloth lamp a bit",
        "switch everything off",
    ):
        assert grammar.accepts(text), text
    assert not grammar.accepts("night")
    assert not build(Vocabulary()).accepts("movie night")


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("turn (it|on", "can not be read"),
        ("play {song", "can not be read"),
        ("play {song}", "can not be said"),
        ("<dance> with me", "can not be said"),
        ("50 %", "can not be said"),
    ],
)
def test_an_own_sentence_that_can_not_be_heard_is_told(template: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        build(Vocabulary(), own=[template])
