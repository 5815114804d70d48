"""A language model on an Ollama server, by its own protocol (`/api/chat`).

Source: docs/api.md of Ollama. Its own protocol lets the hub say how much context there is, that a
model is to stay loaded and is not to think aloud, and that a prompt that is too long is an error.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from secrets import token_hex
from typing import Any

import orjson
import structlog

from hub.engines.base import (
    ChatMessage,
    ChatPart,
    ChatRequest,
    EngineError,
    Finished,
    ModelInfo,
    TextPart,
    ToolCall,
    ToolCallPart,
    ToolSpec,
)
from hub.engines.model_server import (
    FIRST_PART_S,
    LOAD_S,
    NEXT_PART_S,
    ModelServer,
    ServerRefused,
    in_time,
    parsed,
    said_error,
)
from hub.engines.thinking import ThinkingFilter
from hub.words import worded

log = structlog.get_logger(__name__)

DEFAULT_URL = "http://127.0.0.1:11434"
CONTEXT_TOKENS = 8192
"""Ollama's own default is smaller than a home of 200 devices, and it cuts without a word."""
KEEP_ALIVE = "30m"
MAX_ADJUSTMENTS = 3
"""Times that a request is made anew without something that the model does not know."""
MAX_CALLS = 64
"""Tool calls of one answer: more is a model that goes round in circles."""


class Ollama:
    """One model of one server."""

    def __init__(
        self,
        model: str,
        url: str = DEFAULT_URL,
        *,
        context_tokens: int = CONTEXT_TOKENS,
        keep_alive: str = KEEP_ALIVE,
        first_part_s: float = FIRST_PART_S,
        next_part_s: float = NEXT_PART_S,
    ) -> None:
        self._model = model
        self._wanted_tokens = context_tokens
        self._keep_alive = keep_alive
        self._first_part_s = first_part_s
        self._next_part_s = next_part_s
        self._info: ModelInfo | None = None
        self._left_out: set[str] = set()
        self._thinks_unopened = False
        self._server = ModelServer(
            url,
            kind="Ollama",
            away=worded(
                "start-ollama", "Start it with `ollama serve`, or set the address where it runs."
            ),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._server.close()

    async def check(self) -> ModelInfo:
        """Ask whether the model is there, and what it can do. Raises EngineError."""
        try:
            card = await self._server.ask("POST", "api/show", {"model": self._model})
        except ServerRefused as refused:
            raise self._explained(refused) from None
        most = _context_length(card.get("model_info"))
        if most is not None and most < self._wanted_tokens:
            log.warning("the model holds less", model=self._model, tokens=most)
        # Servers before 0.6.4 do not tell what a model can do; then it shows at the first try.
        abilities = card.get("capabilities")
        tools = not isinstance(abilities, list) or "tools" in abilities
        context = self._wanted_tokens if most is None else min(most, self._wanted_tokens)
        self._info = ModelInfo(self._model, context, tools and "tools" not in self._left_out)
        return self._info

    async def warm_up(self, request: ChatRequest) -> None:
        """Load the model and have it read the request. Raises EngineError."""
        short = ChatRequest(request.messages, request.tools, max_tokens=1)
        parts = self._adjusted(short)
        async with aclosing(in_time(parts, LOAD_S, LOAD_S)) as timed:
            async for _ in timed:
                pass

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatPart]:
        """Yield the answer; closing the iterator makes the server stop. Raises EngineError."""
        parts = self._adjusted(request)
        async with aclosing(in_time(parts, self._first_part_s, self._next_part_s)) as timed:
            async for part in timed:
                yield part

    async def _adjusted(self, request: ChatRequest) -> AsyncGenerator[ChatPart | None]:
        """Ask; leave out what the model turns out not to know."""
        info = self._info or await self.check()
        for _ in range(MAX_ADJUSTMENTS):
            try:
                async with aclosing(self._parts(request, info)) as parts:
                    async for part in parts:
                        yield part
                return
            except ServerRefused as refused:
                unknown = self._unknown(refused)
                if unknown is None:
                    raise self._explained(refused) from None
                log.warning("the model does not know it", model=self._model, what=unknown)
                self._left_out.add(unknown)
        raise EngineError(
            "bad-request",
            worded(
                "ollama-refuses-all", "Ollama refuses every request to {model}.", model=self._model
            ),
        )

    async def _parts(
        self, request: ChatRequest, info: ModelInfo
    ) -> AsyncGenerator[ChatPart | None]:
        thinking = ThinkingFilter(unopened=self._thinks_unopened)
        calls = 0
        lines = self._server.lines("api/chat", self._body(request, info))
        async with aclosing(lines):
            async for line in lines:
                if not line.strip():
                    continue
                said = parsed(line)
                if error := said_error(said):
                    raise self._server.failed(error)
                message = said.get("message") if isinstance(said, dict) else None
                if not isinstance(message, dict):
                    raise self._server.failed(
                        worded("line-without-message", "a line without a message")
                    )
                if text := thinking.feed(str(message.get("content") or "")):
                    yield TextPart(text)
                entries = message.get("tool_calls") or []
                if not isinstance(entries, list):
                    raise self._server.failed(
                        worded("tool-calls-no-list", "tool calls that are no list")
                    )
                for entry in entries:
                    calls += 1
                    if calls <= MAX_CALLS:
                        yield ToolCallPart(_call(entry))
                if said.get("done"):
                    if text := thinking.finish(cut=said.get("done_reason") == "length"):
                        yield TextPart(text)
                    self._thinks_unopened = thinking.unopened
                    yield _finished(said, calls)
                    return
        raise self._server.failed(worded("the-answer-broke-off", "the answer broke off"))

    def _body(self, request: ChatRequest, info: ModelInfo) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": _messages(request.messages),
            "stream": True,
            "keep_alive": self._keep_alive,
            # An error instead of a prompt without its beginning.
            "truncate": False,
            "options": {"num_ctx": info.context_tokens, "num_predict": request.max_tokens},
        }
        if "think" not in self._left_out:
            body["think"] = False
        if request.tools and info.can_call_tools and "tools" not in self._left_out:
            body["tools"] = [tool_json(tool) for tool in request.tools]
        return body

    def _unknown(self, refused: ServerRefused) -> str | None:
        """Return what a refusal is about, if it can be left out."""
        text = refused.text.lower()
        for word, what in (("think", "think"), ("support tools", "tools")):
            if refused.status == 400 and word in text and what not in self._left_out:
                return what
        return None

    def _explained(self, refused: ServerRefused) -> EngineError:
        if refused.status == 404:
            return EngineError(
                "engine-missing",
                worded(
                    "ollama-without-model",
                    "Ollama has no model '{model}'. Run `ollama pull {model}`.",
                    model=self._model,
                ),
            )
        code = "bad-request" if refused.status == 400 else "engine-failed"
        return EngineError(
            code, worded("ollama-refused", "Ollama refused: {why}", why=str(refused))
        )


