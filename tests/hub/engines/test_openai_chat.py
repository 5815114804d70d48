import asyncio
import json
import logging
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
    ToolCall,
    ToolCallPart,
    ToolSpec,
)
from hub.engines.openai_chat import OpenAiChat
from tests.hub.engines.model_service import Answer, ModelService, cut, serving

KEY = "sk-very-secret-0123456789"
LAMP = ToolSpec("lamp", "Switches a lamp.", {"type": "object", "properties": {}})
ASKED = ChatRequest((ChatMessage("user", "Quelle heure est-il ?"),), (LAMP,), max_tokens=50)
CHAT, MODELS = "/v1/chat/completions", "/v1/models"


def event(delta: dict[str, Any], finish: str | None = None, end: str = "\n\n") -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    entry = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice]}
    return f"data: {json.dumps(entry, ensure_ascii=False)}{end}".encode()


def calls(*entries: dict[str, Any]) -> bytes:
    return event({"tool_calls": list(entries)})


USAGE = b'data: {"choices":[],"usage":{"prompt_tokens":31,"completion_tokens":7}}\n\n'
LAST = b"data: [DONE]\n\n"
SPOKEN = (
    b": a comment, to keep the line open\n\n"
    + event({"role": "assistant", "content": ""})
    + event({"content": "Il est "})
    + event({"content": "midi, à peu près."})
    + event({}, "stop")
    + USAGE
    + LAST
)
HEARD = [TextPart("Il est "), TextPart("midi, à peu près."), Finished("stop", 31, 7)]


@asynccontextmanager
async def openai(
    *chats: Answer, models: Answer | None = None, **settings: Any
) -> AsyncIterator[tuple[OpenAiChat, ModelService]]:
    listed = {"object": "list", "data": [{"id": "mistral", "max_model_len": 32_768}]}
    models = models or Answer(json.dumps(listed).encode())
    async with serving({MODELS: [models], CHAT: list(chats)}) as service:
        model = OpenAiChat("mistral", f"{service.url}/v1/", **settings)
        try:
            yield model, service
        finally:
            await model.close()


async def answer(model: OpenAiChat, request: ChatRequest = ASKED) -> list[ChatPart]:
    return [part async for part in model.stream(request)]


def refusal(text: str, status: int = 400) -> Answer:
    return Answer(json.dumps({"error": {"message": text, "type": "x"}}).encode(), status)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
async def test_an_answer_arrives_however_its_bytes_are_cut(size: int, end: bytes) -> None:
    async with openai(Answer(cut(SPOKEN.replace(b"\n", end), size))) as (model, service):
        assert await answer(model) == HEARD
        [body] = service.bodies(CHAT)
        assert (body["model"], body["max_tokens"], body["stream"]) == ("mistral", 50, True)
        assert body["stream_options"] == {"include_usage": True}
        assert body["tools"][0]["function"]["name"] == "lamp"


async def test_tool_calls_are_put_together_from_their_pieces() -> None:
    said = (
        event({"content": "Je regarde."})
        + calls({"index": 0, "id": "a", "function": {"name": "lamp", "arguments": ""}})
        + calls({"index": 1, "id": "b", "function": {"name": "clock", "arguments": '{"zone'}})
        + calls({"index": 0, "function": {"arguments": '{"on": '}})
        + calls(
            {"index": 0, "function": {"arguments": "true}"}},
            {"index": 1, "function": {"arguments": '": "Paris"}'}},
        )
        + calls({"index": 2, "id": "c", "function": {"name": "lamp", "arguments": '{"on": tr'}})
        + calls({"index": 3, "function": {"name": "clock", "arguments": "[1]"}})
        + event({}, "tool_calls")
        + LAST
    )
    async with openai(Answer(cut(said, 11))) as (model, _):
        text, *parts, end = await answer(model)
        assert text == TextPart("Je regarde.")
        assert end == Finished("tool-calls")
        called = [part.call for part in parts if isinstance(part, ToolCallPart)]
        assert called[:3] == [
            ToolCall("a", "lamp", {"on": True}),
            ToolCall("b", "clock", {"zone": "Paris"}),
            ToolCall("c", "lamp", '{"on": tr'),
        ]
        assert called[3].arguments == "[1]"
        assert called[3].id


async def test_whole_calls_without_an_index_are_calls_of_their_own() -> None:
    whole = {"id": "a", "function": {"name": "lamp", "arguments": "{}"}}
    said = calls(whole, {**whole, "id": "b"}) + event({}, "tool_calls") + LAST
    async with openai(Answer([said])) as (model, _):
        parts = await answer(model)
        ids = [part.call.id for part in parts if isinstance(part, ToolCallPart)]
        assert ids == ["a", "b"]


