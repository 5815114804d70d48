"""LiteLLM itself against our doubles of two servers; most are skipped where it is not installed."""

import asyncio
import importlib.util
import json
import logging
import subprocess
import sys
import warnings
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
)
from hub.engines.litellm_chat import LiteLlmChat, library
from tests.hub.engines.model_service import Answer, ModelService, cut, serving
from tests.hub.engines.test_openai_chat import ASKED, LAST, SPOKEN, USAGE, calls, event, refusal

pytestmark = [  # LiteLLM imports more of itself as it goes along
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
installed = pytest.mark.skipif(
    importlib.util.find_spec("litellm") is None, reason="litellm is not installed (extra: litellm)"
)

KEY = "sk-very-secret-0123456789"
CHAT = "/v1/chat/completions"
LONG = "x" * 60_000
# LiteLLM sends on no piece without text.
HEARD = [TextPart("Il est "), TextPart("midi, à peu près."), Finished("stop", 31, 7)]


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """Import LiteLLM once; what its import warns of is not what is tested."""
    if importlib.util.find_spec("litellm") is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            library()


@asynccontextmanager
async def asking(
    *chats: Answer, path: str = CHAT, model: str = "openai/mistral", **settings: Any
) -> AsyncIterator[tuple[LiteLlmChat, ModelService]]:
    async with serving({path: list(chats)}) as service:
        base = f"{service.url}/v1" if path == CHAT else service.url
        chat = LiteLlmChat(model, url=base, **{"key": KEY, **settings})
        try:
            yield chat, service
        finally:
            await chat.close()


async def answer(model: LiteLlmChat, request: ChatRequest = ASKED) -> list[ChatPart]:
    return [part async for part in model.stream(request)]


@installed
@pytest.mark.parametrize("size", [1, 7, 10_000])
async def test_an_answer_arrives_however_its_bytes_are_cut(size: int) -> None:
    async with asking(Answer(cut(SPOKEN, size))) as (model, service):
        assert await answer(model) == HEARD
        [body] = service.bodies(CHAT)
        assert (body["model"], body["max_tokens"], body["stream"]) == ("mistral", 50, True)
        assert body["tools"][0]["function"]["name"] == "lamp"


@installed
async def test_tool_calls_are_put_together_from_their_pieces() -> None:
    said = (
        event({"role": "assistant", "content": "Je regarde."})
        + calls({"index": 0, "id": "a", "type": "function",
                 "function": {"name": "lamp", "arguments": ""}})
        + calls({"index": 0, "function": {"arguments": '{"on": '}})
        + calls({"index": 0, "function": {"arguments": "true}"}})
        + calls({"index": 1, "id": "b", "type": "function",
                 "function": {"name": "clock", "arguments": '{"zone": "Par'}})
        + event({}, "tool_calls")
        + USAGE
        + LAST
    )  # fmt: skip
    async with asking(Answer(cut(said, 11))) as (model, _):
        text, *parts, end = await answer(model)
        assert text == TextPart("Je regarde.")
        assert [part.call for part in parts if isinstance(part, ToolCallPart)] == [
            ToolCall("a", "lamp", {"on": True}),
            ToolCall("b", "clock", '{"zone": "Par'),
        ]
        assert end == Finished("tool-calls", 31, 7)


@installed
async def test_results_go_back_to_their_calls() -> None:
    told = ChatMessage("assistant", "", (ToolCall("a", "lamp", {"on": True}),))
    result = ChatMessage("tool", "Done.", tool_call_id="a")
    async with asking(Answer([SPOKEN])) as (model, service):
        await answer(model, ChatRequest((*ASKED.messages, told, result)))
        [body] = service.bodies(CHAT)
        _, assistant, done = body["messages"]
        assert assistant["tool_calls"][0]["function"]["arguments"] == '{"on":true}'
        assert (done["tool_call_id"], done["content"]) == ("a", "Done.")


def ollama(**message: Any) -> bytes:
    told = {"role": "assistant", "content": "", **message}
    return json.dumps({"model": "qwen3", "message": told, "done": False}).encode() + b"\n"


@installed
@pytest.mark.parametrize("size", [1, 10_000])
async def test_ollama_answers_in_its_own_protocol_without_thinking_aloud(size: int) -> None:
    call = {"function": {"name": "lamp", "arguments": {"on": True}}}
    end = {"model": "qwen3", "message": {"role": "assistant", "content": ""}, "done": True,
           "done_reason": "stop", "prompt_eval_count": 31, "eval_count": 7}  # fmt: skip
    said = ollama(content="Je regarde.") + ollama(tool_calls=[call]) + json.dumps(end).encode()
    chats = Answer(cut(said + b"\n", size))
    async with asking(chats, path="/api/chat", model="ollama_chat/qwen3", context_tokens=4096) as (
        model,
        service,
    ):
        text, part, end_part = await answer(model)
        assert text == TextPart("Je regarde.")
        assert isinstance(part, ToolCallPart)
        assert (part.call.name, part.call.arguments) == ("lamp", {"on": True})
        assert end_part == Finished("tool-calls", 31, 7)
        [body] = service.bodies("/api/chat")
        assert (body["think"], body["options"]["num_ctx"]) == (False, 4096)


@installed
async def test_anthropic_answers_in_its_own_protocol() -> None:
    def told(kind: str, **rest: Any) -> bytes:
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **rest})}\n\n".encode()

    start = {"id": "msg_1", "type": "message", "role": "assistant", "model": "c",
             "usage": {"input_tokens": 31, "output_tokens": 1}}  # fmt: skip
    tool = {"type": "tool_use", "id": "toolu_1", "name": "lamp", "input": {}}
    said = (
        told("message_start", message=start)
        + told("content_block_start", index=0, content_block={"type": "text", "text": ""})
        + told("content_block_delta", index=0, delta={"type": "text_delta", "text": "Oui."})
        + told("content_block_stop", index=0)
        + told("content_block_start", index=1, content_block=tool)
        + told("content_block_delta", index=1,
               delta={"type": "input_json_delta", "partial_json": '{"on": true}'})
        + told("content_block_stop", index=1)
        + told("message_delta", delta={"stop_reason": "tool_use"}, usage={"output_tokens": 7})
        + told("message_stop")
    )  # fmt: skip
    async with asking(
        Answer(cut(said, 13)), path="/v1/messages", model="anthropic/claude-sonnet-4-5"
    ) as (model, service):
        text, call, end = await answer(model)
        assert text == TextPart("Oui.")
        assert call == ToolCallPart(ToolCall("toolu_1", "lamp", {"on": True}))
        assert end == Finished("tool-calls", 31, 7)
        assert service.headers[0]["x-api-key"] == KEY


