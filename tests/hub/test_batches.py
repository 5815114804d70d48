"""What waits to be kept: on virtual time, before a store that fails, hangs and comes back."""

import asyncio
from collections.abc import Sequence

import pytest

from hub import batches as module
from hub.batches import LAST_WRITES_S, RETRY_S, Batches
from tests.virtual_time import run_virtual


class Keeper:
    """A store of numbers."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.fails = False
        self.hangs = False

    async def keep(self, batch: Sequence[int]) -> None:
        """Keep a batch, or not."""
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise OSError("the disk is full")
        self.batches.append(list(batch))


def made(keeper: Keeper, most_waiting: int = 100) -> Batches[int]:
    return Batches("numbers", keeper.keep, most_waiting=most_waiting, most_at_once=3)


async def ended(running: "asyncio.Task[None]") -> None:
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, object]]]:
    found: list[tuple[str, dict[str, object]]] = []
    for level in ("error", "info"):
        monkeypatch.setattr(
            module.log, level, lambda event, **values: found.append((event, values))
        )
    return found


def test_what_waits_is_kept_in_order_and_not_too_much_at_once() -> None:
    async def main() -> None:
        keeper = Keeper()
        batches = made(keeper)
        for number in range(7):
            assert batches.add(number)
        running = asyncio.create_task(batches.run())
        await asyncio.sleep(1)
        assert keeper.batches == [[0, 1, 2], [3, 4, 5], [6]]
        await ended(running)

    run_virtual(main())


def test_a_store_that_fails_is_tried_again_told_of_once_and_loses_nothing(
    told: list[tuple[str, dict[str, object]]],
) -> None:
    async def main() -> None:
        keeper = Keeper()
        keeper.fails = True
        batches = made(keeper)
        running = asyncio.create_task(batches.run())
        batches.add(1)
        await asyncio.sleep(2.5 * RETRY_S)
        batches.add(2)
        keeper.fails = False
        await asyncio.sleep(RETRY_S)
        assert keeper.batches == [[1, 2]]
        await ended(running)

    run_virtual(main())
    assert told == [
        ("the store takes nothing for now", {"what": "numbers", "error": "the disk is full"}),
        ("the store takes what waits again", {"what": "numbers", "lost": 0}),
    ]


def test_what_finds_no_room_is_counted() -> None:
    batches = made(Keeper(), most_waiting=2)
    assert [batches.add(number) for number in range(4)] == [True, True, False, False]
    assert (batches.waiting, batches.lost) == (2, 2)


def test_what_waits_can_be_let_go_of_also_while_it_is_tried_again() -> None:
    async def main() -> None:
        keeper = Keeper()
        keeper.fails = True
        batches = made(keeper)
        running = asyncio.create_task(batches.run())
        for number in range(6):
            batches.add(number)
        await asyncio.sleep(1)
        async with batches.still:
            assert batches.drop(lambda number: number % 2 == 1) == [1, 3, 5]
        assert batches.waiting == 3
        keeper.fails = False
        await asyncio.sleep(RETRY_S)
        assert keeper.batches == [[0, 2, 4]]
        await ended(running)

    run_virtual(main())


def test_what_comes_after_something_was_let_go_of_is_kept() -> None:
    async def main() -> None:
        keeper = Keeper()
        batches = made(keeper)
        running = asyncio.create_task(batches.run())
        await asyncio.sleep(1)
        async with batches.still:
            assert batches.drop(lambda _: True) == []
        batches.add(1)
        await asyncio.sleep(1)
        assert keeper.batches == [[1]]
        await ended(running)

    run_virtual(main())


def test_nothing_is_kept_while_somebody_wants_it_still() -> None:
    async def main() -> None:
        keeper = Keeper()
        batches = made(keeper)
        running = asyncio.create_task(batches.run())
        async with batches.still:
            batches.add(1)
            await asyncio.sleep(1)
            assert (keeper.batches, batches.waiting) == ([], 1)
        await asyncio.sleep(1)
        assert keeper.batches == [[1]]
        await ended(running)

    run_virtual(main())


def test_what_is_left_at_the_end_is_kept() -> None:
    async def main() -> None:
        keeper = Keeper()
        batches = made(keeper)
        running = asyncio.create_task(batches.run())
        await asyncio.sleep(1)
        for number in range(5):
            batches.add(number)
        await ended(running)
        assert keeper.batches == [[0, 1, 2], [3, 4]]

    run_virtual(main())


def test_a_store_that_hangs_holds_up_the_end_for_a_limited_time_in_all(
    told: list[tuple[str, dict[str, object]]],
) -> None:
    async def main() -> None:
        keeper = Keeper()
        keeper.hangs = True
        batches = made(keeper)
        running = asyncio.create_task(batches.run())
        for number in range(50):
            batches.add(number)
        await asyncio.sleep(1)
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        await ended(running)
        assert loop.time() - began_s == pytest.approx(LAST_WRITES_S)

    run_virtual(main())
    assert told == [("not kept before the hub ended", {"what": "numbers", "count": 50})]
