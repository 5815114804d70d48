import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing

import pytest

from hub.conversation import written
from hub.conversation.attempt import Setting
from hub.conversation.conversation import Conversation
from hub.conversation.mind import Reply, Thought, Understanding
from hub.conversation.written import WrittenTurn
from hub.engines.base import EngineError
from hub.origin import Origin
from tests.virtual_house import Engines, house, now, virtually


def new_conversation() -> Conversation:
    return Conversation("c1", "Kitchen", None, 0.0)


def turn(
    mind: Engines, conversation: Conversation, number: int = 1, area: str | None = "Kitchen"
) -> WrittenTurn:
    return WrittenTurn(number, mind, conversation, Setting(Origin(area, "en")), now)


async def ask(mind: Engines, conversation: Conversation, text: str) -> list[str]:
    return [part async for part in turn(mind, conversation).answer(text)]


def said(conversation: Conversation) -> list[tuple[str, str, bool]]:
    return [(m.role.value, m.text, m.interrupted) for m in conversation.history]


def slowly(*parts: str, wait_s: float = 1.0) -> Engines:
    """Return a mind that writes these parts, one a second."""

    def think(_: Thought) -> Iterable[tuple[float, str]]:
        return [(wait_s, part) for part in parts]

    return Engines(thoughts=think)


def test_a_command_is_done_and_answered() -> None:
    mind, conversation = Engines(), new_conversation()
    assert virtually(ask(mind, conversation, "turn on the lamp")) == ["Done."]
    assert [what for _, what in mind.acts] == ["turn on the lamp"]
    assert said(conversation) == [
        ("user", "turn on the lamp", False),
        ("assistant", "Done.", False),
    ]


def test_an_answer_is_read_as_it_is_written() -> None:
    async def main() -> list[tuple[float, str]]:
        answer = turn(slowly("It ", "rains."), new_conversation()).answer("how is the weather")
        return [(round(now(), 2), part) async for part in answer]

    assert virtually(main()) == [(1.0, "It "), (2.0, "rains.")]


def test_who_writes_asks_with_permission_to_act_from_the_start() -> None:
    mind = slowly("Yes.")
    virtually(ask(mind, new_conversation(), "is it late"))
    [thought] = mind.asked
    assert thought.committed.is_set()
    assert (thought.origin.area, thought.origin.language) == ("Kitchen", "en")


def test_what_was_said_before_is_known_and_what_is_written_is_asked_once() -> None:
    async def main() -> None:
        mind, conversation = slowly("It rains."), new_conversation()
        await ask(mind, conversation, "how is the weather")
        await ask(mind, conversation, "and tomorrow")
        assert mind.asked[1].messages == (
            ("user", "how is the weather"),
            ("assistant", "It rains."),
            ("user", "and tomorrow"),
        )

    virtually(main())


def test_text_joins_the_conversation_that_is_going_on_by_voice() -> None:
    async def main() -> None:
        mind = slowly("It rains.", wait_s=0.1)
        async with house(mind) as running:
            satellite = await running.add()
            await satellite.ask("how is the weather")
            await satellite.until(lambda: len(running.turns) == 1)
            conversation = running.house.conversations.join(running.conversation().id)
            assert conversation is not None
            answer = WrittenTurn(
                running.house.directory.next_turn(),
                running.house.parts.mind,
                conversation,
                Setting(Origin("Kitchen", "en")),
                now,
            ).answer("and tomorrow")
            assert [part async for part in answer] == ["It rains."]
            await satellite.at_rest()
            await satellite.ask("and on monday")
            await satellite.until(lambda: len(running.turns) == 2)
            assert [text for role, text in mind.asked[-1].messages if role == "user"] == [
                "how is the weather",
                "and tomorrow",
                "and on monday",
            ]
            assert len(running.history()) == 6

    virtually(main())


def test_an_answer_that_is_closed_early_stops_the_model_and_leaves_what_was_read() -> None:
    async def main() -> None:
        mind, conversation = slowly("It ", "rains ", "today."), new_conversation()
        async with aclosing(turn(mind, conversation).answer("how is the weather")) as answer:
            assert await anext(answer) == "It "
            assert await anext(answer) == "rains "
            assert mind.thinking == 1
        assert mind.thinking == 0
        assert said(conversation)[1:] == [("assistant", "It rains ", True)]

    virtually(main())


