import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from hub.engines.base import (
    ChatMessage,
    ChatPart,
    ChatRequest,
    EngineError,
    Finished,
    TextPart,
    ToolCallPart,
    ToolSpec,
)
from hub.engines.ollama import Ollama
from tests.hub.engines.model_service import Answer, ModelService, cut, serving

LAMP = ToolSpec("lamp", "Switches a lamp.", {"type": "object", "properties": {}})
ASKED = ChatRequest((ChatMessage("user", "Wie spät ist es?"),), (LAMP,), max_tokens=50)
CARD = {
    "capabilities": ["completion", "tools"],
    "model_info": {"general.architecture": "qwen3", "qwen3.context_length": 40_960},
}


def line(message: dict[str, Any], **more: Any) -> bytes:
    entry = {"model": "qwen3", "created_at": "2026-01-01T00:00:00Z", "message": message}
    return json.dumps({**entry, "done": False, **more}, ensure_ascii=False).encode() + b"\n"


def says(text: str) -> bytes:
    return line({"role": "assistant", "content": text})


DONE = line(
    {"role": "assistant", "content": ""},
    done=True, done_reason="stop", prompt_eval_count=31, eval_count=7,
)  # fmt: skip
SPOKEN = says("Es ist ") + says("zwölf. ") + DONE


def show(card: dict[str, Any] | None = None, status: int = 200) -> Answer:
    return Answer(json.dumps(CARD if card is None else card).encode(), status)


@asynccontextmanager
async def ollama(
    *chats: Answer, card: Answer | None = None, **settings: Any
) -> AsyncIterator[tuple[Ollama, ModelService]]:
    async with serving({"/api/show": [card or show()], "/api/chat": list(chats)}) as service:
        model = Ollama("qwen3", service.url, **settings)
        try:
            yield model, service
        finally:
            await model.close()


async def answer(model: Ollama, request: ChatRequest = ASKED) -> list[ChatPart]:
    return [part async for part in model.stream(request)]


def refusal(text: str, status: int = 400) -> Answer:
    return Answer(json.dumps({"error": text}).encode(), status)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
async def test_an_answer_arrives_however_its_bytes_are_cut(size: int) -> None:
    async with ollama(Answer(cut(SPOKEN, size))) as (model, service):
        assert await answer(model) == [
            TextPart("Es ist "), TextPart("zwölf. "), Finished("stop", 31, 7),
        ]  # fmt: skip
        [body] = service.bodies("/api/chat")
        assert body["think"] is False
        assert body["truncate"] is False
        assert body["keep_alive"] == "30m"
        assert body["options"] == {"num_ctx": 8192, "num_predict": 50}
        assert body["tools"][0]["function"]["name"] == "lamp"
        assert "authorization" not in service.headers[0]


async def test_tool_calls_come_with_their_arguments_and_go_back_with_their_names() -> None:
    calls = [
        {"function": {"name": "lamp", "arguments": {"on": True}}},
        {"function": {"name": "lamp", "arguments": "{broken"}},
        {"function": {"name": "lamp", "arguments": '{"on": false}'}},
        {"function": {"name": "lamp", "arguments": "[1]"}},
    ]
    said = line({"role": "assistant", "content": "", "tool_calls": calls}) + DONE
    async with ollama(Answer(cut(said, 50)), Answer([SPOKEN])) as (model, service):
        first, second, written, listed, end = await answer(model)
        assert isinstance(first, ToolCallPart)
        assert isinstance(second, ToolCallPart)
        assert (first.call.name, first.call.arguments) == ("lamp", {"on": True})
        assert second.call.arguments == "{broken"
        assert first.call.id != second.call.id
        assert isinstance(written, ToolCallPart)
        assert isinstance(listed, ToolCallPart)
        assert (written.call.arguments, listed.call.arguments) == ({"on": False}, "[1]")
        assert end == Finished("tool-calls", 31, 7)
        told = ChatMessage("assistant", "", tool_calls=(first.call, second.call))
        result = ChatMessage("tool", "Done.", tool_call_id=first.call.id)
        await answer(model, ChatRequest((*ASKED.messages, told, result)))
        sent = service.bodies("/api/chat")[1]["messages"]
        assert [entry["function"]["arguments"] for entry in sent[1]["tool_calls"]] == [
            {"on": True}, {},
        ]  # fmt: skip
        assert sent[2] == {"role": "tool", "content": "Done.", "tool_name": "lamp"}


async def test_what_a_model_can_do_is_told() -> None:
    async with ollama(card=show(), context_tokens=100_000) as (model, _):
        info = await model.check()
        assert (info.context_tokens, info.can_call_tools) == (40_960, True)
    small = {"capabilities": ["completion"], "model_info": {"llama.context_length": 2048}}
    async with ollama(Answer([SPOKEN]), card=show(small)) as (model, service):
        info = await model.check()
        assert (info.context_tokens, info.can_call_tools) == (2048, False)
        await answer(model)
        [body] = service.bodies("/api/chat")
        assert body["options"]["num_ctx"] == 2048
        assert "tools" not in body


