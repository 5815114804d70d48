"""Reads what a client sends, within limits: what makes no sense is told, and costs itself only."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from pydantic import ValidationError

from hub.api.talk.limits import (
    AUDIO_BYTES_AT_ONCE,
    AUDIO_BYTES_PER_S,
    BAD_CLIENT,
    LEAST_FRAME_BYTES,
    MAX_FAULTS,
    MAX_FRAME_BYTES,
    MAX_MESSAGE_CHARS,
    MESSAGES_AT_ONCE,
    MESSAGES_PER_S,
    TOO_LARGE,
    TOO_MANY,
    TURNS_AT_ONCE,
    TURNS_PER_S,
    Allowance,
)
from hub.api.talk.upward import MAX_TEXT_CHARS, UPS, BeginSpeech, Greeting, Replay, Typed, Up

_BY_NAME: Mapping[str, type[Up]] = {
    kind.model_fields["type"].annotation.__args__[0]: kind  # type: ignore[union-attr]
    for kind in UPS
}


class Misfit(Exception):
    """Something that a client may not send. With `close`, the socket ends with that code."""

    def __init__(self, code: str, text: str, *, ref: str = "", close: int | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.ref = ref
        self.close = close


class Reader:
    """Checks the messages and frames of one client."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._messages = Allowance(MESSAGES_PER_S, MESSAGES_AT_ONCE, clock)
        self._turns = Allowance(TURNS_PER_S, TURNS_AT_ONCE, clock)
        self._audio = Allowance(AUDIO_BYTES_PER_S, AUDIO_BYTES_AT_ONCE, clock)
        self._greeted = False
        self._faults = 0

    def message(self, text: str) -> Up:
        """Return what a text says. Raises Misfit."""
        if len(text) > MAX_MESSAGE_CHARS:
            raise Misfit(
                "message-too-large",
                f"A message has at most {MAX_MESSAGE_CHARS} characters.",
                close=TOO_LARGE,
            )
        if not self._messages.take(1):
            raise Misfit(
                "too-many-messages",
                f"More than {MESSAGES_PER_S:g} messages a second. Send fewer, and connect again.",
                close=TOO_MANY,
            )
        said = self._admitted(self._parsed(text))
        if isinstance(said, BeginSpeech | Typed | Replay) and not self._turns.take(1):
            raise self._fault("too-many-turns", "Too much at once. Wait a moment.")
        return said

    def audio(self, frame: bytes) -> bytes:
        """Return the audio of a frame. Raises Misfit."""
        if not self._greeted:
            raise self._fault("no-hello", "Say hello first, in a text message.", close=BAD_CLIENT)
        if len(frame) > MAX_FRAME_BYTES:
            raise self._fault(
                "frame-too-large",
                f"A frame of audio has at most {MAX_FRAME_BYTES} bytes; send 20 to 32 ms each.",
            )
        if len(frame) % 2:
            raise self._fault("odd-frame", "A frame is whole samples of 16 bits: 2 bytes each.")
        if not frame:
            raise self._fault("empty-frame", "There is no sound in this frame.")
        if not self._audio.take(max(len(frame), LEAST_FRAME_BYTES)):
            raise self._fault(
                "too-much-audio", "Audio comes faster than anybody speaks. It is left out."
            )
        return frame

    def _parsed(self, text: str) -> Up:
        try:
            said = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise self._fault("bad-json", "That is no JSON.") from None
        if not isinstance(said, dict) or not isinstance(name := said.get("type"), str):
            raise self._fault("bad-json", 'A message is an object with a "type".')
        kind = _BY_NAME.get(name)
        if kind is None:
            raise self._fault("unknown-type", f"There is no message {name[:40]!r}.")
        try:
            return kind.model_validate(said)
        except ValidationError as error:
            raise self._invalid(name, said, error) from None

    def _admitted(self, said: Up) -> Up:
        hello = isinstance(said, Greeting)
        if not self._greeted and not hello:
            raise self._fault("no-hello", "Say hello first.", close=BAD_CLIENT)
        if self._greeted and hello:
            raise self._fault("twice", "You said hello already. Use `set`.")
        self._greeted = True
        return said

    def _invalid(self, name: str, said: Mapping[str, Any], error: ValidationError) -> Misfit:
        ref = said.get("ref")
        ref = ref if isinstance(ref, str) and len(ref) <= 64 else ""
        text = said.get("text")
        if isinstance(text, str) and len(text) > MAX_TEXT_CHARS:
            told = (
                f"The text has {len(text)} characters; there may be {MAX_TEXT_CHARS}. Shorten it."
            )
            return self._fault("text-too-long", told, ref=ref)
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return self._fault("bad-message", f"{name}: {where}: {first['msg']}.", ref=ref)

    def _fault(self, code: str, text: str, *, ref: str = "", close: int | None = None) -> Misfit:
        self._faults += 1
        if close is None and self._faults >= MAX_FAULTS:
            close = BAD_CLIENT
        return Misfit(code, text, ref=ref, close=close)
