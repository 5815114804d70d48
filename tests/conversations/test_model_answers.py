"""Conversations with a language model that uses tools, spoken to their end."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from hub.conversation.mind import Thought
from hub.conversation.model_mind import ModelMind
from hub.conversation.prompt import PromptBuilder
from hub.engines.base import EngineError
from tests.conversations.scenes import ask, commits, ended_turn, virtual
from tests.hub.conversation.scripted_model import (
    ScriptedModel,
    ScriptedTools,
    Step,
    call,
    fails,
    takes,
)
from tests.hub.home.small_home import small_home
from tests.virtual_house import Engines, house, now, pause, words


class ModelEngines(Engines):
    """Engines of a house where a model thinks; commands are the house's own."""

    def __init__(self, *scripts: Sequence[Step]) -> None:
        super().__init__()
        self.model = ScriptedModel(scripts)
        self.tools = ScriptedTools(
            {
                "thermometer": takes(2.5, "20 degrees"),
                "window": takes(0.5, "open"),
                "bulb": fails(),
            }
        )
        prompts = PromptBuilder(small_home())
        self.mind = ModelMind(self, self.model, self.tools, prompts, clock=now)

    def think(self, thought: Thought) -> AsyncIterator[str] | None:
        self.asked.append(thought)
        return self.mind.think(thought)

    @property
    def sentences(self) -> list[str]:
        return [text for _, text in self.spoken]


PAIR: Sequence[Step] = [call("thermometer", 1), call("window", 2, side="left")]
CONVERSATION: list[Sequence[Step]] = [
    PAIR,
    ["It is twenty degrees, ", 0.2, "and the window is open. ", call("bulb", 3)],
    ["The bulb does not react. ", "Shall I close the window?"],
    ["Outside it is ", "cold."],
]


@virtual
async def test_a_conversation_with_three_tools_is_spoken_to_its_end() -> None:
    engines = ModelEngines(*CONVERSATION)
    async with house(engines) as h:
        satellite = await h.add()
        await ask(satellite, "how is it in here")
        await satellite.until(lambda: len(h.turns) == 1)
        assert h.turns[0].outcome == "answered"
        assert engines.sentences[0] == "One moment."
        spoken = " ".join(engines.sentences)
        for sentence in (
            "It is twenty degrees, and the window is open.",
            "The bulb does not react.",
            "Shall I close the window?",
        ):
            assert sentence in spoken
        [asked, answered] = h.history()
        assert asked == ("user", "how is it in here")
        assert answered[1].endswith("Shall I close the window?")

        # The pair ran side by side, and nothing ran before the person had finished.
        (first_s, first, _), (second_s, second, arguments), (_, third, _) = engines.tools.called
        assert (first, second, third) == ("thermometer", "window", "bulb")
        assert second_s - first_s < 0.01
        assert arguments == {"side": "left"}
        assert first_s >= commits(satellite)[0]
        told = [one.content for one in engines.model.asked[2].messages if one.role == "tool"]
        assert told == ["20 degrees", "open", "Error: the bulb is broken."]

        # The hub asked, so it listens on.
        satellite.say(pause(400), words("is it cold outside"))
        await satellite.until(lambda: len(h.turns) == 2)
        await satellite.at_rest()
        assert (h.turns[1].transcript, h.turns[1].outcome) == ("is it cold outside", "answered")
        assert h.history()[-1] == ("assistant", "Outside it is cold.")
        assert engines.model.streaming == 0


@virtual
async def test_with_the_model_away_an_apology_is_spoken_and_commands_work() -> None:
    engines = ModelEngines(["Hello."])
    engines.model.away = EngineError("engine-missing", "nobody answers")
    async with house(engines) as h:
        satellite = await h.add()
        for number in (1, 2):
            await ask(satellite, "tell me a story")
            await ended_turn(h, satellite, number)
        assert len(engines.model.asked) == 1
        assert engines.sentences[0].startswith("Sorry, I can not think about that")
        await ask(satellite, "turn on the lamp")
        turn = await ended_turn(h, satellite, 3)
        assert (turn.outcome, turn.intent) == ("answered", "Command")
        assert [text for _, text in engines.acts] == ["turn on the lamp"]


@virtual
async def test_a_model_that_fails_is_told_in_a_sentence() -> None:
    engines = ModelEngines([EngineError("engine-failed", "out of memory")])
    async with house(engines) as h:
        satellite = await h.add()
        await ask(satellite, "tell me a story")
        turn = await ended_turn(h, satellite)
        assert turn.outcome == "failed"
        assert engines.sentences == ["Sorry failed."]


@virtual
async def test_speaking_on_before_the_end_of_the_pause_runs_no_tool_twice() -> None:
    engines = ModelEngines(PAIR, PAIR, ["It is warm."])
    async with house(engines) as h:
        satellite = await h.add()
        satellite.wake()
        satellite.say(pause(320), words("how is"), pause(500), words("it in here"))
        turn = await ended_turn(h, satellite)
        assert turn.transcript == "how is it in here"
        assert [name for _, name, _ in engines.tools.called] == ["thermometer", "window"]
        assert engines.tools.called[0][0] >= commits(satellite)[-1]


@virtual
async def test_a_stop_ends_the_model_and_its_tools() -> None:
    engines = ModelEngines(["I look at the thermometer. ", call("thermometer")], ["Warm."])
    async with house(engines) as h:
        satellite = await h.add()
        await ask(satellite, "how is it in here")
        await satellite.speaking()
        await asyncio.sleep(0.3)
        satellite.say(words("stop"))
        await ended_turn(h, satellite)
        assert engines.tools.cancelled == ["thermometer"]
        assert engines.model.streaming == 0


@pytest.mark.parametrize("wait_s", [5.0, 60.0])
@virtual
async def test_a_model_that_answers_late_holds_no_turn_for_ever(wait_s: float) -> None:
    engines = ModelEngines([wait_s, "It is warm."])
    async with house(engines) as h:
        satellite = await h.add()
        await ask(satellite, "how is it in here")
        turn = await ended_turn(h, satellite)
        assert turn.outcome == ("answered" if wait_s < 10 else "failed")
        assert engines.model.streaming == 0
