"""One turn by text: somebody writes, and reads the answer as it comes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace

import structlog

from hub.conversation.attempt import Setting
from hub.conversation.conversation import Conversation
from hub.conversation.mind import Mind, PromptMessage, Reply, Thought
from hub.engines.base import EngineError
from hub.engines.closable import closable

log = structlog.get_logger(__name__)

ACT_S = 8.0
WORD_S = 16.0
"""The longest wait for the next words of a model."""


class WrittenTurn:
    """A turn in a conversation that may go on by voice as well."""

    def __init__(
        self,
        number: int,
        mind: Mind,
        conversation: Conversation,
        setting: Setting,
        clock: Callable[[], float],
    ) -> None:
        self._number = number
        self._mind = mind
        self._conversation = conversation
        self._clock = clock
        self._origin = replace(setting.origin, conversation=conversation.id, turn=number)
        self.intent: str | None = None
        """What was understood, where it was a command."""
        self.reply: Reply | None = None
        """What came of a command."""
        self.thought = False
        """Whether a model answered."""
        self.outcome = "failed"
        """As in `hub.events.TurnEnded`, once it is answered."""

    async def answer(self, text: str) -> AsyncGenerator[str]:
        """Do what `text` asks for, and yield the answer. Closing it early leaves what was read."""
        conversation, said = self._conversation, ""
        kept = self._mind.kept(text, self._origin)
        prompt = tuple(conversation.history.prompt(kept))
        conversation.used_at = self._clock()
        conversation.history.add_user(kept, self._number, self._clock())
        finished = False
        conversation.turns += 1
        try:
            async with aclosing(self._parts(text, prompt)) as parts:
                async for part in parts:
                    said += part
                    yield part
            finished = True
        finally:
            conversation.turns -= 1
            now = self._clock()
            conversation.used_at = now
            conversation.history.add_assistant(
                said, "", self._number, now, interrupted=not finished
            )

    async def _parts(self, text: str, prompt: tuple[PromptMessage, ...]) -> AsyncGenerator[str]:
        mind, origin = self._mind, self._origin
        try:
            understanding = mind.understand(text, origin)
            if understanding is not None:
                async with asyncio.timeout(ACT_S):
                    reply = await mind.act(understanding, origin)
                self.intent, self.reply = understanding.intent, reply
                self.outcome = "answered"
                yield reply.text
                return
            committed = asyncio.Event()
            committed.set()
            stream = mind.think(Thought(prompt, origin, committed))
            if stream is None:
                self.outcome = "not-understood"
                yield mind.remark("not-understood", origin.language)
                return
            async with aclosing(closable(stream)) as parts:
                while (part := await _next(parts)) is not None:
                    yield part
            self.thought, self.outcome = True, "answered"
        except (EngineError, TimeoutError) as error:
            log.error("no written answer", turn=self._number, error=str(error))
            yield mind.remark("failed", origin.language)
        except Exception:  # whatever it is, who reads is told
            log.exception("no written answer", turn=self._number)
            yield mind.remark("failed", origin.language)


async def _next(stream: AsyncIterator[str]) -> str | None:
    async with asyncio.timeout(WORD_S):
        return await anext(stream, None)
