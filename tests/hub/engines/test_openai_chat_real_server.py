"""The OpenAI-compatible adapter against a server of other people: LiteLLM's proxy, as it is.

It makes up one model's answers itself and passes another's on from a double of ours. Skipped where
the proxy is not installed.
"""

import asyncio
import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
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
from tests.hub.engines.kept_port import kept_port
from tests.hub.engines.model_service import Answer, cut, serving
from tests.hub.engines.test_openai_chat import LAST, SPOKEN, calls, event, refusal

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("litellm") is None, reason="litellm is not installed"
    ),
]

KEY = "sk-0123456789"
SAID = "Il est midi, à peu près. The light is on."
START_S = 100.0
"""It imports for several seconds."""
END_S = 10.0
LAMP = ToolSpec("lamp", "Switches a lamp.", {"type": "object", "properties": {}})
ASKED = ChatRequest((ChatMessage("user", "Quelle heure est-il ?"),), (LAMP,), max_tokens=50)
CHAT = "/v1/chat/completions"
CONFIG = """
model_list:
  - model_name: made-up
    litellm_params: {{model: openai/made-up, api_key: none, mock_response: "{said}"}}
  - model_name: passed-on
    litellm_params:
      model: openai/mistral
      api_key: none
      api_base: "http://127.0.0.1:{port}/v1"
      max_retries: 0
general_settings: {{master_key: {key}}}
router_settings: {{num_retries: 0, disable_cooldowns: true}}
"""


@dataclass(frozen=True)
class Proxy:
    url: str
    behind: int
    """The port on which it looks for the model that it passes on."""


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with kept_port() as port, kept_port() as behind:
        yield from run_proxy(tmp_path_factory.mktemp("proxy"), port, behind)


def run_proxy(folder: Path, port: int, behind: int) -> Iterator[Proxy]:
    (folder / "config.yaml").write_text(CONFIG.format(said=SAID, port=behind, key=KEY), "utf-8")
    command = ["-m", "litellm.proxy.proxy_cli", "--config", "config.yaml"]
    where = ["--host", "127.0.0.1", "--port", str(port)]
    alone = {"LITELLM_MODE": "PRODUCTION", "LITELLM_OFFLINE_MODE": "true", "NO_PROXY": "*",
             "LITELLM_LOCAL_MODEL_COST_MAP": "True", "DO_NOT_TRACK": "1"}  # fmt: skip
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command, *where],
            cwd=folder,
            env=os.environ | alone,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(process, port, log)
        yield Proxy(f"http://127.0.0.1:{port}/v1", behind)
    finally:
        process.terminate()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(END_S)


def wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while not answers(port):
        said = log.read_text("utf-8", "replace")
        if process.poll() is not None:
            if "No module named" in said or "litellm[proxy]" in said:
                pytest.skip(f"LiteLLM's proxy is not installed: {said.strip().splitlines()[-1]}")
            pytest.fail(f"the proxy ended: {said}")
        if time.monotonic() > deadline:
            pytest.fail(f"the proxy is not there after {START_S:g} s: {said}")
        time.sleep(0.1)


@asynccontextmanager
async def asking(proxy: Proxy, model: str, **settings: Any) -> AsyncIterator[OpenAiChat]:
    chat = OpenAiChat(model, proxy.url, **{"key": KEY, **settings})
    try:
        yield chat
    finally:
        await chat.close()


async def answer(model: OpenAiChat) -> list[ChatPart]:
    return [part async for part in model.stream(ASKED)]


def text_of(parts: list[ChatPart]) -> str:
    return "".join(part.text for part in parts if isinstance(part, TextPart))


async def test_an_answer_is_streamed_to_its_end(proxy: Proxy) -> None:
    async with asking(proxy, "made-up") as model:
        parts = await answer(model)
    assert text_of(parts) == SAID
    assert len(parts) > 5, "it comes in pieces"
    end = parts[-1]
    assert isinstance(end, Finished)
    assert (end.reason, bool(end.prompt_tokens), bool(end.completion_tokens)) == (
        "stop",
        True,
        True,
    )


async def test_the_models_that_it_lists_are_found_and_others_are_not(proxy: Proxy) -> None:
    async with asking(proxy, "made-up", context_tokens=4096) as model:
        info = await model.check()
        assert (info.name, info.context_tokens, info.can_call_tools) == ("made-up", 4096, True)
        await model.warm_up(ASKED)
    async with asking(proxy, "absent") as model:
        with pytest.raises(EngineError, match="It has: made-up, passed-on") as caught:
            await model.check()
        assert caught.value.code == "engine-missing"
        with pytest.raises(EngineError) as caught:
            await answer(model)
        assert caught.value.code in {"bad-request", "engine-missing"}


async def test_without_the_key_it_is_told_what_is_wrong(proxy: Proxy) -> None:
    async with asking(proxy, "made-up", key="") as model:
        with pytest.raises(EngineError, match="refuses the key") as caught:
            await answer(model)
    assert caught.value.code == "bad-request"


async def test_tool_calls_come_through_it(proxy: Proxy) -> None:
    first = {"index": 0, "id": "a", "type": "function",
             "function": {"name": "lamp", "arguments": '{"on": '}}  # fmt: skip
    said = (
        event({"role": "assistant", "content": "Je regarde."})
        + calls(first)
        + calls({"index": 0, "function": {"arguments": "true}"}})
        + calls({"index": 1, "id": "b", "type": "function",
                 "function": {"name": "clock", "arguments": "{}"}})
        + event({}, "tool_calls")
        + LAST
    )  # fmt: skip
    async with (
        serving({CHAT: [Answer(cut(said, 29))]}, proxy.behind) as behind,
        asking(proxy, "passed-on") as model,
    ):
        parts = await answer(model)
        assert behind.bodies(CHAT)[0]["tools"][0]["function"]["name"] == "lamp"
    assert text_of(parts) == "Je regarde."
    assert [part.call for part in parts if isinstance(part, ToolCallPart)] == [
        ToolCall("a", "lamp", {"on": True}),
        ToolCall("b", "clock", {}),
    ]
    assert isinstance(parts[-1], Finished)
    assert parts[-1].reason == "tool-calls"


@pytest.mark.parametrize(
    ("chat", "code"),
    [
        (refusal("overloaded", 500), "engine-failed"),
        (refusal("slow down", 429), "engine-busy"),
        (refusal("This model's maximum context length is 4096 tokens."), "bad-request"),
        (Answer([event({"content": "Il "}), SPOKEN], cut_after=1), "engine-failed"),
    ],
)
async def test_what_goes_wrong_behind_it_is_an_error_with_a_code(
    proxy: Proxy, chat: Answer, code: str
) -> None:
    async with serving({CHAT: [chat]}, proxy.behind), asking(proxy, "passed-on") as model:
        with pytest.raises(EngineError) as caught:
            await answer(model)
    assert caught.value.code == code


async def test_hanging_up_reaches_the_model_behind_it(proxy: Proxy) -> None:
    chat = Answer([event({"content": "Il est midi."}), b"\n"], stall_after=1)
    async with (
        serving({CHAT: [chat]}, proxy.behind) as behind,
        asking(proxy, "passed-on") as model,
    ):
        async with aclosing(model.stream(ASKED)) as parts:
            assert await anext(parts) == TextPart("Il est midi.")
        async with asyncio.timeout(60):
            await behind.hung_up.wait()
