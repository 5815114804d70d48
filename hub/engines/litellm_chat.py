"""A language model behind LiteLLM, which speaks the protocols of a hundred providers.

LiteLLM starts tasks and threads of its own and takes its time on the event loop: it has a loop in a
thread for itself. What a model can do is looked up in the tables that come with it.
Source: docs.litellm.ai, "acompletion" and "Exception Mapping".
"""

import asyncio
import importlib
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import structlog
from pydantic import SecretStr

from hub.engines import failures
from hub.engines.base import ChatPart, ChatRequest, EngineError, ModelInfo
from hub.engines.model_server import (
    CONNECT_S,
    FIRST_PART_S,
    LOAD_S,
    MAX_ERROR_CHARS,
    NEXT_PART_S,
    in_time,
)
from hub.engines.ollama import tool_json
from hub.engines.openai_pieces import AnswerPieces, message_json
from hub.engines.side_loop import SideLoop
from hub.words import worded

log = structlog.get_logger(__name__)

_ALONE = {
    "LITELLM_OFFLINE_MODE": "true",  # the tables that come with it, not those of today
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # the same, of its versions before
    "LITELLM_MODE": "PRODUCTION",  # keys from a .env file that happens to be near are not used
}
"""What keeps LiteLLM from asking elsewhere by itself when it is imported."""
_NOT_REACHED = {"ConnectError", "ConnectTimeout", "ClientConnectorError", "ConnectionRefusedError"}
"""Errors of httpx, aiohttp and Python from which LiteLLM makes its own."""
_CODES = {
    400: "bad-request", 404: "engine-missing", 408: "engine-timeout", 413: "bad-request",
    422: "bad-request", 429: "engine-busy", 504: "engine-timeout",
}  # fmt: skip
_OLLAMA = {"ollama", "ollama_chat"}


