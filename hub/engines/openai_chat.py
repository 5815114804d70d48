"""A language model behind any server that speaks OpenAI's `/chat/completions`.

LM Studio, vLLM, llama.cpp, LiteLLM's proxy, OpenAI itself: they differ in what they do not know.
Source: OpenAI's API reference, "Chat Completions" and its streaming events.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import structlog

from hub.engines.base import ChatPart, ChatRequest, EngineError, ModelInfo
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
from hub.engines.ollama import tool_json
from hub.engines.openai_pieces import AnswerPieces, message_json
from hub.words import worded

log = structlog.get_logger(__name__)

MAX_ADJUSTMENTS = 4
"""Times that a request is made anew in words that the server knows."""
_CONTEXT_KEYS = ("max_model_len", "context_length", "max_context_length", "context_window")
"""Where servers tell what a model holds: vLLM, routers, LM Studio, others."""
_OTHERWISE = (
    (("max_completion_tokens",), "max_tokens"),
    (("stream_options",), "stream_options"),
    (("tool", "support"), "tools"),
    (("tool", "requires"), "tools"),
)
"""What words of a refusal speak of. The last two: models without tools, and vLLM and llama.cpp
that were not started for them."""
_DONE = {"choices": [{"finish_reason": "stop"}]}
"""What the last event says: servers may leave the reason away, not the event."""


class OpenAiChat:
    """One model of one server."""

    def __init__(
        self,
        model: str,
        url: str,
        *,
        key: str = "",
        context_tokens: int | None = None,
        first_part_s: float = FIRST_PART_S,
        next_part_s: float = NEXT_PART_S,
    ) -> None:
        """`url` ends in "/v1" with most servers; `context_tokens` where the server tells none."""
        self._model = model
        self._context_tokens = context_tokens
        self._first_part_s = first_part_s
        self._next_part_s = next_part_s
        self._left_out: set[str] = set()
        self._thinks_unopened = False
        self._server = ModelServer(
            url,
            kind=worded("model-server", "The language model's server"),
            away=worded("start-server", "Start it, or set the address where it runs."),
            key=key,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._server.close()

    async def check(self) -> ModelInfo:
        """Ask whether the model is there. Raises EngineError."""
        try:
            listed = (await self._server.ask("GET", "models")).get("data")
        except ServerRefused as refused:
            if refused.status not in {404, 405}:  # no list is no reason not to try
                raise self._explained(refused) from None
            listed = None
        if not isinstance(listed, list | None):
            raise self._server.failed(worded("models-no-list", "a list of models that is none"))
        models = {str(entry.get("id")): entry for entry in listed or () if isinstance(entry, dict)}
        if models and self._model not in models:
            names = ", ".join(sorted(models)[:10])
            raise EngineError(
                "engine-missing",
                worded(
                    "server-without-model",
                    "The server at {server} has no model '{model}'. It has: {names}.",
                    server=self._server.place,
                    model=self._model,
                    names=names,
                ),
            )
        told = models.get(self._model, {})
        lengths = [told[key] for key in _CONTEXT_KEYS if isinstance(told.get(key), int)]
        lengths = [tokens for tokens in lengths if tokens > 0]  # 0 is what is not known
        known = [*lengths[:1], *([self._context_tokens] if self._context_tokens else [])]
        return ModelInfo(self._model, min(known, default=None), "tools" not in self._left_out)

    async def warm_up(self, request: ChatRequest) -> None:
        """Have the model loaded and the request read. Raises EngineError."""
        short = ChatRequest(request.messages, request.tools, max_tokens=1)
        async with aclosing(in_time(self._adjusted(short), LOAD_S, LOAD_S)) as timed:
            async for _ in timed:
                pass

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatPart]:
        """Yield the answer; closing the iterator closes the connection. Raises EngineError."""
        parts = self._adjusted(request)
        async with aclosing(in_time(parts, self._first_part_s, self._next_part_s)) as timed:
            async for part in timed:
                yield part

    async def _adjusted(self, request: ChatRequest) -> AsyncGenerator[ChatPart | None]:
        """Ask; leave out what the server turns out not to know."""
        for _ in range(MAX_ADJUSTMENTS):
            try:
                async with aclosing(self._parts(request)) as parts:
                    async for part in parts:
                        yield part
                return
            except ServerRefused as refused:
                unknown = self._unknown(refused)
                if unknown is None:
                    raise self._explained(refused) from None
                log.warning("the server does not know it", model=self._model, what=unknown)
                self._left_out.add(unknown)
        raise EngineError(
            "bad-request",
            worded(
                "server-refuses-all",
                "The server refuses every request to {model}.",
                model=self._model,
            ),
        )

    async def _parts(self, request: ChatRequest) -> AsyncGenerator[ChatPart | None]:
        """Yield parts; None while a tool call is being written."""
        answer = AnswerPieces(thinks_unopened=self._thinks_unopened)
        events = self._events(self._body(request))
        async with aclosing(events):
            async for event in events:
                for part in answer.feed(event):
                    yield part
        if not answer.over:
            raise self._server.failed(worded("the-answer-broke-off", "the answer broke off"))
        lasts = list(answer.finish())
        self._thinks_unopened = answer.thinks_unopened
        for last in lasts:
            yield last

    async def _events(self, body: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        """Yield the data of server-sent events, up to the one that says that it was the last.

        Source: the event stream format of the HTML standard.
        """
        data: list[bytes] = []
        lines = self._server.lines("chat/completions", body)
        async with aclosing(lines):
            async for line in lines:
                if line.startswith(b"data:"):
                    data.append(line[5:].removeprefix(b" "))
                elif line.startswith(b"{") and not data:
                    self._raise_said(parsed(line))  # an error that is no event
                elif not line and data:
                    event, data = b"\n".join(data), []
                    if event.strip() == b"[DONE]":
                        yield _DONE
                        return
                    said = parsed(event)
                    self._raise_said(said)
                    if isinstance(said, dict):
                        yield said

    def _raise_said(self, said: Any) -> None:
        if error := said_error(said):
            raise self._server.failed(error)

    def _body(self, request: ChatRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [message_json(message) for message in request.messages],
            "stream": True,
        }
        limit = "max_tokens" if "max_tokens" not in self._left_out else "max_completion_tokens"
        body[limit] = request.max_tokens
        if "stream_options" not in self._left_out:
            body["stream_options"] = {"include_usage": True}
        if request.tools and "tools" not in self._left_out:
            body["tools"] = [tool_json(tool) for tool in request.tools]
        return body

    def _unknown(self, refused: ServerRefused) -> str | None:
        """Return what a refusal is about, if there is another way."""
        if refused.status not in {400, 422}:
            return None
        text = refused.text.lower()
        for words, what in _OTHERWISE:
            if all(word in text for word in words) and what not in self._left_out:
                return what
        return None

    def _explained(self, refused: ServerRefused) -> EngineError:
        status, place = refused.status, self._server.place
        if status in {401, 403}:
            return EngineError(
                "bad-request",
                worded(
                    "server-refuses-key", "The server at {server} refuses the key.", server=place
                ),
            )
        if status == 404:
            return EngineError(
                "engine-missing",
                worded(
                    "server-no-model",
                    "The server at {server} has no model '{model}', or its address is another one "
                    "(most end in /v1): {why}",
                    server=place,
                    model=self._model,
                    why=str(refused),
                ),
            )
        if status == 429:
            return EngineError(
                "engine-busy",
                worded("server-busy", "The server at {server} has too much to do.", server=place),
            )
        code = "bad-request" if status in {400, 413, 422} else "engine-failed"
        return EngineError(
            code,
            worded(
                "server-refused",
                "The server at {server} refused: {why}",
                server=place,
                why=str(refused),
            ),
        )
