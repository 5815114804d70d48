"""Engines in processes of their own: started, configured, restarted after a crash.

A crash in native code costs one request a second try, never the hub. A request that outlasts its
limit ends the process, for nothing else stops native code; so does one that nobody waits for any
more and that holds up the engine for ABANDON_S. One that nobody asks may end until it is asked.
"""

import asyncio
import itertools
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import Any

import structlog

from hub.engines import failures
from hub.engines.base import EngineError, Rank
from hub.engines.catalog import load_timeout_s
from hub.engines.engine_request import MOVED, Configurations, Request, State, error_of
from hub.engines.engine_socket import Outbox, read
from hub.engines.line import Line, LineFull
from hub.engines.process_memory import memory_bytes
from hub.engines.resumed_speech import AGAIN, PARTS
from hub.engines.worker import ENGINE_LIMITS
from hub.engines.worker_process import END_TIMEOUT_S, end, start
from protocol.frames import Event, FrameDecoder, encode

log = structlog.get_logger(__name__)

CONFIGURE_TIMEOUT_S = 120.0
"""Reading the largest models, from a slow disk."""
WAIT_TIMEOUT_S = 30.0
"""How long a request may wait for its turn, beside the time that the engine may take to load."""
ABANDON_S = 3.0
"""How long an engine may work on a cancelled request, or on a part of it, before it is restarted.
Native code can not be told to stop, but others wait behind it. Of a configuration it is longer."""
MAX_WAITING = 32
"""Requests that wait for one engine; of more the least urgent is refused as busy."""
MAX_ATTEMPTS = 2
"""A request whose process died is tried once more: the request may be what killed it."""
RESTART_DELAYS_S = (0.0, 0.5, 2.0, 10.0, 60.0)
"""Waits before a restart, by the deaths in a row without an answer in between; cut short when
somebody asks for something; none after the first of them if somebody waits for an answer."""


