"""Commands are carried out once, and not faster than anybody needs."""

from dataclasses import replace

import pytest

from hub.mqtt.command_link import Delivery
from hub.mqtt.own_guard import BURST, MAX_DELIVERIES, MAX_IDS, PER_S, Rate, Repeats

FIRST = Delivery("a", b"toggle", 6, retained=False, repeated=False, number=7)


def test_what_the_broker_delivers_again_is_known() -> None:
    repeats = Repeats()
    assert not repeats.delivered(FIRST)
    assert repeats.delivered(replace(FIRST, repeated=True))


def test_what_the_broker_delivers_again_after_the_hub_died_is_new() -> None:
    assert not Repeats().delivered(replace(FIRST, repeated=True))


def test_the_same_command_given_twice_is_two_commands() -> None:
    repeats = Repeats()
    assert not repeats.delivered(FIRST)
    assert not repeats.delivered(FIRST)
    assert not repeats.delivered(replace(FIRST, number=8, repeated=True))
    assert not repeats.delivered(replace(FIRST, payload=b"stop", repeated=True))


def test_only_so_many_deliveries_and_ids_are_remembered() -> None:
    repeats = Repeats()
    assert not repeats.delivered(FIRST)
    assert not repeats.named("first")
    for number in range(MAX_DELIVERIES):
        repeats.delivered(replace(FIRST, number=100 + number))
    for number in range(MAX_IDS):
        repeats.named(number)
    assert not repeats.delivered(replace(FIRST, repeated=True))
    assert not repeats.named("first")


def test_a_command_without_an_id_is_never_a_repeated_one() -> None:
    repeats = Repeats()
    assert not repeats.named(None)
    assert not repeats.named(None)


def test_an_id_that_is_taken_back_may_be_used_again() -> None:
    repeats = Repeats()
    repeats.named("one")
    repeats.take_back("one")
    repeats.take_back(None)
    assert not repeats.named("one")


def test_a_burst_goes_at_once_and_what_follows_waits_its_time() -> None:
    now = 0.0
    rate = Rate(lambda: now)
    assert [rate.take() for _ in range(BURST)] == [0.0] * BURST
    assert rate.take() == pytest.approx(1 / PER_S)
    now += 1 / PER_S  # it has waited
    assert rate.take() == pytest.approx(1 / PER_S)
    now += 10_000.0
    assert [rate.take() for _ in range(BURST)] == [0.0] * BURST
    assert rate.take() > 0
