"""A language model and its tools that do what a test wrote down."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.engines.base import (
    ChatPart,
    ChatRequest,
    EngineError,
    Finished,
    ModelInfo,
    TextPart,
    ToolCall,
    ToolCallPart,
    ToolError,
    ToolSpec,
)
from hub.origin import Origin

INFO = ModelInfo("scripted", 8192, can_call_tools=True)

Step = str | float | ToolCall | EngineError
"""Text, a wait in s, a tool call, or a failure."""


@dataclass
class ScriptedModel:
    """Answers one script after the other, and the last for ever."""

    scripts: Sequence[Sequence[Step]]
    info: ModelInfo = INFO
    asked: list[ChatRequest] = field(default_factory=list)
    warmed: list[ChatRequest] = field(default_factory=list)
    away: EngineError | None = None
    prompt_tokens: int | None = None
    """What the server says that it has read."""
    streaming: int = 0
    """Answers that are being written now."""

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatPart]:
        self.asked.append(request)
        if self.away is not None:
            raise self.away
        script = self.scripts[min(len(self.asked), len(self.scripts)) - 1]
        self.streaming += 1
        try:
            for step in script:
                if isinstance(step, EngineError):
                    raise step
                if isinstance(step, float):
                    await asyncio.sleep(step)
                elif isinstance(step, ToolCall):
                    yield ToolCallPart(step)
                else:
                    yield TextPart(step)
            yield Finished("stop", self.prompt_tokens)
        finally:
            self.streaming -= 1

    async def warm_up(self, request: ChatRequest) -> None:
        self.warmed.append(request)
        if self.away is not None:
            raise self.away

    async def check(self) -> ModelInfo:
        if self.away is not None:
            raise self.away
        return self.info


ToolBody = Callable[[Mapping[str, Any]], Awaitable[str]]


@dataclass
class ScriptedTools:
    """Tools by their names."""

    tools: dict[str, ToolBody]
    called: list[tuple[float, str, Mapping[str, Any]]] = field(default_factory=list)
    ended: list[tuple[float, str]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    rooms: list[tuple[str | None, str]] = field(default_factory=list)

    def specs(self) -> Sequence[ToolSpec]:
        return [ToolSpec(name, f"Does {name}.", {"type": "object"}) for name in self.tools]

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        loop = asyncio.get_running_loop()
        self.called.append((loop.time(), name, arguments))
        self.rooms.append((origin.area, origin.language))
        try:
            result = await self.tools[name](arguments)
        except asyncio.CancelledError:
            self.cancelled.append(name)
            raise
        self.ended.append((loop.time(), name))
        return result


def takes(seconds: float, result: str = "It is so.") -> ToolBody:
    """Return a tool that takes a while."""

    async def body(_: Mapping[str, Any]) -> str:
        await asyncio.sleep(seconds)
        return result

    return body


def fails(text: str = "the bulb is broken.") -> ToolBody:
    """Return a tool that fails."""

    async def body(_: Mapping[str, Any]) -> str:
        raise ToolError(text)

    return body


def call(name: str, number: int = 1, /, **arguments: Any) -> ToolCall:
    return ToolCall(f"id-{number}", name, arguments)
