from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from protocol import (
    AudioChunk,
    AudioFormat,
    AudioStart,
    AudioStop,
    Cancel,
    Duck,
    Error,
    Flush,
    Listen,
    Message,
    Pause,
    Playback,
    Resume,
    Settings,
    StandDown,
    Synthesize,
    Transcript,
    TurnEnded,
    VoiceStarted,
    VoiceStopped,
    Wake,
)
from satellite import effects, events
from satellite.effects import Effect
from satellite.machine import Machine
from satellite.microphone import FRAME_BYTES, Frame
from satellite.state import State, Trigger

T = TypeVar("T")

SPEECH = AudioFormat(rate=22_050, width=2, channels=1)
PCM = b"\1\0" * 441


class Room:
    """A machine, its clock, and everything it wanted done."""

    def __init__(self, *, barge_in: bool = False) -> None:
        self.machine = Machine(barge_in=barge_in)
        self.now = 100.0
        self.wanted: list[Effect] = []
        self.frames = 0

    def take(self, wanted: list[Effect]) -> list[Effect]:
        self.wanted += wanted
        return wanted

    def connect(self) -> "Room":
        self.take(self.machine.link_up(events.Connected(self.now, "hub", "here:1", "s1")))
        return self

    def disconnect(self) -> list[Effect]:
        gone = events.Disconnected(self.now, "gone", "link-closed", 250)
        return self.take(self.machine.link_down(gone))

    def wake(self, kind: str = "stream") -> list[Effect]:
        return self.take(self.machine.wake(Trigger(kind), self.now))

    def hear(self, frames: int = 1) -> None:
        for _ in range(frames):
            audio = self.frames.to_bytes(2, "little") * (FRAME_BYTES // 2)
            self.take(self.machine.frame(Frame(audio, self.frames * 512, self.now)))
            self.frames += 1
            self.now += 0.032

    def say(self, *messages: Message) -> list[Effect]:
        wanted: list[Effect] = []
        for message in messages:
            wanted += self.take(self.machine.receive(message, self.now))
        return wanted

    def wait(self, seconds: float) -> list[Effect]:
        self.now += seconds
        return self.take(self.machine.tick(self.now))

    def finish_playback(self, turn: int, position_ms: float = 20.0) -> list[Effect]:
        finished = self.machine.playback_finished(turn, position_ms, self.now)
        return self.take(finished)

    def listen(self, turn: int = 1, max_ms: int = 8000) -> "Room":
        self.wake()
        candidate = self.last_sent(Wake).candidate
        self.say(Listen(turn=turn, candidate=candidate, max_ms=max_ms))
        assert self.is_in(State.LISTENING)
        return self

    def think(self, turn: int = 1) -> "Room":
        self.listen(turn)
        self.say(Transcript("open the door", turn=turn))
        assert self.is_in(State.THINKING)
        return self

    def speak(self, turn: int = 1) -> "Room":
        self.think(turn)
        self.say(AudioStart(22_050, 2, 1, turn=turn), AudioChunk(22_050, 2, 1, PCM, turn=turn))
        assert self.is_in(State.SPEAKING)
        return self

    def is_in(self, state: State) -> bool:
        return self.machine.state is state

    def sent(self, kind: type[T]) -> list[T]:
        return [
            effect.message
            for effect in self.wanted
            if isinstance(effect, effects.Send) and isinstance(effect.message, kind)
        ]

    def last_sent(self, kind: type[T]) -> T:
        return self.sent(kind)[-1]

    def told(self, kind: type[T]) -> list[T]:
        return [
            effect.event
            for effect in self.wanted
            if isinstance(effect, effects.Emit) and isinstance(effect.event, kind)
        ]

    def outcomes(self) -> list[tuple[int, str]]:
        return [(over.turn, over.outcome) for over in self.told(events.TurnOver)]

    def failures(self) -> list[str]:
        return [failed.code for failed in self.told(events.Failed)]


@pytest.fixture
def room() -> Room:
    return Room().connect()


def ended(turn: int = 1, outcome: str = "answered", text: str | None = "Done.") -> TurnEnded:
    return TurnEnded(turn=turn, outcome=outcome, text=text, stages={"intent": 3})


def count(wanted: list[Effect], kind: type) -> int:
    return sum(isinstance(effect, kind) for effect in wanted)


def test_after_the_link_is_up_the_status_is_the_first_thing_sent() -> None:
    room = Room()
    room.connect()
    first = next(e for e in room.wanted if isinstance(e, effects.Send | effects.SendStatus))
    assert first == effects.SendStatus()
    assert room.is_in(State.IDLE)


def test_a_whole_turn_goes_through_every_state_and_back_to_idle(room: Room) -> None:
    room.speak()
    room.say(AudioStop(turn=1), ended())
    assert room.is_in(State.SPEAKING)
    room.finish_playback(1)
    states = [changed.state for changed in room.told(events.StateChanged)]
    assert states == ["idle", "waking", "listening", "thinking", "speaking", "idle"]
    assert room.outcomes() == [(1, "answered")]
    assert room.failures() == []
    assert room.machine.next_deadline() is None


def test_candidates_rise_with_each_wake_on_a_link(room: Room) -> None:
    for _ in range(2):
        room.wake()
        room.wait(4.1)
    assert [wake.candidate for wake in room.sent(Wake)] == [1, 2]


def test_a_wake_carries_what_the_detector_heard(room: Room) -> None:
    trigger = Trigger("wake-word", "okay_nabu", 0.97, -20.0, -60.0, 45)
    room.take(room.machine.wake(trigger, room.now))
    assert room.last_sent(Wake) == Wake(
        candidate=1,
        trigger="wake-word",
        wake_word="okay_nabu",
        score=0.97,
        loudness_dbfs=-20.0,
        noise_dbfs=-60.0,
        age_ms=45,
    )


def test_what_is_said_between_wake_and_listen_is_sent_first_and_in_order(room: Room) -> None:
    room.hear(5)
    room.wake()
    room.hear(3)
    room.say(Listen(turn=1, candidate=1, max_ms=8000))
    room.hear(2)
    order = [chunk.audio[0] for chunk in room.sent(AudioChunk)]
    assert order == [5, 6, 7, 8, 9]
    assert room.sent(AudioStart) == [AudioStart(16_000, 2, 1, turn=1)]


def test_a_wake_word_keeps_the_two_frames_before_it(room: Room) -> None:
    room.hear(5)
    room.wake("wake-word")
    room.hear(1)
    room.say(Listen(turn=1, candidate=1, max_ms=8000))
    assert [chunk.audio[0] for chunk in room.sent(AudioChunk)] == [3, 4, 5]


def test_a_hub_that_opens_the_microphone_gets_nothing_from_before(room: Room) -> None:
    room.hear(5)
    room.say(Listen(turn=1, candidate=None, max_ms=8000))
    room.hear(1)
    assert [chunk.audio[0] for chunk in room.sent(AudioChunk)] == [5]


def test_a_wake_on_its_way_is_not_lost_to_a_follow_up_on_its_way_here(room: Room) -> None:
    room.wake("wake-word")
    assert effects.Send(Cancel(4, "late")) in room.say(Listen(4, candidate=None, max_ms=8000))
    assert room.is_in(State.WAKING)
    room.say(Cancel(4, "wake"), Listen(turn=5, candidate=1, max_ms=8000))
    assert room.is_in(State.LISTENING)


def test_chunks_carry_turn_and_time_of_the_sample(room: Room) -> None:
    room.hear(3)
    room.listen(turn=7)
    room.hear(1)
    chunk = room.last_sent(AudioChunk)
    assert (chunk.turn, chunk.timestamp, chunk.rate, chunk.width) == (7, 96, 16_000, 2)


def test_the_first_frame_of_a_turn_is_told_once_with_its_time_in_the_air(room: Room) -> None:
    room.listen()
    at = room.now
    room.hear(3)
    streamed = room.told(events.MicrophoneStreamed)
    assert streamed == [events.MicrophoneStreamed(at, 1, 0, None)]


def test_nothing_is_sent_of_the_microphone_outside_of_a_turn(room: Room) -> None:
    room.hear(10)
    room.think()
    room.hear(10)
    assert room.sent(AudioChunk) == []


@pytest.mark.parametrize("message", [VoiceStopped(turn=1), Transcript("hello", turn=1)])
def test_the_microphone_closes_when_the_hub_has_heard_enough(room: Room, message: Message) -> None:
    room.listen()
    room.say(message)
    assert room.is_in(State.THINKING)
    assert room.sent(AudioStop) == [AudioStop(turn=1)]
    assert count(room.wanted, effects.StopStreaming) == 1


def test_a_button_ends_the_command_that_it_began(room: Room) -> None:
    room.take(room.machine.button(room.now))
    room.say(Listen(turn=1, candidate=1, max_ms=8000))
    room.take(room.machine.button(room.now))
    assert room.last_sent(Wake).trigger == "button"
    assert room.is_in(State.THINKING)
    assert room.sent(AudioStop) == [AudioStop(turn=1)]


@pytest.mark.parametrize("state", [State.WAKING, State.LISTENING])
def test_a_second_wake_changes_nothing_while_one_is_heard(room: Room, state: State) -> None:
    room.wake() if state is State.WAKING else room.listen()
    before = len(room.wanted)
    assert room.wake("wake-word") == []
    assert len(room.wanted) == before


# Every state ends by itself.


def test_a_wake_that_nobody_answers_ends_after_four_seconds(room: Room) -> None:
    room.wake()
    assert room.wait(3.9) == []
    room.wait(0.2)
    assert room.is_in(State.IDLE)
    assert room.failures() == ["waking-timeout"]


def test_listening_ends_two_seconds_after_the_limit_of_the_hub(room: Room) -> None:
    room.listen(max_ms=5000)
    assert room.wait(6.9) == []
    room.wait(0.2)
    assert room.is_in(State.IDLE)
    assert room.failures() == ["listening-timeout"]
    assert room.sent(Cancel) == [Cancel(1, "listening-timeout")]
    assert room.sent(AudioStop) == [AudioStop(turn=1)]
    assert room.outcomes() == [(1, "cancelled")]


def test_listening_ends_after_a_minute_whatever_the_hub_asks_for(room: Room) -> None:
    room.listen(max_ms=86_400_000)
    room.wait(62.1)
    assert room.is_in(State.IDLE)


def test_messages_of_the_turn_do_not_prolong_listening(room: Room) -> None:
    room.listen(max_ms=1000)
    room.now += 2.9
    room.say(Synthesize("hm", turn=1))
    room.wait(0.2)
    assert room.is_in(State.IDLE)


def test_thinking_ends_after_thirty_seconds_without_a_word(room: Room) -> None:
    room.think()
    room.now += 29
    room.say(Synthesize("let me see", turn=1))
    assert room.wait(29.9) == []
    room.wait(0.2)
    assert room.failures() == ["thinking-timeout"]
    assert room.sent(Cancel) == [Cancel(1, "thinking-timeout")]
    assert room.is_in(State.IDLE)


def test_speaking_ends_after_ten_seconds_without_audio_or_progress(room: Room) -> None:
    room.speak()
    room.now += 9
    room.say(AudioChunk(22_050, 2, 1, PCM, turn=1))
    room.now += 9
    moved = room.machine.playback_moved(1, 10, 5, room.now)
    assert moved == [effects.Send(Playback(1, 10, 5, finished=False))]
    assert room.wait(9.9) == []
    room.wait(0.2)
    assert room.failures() == ["speaking-timeout"]
    assert room.sent(Cancel) == [Cancel(1, "speaking-timeout")]
    assert count(room.wanted, effects.FlushPlayback) == 1


def test_playback_that_stands_still_does_not_prolong_speaking(room: Room) -> None:
    room.speak()
    room.machine.playback_moved(1, 10, 5, room.now)
    room.now += 9
    room.machine.playback_moved(1, 10, 5, room.now)
    room.wait(1.1)
    assert room.failures() == ["speaking-timeout"]


def test_a_turn_that_ended_but_whose_playback_hangs_is_left(room: Room) -> None:
    room.speak()
    room.say(ended())
    room.wait(10.1)
    room.wait(2.1)
    assert room.is_in(State.IDLE)
    assert room.failures() == ["speaking-timeout", "speaker-stuck"]
    assert room.outcomes() == [(1, "answered")]


def test_a_speaker_that_does_not_fall_silent_is_given_up_so_that_listening_goes_on(
    room: Room,
) -> None:
    room.speak()
    room.wake()
    room.say(Listen(turn=2, candidate=2, max_ms=8000))
    assert room.is_in(State.WAKING)
    room.wait(2.1)
    assert room.failures() == ["speaker-stuck"]
    assert room.is_in(State.LISTENING)


@pytest.mark.parametrize("state", ["waking", "listening", "thinking", "speaking"])
def test_every_busy_state_has_a_deadline(room: Room, state: str) -> None:
    reach: dict[str, Callable[[], object]] = {
        "waking": room.wake,
        "listening": room.listen,
        "thinking": room.think,
    }
    reach.get(state, room.speak)()
    deadline = room.machine.next_deadline()
    assert room.machine.state == state
    assert deadline is not None
    assert deadline > room.now


# What belongs to a turn that is over.


@pytest.mark.parametrize(
    "message",
    [
        Transcript("late", turn=1),
        AudioStart(22_050, 2, 1, turn=1),
        AudioChunk(22_050, 2, 1, PCM, turn=1),
        AudioStop(turn=1),
        Synthesize("late", turn=1),
        Flush(turn=1),
        Duck(turn=1, gain_db=-12, ramp_ms=50),
        Pause(turn=1),
        Resume(turn=1),
        Listen(turn=1, candidate=None, max_ms=8000),
        ended(1),
        Cancel(1, "late"),
        Error("late", turn=1),
    ],
    ids=lambda message: message.type_name,
)
@pytest.mark.parametrize("state", [State.IDLE, State.LISTENING])
def test_what_is_late_for_a_turn_that_is_over_changes_nothing(
    room: Room, message: Message, state: State
) -> None:
    room.think(1)
    room.say(ended(1, "not-understood"))
    if state is State.LISTENING:
        room.listen(2)
    assert room.say(message) == []
    assert room.is_in(state)


def test_audio_without_a_turn_is_not_played(room: Room) -> None:
    room.think()
    assert room.say(AudioStart(22_050, 2, 1), AudioChunk(22_050, 2, 1, PCM)) == []


def test_audio_of_a_turn_that_has_not_begun_is_not_played(room: Room) -> None:
    room.think(1)
    assert room.say(AudioChunk(22_050, 2, 1, PCM, turn=5)) == []


def test_after_a_cancel_everything_up_to_its_turn_is_stale(room: Room) -> None:
    room.speak(3)
    wanted = room.say(Cancel(3, "interrupted"))
    assert count(wanted, effects.FlushPlayback) == 1
    assert room.is_in(State.IDLE)
    assert room.outcomes() == [(3, "cancelled")]
    assert room.say(AudioChunk(22_050, 2, 1, PCM, turn=3), AudioStart(22_050, 2, 1, turn=2)) == []


def test_a_cancel_of_an_older_turn_leaves_the_current_one_alone(room: Room) -> None:
    room.speak(3)
    assert room.say(Cancel(2, "old")) == []
    assert room.is_in(State.SPEAKING)


def test_a_cancel_of_a_turn_that_was_never_begun_makes_it_stale(room: Room) -> None:
    room.say(Cancel(4, "changed my mind"))
    assert room.say(Listen(turn=4, candidate=None, max_ms=8000)) == []
    room.say(Listen(turn=5, candidate=None, max_ms=8000))
    assert room.is_in(State.LISTENING)


def test_turns_are_counted_anew_on_a_new_link(room: Room) -> None:
    room.listen(40)
    room.disconnect()
    room.connect()
    room.listen(1)
    assert room.sent(Wake)[-1].candidate == 1


# The microphone is closed while something plays.


def test_a_listen_waits_until_playback_has_ended(room: Room) -> None:
    room.speak(1)
    room.say(AudioStop(turn=1), ended(1), Listen(turn=2, candidate=None, max_ms=8000))
    room.hear(3)
    assert room.is_in(State.SPEAKING)
    assert room.sent(AudioChunk) == []
    room.finish_playback(1)
    room.hear(1)
    assert room.is_in(State.LISTENING)
    assert [chunk.turn for chunk in room.sent(AudioChunk)] == [2]


def test_the_waiting_time_of_a_listen_does_not_count(room: Room) -> None:
    room.speak(1)
    room.say(ended(1), Listen(turn=2, candidate=None, max_ms=1000))
    room.now += 5
    room.finish_playback(1)
    assert room.machine.next_deadline() == room.now + 3.0


def test_what_was_heard_of_the_own_answer_is_not_sent(room: Room) -> None:
    room.speak(1)
    room.wake("wake-word")
    room.hear(2)
    room.say(Listen(turn=2, candidate=1 + 1, max_ms=8000))
    room.finish_playback(1)
    room.hear(1)
    assert [chunk.audio[0] for chunk in room.sent(AudioChunk)] == [2]


@pytest.mark.parametrize("drop", [Cancel(2, "no"), ended(2, "nothing-heard", None)])
def test_a_listen_that_waits_can_be_taken_back(room: Room, drop: Message) -> None:
    room.speak(1)
    room.say(AudioStop(turn=1), ended(1), Listen(turn=2, candidate=None, max_ms=8000), drop)
    room.finish_playback(1)
    assert room.is_in(State.IDLE)
    assert room.sent(AudioStart) == [AudioStart(16_000, 2, 1, turn=1)]


def test_a_turn_that_ends_while_its_listen_waits_does_not_cut_what_plays(room: Room) -> None:
    room.speak(1)
    room.say(Listen(turn=2, candidate=None, max_ms=8000))
    wanted = room.say(ended(2, "nothing-heard", None))
    assert count(wanted, effects.FlushPlayback) == 0
    assert room.is_in(State.SPEAKING)


def test_a_wake_takes_back_a_listen_that_waits_and_tells_the_hub(room: Room) -> None:
    room.speak(1)
    room.say(Listen(turn=2, candidate=None, max_ms=8000))
    room.wake("button")
    assert room.sent(Cancel) == [Cancel(2, "button")]
    assert room.is_in(State.WAKING)
    room.finish_playback(1)
    assert room.is_in(State.WAKING)


# Interruptions.


BUSY = pytest.mark.parametrize("busy", [State.THINKING, State.SPEAKING])


def be(room: Room, busy: State) -> None:
    room.think(1) if busy is State.THINKING else room.speak(1)


@BUSY
def test_a_button_gives_up_the_turn_that_goes_on_and_asks_anew(room: Room, busy: State) -> None:
    be(room, busy)
    wanted = room.wake("button")
    assert room.sent(Cancel) == [Cancel(1, "button")]
    assert count(wanted, effects.FlushPlayback) == (busy is State.SPEAKING)
    assert room.outcomes() == [(1, "cancelled")]
    assert room.is_in(State.WAKING)
    assert [wake.candidate for wake in room.sent(Wake)] == [1, 2]


@BUSY
def test_a_wake_word_holds_the_turn_that_goes_on_until_it_is_known_who_answers(
    room: Room, busy: State
) -> None:
    be(room, busy)
    wanted = room.wake("wake-word")
    assert room.sent(Cancel) == []
    assert room.outcomes() == []
    assert count(wanted, effects.PausePlayback) == (busy is State.SPEAKING)
    assert room.is_in(State.WAKING)
    wanted = room.say(StandDown(2, "another satellite answers"))
    assert count(wanted, effects.ResumePlayback) == (busy is State.SPEAKING)
    assert room.is_in(busy)
    assert room.machine.turn == 1


@BUSY
def test_a_satellite_that_answers_a_wake_word_gives_the_turn_before_up(
    room: Room, busy: State
) -> None:
    be(room, busy)
    room.wake("wake-word")
    wanted = room.say(Cancel(1, "wake"))
    assert count(wanted, effects.FlushPlayback) == (busy is State.SPEAKING)
    assert room.is_in(State.WAKING)
    if busy is State.SPEAKING:
        room.finish_playback(1)
    room.say(Listen(turn=2, candidate=2, max_ms=8000))
    assert room.is_in(State.LISTENING)
    assert room.outcomes() == [(1, "cancelled")]


def test_a_listen_alone_gives_up_what_a_wake_word_holds(room: Room) -> None:
    room.speak(1)
    room.wake("wake-word")
    wanted = room.say(Listen(turn=2, candidate=2, max_ms=8000))
    assert count(wanted, effects.FlushPlayback) == 1
    room.finish_playback(1)
    assert room.is_in(State.LISTENING)
    assert room.outcomes() == [(1, "cancelled")]


def test_an_answer_that_begins_while_a_wake_word_waits_is_held_too(room: Room) -> None:
    room.think(1)
    room.wake("wake-word")
    wanted = room.say(AudioStart(22_050, 2, 1, turn=1), AudioChunk(22_050, 2, 1, PCM, turn=1))
    kinds = [type(effect) for effect in wanted]
    assert kinds == [effects.StartPlayback, effects.PausePlayback, effects.Play]
    wanted = room.say(StandDown(2, "another satellite answers"))
    assert count(wanted, effects.ResumePlayback) == 1
    assert room.is_in(State.SPEAKING)


def test_a_turn_that_ends_while_a_wake_word_waits_leaves_the_wake_waiting(room: Room) -> None:
    room.think(1)
    room.wake("wake-word")
    room.say(ended(1, "nothing-heard", None))
    assert room.is_in(State.WAKING)
    room.say(StandDown(2, "another satellite answers"))
    assert room.is_in(State.IDLE)


def test_a_pause_of_the_hub_s_outlasts_the_wait_for_who_answers(room: Room) -> None:
    room.speak(1)
    room.say(Pause(turn=1))
    room.wake("wake-word")
    wanted = room.say(StandDown(2, "another satellite answers"))
    assert count(wanted, effects.ResumePlayback) == 0
    assert count(room.say(Resume(turn=1)), effects.ResumePlayback) == 1


def test_a_wake_word_that_nobody_answers_lets_the_answer_go_on(room: Room) -> None:
    room.speak(1)
    room.wake("wake-word")
    room.now += 3.9
    room.say(AudioChunk(22_050, 2, 1, PCM, turn=1))
    assert room.machine.next_deadline() == pytest.approx(room.now + 0.1)
    wanted = room.wait(0.1)
    assert room.failures() == ["waking-timeout"]
    assert count(wanted, effects.ResumePlayback) == 1
    assert room.is_in(State.SPEAKING)


def test_what_follows_a_wake_word_is_kept_once_the_speaker_is_silent(room: Room) -> None:
    room.speak(1)
    room.wake("wake-word")
    room.hear(1)  # of the answer that fades
    room.take(room.machine.playing.paused(1, room.now, 20.0, 0.0))
    room.hear(2)
    room.say(Cancel(1, "wake"))
    room.finish_playback(1)
    room.say(Listen(turn=2, candidate=2, max_ms=8000))
    assert [chunk.audio[0] for chunk in room.sent(AudioChunk)] == [1, 2]


def test_after_an_interruption_the_hub_hears_how_far_the_answer_got(room: Room) -> None:
    room.speak(1)
    room.wake()
    room.finish_playback(1, position_ms=1234.4)
    assert room.last_sent(Playback) == Playback(1, 1234, 0, finished=True)
    assert room.told(events.PlaybackFinished)[-1].position_ms == 1234


def test_a_newer_turn_takes_the_place_of_one_that_goes_on(room: Room) -> None:
    room.think(1)
    room.say(Listen(turn=2, candidate=None, max_ms=8000))
    assert room.is_in(State.LISTENING)
    assert room.outcomes() == [(1, "cancelled")]


def test_an_announcement_is_played_without_a_listen(room: Room) -> None:
    room.say(AudioStart(22_050, 2, 1, turn=9), AudioChunk(22_050, 2, 1, PCM, turn=9))
    assert room.is_in(State.SPEAKING)
    room.say(AudioStop(turn=9), ended(9))
    room.finish_playback(9)
    assert room.is_in(State.IDLE)


def test_audio_of_a_newer_turn_takes_the_speaker(room: Room) -> None:
    room.speak(1)
    wanted = room.say(AudioStart(22_050, 2, 1, turn=2))
    assert effects.StartPlayback(2) in wanted
    assert room.machine.turn == 2
    room.finish_playback(1, position_ms=5)
    assert room.is_in(State.SPEAKING)
    assert Playback(1, 5, 0, finished=True) in room.sent(Playback)


# Playback.


def test_audio_is_played_with_its_format_and_ended_once(room: Room) -> None:
    room.think()
    wanted = room.say(
        AudioStart(22_050, 2, 1, turn=1),
        AudioChunk(22_050, 2, 1, PCM, turn=1),
        AudioStop(turn=1),
        ended(),
    )
    assert effects.StartPlayback(1) in wanted
    assert effects.Play(1, PCM, SPEECH) in wanted
    assert count(wanted, effects.EndPlayback) == 1


def test_a_chunk_without_a_start_is_played_all_the_same(room: Room) -> None:
    room.think()
    wanted = room.say(AudioChunk(22_050, 2, 1, PCM, turn=1))
    assert effects.StartPlayback(1) in wanted
    assert room.is_in(State.SPEAKING)


def test_a_turn_that_ends_without_audio_stop_ends_the_playback(room: Room) -> None:
    room.speak()
    assert effects.EndPlayback() in room.say(ended())


def test_a_turn_that_ends_without_audio_is_over_at_once(room: Room) -> None:
    room.think()
    room.say(ended(outcome="not-understood", text=None))
    assert room.is_in(State.IDLE)


def test_speaking_lasts_until_the_hub_has_ended_the_turn(room: Room) -> None:
    room.speak()
    room.say(AudioStop(turn=1))
    room.finish_playback(1)
    assert room.is_in(State.SPEAKING)
    room.say(ended())
    assert room.is_in(State.IDLE)


def test_more_audio_after_a_pause_in_the_stream_goes_on_with_the_same_playback(room: Room) -> None:
    room.speak()
    room.say(AudioStop(turn=1))
    room.finish_playback(1)
    wanted = room.say(AudioStart(22_050, 2, 1, turn=1), AudioChunk(22_050, 2, 1, PCM, turn=1))
    assert effects.StartPlayback(1) not in wanted
    assert effects.Play(1, PCM, SPEECH) in wanted
    room.say(Listen(turn=2, candidate=None, max_ms=8000))
    assert room.is_in(State.SPEAKING)


def test_a_flush_drops_the_audio_and_leaves_the_turn_going(room: Room) -> None:
    room.speak()
    assert room.say(Flush(turn=1)) == [
        effects.FlushPlayback(),
        effects.Emit(events.PlaybackFlushed(room.now, 1)),
    ]
    assert room.say(Flush(turn=1)) == []
    assert effects.Play(1, PCM, SPEECH) in room.say(AudioChunk(22_050, 2, 1, PCM, turn=1))
    assert room.is_in(State.SPEAKING)
    assert room.machine.turn == 1


def test_ducking_and_pausing_reach_the_speaker(room: Room) -> None:
    room.speak()
    wanted = room.say(Duck(turn=1, gain_db=-12, ramp_ms=50), Pause(turn=1), Resume(turn=1))
    assert wanted == [
        effects.SetGain(-12, 50),
        effects.Emit(events.PlaybackDucked(room.now, 1, -12, 50)),
        effects.PausePlayback(),
        effects.ResumePlayback(),
        effects.Emit(events.PlaybackResumed(room.now, 1)),
    ]


def test_a_pause_without_end_is_left(room: Room) -> None:
    room.speak()
    room.say(Pause(turn=1))
    room.wait(10.1)
    assert room.failures() == ["speaking-timeout"]


def test_progress_of_a_turn_that_does_not_play_is_not_reported(room: Room) -> None:
    room.speak()
    assert room.machine.playback_moved(3, 1, 1, room.now) == []


# What the hub says.


def test_the_answer_is_told_once_with_its_words(room: Room) -> None:
    room.think()
    room.say(Synthesize("Opened the door.", turn=1), ended(text="Opened the door."))
    assert [answer.text for answer in room.told(events.Answered)] == ["Opened the door."]


def test_an_answer_that_comes_with_the_end_of_the_turn_is_told(room: Room) -> None:
    room.think()
    room.say(ended(text="Opened the door."))
    assert [answer.text for answer in room.told(events.Answered)] == ["Opened the door."]


def test_the_end_of_a_turn_is_told_with_the_timing_record(room: Room) -> None:
    room.think()
    room.say(ended(text="Yes."))
    assert room.told(events.TurnOver) == [
        events.TurnOver(room.now, 1, "answered", "Yes.", {"intent": 3})
    ]


def test_standing_down_ends_the_wake_that_it_names_only(room: Room) -> None:
    room.wake()
    assert room.say(StandDown(candidate=7, reason="other")) == []
    room.say(StandDown(candidate=1, reason="the kitchen answers"))
    assert room.is_in(State.IDLE)
    assert room.told(events.StoodDown)[0].reason == "the kitchen answers"
    assert room.failures() == []


def test_a_listen_for_a_wake_that_was_given_up_is_refused(room: Room) -> None:
    room.wake()
    room.wait(4.1)
    room.say(Listen(turn=1, candidate=1, max_ms=8000))
    assert room.is_in(State.IDLE)
    assert room.sent(Cancel) == [Cancel(1, "late")]


def test_a_late_listen_does_not_disturb_a_newer_wake(room: Room) -> None:
    room.wake()
    room.wait(4.1)
    room.wake()
    room.say(Listen(turn=1, candidate=1, max_ms=8000))
    assert room.is_in(State.WAKING)
    room.say(Listen(turn=2, candidate=2, max_ms=8000))
    assert room.is_in(State.LISTENING)


def test_settings_are_handed_on(room: Room) -> None:
    assert room.say(Settings({"volume": 0.5})) == [effects.Configure({"volume": 0.5})]


def test_an_error_of_the_hub_is_told_and_ends_nothing(room: Room) -> None:
    room.think()
    room.say(Error("no engine", "engine-missing", turn=1), Error("odd"))
    assert room.failures() == ["engine-missing", "hub-error"]
    assert room.is_in(State.THINKING)


# Muting.


def test_a_muted_satellite_hears_nothing_and_refuses_to_listen(room: Room) -> None:
    room.take(room.machine.mute(True, room.now))
    assert room.wake() == []
    room.hear(3)
    room.say(Listen(turn=1, candidate=None, max_ms=8000))
    assert room.sent(Cancel) == [Cancel(1, "muted")]
    assert room.sent(AudioChunk) == []
    assert room.is_in(State.IDLE)


def test_without_a_microphone_the_hub_is_told_at_once_that_nothing_will_be_heard(
    room: Room,
) -> None:
    room.machine.hearing.deaf = True
    room.say(Listen(turn=1, candidate=None, max_ms=8000))
    assert room.sent(Cancel) == [Cancel(1, "no-microphone")]
    assert room.is_in(State.IDLE)


def test_muting_ends_listening_at_once(room: Room) -> None:
    room.listen()
    room.take(room.machine.mute(True, room.now))
    room.hear(1)
    assert room.sent(Cancel) == [Cancel(1, "muted")]
    assert room.sent(AudioChunk) == []
    assert room.is_in(State.IDLE)


def test_what_goes_on_can_be_given_up(room: Room) -> None:
    room.listen()
    room.take(room.machine.stop("microphone-lost", room.now))
    assert room.sent(Cancel) == [Cancel(1, "microphone-lost")]
    assert room.is_in(State.IDLE)
    assert room.take(room.machine.stop("microphone-lost", room.now)) == []


def test_muting_ends_a_wake_and_its_listen_is_refused(room: Room) -> None:
    room.wake()
    room.take(room.machine.mute(True, room.now))
    assert room.is_in(State.IDLE)
    room.say(Listen(turn=1, candidate=1, max_ms=8000))
    assert room.sent(Cancel) == [Cancel(1, "late")]


def test_muting_does_not_stop_the_answer(room: Room) -> None:
    room.speak()
    wanted = room.take(room.machine.mute(True, room.now))
    assert effects.SendStatus() in wanted
    assert room.is_in(State.SPEAKING)
    assert room.take(room.machine.mute(True, room.now)) == []


def test_a_listen_that_waited_is_refused_when_muted_meanwhile(room: Room) -> None:
    room.speak(1)
    room.say(ended(1), Listen(turn=2, candidate=None, max_ms=8000))
    room.take(room.machine.mute(True, room.now))
    room.finish_playback(1)
    assert room.sent(Cancel) == [Cancel(2, "muted")]
    assert room.is_in(State.IDLE)


def test_a_muted_satellite_hears_again_when_unmuted(room: Room) -> None:
    room.take(room.machine.mute(True, room.now))
    room.take(room.machine.mute(False, room.now))
    room.listen()
    assert [muted.muted for muted in room.told(events.Muted)] == [True, False]


# The link.


@pytest.mark.parametrize("state", ["waking", "listening", "thinking", "speaking"])
def test_losing_the_hub_in_the_middle_is_said_and_leaves_nothing_open(
    room: Room, state: str
) -> None:
    reach: dict[str, Callable[[], object]] = {
        "waking": room.wake,
        "listening": room.listen,
        "thinking": room.think,
    }
    reach.get(state, room.speak)()
    wanted = room.disconnect()
    assert room.failures() == ["hub-lost"]
    assert f"while {state}" in room.told(events.Failed)[0].text
    assert room.is_in(State.DISCONNECTED)
    assert count(wanted, effects.StopStreaming) == (state == "listening")
    assert count(wanted, effects.FlushPlayback) == (state == "speaking")
    assert room.outcomes() == ([] if state == "waking" else [(1, "failed")])
    assert room.told(events.Disconnected)[0].retry_in_ms == 250


def test_losing_the_hub_at_rest_is_no_failure(room: Room) -> None:
    room.disconnect()
    assert room.failures() == []
    assert room.is_in(State.DISCONNECTED)
    assert room.machine.next_deadline() is None


def test_a_hub_that_is_not_there_is_told_at_every_try(room: Room) -> None:
    room.disconnect()
    room.disconnect()
    assert len(room.told(events.Disconnected)) == 2
    assert len([c for c in room.told(events.StateChanged) if c.state == "disconnected"]) == 1


def test_without_a_hub_a_wake_is_answered_with_an_error(room: Room) -> None:
    room.disconnect()
    room.wake()
    assert room.failures() == ["no-hub"]
    assert room.is_in(State.DISCONNECTED)


def test_after_a_reconnect_everything_works_again(room: Room) -> None:
    room.speak()
    room.disconnect()
    room.finish_playback(1)
    room.connect()
    room.wanted.clear()
    room.speak()
    room.say(AudioStop(turn=1), ended())
    room.finish_playback(1)
    assert room.outcomes() == [(1, "answered")]


def test_the_playback_of_a_lost_hub_is_not_reported_to_the_next(room: Room) -> None:
    room.speak(5)
    room.disconnect()
    room.connect()
    room.finish_playback(5)
    assert room.sent(Playback) == []


def test_a_speaker_that_still_plays_for_a_lost_hub_keeps_the_microphone_closed(
    room: Room,
) -> None:
    room.speak(5)
    room.disconnect()
    room.connect()
    room.say(Listen(turn=6, candidate=None, max_ms=8000))
    assert room.is_in(State.IDLE)
    room.finish_playback(5)
    assert room.is_in(State.LISTENING)


def test_nothing_that_comes_after_the_link_is_gone_counts(room: Room) -> None:
    room.disconnect()
    assert room.say(Listen(turn=1, candidate=None, max_ms=8000)) == []


def test_muting_without_a_hub_sends_nothing(room: Room) -> None:
    room.disconnect()
    wanted = room.take(room.machine.mute(True, room.now))
    assert [type(effect) for effect in wanted] == [effects.Emit]


def test_frames_that_do_not_fit_before_the_hub_listens_are_counted(room: Room) -> None:
    room.wake()
    frame = Frame(bytes(FRAME_BYTES), 0, room.now)
    for number in range(132):
        room.machine.frame(replace(frame, sample_index=number * 512))
    assert room.machine.hearing.pre_roll.dropped_frames == 132 - 125
    room.say(Listen(turn=1, candidate=1, max_ms=8000))
    assert len(room.sent(AudioChunk)) == 125
    assert room.sent(AudioChunk)[0].timestamp == 7 * 32


def test_a_tick_before_the_deadline_does_nothing(room: Room) -> None:
    assert room.wait(1000) == []


def test_the_nearest_of_two_deadlines_is_the_next(room: Room) -> None:
    room.speak(1)
    room.wake()
    assert room.machine.next_deadline() == room.now + 2.0  # the flush, before the wake


def test_a_link_that_is_up_is_told(room: Room) -> None:
    assert [connected.hub for connected in room.told(events.Connected)] == ["hub"]


def test_what_was_recognised_is_told(room: Room) -> None:
    room.think()
    assert [heard.text for heard in room.told(events.Heard)] == ["open the door"]


def test_a_listen_that_waited_is_forgotten_with_its_hub(room: Room) -> None:
    room.speak(1)
    room.say(Listen(turn=2, candidate=None, max_ms=8000))
    room.disconnect()
    room.connect()
    room.finish_playback(1)
    assert room.is_in(State.IDLE)


def test_what_was_heard_before_muting_is_forgotten(room: Room) -> None:
    room.hear(2)
    room.take(room.machine.mute(True, room.now))
    room.take(room.machine.mute(False, room.now))
    room.wake("wake-word")
    room.say(Listen(turn=1, candidate=1, max_ms=8000))
    assert room.sent(AudioChunk) == []


def test_a_new_start_of_audio_prolongs_speaking(room: Room) -> None:
    room.speak()
    room.now += 9
    room.say(AudioStart(22_050, 2, 1, turn=1))
    assert room.wait(9.9) == []


def test_the_end_of_a_turn_gives_its_playback_the_full_time_to_end(room: Room) -> None:
    room.speak()
    room.now += 9
    room.say(ended())
    assert room.wait(9.9) == []


def test_the_end_of_a_turn_that_never_began_here_makes_it_stale(room: Room) -> None:
    room.say(ended(3, "failed", "no engine"))
    assert room.outcomes() == [(3, "failed")]
    assert room.say(AudioStart(22_050, 2, 1, turn=3)) == []


def test_audio_of_a_turn_that_was_cancelled_before_it_began_is_not_played(room: Room) -> None:
    room.say(Cancel(4, "changed my mind"))
    assert room.say(AudioStart(22_050, 2, 1, turn=4)) == []
    assert room.is_in(State.IDLE)


def test_audio_of_a_turn_that_was_refused_is_not_played(room: Room) -> None:
    room.wake()
    room.wait(4.1)
    room.say(Listen(turn=1, candidate=1, max_ms=8000))
    assert room.say(AudioStart(22_050, 2, 1, turn=1)) == []


def test_every_turn_tells_its_own_answer(room: Room) -> None:
    room.think(1)
    room.say(Synthesize("One.", turn=1), ended(1, text="One."))
    room.think(2)
    room.say(ended(2, text="Two."))
    assert [answer.text for answer in room.told(events.Answered)] == ["One.", "Two."]


def test_a_second_turn_waits_for_its_own_end_before_it_is_idle(room: Room) -> None:
    room.speak(1)
    room.say(AudioStop(turn=1), ended(1))
    room.finish_playback(1)
    room.speak(2)
    room.say(AudioStop(turn=2))
    room.finish_playback(2)
    assert room.is_in(State.SPEAKING)


def test_every_turn_tells_when_its_first_frame_was_in_the_air(room: Room) -> None:
    for turn in (1, 2):
        room.listen(turn)
        room.hear(2)
        room.say(Transcript("", turn=turn), ended(turn, "nothing-heard", None))
    assert [streamed.turn for streamed in room.told(events.MicrophoneStreamed)] == [1, 2]


def test_the_playback_of_every_turn_is_ended(room: Room) -> None:
    for turn in (1, 2):
        room.speak(turn)
        room.say(AudioStop(turn=turn), ended(turn))
        room.finish_playback(turn)
    assert count(room.wanted, effects.EndPlayback) == 2


def test_a_second_turn_that_has_played_less_than_the_first_still_moves_on(room: Room) -> None:
    room.speak(1)
    room.machine.playback_moved(1, 5000, 0, room.now)
    room.say(AudioStop(turn=1), ended(1))
    room.finish_playback(1, 5000)
    room.speak(2)
    room.now += 9
    room.machine.playback_moved(2, 100, 0, room.now)
    assert room.wait(9.9) == []


def test_audio_behind_a_flush_is_not_taken_for_a_speaker_that_is_stuck(room: Room) -> None:
    room.speak()
    room.say(Flush(turn=1), AudioChunk(22_050, 2, 1, PCM, turn=1))
    assert room.wait(5) == []


def test_a_stream_that_goes_on_after_its_stop_is_ended_again(room: Room) -> None:
    room.speak()
    wanted = room.say(
        AudioStop(turn=1),
        AudioChunk(22_050, 2, 1, PCM, turn=1),
        AudioStop(turn=1),
    )
    assert count(wanted, effects.EndPlayback) == 2


def test_after_a_turn_only_the_last_two_frames_are_kept_again(room: Room) -> None:
    room.listen(1)
    room.say(ended(1, "nothing-heard", None))
    room.hear(10)
    room.wake("wake-word")
    room.say(Listen(turn=2, candidate=2, max_ms=8000))
    assert len(room.sent(AudioChunk)) == 2
    assert room.machine.hearing.pre_roll.dropped_frames == 0


# The microphone is kept open.


@pytest.fixture
def open_room() -> Room:
    return Room(barge_in=True).connect()


def keep_open(turn: int, candidate: int | None = None, max_ms: int = 8000) -> Listen:
    return Listen(turn=turn, candidate=candidate, max_ms=max_ms, keep_open=True)


def streams(room: Room) -> list[tuple[int, list[int]]]:
    """Return every stream of the microphone as its turn and the numbers of its frames."""
    found: list[tuple[int, list[int]]] = []
    open_turn: int | None = None
    for message in room.sent(Message):
        match message:
            case AudioStart(turn=int(turn)):
                assert open_turn is None
                open_turn = turn
                found.append((turn, []))
            case AudioChunk(turn=turn, audio=audio):
                assert turn == open_turn
                found[-1][1].append(audio[0])
            case AudioStop(turn=turn):
                assert turn == open_turn
                open_turn = None
    return found


def open_at(room: Room, state: State) -> Room:
    """Bring a turn with an open microphone into a state, with two frames in each before."""
    room.say(keep_open(1))
    room.hear(2)
    if state is not State.LISTENING:
        room.say(VoiceStopped(turn=1))
        room.hear(2)
    if state is State.SPEAKING:
        room.say(AudioStart(22_050, 2, 1, turn=1), AudioChunk(22_050, 2, 1, PCM, turn=1))
        room.hear(2)
    assert room.is_in(state)
    return room


@pytest.mark.parametrize("message", [VoiceStopped(turn=1), Transcript("hello", turn=1)])
def test_an_open_microphone_goes_on_while_the_satellite_thinks_and_speaks(
    open_room: Room, message: Message
) -> None:
    room = open_room
    room.say(keep_open(1))
    room.hear(2)
    room.say(message)
    assert room.is_in(State.THINKING)
    room.hear(2)
    room.say(AudioStart(22_050, 2, 1, turn=1), AudioChunk(22_050, 2, 1, PCM, turn=1))
    assert room.is_in(State.SPEAKING)
    room.hear(2)
    room.say(ended())
    room.hear(2)
    assert room.sent(AudioStop) == []
    room.finish_playback(1)
    room.hear(2)
    assert room.is_in(State.IDLE)
    assert streams(room) == [(1, [0, 1, 2, 3, 4, 5, 6, 7])]
    assert room.sent(AudioStop) == [AudioStop(turn=1)]
    assert count(room.wanted, effects.StopStreaming) == 1


def test_a_satellite_without_barge_in_closes_its_microphone_whatever_the_hub_asks(
    room: Room,
) -> None:
    room.say(keep_open(1))
    room.say(VoiceStopped(turn=1))
    room.hear(2)
    assert room.sent(AudioChunk) == []
    room.say(AudioStart(22_050, 2, 1, turn=1), keep_open(2))
    assert room.is_in(State.SPEAKING)


def test_who_goes_on_speaking_is_listened_to_again_for_the_full_time(open_room: Room) -> None:
    room = open_at(open_room, State.THINKING)
    room.now += 20
    room.say(VoiceStarted(turn=1))
    assert room.is_in(State.LISTENING)
    assert room.machine.next_deadline() == room.now + 10.0
    room.hear(1)
    room.say(VoiceStopped(turn=1))
    assert room.is_in(State.THINKING)
    assert streams(room) == [(1, [0, 1, 2, 3, 4])]


def test_with_a_closed_microphone_a_late_start_of_speech_changes_nothing(room: Room) -> None:
    room.think()
    assert room.say(VoiceStarted(turn=1)) == []
    assert room.is_in(State.THINKING)


def test_speech_while_the_satellite_speaks_does_not_stop_it_by_itself(open_room: Room) -> None:
    room = open_at(open_room, State.SPEAKING)
    assert room.say(VoiceStarted(turn=1)) == []
    assert room.is_in(State.SPEAKING)


@pytest.mark.parametrize("state", [State.LISTENING, State.THINKING, State.SPEAKING])
def test_a_newer_turn_takes_the_open_microphone_over_without_losing_a_frame(
    open_room: Room, state: State
) -> None:
    room = open_at(open_room, state)
    heard = room.frames
    wanted = room.say(keep_open(2))
    assert room.is_in(State.LISTENING)
    assert count(wanted, effects.FlushPlayback) == (state is State.SPEAKING)
    room.hear(3)
    if state is State.SPEAKING:
        room.finish_playback(1)
    room.hear(1)
    assert streams(room) == [
        (1, list(range(heard))),
        (2, list(range(heard, heard + 4))),
    ]
    assert room.outcomes() == [(1, "interrupted")]
    assert [line.turn for line in room.told(events.Listening)] == [1, 2]
    assert [line.turn for line in room.told(events.MicrophoneStreamed)] == [1, 2]
    assert room.machine.next_deadline() is not None
    assert room.failures() == []


def test_an_answer_that_the_hub_has_ended_can_still_be_interrupted(open_room: Room) -> None:
    room = open_at(open_room, State.SPEAKING)
    room.say(AudioStop(turn=1), ended())
    room.hear(1)
    wanted = room.say(keep_open(2))
    assert count(wanted, effects.FlushPlayback) == 1
    room.hear(1)
    room.finish_playback(1, 777)
    assert room.is_in(State.LISTENING)
    assert room.machine.turn == 2
    assert streams(room) == [(1, list(range(7))), (2, [7])]
    assert room.outcomes() == [(1, "answered")]
    assert room.last_sent(Playback) == Playback(1, 777, 0, finished=True)


def test_a_turn_that_has_taken_over_goes_on_like_any_other(open_room: Room) -> None:
    room = open_at(open_room, State.SPEAKING)
    room.say(keep_open(2), ended(1, "interrupted", None))
    assert room.machine.turn == 2
    wanted = room.say(
        Transcript("stop", turn=2),
        AudioStart(22_050, 2, 1, turn=2),
        AudioChunk(22_050, 2, 1, PCM, turn=2),
        AudioStop(turn=2),
    )
    assert effects.StartPlayback(2) in wanted
    room.finish_playback(1, 5)
    assert room.is_in(State.SPEAKING)
    room.say(ended(2))
    room.finish_playback(2)
    assert room.is_in(State.IDLE)
    assert room.outcomes() == [(1, "interrupted"), (2, "answered")]


def test_a_speaker_that_does_not_fall_silent_does_not_end_the_turn_that_took_over(
    open_room: Room,
) -> None:
    room = open_at(open_room, State.SPEAKING)
    room.say(keep_open(2))
    room.wait(2.1)
    assert room.failures() == ["speaker-stuck"]
    assert room.is_in(State.LISTENING)


def test_a_listen_right_after_the_answer_opens_the_microphone_again(open_room: Room) -> None:
    room = open_at(open_room, State.SPEAKING)
    room.say(ended())
    room.finish_playback(1)
    room.say(keep_open(2))
    room.hear(1)
    assert room.is_in(State.LISTENING)
    assert streams(room) == [(1, list(range(6))), (2, [6])]


@pytest.mark.parametrize("state", [State.THINKING, State.SPEAKING])
@pytest.mark.parametrize("end", ["cancel", "wake", "link", "deadline", "announcement"])
def test_whatever_ends_the_turn_closes_an_open_microphone(
    open_room: Room, state: State, end: str
) -> None:
    room = open_at(open_room, state)
    if end == "cancel":
        room.say(Cancel(1, "enough"))
    elif end == "wake":
        room.wake("button")
    elif end == "link":
        room.disconnect()
    elif end == "deadline":
        room.wait(30.1)
    else:
        room.say(AudioStart(22_050, 2, 1, turn=2))
    before = len(room.sent(AudioChunk))
    room.hear(3)
    assert room.sent(AudioStop) == [AudioStop(turn=1)]
    assert len(room.sent(AudioChunk)) == before


def test_a_turn_that_ends_without_an_answer_closes_an_open_microphone(open_room: Room) -> None:
    room = open_at(open_room, State.THINKING)
    room.say(ended(outcome="not-understood", text=None))
    room.hear(1)
    assert streams(room) == [(1, [0, 1, 2, 3])]
    assert room.sent(AudioStop) == [AudioStop(turn=1)]


def test_muting_closes_an_open_microphone_and_lets_the_answer_play(open_room: Room) -> None:
    room = open_at(open_room, State.SPEAKING)
    room.take(room.machine.mute(True, room.now))
    room.take(room.machine.mute(False, room.now))
    room.hear(2)
    assert room.is_in(State.SPEAKING)
    assert streams(room) == [(1, list(range(6)))]
    room.say(keep_open(2))
    assert room.is_in(State.SPEAKING)


def test_a_button_closes_the_microphone_that_the_hub_would_keep_open(open_room: Room) -> None:
    room = open_at(open_room, State.LISTENING)
    room.take(room.machine.button(room.now))
    room.hear(2)
    assert room.is_in(State.THINKING)
    assert streams(room) == [(1, [0, 1])]
    assert room.say(VoiceStarted(turn=1)) == []


def test_a_listen_without_keep_open_takes_over_and_closes_as_usual(open_room: Room) -> None:
    room = open_at(open_room, State.SPEAKING)
    room.say(Listen(turn=2, candidate=None, max_ms=8000))
    room.hear(1)
    room.say(VoiceStopped(turn=2))
    room.hear(1)
    assert streams(room) == [(1, list(range(6))), (2, [6])]


# Playback goes back.


def test_after_a_flush_the_same_turn_plays_on_and_counts_on(room: Room) -> None:
    room.speak()
    room.say(Duck(turn=1, gain_db=-12, ramp_ms=50), Pause(turn=1), Flush(turn=1))
    room.finish_playback(1, 1500)
    assert room.last_sent(Playback) == Playback(1, 1500, 0, finished=True)
    assert room.is_in(State.SPEAKING)
    wanted = room.say(AudioChunk(22_050, 2, 1, PCM, turn=1))
    assert wanted == [effects.Play(1, PCM, SPEECH)]
    assert room.machine.playback_moved(1, 1600, 0, room.now) == [
        effects.Send(Playback(1, 1600, 0, finished=False))
    ]
    room.say(AudioStop(turn=1), ended())
    room.finish_playback(1, 1700)
    assert room.is_in(State.IDLE)
    assert room.failures() == []


def test_a_hub_has_the_full_time_to_send_the_word_again(room: Room) -> None:
    room.speak()
    room.now += 9
    room.say(Pause(turn=1), Flush(turn=1))
    room.finish_playback(1, 1500)
    assert room.wait(9.9) == []
    room.say(AudioChunk(22_050, 2, 1, PCM, turn=1))
    assert room.wait(9.9) == []
    assert room.is_in(State.SPEAKING)


def test_a_turn_can_go_back_more_than_once(room: Room) -> None:
    room.speak()
    for position in (500, 900, 1300):
        assert count(room.say(Flush(turn=1)), effects.FlushPlayback) == 1
        room.finish_playback(1, position)
        assert effects.Play(1, PCM, SPEECH) in room.say(AudioChunk(22_050, 2, 1, PCM, turn=1))
    assert [report.position_ms for report in room.sent(Playback)] == [500, 900, 1300]


def test_the_position_that_is_reported_never_falls(room: Room) -> None:
    room.speak()
    room.take(room.machine.playback_moved(1, 500, 0, room.now))
    room.take(room.machine.playback_moved(1, 499, 0, room.now))
    room.finish_playback(1, 498)
    assert [report.position_ms for report in room.sent(Playback)] == [500, 500, 500]


def test_a_pause_that_held_nothing_is_lifted_by_a_flush(room: Room) -> None:
    room.speak()
    room.say(AudioStop(turn=1))
    room.finish_playback(1)
    assert room.say(Pause(turn=1), Flush(turn=1)) == [
        effects.PausePlayback(),
        effects.FlushPlayback(),
    ]
    assert room.say(Flush(turn=1)) == []


def test_a_pause_is_reported_with_the_place_and_the_time_at_which_it_took_effect(
    room: Room,
) -> None:
    room.speak()
    room.say(Pause(turn=1))
    assert room.machine.playing.paused(1, 99.5, 480.4, 120.0) == [
        effects.Send(Playback(1, 480, 120, finished=False)),
        effects.Emit(events.PlaybackPaused(99.5, 1, 480)),
    ]
    assert room.machine.playing.paused(7, 99.5, 480.4, 120.0) == []


def test_dropping_an_answer_is_told_with_its_turn(room: Room) -> None:
    room.speak(3)
    room.wake("button")
    assert [flushed.turn for flushed in room.told(events.PlaybackFlushed)] == [3]
