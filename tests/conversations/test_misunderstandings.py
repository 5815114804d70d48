"""What is said around a command, and what only sounds like one to us."""

import pytest

from hub.conversation.mind import Understanding
from hub.origin import Origin
from tests.conversations.heard import virtual
from tests.satellite.waking_doubles import called
from tests.virtual_house import Engines, house, now


@virtual
async def test_the_wake_word_in_front_of_a_command_is_no_part_of_it() -> None:
    async with house() as h:
        satellite = await h.add()
        satellite.satellite.listen_with(called("hey_sotto"))
        await satellite.ask("um hey sotto turn on the lamp")
        await satellite.at_rest()
        assert h.turns[-1].outcome == "answered"
        assert [text for _, text in h.engines.acts] == ["turn on the lamp"]


@virtual
async def test_continue_in_what_is_no_room_is_a_sentence_like_any_other() -> None:
    async with house(Engines(thoughts=lambda _: [(0.02, "As you like.")])) as h:
        satellite = await h.add()
        await satellite.ask("continue in a bit")
        await satellite.at_rest()
        assert h.turns[-1].outcome == "answered"
        assert h.engines.asked[-1].messages[-1] == ("user", "continue in a bit")


class Confused(Engines):
    """A mind with a fault in it."""

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        if not self.acts and len(self.heard) < 2:
            raise RuntimeError("a fault")
        return super().understand(text, origin)


@virtual
async def test_a_fault_in_understanding_is_told_and_the_next_turn_works() -> None:
    async with house(Confused()) as h:
        satellite = await h.add()
        await satellite.ask("turn on the lamp")
        stopped = now() + 0.32 + 4 * 0.32
        told = await satellite.speaking()
        assert told - stopped == pytest.approx(0.3, abs=0.2)
        await satellite.at_rest()
        assert h.turns[-1].outcome == "failed"
        await satellite.ask("turn on the lamp")
        await satellite.at_rest()
        assert h.turns[-1].outcome == "answered"
