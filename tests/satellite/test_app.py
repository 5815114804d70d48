"""The whole satellite in this process, against a scripted hub over loopback."""

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audio.pcm import dbfs, silence
from protocol import (
    AudioChunk,
    AudioStop,
    Cancel,
    Duck,
    Identify,
    Listen,
    Pause,
    Playback,
    Settings,
    SettingsTaken,
    StandDown,
    Status,
    Transcript,
    TurnEnded,
    Wake,
)
from satellite import app, devices, hearing, script
from satellite.devices import Devices
from satellite.errors import SatelliteError
from satellite.event_lines import to_json
from satellite.events import Event
from satellite.jitter import PlaybackBuffer
from satellite.microphone import FRAME_BYTES, Frame
from satellite.section import read_section
from satellite.settings import SatelliteSettings
from satellite.sound_settings import Sound
from satellite.waking import Waking
from satellite.wav_files import read_speech
from tests.satellite.scripted_hub import PATIENCE_S, RATE, ScriptedHub
from tests.satellite.wav_samples import sine, wav
from tests.speech import recordings

TOKEN = "a-token-that-is-long-enough"


class Told:
    """The event lines of a running satellite."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self._changed = asyncio.Event()

    def write(self, event: Event) -> None:
        self.lines.append(json.loads(to_json(event)))
        self._changed.set()

    def of(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == name]

    async def until(self, name: str, count: int = 1, **fields: object) -> dict[str, Any]:
        """Wait for the nth event of a name that has these fields."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = [line for line in self.of(name) if fields.items() <= line.items()]
                if len(found) >= count:
                    return found[count - 1]
                self._changed.clear()
                await self._changed.wait()


def make_settings(hub: ScriptedHub | str, **given: Any) -> SatelliteSettings:
    address = hub if isinstance(hub, str) else hub.address
    fixed = {"name": "Test", "hub": address, "microphone": "none", "speaker": "none"}
    settings, problems = read_section(SatelliteSettings, {**fixed, **given})
    assert settings is not None, problems
    return settings


@asynccontextmanager
async def running(
    settings: SatelliteSettings, *wavs: Path, realtime: bool = False, **given: Any
) -> AsyncIterator[tuple[Told, "asyncio.Task[bool]"]]:
    told = Told()
    task = asyncio.create_task(
        app.run(settings, wavs, realtime=realtime, sinks=[told.write], **given)
    )
    try:
        yield told, task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def result(task: "asyncio.Task[bool]") -> bool:
    async with asyncio.timeout(PATIENCE_S):
        return await task


@pytest.fixture
def command(tmp_path: Path) -> Callable[[float], Path]:
    def make(seconds: float = 0.5) -> Path:
        path = tmp_path / f"command-{seconds}.wav"
        path.write_bytes(wav((sine(seconds, 16_000) * 32_767).astype("<i2").tobytes()))
        return path

    return make


