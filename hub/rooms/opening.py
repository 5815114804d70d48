"""How a turn begins at a satellite."""

from dataclasses import dataclass

from hub.conversation.answering import Opening
from hub.conversation.barge_in import Interruption
from hub.conversation.conversation import Conversation
from hub.rooms.saying import Saying
from protocol.sotto_messages import Wake


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
