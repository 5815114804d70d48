"""A model's answer, with the tools it uses on the way: one stream of text.

```
ask -> text ----------------------> said while it is written
    -> tool calls -> run side by side, once the person has finished -> results -> ask again
```
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

import structlog

from hub.conversation.thinking_signs import thinking_sign
from hub.conversation.tool_run import Setting, ToolResult, ToolRunner, key_of
from hub.engines.base import (
    ChatMessage,
    ChatRequest,
    EngineError,
    Finished,
    LanguageModel,
    TextPart,
    ToolCall,
    ToolCallPart,
)
from hub.engines.closable import closable
from hub.words import worded

log = structlog.get_logger(__name__)

MAX_STEPS = 10
"""Times that a model is asked for one answer."""
MAX_CALLS = 8
"""Tools that are used in one step; a model is told of the others that they were too many."""
MAX_SAME_FAILURES = 2
"""Times that the same call may fail: a model that did not learn from it then never will."""
MAX_CHARS = 2400
"""Of one answer, over two minutes of speech: nobody listens on."""
SIGN_S = 1.5
"""Silence while tools run, before a sign."""
NEXT_SIGN_S = 5.0
"""Silence after a sign, before another one."""
CHAR_S = 0.06
"""How long a character is spoken, about: silence begins when what was written is spoken."""
MAX_PARTS = 64
"""Pieces of text that wait for the voice; then the model waits."""
CLOSE_S = 1.0
"""What is cancelled ends by then, or is left behind."""

Fit = Callable[[tuple[ChatMessage, ...]], tuple[ChatMessage, ...]]
"""Shortens messages until they fit. Raises EngineError."""


class ToolLoop:
    """Asks a model until it has answered."""

    def __init__(
        self,
        model: LanguageModel,
        tools: ToolRunner,
        *,
        finished: Callable[[Finished], None] = lambda _: None,
    ) -> None:
        """`finished` is told of the end of every step."""
        self._model = model
        self._tools = tools
        self._finished = finished

    async def run(
        self, request: ChatRequest, setting: Setting, fit: Fit = lambda messages: messages
    ) -> AsyncGenerator[str]:
        """Yield the answer's text; closing it cancels the model and every tool.

        Raises EngineError, also where the model goes round in circles or has nothing to say.
        """
        said: asyncio.Queue[str | None] = asyncio.Queue(MAX_PARTS)
        answer = _Answer(self._model, self._tools, setting, fit, said, finished=self._finished)
        working = asyncio.create_task(answer.write(request))
        try:
            while (part := await said.get()) is not None:
                yield part
            await working
        finally:
            working.cancel()
            await asyncio.wait([working], timeout=CLOSE_S)
            if working.done() and not working.cancelled():
                working.exception()  # of an answer that nobody waits for any more


class _Answer:
    """One answer on its way."""

    def __init__(
        self,
        model: LanguageModel,
        tools: ToolRunner,
        setting: Setting,
        fit: Fit,
        said: asyncio.Queue[str | None],
        *,
        finished: Callable[[Finished], None],
    ) -> None:
        self._model = model
        self._tools = tools
        self._setting = setting
        self._fit = fit
        self._said = said
        self._finished = finished
        self._chars = 0
        self._at_line_start = True
        self._failures: Counter[tuple[str, bytes]] = Counter()
        self._watch: asyncio.Task[None] | None = None
        self._waiting_s = 0.0
        """How long what waits for the person to finish will be spoken."""
        self._silent_at = 0.0
        """When all that is said so far is spoken, by the loop's clock."""
        self._patience_s = SIGN_S

    async def write(self, request: ChatRequest) -> None:
        """Write the answer to its end; the last thing that is put is None. Raises EngineError."""
        try:
            await self._steps(request)
            if not self._chars:
                raise EngineError(
                    "engine-failed", worded("model-says-nothing", "The model had nothing to say.")
                )
        finally:
            self._end_watch()
            task = asyncio.current_task()
            if task is None or not task.cancelling():  # else nobody takes it any more
                await self._said.put(None)

    async def _steps(self, request: ChatRequest) -> None:
        messages = request.messages
        for _ in range(MAX_STEPS):
            text, results = await self._step(replace(request, messages=self._fit(messages)))
            if not results or self._chars >= MAX_CHARS:
                return
            if questions := [result.question for result in results if result.question]:
                await self._say(questions[-1])  # the last one is open; no model words it otherwise
                return
            self._give_up_on_circles(results)
            calls = tuple(result.call for result in results)
            messages = (
                *messages,
                ChatMessage("assistant", text, tool_calls=calls),
                *(ChatMessage("tool", one.text, tool_call_id=one.call.id) for one in results),
            )
        raise EngineError(
            "engine-failed",
            worded(
                "model-many-steps",
                "The model used tools in {count} steps running.",
                count=MAX_STEPS,
            ),
        )

    async def _step(self, request: ChatRequest) -> tuple[str, list[ToolResult]]:
        """Ask once; return what the model wrote, and what came of its tool calls."""
        text = ""
        running: list[asyncio.Task[ToolResult]] = []
        try:
            async with aclosing(closable(self._model.stream(request))) as parts:
                async for part in parts:
                    if isinstance(part, TextPart):
                        text += part.text
                        if part.text.strip() and not running:
                            self._end_watch()
                        await self._say(part.text)
                        if self._chars >= MAX_CHARS:
                            log.warning("the model does not stop", chars=self._chars)
                            break
                    elif isinstance(part, ToolCallPart):
                        running.append(asyncio.create_task(self._run(part.call, len(running))))
                        self._watch = self._watch or asyncio.create_task(self._sign_in_time())
                    else:
                        self._finished(part)
                        if part.reason == "length":
                            log.warning("the model's answer was cut", tokens=part.completion_tokens)
            if running and not self._at_line_start:
                await self._put("\n")  # the sentence is over: it can be spoken while tools run
            return text, [await task for task in running]
        finally:
            for task in running:
                task.cancel()
            if running:
                await asyncio.wait(running, timeout=CLOSE_S)

    async def _run(self, call: ToolCall, before: int) -> ToolResult:
        if before < MAX_CALLS:
            return await self._tools.run(call, self._setting)
        text = f"Error: too many calls at once, at most {MAX_CALLS}."
        return ToolResult(call, text, ok=False)

    async def _sign_in_time(self) -> None:
        """Say that it takes a moment, whenever there is silence for long."""
        await self._setting.committed.wait()
        self._speaks(0.0)
        while True:
            silent_at = self._silent_at
            await asyncio.sleep(silent_at + self._patience_s - asyncio.get_running_loop().time())
            if silent_at == self._silent_at:
                sign = thinking_sign("moment", self._setting.origin.language) + "\n"
                await self._put(sign if self._at_line_start else f"\n{sign}")
                self._patience_s = NEXT_SIGN_S

    def _end_watch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    async def _say(self, text: str) -> None:
        self._chars += len(text.strip())
        if text.strip():
            self._patience_s = SIGN_S
        await self._put(text)

    async def _put(self, text: str) -> None:
        self._at_line_start = text.endswith("\n")
        self._speaks(len(text.strip()) * CHAR_S)
        await self._said.put(text)

    def _speaks(self, seconds: float) -> None:
        """Take note of what is to be spoken; nothing is before the person has finished."""
        self._waiting_s += seconds
        if self._setting.committed.is_set():
            now = asyncio.get_running_loop().time()
            self._silent_at = max(self._silent_at, now) + self._waiting_s
            self._waiting_s = 0.0

    def _give_up_on_circles(self, results: list[ToolResult]) -> None:
        """Count failures. Raises EngineError when the same call fails again and again."""
        self._failures.update({key_of(result.call) for result in results if not result.ok})
        for (name, _), times in self._failures.items():
            if times >= MAX_SAME_FAILURES:
                text = worded(
                    "model-in-circles",
                    "The model calls {tool} again and again, and it fails.",
                    tool=name,
                )
                raise EngineError("engine-failed", text)
