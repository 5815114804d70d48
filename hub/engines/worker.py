"""The inside of an engine process: reads requests from a socket, answers them one after another.

    python -m hub.engines.worker NAME FD

It speaks the wire's frames with Wyoming's vocabulary. Each request carries an `id`, and so does
each answer:

    configure {id, values}                  -> configured {id} | error {id, code, text,
                                               named}
    transcribe {id, language} + audio       -> transcript {id, text, language, confidence, partial}
                                               | error
    synthesize {id, text, language, voice}  -> audio-chunk {id, rate, words} + audio ...,
                                               audio-stop {id} | error
    cancel {id}                             -> cancelled {id} in place of the answers that are left,
                                               or these, if it comes too late

Every request has one last answer, which is none of the audio-chunks.
The first event out is `loaded {}` or `error {code, text, named}`. The end of the input is the end
of the process, so that it can not outlive its hub. `words` is [[start, end, offset_ms], ...], and
`named` what `hub.words` tells of a text.
"""

import select
import signal
import socket
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any

from hub.engines.base import EngineError, SpeechRequest
from hub.engines.catalog import create
from hub.words import told, worded
from protocol.frames import Event, FrameDecoder, encode
from protocol.limits import Limits

ENGINE_LIMITS = Limits(
    data_bytes=16 * 1024 * 1024, payload_bytes=16 * 1024 * 1024, containers=1024 * 1024
)
"""The grammar of a large home crosses here, and the peer is our own process, not a stranger."""

_READ_BYTES = 65_536
# What one hub may have sent ahead; the hub keeps far fewer requests under way.
_MAX_PENDING_EVENTS = 1024


class _Channel:
    """Events over a blocking socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._decoder = FrameDecoder(ENGINE_LIMITS)
        self._pending: deque[Event] = deque()
        self.cancelled: set[int] = set()

    def send(self, event: Event) -> None:
        self._socket.sendall(encode(event))

    def receive(self) -> Event | None:
        """Return the next request, or None at the end of the input."""
        while not self._pending:
            if not self._read():
                return None
        return self._pending.popleft()

    def poll(self) -> None:
        """Take in what has arrived, without waiting: a cancel may be among it."""
        while len(self._pending) < _MAX_PENDING_EVENTS:
            readable, _, _ = select.select([self._socket], [], [], 0)
            if not readable or not self._read():
                return

    def _read(self) -> bool:
        data = self._socket.recv(_READ_BYTES)
        for event in self._decoder.feed(data):
            if event.type == "cancel":
                if len(self.cancelled) >= _MAX_PENDING_EVENTS:
                    self.cancelled.clear()  # of requests that were long done
                self.cancelled.add(int(event.data["id"]))
            else:
                self._pending.append(event)
        if self._decoder.error is not None:
            raise self._decoder.error
        return bool(data)


def _answers(engine: Any, event: Event, channel: _Channel) -> Iterator[Event]:
    """Yield the answers to one request."""
    request = int(event.data["id"])
    match event.type:
        case "configure":
            engine.configure(event.data["values"])
            yield Event("configured", {"id": request})
        case "transcribe":
            transcript = engine.transcribe(event.payload, str(event.data["language"]))
            yield Event(
                "transcript",
                {
                    "id": request,
                    "text": transcript.text,
                    "language": transcript.language,
                    "confidence": transcript.confidence,
                    "partial": transcript.partial,
                },
            )
        case "synthesize":
            text, language = str(event.data["text"]), str(event.data["language"])
            for chunk in engine.synthesize(SpeechRequest(text, language, event.data.get("voice"))):
                words = [[word.start, word.end, word.offset_ms] for word in chunk.words]
                data = {"id": request, "rate": chunk.rate_hz, "words": words}
                yield Event("audio-chunk", data, chunk.audio)
                channel.poll()
                if request in channel.cancelled:
                    yield Event("cancelled", {"id": request})
                    return
            yield Event("audio-stop", {"id": request})
        case _:
            raise EngineError(
                "bad-request",
                worded(
                    "engine-does-not-know", "This engine does not know '{what}'.", what=event.type
                ),
            )


def _told(error: EngineError) -> dict[str, Any]:
    text = str(error)
    return {"code": error.code, "text": text, "named": told(text)}


def serve(name: str, sock: socket.socket) -> None:
    """Load the engine and answer requests until the input ends."""
    channel = _Channel(sock)
    try:
        engine = create(name)
        engine.load()
    except EngineError as error:
        channel.send(Event("error", _told(error)))
        return
    channel.send(Event("loaded", {}))
    while (event := channel.receive()) is not None:
        request = int(event.data["id"])
        channel.poll()
        if request in channel.cancelled:
            channel.cancelled.discard(request)
            channel.send(Event("cancelled", {"id": request}))
            continue
        try:
            for answer in _answers(engine, event, channel):
                channel.send(answer)
        except EngineError as error:
            channel.send(Event("error", {"id": request, **_told(error)}))
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - an engine's library may raise anything
            text = f"{type(error).__name__}: {error}"
            channel.send(Event("error", {"id": request, "code": "engine-failed", "text": text}))
        channel.cancelled.discard(request)


def main() -> None:
    """Run the engine named on the command line over the socket whose number stands there too."""
    name, descriptor = sys.argv[1], int(sys.argv[2])
    # Ctrl-C in a terminal reaches every process of the group; the hub decides when engines end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as sock:
        try:
            serve(name, sock)
        except (BrokenPipeError, ConnectionResetError):
            return  # the hub is gone, and so is the reason to be here


if __name__ == "__main__":
    main()
