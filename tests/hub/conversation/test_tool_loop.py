import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import pytest

from hub.conversation.tool_loop import (
    CHAR_S,
    MAX_CALLS,
    MAX_CHARS,
    MAX_STEPS,
    NEXT_SIGN_S,
    ToolLoop,
)
from hub.conversation.tool_run import MAX_RESULT_CHARS, Setting, ToolRunner
from hub.engines.base import ChatMessage, ChatRequest, EngineError, MustAsk, ToolCall
from hub.origin import Origin
from tests.hub.conversation.scripted_model import (
    ScriptedModel,
    ScriptedTools,
    Step,
    ToolBody,
    call,
    fails,
    takes,
)
from tests.virtual_house import now
from tests.virtual_time import run_virtual


@dataclass
class Run:
    """What came of one answer."""

    model: ScriptedModel
    tools: ScriptedTools
    parts: list[tuple[float, str]] = field(default_factory=list)
    error: EngineError | None = None

    @property
    def text(self) -> str:
        return "".join(part for _, part in self.parts)

    def results(self, step: int = 1) -> list[str]:
        """What the model was told by its tools when it was asked for the step after `step`."""
        return [one.content for one in self.model.asked[step].messages if one.role == "tool"]


def answer(
    *scripts: Sequence[Step], commit_s: float | None = 0.0, language: str = "en", **tools: ToolBody
) -> Run:
    """Let a model answer; the person has finished after `commit_s`."""

    async def run() -> Run:
        done = Run(ScriptedModel(scripts), ScriptedTools(tools))
        committed = asyncio.Event()
        if commit_s is not None:
            asyncio.get_running_loop().call_later(commit_s, committed.set)
        loop = ToolLoop(done.model, ToolRunner(done.tools))
        request = ChatRequest((ChatMessage("user", "How is it?"),), tuple(done.tools.specs()))
        try:
            async with aclosing(
                loop.run(request, Setting(Origin("Kitchen", language), committed))
            ) as stream:
                async for part in stream:
                    done.parts.append((now(), part))
        except EngineError as error:
            done.error = error
        assert done.model.streaming == 0
        assert len(asyncio.all_tasks()) == 1
        return done

    return run_virtual(run())


def test_text_is_said_while_it_is_written() -> None:
    done = answer(["Well, ", 1.0, "it is noon."])
    assert [part for _, part in done.parts] == ["Well, ", "it is noon."]
    assert [at for at, _ in done.parts] == pytest.approx([0.0, 1.0], abs=0.01)


def test_text_is_said_before_the_tool_that_follows_it_has_ended() -> None:
    done = answer(["I look.", call("look")], ["It is on."], look=takes(1.5))
    assert done.text == "I look.\nIt is on."
    assert done.parts[1][0] < 0.01
    assert done.parts[-1][0] == pytest.approx(1.5, abs=0.01)
    assert done.results() == ["It is so."]
    assert done.tools.rooms == [("Kitchen", "en")]


def test_a_tool_starts_while_the_model_still_writes() -> None:
    done = answer([call("look"), 2.0, "I look."], ["On."], look=takes(1.0))
    assert done.tools.ended[0][0] == pytest.approx(1.0, abs=0.01)


def test_calls_of_one_step_run_side_by_side_and_results_keep_their_order() -> None:
    first, second = call("slow", 1), call("quick", 2)
    done = answer([first, second], ["On."], slow=takes(2.0, "a"), quick=takes(1.0, "b"))
    assert done.tools.ended[-1][0] == pytest.approx(2.0, abs=0.01)
    told = done.model.asked[1].messages
    assert told[1].tool_calls == (first, second)
    assert [(one.tool_call_id, one.content) for one in told[2:]] == [("id-1", "a"), ("id-2", "b")]


