import asyncio
from collections.abc import Sequence

import pytest
from structlog.testing import capture_logs

from hub.conversation.home_mind import HomeMind
from hub.conversation.mind import Thought
from hub.conversation.model_mind import RETRY_S, SETTLE_S, ModelMind
from hub.conversation.prompt import MAX_ANSWER_TOKENS, PromptBuilder
from hub.engines.base import EngineError, ModelInfo
from hub.home.actions import Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import Device, DeviceId
from hub.origin import Origin
from hub.tools.home_tools import HomeTools
from tests.conversations.scenes import virtual
from tests.hub.conversation.scripted_model import ScriptedModel, Step, call
from tests.hub.home.small_home import ObedientSink, small_home
from tests.virtual_house import now
from tests.virtual_time import run_virtual

GONE = EngineError("engine-missing", "nobody answers")
SLOW = EngineError("engine-timeout", "no word")


class Minded:
    """A mind over a small home and a scripted model."""

    def __init__(self, *scripts: Sequence[Step], info: ModelInfo | None = None) -> None:
        self.home = small_home()
        self.sink = ObedientSink(self.home)
        actions = Actions(self.home, self.sink, confirm_timeout_s=0.02)
        self.model = ScriptedModel(scripts)
        if info is not None:
            self.model.info = info
        self.prompts = PromptBuilder(self.home)
        home_mind = HomeMind(self.home, [IntentRecognizer(self.home)], actions)
        tools = HomeTools(self.home, actions)
        self.changes: list[tuple[bool, str]] = []
        self.mind = ModelMind(
            home_mind,
            self.model,
            tools,
            self.prompts,
            clock=now,
            changed=lambda *change: self.changes.append(change),
        )

    async def ask(self, text: str = "tell me something", language: str = "en") -> str:
        committed = asyncio.Event()
        committed.set()
        thought = Thought((("user", text),), Origin("Kitchen", language), committed)
        answer = self.mind.think(thought)
        assert answer is not None
        return "".join([part async for part in answer])


async def test_what_the_home_understands_is_done_without_the_model() -> None:
    minded = Minded([GONE])
    found = minded.mind.understand("turn on the bed light", Origin("Kitchen", "en"))
    assert found is not None
    reply = await minded.mind.act(found, Origin("Kitchen", "en"))
    assert (reply.text, reply.ok) == ("Turned on the light", True)
    assert minded.mind.remark("here", "fr") == "Me voici"
    assert minded.model.asked == []


async def test_the_model_acts_on_the_home_and_tells() -> None:
    on = call("control_device", action="on", name="bed light")
    minded = Minded([on], ["The bed light is on."])
    assert await minded.ask("it is dark in bed") == "The bed light is on."
    assert [(one.device, one.verb) for one in minded.sink.commands] == [("bed", "turn_on")]
    first, second = minded.model.asked
    assert second.messages[: len(first.messages)] == first.messages
    assert second.messages[-1].content == "Done. Bed Light: turn_on, now on, brightness 10."


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Sorry"), ("de", "Darüber"), ("fr", "Désolé"), ("es", "Lo siento")],
)
def test_a_model_that_is_away_is_apologized_for_and_left_alone(language: str, said: str) -> None:
    async def run() -> None:
        minded = Minded(["Hello."])
        minded.model.away = GONE
        for _ in range(5):
            assert (await minded.ask(language=language)).startswith(said)
            await asyncio.sleep(1)
        assert len(minded.model.asked) == 1
        minded.model.away = None
        await asyncio.sleep(20)
        assert await minded.ask() == "Hello."
        assert await minded.ask() == "Hello."

    run_virtual(run())


def test_a_model_that_is_too_slow_is_left_alone_too() -> None:
    async def run() -> None:
        minded = Minded([15.0, SLOW])
        assert (await minded.ask()).startswith("Sorry")
        began = now()
        assert (await minded.ask()).startswith("Sorry")
        assert now() - began < 0.01

    run_virtual(run())


async def test_other_failures_are_errors_and_the_next_turn_asks_again() -> None:
    minded = Minded([EngineError("engine-failed", "out of memory")], ["Hello."])
    with pytest.raises(EngineError):
        await minded.ask()
    assert await minded.ask() == "Hello."


async def test_a_failure_after_words_is_an_error() -> None:
    minded = Minded(["Well, ", SLOW])
    with pytest.raises(EngineError):
        await minded.ask()


