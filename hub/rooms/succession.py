"""Which turn follows from one that is over, here or at a satellite in another room."""

from hub.announcing import Fate
from hub.conversation.answering import Opening
from hub.conversation.barge_in import Verdict
from hub.conversation.conversation import Conversation
from hub.conversation.turn import Turn
from hub.rooms.directory import Connected
from hub.rooms.house import House
from hub.rooms.opening import Begin
from hub.rooms.saying import Saying


def successor(
    house: House, here: Connected, turn: Turn, begin: Begin, conversation: Conversation
) -> Begin | None:
    """Return the turn that follows `here`, if one does; one elsewhere is begun."""
    record = turn.record
    if turn.interruption is not None and turn.interruption.verdict is Verdict.INTERRUPTED:
        return Begin(
            Opening.INTERRUPTION,
            over=turn.interruption,
            conversation=conversation,
            saying=begin.saying if begin.saying is not None and begin.saying.asks else None,
        )
    if record.room is not None:
        return _move(house, here, record.room, conversation)
    if begin.saying is not None:
        return _answered(begin.saying, here, turn, begin, conversation)
    wanted = house.follow_ups.wanted(record.answer or "") or begin.continues
    if wanted and record.outcome == "answered" and turn.confirmed and here.hears_wake_words:
        return Begin(Opening.FOLLOW_UP, conversation=conversation)
    return None


def _answered(
    saying: Saying, here: Connected, turn: Turn, begin: Begin, conversation: Conversation
) -> Begin | None:
    """Return the turn in which a question that was heard is answered."""
    heard = turn.record.outcome == "answered" and turn.confirmed and here.hears_wake_words
    if saying.asks and heard and begin.text is not None:
        return Begin(Opening.FOLLOW_UP, conversation=conversation, saying=saying)
    saying.end(Fate.HEARD)  # without an answer
    return None


def _move(house: House, here: Connected, room: str, conversation: Conversation) -> Begin | None:
    """Let the conversation go on at a satellite in `room`, or say why it can not."""
    other = house.directory.in_room(room)
    language = conversation.language or house.language
    if other is None or (other is not here and not other.at_rest):
        # Who talks there, or is being answered, is not cut off by somebody who is not there.
        text = house.parts.mind.remark("no-room" if other is None else "busy", language)
        return Begin(Opening.FOLLOW_UP, text=text, conversation=conversation)
    house.conversations.hand_over(conversation, other.area or other.satellite)
    text = conversation.history.unheard or house.parts.mind.remark("here", language)
    other.begin(Begin(Opening.FOLLOW_UP, text=text, conversation=conversation, continues=True))
    return None