def test_no_tool_runs_before_the_person_has_finished() -> None:
    done = answer([call("look")], ["On."], commit_s=4.0, look=takes(0.1))
    assert done.tools.called[0][0] == pytest.approx(4.0, abs=0.01)
    assert done.text == "On."  # and waiting for the person is no reason for a sign


def test_closing_before_the_person_has_finished_does_nothing() -> None:
    async def run() -> None:
        model, tools = (
            ScriptedModel([["I look. ", call("look")]]),
            ScriptedTools({"look": takes(1)}),
        )
        loop = ToolLoop(model, ToolRunner(tools))
        request = ChatRequest((ChatMessage("user", "How is it?"),))
        stream = loop.run(request, Setting(Origin(None, "en"), asyncio.Event()))
        assert await anext(stream) == "I look. "
        await asyncio.sleep(5)
        await stream.aclose()
        assert tools.called == []
        assert len(asyncio.all_tasks()) == 1

    run_virtual(run())


def test_closing_early_cancels_the_model_and_every_tool() -> None:
    async def run() -> None:
        model = ScriptedModel([["I look. ", call("a", 1), call("b", 2), 60.0]])
        tools = ScriptedTools({"a": takes(3), "b": takes(3)})
        committed = asyncio.Event()
        committed.set()
        request = ChatRequest((ChatMessage("user", "How is it?"),))
        stream = ToolLoop(model, ToolRunner(tools)).run(
            request, Setting(Origin(None, "en"), committed)
        )
        await anext(stream)
        await asyncio.sleep(1)
        await stream.aclose()
        assert sorted(tools.cancelled) == ["a", "b"]
        assert model.streaming == 0
        assert len(asyncio.all_tasks()) == 1

    run_virtual(run())


@pytest.mark.parametrize(
    ("language", "sign"),
    [("en", "One moment."), ("de-AT", "Einen Moment."), ("fr", "Un instant."),
     ("es", "Un momento.")],
)  # fmt: skip
def test_a_slow_tool_is_bridged_by_a_sign(language: str, sign: str) -> None:
    done = answer([call("look")], ["On."], language=language, look=takes(3.0))
    assert done.text == f"{sign}\nOn."
    assert done.parts[0][0] == pytest.approx(1.5, abs=0.01)


def test_one_sign_is_enough() -> None:
    script: list[list[Step]] = [[call("look", 1)], [call("look", 2)], ["On."]]
    assert answer(*script, look=takes(2.0)).text == "One moment.\nOn."


def test_no_sign_comes_while_words_are_spoken_or_before_a_quick_result() -> None:
    long = "I look at every lamp of the house, one after the other, and then at the doors."
    assert answer([long, call("look")], ["On."], look=takes(4.0)).text == f"{long}\nOn."
    assert answer([long, call("look")], ["On."], commit_s=9, look=takes(4.0)).text == f"{long}\nOn."
    assert answer([call("look")], ["On."], look=takes(1.4)).text == "On."


def test_the_silence_after_words_and_quick_tools_is_bridged_too() -> None:
    quick, slow, slower = call("quick"), call("slow", 2), call("slow", 3)
    script: list[list[Step]] = [["Okay. ", quick], [slow], [slower], ["On."]]
    done = answer(*script, quick=takes(0.1), slow=takes(2.5))
    assert done.text == "Okay. \nOne moment.\nOn."
    assert done.parts[2][0] == pytest.approx(1.5 + 5 * CHAR_S, abs=0.01)


def test_a_sign_ends_the_line_that_the_model_is_at() -> None:
    done = answer(["Let me see", call("look"), 3.0], ["On."], look=takes(3.0))
    assert done.text == "Let me see\nOne moment.\nOn."


def test_a_long_silence_gets_another_sign() -> None:
    script: list[list[Step]] = [[call("look", number)] for number in range(3)]
    done = answer(*script, ["On."], look=takes(4.0))
    assert done.text == "One moment.\nOne moment.\nOn."
    assert done.parts[1][0] > done.parts[0][0] + NEXT_SIGN_S