async def test_every_command_is_spoken_answered_and_left_as_a_file(
    command: Callable[[float], Path], tmp_path: Path
) -> None:
    first, second = command(0.5), command(0.9)
    answers = tmp_path / "answers"
    async with ScriptedHub(token=TOKEN) as hub:
        settings = make_settings(hub, token=TOKEN, speaker=f"wav:{answers}/", area="Kitchen")
        async with running(settings, first, second) as (told, task):
            session = await hub.session()
            assert session.hello.area == "Kitchen"
            for turn, path in ((5, first), (6, second)):
                wake = await session.listen(turn)
                assert wake.trigger == "stream"
                speech = read_speech(path)
                heard = b""
                while len(heard) < len(speech):
                    heard += (await session.expect(AudioChunk)).audio
                assert heard[: len(speech)] == speech
                audio = np.full(RATE // 4, turn, dtype="<i2").tobytes()
                await session.answer(turn, f"Answer {turn}.", audio=audio)
            assert await result(task)
    assert [line["text"] for line in told.of("answer")] == ["Answer 5.", "Answer 6."]
    assert [line["outcome"] for line in told.of("turn-ended")] == ["answered", "answered"]
    assert told.of("turn-ended")[0]["stages"] == {"intent": [1.0, 2.0]}
    assert [line["position_ms"] for line in told.of("playback-finished")] == [250, 250]
    assert [line["clip_sample"] for line in told.of("microphone")] == [0, 0]
    assert sorted(path.name for path in answers.iterdir()) == ["1.wav", "2.wav"]
    assert len(read_speech(answers / "1.wav")) == pytest.approx(16_000 // 4 * 2, abs=64)


async def test_events_of_a_turn_come_in_the_order_in_which_things_happen(
    command: Callable[[float], Path],
) -> None:
    async with ScriptedHub() as hub, running(make_settings(hub), command(0.3)) as (told, task):
        session = await hub.session()
        await session.listen(1)
        await session.answer(1)
        assert await result(task)
    names = [line["event"] for line in told.lines if line["event"] != "state"]
    assert names == [
        "ready",
        "connected",
        "clip-started",
        "wake",
        "listening",
        "microphone",
        "transcript",
        "answer",
        "first-audio",
        "playback-finished",
        "turn-ended",
    ]
    states = [line["state"] for line in told.of("state")]
    assert states[:6] == ["idle", "waking", "listening", "thinking", "speaking", "idle"]


async def test_the_first_message_is_the_status_and_each_change_follows() -> None:
    async with ScriptedHub() as hub, running(make_settings(hub, volume=0.5)):
        session = await hub.session()
        status = await session.expect(Status)
        assert session.heard[0] == status
        assert (status.state, status.muted, status.volume) == ("idle", False, 0.5)


@pytest.mark.parametrize("outcome", ["not-understood", "nothing-heard", "failed", "cancelled"])
async def test_a_command_that_is_not_answered_fails_the_run(
    command: Callable[[float], Path], outcome: str
) -> None:
    async with ScriptedHub() as hub, running(make_settings(hub), command(0.3)) as (_, task):
        session = await hub.session()
        await session.listen(1)
        await session.send(TurnEnded(1, outcome, None, {}))
        assert not await result(task)


async def test_a_command_that_another_satellite_answers_fails_the_run(
    command: Callable[[float], Path],
) -> None:
    async with ScriptedHub() as hub, running(make_settings(hub), command(0.3)) as (told, task):
        session = await hub.session()
        wake = await session.expect(Wake)
        await session.send(StandDown(wake.candidate, "the kitchen answers"))
        assert not await result(task)
    assert told.of("stood-down")


async def test_when_the_hub_goes_away_in_mid_command_it_says_so_reconnects_and_works_again(
    command: Callable[[float], Path],
) -> None:
    async with ScriptedHub() as hub:
        commands = (command(0.5), command(0.6))
        async with running(make_settings(hub), *commands) as (told, task):
            session = await hub.session()
            await session.listen(1)
            await session.expect(AudioChunk)
            await hub.stop()
            lost = await told.until("error", code="hub-lost")
            assert (lost["turn"], lost["text"]) == (1, "lost the hub while listening")
            assert (await told.until("turn-ended", turn=1))["outcome"] == "failed"
            await told.until("state", state="disconnected", before="listening")
            await told.until("disconnected")

            await hub.start()
            session = await hub.session()
            assert isinstance((await session.expect(Status)), Status)
            await session.listen(1)
            await session.expect(AudioChunk)
            await session.answer(1)
            assert not await result(task)
    assert told.of("turn-ended")[-1]["outcome"] == "answered"
    assert len(told.of("connected")) == 2


async def test_when_the_hub_goes_away_in_mid_answer_the_speaker_falls_silent(
    command: Callable[[float], Path],
) -> None:
    async with ScriptedHub() as hub:
        settings = make_settings(hub, microphone=f"wav:{command(0.1)}")
        async with running(settings, realtime=True) as (told, _):
            session = await hub.session()
            await session.listen(1)
            await session.send(Transcript("tell me a story", turn=1))
            await session.speak(1, bytes(RATE * 2 * 20))
            await told.until("first-audio")
            await hub.stop()
            finished = await told.until("playback-finished")
            assert finished["position_ms"] < 10_000
            assert (await told.until("error"))["text"] == "lost the hub while speaking"


async def test_progress_of_playback_reaches_the_hub_while_it_plays(
    command: Callable[[float], Path],
) -> None:
    async with ScriptedHub() as hub:
        settings = make_settings(hub)
        async with running(settings, command(0.1), realtime=True) as (told, task):
            session = await hub.session()
            await session.listen(1)
            await session.answer(1, audio=bytes(RATE * 2 * 2))
            assert await result(task)
    reports = session.of(Playback)
    assert [report.finished for report in reports[-2:]] == [False, True]
    assert len(reports) >= 4
    positions = [report.position_ms for report in reports]
    assert positions == sorted(positions)
    assert positions[-1] == 2000
    first, finished = told.of("first-audio")[0], told.of("playback-finished")[0]
    assert finished["at"] - first["at"] > 1.85


async def test_frames_leave_in_real_time_and_their_times_fit_the_file(
    command: Callable[[float], Path],
) -> None:
    async with ScriptedHub() as hub:
        settings = make_settings(hub)
        async with running(settings, command(0.3), realtime=True) as (told, _):
            session = await hub.session()
            await session.listen(1)
            for _ in range(9):
                await session.expect(AudioChunk)
            # Nine frames have been in the air when the ninth arrives.
            streamed = told.of("microphone")[0]
            elapsed_s = time.monotonic() - streamed["at"]
            assert streamed["clip_sample"] == 0
            assert elapsed_s >= 9 * 0.032 - 0.001


async def test_without_a_hub_a_script_gives_up_and_says_which_address(
    command: Callable[[float], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "CONNECT_S", 2.0)
    async with running(make_settings("127.0.0.1:1"), command(0.1)) as (_, task):
        with pytest.raises(SatelliteError, match=r"127\.0\.0\.1:1") as caught:
            await result(task)
    assert caught.value.code == "unreachable"


async def test_a_hub_that_wants_a_token_is_given_up_at_once(
    command: Callable[[float], Path],
) -> None:
    async with (
        ScriptedHub(token=TOKEN) as hub,
        running(make_settings(hub), command(0.1)) as (_, task),
    ):
        with pytest.raises(SatelliteError, match="token") as caught:
            await result(task)
    assert caught.value.code == "no-token"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"microphone": "wav:missing.wav"}, "bad-wav"),
        ({"speaker": "wav:/dev/null/a.wav"}, "speaker-file"),
        ({"speaker": "wav:/dev/null/folder/"}, "speaker-file"),
        ({"token": "short"}, "bad-settings"),
    ],
)
async def test_what_can_not_work_ends_it_before_it_begins(given: dict[str, Any], code: str) -> None:
    with pytest.raises(SatelliteError) as caught:
        await app.run(make_settings("127.0.0.1:1", **given))
    assert caught.value.code == code
    assert "\n" not in caught.value.text


