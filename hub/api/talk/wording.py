"""What a satellite is told, in the words of the talk socket."""

from collections.abc import Callable, Mapping
from typing import Any

from hub.api.talk import messages as words
from protocol import sotto_messages as wire
from protocol.schema import Message
from protocol.wyoming_audio import AudioStart, AudioStop, VoiceStarted, VoiceStopped
from protocol.wyoming_speech import Synthesize, Transcript

_WORDS: Mapping[type[Message], Callable[[Any], words.Down]] = {
    Transcript: lambda m: words.Transcript(turn=m.turn, text=m.text, final=True),
    Synthesize: lambda m: words.Saying(turn=m.turn, text=m.text),
    VoiceStarted: lambda m: words.Speech(turn=m.turn, started=True),
    VoiceStopped: lambda m: words.Speech(turn=m.turn, started=False),
    AudioStart: lambda m: words.AudioBegins(turn=m.turn, rate=m.rate),
    AudioStop: lambda m: words.AudioEnds(turn=m.turn),
    wire.Listen: lambda m: words.Listen(turn=m.turn, max_ms=m.max_ms, keep_open=m.keep_open),
    wire.StandDown: lambda m: words.StandDown(reason=m.reason),
    wire.Flush: lambda m: words.Flush(turn=m.turn),
    wire.Pause: lambda m: words.Pause(turn=m.turn),
    wire.Resume: lambda m: words.Resume(turn=m.turn),
    wire.Duck: lambda m: words.Duck(turn=m.turn, gain_db=m.gain_db, ramp_ms=m.ramp_ms),
    wire.Cancel: lambda m: words.Cancel(turn=m.turn, reason=m.reason),
    wire.Settings: lambda m: words.Settings(values=m.values),
    wire.Identify: lambda m: words.Identify(seconds=m.seconds),
}


def worded(message: Message) -> words.Down | None:
    """Return a message in those words; None for what the page shows elsewhere, such as timers."""
    word = _WORDS.get(type(message))
    return None if word is None else word(message)