class LiteLlmChat:
    """One model of one provider."""

    def __init__(
        self,
        model: str,
        *,
        url: str = "",
        key: str = "",
        context_tokens: int | None = None,
        first_part_s: float = FIRST_PART_S,
        next_part_s: float = NEXT_PART_S,
    ) -> None:
        """`model` is LiteLLM's PROVIDER/MODEL; without `url` and `key` it takes the provider's."""
        self._model = model
        self._url = url or None
        self._key = SecretStr(key)
        self._context_tokens = context_tokens
        self._first_part_s = first_part_s
        self._next_part_s = next_part_s
        self._knows_tools = True
        self._thinks_unopened = False
        self._side = SideLoop("litellm")

    async def close(self) -> None:
        """End what LiteLLM does."""
        await self._side.close()

    async def check(self) -> ModelInfo:
        """Look the model up in LiteLLM's tables; nobody is asked. Raises EngineError."""
        try:
            async with asyncio.timeout(LOAD_S):
                return await self._side.run(self._known())
        except TimeoutError:
            raise EngineError(
                "engine-timeout", worded("litellm-slow", "LiteLLM took too long to load.")
            ) from None

    async def warm_up(self, request: ChatRequest) -> None:
        """Have the model loaded and the request read. Raises EngineError."""
        short = ChatRequest(request.messages, request.tools, max_tokens=1)
        parts = self._side.stream(self._adjusted(short))
        async with aclosing(in_time(parts, LOAD_S, LOAD_S)) as timed:
            async for _ in timed:
                pass

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatPart]:
        """Yield the answer; closing the iterator closes the connection. Raises EngineError."""
        parts = self._side.stream(self._adjusted(request))
        async with aclosing(in_time(parts, self._first_part_s, self._next_part_s)) as timed:
            async for part in timed:
                yield part

    async def _known(self) -> ModelInfo:
        litellm = library()
        name, provider = self._provider(litellm)
        if not self._key.get_secret_value() and not self._url:
            needed = litellm.validate_environment(self._model)["missing_keys"]
            if keys := [key for key in needed if key.endswith("_API_KEY")]:
                raise EngineError(
                    "engine-missing",
                    worded(
                        "provider-wants-key",
                        "{provider} wants a key: set litellm.key, or {variable}.",
                        provider=provider,
                        variable=keys[0],
                    ),
                )
        names = (self._model, f"{provider}/{name}", name)
        told: dict[str, Any] = next(
            (litellm.model_cost[key] for key in names if key in litellm.model_cost), {}
        )
        most = told.get("max_input_tokens") or told.get("max_tokens")
        known = [tokens for tokens in (most, self._context_tokens) if isinstance(tokens, int)]
        # Ollama's models are too many for a table.
        in_table = bool(told) and provider not in _OLLAMA
        tools = bool(told.get("supports_function_calling")) if in_table else self._knows_tools
        return ModelInfo(self._model, min(known, default=None), tools)

    def _provider(self, litellm: Any) -> tuple[str, str]:
        """Return the model's name and its provider's. Raises EngineError "bad-request"."""
        try:
            name, provider, _, _ = litellm.get_llm_provider(self._model, api_base=self._url)
        except Exception:  # noqa: BLE001 - whatever it is, it knows no provider
            raise EngineError(
                "bad-request",
                worded(
                    "litellm-no-provider",
                    "LiteLLM knows no provider of '{model}': it wants PROVIDER/MODEL, such as "
                    "ollama_chat/qwen3:4b.",
                    model=self._model,
                ),
            ) from None
        return str(name), str(provider)

    async def _adjusted(self, request: ChatRequest) -> AsyncGenerator[ChatPart | None]:
        """Ask; once more without tools, where the model turns out not to know any."""
        try:
            async with aclosing(self._parts(request)) as parts:
                async for part in parts:
                    yield part
            return
        except EngineError as error:
            if not (request.tools and self._knows_tools and "not support tools" in str(error)):
                raise
        log.warning("the model can not use tools", model=self._model)
        self._knows_tools = False
        async with aclosing(self._parts(request)) as parts:
            async for part in parts:
                yield part

    async def _parts(self, request: ChatRequest) -> AsyncGenerator[ChatPart | None]:
        """Yield parts; None while a tool call is being written."""
        litellm, answer = library(), AnswerPieces(thinks_unopened=self._thinks_unopened)
        self._provider(litellm)
        try:
            pieces = await litellm.acompletion(**self._arguments(request))
            async with aclosing(pieces):
                async for piece in pieces:
                    for part in answer.feed(piece.model_dump()):
                        yield part
        except EngineError:
            raise
        except Exception as error:  # noqa: BLE001 - what a provider's code raises is anything
            raise self._explained(error) from None
        if not answer.over:
            raise EngineError(
                "engine-failed",
                worded("answer-broke-off", "The answer of {model} broke off.", model=self._model),
            )
        lasts = list(answer.finish())
        self._thinks_unopened = answer.thinks_unopened
        for last in lasts:
            yield last

    def _arguments(self, request: ChatRequest) -> dict[str, Any]:
        import httpx  # LiteLLM's own; the hub uses httpx2

        arguments: dict[str, Any] = {
            "model": self._model,
            "messages": [message_json(message) for message in request.messages],
            "max_tokens": request.max_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
            "drop_params": True,  # what a provider does not know
            "num_retries": 0,
            "max_retries": 0,
            "timeout": httpx.Timeout(LOAD_S, connect=CONNECT_S),
            "no-log": True,
        }
        if request.tools and self._knows_tools:
            arguments["tools"] = [tool_json(tool) for tool in request.tools]
        if self._url:
            arguments["api_base"] = self._url
        if key := self._key.get_secret_value():
            arguments["api_key"] = key
        if self._model.partition("/")[0] in _OLLAMA:
            # It would think aloud, and forget the beginning of what is too long for its default.
            arguments["think"] = False
            if self._context_tokens:
                arguments["num_ctx"] = self._context_tokens
        return arguments

    def _explained(self, error: Exception) -> EngineError:
        key, text = self._key.get_secret_value(), str(error)
        text = text.replace(key, "***") if key else text
        text = " ".join(text.split())[:MAX_ERROR_CHARS]
        if _causes(error) & _NOT_REACHED:
            text = "Nobody answers for {model} ({address}). Start it, or set litellm.url."
            where = self._url or worded("usual-address", "at its provider's address")
            return EngineError(
                "engine-missing",
                worded("nobody-answers", text, model=self._model, address=where),
            )
        status = getattr(error, "status_code", None)
        if status in {401, 403}:
            return EngineError(
                "bad-request",
                worded(
                    "provider-refuses-key",
                    "The provider of {model} refuses the key.",
                    model=self._model,
                ),
            )
        return failures.says("LiteLLM", text, code=_CODES.get(status or 0, "engine-failed"))


def library() -> Any:
    """Return LiteLLM, told to keep what it hears to itself. Blocking, for seconds at first.

    Raises EngineError "engine-missing".
    """
    for name, value in _ALONE.items():
        os.environ.setdefault(name, value)
    try:
        litellm: Any = importlib.import_module("litellm")
    except ImportError as error:
        raise failures.extra_missing("LiteLLM", "litellm", error) from None
    litellm.telemetry = False
    litellm.suppress_debug_info = True  # it would print advice
    litellm.turn_off_message_logging = True
    return litellm


def _causes(error: BaseException | None) -> set[str]:
    """Return the names of an error's kind and of those that it was made from."""
    names: set[str] = set()
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        names |= {kind.__name__ for kind in type(error).__mro__}
        error = error.__cause__ or error.__context__
    return names
