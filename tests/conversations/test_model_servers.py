"""A home, its tools and a model behind a real socket: three tools, spoken of to the end."""

import asyncio
import itertools
import json
from collections.abc import Sequence
from typing import Any

import pytest

from hub.conversation.home_mind import HomeMind
from hub.conversation.mind import Thought
from hub.conversation.model_mind import ModelMind
from hub.conversation.prompt import PromptBuilder
from hub.engines.base import LanguageModel
from hub.engines.ollama import Ollama
from hub.engines.openai_chat import OpenAiChat
from hub.home.actions import Actions
from hub.home.confirmations import Confirmations
from hub.home.gate import PolicyGate
from hub.home.intents import IntentRecognizer
from hub.home.policy import Policy
from hub.origin import Origin
from hub.tools.home_tools import HomeTools
from tests.hub.engines.model_service import Answer, ModelService, cut, serving
from tests.hub.home.small_home import ObedientSink, small_home

Said = tuple[str, Sequence[tuple[str, dict[str, Any]]]]
"""Text, and tool calls."""

CONVERSATION: list[Said] = [
    ("I look. ", [("get_state", {"name": "Ceiling Light"})]),
    ("", [("control_device", {"action": "off", "domain": "light"})]),
    ("The lights are off. ", [("control_device", {"action": "unlock", "name": "Front Door"})]),
    ("The door is open.", []),
]


def ollama_says(said: Said) -> bytes:
    text, calls = said
    functions = [{"function": {"name": name, "arguments": given}} for name, given in calls]
    message = {"role": "assistant", "content": text, "tool_calls": functions}
    entries = [
        {"message": message, "done": False},
        {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"},
    ]
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)


def openai_says(said: Said) -> bytes:
    text, calls = said
    deltas: list[dict[str, Any]] = [{"content": text}]
    for index, (name, given) in enumerate(calls):
        written = json.dumps(given)
        start = {"index": index, "id": f"id{index}", "function": {"name": name, "arguments": ""}}
        deltas.append({"tool_calls": [start]})
        deltas += [
            {"tool_calls": [{"index": index, "function": {"arguments": part}}]}
            for part in (written[:7], written[7:])
        ]
    events: list[Any] = [{"choices": [{"delta": delta, "finish_reason": None}]} for delta in deltas]
    events.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    said_events = b"".join(f"data: {json.dumps(event)}\n\n".encode() for event in events)
    return said_events + b"data: [DONE]\n\n"


def ollama(service: ModelService) -> LanguageModel:
    return Ollama("qwen3", service.url)


def openai(service: ModelService) -> LanguageModel:
    return OpenAiChat("qwen3", f"{service.url}/v1")


SERVERS = [
    (ollama, "/api/chat", ollama_says),
    (openai, "/v1/chat/completions", openai_says),
]


@pytest.mark.parametrize(("connect", "path", "says"), SERVERS)
@pytest.mark.parametrize("size", [5, 10_000])
async def test_a_model_behind_a_socket_uses_the_home_and_tells(
    connect: Any, path: str, says: Any, size: int
) -> None:
    home = small_home()
    sink = ObedientSink(home)
    gate = PolicyGate(home, Policy(home), Confirmations())
    actions = Actions(home, sink, confirm_timeout_s=0.02, gate=gate)
    answers = {
        "/api/show": [Answer(b"{}")],
        path: [Answer(cut(says(said), size)) for said in CONVERSATION],
    }
    async with serving(answers) as service:
        model = connect(service)
        mind = ModelMind(
            HomeMind(home, [IntentRecognizer(home)], actions),
            model,
            HomeTools(home, actions),
            PromptBuilder(home, context_tokens=8192),
        )
        committed = asyncio.Event()
        committed.set()
        thought = Thought(
            (("user", "we leave now"),),
            Origin("Kitchen", "en", conversation="c1", turn=1),
            committed,
        )
        answer = mind.think(thought)
        assert answer is not None
        text = "".join([part async for part in answer])
        await model.close()
        asked = service.bodies(path)
    # What needs a yes is asked about by the hub itself, and the model says no more.
    assert text == "I look. \nThe lights are off. \nShall I unlock the Front Door?"
    assert {one.verb for one in sink.commands} == {"turn_off"}
    assert len(asked) == 3
    results = [one["content"] for one in asked[2]["messages"] if one["role"] == "tool"]
    assert results[0].startswith("Ceiling Light (light, Kitchen): on")
    assert results[1].startswith("Done. Ceiling Light: turn_off")
    # What was read before is sent again as it was.
    for before, after in itertools.pairwise(asked):
        assert after["messages"][: len(before["messages"])] == before["messages"]
        assert after["tools"] == before["tools"]
