"""Engines in processes of their own: started, configured, restarted after a crash.

A crash in native code costs one request a second try, never the hub. A request that outlasts its
limit ends the process, for nothing else stops native code; so does one that nobody waits for any
more and that holds up the engine for ABANDON_S.
"""

import asyncio
import itertools
import socket
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

import structlog

from hub.engines.backlog import Backlog
from hub.engines.base import (
    EngineError,
    SpeechChunk,
    SpeechRequest,
    Transcript,
    Utterance,
)
from hub.engines.resumed_speech import AGAIN, PARTS, unbroken
from hub.engines.worker import ENGINE_LIMITS
from hub.engines.worker_process import end, start
from protocol.frames import Event, FrameDecoder, encode

log = structlog.get_logger(__name__)

LOAD_TIMEOUT_S = 30.0
CONFIGURE_TIMEOUT_S = 30.0
TRANSCRIBE_TIMEOUT_S = 10.0
CHUNK_TIMEOUT_S = 10.0
WRITE_TIMEOUT_S = 5.0
ABANDON_S = 3.0
"""How long an engine may work on a cancelled request, or on a part of it, before it is restarted.
Native code can not be told to stop, but others wait behind it."""
MAX_REQUESTS = 32
"""Requests under way in one engine; one more is refused as busy."""
MAX_UNSENT = 256
"""What waits to be written to one engine, cancelled requests included; one more request is refused
as busy, one more cancel is left out and the engine works in vain."""
MAX_ANSWERS = 1024
"""Answers of one request that wait to be taken. A reader so far behind has stopped reading."""
MAX_ATTEMPTS = 2
"""A request whose process died is tried once more: the request may be what killed it."""
RESTART_DELAYS_S = (0.0, 0.5, 2.0, 10.0, 60.0)
"""Waits before a restart, by the deaths in a row without an answer in between; cut short when
somebody asks for something; none after the first of them if somebody waits for an answer."""

_READ_BYTES = 65_536


class _Request:
    """One request: what was sent, and what has come back."""

    def __init__(self, number: int, data: bytes, abandon_s: float) -> None:
        self.number = number
        self.data = data
        self.abandon_s = abandon_s
        self.sent = False
        self.answers: asyncio.Queue[Event | EngineError] = asyncio.Queue(MAX_ANSWERS)
        self.attempts = 0
        self.answered = False
        self.ended = False

    def put(self, answer: Event | EngineError) -> None:
        self.answered = True
        self.ended = isinstance(answer, EngineError) or answer.type not in PARTS
        if self.answers.full():  # nobody takes them any more; what matters is how it ends
            self.answers.get_nowait()
        self.answers.put_nowait(answer)


