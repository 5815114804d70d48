"""What Home Assistant and the satellite say, in each other's words, on a virtual clock."""

import pytest

from protocol import (
    AudioChunk,
    AudioStart,
    AudioStop,
    Cancel,
    Detection,
    Error,
    Listen,
    Message,
    Playback,
    Played,
    RunPipeline,
    RunSatellite,
    StandDown,
    Status,
    Synthesize,
    Transcribe,
    Transcript,
    TurnEnded,
    VoiceStarted,
    VoiceStopped,
    Wake,
)
from satellite.wyoming.dialogue import (
    ANSWER_S,
    LEFTOVER_S,
    LISTEN_MS,
    QUIET_S,
    TAKEN_S,
    Dialogue,
)
from satellite.wyoming.incoming import PAUSE_S, TELL_S

WAKE = Wake(1, "wake-word", wake_word="okay_nabu")
RUN = [Detection("okay_nabu"), RunPipeline("asr", "tts", wake_word_name="okay_nabu")]
START = AudioStart(22_050, 2, 1)
CHUNK = AudioChunk(22_050, 2, 1, b"\1\0" * 8)
MICROPHONE = b"\2\0" * 512


class Talk:
    """A dialogue, and what came of the last thing that was said."""

    def __init__(self, *, has_speaker: bool = True) -> None:
        self.dialogue = Dialogue(has_speaker=has_speaker)
        self.now = 0.0
        self.to_peer: list[Message] = []
        self.to_satellite: list[Message] = []

    def satellite(self, *messages: Message) -> None:
        for message in messages:
            self.dialogue.satellite_says(message, self.now)
        self.to_peer, self.to_satellite = self.dialogue.take()

    def peer(self, *messages: Message) -> None:
        for message in messages:
            self.dialogue.peer_says(message, self.now)
        self.to_peer, self.to_satellite = self.dialogue.take()

    def quiet(self) -> None:
        self.dialogue.quiet(self.now)
        self.to_peer, self.to_satellite = self.dialogue.take()

    def wait(self, seconds: float) -> None:
        """Let time pass; every deadline in it is kept."""
        end = self.now + seconds
        self.to_peer, self.to_satellite = [], []
        while (due := self.dialogue.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self.dialogue.tick(self.now)
            to_peer, to_satellite = self.dialogue.take()
            self.to_peer += to_peer
            self.to_satellite += to_satellite
        self.now = end

    def listening(self, candidate: int = 1) -> int:
        """Let a wake become a turn; return it."""
        self.satellite(Wake(candidate, "wake-word", wake_word="okay_nabu"))
        self.peer(Transcribe(language="en"))
        listen = self.to_satellite[-1]
        assert isinstance(listen, Listen)
        return listen.turn

    def thinking(self) -> int:
        turn = self.listening()
        self.peer(Transcript("do it"))
        return turn

    def speaking(self) -> int:
        turn = self.thinking()
        self.peer(Synthesize("Done."), START, CHUNK)
        return turn


def microphone(turn: int) -> AudioChunk:
    return AudioChunk(16_000, 2, 1, MICROPHONE, 32, turn)


def finished(turn: int) -> Playback:
    return Playback(turn, 100, 0, finished=True)


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_a_wake_word_is_told_before_its_run_and_the_microphone_opens_when_it_is_taken(
    talk: Talk,
) -> None:
    talk.satellite(WAKE)
    assert talk.to_peer == RUN
    assert not talk.to_satellite
    talk.peer(Transcribe(language="en"))
    assert talk.to_satellite == [Listen(1, 1, LISTEN_MS)]


def test_a_button_begins_a_run_without_a_wake_word(talk: Talk) -> None:
    talk.satellite(Wake(1, "button"))
    assert talk.to_peer == [RunPipeline("asr", "tts")]


def test_a_satellite_without_a_speaker_wants_no_speech(talk: Talk) -> None:
    mute = Talk(has_speaker=False)
    mute.satellite(Wake(1, "button"))
    assert mute.to_peer == [RunPipeline("asr", "handle")]
    mute.wait(TAKEN_S)
    mute.peer(Transcript("do it"))
    assert mute.to_satellite == [
        Transcript("do it", turn=1),
        TurnEnded(1, "answered", None, {}),
    ]


def test_the_microphone_opens_also_where_nobody_says_that_the_run_is_taken(talk: Talk) -> None:
    talk.satellite(WAKE)
    talk.wait(TAKEN_S)
    assert talk.to_satellite == [Listen(1, 1, LISTEN_MS)]


def test_the_microphone_is_heard_until_the_words_are_known(talk: Talk) -> None:
    turn = talk.listening()
    talk.satellite(AudioStart(16_000, 2, 1, turn=turn), microphone(turn))
    assert talk.to_peer == [AudioChunk(16_000, 2, 1, MICROPHONE, 32)]
    talk.peer(Transcript("do it"))
    talk.satellite(microphone(turn), AudioStop(turn=turn))
    assert not talk.to_peer


def test_the_end_of_speech_closes_the_microphone_and_says_so(talk: Talk) -> None:
    turn = talk.listening()
    talk.peer(VoiceStarted(10), VoiceStopped(900))
    assert talk.to_satellite == [VoiceStarted(10, turn), VoiceStopped(900, turn)]
    talk.satellite(AudioStop(turn=turn), microphone(turn))
    assert talk.to_peer == [AudioStop()]


def test_an_answer_belongs_to_its_turn_and_is_played_once(talk: Talk) -> None:
    turn = talk.thinking()
    talk.peer(Synthesize("Done."), START, CHUNK, AudioStop())
    assert talk.to_satellite == [
        Synthesize("Done.", turn=turn),
        AudioStart(22_050, 2, 1, turn=turn),
        AudioChunk(22_050, 2, 1, CHUNK.audio, turn=turn),
        AudioStop(turn=turn),
        TurnEnded(turn, "answered", None, {}),
    ]
    talk.satellite(Playback(turn, 50, 50, finished=False))
    assert not talk.to_peer
    talk.satellite(finished(turn), finished(turn))
    assert talk.to_peer == [Played()]


def test_audio_needs_no_start(talk: Talk) -> None:
    talk.peer(CHUNK, AudioStop())
    assert talk.to_satellite[0] == AudioStart(22_050, 2, 1, turn=1)
    assert talk.to_satellite[-1] == TurnEnded(1, "answered", None, {})


def test_an_announcement_outside_of_a_run_is_a_turn_of_its_own(talk: Talk) -> None:
    first = talk.speaking()
    talk.peer(AudioStop())
    talk.satellite(finished(first))
    talk.peer(START, CHUNK, AudioStop())
    assert talk.to_satellite[0] == AudioStart(22_050, 2, 1, turn=first + 1)
    talk.satellite(finished(first + 1))
    assert talk.to_peer == [Played()]


def test_a_stop_followed_at_once_by_a_start_is_an_interruption_and_played_once(talk: Talk) -> None:
    first = talk.speaking()
    talk.peer(AudioStop(), START, CHUNK, AudioStop())
    # A newer turn: the satellite drops what is left of the one before.
    assert AudioStart(22_050, 2, 1, turn=first + 1) in talk.to_satellite
    talk.satellite(finished(first))
    assert not talk.to_peer
    talk.satellite(finished(first + 1))
    assert talk.to_peer == [Played()]


def test_a_wake_word_over_an_answer_is_told_when_the_speaker_is_silent(talk: Talk) -> None:
    turn = talk.speaking()
    talk.satellite(WAKE)
    assert not talk.to_peer
    talk.quiet()
    assert talk.to_peer == [Played(), *RUN]
    talk.satellite(finished(turn))
    assert not talk.to_peer


def test_a_wake_word_over_an_answer_is_told_also_if_the_speaker_is_never_silent(talk: Talk) -> None:
    turn = talk.speaking()
    talk.satellite(WAKE)
    talk.wait(QUIET_S)
    assert talk.to_peer == RUN
    talk.satellite(finished(turn))
    assert talk.to_peer == [Played()]


def test_what_is_left_of_an_answer_is_dropped_when_a_new_run_begins(talk: Talk) -> None:
    old = talk.speaking()
    talk.satellite(WAKE)
    talk.quiet()
    talk.peer(CHUNK)
    assert talk.to_satellite == [AudioChunk(22_050, 2, 1, CHUNK.audio, turn=old)]
    talk.peer(Transcribe())
    assert talk.to_satellite == [
        TurnEnded(old, "interrupted", None, {}),
        Listen(old + 1, 1, LISTEN_MS),
    ]
    talk.peer(CHUNK, AudioStop(), Transcript("more"), START, CHUNK)
    assert talk.to_satellite == [
        Transcript("more", turn=old + 1),
        AudioStart(22_050, 2, 1, turn=old + 1),
        AudioChunk(22_050, 2, 1, CHUNK.audio, turn=old + 1),
    ]


def test_an_answer_that_a_new_run_has_overtaken_is_not_taken_for_an_announcement(
    talk: Talk,
) -> None:
    talk.thinking()
    talk.satellite(WAKE)
    talk.peer(Transcribe(), START, CHUNK, AudioStop())
    assert [type(message) for message in talk.to_satellite] == [Listen]
    talk.peer(Transcript("more"), START)
    assert talk.to_satellite[-1] == AudioStart(22_050, 2, 1, turn=2)


def test_an_answer_to_a_run_that_a_button_has_ended_does_not_end_the_next(talk: Talk) -> None:
    turn = talk.thinking()
    talk.satellite(Cancel(turn, "button"), Wake(2, "button"))
    talk.peer(Transcribe(), START, CHUNK, AudioStop())
    assert talk.to_satellite == [Listen(turn + 1, 2, LISTEN_MS)]
    talk.satellite(microphone(turn + 1))
    assert talk.to_peer


def test_an_announcement_while_listening_ends_the_run(talk: Talk) -> None:
    turn = talk.listening()
    talk.peer(START, CHUNK)
    assert talk.to_peer == [AudioStop()]
    assert talk.to_satellite[0] == AudioStart(22_050, 2, 1, turn=turn + 1)
    talk.satellite(microphone(turn))
    assert not talk.to_peer


def test_where_another_satellite_has_woken_this_one_stands_down_silently(talk: Talk) -> None:
    talk.satellite(WAKE)
    talk.peer(Error("taken", "duplicate_wake_up_detected"))
    assert talk.to_satellite == [StandDown(1, "duplicate_wake_up_detected")]


def test_a_duplicate_that_is_told_late_ends_the_turn_silently(talk: Talk) -> None:
    talk.satellite(WAKE)
    talk.wait(TAKEN_S)
    talk.peer(Error("taken", "duplicate_wake_up_detected"))
    assert talk.to_satellite == [Cancel(1, "duplicate_wake_up_detected")]


def test_a_run_that_can_not_begin_says_why(talk: Talk) -> None:
    talk.satellite(WAKE)
    talk.peer(Error("no such pipeline", "pipeline-not-found"))
    assert talk.to_satellite == [
        Error("no such pipeline", "pipeline-not-found"),
        StandDown(1, "pipeline-not-found"),
    ]


def test_a_run_that_fails_is_over(talk: Talk) -> None:
    turn = talk.thinking()
    talk.peer(Error("no model", "intent-failed"))
    assert talk.to_satellite == [
        Error("no model", "intent-failed", turn=turn),
        TurnEnded(turn, "failed", "no model", {}),
    ]


@pytest.mark.parametrize("code", ["stt-no-text-recognized", "wake-word-timeout"])
def test_to_have_heard_nothing_is_no_failure(talk: Talk, code: str) -> None:
    turn = talk.listening()
    talk.peer(Error("nothing", code))
    assert talk.to_satellite == [TurnEnded(turn, "nothing-heard", None, {})]


def test_an_empty_transcript_is_an_end(talk: Talk) -> None:
    turn = talk.listening()
    talk.peer(Transcript(" "))
    assert talk.to_satellite[-1] == TurnEnded(turn, "nothing-heard", None, {})


def test_an_error_of_no_run_is_told(talk: Talk) -> None:
    talk.peer(Error("trouble"))
    assert talk.to_satellite == [Error("trouble", "home-assistant-error")]


def test_a_run_without_an_answer_ends_without_a_word(talk: Talk) -> None:
    turn = talk.thinking()
    talk.wait(ANSWER_S)
    assert talk.to_satellite == [TurnEnded(turn, "answered", None, {})]
    # What comes after all is still said.
    talk.peer(START)
    assert talk.to_satellite == [AudioStart(22_050, 2, 1, turn=turn + 1)]


def test_a_pause_in_an_answer_is_bridged_but_not_for_ever(talk: Talk) -> None:
    turn = talk.speaking()
    talk.wait(TELL_S)
    assert talk.to_satellite == [AudioStart(22_050, 2, 1, turn=turn)]
    talk.peer(CHUNK)
    talk.wait(PAUSE_S)
    assert talk.to_satellite[-1] == TurnEnded(turn, "answered", None, {})
    assert not talk.dialogue.wants_audio
    assert talk.dialogue.next_deadline() is None


def test_a_turn_that_the_satellite_gives_up_is_not_answered(talk: Talk) -> None:
    turn = talk.listening()
    talk.satellite(Cancel(turn, "muted"))
    assert talk.to_peer == [AudioStop()]
    talk.peer(Transcript("late"), Synthesize("Late."), START, CHUNK, AudioStop())
    assert not talk.to_satellite
    talk.peer(START)
    assert talk.to_satellite == [AudioStart(22_050, 2, 1, turn=turn + 1)]


def test_an_error_about_a_turn_that_was_given_up_is_not_told(talk: Talk) -> None:
    turn = talk.listening()
    talk.satellite(Cancel(turn, "muted"))
    talk.peer(Error("no speech", "stt-stream-failed"))
    assert not talk.to_satellite


def test_what_comes_long_after_a_turn_was_given_up_is_an_announcement(talk: Talk) -> None:
    turn = talk.listening()
    talk.satellite(Cancel(turn, "listening-timeout"))
    talk.wait(LEFTOVER_S)
    talk.peer(START)
    assert talk.to_satellite == [AudioStart(22_050, 2, 1, turn=turn + 1)]


def test_an_answer_that_the_satellite_stops_is_dropped_to_its_end(talk: Talk) -> None:
    turn = talk.speaking()
    talk.satellite(Cancel(turn, "button"), finished(turn))
    assert talk.to_peer == [Played()]
    talk.peer(CHUNK, AudioStop(), START)
    assert talk.to_satellite == [AudioStart(22_050, 2, 1, turn=turn + 1)]


def test_to_be_run_again_ends_the_run(talk: Talk) -> None:
    turn = talk.listening()
    talk.peer(RunSatellite())
    assert talk.to_satellite == [Cancel(turn, "run-satellite")]
    talk.satellite(AudioStop(turn=turn))
    assert not talk.to_peer


def test_to_be_run_again_ends_a_wake(talk: Talk) -> None:
    talk.satellite(WAKE)
    talk.peer(RunSatellite(), Transcribe())
    assert talk.to_satellite == [StandDown(1, "run-satellite")]


def test_what_only_a_hub_understands_is_not_said(talk: Talk) -> None:
    talk.satellite(Status("idle", muted=False), Playback(3, 1, 1, finished=True))
    assert not talk.to_peer


def test_another_peer_begins_afresh_with_new_turns(talk: Talk) -> None:
    turn = talk.speaking()
    talk.dialogue.reset()
    talk.satellite(finished(turn))
    assert not talk.to_peer
    assert talk.listening() == turn + 1