def test_a_conversation_rests_from_the_end_of_its_last_answer() -> None:
    async def main() -> float:
        conversation = new_conversation()
        await ask(slowly(*["word "] * 30), conversation, "tell me a story")
        return conversation.used_at

    assert virtually(main()) == pytest.approx(30, abs=0.01)


def test_an_answer_that_is_cancelled_while_it_is_waited_for_leaves_what_was_read() -> None:
    async def main() -> None:
        mind, conversation = slowly("It ", "rains ", "today."), new_conversation()
        asking = asyncio.create_task(ask(mind, conversation, "how is the weather"))
        await asyncio.sleep(1.5)
        asking.cancel()
        await asyncio.wait([asking])
        assert mind.thinking == 0
        assert said(conversation)[1:] == [("assistant", "It ", True)]

    virtually(main())


def test_without_anybody_to_think_it_is_told_that_it_was_not_understood() -> None:
    mind = Engines()
    parts = virtually(ask(mind, new_conversation(), "how is the weather"))
    assert parts == ["Sorry not-understood."]


class Failing(Engines):
    """A mind whose home and model are broken."""

    def act(self, *_: object, **__: object) -> "asyncio.Future[Reply]":  # type: ignore[override]
        raise EngineError("engine-failed", "no home")

    async def _stream(self, tokens: Iterable[tuple[float, str]]) -> AsyncIterator[str]:
        async for token in super()._stream(tokens):
            yield token
        raise EngineError("engine-failed", "no model")


def test_a_home_that_fails_is_apologised_for() -> None:
    assert virtually(ask(Failing(), new_conversation(), "turn on the lamp")) == ["Sorry failed."]


def test_a_model_that_fails_in_the_middle_is_apologised_for_after_what_it_wrote() -> None:
    mind, conversation = Failing(thoughts=lambda _: [(0.1, "It ")]), new_conversation()
    parts = virtually(ask(mind, conversation, "how is the weather"))
    assert parts == ["It ", "Sorry failed."]
    assert mind.thinking == 0


@pytest.mark.parametrize("parts", [("never",), ("It ", "never")])
def test_a_model_that_hangs_is_given_up(parts: tuple[str, ...]) -> None:
    def think(_: Thought) -> Iterable[tuple[float, str]]:
        return [(1000.0 if part == "never" else 0.0, part) for part in parts]

    async def main() -> tuple[list[str], float, int]:
        mind = Engines(thoughts=think)
        return await ask(mind, new_conversation(), "hello"), now(), mind.thinking

    texts, over, thinking = virtually(main())
    assert texts == [*parts[:-1], "Sorry failed."]
    assert over == pytest.approx(written.WORD_S, abs=0.1)
    assert thinking == 0


def test_a_home_that_hangs_is_given_up() -> None:
    async def main() -> tuple[list[str], float]:
        mind = Engines(act_s=1000)
        return await ask(mind, new_conversation(), "turn on the lamp"), now()

    texts, over = virtually(main())
    assert texts == ["Sorry failed."]
    assert over == pytest.approx(written.ACT_S, abs=0.1)


def test_a_command_is_understood_in_the_room_of_the_conversation() -> None:
    rooms = []

    class Noting(Engines):
        def understand(self, text: str, origin: Origin) -> Understanding | None:
            rooms.append((origin.area, origin.language))
            return super().understand(text, origin)

    virtually(ask(Noting(), new_conversation(), "turn on the lamp"))
    assert rooms == [("Kitchen", "en")]


def test_a_home_that_breaks_in_a_new_way_is_apologized_for() -> None:
    class Broken(Engines):
        async def act(self, understanding: Understanding, origin: Origin) -> Reply:
            raise KeyError("nobody thought of this")

    conversation = new_conversation()
    assert virtually(ask(Broken(), conversation, "turn on the lamp")) == ["Sorry failed."]
    assert said(conversation)[-1] == ("assistant", "Sorry failed.", False)
