"""What guards the house is done after a yes, and never otherwise."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from hub.conversation.attempt import Setting
from hub.conversation.conversation import Conversation
from hub.conversation.home_mind import HomeMind
from hub.conversation.written import WrittenTurn
from hub.events import ToolAnswered, ToolCalled
from hub.home.actions import Actions
from hub.home.confirmations import MAX_PENDING, Confirmations
from hub.home.gate import PolicyGate
from hub.home.intents import IntentRecognizer
from hub.home.policy import Policy, Rule
from hub.origin import Origin
from hub.tools.audit import Audit, AuditEntry
from hub.tools.home_tools import HomeTools
from tests.hub.home.small_home import ObedientSink, small_home
from tests.hub.tools.audit_in_memory import AuditInMemory
from tests.virtual_time import run_virtual

FRONT: list[tuple[str, str, Mapping[str, Any]]] = [("front", "unlock", {})]


class House:
    """A home whose mind asks before it opens anything."""

    def __init__(self, *rules: Rule) -> None:
        clock = asyncio.get_running_loop().time
        self.home = small_home()
        self.told: list[ToolCalled | ToolAnswered] = []
        self.sink = ObedientSink(self.home)
        self.repository = AuditInMemory()
        self.audit = Audit(self.repository)
        confirmations = Confirmations(clock)
        gate = PolicyGate(
            self.home,
            Policy(self.home, rules),
            confirmations,
            noted=self.audit.stopped,
        )
        actions = Actions(self.home, self.sink, clock=clock, confirm_timeout_s=0.02, gate=gate)
        recognizers = [IntentRecognizer(self.home, one) for one in ("en", "de", "fr", "es")]
        self.mind = HomeMind(
            self.home,
            recognizers,
            actions,
            confirmations=confirmations,
            audit=self.audit,
            publish=self.told.append,
            clock=clock,
        )
        self.tools = HomeTools(self.home, actions)
        self.origin = Origin("Kitchen", "en", "kitchen-pi", None, "c1", 0)

    def next(self, **changes: Any) -> Origin:
        self.origin = replace(self.origin, turn=(self.origin.turn or 0) + 1)
        return replace(self.origin, **changes)

    async def say(self, text: str, **changes: Any) -> str | None:
        origin = self.next(**changes)
        understanding = self.mind.understand(text, origin)
        if understanding is None:
            return None
        return (await self.mind.act(understanding, origin)).text

    @property
    def done(self) -> list[tuple[str, str, Mapping[str, Any]]]:
        return [(one.device, one.verb, one.values) for one in self.sink.commands]

    async def audited(self) -> list[AuditEntry]:
        writing = asyncio.create_task(self.audit.run())
        await asyncio.sleep(0.01)
        writing.cancel()
        await asyncio.wait([writing])
        return self.repository.entries


@pytest.mark.parametrize(
    ("language", "command", "question", "yes"),
    [
        ("en", "unlock the front door", "Shall I unlock the Front Door?", "yes please"),
        ("de", "schließe front door auf", "Soll ich Front Door aufschließen?", "ja bitte"),
        ("fr", "déverrouille front door", "Dois-je déverrouiller Front Door ?", "oui, vas-y"),
        ("es", "abre el cerrojo de front door", "¿Quieres que desbloquee Front Door?", "sí, hazlo"),
    ],
)
def test_a_lock_is_opened_after_a_yes_in_the_language_of_the_speaker(
    language: str, command: str, question: str, yes: str
) -> None:
    async def main() -> None:
        house = House()
        assert await house.say(command, language=language) == question
        assert house.done == []
        assert await house.say(yes, language=language)
        assert house.done == FRONT

    run_virtual(main())


def test_what_waits_for_a_yes_is_told_as_asked_and_not_as_failed() -> None:
    async def main() -> None:
        house = House()
        await house.say("unlock the front door")
        await house.say("yes")
        answers = [(one.ok, one.asked) for one in house.told if isinstance(one, ToolAnswered)]
        assert answers == [(False, True), (True, False)]

    run_virtual(main())


@pytest.mark.parametrize(
    "text", ["open the garage door", "close the garage door", "unlock the back door"]
)
def test_doors_and_gates_are_asked_about(text: str) -> None:
    async def main() -> None:
        house = House()
        answer = await house.say(text)
        assert answer is not None
        assert answer.endswith("?")
        assert house.done == []

    run_virtual(main())


@pytest.mark.parametrize("text", ["lock the back door", "turn on the bed light"])
def test_what_is_harmless_is_done_at_once(text: str) -> None:
    async def main() -> None:
        house = House()
        await house.say(text)
        assert len(house.done) == 1

    run_virtual(main())


def test_a_no_leaves_it() -> None:
    async def main() -> None:
        house = House()
        await house.say("unlock the front door")
        assert await house.say("no thanks") == "All right, I leave it"
        assert await house.say("yes") is None
        assert house.done == []

    run_virtual(main())


def test_another_command_is_done_and_drops_the_question() -> None:
    async def main() -> None:
        house = House()
        await house.say("unlock the front door")
        await house.say("turn on the bed light")
        assert await house.say("yes") is None
        assert [device for device, *_ in house.done] == ["bed"]

    run_virtual(main())


def test_words_that_mean_nothing_drop_the_question_as_well() -> None:
    async def main() -> None:
        house = House()
        await house.say("unlock the front door")
        assert await house.say("tell me a story") is None
        assert await house.say("yes") is None
        assert house.done == []

    run_virtual(main())


def test_what_was_understood_on_the_way_to_a_yes_drops_nothing() -> None:
    async def main() -> None:
        house = House()
        await house.say("unlock the front door")
        origin = house.next()
        assert house.mind.understand("yes turn", origin) is None
        understanding = house.mind.understand("yes", origin)
        assert understanding is not None
        await house.mind.act(understanding, origin)
        assert house.done == FRONT

    run_virtual(main())


@pytest.mark.parametrize(("silence_s", "opened"), [(19, True), (25, False)])
def test_a_question_is_open_for_twenty_seconds_of_silence(silence_s: float, opened: bool) -> None:
    async def main() -> None:
        house = House()
        await house.say("unlock the front door")
        await asyncio.sleep(silence_s)
        assert (await house.say("yes") is not None) == opened
        assert house.done == (FRONT if opened else [])

    run_virtual(main())


def test_two_that_say_yes_at_once_open_it_once() -> None:
    async def main() -> None:
        house = House()
        await house.say("unlock the front door")
        origin = house.next()
        first, second = (house.mind.understand("yes", origin) for _ in range(2))
        assert first is not None
        assert second is not None
        replies = await asyncio.gather(
            house.mind.act(first, origin), house.mind.act(second, origin)
        )
        assert sorted(reply.ok for reply in replies) == [False, True]
        assert house.done == FRONT

    run_virtual(main())


@pytest.mark.parametrize(
    "other", [{"conversation": "c2"}, {"conversation": None}, {"person": "Ben"}, {"person": None}]
)
def test_only_who_asked_in_the_same_conversation_can_say_yes(other: dict[str, Any]) -> None:
    async def main() -> None:
        house = House()
        await house.say("unlock the front door", person="Anna")
        assert await house.say("yes", **{"person": "Anna", **other}) is None
        assert house.done == []

    run_virtual(main())


@pytest.mark.parametrize("asked", ["kitchen-pi", None])
def test_a_spoken_question_is_not_answered_in_writing_nor_a_written_one_by_voice(
    asked: str | None,
) -> None:
    async def main() -> None:
        house = House()
        await house.say("unlock the front door", satellite=asked)
        other = None if asked else "kitchen-pi"
        assert await house.say("yes", satellite=other) is None
        assert house.done == []
        await house.say("yes", satellite=asked)
        assert house.done == FRONT

    run_virtual(main())


def test_where_nobody_can_be_asked_it_is_not_done() -> None:
    async def main() -> None:
        house = House()
        answer = await house.say("unlock the front door", conversation=None)
        assert answer == "That needs somebody's yes, and I can ask nobody here"
        assert await house.say("yes", conversation=None) is None
        assert house.done == []

    run_virtual(main())


def test_of_two_questions_only_the_last_is_open() -> None:
    async def main() -> None:
        house = House()
        await house.say("unlock the front door")
        await house.say("open the garage door")
        await house.say("yes")
        assert await house.say("yes") is None
        assert house.done == [("garage", "open", {})]

    run_virtual(main())


def test_the_questions_of_too_many_conversations_do_not_pile_up() -> None:
    async def main() -> None:
        house = House()
        for number in range(MAX_PENDING + 1):
            await house.say("unlock the front door", conversation=f"c{number}")
        assert await house.say("yes", conversation="c0") is None
        assert await house.say("yes", conversation=f"c{MAX_PENDING}")

    run_virtual(main())


def test_a_model_that_wants_to_unlock_is_told_to_ask_and_the_yes_is_a_command() -> None:
    async def main() -> None:
        house = House()
        told = await house.tools.call(
            "control_device", {"action": "unlock", "name": "Front Door"}, house.next()
        )
        assert "Shall I unlock the Front Door?" in told
        assert house.done == []
        await house.say("yes")
        assert house.done == FRONT

    run_virtual(main())


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule("refuse", domains=("light",)), "Sorry, I am not allowed to do that"),
        (Rule("refuse", rooms=("kitchen",)), "Sorry, that is not allowed from this room"),
        (Rule("refuse", persons=("unknown",)), "Sorry, I may not do that for you"),
        (Rule("refuse", domains=("light",), words="Ask a grown-up"), "Ask a grown-up"),
    ],
)
def test_a_refusal_is_spoken_with_its_reason(rule: Rule, said: str) -> None:
    async def main() -> None:
        house = House(rule)
        assert await house.say("turn on the bed light") == said
        assert house.done == []

    run_virtual(main())


def test_what_is_no_device_can_be_refused_and_asked_about_too() -> None:
    async def main() -> None:
        house = House(Rule("refuse", tools=("HassGetCurrentTime",)))
        assert await house.say("what time is it") == "Sorry, I am not allowed to do that"

    run_virtual(main())


def test_who_writes_is_asked_as_well() -> None:
    async def main() -> None:
        house = House()
        clock = asyncio.get_running_loop().time
        conversation = Conversation("c9", "Kitchen", None, clock())
        setting = Setting(Origin("Kitchen", "en"))

        async def write(number: int, text: str) -> str:
            turn = WrittenTurn(number, house.mind, conversation, setting, clock)
            return "".join([part async for part in turn.answer(text)])

        assert await write(7, "unlock the front door") == "Shall I unlock the Front Door?"
        assert house.done == []
        await write(8, "yes, go ahead")
        assert house.done == FRONT

    run_virtual(main())


def test_everything_is_audited_with_its_turn() -> None:
    async def main() -> None:
        house = House()
        for text in ("turn on the bed light", "unlock the front door", "yes"):
            await house.say(text)
        for text in ("unlock the back door", "no"):
            await house.say(text)
        entries = await house.audited()
        assert [(one.origin.turn, one.verdict, one.code) for one in entries] == [
            (1, "allowed", "ok"),
            (2, "asked", "confirm"),
            (3, "confirmed", "ok"),
            (4, "asked", "confirm"),
            (5, "declined", "ok"),
        ]
        assert entries[0].tool == "HassTurnOn"
        assert "bed light" in entries[0].arguments.casefold()
        assert entries[2].origin.satellite == "kitchen-pi"

    run_virtual(main())


def test_the_home_tells_what_it_would_ask_about() -> None:
    home = small_home()
    gate = PolicyGate(home, Policy(home), Confirmations())
    actions = Actions(home, ObedientSink(home), gate=gate)
    recognizer = IntentRecognizer(home)
    for text, asks in (("unlock the front door", True), ("turn on the bed light", False)):
        match = recognizer.recognize(text, area=None)
        assert match is not None
        assert actions.needs_yes(match, Origin("Kitchen", "en")) is asks
