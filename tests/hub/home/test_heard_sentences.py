import pytest

from hub.home.actions import ActionResult
from hub.home.heard_sentences import heard_sentences
from hub.home.phrases import Vocabulary, build
from hub.home.spoken_command import Slots, SpokenCommand
from hub.origin import Origin


async def nothing(slots: Slots, origin: Origin) -> ActionResult:
    raise AssertionError((slots, origin))


def command(*sentences: str, language: str = "en", **words: object) -> SpokenCommand:
    return SpokenCommand("Own", language, sentences, nothing, **words)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "heard"),
    [
        (command("movie night"), ["movie night"]),
        (command("film ab", language="de"), []),
        (
            command("<mode> in [the] {area}", rules={"mode": "(movie|film) night"}),
            ["((movie|film) night) in [the] {area}"],
        ),
        (
            command("play {station:which}", lists={"station": {"values": ["one", "jazz radio"]}}),
            ["play (one|jazz radio)"],
        ),
        (
            command("play {station}", lists={"station": {"values": [{"in": "one", "out": "1"}]}}),
            ["play (one)"],
        ),
        (command("say {text}", lists={"text": {"wildcard": True}}), []),
        (command("count to {n}", lists={"n": {"range": {"from": 1, "to": 9}}}), []),
        (command("play {s}", lists={"s": {"values": ["(a|b)"]}}), []),
        (command("<a>", rules={"a": "<a> more"}), []),
    ],
)
def test_own_sentences_are_heard_with_their_words_written_out(
    given: SpokenCommand, heard: list[str]
) -> None:
    assert heard_sentences([given], "en") == heard


def test_what_is_heard_can_be_said_to_the_grammar() -> None:
    said = heard_sentences(
        [command("<mode>", "play {s}", rules={"mode": "(movie|film) night"},
                 lists={"s": {"values": ["jazz radio"]}})],
        "en",
    )  # fmt: skip
    grammar = build(Vocabulary(), own=said)
    assert grammar.accepts("film night")
    assert grammar.accepts("play jazz radio")


def test_what_can_not_be_heard_is_told_and_the_rest_is_heard() -> None:
    told: list[str] = []
    grammar = build(Vocabulary(), own=["movie night", "play {nothing}", "("], refused=told.append)
    assert grammar.accepts("movie night")
    assert len(told) == 2