class EngineProcess:
    """One engine in its process. Requests are answered while `run` is running."""

    def __init__(self, name: str, *, idle_s: float | None = None) -> None:
        """The process ends when nobody has asked it for anything for `idle_s`."""
        self.name = name
        self.state = State.ENDED
        self.pid: int | None = None
        """Process id while the engine is alive."""
        self.restarts = 0
        """How often it was started again after it had died."""
        self.moved = asyncio.Event()
        """Set when it may take more or less memory: it has worked, started, or ended."""
        self._idle_s = idle_s
        self._load_s = load_timeout_s(name)
        self._numbers = itertools.count(1)
        self._line: Line[Request] = Line(MAX_WAITING)
        self._configurations = Configurations()
        self._process: asyncio.subprocess.Process | None = None
        self._socket: socket.socket | None = None
        self._loaded = False
        self._outbox = Outbox(self._kill)
        self._unloading = False
        self._timer: asyncio.TimerHandle | None = None
        self._wanted = asyncio.Event()

    @property
    def memory_bytes(self) -> int:
        """What the process and those that it has started take of the machine's memory."""
        return 0 if self.pid is None else memory_bytes(self.pid)

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._line.waiting)

    async def run(self) -> None:
        """Keep the process alive while it is needed, until cancelled; then end it."""
        deaths = 0
        try:
            await self._until_wanted()
            while True:
                answered = await self._live()
                if self._unloading:
                    log.info("engine ended: nobody needs it", engine=self.name)
                    deaths = 0
                    await self._until_wanted()
                    continue
                deaths = 0 if answered else deaths + 1
                self.state = State.FAILED
                asked = deaths <= 1 and not self._line.idle
                delay_s = RESTART_DELAYS_S[0 if asked else min(deaths, len(RESTART_DELAYS_S) - 1)]
                log.warning("engine ended, starting again", engine=self.name, delay_s=delay_s)
                self.restarts += 1
                self._wanted.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(delay_s):
                        await self._wanted.wait()
        finally:
            self.state = State.ENDED
            self._fail_all(failures.closed(self.name))

    async def _until_wanted(self) -> None:
        self._unloading = False
        self.state = State.ENDED
        if self._line.idle:
            await self._wanted.wait()

    def wake(self) -> None:
        """Start the process if it has ended: somebody is about to ask for something."""
        self._wanted.set()

    async def configure(self, values: dict[str, Any], *, load: bool = True) -> None:
        """Give the engine a configuration, now and after every restart. Raises EngineError.

        Returns once the engine has taken it, so it waits for the engine to load, too. One that has
        ended for want of work, or is not to `load` yet, takes it when it is asked for something.
        What it refuses leaves it with the last one that it has taken.
        """
        load = load and self._configurations.known is None
        if self.state is State.ENDED and self._line.idle and not load:
            self._configurations.note(values)
            return
        answers = self.request("configure", {"values": values}, b"", CONFIGURE_TIMEOUT_S)
        async with aclosing(answers):
            await anext(answers, None)

    async def request(
        self,
        kind: str,
        data: dict[str, Any],
        payload: bytes,
        limit_s: float,
        rank: Callable[[], Rank] = lambda: Rank.FINAL,
    ) -> AsyncGenerator[Event]:
        """Send one request and yield its answers; each may take `limit_s`. Raises EngineError.

        Closing the iterator early cancels the request.
        """
        event = Event(kind, {**data, "id": next(self._numbers)}, payload)
        abandon_s = CONFIGURE_TIMEOUT_S if kind == "configure" else ABANDON_S
        request = Request(event, rank, abandon_s)
        try:
            leaving = self._line.join(request)
        except LineFull:
            raise self._busy() from None
        if leaving is not None:
            leaving.put(self._busy())
        self._wanted.set()
        self._move()
        finished = False
        try:
            while True:
                wait_s = WAIT_TIMEOUT_S + (self._load_s if self._loading else 0.0)
                try:
                    async with asyncio.timeout(limit_s if self._line.served is request else wait_s):
                        answer = await request.answers.get()
                except TimeoutError:
                    if self._line.served is not request:
                        raise self._busy() from None
                    self._kill()
                    raise failures.slow(self.name, limit_s) from None
                if isinstance(answer, EngineError):
                    raise answer
                if answer.type == MOVED:
                    continue
                finished = answer.type not in PARTS
                yield answer
                if finished:
                    return
        finally:
            if not finished:
                self._give_up(request)

    @property
    def _loading(self) -> bool:
        served = self._line.served
        configuring = served is not None and served.configuration is not None
        return self.state is not State.READY or configuring

    def _busy(self) -> EngineError:
        return failures.still_loading(self.name) if self._loading else failures.busy(self.name)

    async def _live(self) -> bool:
        """Run one process until it ends; return whether it answered anything."""
        self.state = State.STARTING
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with ours:
            with theirs:
                process = await start(self.name, theirs.fileno())
            self._process, self._socket, self.pid = process, ours, process.pid
            try:
                return await self._serve(ours)
            except TimeoutError:
                self._can_not_load(failures.slow_to_load(self.name, self._load_s))
                return False
            finally:
                self._process = self._socket = self.pid = None
                self._loaded = False
                self._outbox.clear()
                self._wait_again(self._line.interrupt())
                self._watch()
                ours.close()
                await end(process)

    async def _serve(self, sock: socket.socket) -> bool:
        """Configure the process, send what waits, hand out its answers until its output ends."""
        decoder = FrameDecoder(ENGINE_LIMITS)
        answered = False
        async with asyncio.timeout(self._load_s) as loading, asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(self._outbox.write_all(sock))
            while data := await read(sock):
                for event in decoder.feed(data):
                    if event.type == "loaded":
                        loading.reschedule(None)
                        self._begin()
                        continue
                    # Neither a failure to load nor the configuration's echo is an answer.
                    answered = answered or bool(event.data.get("id"))
                    self._hand_out(event)
                if decoder.error is not None:
                    log.error("engine talks nonsense", engine=self.name, code=decoder.error.code)
                    break
            writing.cancel()
        return answered

    def _begin(self) -> None:
        """Have the engine configured first of all, then whatever was asked before."""
        self._loaded = True
        self.state = State.READY
        known = self._configurations.known
        waiting = [one for one in self._line.waiting if one.configuration is not None]
        if known is not None:
            self._configure_again(known)
        elif waiting:
            self._serve_now(waiting[0])
        self._move()

    def _configure_again(self, values: dict[str, Any]) -> None:
        event = Event("configure", {"id": 0, "values": values})
        request = Request(event, lambda: Rank.FINAL, CONFIGURE_TIMEOUT_S)
        request.given_up_at = asyncio.get_running_loop().time()  # nobody waits for the answer
        self._serve_now(request)

    def _hand_out(self, event: Event) -> None:
        if "id" not in event.data:  # it could not load: nothing will be answered
            self._can_not_load(error_of(event))
            return
        number = int(event.data["id"])
        request = self._line.served
        if request is None or request.number != number:
            return
        now = asyncio.get_running_loop().time()
        self._line.answered(number, now, last=event.type not in PARTS)
        request.answered = True
        if event.type != "error":
            if request.configuration is not None:
                self._configurations.taken(request.configuration)
            request.put(event)
        else:
            error = error_of(event)
            if number == 0:
                log.error("engine refuses its configuration", engine=self.name, error=str(error))
                if (before := self._configurations.refused()) is not None:
                    self._configure_again(before)
            request.put(error)
        self._move()

    def _move(self) -> None:
        """Let the engine begin with the next request if it is free, and set its timer."""
        if self._loaded and (request := self._line.serve_next()) is not None:
            self._serve_now(request)
        self._watch()

    def _serve_now(self, request: Request) -> None:
        self._line.serve(request)
        request.attempts += 1
        if request.answered:
            request.put(Event(AGAIN))
        request.put(Event(MOVED))
        self._outbox.put(request.data)

    def _wait_again(self, request: Request | None) -> None:
        """Let a request whose process died wait for the next one, if it may have a second try."""
        if request is None or request.given_up_at is not None:
            return
        if request.attempts >= MAX_ATTEMPTS:
            request.put(failures.crashed(self.name))
            return
        request.put(Event(MOVED))
        self._line.wait_again(request)

    def _give_up(self, request: Request) -> None:
        """Tell the process that nobody waits for this request any more."""
        request.data = b""
        if self._line.give_up(request, asyncio.get_running_loop().time()):
            self._outbox.put_cancel(encode(Event("cancel", {"id": request.number})))
        self._move()

    def _watch(self) -> None:
        """Set the time at which the process is ended: it is stuck, or not needed."""
        self.moved.set()
        if self._unloading and self._process is not None:
            return  # that time is set
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        stuck_at = self._line.stuck_at
        if stuck_at is not None:
            self._timer = loop.call_at(stuck_at, self._end_stuck)
        elif self._loaded and self._line.idle and self._idle_s is not None:
            self._timer = loop.call_later(self._idle_s, self._unload)

    def _end_stuck(self) -> None:
        log.error("engine is stuck in a cancelled request", engine=self.name)
        self._kill()

    def _unload(self) -> None:
        """End the process: the end of its input is the end of it, or it is killed."""
        self._timer = asyncio.get_running_loop().call_later(END_TIMEOUT_S, self._kill)
        self._unloading = True
        self._loaded = False
        self._wanted.clear()  # whoever wakes it from now on means the next process
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)

    def _kill(self) -> None:
        self._loaded = False
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def _can_not_load(self, error: EngineError) -> None:
        log.error("engine can not load", engine=self.name, code=error.code, error=str(error))
        self._fail_all(error)

    def _fail_all(self, error: EngineError) -> None:
        for request in filter(None, (*self._line.waiting, self._line.served)):
            request.put(error)
