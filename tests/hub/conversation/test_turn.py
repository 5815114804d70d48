import asyncio

import pytest

from hub.conversation import turn as turn_module
from hub.conversation.endpoint import Rules
from hub.conversation.hearing import Hearing, VoiceActivity
from hub.conversation.turn import Parts, Turn
from hub.engines.base import EngineError
from tests.hub.conversation.scripted import SILENCE, SPEECH, Loudness, Script
from tests.virtual_time import run_virtual


class Stage(Script):
    """The script's engines, and a satellite that notes what it is told."""

    async def show_speech(self, *, started: bool) -> None:
        self.note("voice started" if started else "voice stopped")

    async def show_transcript(self, text: str) -> None:
        self.note(f"heard {text!r}")

    async def show_answer(self, text: str) -> None:
        self.note(f"answer {text!r}")

    async def start_audio(self, rate_hz: int) -> None:
        self.note("audio")

    async def play(self, audio: bytes, rate_hz: int) -> None:
        self.note("chunk")

    async def finish_audio(self) -> None:
        self.note("audio sent")
        if not self.playback_ends:
            await asyncio.Event().wait()
        await asyncio.sleep(0.3)


async def speak(turn: Turn, frames: list[bytes]) -> None:
    """Send frames in real time, as a satellite does."""
    for frame in frames:
        await turn.hear(frame)
        await asyncio.sleep(0.032)


def run(script: Stage, frames: list[bytes]) -> Turn:
    async def main() -> Turn:
        clock = asyncio.get_running_loop().time
        turn = Turn(
            Parts(script, script, script),
            Hearing(VoiceActivity(Loudness()), Rules(silence_ms=480)),
            script,
            area="Kitchen",
            language="en",
            clock=clock,
        )
        async with asyncio.TaskGroup() as tasks:
            speaking = tasks.create_task(speak(turn, frames))
            await turn.run()
            script.note("ended")
            speaking.cancel()
        return turn

    return run_virtual(main())


COMMAND = [SILENCE] * 10 + [SPEECH] * 30 + [SILENCE] * 200


def test_a_command_is_heard_done_and_answered_in_this_order() -> None:
    script = Stage()
    turn = run(script, COMMAND)
    names = [name for name in script.names if name != "chunk"]
    assert names == [
        "voice started",
        "voice stopped",
        "transcribing",
        "heard 'turn on the lamp'",
        "answer 'Turned on the lamp'",
        "audio",
        "audio sent",
        "ended",
    ]
    assert turn.record.outcome == "answered"
    assert turn.record.intent == "HassTurnOn"
    assert turn.record.details == {"published": 1}


def test_the_timings_tell_how_long_each_stage_took() -> None:
    script = Stage(transcribe_s=0.05, act_s=0.02)
    turn = run(script, COMMAND)
    stages = {stage.name: stage for stage in turn.timings.stages}
    assert list(stages) == [
        "speech", "endpoint", "transcript", "intent", "action", "first audio", "playback",
    ]  # fmt: skip
    assert stages["speech"].end_ms - stages["speech"].start_ms == pytest.approx(960)
    assert stages["endpoint"].end_ms - stages["endpoint"].start_ms == pytest.approx(480, abs=32)
    assert stages["transcript"].end_ms - stages["transcript"].start_ms == pytest.approx(50, abs=1)
    assert stages["action"].end_ms - stages["action"].start_ms == pytest.approx(20, abs=1)
    for before, after in zip(turn.timings.stages, turn.timings.stages[1:], strict=False):
        assert after.start_ms == pytest.approx(before.end_ms, abs=1)


def test_nothing_is_done_before_the_sentence_is_over() -> None:
    script = Stage()
    run(script, [SPEECH] * 30 + [SILENCE] * 10 + [SPEECH] * 30 + [SILENCE] * 200)
    assert script.acts == 1
    assert script.when("transcribing") == pytest.approx(70 * 0.032 + 0.48, abs=0.064)


def test_nobody_speaking_ends_the_turn_without_a_word() -> None:
    script = Stage()
    turn = run(script, [SILENCE] * 400)
    assert turn.record.outcome == "nothing-heard"
    assert "audio" not in script.names
    assert script.when("ended") == pytest.approx(5.0, abs=0.1)


def test_speech_that_gives_no_text_is_apologised_for_and_does_nothing() -> None:
    script = Stage(text="")
    turn = run(script, COMMAND)
    assert turn.record.outcome == "not-understood"
    assert "answer 'Sorry (not-understood)'" in script.names
    assert script.acts == 0


def test_text_that_means_nothing_is_apologised_for_and_does_nothing() -> None:
    script = Stage(understood=False)
    turn = run(script, COMMAND)
    assert turn.record.outcome == "not-understood"
    assert turn.record.transcript == "turn on the lamp"
    assert script.acts == 0


