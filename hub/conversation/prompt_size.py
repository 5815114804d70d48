"""Keeps what a model is asked within its context, cut where every server accepts it."""

from collections.abc import Sequence
from dataclasses import replace

import orjson

from hub.engines.base import ChatMessage, EngineError, ToolSpec
from hub.words import worded

BYTES_PER_TOKEN = 3
"""Of text, counted in UTF-8: models make more of a token in English, hardly less in others."""
MESSAGE_TOKENS = 8
"""What a message costs beyond its text."""
KEPT_RESULT_CHARS = 200
"""Of an old tool result, where there is no room for it."""
_CUT = " … (the rest was left out)"


def estimated_tokens(text: str) -> int:
    """Return about how many tokens a text is, rather too many than too few."""
    return len(text.encode()) // BYTES_PER_TOKEN + 1


def tools_tokens(tools: Sequence[ToolSpec]) -> int:
    """Return about how many tokens the descriptions of tools are."""
    return sum(
        estimated_tokens(tool.name + tool.description)
        + estimated_tokens(orjson.dumps(tool.parameters).decode())
        + MESSAGE_TOKENS
        for tool in tools
    )


def fitted(messages: Sequence[ChatMessage], max_tokens: int) -> tuple[ChatMessage, ...]:
    """Return messages that fit: the oldest exchanges are dropped, then old results shortened.

    What comes first of the system stays, and so does the last thing that the user said with all
    that follows it: tool calls keep their results. Raises EngineError "bad-request" where that is
    too much.
    """
    left = max_tokens - sum(map(_tokens, messages))
    if left >= 0:
        return tuple(messages)
    first = next((at for at, one in enumerate(messages) if one.role != "system"), len(messages))
    system, rest = list(messages[:first]), list(messages[first:])
    starts = [at for at, message in enumerate(rest) if message.role == "user"]
    dropped = 0
    for start in starts[1:]:
        if left >= 0:
            break
        left += sum(map(_tokens, rest[dropped:start]))
        dropped = start
    kept = rest[dropped:]
    for at, message in enumerate(kept):
        if left >= 0:
            break
        if message.role == "tool" and len(message.content) > KEPT_RESULT_CHARS + len(_CUT):
            kept[at] = replace(message, content=message.content[:KEPT_RESULT_CHARS] + _CUT)
            left += _tokens(message) - _tokens(kept[at])
    if left < 0:
        raise EngineError(
            "bad-request",
            worded("prompt-too-long", "What is asked does not fit into the model's context."),
        )
    return (*system, *kept)


def _tokens(message: ChatMessage) -> int:
    calls = sum(estimated_tokens(call.name + str(call.arguments)) for call in message.tool_calls)
    return estimated_tokens(message.content) + calls + MESSAGE_TOKENS
