"""How a turn begins at a satellite."""

from dataclasses import dataclass

from hub.conversation.answering import Opening
from hub.conversation.barge_in import Interruption
from hub.conversation.conversation import Conversation
from hub.conversation.turn import Turn
from hub.rooms.saying import Saying
from protocol.sotto_messages import Listen, Wake

LISTEN_SLACK_MS = 1000
"""Added to what the hub will listen to at most: the satellite's own limit must not come first."""


@dataclass(frozen=True, slots=True)
class Begin:
    """A turn that is to begin."""

    opening: Opening
    wake: Wake | None = None
    """What the satellite asked with."""
    over: Interruption | None = None
    """The speech that it begins with, where that interrupted an answer."""
    text: str | None = None
    """What to say instead of listening."""
    conversation: Conversation | None = None
    """The conversation that goes on; otherwise that of the room."""
    continues: bool = False
    """Whether to listen on afterwards, whatever was said."""
    saying: Saying | None = None
    """What is said unasked: with `text` it is said, without it an answer is waited for."""
    written: str | None = None
    """What somebody has written, to be answered without listening."""
    ref: str = ""
    """What whoever asks for it calls it."""

    @property
    def listens(self) -> bool:
        """Whether somebody is to speak."""
        return self.text is None and self.written is None


def woken(wake: Wake) -> Begin:
    """Return the turn that a satellite asks for."""
    unsure = wake.trigger == "follow-up"  # somebody spoke, and perhaps to somebody else
    return Begin(Opening.FOLLOW_UP if unsure else Opening.WAKE, wake=wake)


async def taken(turn: Turn, begin: Begin) -> None:
    """Take a turn as it begins: listen and answer, answer what is written, or say something."""
    if begin.written is not None:
        await turn.read(begin.written)
    elif begin.text is None:
        await turn.run()
    elif begin.saying is None:
        await turn.say(begin.text, asks=True)
    else:
        await turn.say(begin.text, begin.saying.chime, asks=begin.saying.asks)


def listening(turn: int, begin: Begin, longest_ms: float, *, keep_open: bool) -> Listen:
    """Return what opens the microphone for a turn."""
    candidate = None if begin.wake is None else begin.wake.candidate
    return Listen(turn, candidate, int(longest_ms) + LISTEN_SLACK_MS, keep_open)
