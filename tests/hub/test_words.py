"""A text of the hub keeps its name on the way to whoever shows it."""

import copy
import json

import orjson

from hub.engines.base import EngineError
from hub.words import Words, told, untold, worded


def gone() -> Words:
    return worded("device-gone", "{device} is gone.", device="Bed Light")


def test_a_text_is_its_english_to_whoever_shows_it() -> None:
    assert gone() == "Bed Light is gone."
    assert json.dumps(gone()) == '"Bed Light is gone."'
    assert orjson.dumps(gone()) == b'"Bed Light is gone."'


def test_a_text_keeps_its_name_in_an_error_and_in_a_copy() -> None:
    error = EngineError("engine-missing", gone())
    expected = {"key": "device-gone", "values": {"device": "Bed Light"}}
    assert told(str(error)) == expected
    assert told(copy.deepcopy(gone())) == expected


def test_a_text_that_was_put_together_has_no_name() -> None:
    assert told(f"Alas: {gone()}") is None
    assert told("Bed Light is gone.") is None


def test_a_text_within_a_text_keeps_its_name() -> None:
    whole = worded("voice-can-not", "The voice can not speak now: {why}.", why=gone())
    assert whole == "The voice can not speak now: Bed Light is gone.."
    named = told(whole)
    assert named is not None
    assert named["values"]["why"] == {
        "text": "Bed Light is gone.",
        "key": "device-gone",
        "values": {"device": "Bed Light"},
    }


def test_what_is_told_makes_the_same_text_in_another_process() -> None:
    whole = worded("voice-can-not", "The voice can not speak now: {why}.", why=gone())
    sent = json.loads(json.dumps({"text": str(whole), "named": told(whole)}))
    came = untold(sent["text"], sent["named"])
    assert came == whole
    assert told(came) == told(whole)
    assert untold("plain", None) == "plain"


def test_a_value_that_somebody_made_up_is_cut() -> None:
    long = worded("no-room", "There is no room '{room}'.", room="x" * 10_000)
    assert len(long) < 600


def test_braces_in_a_value_are_only_characters() -> None:
    assert worded("no-room", "There is no room '{room}'.", room="{room}") == (
        "There is no room '{room}'."
    )