class EngineProcess:
    """One engine in its process. Requests are answered while `run` is running."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pid: int | None = None
        """Process id while the engine is alive."""
        self.restarts = 0
        self._numbers = itertools.count(1)
        self._requests: dict[int, _Request] = {}
        self._configuration: dict[str, Any] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._unsent: asyncio.Queue[_Request | bytes] | None = None
        self._backlog = Backlog()
        self._stuck: asyncio.TimerHandle | None = None
        self._wanted = asyncio.Event()

    async def run(self) -> None:
        """Keep the process alive until cancelled; then end it, within END_TIMEOUT_S."""
        deaths = 0
        try:
            while True:
                deaths = 0 if await self._live() else deaths + 1
                asked = deaths <= 1 and any(not one.ended for one in self._requests.values())
                delay_s = RESTART_DELAYS_S[0 if asked else min(deaths, len(RESTART_DELAYS_S) - 1)]
                log.warning("engine ended, starting again", engine=self.name, delay_s=delay_s)
                self.restarts += 1
                self._wanted.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(delay_s):
                        await self._wanted.wait()
        finally:
            self._fail_all(EngineError("engine-failed", f"The engine {self.name!r} was closed."))

    async def configure(self, values: dict[str, Any]) -> None:
        """Give the engine a configuration, now and after every restart. Raises EngineError.

        Returns once the engine has taken it, so it waits for the engine to load, too.
        """
        self._configuration = values
        limit_s = LOAD_TIMEOUT_S + CONFIGURE_TIMEOUT_S
        async with aclosing(self.request("configure", {"values": values}, b"", limit_s)) as answers:
            async for _ in answers:
                return

    async def request(
        self, kind: str, data: dict[str, Any], payload: bytes, limit_s: float
    ) -> AsyncGenerator[Event]:
        """Send one request and yield its answers; each may take `limit_s`. Raises EngineError.

        Closing the iterator early cancels the request.
        """
        if len(self._requests) >= MAX_REQUESTS:
            raise EngineError("engine-busy", f"The engine {self.name!r} has too much to do.")
        number = next(self._numbers)
        abandon_s = CONFIGURE_TIMEOUT_S if kind == "configure" else ABANDON_S
        event = Event(kind, {**data, "id": number}, payload)
        request = _Request(number, encode(event), abandon_s)
        self._requests[number] = request
        self._wanted.set()
        finished = False
        try:
            self._send(request)
            while True:
                try:
                    async with asyncio.timeout(limit_s):
                        answer = await request.answers.get()
                except TimeoutError:
                    self._kill()
                    raise EngineError(
                        "engine-timeout", f"The engine {self.name!r} took over {limit_s:g} s."
                    ) from None
                if isinstance(answer, EngineError):
                    raise answer
                finished = answer.type not in PARTS
                yield answer
                if finished:
                    return
        finally:
            del self._requests[number]
            if not finished:
                self._give_up(request)

    async def _live(self) -> bool:
        """Run one process until it ends; return whether it answered anything."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with ours:
            with theirs:
                process = await start(self.name, theirs.fileno())
            self._process = process
            self.pid = process.pid
            try:
                return await self._serve(ours)
            except TimeoutError:
                log.error("engine does not load", engine=self.name, limit_s=LOAD_TIMEOUT_S)
                return False
            finally:
                self._unsent = None
                self._backlog = Backlog()
                self._watch()
                self.pid = None
                self._process = None
                ours.close()
                await end(process)

    async def _serve(self, sock: socket.socket) -> bool:
        """Configure the process, send what waits, hand out its answers until its output ends."""
        decoder = FrameDecoder(ENGINE_LIMITS)
        answered = False
        loop = asyncio.get_running_loop()
        unsent: asyncio.Queue[_Request | bytes] = asyncio.Queue(MAX_UNSENT)
        async with asyncio.timeout(LOAD_TIMEOUT_S) as loading, asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(self._write_all(sock, unsent))
            while data := await self._read(loop, sock):
                for event in decoder.feed(data):
                    if event.type == "loaded":
                        loading.reschedule(None)
                        self._begin(unsent)
                        continue
                    # Neither a failure to load nor the configuration's echo is an answer.
                    answered = answered or bool(event.data.get("id"))
                    self._hand_out(event)
                if decoder.error is not None:
                    log.error("engine talks nonsense", engine=self.name, code=decoder.error.code)
                    break
            writing.cancel()
        return answered

    @staticmethod
    async def _read(loop: asyncio.AbstractEventLoop, sock: socket.socket) -> bytes:
        try:
            return await loop.sock_recv(sock, _READ_BYTES)
        except ConnectionError:
            return b""

    def _begin(self, unsent: "asyncio.Queue[_Request | bytes]") -> None:
        """Send the configuration and whatever was asked before the process was ready."""
        if self._configuration is not None:
            self._backlog.add(0, CONFIGURE_TIMEOUT_S)
            values = {"id": 0, "values": self._configuration}
            unsent.put_nowait(encode(Event("configure", values)))
        self._unsent = unsent
        for request in list(self._requests.values()):
            if request.ended:
                continue
            if request.attempts >= MAX_ATTEMPTS:
                request.put(EngineError("engine-failed", f"The engine {self.name!r} crashed."))
                continue
            if request.answered:
                request.put(Event(AGAIN))
            self._send(request)

    def _hand_out(self, event: Event) -> None:
        if "id" not in event.data:  # it could not load: nothing will be answered
            error = EngineError(str(event.data["code"]), str(event.data["text"]))
            log.error("engine can not load", engine=self.name, code=error.code, error=str(error))
            self._fail_all(error)
            return
        number = int(event.data["id"])
        now = asyncio.get_running_loop().time()
        self._backlog.answered(number, now, last=event.type != "audio-chunk")
        self._watch()
        request = self._requests.get(number)
        if request is None:
            if event.type == "error":
                log.error("engine refuses", engine=self.name, error=str(event.data["text"]))
            return  # cancelled meanwhile, or the configuration after a restart
        if event.type == "error":
            request.put(EngineError(str(event.data["code"]), str(event.data["text"])))
        else:
            request.put(event)

    def _send(self, request: _Request) -> None:
        """Send a request, if there is a process; otherwise it is sent once there is one."""
        if self._unsent is None:
            return
        if self._unsent.full():
            raise EngineError("engine-busy", f"The engine {self.name!r} has too much to do.")
        request.attempts += 1
        request.sent = False
        self._unsent.put_nowait(request)

    async def _write_all(
        self, sock: socket.socket, unsent: "asyncio.Queue[_Request | bytes]"
    ) -> None:
        """Write what is to be sent. What was begun is written to its end, wanted or not."""
        while True:
            entry = await unsent.get()
            if isinstance(entry, bytes):
                await self._write(sock, entry)
            elif entry.number in self._requests:
                self._backlog.add(entry.number, entry.abandon_s)
                await self._write(sock, entry.data)
                entry.sent = True
                if entry.number not in self._requests:
                    self._give_up(entry)

    async def _write(self, sock: socket.socket, data: bytes) -> None:
        try:
            async with asyncio.timeout(WRITE_TIMEOUT_S):
                await asyncio.get_running_loop().sock_sendall(sock, data)
        except TimeoutError:
            self._kill()  # half a frame may be out: this process can not be talked to any more
        except OSError:
            pass  # it died; its end is seen by the reader, and the request is sent again

    def _give_up(self, request: _Request) -> None:
        """Tell the process that nobody waits for this request any more."""
        request.data = b""
        if self._unsent is None or not request.sent:
            return
        with suppress(asyncio.QueueFull):
            self._unsent.put_nowait(encode(Event("cancel", {"id": request.number})))
        self._backlog.give_up(request.number, asyncio.get_running_loop().time())
        self._watch()

    def _watch(self) -> None:
        """Set the time at which the process is ended for being stuck."""
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
        stuck_at = self._backlog.stuck_at
        if stuck_at is not None:
            self._stuck = asyncio.get_running_loop().call_at(stuck_at, self._end_stuck)

    def _end_stuck(self) -> None:
        log.error("engine is stuck in a cancelled request", engine=self.name)
        self._kill()

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def _fail_all(self, error: EngineError) -> None:
        for request in self._requests.values():
            request.put(error)


class HostedSpeechToText:
    """The speech-to-text port, served by an engine process."""

    def __init__(self, process: EngineProcess) -> None:
        self._process = process

    async def transcribe(self, utterance: Utterance) -> Transcript:
        """Return the final transcript. Raises EngineError."""
        data = {"language": utterance.language}
        answers = self._process.request("transcribe", data, utterance.audio, TRANSCRIBE_TIMEOUT_S)
        async with aclosing(answers):
            async for answer in answers:
                return Transcript(
                    str(answer.data["text"]),
                    str(answer.data["language"]),
                    answer.data.get("confidence"),
                    str(answer.data["partial"]),
                )
        raise EngineError("engine-failed", "The engine gave no answer.")


class HostedTextToSpeech:
    """The text-to-speech port, served by an engine process."""

    def __init__(self, process: EngineProcess) -> None:
        self._process = process

    async def synthesize(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk]:
        """Yield audio as it is made; closing the iterator cancels. Raises EngineError."""
        data = {"text": request.text, "language": request.language, "voice": request.voice}
        answers = self._process.request("synthesize", data, b"", CHUNK_TIMEOUT_S)
        async with aclosing(answers):
            async for chunk in unbroken(answers):
                yield chunk
