"""Events as JSON lines, for other programs."""

import select
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from typing import Any, TextIO

import orjson

from satellite.events import Event


def to_fields(event: Event) -> dict[str, Any]:
    """Return what the event says, without its name and time, and without what is None."""
    return {
        field.name: value
        for field in fields(event)
        if field.name != "at" and (value := getattr(event, field.name)) is not None
    }


def to_json(event: Event) -> bytes:
    """Return the event as one line of JSON, newline included."""
    line = {"event": event.name, "at": round(event.at, 6), **to_fields(event)}
    return orjson.dumps(line, default=str) + b"\n"


class EventLines:
    """Writes events as JSON lines. Who does not read them holds nobody up, and misses some."""

    def __init__(self, stream: TextIO, on_lost: Callable[[str], None]) -> None:
        """`on_lost` is told once why nothing more can be written."""
        self._stream: TextIO | None = stream
        self._on_lost = on_lost
        self._room = select.poll()
        self._missed = 0
        try:
            self._room.register(stream, select.POLLOUT)
            self._can_be_full = True
        except (OSError, ValueError):
            self._can_be_full = False

    def write(self, event: Event) -> None:
        """Write one line and flush it; when that can not be done any more, do nothing."""
        if self._stream is None:
            return
        if self._can_be_full and not self._room.poll(0):
            self._missed += 1
            return
        try:
            if self._missed:
                missed, self._missed = self._missed, 0
                self._stream.write(f'{{"event":"missed","count":{missed}}}\n')
            self._stream.write(to_json(event).decode())
            self._stream.flush()
        except OSError as error:
            with suppress(OSError):
                # What is still buffered must not fail once more when the program ends.
                self._stream.close()
            self._stream = None
            self._on_lost(error.strerror or type(error).__name__)
