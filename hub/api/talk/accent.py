"""How clients write: one vocabulary, as the clients of today and those of before write it."""

import struct
from collections.abc import Sequence
from typing import Protocol

from hub.api.talk.messages import Down

HEADER = struct.Struct("<II")
"""Before the audio of a frame: the turn, and how many samples of it came before."""


class Accent(Protocol):
    """A way to write."""

    @property
    def opening(self) -> Sequence[str]:
        """What a client means by coming at all, its hello first; empty: it says hello itself."""

    @property
    def features(self) -> Sequence[str]:
        """What such a client can do, as in a satellite's hello."""

    def heard(self, text: str) -> Sequence[str]:
        """Return what a text of a client means, as messages of the talk socket."""

    def said(self, message: Down) -> str | None:
        """Return a message as it is sent; None: the client has no word for it."""

    def played(self, turn: int, before: int, audio: bytes) -> bytes:
        """Return a frame of audio of a turn, with so many samples `before` it."""


class Plain:
    """The words of `docs/api-talk.md`."""

    opening: Sequence[str] = ()
    features: Sequence[str] = ("flush", "duck", "pause", "playback", "identify")

    def heard(self, text: str) -> Sequence[str]:
        """Return the text as it is."""
        return (text,)

    def said(self, message: Down) -> str | None:
        """Return a message as JSON."""
        return message.to_json()

    def played(self, turn: int, before: int, audio: bytes) -> bytes:
        """Return audio behind a header."""
        return HEADER.pack(turn & 0xFFFFFFFF, before) + audio
