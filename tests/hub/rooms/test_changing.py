"""Changing a satellite's settings: who asked hears what became of it, whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hub.rooms.changing import ANSWER_S, MAX_WAITING, Changing, NotChanged
from protocol.errors import LinkClosed
from protocol.live_setting import LiveSetting
from protocol.schema import Message
from protocol.sotto_messages import Settings, SettingsTaken, Status
from tests.virtual_time import run_virtual


class Wire:
    closed = False

    def __init__(self) -> None:
        self.sent: list[Message] = []

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def close(self, reason: str) -> None:
        raise AssertionError(reason)

    def __aiter__(self) -> AsyncIterator[Message]:
        raise AssertionError


def test_answers_find_the_one_who_asked_also_out_of_order() -> None:
    async def main() -> None:
        changing, wire = Changing(frozenset({"settings"})), Wire()
        first, second = (
            asyncio.create_task(changing.change(wire, {"volume": volume})) for volume in (0.1, 0.2)
        )
        await asyncio.sleep(0.1)
        assert wire.sent == [Settings({"volume": 0.1}, 1), Settings({"volume": 0.2}, 2)]
        changing.taken(SettingsTaken(2, {"volume": 0.2}, {}))
        changing.taken(SettingsTaken(9, {}, {}))
        changing.taken(SettingsTaken(1, {"volume": 0.1}, {}))
        changing.taken(SettingsTaken(1, {"volume": 0.9}, {}))
        assert (await first, await second) == ({"volume": 0.1}, {"volume": 0.2})

    run_virtual(main())


def test_what_is_refused_is_an_error_in_words() -> None:
    async def main() -> None:
        changing, wire = Changing(frozenset({"settings"})), Wire()
        asked = asyncio.create_task(changing.change(wire, {"a": 1, "b": 2}))
        await asyncio.sleep(0.1)
        changing.taken(SettingsTaken(1, {}, {"a": "no a", "b": "no b"}))
        with pytest.raises(NotChanged, match="no a; no b") as caught:
            await asked
        assert caught.value.code == "bad-setting"

    run_virtual(main())


def test_a_satellite_that_does_not_answer_is_waited_for_so_long() -> None:
    async def main() -> None:
        changing, loop = Changing(frozenset({"settings"})), asyncio.get_running_loop()
        began = loop.time()
        with pytest.raises(NotChanged) as caught:
            await changing.change(Wire(), {"volume": 0.5})
        assert caught.value.code == "timeout"
        assert loop.time() - began == pytest.approx(ANSWER_S, abs=0.01)

    run_virtual(main())


def test_a_satellite_that_is_lost_is_not_waited_for() -> None:
    async def main() -> None:
        changing = Changing(frozenset({"settings"}))
        asked = asyncio.create_task(changing.change(Wire(), {"volume": 0.5}))
        await asyncio.sleep(0.1)
        changing.end()
        with pytest.raises(LinkClosed):
            await asked

    run_virtual(main())


def test_too_many_changes_at_once_are_refused() -> None:
    async def main() -> None:
        changing, wire = Changing(frozenset({"settings"})), Wire()
        waiting = [
            asyncio.create_task(changing.change(wire, {"volume": 0.5})) for _ in range(MAX_WAITING)
        ]
        await asyncio.sleep(0.1)
        with pytest.raises(NotChanged) as caught:
            await changing.change(wire, {"volume": 0.5})
        assert caught.value.code == "busy"
        changing.end()
        await asyncio.gather(*waiting, return_exceptions=True)

    run_virtual(main())


def test_an_older_satellite_is_told_and_not_waited_for_nor_asked_to_show_itself() -> None:
    async def main() -> None:
        changing, wire = Changing(frozenset()), Wire()
        assert await changing.change(wire, {"volume": 0.5}) == {"volume": 0.5}
        assert not await changing.identify(wire, 5)
        assert wire.sent == [Settings({"volume": 0.5})]

    run_virtual(main())


def status(**given: Any) -> Status:
    return Status("idle", muted=False, **given)


def test_what_a_status_leaves_out_is_as_it_was() -> None:
    changing = Changing(frozenset({"barge-in"}))
    assert changing.barge_in
    one = LiveSetting("volume", "number", 0.5, 1.0)
    changing.follow(status(settings=(one,), barge_in=False))
    changing.follow(status())
    assert (changing.settings, changing.barge_in) == ((one,), False)
