"""A satellite with a microphone and a speaker of files, on virtual time; the test is the hub."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from audio.pcm import gain_from_db, scale, silence
from protocol import (
    AudioChunk,
    AudioStart,
    AudioStop,
    Duck,
    Flush,
    Listen,
    Message,
    Pause,
    Playback,
    Resume,
    Settings,
    TimerCancelled,
    TimerFinished,
    TimerStarted,
    TurnEnded,
    VoiceStopped,
    Wake,
)
from satellite import events, wake_settings
from satellite.errors import SatelliteError
from satellite.events import Event
from satellite.jitter import PlaybackBuffer
from satellite.microphone import Frame
from satellite.ringing import Ringing
from satellite.runtime import Satellite
from satellite.session import Hub
from satellite.settings import Address
from satellite.state import State
from satellite.waking import Waking
from satellite.wav_devices import WavMicrophone, WavSpeaker
from satellite.wav_files import read_speech
from tests.speech import recordings
from tests.virtual_time import run_virtual

M = TypeVar("M", bound=Message)
E = TypeVar("E", bound=Event)

RATE = 22_050
BLOCK_MS = 10
FADE_MS = 5


class Wire:
    """Keeps what the satellite sends, and when."""

    def __init__(self) -> None:
        self.dropped_chunks = 0
        self.sent: list[tuple[float, Message]] = []
        self._changed = asyncio.Event()

    def send(self, message: Message) -> None:
        self.sent.append((asyncio.get_running_loop().time(), message))
        self._changed.set()

    async def wait_for_room(self) -> None:
        return

    def of(self, kind: type[M]) -> list[M]:
        return [message for _, message in self.sent if isinstance(message, kind)]

    async def until(self, wanted: Callable[[Message], bool]) -> float:
        """Wait for a message; return when it was sent."""
        async with asyncio.timeout(60):
            while True:
                for at, message in self.sent:
                    if wanted(message):
                        return at
                self._changed.clear()
                await self._changed.wait()


class House:
    """A satellite that a hub has taken."""

    def __init__(self, satellite: Satellite, wire: Wire, microphone: WavMicrophone) -> None:
        self.satellite = satellite
        self.wire = wire
        self.microphone = microphone
        self.told: list[Event] = []

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.satellite.received(message)

    def state(self) -> State:
        return self.satellite.state

    def events(self, kind: type[E]) -> list[E]:
        return [event for event in self.told if isinstance(event, kind)]


@asynccontextmanager
async def house(path: Path | None = None, *wake_words: str) -> AsyncIterator[House]:
    clock = asyncio.get_running_loop().time
    told: list[Event] = []
    satellite = Satellite(PlaybackBuffer(RATE), [told.append], barge_in=True, clock=clock)
    satellite.listen_with(Waking(wake_words, wake_settings.Wake(), told.append, clock=clock))
    wire = Wire()
    satellite.uplink = wire
    microphone = WavMicrophone(clock=clock)
    made = House(satellite, wire, microphone)
    made.told = told
    work = (
        WavSpeaker(path, rate_hz=RATE, clock=clock).run(satellite.playback.buffer),
        satellite.playback.watch(),
        satellite.keep_deadlines(),
        satellite.hear(microphone),
    )
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in work]
        satellite.link_up(Hub("hub", "Hub", Address("here", 1), "s1"))
        yield made
        for task in tasks:
            task.cancel()


def chunk(seconds: float, value: int, turn: int = 1) -> AudioChunk:
    audio = np.full(int(seconds * RATE), value, dtype="<i2").tobytes()
    return AudioChunk(RATE, 2, 1, audio, turn=turn)


async def speak(made: House, seconds: float = 2.0) -> None:
    made.say(Listen(1, None, 8000, keep_open=True), VoiceStopped(turn=1))
    made.say(AudioStart(RATE, 2, 1, turn=1), chunk(seconds, 1000))


def test_a_hub_goes_back_to_the_beginning_of_a_word(tmp_path: Path) -> None:
    answer = tmp_path / "answer.wav"

    async def scene() -> None:
        async with house(answer) as made:
            await speak(made)
            await asyncio.sleep(0.5)
            made.say(Duck(turn=1, gain_db=-6.0206, ramp_ms=20), Pause(turn=1))
            paused_at = asyncio.get_running_loop().time()
            await asyncio.sleep(3)
            paused = made.events(events.PlaybackPaused)[-1]
            at = await made.wire.until(
                lambda message: (
                    isinstance(message, Playback) and message.position_ms == paused.position_ms
                )
            )
            assert at - paused_at <= 0.001 * (2 * BLOCK_MS + FADE_MS)
            assert paused.at - paused_at <= 0.001 * (BLOCK_MS + FADE_MS)
            assert paused.position_ms == pytest.approx(500, abs=BLOCK_MS + FADE_MS)

            made.say(Flush(turn=1))
            await made.wire.until(
                lambda message: isinstance(message, Playback) and message.finished
            )
            assert made.wire.of(Playback)[-1].position_ms == paused.position_ms
            assert made.state() is State.SPEAKING
            made.say(chunk(0.4, 2000), AudioStop(turn=1))
            await asyncio.sleep(0.1)
            made.say(Duck(turn=1, gain_db=0, ramp_ms=20))
            await asyncio.sleep(0.5)
            made.say(TurnEnded(1, "answered", "Done.", {}))
            assert made.state() is State.IDLE
            reports = made.wire.of(Playback)
            assert reports[-1] == Playback(1, paused.position_ms + 400, 0, finished=True)
            positions = [report.position_ms for report in reports]
            assert positions == sorted(positions)
            assert made.events(events.Failed) == []
            assert len(made.events(events.FirstAudio)) == 1
            assert [event.gain_db for event in made.events(events.PlaybackDucked)] == [-6.0206, 0]
            assert len(made.events(events.PlaybackFlushed)) == 1

    run_virtual(scene())
    heard = np.frombuffer(read_speech(answer), dtype="<i2")
    assert heard[2000:7000] == pytest.approx(1000, abs=3)
    assert heard[-2000:-500] == pytest.approx(2000, abs=5)
    # The word that is said again keeps the gain, until the hub changes it.
    assert 1000 in heard[-6000:-5000]


def test_a_pause_in_mid_word_and_a_resume_lose_nothing() -> None:
    async def scene() -> None:
        async with house() as made:
            await speak(made, 1.0)
            made.say(AudioStop(turn=1))
            await asyncio.sleep(0.3)
            made.say(Pause(turn=1))
            await asyncio.sleep(4)
            made.say(Resume(turn=1))
            await asyncio.sleep(1)
            assert made.wire.of(Playback)[-1] == Playback(1, 1000, 0, finished=True)
            assert made.events(events.PlaybackFinished)[-1].position_ms == 1000
            assert len(made.events(events.PlaybackResumed)) == 1
            assert made.satellite.playback.underruns == 0

    run_virtual(scene())


def test_who_talks_over_an_answer_is_heard_to_the_last_sample() -> None:
    async def scene() -> None:
        async with house() as made:
            await speak(made)
            await asyncio.sleep(0.5)
            clip = np.arange(1, 512 * 20 + 1, dtype="<i2").tobytes()
            began: list[float] = []
            made.microphone.say(clip, began.append)
            await asyncio.sleep(0.2)
            made.say(Listen(2, None, 8000, keep_open=True))
            await asyncio.sleep(1)
            chunks = made.wire.of(AudioChunk)
            assert {message.turn for message in chunks} == {1, 2}
            assert [message.turn for message in chunks] == sorted(
                message.turn or 0 for message in chunks
            )
            heard = b"".join(message.audio for message in chunks)
            assert heard.count(clip) == 1
            times = [message.timestamp or 0 for message in chunks]
            assert set(np.diff(times)) == {32}
            # When a sample was in the air follows from either event.
            streamed = made.events(events.MicrophoneStreamed)[-1]
            assert streamed.turn == 2
            assert streamed.clip_sample is not None
            assert streamed.at - began[0] == pytest.approx(streamed.clip_sample / 16_000)
            assert made.events(events.PlaybackFinished)[-1].turn == 1
            assert made.satellite.state is State.LISTENING

    run_virtual(scene())


def hear_wake_word(audio: bytes, word: str) -> Wake:
    async def scene() -> Wake:
        async with house(None, word) as made:
            made.microphone.say(audio)
            await made.wire.until(lambda message: isinstance(message, Wake))
            return made.wire.of(Wake)[0]

    return run_virtual(scene())


@pytest.mark.parametrize("word", ["okay_nabu", "hey_jarvis"])
def test_a_wake_word_from_further_away_is_reported_as_that_much_quieter(word: str) -> None:
    recording = next(r for r in recordings("wake") if r.text == word)
    noise = np.random.default_rng(1).normal(0, 30, 16_000 * 2).astype("<i2").tobytes()
    room = noise + read_speech(recording.path) + silence(500)
    near, far = (
        hear_wake_word(scale(room, gain_from_db(gain_db)), word) for gain_db in (0.0, -10.0)
    )
    for wake in (near, far):
        assert wake.wake_word == word
        assert wake.score is not None
        assert wake.score > 0.5
        assert wake.age_ms is not None
        assert 20 <= wake.age_ms <= 200
    assert near.loudness_dbfs is not None
    assert near.noise_dbfs is not None
    assert far.loudness_dbfs is not None
    assert far.noise_dbfs is not None
    assert near.loudness_dbfs - far.loudness_dbfs == pytest.approx(10, abs=1)
    assert near.noise_dbfs - far.noise_dbfs == pytest.approx(10, abs=2)
    assert near.loudness_dbfs > near.noise_dbfs + 10


class Bench:
    """A satellite whose hands and settings are used, without sound."""

    def __init__(self) -> None:
        self.told: list[Event] = []
        self.satellite = Satellite(PlaybackBuffer(RATE), [self.told.append], clock=lambda: 1.0)

    def connect(self) -> "Bench":
        self.satellite.link_up(Hub("hub", "Sotto", Address("127.0.0.1", 1), "s"))
        self.told.clear()
        return self

    def set(self, **values: object) -> None:
        self.satellite.received(Settings(dict(values)))

    @property
    def failed(self) -> list[str]:
        return [event.code for event in self.told if isinstance(event, events.Failed)]


def test_while_a_switch_mutes_neither_key_nor_hub_can_undo_it() -> None:
    bench = Bench().connect()
    bench.satellite.switch_mute(muted=True)
    bench.satellite.toggle_mute()
    bench.set(muted=False)
    assert bench.satellite.machine.muted
    assert bench.failed == ["muted-by-switch", "bad-setting"]
    bench.satellite.switch_mute(muted=False)
    assert not bench.satellite.machine.muted


def test_what_was_muted_by_hand_stays_so_when_the_switch_lets_go() -> None:
    bench = Bench()
    bench.satellite.toggle_mute()
    bench.satellite.switch_mute(muted=True)
    bench.satellite.switch_mute(muted=False)
    assert bench.satellite.machine.muted
    assert bench.satellite.muted_by_hand


def test_it_begins_as_loud_and_as_muted_as_it_was_left() -> None:
    bench = Bench()
    bench.satellite.begin_with(volume=0.3, muted=True)
    assert (bench.satellite.playback.volume, bench.satellite.machine.muted) == (0.3, True)


def test_a_volume_that_the_hub_sets_is_told() -> None:
    bench = Bench().connect()
    bench.set(volume=0.25)
    assert bench.told == [events.VolumeChanged(1.0, 0.25)]


def test_the_button_stops_what_rings_and_talks_after_that() -> None:
    bench = Bench()
    told = bench.satellite
    told.ringing = Ringing(
        lambda: None, lambda: None, told.emit, told.send, alone=True, clock=lambda: 1.0
    )
    told.received(TimerStarted("a", 0))
    told.received(TimerFinished("a"))
    assert told.ringing.rings
    told.press_button()
    assert bench.told[-1] == events.Ringing(1.0, ringing=False)
    assert bench.failed == []
    told.press_button()
    assert bench.failed == ["no-hub"]


@pytest.mark.parametrize("muted", [False, True])
def test_the_button_stops_what_the_hub_rings_also_between_two_rings(muted: bool) -> None:
    bench = Bench().connect()
    sent: list[Message] = []
    told = bench.satellite
    told.ringing = Ringing(lambda: None, lambda: None, told.emit, sent.append, clock=lambda: 1.0)
    told.ringing.link_up()
    if muted:
        told.toggle_mute()
    told.received(TimerStarted("a", 0))
    told.received(TimerFinished("a"))
    told.press_button()
    assert sent == [TimerCancelled("a")]
    assert told.state is State.IDLE
    assert bench.failed == []


class Gone:
    """A microphone that is pulled out."""

    dropped_frames = 0
    patient = False

    async def frames(self) -> AsyncGenerator[Frame, None]:
        for _ in ():
            yield Frame(b"", 0, 0.0)
        raise SatelliteError("microphone-lost", "it is unplugged")


@pytest.mark.parametrize(("speaks", "state"), [(False, State.IDLE), (True, State.SPEAKING)])
async def test_a_lost_microphone_ends_the_command_and_not_the_answer(
    speaks: bool, state: State
) -> None:
    bench = Bench().connect()
    bench.satellite.received(Listen(1, None, max_ms=8000))
    if speaks:
        bench.satellite.received(AudioStart(RATE, 2, 1, turn=1))
    with pytest.raises(SatelliteError, match="unplugged"):
        await bench.satellite.hear(Gone())
    assert bench.satellite.state is state


async def test_the_button_says_why_it_is_of_no_use_without_a_microphone_or_with_it_off() -> None:
    bench = Bench().connect()
    with pytest.raises(SatelliteError, match="unplugged"):
        await bench.satellite.hear(Gone())
    bench.satellite.received(AudioStart(RATE, 2, 1, turn=1))
    bench.satellite.press_button()
    assert bench.satellite.machine.turn is None, "it still stops what is said"
    assert bench.failed == []
    bench.satellite.press_button()
    bench.satellite.toggle_mute()
    bench.satellite.press_button()
    assert bench.failed == ["nothing-hears", "muted"]
    assert bench.satellite.state is State.IDLE
