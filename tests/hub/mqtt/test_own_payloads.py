"""Payloads of commands: whatever comes, it is understood or refused in a line."""

import random

import pytest

from hub.controlling import ControlError
from hub.mqtt.own_payloads import COMMANDS, MAX_ID_CHARS, Confirm, Say, command_id, read

PIECES = [
    b"{",
    b"}",
    b'"text"',
    b":",
    b"1e999",
    b"[[",
    b"null",
    b'"\\ud800"',
    b"\xff",
    b"\0",
    b'{"id":true}',
    b'{"text":"a","within_s":NaN}',
    b"-1",
    b"ON",
    "🎤".encode(),
]


@pytest.mark.parametrize("command", [*COMMANDS, "", "dance"])
def test_rubbish_is_refused_in_one_short_line(command: str) -> None:
    chance = random.Random(7)
    for _ in range(300):
        payload = b"".join(chance.choices(PIECES, k=chance.randint(0, 6)))
        command_id(payload)
        refusal = _refusal(command, payload)
        assert "\n" not in refusal
        assert len(refusal) < 400


@pytest.mark.parametrize("payload", [b'{"a":' * 20_000, b"[" * 60_000, b'{"text":' + b"9" * 60_000])
def test_deep_and_long_payloads_cost_nothing(payload: bytes) -> None:
    assert command_id(payload) is None
    if payload.startswith(b"{"):
        with pytest.raises(ControlError, match=r"no JSON|text"):
            read("announce", payload)


@pytest.mark.parametrize(
    ("payload", "named"),
    [
        (b'{"id": "a"}', "a"),
        (b'{"id": 7}', 7),
        (b'{"id": true}', None),
        (b'{"id": 1.5}', None),
        (b'{"id": "%s"}' % (b"x" * (MAX_ID_CHARS + 1)), None),
        (b"plain", None),
        (b"[]", None),
    ],
)
def test_the_id_is_found_also_where_the_rest_is_wrong(
    payload: bytes, named: str | int | None
) -> None:
    assert command_id(payload) == named


def test_one_room_and_several_are_all_meant_once() -> None:
    payload = read("announce", b'{"text": "a", "room": "A", "rooms": ["B", "A"]}')
    assert isinstance(payload, Say)
    assert payload.all_rooms == ("A", "B")


def _refusal(command: str, payload: bytes) -> str:
    """Why a payload is refused; nothing where it is not."""
    try:
        read(command, payload)
    except ControlError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("named", [b"1.5", b"true", b"[]", b'""', b'"%s"' % (b"x" * 121)])
def test_an_id_that_is_none_is_refused_in_words_of_a_person(named: bytes) -> None:
    assert _refusal("listen", b'{"id": %s}' % named) == (
        "id: a whole number, or text of 1 to 120 characters, is expected."
    )


def test_the_entry_of_a_list_that_is_wrong_is_named() -> None:
    assert _refusal("announce", b'{"text": "a", "rooms": ["Hall", 3]}').startswith("rooms.1: ")


def test_an_announcement_may_have_a_volume_in_percent_and_come_several_times() -> None:
    payload = read("announce", b'{"text": "a", "volume": 80, "times": 5, "pause_s": 20}')
    assert isinstance(payload, Say)
    said = payload.announcement((), ())
    assert (said.volume, said.times, said.pause_s) == (0.8, 5, 20)
    assert read("announce", b"a") == Say(text="a")
    assert _refusal("announce", b'{"text": "a", "times": 21}').startswith("times: ")
    assert _refusal("announce", b'{"text": "a", "volume": 101}').startswith("volume: ")


def test_what_is_confirmed_is_named_by_its_id_or_not_at_all() -> None:
    assert read("confirm", b"PRESS") == read("confirm", b"") == Confirm()
    assert read("confirm", b"door-3") == Confirm(announcement="door-3")
    assert read("confirm", b'{"announcement": 4, "id": "c"}') == Confirm(announcement=4, id="c")
