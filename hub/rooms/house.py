"""What all satellites of a hub share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hub.bus import Bus
from hub.conversation.answering import Opening
from hub.conversation.attempt import Parts
from hub.conversation.conversation import Conversations
from hub.conversation.endpoint import Rules
from hub.conversation.turn import Manner
from hub.conversation.voice_activity import VoiceActivity
from hub.rooms.arbiter import Arbiter
from hub.rooms.directory import Directory
from hub.rooms.neighbours import Neighbours


class FollowUp(StrEnum):
    """When the hub listens on after an answer, without the wake word."""

    NEVER = "never"
    QUESTION = "question"
    """When the answer was a question."""
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class FollowUps:
    """How the hub listens on."""

    when: FollowUp = FollowUp.QUESTION
    window_ms: float = 7000
    """How long, from the end of playback."""

    def wanted(self, answer: str) -> bool:
        """Return whether to listen on after `answer`."""
        if self.when is FollowUp.QUESTION:
            return answer.rstrip("\"'»”’ \n").endswith(("?", "？"))
        return self.when is FollowUp.ALWAYS


@dataclass(slots=True)
class House:
    """What a session needs beside its link."""

    parts: Parts
    activity: VoiceActivity
    bus: Bus
    language: str
    clock: Callable[[], float]
    manner: Manner
    directory: Directory
    conversations: Conversations
    arbiter: Arbiter
    neighbours: Neighbours
    follow_ups: FollowUps = field(default_factory=FollowUps)
    knows_room: Callable[[str], bool] = lambda _: False
    """Whether the home has a room of that name."""
    heard_s: Callable[[], float] | None = None
    """How long after the end of speech a transcript is waited for; None: as `manner` says."""
    voice: Callable[[str | None, str | None, str], str | None] = lambda *_: None
    """Which voice answers a room and a person in a language; None: the engine's own for it."""

    languages: Sequence[str] = ()
    """Those that are spoken here; none: any."""
    keep_sound: Callable[[str, int, bytes], None] = lambda *_: None
    """Takes what was said in a satellite's turn, before it ends, to keep it if it is wanted."""

    def manner_of(self, opening: Opening) -> Manner:
        """Return how a turn is taken that begins so."""
        manner = self.manner
        if self.heard_s is not None:
            manner = replace(manner, heard_s=self.heard_s())
        if opening is not Opening.FOLLOW_UP:
            return manner
        return replace(manner, rules=Rules(self.follow_ups.window_ms, manner.rules.max_ms))

    def is_room(self, name: str) -> bool:
        """Return whether a room is called `name`: one of the home, or one with a satellite."""
        return self.knows_room(name) or self.directory.in_room(name) is not None