async def test_a_wake_word_that_there_is_not_is_told_and_the_button_works() -> None:
    async with (
        ScriptedHub() as hub,
        running(make_settings(hub, wake_words=("okay_naboo",))) as (told, _),
    ):
        session = await hub.session()
        failed = await told.until("error", code="bad-wake-word")
        assert "Did you mean 'okay_nabu'" in failed["text"]
        assert (await session.expect(Status)).wake_words == ()
        os.kill(os.getpid(), signal.SIGUSR1)
        assert (await session.expect(Wake)).trigger == "button"


async def test_while_wake_words_are_loaded_all_else_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loads, goes_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    class Slow(Waking):
        def __init__(self, *words: Any) -> None:
            loop.call_soon_threadsafe(loads.set)
            assert goes_on.wait(PATIENCE_S), "it holds the loop up"
            super().__init__(*words)

    monkeypatch.setattr(app, "Waking", Slow)
    async with running(make_settings("127.0.0.1:1", wake_words=["hey_hal"])) as (told, _):
        async with asyncio.timeout(PATIENCE_S):
            await loads.wait()
        assert not told.of("ready")
        goes_on.set()
        await told.until("ready")
        names = [line["event"] for line in told.lines]
        assert names.index("wake-words") < names.index("ready")


async def test_a_microphone_of_a_file_speaks_it_once_and_the_satellite_stays(
    command: Callable[[float], Path],
) -> None:
    async with ScriptedHub() as hub:
        settings = make_settings(hub, microphone=f"wav:{command(0.2)}")
        async with running(settings) as (told, task):
            session = await hub.session()
            await session.listen(1)
            await session.answer(1)
            await told.until("state", state="idle", count=2)
            assert not task.done()