def test_a_pause_of_the_model_within_its_words_gets_no_sign() -> None:
    done = answer([call("look")], ["It is", 4.0, " on."], look=takes(1.0))
    assert done.text == "It is on."


def test_a_tool_that_takes_too_long_is_given_up_and_the_model_told() -> None:
    done = answer([call("look")], ["It does not answer."], look=takes(60.0))
    assert done.parts[-1][0] == pytest.approx(5.0, abs=0.01)
    assert done.results()[0].startswith("Error: no answer within 5 s.")
    assert done.tools.cancelled == ["look"]


def test_what_fails_is_told_to_the_model() -> None:
    async def broken(_: Mapping[str, Any]) -> str:
        raise ZeroDivisionError

    calls = [call("bulb", 1), call("bug", 2), call("nothing", 3), ToolCall("id-4", "bulb", '{"on')]
    done = answer(calls, ["It is broken."], bulb=fails(), bug=broken)
    assert done.results() == [
        "Error: the bulb is broken.",
        "Error: the tool is broken.",
        "Error: there is no such tool. There are: bulb, bug.",
        "Error: the arguments are no JSON object. Write them again.",
    ]
    assert done.text == "It is broken."


def test_a_long_result_is_cut() -> None:
    done = answer([call("look")], ["Much."], look=takes(0.1, "x" * 100_000))
    assert len(done.results()[0]) == MAX_RESULT_CHARS


def test_too_many_calls_at_once_are_not_run() -> None:
    calls = [call("look", number) for number in range(MAX_CALLS + 3)]
    done = answer(calls, ["On."], look=takes(0.1))
    assert len(done.tools.called) == MAX_CALLS
    assert len(done.results()) == MAX_CALLS + 3
    assert done.results()[-1].startswith("Error: too many calls")


def test_the_same_failing_call_ends_the_answer_at_its_second_time() -> None:
    done = answer([call("bulb", 1, on=True)], bulb=fails())
    assert len(done.tools.called) == 2
    assert done.error is not None
    assert "again and again" in str(done.error)


def test_other_arguments_after_a_failure_are_another_try() -> None:
    done = answer([call("bulb", 1, on=True)], [call("bulb", 2, on=1)], ["No."], bulb=fails())
    assert (done.text, done.error) == ("No.", None)


def test_a_model_that_only_uses_tools_ends() -> None:
    scripts: list[list[Step]] = [[call("look", number, n=number)] for number in range(50)]
    done = answer(*scripts, look=takes(0.1))
    assert len(done.model.asked) == MAX_STEPS
    assert done.error is not None


def test_a_model_that_babbles_is_stopped() -> None:
    done = answer(["so on and on and "] * 100_000)
    assert MAX_CHARS <= len(done.text) < 2 * MAX_CHARS
    assert done.error is None


@pytest.mark.parametrize("script", [[], ["  \n"]])
def test_an_empty_answer_is_an_error(script: list[Step]) -> None:
    done = answer(script)
    assert done.error is not None
    assert "nothing to say" in str(done.error)


def test_an_error_of_the_model_comes_after_what_was_said_and_cancels_its_tools() -> None:
    lost = EngineError("engine-failed", "gone")
    done = answer(["Well. ", call("look"), 0.5, lost], look=takes(60.0))
    assert (done.text, done.error) == ("Well. ", lost)
    assert done.tools.cancelled == ["look"]


def test_what_needs_a_yes_is_asked_by_the_hub_and_never_in_the_words_of_the_model() -> None:
    done = answer(
        ["Sure.", call("unlock")],
        ["Shall I play some music?"],
        unlock=takes(0.1, MustAsk("Ask first.", "Shall I unlock the Front Door?")),
    )
    assert done.error is None
    assert done.text == "Sure.\nShall I unlock the Front Door?"
    assert len(done.model.asked) == 1
