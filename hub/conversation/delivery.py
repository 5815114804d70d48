"""Hands an answer's audio to the playout, tells what will be said, and gives a sign if it is late.

nothing yet  FIRST_WORD_S, then a sign; as long again, then an error
no more      FIRST_WORD_S from when all that came has been sent, then an error
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

from hub.conversation.answer_speech import AnswerSpeech, Piece
from hub.conversation.earcon import RATE_HZ, patience_please
from hub.conversation.sentences import Sentence
from hub.engines.base import EngineError
from hub.words import worded

FIRST_WORD_S = 8.0

_NO_TEXT = Sentence("", "")


async def delivered(
    speech: AnswerSpeech,
    *,
    limit_s: float,
    dry: Callable[[], Coroutine[Any, Any, object]],
    tell: Callable[[str], Awaitable[None]],
) -> AsyncIterator[Piece]:
    """Yield an answer's audio; `tell` is given each sentence before its sound.

    `dry` returns when all that was yielded has been sent. Raises EngineError, also where nothing
    comes for `limit_s`: within that, after FIRST_WORD_S, there is a sign.
    """
    pieces = speech.pieces()
    shown: Sentence | None = None
    while True:
        waiting = asyncio.ensure_future(_next(pieces))
        try:
            if shown is None:
                done = await _comes(waiting, min(limit_s, FIRST_WORD_S))
                if not done and limit_s > FIRST_WORD_S:
                    yield sound(patience_please())
                    done = await _comes(waiting, limit_s - FIRST_WORD_S)
            else:
                done = await _comes_in_time(waiting, dry)
        finally:
            waiting.cancel()
        if not done:
            raise EngineError(
                "engine-timeout", worded("no-word-came", "No word came for too long.")
            )
        piece = waiting.result()
        if piece is None:
            break
        if piece.sentence is not shown:
            shown = piece.sentence
            await tell(shown.text)
        yield piece
    if shown is None:
        raise EngineError(
            "engine-failed", worded("answer-no-audio", "No audio came of the answer.")
        )


async def after(piece: Piece, pieces: AsyncIterator[Piece] | None = None) -> AsyncIterator[Piece]:
    """Yield one piece, then the others."""
    yield piece
    if pieces is not None:
        async for other in pieces:
            yield other


def sound(audio: bytes) -> Piece:
    """Return a sound of `earcon` as a piece without words."""
    return Piece(_NO_TEXT, audio, RATE_HZ, ())


async def _next(pieces: AsyncIterator[Piece]) -> Piece | None:
    return await anext(pieces, None)


async def _comes(waiting: asyncio.Future[Piece | None], limit_s: float) -> bool:
    done, _ = await asyncio.wait({waiting}, timeout=limit_s)
    return bool(done)


async def _comes_in_time(
    waiting: asyncio.Future[Piece | None], dry: Callable[[], Coroutine[Any, Any, object]]
) -> bool:
    """Wait for more; the time begins when the listener is about to notice."""
    drying = asyncio.ensure_future(dry())
    try:
        either: set[asyncio.Future[Any]] = {waiting, drying}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        drying.cancel()
    return await _comes(waiting, FIRST_WORD_S)