async def test_a_signal_talks_and_another_mutes() -> None:
    async with ScriptedHub() as hub, running(make_settings(hub)) as (told, _):
        session = await hub.session()
        await told.until("state", state="idle")
        os.kill(os.getpid(), signal.SIGUSR1)
        assert (await session.listen(1)).trigger == "button"
        await told.until("listening")
        os.kill(os.getpid(), signal.SIGUSR2)
        assert (await session.expect(Cancel)).reason == "muted"
        assert (await session.expect(Status, lambda status: status.muted)).state == "idle"
        assert (await told.until("muted"))["muted"]


async def test_the_hub_can_set_the_volume() -> None:
    async with (
        ScriptedHub(settings={"volume": 0.25}) as hub,
        running(make_settings(hub)) as (told, _),
    ):
        session = await hub.session()
        await session.expect(Status, lambda status: status.volume == 0.25)
        await session.send(Settings({"volume": "loud"}), Settings({"lights": True}))
        await told.until("error", code="bad-setting")
        await session.send(Settings({"volume": 1}))
        await session.expect(Status, lambda status: status.volume == 1)


async def test_a_hub_that_sends_far_ahead_is_told_so_once_and_the_start_is_played(
    command: Callable[[float], Path],
) -> None:
    async with ScriptedHub() as hub:
        settings = make_settings(hub, microphone=f"wav:{command(0.1)}")
        async with running(settings, realtime=True) as (told, _):
            session = await hub.session()
            await session.listen(1)
            await session.send(Transcript("read me the encyclopedia", turn=1))
            await session.speak(1, bytes(RATE * 2 * 40))
            await told.until("error", code="playback-full")
            await told.until("first-audio")
            await session.send(Cancel(1, "enough"))
            await session.expect(Playback, lambda playback: playback.finished)
            session.heard.clear()
            os.kill(os.getpid(), signal.SIGUSR2)
            status = await session.expect(Status, lambda status: status.muted)
    assert len([line for line in told.of("error") if line["code"] == "playback-full"]) == 1
    assert status.dropped_chunks > 50


