"""What stands in for the link to a hub: the dialogue with the peer that has the satellite."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from protocol import (
    AudioChunk,
    Message,
    Playback,
    SottoError,
    TimerCancelled,
    TimerFinished,
    TimerStarted,
    TimerUpdated,
)
from satellite import events
from satellite.jitter import PlaybackBuffer
from satellite.session import Hub
from satellite.settings import parse_address
from satellite.wyoming.dialogue import Dialogue
from satellite.wyoming.peer import Peer

AHEAD_MS = 20_000.0
"""More than this is not taken into the playback buffer: the peer waits, and nothing is lost."""
PIECE_MS = 500
"""A chunk longer than this is taken in pieces, so that the buffer never meets its own limit."""
STUCK_S = 15.0
"""Longer than the satellite lets a speaker be stuck: then it gives the audio up."""
TICK_S = 0.001

_Timer = TimerStarted | TimerUpdated | TimerCancelled | TimerFinished


class Driven(Protocol):
    """What is asked of the satellite."""

    def link_up(self, hub: Hub) -> None:
        """Somebody drives it."""

    def link_down(self, error: SottoError, retry_in_s: float) -> None:
        """Nobody drives it any more."""

    def received(self, message: Message) -> None:
        """It is told something, in a hub's words."""

    def emit(self, event: events.Event) -> None:
        """Tell everybody who listens."""


class StandIn:
    """Takes the place of the link to a hub."""

    def __init__(
        self,
        satellite: Driven,
        speaker: PlaybackBuffer,
        *,
        has_speaker: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._satellite = satellite
        self._speaker = speaker
        self._clock = clock
        self._dialogue = Dialogue(has_speaker=has_speaker)
        self._peer: Peer | None = None
        self._told: deque[Message] = deque()
        self._telling = False
        self._due = asyncio.Event()
        self._moved = asyncio.Event()
        self._dropped_chunks = 0

    @property
    def dropped_chunks(self) -> int:
        """Return how much audio no peer could take."""
        return self._dropped_chunks + (self._peer.dropped_chunks if self._peer else 0)

    def send(self, message: Message) -> None:
        """Take what the satellite says to its hub."""
        now = self._clock()
        self._dialogue.satellite_says(message, now)
        paused_at = self._speaker.report.paused_at
        if isinstance(message, Playback) and paused_at is not None and paused_at <= now:
            self._dialogue.quiet(now)
        self._moved.set()
        self._pass_on()
        if self._told:
            # Not now: the satellite is in the middle of something.
            asyncio.get_running_loop().call_soon(self._tell_satellite)

    async def wait_for_room(self) -> None:
        """Wait while the peer is behind with reading."""
        if self._peer is not None:
            await self._peer.wait_for_room()

    def begin(self, peer: Peer) -> None:
        """Serve a peer from here on."""
        self._peer = peer
        link = peer.link
        hub = Hub(link.host, "Home Assistant", parse_address(link.peer), link.peer)
        self._satellite.link_up(hub)

    def leave(self, error: SottoError) -> None:
        """Serve nobody; the `error` says why."""
        if self._peer is not None:
            self._dropped_chunks += self._peer.dropped_chunks
        self._peer = None
        self._told.clear()
        self._satellite.link_down(error, 0.0)
        self._dialogue.reset()

    async def obey(self, message: Message) -> None:
        """Take what the peer says; it waits while enough is kept to be played."""
        match message:
            case AudioChunk():
                for piece in _pieces(message):
                    self._hear(piece)
                    await self._wait_for_speaker()
            case TimerStarted() | TimerUpdated() | TimerCancelled() | TimerFinished():
                self._satellite.emit(_timer_event(message, self._clock()))
                self._satellite.received(message)
            case _:
                self._hear(message)

    async def keep_deadlines(self) -> None:
        """End what lasts too long, until cancelled."""
        while True:
            deadline = self._dialogue.next_deadline()
            wait_s = None if deadline is None else max(TICK_S, deadline - self._clock())
            try:
                async with asyncio.timeout(wait_s):
                    await self._due.wait()
            except TimeoutError:
                self._dialogue.tick(self._clock())
                self._pass_on()
                self._tell_satellite()
            self._due.clear()

    def _hear(self, message: Message) -> None:
        self._dialogue.peer_says(message, self._clock())
        self._pass_on()
        self._tell_satellite()

    async def _wait_for_speaker(self) -> None:
        try:
            async with asyncio.timeout(STUCK_S):
                while self._dialogue.wants_audio and self._speaker.buffered_ms > AHEAD_MS:
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            pass  # what does not fit is refused and counted

    def _pass_on(self) -> None:
        """Send what the peer is to hear, and note what the satellite is to be told."""
        to_peer, to_satellite = self._dialogue.take()
        if self._peer is not None:
            for message in to_peer:
                self._peer.send(message)
            self._told.extend(to_satellite)
        self._due.set()

    def _tell_satellite(self) -> None:
        """Tell the satellite, in order; what it says to that comes back through `send`."""
        if self._telling:
            return
        self._telling = True
        try:
            while self._told:
                self._satellite.received(self._told.popleft())
        finally:
            self._telling = False


def _pieces(chunk: AudioChunk) -> list[AudioChunk]:
    rate, width, channels, audio = chunk.rate, chunk.width, chunk.channels, chunk.audio
    piece_bytes = max(1, rate * PIECE_MS // 1000) * width * channels
    if len(audio) <= piece_bytes:
        return [chunk]
    return [
        AudioChunk(rate, width, channels, audio[begin : begin + piece_bytes])
        for begin in range(0, len(audio), piece_bytes)
    ]


def _timer_event(message: _Timer, now: float) -> events.TimerChanged:
    return events.TimerChanged(
        now,
        message.id,
        message.type_name.removeprefix("timer-"),
        getattr(message, "name", None),
        getattr(message, "total_seconds", None),
        getattr(message, "is_active", None),
    )
