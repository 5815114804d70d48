"""One turn, from the first word to the end of playback: what is done, in which order, and when."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from hub.conversation import answering, listening, playout
from hub.conversation.endpoint import Rules
from hub.conversation.turn import Manner
from hub.engines.base import EngineError, Transcript
from hub.events import TurnEnded
from protocol.schema import Message
from protocol.sotto_messages import Cancel, Listen, Playback
from protocol.sotto_messages import TurnEnded as TurnEndedMessage
from protocol.wyoming_audio import AudioChunk, AudioStart, AudioStop, VoiceStarted, VoiceStopped
from protocol.wyoming_speech import Synthesize
from protocol.wyoming_speech import Transcript as TranscriptMessage
from tests.virtual_house import (
    VOICE_WORD_MS,
    WORD_MS,
    Engines,
    VirtualHouse,
    VirtualSatellite,
    house,
    noise,
    now,
    pause,
    virtually,
    words,
)

COMMAND = "turn on the lamp"
FRAME_S = 0.032
LONG_ANSWER = " ".join(["word"] * 20)


@dataclass
class Scene:
    """What came of a turn."""

    house: VirtualHouse
    satellite: VirtualSatellite
    over: float
    """When it ended."""

    @property
    def turn(self) -> TurnEnded:
        [turn] = self.house.turns
        return turn

    def when(self, kind: type[Message]) -> float:
        """Return when the hub sent the first message of a kind."""
        return self.satellite.sent(kind)[0][0]

    @property
    def said(self) -> list[str]:
        """Return what the hub said, sentence by sentence."""
        return [m.text for _, m in self.satellite.sent(Synthesize) if isinstance(m, Synthesize)]

    def stage(self, name: str) -> tuple[float, float]:
        return next((s.start_ms, s.end_ms) for s in self.turn.stages if s.name == name)


def take(
    engines: Engines,
    *sounds: bytes,
    prepare: Callable[[VirtualSatellite], None] = lambda _: None,
    manner: Manner | None = None,
) -> Scene:
    """Take one turn with somebody who says `sounds`."""

    async def main() -> Scene:
        async with house(engines, manner=manner) as running:
            satellite = await running.add()
            prepare(satellite)
            satellite.wake()
            satellite.say(*sounds)
            await satellite.until(lambda: bool(running.turns))
            return Scene(running, satellite, now())

    scene: Scene = virtually(main())
    return scene


def command(engines: Engines, **options: Any) -> Scene:
    return take(engines, pause(320), words(COMMAND), **options)


async def hang(_: int) -> None:
    await asyncio.sleep(1000)


async def break_down(_: int) -> None:
    raise EngineError("engine-failed", "broken")


def test_a_command_is_heard_done_and_answered_in_this_order() -> None:
    engines = Engines()
    scene = command(engines)
    kinds = (
        VoiceStarted, VoiceStopped, TranscriptMessage, Synthesize, AudioStart, AudioStop,
        TurnEndedMessage,
    )  # fmt: skip
    sent = [type(m) for _, m in scene.satellite.link.sent if isinstance(m, kinds)]
    assert sent == list(kinds)
    assert len(engines.acts) == 1
    assert scene.when(VoiceStopped) <= engines.acts[0][0] < scene.when(Synthesize)
    turn = scene.turn
    assert (turn.outcome, turn.transcript, turn.answer) == ("answered", COMMAND, "Done.")
    assert turn.intent == "Command"


def test_the_stages_tell_how_long_each_took() -> None:
    scene = command(Engines(transcribe_s=0.05, act_s=0.02, synthesize_s=0.03))
    start_ms, end_ms = scene.stage("speech")
    assert end_ms - start_ms == pytest.approx(4 * WORD_MS, abs=1)
    assert scene.stage("endpoint")[0] == pytest.approx(end_ms)
    # A home command is taken at ASK_MS of silence; a frame may be on its way.
    start_ms, end_ms = scene.stage("endpoint")
    assert listening.ASK_MS <= end_ms - start_ms <= listening.ASK_MS + 2 * FRAME_S * 1000
    for name, took_ms in (("transcript", 50), ("action", 20), ("first audio", 30)):
        start_ms, end_ms = scene.stage(name)
        assert end_ms - start_ms == pytest.approx(took_ms, abs=1), name
    assert scene.stage("playback")[1] == pytest.approx(scene.stage("action")[1] + 330, abs=100)


def test_a_command_is_heard_while_it_is_still_waited_whether_more_comes() -> None:
    scene = command(Engines(transcribe_s=0.05))
    assert scene.stage("transcript")[1] < scene.stage("endpoint")[1]
    assert scene.turn.details["ahead_ms"] > 0


def test_nothing_is_done_before_the_sentence_is_over() -> None:
    engines = Engines(commands={"turn on the lamp please": "Done."})
    scene = take(engines, pause(320), words("turn on the"), pause(400), words("lamp please"))
    [(at, text)] = engines.acts
    assert text == "turn on the lamp please"
    assert at >= 0.32 + 3 * 0.32 + 0.4 + 2 * 0.32 + listening.ASK_MS / 1000
    assert scene.turn.details["tries"] >= 2


def test_nobody_speaking_ends_the_turn_without_a_word() -> None:
    scene = take(Engines())
    assert scene.turn.outcome == "nothing-heard"
    assert not scene.satellite.sent(AudioStart)
    assert scene.over == pytest.approx(5.0, abs=0.1)


def test_how_long_is_waited_for_somebody_to_speak_is_set() -> None:
    scene = take(Engines(), manner=Manner(Rules(no_speech_ms=2000)))
    assert scene.turn.outcome == "nothing-heard"
    assert scene.over == pytest.approx(2.0, abs=0.1)


def test_somebody_who_never_stops_is_cut_at_the_limit() -> None:
    engines = Engines(hear=lambda _: Transcript("" if engines.acts else COMMAND, "en"))
    scene = take(engines, noise(20_000), manner=Manner(Rules(max_ms=3000)))
    assert scene.when(VoiceStopped) == pytest.approx(3.0, abs=0.1)
    assert scene.turn.details["ending"] == "too-long"
    assert len(engines.acts) == 1


def test_speech_that_gives_no_text_is_apologised_for_and_does_nothing() -> None:
    engines = Engines()
    scene = take(engines, pause(320), noise(960))
    assert scene.turn.outcome == "not-understood"
    assert scene.said == ["Sorry not-understood."]
    assert not engines.acts


def test_text_that_means_nothing_is_apologised_for_and_does_nothing() -> None:
    engines = Engines()
    scene = take(engines, pause(320), words("colourless green ideas"))
    assert scene.turn.outcome == "not-understood"
    assert scene.turn.transcript == "colourless green ideas"
    assert not engines.acts


def cut_off_after(chunks: int) -> Callable[[VirtualSatellite], None]:
    """Return what makes a satellite fall silent after a number of chunks of its microphone."""

    def prepare(satellite: VirtualSatellite) -> None:
        sent = 0

        def drop(message: Message) -> Iterable[Message]:
            nonlocal sent
            if isinstance(message, AudioStop):
                return []
            if not isinstance(message, AudioChunk):
                return [message]
            sent += 1
            return [message] if sent <= chunks else []

        satellite.filter = drop

    return prepare


def test_a_satellite_that_falls_silent_in_mid_sentence_ends_the_turn() -> None:
    engines = Engines(hear=lambda _: Transcript(COMMAND, "en"))
    scene = command(engines, prepare=cut_off_after(30))
    gap_s = listening.AUDIO_GAP_TIMEOUT_S
    assert scene.when(VoiceStopped) == pytest.approx(30 * FRAME_S + gap_s, abs=0.1)
    assert scene.turn.outcome == "answered"
    assert scene.turn.details["ending"] == "gap"


def test_a_satellite_that_sends_nothing_at_all_ends_the_turn() -> None:
    scene = command(Engines(), prepare=cut_off_after(0))
    assert scene.turn.outcome == "nothing-heard"
    assert scene.over == pytest.approx(listening.AUDIO_GAP_TIMEOUT_S, abs=0.1)


def test_a_satellite_that_sends_empty_audio_for_ever_ends_the_turn() -> None:
    def prepare(satellite: VirtualSatellite) -> None:
        def empty(message: Message) -> Iterable[Message]:
            if isinstance(message, AudioStop):
                return []
            return [
                message if not isinstance(message, AudioChunk) else AudioChunk(16_000, 2, 1, b"")
            ]

        satellite.filter = empty

    scene = command(Engines(), prepare=prepare)
    assert scene.turn.outcome == "nothing-heard"
    assert scene.over <= 15 + listening.SLACK_S + 0.1


def test_the_end_of_the_microphone_ends_the_sentence_at_once() -> None:
    def prepare(satellite: VirtualSatellite) -> None:
        sent = 0

        def stop(message: Message) -> Iterable[Message]:
            nonlocal sent
            sent += isinstance(message, AudioChunk)
            if sent < 51 or not isinstance(message, AudioChunk):
                return [message]
            return [AudioStop(turn=message.turn)] if sent == 51 else []

        satellite.filter = stop

    scene = command(Engines(), prepare=prepare)
    assert scene.turn.outcome == "answered"
    assert scene.when(VoiceStopped) == pytest.approx(50 * FRAME_S, abs=2 * FRAME_S)


@pytest.mark.parametrize(("fault", "said"), [(hang, "Sorry late."), (break_down, "Sorry failed.")])
def test_a_recogniser_that_fails_or_hangs_is_apologised_for_soon_after_the_end_of_speech(
    fault: Callable[[int], Coroutine[Any, Any, None]], said: str
) -> None:
    engines = Engines(stt_fault=fault)
    scene = command(engines)
    spoken_until = 0.32 + 4 * 0.32
    assert scene.turn.outcome == "failed"
    assert scene.said == [said]
    assert scene.when(AudioChunk) - spoken_until <= 1.5
    assert not engines.acts


def test_a_home_that_hangs_is_given_up_with_an_apology() -> None:
    scene = command(Engines(act_s=1000))
    assert scene.turn.outcome == "failed"
    assert scene.turn.answer == "Sorry failed."
    assert scene.when(Synthesize) - scene.when(VoiceStopped) == pytest.approx(
        answering.ACT_S, abs=0.2
    )


@pytest.mark.parametrize("fault", [hang, break_down])
def test_a_voice_that_fails_or_hangs_ends_the_turn_with_a_sound(
    fault: Callable[[int], Coroutine[Any, Any, None]],
) -> None:
    scene = command(Engines(tts_fault=fault))
    assert scene.turn.outcome == "failed"
    assert scene.satellite.sent(AudioChunk)
    assert scene.said == []


def test_an_empty_answer_is_not_spoken() -> None:
    scene = command(Engines(commands={COMMAND: ""}))
    assert scene.turn.outcome == "answered"
    assert not scene.satellite.sent(AudioStart)


def test_a_satellite_that_never_tells_the_end_of_playback_does_not_hold_the_turn() -> None:
    def prepare(satellite: VirtualSatellite) -> None:
        def mute(message: Message) -> Iterable[Message]:
            return [] if isinstance(message, Playback) else [message]

        satellite.filter = mute

    scene = command(Engines(), prepare=prepare)
    assert scene.turn.outcome == "answered"
    late_s = scene.over - scene.when(AudioStop)
    assert late_s == pytest.approx(VOICE_WORD_MS / 1000 + playout.PLAYBACK_TIMEOUT_S, abs=0.1)


def test_a_long_answer_goes_out_at_most_400_ms_ahead_of_its_playing() -> None:
    scene = command(Engines(commands={COMMAND: LONG_ANSWER}))
    sent_ms, first = 0.0, scene.when(AudioChunk)
    for at, message in scene.satellite.sent(AudioChunk):
        assert isinstance(message, AudioChunk)
        sent_ms += len(message.audio) / 32
        assert sent_ms - (at - first) * 1000 <= 400
    assert sent_ms == 20 * VOICE_WORD_MS


def test_a_turn_that_is_cancelled_stops_speaking_at_once() -> None:
    async def main() -> None:
        async with house(Engines(commands={COMMAND: LONG_ANSWER})) as running:
            satellite = await running.add()
            await satellite.ask(COMMAND)
            await satellite.speaking()
            await asyncio.sleep(1.0)
            cancelled_at = now()
            [(_, listen)] = satellite.sent(Listen)
            assert isinstance(listen, Listen)
            satellite.send(Cancel(turn=listen.turn, reason="button"))
            await satellite.until(lambda: bool(running.turns))
            assert now() - cancelled_at <= 0.1
            await asyncio.sleep(5)
            assert max(satellite.audio_times) <= cancelled_at + 0.05
            [turn] = running.turns
            assert turn.outcome == "cancelled"
            assert turn.answer == LONG_ANSWER
            assert turn.heard is not None
            assert turn.heard.split() == ["word"] * len(turn.heard.split())
            assert 2 <= len(turn.heard.split()) <= 5

    virtually(main())


def test_what_is_said_after_the_sentence_was_taken_and_done_is_no_part_of_it() -> None:
    engines = Engines(commands={COMMAND: LONG_ANSWER})
    scene = take(engines, pause(320), words(COMMAND), pause(2000))
    assert [text for _, text in engines.heard][-1] == COMMAND
    assert scene.turn.outcome == "answered"
    assert [text for _, text in engines.acts] == [COMMAND]
