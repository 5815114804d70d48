"""The state machine's view of the microphone: what was heard before the turn, and what is sent."""

from protocol import AudioChunk, AudioStart, AudioStop
from satellite import events
from satellite.effects import Effect, Emit, Send, StartStreaming, StopStreaming
from satellite.microphone import FORMAT, Frame
from satellite.pre_roll import PreRoll
from satellite.state import WAKING_S


class Hearing:
    """Pure like the machine it belongs to: the caller passes `now` and carries out the effects."""

    def __init__(self) -> None:
        self.pre_roll = PreRoll(WAKING_S)
        self._turn: int | None = None
        self._streamed = False

    def open(self, turn: int, max_ms: int, now: float) -> list[Effect]:
        """Begin to send a turn's sound, with what was kept since the wake."""
        self._turn = turn
        self._streamed = False
        opened: list[Effect] = [
            StartStreaming(turn),
            Send(AudioStart(FORMAT.rate, FORMAT.width, FORMAT.channels, turn=turn)),
            Emit(events.Listening(now, turn, max_ms)),
        ]
        for frame in self.pre_roll.take():
            opened += self.stream(frame)
        return opened

    def stream(self, frame: Frame) -> list[Effect]:
        """Send a frame; nothing outside of a turn."""
        if self._turn is None:
            return []
        timestamp_ms = frame.sample_index * 1000 // FORMAT.rate
        chunk = AudioChunk(
            FORMAT.rate, FORMAT.width, FORMAT.channels, frame.audio, timestamp_ms, self._turn
        )
        if self._streamed:
            return [Send(chunk)]
        self._streamed = True
        first = events.MicrophoneStreamed(
            frame.captured_at, self._turn, frame.sample_index, frame.clip_sample
        )
        return [Send(chunk), Emit(first)]

    def close(self) -> list[Effect]:
        """Stop sending."""
        turn, self._turn = self._turn, None
        return [] if turn is None else [StopStreaming(), Send(AudioStop(turn=turn))]