@installed
@pytest.mark.parametrize(
    ("chat", "code"),
    [
        (refusal("The model `mistral` does not exist", 404), "engine-missing"),
        (refusal("overloaded", 500), "engine-failed"),
        (refusal("slow down", 429), "engine-busy"),
        (refusal("bad key", 401), "bad-request"),
        (refusal("This model's maximum context length is 4096 tokens."), "bad-request"),
        (Answer(b"<html>502</html>", 502), "engine-failed"),
        (Answer([event({"content": "Il "}), b"data: {broken\n\n"]), "engine-failed"),
        (Answer([event({"content": "Il "}), LAST], cut_after=1), "engine-failed"),
        (Answer([calls({"index": 0, "id": "a", "function": {"name": "x", "arguments": LONG}}),
                 calls({"index": 0, "function": {"arguments": LONG}})]), "engine-failed"),
    ],
)  # fmt: skip
async def test_what_goes_wrong_is_an_error_with_a_code(chat: Answer, code: str) -> None:
    async with asking(chat) as (model, service):
        with pytest.raises(EngineError) as caught:
            await answer(model)
        assert caught.value.code == code
        assert len(service.asked) == 1, "nothing is tried again behind our back"


@installed
@pytest.mark.parametrize("model", ["openai/mistral", "ollama_chat/qwen3"])
async def test_a_server_that_is_away_is_missing(model: str) -> None:
    chat = LiteLlmChat(model, url="http://127.0.0.1:9", key=KEY)
    with pytest.raises(EngineError, match=r"Nobody answers.*127\.0\.0\.1:9") as caught:
        await answer(chat)
    assert caught.value.code == "engine-missing"
    await chat.close()


@installed
async def test_a_model_without_tools_is_asked_without_them_from_then_on() -> None:
    refused = refusal("registry.ollama.ai/library/phi does not support tools")
    async with asking(refused, Answer([SPOKEN])) as (model, service):
        assert await answer(model) == HEARD
        assert "tools" not in service.bodies(CHAT)[-1]
        assert not (await model.check()).can_call_tools


