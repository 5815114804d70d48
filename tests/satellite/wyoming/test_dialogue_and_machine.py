"""Whatever Home Assistant and people do, the satellite comes to rest, and `played` is said once."""

import random
from itertools import pairwise

import pytest

from protocol import (
    AudioChunk,
    AudioFormat,
    AudioStart,
    AudioStop,
    Detection,
    Error,
    Message,
    Played,
    RunPipeline,
    RunSatellite,
    Synthesize,
    Transcribe,
    Transcript,
    VoiceStarted,
    VoiceStopped,
)
from satellite import effects, events
from satellite.effects import Effect
from satellite.machine import Machine
from satellite.microphone import FRAME_BYTES, FRAME_S, Frame
from satellite.state import LISTENING_GRACE_S, WAKING_S, State, Trigger
from satellite.wyoming.dialogue import ANSWER_S, LISTEN_MS, Dialogue
from satellite.wyoming.incoming import PAUSE_S

START = AudioStart(22_050, 2, 1)
CHUNK = AudioChunk(22_050, 2, 1, bytes(4410))
PEER: tuple[Message, ...] = (
    START,
    CHUNK,
    CHUNK,
    AudioStop(),
    Transcribe(),
    VoiceStarted(),
    VoiceStopped(),
    Transcript("do it"),
    Transcript(""),
    Synthesize("Done."),
    Error("broken", "intent-failed"),
    Error("nothing", "stt-no-text-recognized"),
    Error("taken", "duplicate_wake_up_detected"),
    RunSatellite(),
)
SETTLE_S = LISTEN_MS / 1000 + LISTENING_GRACE_S + 30.0 + ANSWER_S + PAUSE_S + 20.0


class House:
    """State machine and dialogue, with a speaker that plays in time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.machine = Machine()
        self.dialogue = Dialogue()
        self.to_peer: list[Message] = []
        self.streams: list[int] = []
        self._playing: int | None = None
        self._left_s = 0.0
        self._held = self._ended = False
        self._index = 0
        self._do(self.machine.link_up(events.Connected(0.0, "Home Assistant", "x", "x")))

    def peer(self, message: Message) -> None:
        self.dialogue.peer_says(message, self.now)
        self._settle()

    def wake(self, trigger: Trigger) -> None:
        self._do(self.machine.wake(trigger, self.now))

    def button(self) -> None:
        self._do(self.machine.button(self.now))

    def mute(self) -> None:
        self._do(self.machine.mute(not self.machine.muted, self.now))

    def step(self) -> None:
        """32 ms go by."""
        self.now += FRAME_S
        self._do(self.machine.frame(Frame(bytes(FRAME_BYTES), self._index, self.now)))
        self._index += FRAME_BYTES // 2
        self._play()
        due = self.machine.next_deadline()
        if due is not None and due <= self.now:
            self._do(self.machine.tick(self.now))
        due = self.dialogue.next_deadline()
        if due is not None and due <= self.now:
            self.dialogue.tick(self.now)
            self._settle()

    def _play(self) -> None:
        if self._playing is None or self._held:
            return
        self._left_s = max(0.0, self._left_s - FRAME_S)
        if self._left_s == 0.0 and self._ended:
            self._finish()
        elif self._left_s:
            turn, left_ms = self._playing, self._left_s * 1000
            self._do(self.machine.playback_moved(turn, self.now * 1000, left_ms, self.now))

    def _finish(self) -> None:
        turn, self._playing = self._playing, None
        self._left_s, self._held = 0.0, False
        if turn is not None:
            self._do(self.machine.playback_finished(turn, self.now * 1000, self.now))

    def _do(self, wanted: list[Effect]) -> None:
        for effect in wanted:
            match effect:
                case effects.Send(message):
                    self.dialogue.satellite_says(message, self.now)
                case effects.StartPlayback(turn):
                    assert not self.streams or turn > self.streams[-1]
                    self.streams.append(turn)
                    self._finish()
                    self._playing, self._left_s = turn, 0.0
                    self._ended = self._held = False
                case effects.Play(turn, audio, AudioFormat(rate, width, _)):
                    self._playing, self._ended = turn, False
                    self._left_s += len(audio) / width / rate
                case effects.EndPlayback():
                    self._ended = True
                case effects.FlushPlayback():
                    self._finish()
                case effects.PausePlayback():
                    self._held = True
                    if self._playing is not None:
                        turn = self._playing
                        self._do(self.machine.playing.paused(turn, self.now, 0, self._left_s))
                        self.dialogue.quiet(self.now)
                case effects.ResumePlayback():
                    self._held = False
        self._settle()

    def _settle(self) -> None:
        while True:
            to_peer, to_satellite = self.dialogue.take()
            self.to_peer += to_peer
            if not to_satellite:
                return
            for message in to_satellite:
                self._do(self.machine.receive(message, self.now))


def disturb(house: House, chance: random.Random) -> None:
    """Do something that may happen at any time."""
    match chance.randrange(10):
        case 0:
            house.wake(Trigger("wake-word", wake_word="okay_nabu"))
        case 1 if chance.random() < 0.3:
            house.button()
        case 2 if chance.random() < 0.1:
            house.mute()
        case 3:
            for _ in range(chance.randrange(1, 200)):
                house.step()
        case _:
            house.peer(chance.choice(PEER))
    house.step()


def check_rules(said: list[Message]) -> None:
    """Check what Home Assistant has heard."""
    chunks = 0
    for before, message in pairwise(said):
        if isinstance(before, Detection):
            assert isinstance(message, RunPipeline)
        chunks = 0 if isinstance(message, RunPipeline) else chunks + isinstance(message, AudioChunk)
        assert chunks * FRAME_S <= LISTEN_MS / 1000 + LISTENING_GRACE_S + WAKING_S


@pytest.mark.parametrize("seed", range(60))
def test_it_always_comes_to_rest_says_played_at_most_once_a_stream_and_still_works(
    seed: int,
) -> None:
    chance = random.Random(seed)
    house = House()
    for _ in range(400):
        disturb(house, chance)
    for _ in range(int(SETTLE_S / FRAME_S)):
        house.step()
    assert str(house.machine.state) == State.IDLE
    check_rules(house.to_peer)
    played = sum(isinstance(message, Played) for message in house.to_peer)
    assert 0 < played <= len(house.streams)
    if house.machine.muted:
        house.mute()
    house.to_peer.clear()
    house.wake(Trigger("button"))
    house.peer(Transcribe())
    assert str(house.machine.state) == State.LISTENING
    for message in (Transcript("do it"), Synthesize("Done."), START, CHUNK, AudioStop()):
        house.peer(message)
    for _ in range(10):
        house.step()
    assert str(house.machine.state) == State.IDLE
    assert house.to_peer[-1] == Played()