@pytest.mark.parametrize("length", [0, -1, None, "many"])
async def test_a_length_of_context_that_can_not_be_is_not_believed(length: object) -> None:
    async with ollama(card=show({"model_info": {"qwen3.context_length": length}})) as (model, _):
        assert (await model.check()).context_tokens == 8192


async def test_a_model_that_is_not_there_is_to_be_pulled() -> None:
    missing = refusal("model 'qwen3' not found", 404)
    async with ollama(card=missing) as (model, _):
        with pytest.raises(EngineError, match="Run `ollama pull qwen3`") as caught:
            await answer(model)
        assert caught.value.code == "engine-missing"


async def test_a_server_that_is_not_there_is_told_at_once() -> None:
    async with serving({}) as service:
        url = service.url
    model = Ollama("qwen3", url)
    with pytest.raises(EngineError, match="ollama serve") as caught:
        await model.check()
    assert caught.value.code == "engine-missing"
    await model.close()


async def test_what_a_model_does_not_know_is_left_out_from_then_on() -> None:
    async with ollama(
        refusal('"qwen3" does not support thinking'),
        refusal("registry.ollama.ai/library/qwen3 does not support tools"),
        Answer([SPOKEN]),
    ) as (model, service):
        assert len(await answer(model)) == 3
        assert len(await answer(model)) == 3
        bodies = service.bodies("/api/chat")
        assert ["think" in body for body in bodies] == [True, False, False, False]
        assert ["tools" in body for body in bodies] == [True, True, False, False]


@pytest.mark.parametrize(
    ("chat", "code"),
    [
        (refusal("out of memory", 500), "engine-failed"),
        (refusal("the prompt is longer than the context"), "bad-request"),
        (Answer([says("Es "), b'{"error":"llama runner stopped"}\n']), "engine-failed"),
        (Answer([says("Es "), b"{not json}\n"]), "engine-failed"),
        (Answer([says("Es "), b"[1, 2]\n"]), "engine-failed"),
        (Answer([line({"content": "", "tool_calls": 5}), DONE]), "engine-failed"),
        (Answer([says("Es ")]), "engine-failed"),
        (Answer([says("Es "), DONE], cut_after=1), "engine-failed"),
        (Answer(cut(b"x" * 3_000_000, 500_000)), "engine-failed"),
    ],
)
async def test_what_goes_wrong_is_an_error_with_a_code(chat: Answer, code: str) -> None:
    async with ollama(chat) as (model, _):
        with pytest.raises(EngineError) as caught:
            await answer(model)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("stall_after", "silence"), [(0, "nothing for 2 s"), (1, r"nothing for 0\.05 s")]
)
async def test_a_server_that_stalls_is_given_up_and_hung_up_on(
    stall_after: int, silence: str
) -> None:
    # A busy machine takes its time until the first request is at the server at all.
    chat = Answer([says("Es "), DONE], stall_after=stall_after)
    async with ollama(chat, first_part_s=2.0, next_part_s=0.05) as (model, service):
        with pytest.raises(EngineError, match=silence) as caught:
            await answer(model)
        assert caught.value.code == "engine-timeout"
        async with asyncio.timeout(60):
            await service.hung_up.wait()


async def test_a_closed_answer_is_hung_up_on() -> None:
    async with ollama(Answer([says("Es "), DONE], stall_after=1)) as (model, service):
        async with aclosing(model.stream(ASKED)) as parts:
            assert await anext(parts) == TextPart("Es ")
        async with asyncio.timeout(60):
            await service.hung_up.wait()


async def test_warming_up_reads_the_beginning_and_writes_next_to_nothing() -> None:
    async with ollama(Answer([SPOKEN])) as (model, service):
        await model.warm_up(ASKED)
        [body] = service.bodies("/api/chat")
        assert body["options"]["num_predict"] == 1
        assert body["options"]["num_ctx"] == 8192
        assert body["messages"][0]["content"] == "Wie spät ist es?"


async def test_what_a_model_thinks_aloud_is_not_said() -> None:
    said = says("<th") + says("ink>Hmm") + says("</think>\n") + says("Zwölf.") + DONE
    async with ollama(Answer([said])) as (model, _):
        assert await answer(model) == [TextPart("Zwölf."), Finished("stop", 31, 7)]


async def test_a_model_that_thinks_without_saying_so_is_understood_after_one_answer() -> None:
    said = Answer([says("Hmm. ") + says("</think>\n") + says("Zwölf.") + DONE])
    async with ollama(said) as (model, _):
        assert await answer(model) == [
            TextPart("Hmm. "), TextPart("Zwölf."), Finished("stop", 31, 7),
        ]  # fmt: skip
        assert await answer(model) == [TextPart("Zwölf."), Finished("stop", 31, 7)]


async def test_an_answer_that_was_cut_short_says_so() -> None:
    end = line({"role": "assistant", "content": ""}, done=True, done_reason="length")
    async with ollama(Answer([says("Es ") + end])) as (model, _):
        assert (await answer(model))[-1] == Finished("length")
