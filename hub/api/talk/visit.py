"""One client on the talk socket, from its greeting to its end."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from hub.api.access import Principal
from hub.api.parts import Parts
from hub.api.taken import Taken
from hub.api.talk import messages as words
from hub.api.talk import upward
from hub.api.talk.accent import Accent
from hub.api.talk.limits import BAD_CLIENT, HELLO_S
from hub.api.talk.link import SPEECH, TalkLink
from hub.api.talk.outgoing import Outgoing
from hub.api.talk.reader import Misfit, Reader
from hub.api.talk.reading import Reading
from hub.api.talk.reporting import Reporting
from hub.conversation.answering import Opening
from hub.rooms.attending import attend
from hub.rooms.opening import Begin
from hub.rooms.session import Session
from protocol.sotto_messages import PROTOCOL_VERSION, Hello

log = structlog.get_logger(__name__)

END_S = 3.0
MAX_CLOSE_CHARS = 100
"""Of a reason that goes with a close: 123 bytes at most are allowed."""


async def visit(websocket: WebSocket, principal: Principal, parts: Parts, accent: Accent) -> None:
    """Serve an open socket until it ends."""
    outgoing = Outgoing(websocket.send_text, websocket.send_bytes, accent)
    sending = asyncio.create_task(outgoing.run())
    close, reason = 1000, ""
    try:
        await _talk(websocket, principal, parts, accent, outgoing, sending)
    except Misfit as misfit:
        close, reason = misfit.close or 1000, misfit.text
        await outgoing.put(words.Fault(code=misfit.code, text=misfit.text, ref=misfit.ref))
    except (WebSocketDisconnect, TimeoutError):
        sending.cancel()
    finally:
        outgoing.end()
        await asyncio.wait([sending], timeout=END_S)
        sending.cancel()
        with suppress(RuntimeError, WebSocketDisconnect):  # it is closed already
            await websocket.close(close, reason[:MAX_CLOSE_CHARS])


async def _talk(  # noqa: PLR0917  # handed on from the one caller
    websocket: WebSocket,
    principal: Principal,
    parts: Parts,
    accent: Accent,
    outgoing: Outgoing,
    sending: asyncio.Task[None],
) -> None:
    reader = Reader()
    await outgoing.put(words.Present(version=words.TALK_VERSION))
    greeting = await _greeting(websocket, reader, accent)
    house = parts.house
    link = TalkLink(greeting, outgoing, house, parts.wake_ears, principal.user)
    barge_in = ("barge-in",) if greeting.echo_cancelled else ()  # while there is a microphone
    hello = Hello(
        PROTOCOL_VERSION,
        link.satellite,
        greeting.name,
        greeting.area,
        "",
        "browser",
        (*accent.features, *barge_in),
        SPEECH,
        SPEECH,
        principal.name,
    )
    session = Session(link, hello, house)
    reading = Reading(house, session, lambda: link.language)
    client = _Client(link, session, reading, outgoing, parts.taken)
    await outgoing.put(_welcome(link, principal, parts))
    tasks = {
        sending,
        asyncio.create_task(client.receive(websocket, reader, accent)),
        asyncio.create_task(attend(session, link, parts.directory, parts.bus)),
        asyncio.create_task(_report(parts, link, outgoing)),
    }
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        reading.stop()
        link.end("the client has gone")
        for task in tasks - {sending}:
            task.cancel()
        await asyncio.wait(tasks - {sending}, timeout=END_S)
        await reading.ended()


def _welcome(link: TalkLink, principal: Principal, parts: Parts) -> words.Welcome:
    return words.Welcome(
        satellite=link.satellite,
        hub=parts.settings.name,
        person=principal.name,
        language=link.language or parts.house.language,
        languages=tuple(parts.settings.spoken_languages),
        rooms=tuple(sorted(area.name for area in parts.home.areas())),
        wake_words=tuple(
            words.WakeWord(name=word.name, phrase=word.phrase) for word in parts.wake_ears.words
        ),
    )


async def _greeting(websocket: WebSocket, reader: Reader, accent: Accent) -> upward.Greeting:
    if accent.opening:
        return _hello(reader, accent.opening[0])
    try:
        async with asyncio.timeout(HELLO_S):
            received = await _receive(websocket)
    except TimeoutError:
        raise Misfit("no-hello", f"No hello came within {HELLO_S:g} s.", close=BAD_CLIENT) from None
    if isinstance(received, bytes):
        received = reader.audio(received).hex()  # which is no hello: it says so
    return _hello(reader, received)


def _hello(reader: Reader, text: str) -> upward.Greeting:
    said = reader.message(text)
    assert isinstance(said, upward.Greeting)  # the reader lets nothing else through
    return said


async def _receive(websocket: WebSocket) -> str | bytes:
    message: Mapping[str, Any] = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text, audio = message.get("text"), message.get("bytes")
    return text if text is not None else (audio or b"")


async def _report(parts: Parts, link: TalkLink, outgoing: Outgoing) -> None:
    """Tell the client of its turns."""
    reporting = Reporting(link.satellite)
    with parts.bus.subscribe() as facts:
        async for fact in facts:
            said = reporting.said(fact)
            if said is not None:
                await outgoing.put(said)
            if isinstance(said, words.TurnEnded) and said.outcome != "interrupted":
                await link.over(said.turn)


class _Client:
    """Takes what one client sends."""

    def __init__(
        self,
        link: TalkLink,
        session: Session,
        reading: Reading,
        outgoing: Outgoing,
        taken: Taken,
    ) -> None:
        self._link = link
        self._session = session
        self._reading = reading
        self._outgoing = outgoing
        self._taken = taken

    async def receive(self, websocket: WebSocket, reader: Reader, accent: Accent) -> None:
        """Take messages and frames until the client goes. Raises Misfit where it has to."""
        for text in accent.opening[1:]:
            await self._take(reader.message(text))
        while True:
            received = await _receive(websocket)
            try:
                if isinstance(received, bytes):
                    await self._link.hear(reader.audio(received))
                    continue
                for text in accent.heard(received):
                    await self._take(reader.message(text))
            except Misfit as misfit:
                if misfit.close is not None:
                    raise
                self._outgoing.put_soon(
                    words.Fault(code=misfit.code, text=misfit.text, ref=misfit.ref)
                )

    async def _take(self, said: upward.Up) -> None:
        link, session = self._link, self._session
        match said:
            case upward.Ping(n=n):
                self._outgoing.put_soon(words.Pong(n=n))
            case upward.Typed():
                if not said.text.strip():
                    raise Misfit("bad-text", "There is nothing to do: it is empty.", ref=said.ref)
                if said.again and await self._taken.holds(link.satellite, said.ref):
                    raise Misfit(
                        "taken-before",
                        "This had reached the hub before the connection was lost, and is not done "
                        "twice. If you need its answer, ask again.",
                        ref=said.ref,
                    )
                self._taken.note(link.satellite, said.ref)
                self._reading.stop()
                if said.speak:
                    session.begin(
                        Begin(
                            Opening.WAKE, wake=link.wake(), written=said.text.strip(), ref=said.ref
                        )
                    )
                else:
                    session.stop()
                    self._reading.begin(said.text.strip(), said.ref)
            case upward.Replay():
                self._reading.stop()
                session.begin(Begin(Opening.FOLLOW_UP, text=said.text, ref=said.ref))
            case _:
                if isinstance(said, upward.GiveUp | upward.BeginSpeech):
                    self._reading.stop()
                if isinstance(said, upward.SetUp) and said.area is not None:
                    session.area = said.area
                await link.take(said)