def tool_json(tool: ToolSpec) -> dict[str, Any]:
    """Return a tool as servers of both protocols are told of it."""
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": tool.parameters,
        },
    }


def _messages(messages: Sequence[ChatMessage]) -> list[dict[str, Any]]:
    names: dict[str, str] = {}
    told = []
    for message in messages:
        entry: dict[str, Any] = {"role": message.role, "content": message.content}
        if message.tool_calls:
            names |= {call.id: call.name for call in message.tool_calls}
            entry["tool_calls"] = [
                {"function": {"name": call.name, "arguments": _arguments(call)}}
                for call in message.tool_calls
            ]
        if message.role == "tool":
            entry["tool_name"] = names.get(message.tool_call_id, "")
        told.append(entry)
    return told


def _arguments(call: ToolCall) -> Mapping[str, Any]:
    """Return a call's arguments; broken ones would be refused again and again."""
    return {} if isinstance(call.arguments, str) else call.arguments


def _call(entry: Any) -> ToolCall:
    function = entry.get("function") if isinstance(entry, dict) else None
    function = function if isinstance(function, dict) else {}
    arguments = function.get("arguments")
    if isinstance(arguments, str):
        arguments = _read(arguments)
    elif not isinstance(arguments, dict):
        arguments = {} if arguments is None else str(arguments)
    return ToolCall(f"call-{token_hex(4)}", str(function.get("name") or ""), arguments)


def _read(written: str) -> Mapping[str, Any] | str:
    """Return arguments that some models write as JSON; what is no object stays as it is."""
    try:
        arguments = orjson.loads(written)
    except orjson.JSONDecodeError:
        return written
    return arguments if isinstance(arguments, dict) else written


def _finished(said: Mapping[str, Any], calls: int) -> Finished:
    cut = said.get("done_reason") == "length"
    return Finished(
        "tool-calls" if calls else "length" if cut else "stop",
        _number(said.get("prompt_eval_count")),
        _number(said.get("eval_count")),
    )


def _context_length(told: Any) -> int | None:
    """Return how many tokens a model was made for; the key begins with its architecture."""
    if not isinstance(told, dict):
        return None
    lengths = (value for key, value in told.items() if str(key).endswith(".context_length"))
    return next((value for value in lengths if isinstance(value, int) and value > 0), None)


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) else None