def test_a_satellite_that_falls_silent_in_mid_sentence_ends_the_turn() -> None:
    script = Stage()
    turn = run(script, [SPEECH] * 30)
    gap = turn_module.AUDIO_GAP_TIMEOUT_S
    assert script.when("voice stopped") == pytest.approx(29 * 0.032 + gap, abs=0.05)
    assert turn.record.outcome == "answered"


def test_a_satellite_that_sends_nothing_at_all_ends_the_turn() -> None:
    turn = run(Stage(), [])
    assert turn.record.outcome == "nothing-heard"


def test_a_satellite_that_sends_empty_audio_for_ever_ends_the_turn() -> None:
    script = Stage()
    turn = run(script, [b""] * 10_000)
    assert turn.record.outcome == "nothing-heard"
    assert script.when("ended") == pytest.approx(15 + turn_module.LISTEN_SLACK_S, abs=0.1)


def test_an_engine_that_hangs_is_given_up_with_an_apology() -> None:
    script = Stage(transcribe_s=1000)
    turn = run(script, COMMAND)
    assert turn.record.outcome == "failed"
    assert "answer 'Sorry (failed)'" in script.names
    waited = script.when("answer 'Sorry (failed)'") - script.when("transcribing")
    assert waited == pytest.approx(turn_module.TRANSCRIPT_TIMEOUT_S, abs=0.01)


def test_an_engine_that_fails_is_apologised_for() -> None:
    script = Stage(stt_error=EngineError("engine-failed", "broken"))
    turn = run(script, COMMAND)
    assert turn.record.outcome == "failed"
    assert turn.record.answer == "Sorry (failed)"


def test_a_home_that_does_not_answer_is_given_up_with_an_apology() -> None:
    script = Stage(act_s=1000)
    turn = run(script, COMMAND)
    assert turn.record.outcome == "failed"
    assert turn.record.answer == "Sorry (failed)"


def test_a_voice_that_fails_ends_the_turn_as_failed() -> None:
    turn = run(Stage(tts_error=EngineError("engine-failed", "mute")), COMMAND)
    assert turn.record.outcome == "failed"


def test_an_answer_without_audio_ends_the_turn_as_failed() -> None:
    turn = run(Stage(answer_ms=0), COMMAND)
    assert turn.record.outcome == "failed"


def test_an_empty_answer_is_not_spoken() -> None:
    script = Stage(answer="")
    turn = run(script, COMMAND)
    assert turn.record.outcome == "answered"
    assert "audio" not in script.names


def test_a_satellite_that_never_reports_the_end_of_playback_does_not_hold_the_turn() -> None:
    script = Stage(playback_ends=False, answer_ms=1000)
    turn = run(script, COMMAND)
    assert turn.record.outcome == "answered"
    sent = script.when("audio sent")
    assert script.when("ended") - sent == pytest.approx(3.0 + 0.3, abs=0.05)


def test_a_long_answer_goes_out_at_most_300_ms_ahead_of_its_playing() -> None:
    script = Stage(answer_ms=3000)
    run(script, COMMAND)
    assert script.when("audio sent") - script.when("audio") == pytest.approx(2.7, abs=0.04)


def test_the_end_of_the_audio_stream_ends_the_sentence_at_once() -> None:
    script = Stage()

    async def main() -> Turn:
        turn = Turn(
            Parts(script, script, script),
            Hearing(VoiceActivity(Loudness()), Rules()),
            script,
            area=None,
            language="en",
            clock=asyncio.get_running_loop().time,
        )
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(turn.run())
            for _ in range(30):
                await turn.hear(SPEECH)
            await turn.hear_end()
            await task
        return turn

    turn = run_virtual(main())
    assert turn.record.outcome == "answered"
    assert script.when("transcribing") == 0


def test_audio_after_the_end_of_listening_is_dropped_and_never_blocks() -> None:
    script = Stage()

    async def main() -> bool:
        turn = Turn(
            Parts(script, script, script),
            Hearing(VoiceActivity(Loudness()), Rules()),
            script,
            area=None,
            language="en",
            clock=asyncio.get_running_loop().time,
        )
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(turn.run())
            async with asyncio.timeout(1):
                for frame in [SPEECH] * 30 + [SILENCE] * 500:
                    await turn.hear(frame)
            await task
        return turn.listening

    assert run_virtual(main()) is False


def test_a_cancelled_turn_stops_speaking_at_once() -> None:
    script = Stage(answer_ms=5000)

    async def main() -> None:
        turn = Turn(
            Parts(script, script, script),
            Hearing(VoiceActivity(Loudness()), Rules()),
            script,
            area=None,
            language="en",
            clock=asyncio.get_running_loop().time,
        )
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(turn.run())
            for frame in COMMAND[:60]:
                await turn.hear(frame)
                await asyncio.sleep(0.032)
            chunks = script.names.count("chunk")
            task.cancel()
            await asyncio.sleep(10)
            assert 0 < chunks == script.names.count("chunk")

    run_virtual(main())
