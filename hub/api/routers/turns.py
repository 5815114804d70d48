"""One turn: its waterfall, why it took what it took, and how it sounded."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, StreamingResponse

from hub.api.parts import Hub, Parts
from hub.api.problems import Problem
from hub.api.routers.conversations import Id, Member, Owner, missing
from hub.api.spoken_again import spoken_again
from hub.api.turn_views import Gone, TurnDetail
from hub.engines.base import EngineError
from hub.turns.kept import KeptTurn
from hub.words import worded

router = APIRouter(tags=["conversations"])

_WAV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/wav": {}}, "description": "A WAV file."}
}


@router.get("/turns/{turn}")
async def turn(hub: Hub, _: Member, turn: Id) -> TurnDetail:
    """Return all that is known of a turn."""
    return TurnDetail.of(await _kept(hub, turn))


@router.delete("/turns/{turn}")
async def forget_turn(hub: Hub, _: Owner, turn: Id) -> Gone:
    """Delete a turn, for good."""
    gone = await hub.turns.forget_turn(turn)
    if not gone:
        raise missing("turn", turn)
    return Gone(turns=gone)


@router.get("/turns/{turn}/audio", response_class=FileResponse, responses=_WAV)
async def audio(hub: Hub, _: Member, turn: Id) -> FileResponse:
    """Return the recording of what was said, where recordings are kept."""
    kept = await _kept(hub, turn)
    file = hub.turns.recordings.file(kept.id) if kept.audio else None
    if file is None:
        raise Problem(
            404,
            "no-recording",
            worded(
                "no-recording",
                "There is no recording of this turn. An owner can have what is said from now on "
                "recorded.",
            ),
        )
    return FileResponse(file, media_type="audio/wav")


@router.get("/turns/{turn}/speech", response_class=StreamingResponse, responses=_WAV)
async def speech(hub: Hub, _: Member, turn: Id) -> StreamingResponse:
    """Return the answer of a turn, spoken again."""
    kept = await _kept(hub, turn)
    if not kept.answer:
        raise Problem(404, "no-answer", worded("turn-without-answer", "This turn had no answer."))
    language = kept.language or hub.settings.language
    voice = hub.desk.voice_of(kept.area, kept.person, language)
    pieces = spoken_again(hub.voice.port, kept.answer, language, voice)
    try:
        first = await anext(pieces)
    except EngineError as error:
        raise Problem(
            503,
            error.code,
            worded("voice-can-not", "The voice can not speak now: {why}.", why=str(error)),
        ) from None
    except StopAsyncIteration:
        raise Problem(
            404, "no-answer", worded("answer-without-sound", "This answer has no sound.")
        ) from None
    return StreamingResponse(_after(first, pieces), media_type="audio/wav")


async def _kept(hub: Parts, turn: str) -> KeptTurn:
    kept = await hub.turns.turns.turn(turn)
    if kept is None:
        raise missing("turn", turn)
    return kept


async def _after(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async with aclosing(rest) as pieces:
        async for piece in pieces:
            yield piece