async def test_a_turn_that_the_hub_forgets_is_left_and_the_next_one_works(
    command: Callable[[float], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "LISTENING_GRACE_S", 0.1)
    async with ScriptedHub() as hub:
        commands = (command(0.1), command(0.2))
        async with running(make_settings(hub), *commands) as (told, task):
            session = await hub.session()
            wake = await session.expect(Wake)
            await session.send(Listen(1, wake.candidate, max_ms=0))
            assert (await session.expect(Cancel)).reason == "listening-timeout"
            await session.listen(2)
            await session.answer(2)
            assert not await result(task)
    assert told.of("turn-ended")[-1]["outcome"] == "answered"


async def test_a_wake_word_in_the_sound_wakes_and_what_follows_it_is_heard(tmp_path: Path) -> None:
    recording = next(r for r in recordings("wake") if r.text == "okay_nabu")
    path = tmp_path / "wake.wav"
    path.write_bytes(wav(silence(1500) + read_speech(recording.path) + silence(1000)))
    async with ScriptedHub() as hub:
        settings = make_settings(hub, wake_words=("okay_nabu", "hey_jarvis"))
        async with running(settings, path) as (told, task):
            session = await hub.session()
            wake = await session.listen(1)
            assert (wake.trigger, wake.wake_word) == ("wake-word", "okay_nabu")
            assert wake.score is not None
            assert wake.score > 0.5
            assert wake.loudness_dbfs is not None
            assert wake.noise_dbfs is not None
            assert wake.loudness_dbfs > wake.noise_dbfs + 10
            await session.expect(AudioChunk)
            await session.answer(1)
            assert await result(task)
    assert told.of("wake")[0]["wake_word"] == "okay_nabu"


async def test_a_clip_without_the_wake_word_fails_the_run(
    command: Callable[[float], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "WAKE_WORD_S", 0.2)
    async with ScriptedHub() as hub:
        settings = make_settings(hub, wake_words=("okay_nabu",))
        async with running(settings, command(0.1)) as (told, task):
            await hub.session()
            assert not await result(task)
    assert told.of("wake") == []


async def test_a_file_that_is_spoken_over_an_answer_interrupts_it(
    command: Callable[[float], Path],
) -> None:
    paths = (command(0.2), command(0.5))
    async with ScriptedHub() as hub:
        settings = make_settings(hub)
        async with running(settings, *paths, realtime=True, talk_over_s=0.2) as (told, task):
            session = await hub.session()
            assert "barge-in" in session.hello.features
            wake = await session.expect(Wake)
            await session.send(Listen(1, wake.candidate, 8000, keep_open=True))
            await session.expect(AudioChunk)
            await session.send(Transcript("tell me a story", turn=1))
            await session.speak(1, bytes(RATE * 2 * 10))
            await told.until("clip-started", number=2)
            await session.expect(AudioChunk, lambda chunk: chunk.audio != bytes(FRAME_BYTES))
            await session.send(Duck(1, -12, 20), Pause(1))
            await told.until("playback-paused", turn=1)
            await session.send(Listen(2, None, 8000, keep_open=True))
            await session.send(TurnEnded(1, "interrupted", None, {}))
            await session.expect(AudioStop)
            await session.expect(AudioChunk, lambda chunk: chunk.turn == 2)
            await session.answer(2)
            assert await result(task)
    assert len(session.of(Wake)) == 1
    assert [line["outcome"] for line in told.of("turn-ended")] == ["interrupted", "answered"]
    starts = told.of("clip-started")
    assert [(line["file"], line["number"]) for line in starts] == [
        (str(paths[0]), 1),
        (str(paths[1]), 2),
    ]
    answer_at = told.of("first-audio")[0]["at"]
    assert starts[1]["at"] - answer_at > 0.15
    (flushed,) = told.of("playback-flushed")
    paused = told.of("playback-paused")[0]
    assert (flushed["turn"], paused["turn"]) == (1, 1)
    assert told.of("playback-ducked")[0]["gain_db"] == -12
    assert told.of("playback-finished")[0]["position_ms"] == paused["position_ms"]
    chunks = session.of(AudioChunk)
    assert {
        (after.timestamp or 0) - (before.timestamp or 0) for before, after in pairwise(chunks)
    } == {32}


async def test_files_are_spoken_as_loud_as_is_asked(command: Callable[[float], Path]) -> None:
    async with ScriptedHub() as hub:
        path = command(0.2)
        async with running(make_settings(hub), path, gain_db=-20.0) as (_, task):
            session = await hub.session()
            await session.listen(1)
            heard = (await session.expect(AudioChunk)).audio
            await session.answer(1)
            assert await result(task)
    assert dbfs(heard) == pytest.approx(dbfs(read_speech(path)[:FRAME_BYTES]) - 20, abs=0.2)


@pytest.mark.parametrize(
    ("choice", "microphone", "able"),
    [
        ("auto", "wav", True),
        ("auto", "none", False),
        ("on", "none", True),
        ("off", "wav", False),
    ],
)
async def test_a_satellite_says_whether_it_can_hear_while_it_plays(
    command: Callable[[float], Path], choice: str, microphone: str, able: bool
) -> None:
    async with ScriptedHub() as hub:
        name = f"wav:{command(0.1)}" if microphone == "wav" else microphone
        async with running(make_settings(hub, barge_in=choice, microphone=name)):
            session = await hub.session()
            assert ("barge-in" in session.hello.features) == able


class FlakyMicrophone:
    """Gives one frame and is unplugged, or goes on for ever."""

    def __init__(self, *, breaks: bool) -> None:
        self.dropped_frames = 0
        self.heard = asyncio.Event()
        self._breaks = breaks

    async def frames(self) -> AsyncGenerator[Frame, None]:
        yield Frame(bytes(FRAME_BYTES), 0, time.monotonic())
        if self._breaks:
            raise SatelliteError("microphone-lost", "the microphone is gone")
        self.heard.set()
        await asyncio.Event().wait()


async def test_a_microphone_that_is_unplugged_is_said_and_opened_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = FlakyMicrophone(breaks=True), FlakyMicrophone(breaks=False)
    plugged = [first, second]

    def open_microphone(found: Devices, choice: str, *, realtime: bool) -> FlakyMicrophone:
        return plugged.pop(0)

    monkeypatch.setattr(Devices, "open_microphone", open_microphone)
    settings = make_settings("127.0.0.1:1", microphone="usb")
    async with running(settings) as (told, task):
        await told.until("error", code="microphone-lost")
        async with asyncio.timeout(PATIENCE_S):
            await second.heard.wait()
        assert not task.done()


def test_words_for_devices_choose_them(tmp_path: Path) -> None:
    assert devices.wav_path("default") is None
    assert devices.wav_path(f"wav:{tmp_path}/a.wav") == tmp_path / "a.wav"
    found = Devices(Sound())
    assert found.open_speaker(f"wav:{tmp_path}/new/").rate_hz == RATE
    assert (tmp_path / "new").is_dir()
    assert found.open_microphone("none").dropped_frames == 0


async def test_a_microphone_of_a_file_waits_for_its_hub_as_long_as_it_takes(
    command: Callable[[float], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "CONNECT_S", 0.01)
    async with ScriptedHub() as hub:
        await hub.stop()
        settings = make_settings(hub, microphone=f"wav:{command(0.1)}")
        async with running(settings) as (told, task):
            await told.until("disconnected", count=1)
            await hub.start()
            session = await hub.session()
            await session.listen(1)
            assert not task.done()


class FlakySpeaker:
    """Is unplugged at once, or plays."""

    def __init__(self, rate_hz: int, *, breaks: bool) -> None:
        self.rate_hz = rate_hz
        self.played = asyncio.Event()
        self._breaks = breaks

    async def run(self, source: PlaybackBuffer) -> None:
        if self._breaks:
            raise SatelliteError("speaker-lost", "the speaker is gone")
        self.played.set()
        await asyncio.Event().wait()


async def test_a_speaker_that_comes_back_as_another_is_played_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    last = FlakySpeaker(48_000, breaks=False)
    plugged = [FlakySpeaker(22_050, breaks=True), last]

    def open_speaker(found: Devices, choice: str, *, realtime: bool) -> FlakySpeaker:
        return plugged.pop(0)

    monkeypatch.setattr(Devices, "open_speaker", open_speaker)
    async with running(make_settings("127.0.0.1:1", speaker="usb")) as (told, task):
        await told.until("error", code="speaker-lost")
        async with asyncio.timeout(PATIENCE_S):
            await last.played.wait()
        assert not task.done()


async def test_the_hub_changes_settings_and_they_hold_after_a_restart_until_they_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    async with ScriptedHub() as hub:
        settings = make_settings(hub, wake_words=("okay_nabu",), volume=0.5)
        async with running(settings) as (told, _):
            session = await hub.session()
            assert {"settings", "identify"} <= set(session.hello.features)
            values = {
                "wake.mode": "push-to-talk",
                "wake.sensitivity": 0.25,
                "wake.stop_word": "alexa",
            }
            await session.send(Settings({**values, "hub": "elsewhere"}, request=3))
            taken = await session.expect(SettingsTaken)
            assert (taken.request, taken.values) == (3, values)
            assert "which hub it trusts" in taken.refused["hub"]
            await told.until("setting", setting="wake.stop_word", value="alexa")
        async with running(settings):
            session = await hub.session()
            status = await session.expect(Status)
            held = {one.name: (one.value, one.own) for one in status.settings or ()}
            assert held["wake.mode"] == ("push-to-talk", "wake-word")
            assert held["wake.sensitivity"] == (0.25, 0.5)
            assert status.wake_words == ()
            await session.send(Settings({"wake.mode": None}, request=4))
            assert (await session.expect(SettingsTaken)).values == {"wake.mode": "wake-word"}
        async with running(
            make_settings(hub, wake_words=("okay_nabu",), wake={"sensitivity": 0.75})
        ):
            status = await (await hub.session()).expect(Status)
            held = {one.name: (one.value, one.own) for one in status.settings or ()}
            assert held["wake.mode"] == ("wake-word", "wake-word")
            assert held["wake.sensitivity"] == (0.75, 0.75), "the owner has written something else"
            assert held["wake.stop_word"] == ("alexa", "")


async def test_a_satellite_that_is_looked_for_shows_itself() -> None:
    async with ScriptedHub() as hub, running(make_settings(hub)) as (told, _):
        session = await hub.session()
        await session.send(Identify(0.1))
        await told.until("identify", identifying=True)
        await told.until("identify", identifying=False)
