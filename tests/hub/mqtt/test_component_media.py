import json
from typing import Any

import pytest

from tests.hub.mqtt.announcing import entity, sent, told

TV = {"command_topic": "tv/set", "state_topic": "tv"}


@pytest.mark.parametrize(
    ("verb", "values", "message"),
    [
        ("turn_on", {}, {"command": "turn_on"}),
        ("play", {}, {"command": "play"}),
        ("next", {}, {"command": "next"}),
        ("set_volume", {"volume": 40}, {"command": "volume", "volume": 40}),
        ("set_mute", {"muted": True}, {"command": "mute", "muted": True}),
    ],
)
def test_a_media_player_takes_orders(
    verb: str, values: dict[str, Any], message: dict[str, Any]
) -> None:
    ((topic, payload),) = sent("media_player", TV, verb, **values)
    assert (topic, json.loads(payload)) == ("tv/set", message)


def test_a_media_player_tells_what_it_does() -> None:
    report = {"state": "playing", "volume": 30.0, "muted": False, "title": "News"}
    state = told("media_player", TV, ("tv", json.dumps(report)))
    assert state.value == "playing"
    assert state.attributes == {"volume": 30, "muted": False, "title": "News"}


def test_a_media_player_offers_only_the_commands_it_lists() -> None:
    radio = entity("media_player", {**TV, "commands": ["turn_on", "volume", "fly"]})
    assert set(radio.commands) == {"turn_on", "set_volume"}


def test_only_a_player_that_says_so_looks_for_music_by_itself() -> None:
    assert "play_media" not in entity("media_player", TV).commands
    box = {**TV, "commands": ["play", "play_media"]}
    assert "play_media" in entity("media_player", box).features
    asked = {"query": "Abbey Road", "media_class": "album"}
    ((topic, payload),) = sent("media_player", box, "play_media", **asked)
    assert (topic, json.loads(payload)) == ("tv/set", {"command": "play_media", **asked})


@pytest.mark.parametrize("payload", ["", "[]", '{"state": "flying", "volume": "loud", "muted": 1}'])
def test_a_report_that_makes_no_sense_changes_nothing(payload: str) -> None:
    state = told("media_player", TV, ("tv", payload))
    assert (state.value, state.attributes) == ("unknown", {})


def test_the_weather_has_a_condition_and_figures() -> None:
    report = {"condition": "sunny", "temperature": 14.0, "humidity": 61, "mood": "good"}
    state = told("weather", {"state_topic": "w"}, ("w", json.dumps(report)))
    assert state.value == "sunny"
    assert state.attributes == {"temperature": 14, "humidity": 61}
    assert entity("weather", {"state_topic": "w", "temperature_unit": "°F"}).unit == "°F"