def test_the_model_is_warmed_up_at_the_start_and_when_the_home_changes() -> None:
    async def run() -> None:
        minded = Minded(["Hello."], info=ModelInfo("small", 3000, can_call_tools=True))
        minded.home.on_structure_changed(minded.mind.home_changed)
        async with asyncio.TaskGroup() as tasks:
            keeping = tasks.create_task(minded.mind.keep_warm())
            await asyncio.sleep(60)
            assert len(minded.model.warmed) == 1
            for number in range(3):
                minded.home.put(Device(DeviceId(f"n{number}"), f"Fountain {number}", "switch"))
                await asyncio.sleep(0.1)
            await asyncio.sleep(2 * SETTLE_S)
            keeping.cancel()
        assert 2 <= len(minded.model.warmed) <= 3
        assert minded.prompts.context_tokens == 3000
        warmed = minded.model.warmed[-1]
        assert "Fountain 2" in warmed.messages[0].content
        await minded.ask()
        assert minded.model.asked[0].messages[0] == warmed.messages[0]
        assert minded.model.asked[0].tools == warmed.tools

    run_virtual(run())


def test_a_model_that_is_away_at_the_start_is_looked_for_again() -> None:
    async def run() -> None:
        minded = Minded(["Hello."])
        minded.model.away = GONE
        keeping = asyncio.create_task(minded.mind.keep_warm())
        await asyncio.sleep(1)
        assert (await minded.ask()).startswith("Sorry")
        assert minded.model.asked == []
        minded.model.away = None
        await asyncio.sleep(RETRY_S)
        assert await minded.ask() == "Hello."
        keeping.cancel()
        await asyncio.wait([keeping])

    run_virtual(run())


def test_a_model_that_comes_goes_and_fails_is_told_of_once_each() -> None:
    async def run() -> None:
        broken = EngineError("engine-failed", "out of memory")
        large = EngineError("bad-request", "too long")
        minded = Minded([large], [broken], [broken], ["Hello."], ["Hello."])
        minded.model.away = GONE
        keeping = asyncio.create_task(minded.mind.keep_warm())
        await asyncio.sleep(2 * RETRY_S + 1)
        assert minded.changes == [(False, "nobody answers")]
        minded.model.away = None
        await asyncio.sleep(RETRY_S)
        there = (True, "scripted, 8192 tokens")
        assert minded.changes == [(False, "nobody answers"), there]
        for _ in range(3):
            with pytest.raises(EngineError):
                await minded.ask()
        assert minded.changes[2:] == [(False, "out of memory")]
        for _ in range(2):
            await minded.ask()
        assert minded.changes[3:] == [there]
        keeping.cancel()
        await asyncio.wait([keeping])

    run_virtual(run())


def test_a_model_that_fails_in_a_way_of_its_own_is_looked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> None:
        minded = Minded(["Hello."])

        async def broken(*_: object) -> None:
            raise OverflowError("port must be 0-65535")

        with monkeypatch.context() as patch, capture_logs() as logs:
            patch.setattr(ScriptedModel, "warm_up", broken)
            keeping = asyncio.create_task(minded.mind.keep_warm())
            await asyncio.sleep(1)
        assert [entry["error"] for entry in logs] == ["OverflowError: port must be 0-65535"]
        assert not keeping.done()
        await asyncio.sleep(RETRY_S)
        assert len(minded.model.warmed) == 1
        keeping.cancel()
        await asyncio.wait([keeping])

    run_virtual(run())


@virtual
async def test_a_prompt_that_fills_the_context_makes_the_next_ones_smaller() -> None:
    minded = Minded(["Hello."], info=ModelInfo("small", 8000, can_call_tools=True))
    keeping = asyncio.create_task(minded.mind.keep_warm())
    await asyncio.sleep(1)
    for prompt_tokens in (None, 1000, 8000 - MAX_ANSWER_TOKENS):
        minded.model.prompt_tokens = prompt_tokens
        await minded.ask()
        assert minded.prompts.context_tokens == 8000
    minded.model.prompt_tokens = 7900
    with capture_logs() as logs:
        await minded.ask()
    assert [entry["event"] for entry in logs] == ["the prompt fills the model's context"]
    assert minded.prompts.context_tokens == 6000
    # It stays so when the model is looked at again, and it has an end.
    minded.mind.home_changed()
    await asyncio.sleep(SETTLE_S + 1)
    assert minded.prompts.context_tokens == 6000
    for _ in range(10):
        await minded.ask()
    assert minded.prompts.context_tokens == 3200
    keeping.cancel()
    await asyncio.wait([keeping])


@virtual
async def test_a_model_without_tools_is_offered_none() -> None:
    minded = Minded(["Hello."], info=ModelInfo("small", 8192, can_call_tools=False))
    keeping = asyncio.create_task(minded.mind.keep_warm())
    await asyncio.sleep(0.01)
    keeping.cancel()
    await asyncio.wait([keeping])
    await minded.ask()
    assert minded.model.asked[0].tools == ()