async def test_whole_calls_with_the_same_index_are_calls_of_their_own() -> None:
    said = calls({"index": 0, "id": "a", "function": {"name": "lamp", "arguments": '{"on":true}'}})
    said += calls({"index": 0, "id": "b", "function": {"name": "clock", "arguments": "{"}})
    # The same id again, or another without a name, goes on with the call.
    said += calls({"index": 0, "id": "b", "function": {"arguments": '"zone":'}})
    said += calls({"index": 0, "id": "c", "function": {"arguments": "1}"}})
    async with openai(Answer([said + event({}, "tool_calls") + LAST])) as (model, _):
        parts = await answer(model)
        assert [part.call for part in parts if isinstance(part, ToolCallPart)] == [
            ToolCall("a", "lamp", {"on": True}), ToolCall("b", "clock", {"zone": 1}),
        ]  # fmt: skip


async def test_results_go_back_to_their_calls() -> None:
    told = ChatMessage(
        "assistant", "", (ToolCall("a", "lamp", {"on": True}), ToolCall("b", "lamp", "{br"))
    )
    results = (
        ChatMessage("tool", "Done.", tool_call_id="a"),
        ChatMessage("tool", "Error", tool_call_id="b"),
    )
    async with openai(Answer([SPOKEN])) as (model, service):
        await answer(model, ChatRequest((*ASKED.messages, told, *results)))
        [body] = service.bodies(CHAT)
        _, assistant, first, second = body["messages"]
        sent = [(entry["id"], entry["function"]) for entry in assistant["tool_calls"]]
        assert sent == [
            ("a", {"name": "lamp", "arguments": '{"on":true}'}),
            ("b", {"name": "lamp", "arguments": "{}"}),
        ]
        assert (first["tool_call_id"], second["tool_call_id"]) == ("a", "b")


