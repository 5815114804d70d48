"""What a language model is asked, turn by turn, and how soon its first words are heard."""

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any

import orjson

from bench.harness import Bench, median
from bench.homes import KITCHEN, large_home
from hub.conversation.answer_speech import AnswerSpeech
from hub.conversation.mind import Thought
from hub.conversation.prompt import PromptBuilder
from hub.conversation.tool_loop import ToolLoop
from hub.conversation.tool_run import Setting, ToolRunner
from hub.engines.base import ChatPart, ChatRequest, Finished, ModelInfo, TextPart, ToolSpec
from hub.engines.closable import closable
from hub.engines.host import EngineProcess
from hub.engines.hosted import HostedTextToSpeech
from hub.home.actions import Actions
from hub.home.model import Home, HomeCommand
from hub.origin import Origin
from hub.tools.home_tools import HomeTools

NAME = "model"

DEVICES = 200
TURNS = 60
MORNING = datetime(2026, 3, 1, 6, 0)  # noqa: DTZ001 - a wall clock at home
ANSWER = ("It ", "is ", "half ", "past ", "seven ", "in ", "the ", "morning. ", "Good ", "day.")
SAID = ("is the ceiling lamp on", "what about the blind in the attic", "how warm is it in here")


class Instant:
    """A model that takes no time."""

    def __init__(self) -> None:
        self.began_s = 0.0

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatPart]:
        del request
        self.began_s = time.perf_counter()
        for token in ANSWER:
            yield TextPart(token)
        yield Finished("stop")

    async def warm_up(self, request: ChatRequest) -> None:
        """Nothing to warm."""

    async def check(self) -> ModelInfo:
        return ModelInfo("instant", None, can_call_tools=False)


class NoTools:
    """No tools."""

    def specs(self) -> Sequence[ToolSpec]:
        return ()

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        return ""


class Nowhere:
    """Where commands are not sent."""

    async def perform(self, command: HomeCommand) -> None:
        """Do nothing."""


def run(bench: Bench) -> None:
    home = large_home(DEVICES)
    asked, build_us = _prompts(home)
    shared = [_shared(before, after) for before, after in itertools.pairwise(asked)]
    changed = max(
        len(after) - same for after, same in zip(asked[1:], shared, strict=True)
    )  # the person's words are in it
    note = f"{DEVICES} devices, other rooms and minutes, the person's words included"
    bench.figure("bytes of a prompt that stay", min(shared), "bytes")
    bench.figure(
        "bytes of a prompt that change", changed, "bytes", target=199, at_most=True, note=note
    )
    bench.figure("prompt built in, median", build_us, "us")
    took = asyncio.run(_first_words())
    bench.figure(
        "first token to first audio, median", median(took), "ms",
        target=25, at_most=True, note=f"instant model, espeak-ng, {len(took)} answers",
    )  # fmt: skip


def _prompts(home: Home) -> tuple[list[bytes], float]:
    """Return what a server reads, turn by turn, and how long it takes to write it."""
    tools = HomeTools(home, Actions(home, Nowhere())).specs()
    clock = [MORNING]
    builder = PromptBuilder(home, now=lambda: clock[0], context_tokens=8192)
    rooms = [KITCHEN, *(area.name for area in home.areas())]
    asked, took = [], []
    for turn in range(TURNS):
        clock[0] += timedelta(hours=7, minutes=13)
        said = (("user", SAID[turn % len(SAID)]),)
        thought = Thought(said, Origin(rooms[turn % len(rooms)], "en"), asyncio.Event())
        began_s = time.perf_counter()
        request = builder.build(thought, tools)
        took.append((time.perf_counter() - began_s) * 1e6)
        specs = orjson.dumps([(one.name, one.description, one.parameters) for one in tools])
        texts = [f"<{one.role}>{one.content}".encode() for one in request.messages]
        asked.append(b"".join((specs, *texts)))
    return asked, median(took)


def _shared(before: bytes, after: bytes) -> int:
    same = (one == other for one, other in zip(before, after, strict=False))
    return sum(1 for _ in itertools.takewhile(bool, same))


async def _first_words() -> list[float]:
    """Return how long each answer's first sound takes, from the first token on, in ms."""
    process = EngineProcess("espeak")
    running = asyncio.create_task(process.run())
    try:
        await process.configure({"rate_wpm": 165})
        voice, model = HostedTextToSpeech(process), Instant()
        loop = ToolLoop(model, ToolRunner(NoTools()))
        took = []
        for _ in range(TURNS):
            speech = AnswerSpeech(voice, "en")
            speech.committed.set()
            setting = Setting(Origin(None, "en"), speech.committed)
            filling = asyncio.create_task(speech.fill(loop.run(ChatRequest(()), setting)))
            async with aclosing(closable(speech.pieces())) as pieces:
                await anext(pieces)
                took.append((time.perf_counter() - model.began_s) * 1000)
            filling.cancel()
            await asyncio.wait([filling])
        return took
    finally:
        running.cancel()
        await asyncio.wait([running])
