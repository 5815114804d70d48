import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.conversation.prompt_size import estimated_tokens, fitted, tools_tokens
from hub.engines.base import ChatMessage, EngineError, ToolCall, ToolSpec

SYSTEM = ChatMessage("system", "rules")


def exchange(number: int, results: int = 0, chars: int = 300) -> list[ChatMessage]:
    """A question, perhaps with tool calls, and its answer."""
    calls = tuple(ToolCall(f"{number}-{at}", "look", {"n": at}) for at in range(results))
    middle = [ChatMessage("assistant", "", calls)] if calls else []
    middle += [ChatMessage("tool", "r" * chars, tool_call_id=one.id) for one in calls]
    return [ChatMessage("user", f"question {number}"), *middle, ChatMessage("assistant", "answer")]


def test_what_fits_is_left_as_it_is() -> None:
    messages = (SYSTEM, *exchange(1), ChatMessage("user", "now"))
    assert fitted(messages, 1000) == messages


def test_whole_exchanges_are_dropped_the_oldest_first() -> None:
    messages = [SYSTEM, *exchange(1, 2), *exchange(2, 2), ChatMessage("user", "now")]
    assert fitted(messages, 400) == (SYSTEM, *exchange(2, 2), ChatMessage("user", "now"))


def test_long_results_of_what_is_asked_now_are_shortened() -> None:
    messages = [SYSTEM, *exchange(1, 3, chars=3000)[:-1]]
    short = fitted(messages, 1500)
    assert [one.role for one in short] == [one.role for one in messages]
    assert len(short[3].content) < 300
    assert len(short[5].content) == 3000


def test_what_can_not_fit_is_an_error() -> None:
    with pytest.raises(EngineError) as caught:
        fitted([SYSTEM, ChatMessage("user", "x" * 10_000)], 1000)
    assert caught.value.code == "bad-request"


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2000)), max_size=8),
    st.integers(0, 3000),
)
def test_no_cut_parts_a_tool_call_from_its_result(
    exchanges: list[tuple[int, int]], max_tokens: int
) -> None:
    messages = [SYSTEM]
    for number, (results, chars) in enumerate(exchanges):
        messages += exchange(number, results, chars)
    messages.append(ChatMessage("user", "now"))
    try:
        kept = fitted(messages, max_tokens)
    except EngineError:
        return
    assert kept[0] == SYSTEM
    assert kept[1].role == "user"
    assert kept[-1] == messages[-1]
    called = [call.id for one in kept for call in one.tool_calls]
    assert [one.tool_call_id for one in kept if one.role == "tool"] == called


def test_tokens_are_rather_counted_too_many() -> None:
    assert estimated_tokens("The quick brown fox jumps over the lazy dog.") >= 10
    assert tools_tokens([ToolSpec("look", "Looks.", {"type": "object"})]) > 10
