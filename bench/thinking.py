"""What a sentence costs on its way to an answer: the home's intents, and the models' adapters."""

import importlib.util
import json
import time
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from bench.candidates import DOUBLE, REAL, Candidate, Figures, Group
from bench.harness import median
from bench.homes import KITCHEN, large_home, spoken_home
from bench.hosted import in_hub
from hub.engines.base import ChatMessage, ChatRequest, EngineError, LanguageModel, TextPart
from hub.engines.litellm_chat import LiteLlmChat, library
from hub.engines.ollama import Ollama
from hub.engines.openai_chat import OpenAiChat
from hub.home.intents import IntentRecognizer
from tests.hub.engines.model_service import Answer, serving

COLUMNS = ("load s", "MB", "meaning ms", "first token ms", "next token us")
COMMANDS = ("turn on the bed light", "set the kitchen lights to blue", "open the garage door")
QUESTION = ChatRequest((ChatMessage("user", "What was the first steam engine for?"),))
TOKENS = 200
REPEATS = 60
LARGE_HOME = 500


def group() -> Group:
    """Return the home's intents and the adapters."""
    candidates = [
        Candidate("the home's intents", REAL, partial(_intents, 0)),
        Candidate(f"intents, {LARGE_HOME} names", REAL, partial(_intents, LARGE_HOME)),
        Candidate("Ollama", DOUBLE, _ollama),
        Candidate("OpenAI-compatible", DOUBLE, _openai),
        Candidate("LiteLLM", DOUBLE, _litellm),
    ]
    return Group("Mind", COLUMNS, candidates)


def recognizer(devices: int) -> IntentRecognizer:
    """Return a recogniser that is ready: for the home of the recordings, or a larger one."""
    intents = IntentRecognizer(large_home(devices) if devices else spoken_home())
    intents.warm_up()
    return intents


async def _intents(devices: int) -> Figures:
    load_s, memory_mb = in_hub("bench.thinking:recognizer", devices)
    intents, took = recognizer(devices), []
    for repeat in range(2 * REPEATS):
        for text in COMMANDS:
            began_s = time.perf_counter()
            match = intents.recognize(text, area=KITCHEN)
            if repeat >= REPEATS:  # Python is quicker with what it has run often
                took.append((time.perf_counter() - began_s) * 1000)
            assert match is not None, text
    return [load_s, memory_mb, median(took), None, None]


async def _ollama() -> Figures:
    chunks = [_ollama_line(" word") for _ in range(TOKENS)]
    chunks.append(_ollama_line("", done=True, done_reason="stop"))
    answers = {"/api/show": [Answer(b"{}")], "/api/chat": [Answer(chunks)]}
    async with serving(answers) as service:
        model = Ollama("double", service.url)
        try:
            return await _thought(model)
        finally:
            await model.close()


def _ollama_line(text: str, **more: Any) -> bytes:
    message = {"role": "assistant", "content": text}
    entry = {"model": "double", "created_at": "2026-01-01T00:00:00Z", "message": message}
    return json.dumps({**entry, "done": False, **more}).encode() + b"\n"


async def _openai() -> Figures:
    async with _openai_double() as url:
        model = OpenAiChat("double", url)
        try:
            return await _thought(model)
        finally:
            await model.close()


async def _litellm() -> Figures:
    if importlib.util.find_spec("litellm") is None:
        raise EngineError("engine-missing", "litellm is not installed.")
    load_s, memory_mb = in_hub("bench.thinking:litellm_library")
    async with _openai_double() as url:
        model = LiteLlmChat("openai/double", url=url, key="none")
        try:
            return [load_s, memory_mb, *(await _thought(model))[2:]]
        finally:
            await model.close()


def litellm_library() -> object:
    """Return LiteLLM, imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return library()


@asynccontextmanager
async def _openai_double() -> AsyncIterator[str]:
    """A double of an OpenAI-compatible server, by its base address."""
    # LiteLLM takes many equal pieces for a model that has gone astray.
    chunks = [_event({"content": f" word{number}"}) for number in range(TOKENS)]
    chunks += [_event({}, "stop"), b"data: [DONE]\n\n"]
    async with serving({"/v1/chat/completions": [Answer(chunks)]}) as service:
        yield f"{service.url}/v1"


def _event(delta: dict[str, str], reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    entry = {"id": "1", "object": "chat.completion.chunk", "choices": [choice]}
    return b"data: " + json.dumps(entry).encode() + b"\n\n"


async def _thought(model: LanguageModel) -> Figures:
    """Return medians: to the first token in ms, and from token to token in us."""
    firsts, others = [], []
    for repeat in range(1 + REPEATS):
        began_s = time.perf_counter()
        stream = model.stream(QUESTION)
        at_s = [time.perf_counter() async for part in stream if isinstance(part, TextPart)]
        if repeat:  # the first one connects
            firsts.append((at_s[0] - began_s) * 1000)
            others.append((at_s[-1] - at_s[0]) * 1e6 / (len(at_s) - 1))
    return [None, None, None, median(firsts), median(others)]
