"""Messages in OpenAI's JSON, and an answer put together from its streamed pieces.

Source: OpenAI's API reference, "Chat Completions" and its streaming events.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, TypeVar

import orjson

from hub.engines.base import (
    ChatMessage,
    ChatPart,
    EngineError,
    Finished,
    TextPart,
    ToolCall,
    ToolCallPart,
)
from hub.engines.thinking import ThinkingFilter
from hub.words import worded

MAX_CALLS = 64
MAX_ARGUMENT_CHARS = 100_000
"""Tool calls of one answer, and what they say: more is a model that goes round in circles."""

_Kind = TypeVar("_Kind", list[Any], dict[str, Any])


@dataclass(slots=True)
class _Pending:
    """A tool call that is still being written."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


class AnswerPieces:
    """One answer: feed it every piece, then finish it."""

    def __init__(self, *, thinks_unopened: bool = False) -> None:
        """`thinks_unopened` is that of the answer before."""
        self._thinking = ThinkingFilter(unopened=thinks_unopened)
        self._pending: list[_Pending] = []
        self._reason = ""
        self._usage: Mapping[str, Any] = {}

    @property
    def over(self) -> bool:
        """Whether a piece has said that it was the last."""
        return bool(self._reason)

    @property
    def thinks_unopened(self) -> bool:
        """Whether the model thinks aloud without saying that it begins to."""
        return self._thinking.unopened

    def feed(self, piece: Mapping[str, Any]) -> Iterator[TextPart | None]:
        """Yield what a piece brings; None where it belongs to a tool call. Raises EngineError."""
        usage = piece.get("usage")
        if isinstance(usage, dict):
            self._usage = usage
        choice = next(iter(_kind(list, piece.get("choices"))), None)
        if not isinstance(choice, dict):
            return
        self._reason = self._reason or str(choice.get("finish_reason") or "")
        delta = _kind(dict, choice.get("delta"))
        if text := self._thinking.feed(_text(delta.get("content"))):
            yield TextPart(text)
        for entry in _kind(list, delta.get("tool_calls")):
            _gather(self._pending, entry)
            yield None

    def finish(self) -> Iterator[ChatPart]:
        """Yield what was held back, the tool calls, and the end."""
        if text := self._thinking.finish(cut=self._reason == "length"):
            yield TextPart(text)
        for call in sorted(self._pending, key=lambda call: call.index):
            yield ToolCallPart(_call(call))
        yield Finished(
            "tool-calls" if self._pending else "length" if self._reason == "length" else "stop",
            _number(self._usage.get("prompt_tokens")),
            _number(self._usage.get("completion_tokens")),
        )


def message_json(message: ChatMessage) -> dict[str, Any]:
    """Return a message as servers of the protocol are told of it."""
    told: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        told["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                # Broken arguments would be refused again and again.
                "function": {
                    "name": call.name,
                    "arguments": "{}"
                    if isinstance(call.arguments, str)
                    else orjson.dumps(call.arguments).decode(),
                },
            }
            for call in message.tool_calls
        ]
    if message.role == "tool":
        told["tool_call_id"] = message.tool_call_id
    return told


def _gather(pending: list[_Pending], entry: Any) -> None:
    """Add a piece of a tool call to its call. Raises EngineError where there is no end."""
    if not isinstance(entry, dict):
        return
    function = _kind(dict, entry.get("function"))
    index, name, new_id = entry.get("index"), function.get("name"), str(entry.get("id") or "")
    if not isinstance(index, int):
        index = len(pending)  # some servers send whole calls, and no index
    call = next((one for one in reversed(pending) if one.index == index), None)
    # Others send whole calls, and the same index with each.
    if call is None or (name and new_id and call.id not in {"", new_id}):
        call = _Pending(index)
        pending.append(call)
    call.id = call.id or new_id
    call.name += str(name or "")
    arguments = function.get("arguments") or ""
    call.arguments += arguments if isinstance(arguments, str) else _written(arguments)
    if len(pending) > MAX_CALLS or len(call.arguments) > MAX_ARGUMENT_CHARS:
        raise EngineError(
            "engine-failed", worded("tools-without-end", "The model called tools without end.")
        )


def _call(call: _Pending) -> ToolCall:
    arguments: Any = {}
    if call.arguments.strip():
        try:
            arguments = orjson.loads(call.arguments)
        except orjson.JSONDecodeError:
            arguments = call.arguments
    if not isinstance(arguments, dict):
        arguments = call.arguments
    return ToolCall(call.id or f"call-{token_hex(4)}", call.name, arguments)


def _kind(kind: type[_Kind], value: Any) -> _Kind:
    """Return a part of an answer; an empty one where it is missing. Raises EngineError."""
    if not value:
        return kind()
    if not isinstance(value, kind):
        shown = str(value)[:80]
        raise EngineError(
            "engine-failed",
            worded(
                "server-broken-piece",
                "The model's server sent a broken piece: {shown}",
                shown=shown,
            ),
        )
    return value


def _text(content: Any) -> str:
    """Return a piece's text; some servers send a list of parts, as they take them."""
    if not isinstance(content, list):
        return str(content or "")
    texts = (part.get("text") for part in content if isinstance(part, dict))
    return "".join(text for text in texts if isinstance(text, str))


def _written(arguments: Any) -> str:
    """Return arguments as JSON. Raises EngineError."""
    try:
        return orjson.dumps(arguments).decode()
    except orjson.JSONEncodeError:  # orjson reads what is nested deeper than it writes
        raise EngineError(
            "engine-failed", worded("bad-tool-call", "A tool call's arguments can not be used.")
        ) from None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) else None
