"""The mind of a home with a language model: the home's own sentences first, the model for the rest.

What the home understands never waits for the model: with the model away, every command works.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from functools import partial

import structlog

from hub.conversation.mind import Mind, Reply, Thought, Understanding
from hub.conversation.prompt import MAX_ANSWER_TOKENS, PromptBuilder
from hub.conversation.prompt_size import fitted
from hub.conversation.thinking_signs import thinking_sign
from hub.conversation.tool_loop import ToolLoop
from hub.conversation.tool_run import Setting, ToolRunner
from hub.engines.base import EngineError, Finished, LanguageModel, ModelInfo, Toolbox, ToolSpec
from hub.engines.circuit_breaker import CircuitBreaker
from hub.origin import Origin

log = structlog.get_logger(__name__)

AWAY = frozenset({"engine-missing", "engine-timeout"})
"""Codes of a server that will not answer the next turn either."""
SETTLE_S = 5.0
"""A home that changes goes on changing for a while."""
RETRY_S = 30.0
"""Before a model that is away is looked for again."""
SMALLER = 0.75
"""What is left of the room for prompts after one that was too large."""
LEAST_SHARE = 0.4
"""An estimate of tokens is not further off than this."""

Changed = Callable[[bool, str], None]
"""Told whether the model is ready, and what there is, or why it is not, in a line."""


class ModelMind:
    """Understands and does what another mind does, and asks a model about the rest."""

    def __init__(
        self,
        home_mind: Mind,
        model: LanguageModel,
        toolbox: Toolbox,
        prompts: PromptBuilder,
        *,
        optional: bool = False,
        clock: Callable[[], float] = time.monotonic,
        changed: Changed = lambda _ready, _text: None,
    ) -> None:
        """A model that is `optional` and was never there is not missed: nobody thinks then.

        `changed` is told whenever the model becomes ready or fails.
        """
        self._home_mind = home_mind
        self._missed = not optional
        self._model = model
        self._tools = ToolRunner(toolbox)
        self._prompts = prompts
        self._loop = ToolLoop(model, self._tools, finished=self._look_at_size)
        self._context_tokens: int | None = None
        self._share = 1.0  # of the context that prompts may fill, by our estimate
        self._breaker = CircuitBreaker(clock)
        self._can_call_tools = True
        self._home_changed = asyncio.Event()
        self._changed = changed
        self._told = ""  # why the model is not ready
        self._has = ""  # what there is, once it was ready

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        """Return what `text` means to the home."""
        return self._home_mind.understand(text, origin)

    def kept(self, text: str, origin: Origin) -> str:
        """Return `text` without secrets."""
        return self._home_mind.kept(text, origin)

    def is_answer(self, text: str, origin: Origin) -> bool:
        """Return whether `text` answers a question of the home."""
        return self._home_mind.is_answer(text, origin)

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        """Do it."""
        return await self._home_mind.act(understanding, origin)

    def remark(self, code: str, language: str) -> str:
        """Return a short sentence for one of the codes of the port."""
        return self._home_mind.remark(code, language)

    def think(self, thought: Thought) -> AsyncIterator[str] | None:
        """Stream the model's answer; an apology where the model is away.

        The stream raises EngineError where the model fails in another way.
        """
        return self._answer(thought) if self._missed else None

    async def _answer(self, thought: Thought) -> AsyncGenerator[str]:
        if self._breaker.open:
            yield thinking_sign("away", thought.origin.language)
            return
        said = False
        try:
            async with aclosing(self._asked(thought)) as parts:
                async for part in parts:
                    said = True
                    yield part
        except EngineError as error:
            if error.code in AWAY:
                self._breaker.failed()
            if error.code != "bad-request":  # that is the question's fault
                self._fails(error)
            if said or error.code not in AWAY:
                raise
            log.warning("the language model is away", code=error.code, error=str(error))
            yield thinking_sign("away", thought.origin.language)
        else:
            self._breaker.succeeded()
            if self._told and self._has:
                self._works(self._has)

    def _asked(self, thought: Thought) -> AsyncGenerator[str]:
        specs = self._specs()
        request = self._prompts.build(thought, specs, person=thought.origin.person or "")
        setting = Setting(thought.origin, thought.committed, thought.acted)
        fit = partial(fitted, max_tokens=self._prompts.room_for_steps(specs))
        return self._loop.run(request, setting, fit)

    def _specs(self) -> tuple[ToolSpec, ...]:
        return self._tools.specs() if self._can_call_tools else ()

    def _look_at_size(self, end: Finished) -> None:
        """Ask in fewer words from now on, where a prompt turned out larger than estimated.

        A server that was told not to cut refuses what is too long; some cut it unseen all the same.
        """
        context, read = self._context_tokens, end.prompt_tokens
        if context is None or read is None or read + MAX_ANSWER_TOKENS <= context:
            return
        log.warning("the prompt fills the model's context", tokens=read, context=context)
        self._share = max(self._share * SMALLER, LEAST_SHARE)
        self._fill()

    def _fill(self) -> None:
        if self._context_tokens is not None:
            self._prompts.context_tokens = int(self._context_tokens * self._share)

    def home_changed(self) -> None:
        """Take note that the home is not what the model has read. Does not block."""
        self._home_changed.set()

    async def keep_warm(self) -> None:
        """Find out about the model, have it loaded and told of the home, now and when it changes.

        Runs until cancelled; a model that is away is looked for again and again.
        """
        while True:
            self._home_changed.clear()
            if await self._warm_up():
                await self._home_changed.wait()
                await asyncio.sleep(SETTLE_S)
            else:
                await asyncio.sleep(RETRY_S)

    async def _warm_up(self) -> bool:
        try:
            info = await self._model.check()
            self._context_tokens = info.context_tokens
            self._fill()
            self._can_call_tools = info.can_call_tools
            if not info.can_call_tools:
                log.warning("the model can not use tools: it can only talk", model=info.name)
            await self._model.warm_up(self._prompts.prefix(self._specs()))
        except Exception as broken:  # noqa: BLE001 - the home must work without the model
            error = EngineError.of(broken)
            if error.code in AWAY:
                self._breaker.failed()
            self._tell_missing(error)
            return False
        self._missed = True
        self._breaker.succeeded()
        log.info("the language model is ready", model=info.name, context=info.context_tokens)
        self._works(_described(info))
        return True

    def _tell_missing(self, error: EngineError) -> None:
        if self._fails(error):
            tell = log.warning if self._missed else log.info
            tell("the language model is not ready", code=error.code, error=self._told)

    def _works(self, text: str) -> None:
        if self._told or text != self._has:
            self._told, self._has = "", text
            self._changed(True, text)

    def _fails(self, error: EngineError) -> bool:
        """Tell why it fails, once for each reason; return whether it was told now."""
        text = str(error) or error.code
        if text == self._told:
            return False
        self._told = text
        self._changed(False, self._told)
        return True


def _described(info: ModelInfo) -> str:
    context = "" if info.context_tokens is None else f", {info.context_tokens} tokens"
    return f"{info.name}{context}{'' if info.can_call_tools else ', without tools'}"