@installed
@pytest.mark.parametrize("status", [401, 500])
async def test_the_key_is_sent_and_never_shown(
    status: int, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    async with asking(refusal(f"bad key {KEY}", status)) as (model, service):
        with pytest.raises(EngineError) as caught:
            await answer(model)
        assert service.headers[0]["authorization"] == f"Bearer {KEY}"
        printed = "".join(capfd.readouterr())
        shown = repr(vars(model)) + str(caught.value) + repr(caught.value) + caplog.text + printed
        assert KEY not in shown


@installed
@pytest.mark.parametrize("stall_after", [0, 1])
async def test_a_server_that_stalls_is_given_up_and_hung_up_on(stall_after: int) -> None:
    async with asking(Answer([SPOKEN])) as (first, _):
        await answer(first)  # it imports, which may take longer than is waited below
    chat = Answer([event({"content": "Il "}), LAST], stall_after=stall_after)
    async with asking(chat, first_part_s=2.0, next_part_s=0.05) as (model, service):
        with pytest.raises(EngineError) as caught:
            await answer(model)
        assert caught.value.code == "engine-timeout"
        async with asyncio.timeout(60):
            await service.hung_up.wait()


@installed
@pytest.mark.parametrize(
    ("model", "path", "begin"),
    [
        ("openai/mistral", CHAT, event({"content": "Il "})),
        ("ollama_chat/qwen3", "/api/chat", ollama(content="Il ")),
    ],
)
async def test_a_closed_answer_is_hung_up_on(model: str, path: str, begin: bytes) -> None:
    chat = Answer([begin, b"\n"], stall_after=1)
    async with asking(chat, path=path, model=model) as (asked, service):
        async with aclosing(asked.stream(ASKED)) as parts:
            assert await anext(parts) == TextPart("Il ")
        async with asyncio.timeout(60):
            await service.hung_up.wait()


@installed
async def test_warming_up_writes_next_to_nothing() -> None:
    async with asking(Answer([SPOKEN])) as (model, service):
        await model.warm_up(ASKED)
        assert service.bodies(CHAT)[0]["max_tokens"] == 1


@installed
async def test_what_a_model_can_do_is_known_without_asking_anybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    for name, settings, context, tools in (
        ("anthropic/claude-sonnet-4-5", {}, 200_000, True),
        ("anthropic/claude-sonnet-4-5", {"context_tokens": 8192}, 8192, True),
        ("ollama_chat/qwen3:4b", {"context_tokens": 4096}, 4096, True),
        ("openai/my-own", {"url": "http://127.0.0.1:9/v1"}, None, True),
    ):
        model = LiteLlmChat(name, key=KEY, **settings)
        info = await model.check()
        assert (info.name, info.context_tokens, info.can_call_tools) == (name, context, tools)
        await model.close()


@installed
@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("no-provider-at-all", "bad-request", "PROVIDER/MODEL"),
        ("anthropic/claude-sonnet-4-5", "engine-missing", "litellm.key, or ANTHROPIC_API_KEY"),
    ],
)
async def test_what_is_missing_in_the_settings_is_told(
    name: str, code: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    model = LiteLlmChat(name)
    with pytest.raises(EngineError, match=words) as caught:
        await model.check()
    assert caught.value.code == code
    await model.close()


@installed
async def test_a_model_without_a_provider_is_not_asked() -> None:
    model = LiteLlmChat("no-provider-at-all")
    with pytest.raises(EngineError, match="PROVIDER/MODEL") as caught:
        await answer(model)
    assert caught.value.code == "bad-request"
    await model.close()


@installed
def test_being_imported_and_asked_what_it_knows_it_connects_to_nobody() -> None:
    code = (
        "import asyncio, socket\n"
        "def refused(*_): print('connected'); raise OSError('no network')\n"
        "socket.socket.connect = socket.getaddrinfo = refused\n"
        "from hub.engines.litellm_chat import LiteLlmChat\n"
        "async def ask():\n"
        "    model = LiteLlmChat('ollama_chat/qwen3:4b')\n"
        "    print(await model.check())\n"
        "    await model.close()\n"
        "asyncio.run(ask())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=100
    )
    assert "connected" not in done.stdout
    assert "can_call_tools=True" in done.stdout


async def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "litellm", None)
    model = LiteLlmChat("ollama_chat/qwen3")
    for asked in (model.check(), answer(model)):
        with pytest.raises(EngineError, match="install the extra `litellm`") as caught:
            await asked
        assert caught.value.code == "engine-missing"
    await model.close()


def test_nothing_of_litellm_is_imported_before_it_is_used() -> None:
    code = (
        "import sys, hub.thinker\n"
        "from hub.engines.litellm_chat import LiteLlmChat\n"
        "LiteLlmChat('ollama_chat/qwen3')\n"
        "assert not {'litellm', 'httpx', 'openai'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
