"""Codes that the embedded recogniser hears."""

import pytest

from hub.home.heard_codes import code_sentences
from hub.home.intents import IntentRecognizer
from hub.home.keypad import CODE_KNOWN
from hub.home.model import Device, DeviceId, Home
from hub.home.phrases import build
from hub.home.spoken_codes import Code, only_code, with_code
from hub.home.vocabulary import vocabulary_of
from tests.hub.home.small_home import small_home


def home(*features: str) -> Home:
    made = small_home()
    wanting = frozenset({"state", *features})
    made.put(Device(DeviceId("alarm"), "Alarm", "alarm_control_panel", features=wanting))
    return made


@pytest.mark.parametrize(
    "text",
    [
        "one two three four",
        "my code is nine nine zero zero one",
        "disarm the alarm with code one two three four five six",
        "please unlock the front door with the code five six seven eight",
    ],
)
def test_codes_are_heard_where_something_wants_them(text: str) -> None:
    with_codes = home("code_to_disarm")
    grammar = build(vocabulary_of(with_codes), "en", own=code_sentences(with_codes))
    assert grammar.accepts(text)
    assert isinstance(only_code(text, "en"), Code) or with_code(text, "en") is not None


@pytest.mark.parametrize("features", [(), ("code_to_disarm", CODE_KNOWN)])
def test_no_code_is_heard_where_nobody_has_to_say_one(features: tuple[str, ...]) -> None:
    assert code_sentences(home(*features)) == ()


@pytest.mark.parametrize("text", ["disarm the alarm", "arm alarm"])
def test_an_alarm_panel_is_heard_and_understood(text: str) -> None:
    assert build(vocabulary_of(home()), "en").accepts(text)
    assert not build(vocabulary_of(small_home()), "en").accepts(text)
    assert IntentRecognizer(home()).recognize(text, area=None) is not None
