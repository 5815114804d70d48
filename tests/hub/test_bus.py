import asyncio

from hub.bus import Bus
from hub.events import Fact, HomeChanged


async def test_every_subscriber_gets_every_fact_in_order() -> None:
    bus = Bus()
    with bus.subscribe() as first, bus.subscribe() as second:
        facts: list[Fact] = [HomeChanged(0, n) for n in range(5)]
        for fact in facts:
            bus.publish(fact)
        for subscription in (first, second):
            got = []
            async with asyncio.timeout(30):
                async for fact in subscription:
                    got.append(fact)
                    if len(got) == 5:
                        break
            assert got == facts


async def test_a_slow_subscriber_loses_the_oldest_and_knows_how_many() -> None:
    bus = Bus()
    with bus.subscribe(backlog=3) as slow:
        for n in range(10):
            bus.publish(HomeChanged(0, n))
        assert slow.lost == 7
        async with asyncio.timeout(30):
            async for fact in slow:
                assert fact == HomeChanged(0, 7)
                break


async def test_nobody_is_told_after_the_end_of_a_subscription() -> None:
    bus = Bus()
    with bus.subscribe(backlog=1) as ended:
        pass
    bus.publish(HomeChanged(0, 1))
    bus.publish(HomeChanged(0, 2))
    assert ended.lost == 0