async def test_what_a_server_does_not_know_is_left_out_from_then_on() -> None:
    async with openai(
        refusal("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        refusal("Unknown field: stream_options", 422),
        refusal("tools param requires --jinja flag"),
        Answer([SPOKEN]),
    ) as (model, service):
        assert await answer(model) == HEARD
        body = service.bodies(CHAT)[-1]
        assert body["max_completion_tokens"] == 50
        assert not {"max_tokens", "stream_options", "tools"} & set(body)
        assert not (await model.check()).can_call_tools


async def test_the_model_is_looked_for_in_the_servers_list() -> None:
    async with openai(context_tokens=8192) as (model, _):
        assert (await model.check()).context_tokens == 8192
    async with openai() as (model, _):
        assert (await model.check()).context_tokens == 32_768
    async with openai(models=Answer(b'{"data":[{"id":"phi"}]}')) as (model, _):
        with pytest.raises(EngineError, match="It has: phi") as caught:
            await model.check()
        assert caught.value.code == "engine-missing"
    unknown = Answer(b'{"data":[{"id":"mistral","max_model_len":0,"context_length":4096}]}')
    async with openai(models=unknown) as (model, _):
        assert (await model.check()).context_tokens == 4096
    async with openai(models=Answer(b"nothing here", 404)) as (model, _):
        assert (await model.check()).context_tokens is None


@pytest.mark.parametrize(
    ("chat", "code"),
    [
        (refusal("The model `mistral` does not exist", 404), "engine-missing"),
        (refusal("overloaded", 500), "engine-failed"),
        (refusal("slow down", 429), "engine-busy"),
        (refusal("context length exceeded"), "bad-request"),
        (Answer(b"<html>502</html>", 502), "engine-failed"),
        (Answer([event({"content": "Il "}), b'data: {"error":{"message":"no"}}\n\n']),
         "engine-failed"),
        (Answer([b'{"error":"no model loaded"}\n']), "engine-failed"),
        (Answer([event({"content": "Il "}), b"data: {broken\n\n"]), "engine-failed"),
        (Answer([event({"content": "Il "})]), "engine-failed"),
        (Answer([event({"content": "Il "}), LAST], cut_after=1), "engine-failed"),
        (Answer(cut(b"data: " + b"x" * 3_000_000, 500_000)), "engine-failed"),
        (Answer([calls({"index": 0, "function": {"arguments": "x" * 60_000}})] * 2),
         "engine-failed"),
    ],
)  # fmt: skip
async def test_what_goes_wrong_is_an_error_with_a_code(chat: Answer, code: str) -> None:
    async with openai(chat) as (model, _):
        with pytest.raises(EngineError) as caught:
            await answer(model)
        assert caught.value.code == code


DEEP = "[" * 600 + "]" * 600


@pytest.mark.parametrize(
    "piece",
    [
        '{"choices":5}',
        '{"choices":[{"delta":5}]}',
        '{"choices":[{"delta":{"tool_calls":7}}]}',
        '{"choices":[{"delta":{"tool_calls":[{"function":"x"}]}}]}',
        '{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":' + DEEP + "}}]}}]}",
    ],
)
async def test_a_piece_of_another_kind_is_a_failure_of_the_server(piece: str) -> None:
    said = event({"content": "Il "}) + f"data: {piece}\n\n".encode() + LAST
    async with openai(Answer([said])) as (model, _):
        with pytest.raises(EngineError) as caught:
            await answer(model)
        assert caught.value.code == "engine-failed"


async def test_a_count_of_tokens_of_another_kind_is_left_aside() -> None:
    said = event({"content": "Oui."}, "stop") + b'data: {"choices":[],"usage":5}\n\n' + LAST
    async with openai(Answer([said])) as (model, _):
        assert await answer(model) == [TextPart("Oui."), Finished("stop")]


async def test_a_list_of_models_of_another_kind_is_a_failure_of_the_server() -> None:
    async with openai(models=Answer(b'{"data":5}')) as (model, _):
        with pytest.raises(EngineError) as caught:
            await model.check()
        assert caught.value.code == "engine-failed"


@pytest.mark.parametrize("status", [401, 500])
async def test_the_key_is_sent_and_never_shown(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with openai(refusal(f"bad key {KEY}", status), key=KEY) as (model, service):
        with pytest.raises(EngineError) as caught:
            await answer(model)
        assert service.headers[0]["authorization"] == f"Bearer {KEY}"
        shown = repr(vars(model)) + str(caught.value) + repr(caught.value) + caplog.text
        assert KEY not in shown


@pytest.mark.parametrize("stall_after", [0, 1])
async def test_a_server_that_stalls_is_given_up_and_hung_up_on(stall_after: int) -> None:
    # A busy machine takes its time until the first request is at the server at all.
    chat = Answer([event({"content": "Il "}), LAST], stall_after=stall_after)
    async with openai(chat, first_part_s=2.0, next_part_s=0.05) as (model, service):
        with pytest.raises(EngineError) as caught:
            await answer(model)
        assert caught.value.code == "engine-timeout"
        async with asyncio.timeout(60):
            await service.hung_up.wait()


async def test_a_closed_answer_is_hung_up_on() -> None:
    chat = Answer([event({"content": "Il "}), LAST], stall_after=1)
    async with openai(chat) as (model, service):
        async with aclosing(model.stream(ASKED)) as parts:
            assert await anext(parts) == TextPart("Il ")
        async with asyncio.timeout(60):
            await service.hung_up.wait()


async def test_warming_up_writes_next_to_nothing() -> None:
    async with openai(Answer([SPOKEN])) as (model, service):
        await model.warm_up(ASKED)
        assert service.bodies(CHAT)[0]["max_tokens"] == 1


async def test_a_model_that_thinks_without_saying_so_is_understood_after_one_answer() -> None:
    said = event({"content": "Bon. "}) + event({"content": "</think>Midi."}, "stop") + LAST
    async with openai(Answer([said])) as (model, _):
        assert await answer(model) == [TextPart("Bon. "), TextPart("Midi."), Finished("stop")]
        assert await answer(model) == [TextPart("Midi."), Finished("stop")]


async def test_text_in_parts_is_joined() -> None:
    parts = [{"type": "text", "text": "Il est "}, {"type": "image"}, {"text": "midi."}, 5]
    async with openai(Answer([event({"content": parts}, "stop") + LAST])) as (model, _):
        assert await answer(model) == [TextPart("Il est midi."), Finished("stop")]


async def test_the_end_needs_no_reason_where_the_last_event_comes() -> None:
    async with openai(Answer([event({"content": "Oui."}) + LAST])) as (model, _):
        assert await answer(model) == [TextPart("Oui."), Finished("stop")]
    cut_short = event({"content": "Oui"}) + event({}, "length") + LAST
    async with openai(Answer([cut_short])) as (model, _):
        assert (await answer(model))[-1] == Finished("length")
