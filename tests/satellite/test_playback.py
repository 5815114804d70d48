import asyncio

import numpy as np
import pytest

from protocol import AudioFormat
from satellite import playback
from satellite.jitter import PlaybackBuffer, PlaybackFull
from satellite.playback import REPORT_S, Playback
from tests.satellite.virtual_clock import VirtualClock
from tests.satellite.wav_samples import sine

RATE = 16_000
FORMAT = AudioFormat(RATE, 2, 1)


class Listener:
    def __init__(self) -> None:
        self.told: list[tuple[str, int, float]] = []
        self.changed = asyncio.Event()

    def playback_started(self, turn: int, at: float) -> None:
        self._note("started", turn, at)

    def playback_moved(self, turn: int, position_ms: float, buffered_ms: float) -> None:
        self._note("moved", turn, position_ms)

    def playback_paused(self, turn: int, at: float, position_ms: float, buffered_ms: float) -> None:
        self._note("paused", turn, position_ms)

    def playback_finished(self, turn: int, position_ms: float) -> None:
        self._note("finished", turn, position_ms)

    def _note(self, what: str, turn: int, value: float) -> None:
        self.told.append((what, turn, round(value, 3)))
        self.changed.set()


class Deck:
    """A playback whose device is rendered by hand."""

    def __init__(self, *, volume: float = 1.0, limit_ms: float = 30_000) -> None:
        self.clock = VirtualClock()
        self.listener = Listener()
        self.buffer = PlaybackBuffer(RATE, limit_ms=limit_ms)
        self.playback = Playback(self.buffer, self.listener, volume=volume, clock=self.clock)

    def render(self, ms: int, *, ahead_s: float = 0.0) -> bytes:
        audio = self.buffer.render(ms * RATE // 1000, self.clock.now + ahead_s)
        self.clock.now += ms / 1000
        return audio

    def tell(self) -> float | None:
        return self.playback.tell(self.clock.now)


def loud(ms: int, value: int = 10_000) -> bytes:
    return np.full(ms * RATE // 1000, value, dtype="<i2").tobytes()


def values(audio: bytes) -> list[int]:
    return [int(value) for value in np.frombuffer(audio, dtype="<i2")]


def test_a_turn_is_reported_from_its_first_sample_to_its_last() -> None:
    deck = Deck()
    start = deck.clock.now
    deck.playback.start(1)
    deck.playback.play(1, loud(250), FORMAT)
    deck.playback.end()
    for _ in range(5):
        deck.render(60)
        deck.tell()
    assert deck.listener.told == [
        ("started", 1, start),
        ("moved", 1, 180),
        ("finished", 1, 250),
    ]


def test_the_end_is_reported_when_the_last_sample_has_been_heard_not_when_it_was_taken() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(100), FORMAT)
    deck.playback.end()
    deck.render(100, ahead_s=0.2)
    wait_s = deck.tell()
    assert wait_s == pytest.approx(0.2)
    assert [what for what, _, _ in deck.listener.told] == ["started"]
    deck.clock.now += 0.2
    assert deck.tell() is None
    assert deck.listener.told[-1] == ("finished", 1, 100)


def test_a_report_is_due_every_tenth_of_a_second() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(500), FORMAT)
    deck.render(10)
    assert deck.tell() == pytest.approx(REPORT_S)
    deck.render(60)
    assert deck.tell() == pytest.approx(REPORT_S - 0.06)
    deck.render(60)
    assert deck.tell() == pytest.approx(REPORT_S)
    assert deck.listener.told[-1] == ("moved", 1, 130)


def test_nothing_is_reported_while_nothing_plays() -> None:
    deck = Deck()
    assert deck.tell() is None
    assert deck.listener.told == []


def test_a_turn_that_is_displaced_is_reported_as_far_as_it_was_heard() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(500), FORMAT)
    deck.render(120)
    deck.tell()
    deck.playback.start(2)
    assert deck.listener.told[-1] == ("finished", 1, 120)


def test_a_turn_that_is_displaced_before_it_was_heard_counts_nothing() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.start(2)
    assert deck.listener.told == [("finished", 1, 0)]


def test_a_flushed_turn_is_reported_with_what_was_heard() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(500), FORMAT)
    deck.render(100)
    deck.playback.flush()
    deck.render(100)
    deck.tell()
    assert deck.listener.told[-1] == ("finished", 1, 105)


def test_audio_behind_a_flush_is_not_taken_for_the_end() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(500), FORMAT)
    deck.render(100)
    deck.playback.flush()
    deck.playback.play(1, loud(50), FORMAT)
    deck.render(10)
    deck.tell()
    assert [what for what, _, _ in deck.listener.told] == ["started"]


def test_more_of_a_turn_that_had_finished_is_reported_again_without_a_new_start() -> None:
    deck = Deck()
    for _ in range(2):
        if not deck.listener.told:
            deck.playback.start(1)
        deck.playback.play(1, loud(50), FORMAT)
        deck.playback.end()
        deck.render(60)
        deck.tell()
    assert [(what, value) for what, _, value in deck.listener.told[1:]] == [
        ("finished", 50),
        ("finished", 100),
    ]


@pytest.mark.parametrize("rate_hz", [8000, 22_050, 48_000])
def test_other_rates_are_played_at_the_same_pitch_and_length(rate_hz: int) -> None:
    deck = Deck()
    tone = (sine(1.0, rate_hz) * 32_767).astype("<i2").tobytes()
    deck.playback.start(1)
    for begin in range(0, len(tone), 2000):
        part = tone[begin : begin + 2000]
        deck.playback.play(1, part, AudioFormat(rate_hz, 2, 1))
    deck.playback.end()
    heard = np.frombuffer(deck.render(1100), dtype="<i2") / 32_768
    assert abs(deck.buffer.report.played_samples - RATE) <= 16
    middle = heard[4000:12_000]
    assert abs(np.argmax(np.abs(np.fft.rfft(middle))) * RATE / middle.size - 440) < 4


def test_stereo_and_wide_samples_are_played_as_mono() -> None:
    deck = Deck()
    left_and_right = np.array([[8000 << 16, 4000 << 16]] * 160, dtype="<i4").tobytes()
    deck.playback.start(1)
    deck.playback.play(1, left_and_right, AudioFormat(RATE, 4, 2))
    assert values(deck.render(10))[0] == 6000


def test_a_change_of_rate_in_mid_answer_loses_nothing() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(500), AudioFormat(RATE // 2, 2, 1))
    deck.playback.play(1, loud(500), FORMAT)
    deck.playback.end()
    deck.render(2000)
    assert deck.buffer.report.played_samples == pytest.approx(1.5 * RATE, abs=16)


def test_the_volume_is_squared_and_ducking_comes_on_top() -> None:
    deck = Deck(volume=0.5)
    deck.playback.start(1)
    deck.playback.play(1, loud(500), FORMAT)
    assert values(deck.render(50))[-1] == 2500
    deck.playback.duck(-6.0206, 10)
    assert values(deck.render(50))[-1] == 1250
    deck.playback.set_volume(1.0)
    assert values(deck.render(50))[-1] == 5000


def test_a_turns_own_volume_holds_for_the_turn_and_a_hand_on_the_knob_is_stronger() -> None:
    deck = Deck(volume=0.5)
    deck.playback.start(1)
    deck.playback.set_turn_volume(1.0)
    deck.playback.play(1, loud(500), FORMAT)
    assert values(deck.render(50))[-1] == 10_000
    assert deck.playback.volume == 0.5
    deck.playback.set_volume(0.2)
    assert values(deck.render(50))[-1] == 400
    deck.playback.set_turn_volume(0.7)
    deck.playback.start(2)
    deck.playback.play(2, loud(100), FORMAT)
    assert values(deck.render(50))[-1] == 400


def test_ducking_ends_with_its_turn() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.duck(-40, 10)
    deck.playback.start(2)
    deck.playback.play(2, loud(100), FORMAT)
    assert values(deck.render(50))[-1] == 10_000


def test_a_pause_holds_and_a_resume_goes_on() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(100), FORMAT)
    deck.render(50)
    deck.playback.pause()
    deck.render(50)
    assert values(deck.render(50))[-1] == 0
    deck.playback.resume()
    assert values(deck.render(20))[-1] == 10_000


def test_audio_beyond_the_limit_is_refused() -> None:
    deck = Deck(limit_ms=100)
    deck.playback.start(1)
    with pytest.raises(PlaybackFull):
        deck.playback.play(1, loud(101), FORMAT)


def test_every_turn_is_reported_from_its_start() -> None:
    deck = Deck()
    for turn in (1, 2):
        deck.playback.start(turn)
        deck.playback.play(turn, loud(50), FORMAT)
        deck.playback.end()
        for _ in range(2):
            deck.render(60)
            deck.tell()
    assert [(what, turn) for what, turn, _ in deck.listener.told] == [
        ("started", 1),
        ("finished", 1),
        ("started", 2),
        ("finished", 2),
    ]


@pytest.mark.parametrize("cut", ["displaced", "flushed"])
def test_nothing_of_a_turn_that_was_cut_is_left_in_the_resampler(cut: str) -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(500), AudioFormat(RATE * 2, 2, 1))
    deck.render(100)
    if cut == "flushed":
        deck.playback.flush()
        deck.render(100)
    deck.playback.start(2)
    deck.playback.play(2, loud(100, 0), AudioFormat(RATE * 2, 2, 1))
    deck.playback.end()
    assert max(map(abs, values(deck.render(200)))) <= 2  # soxr dithers


async def test_watching_tells_of_a_turn_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing is told by looking now and then: the renderer's word is what counts.
    monkeypatch.setattr(playback, "REPORT_S", 1000.0)
    deck = Deck()
    task = asyncio.create_task(deck.playback.watch())
    deck.playback.start(1)
    deck.playback.play(1, loud(20), FORMAT)
    deck.playback.end()
    for _ in range(3):
        await asyncio.sleep(0)  # the watcher has looked, and waits
    await asyncio.to_thread(deck.render, 40)
    async with asyncio.timeout(60):
        while "finished" not in [what for what, _, _ in deck.listener.told]:
            deck.listener.changed.clear()
            await deck.listener.changed.wait()
    task.cancel()
    await asyncio.wait([task])
    assert [what for what, _, _ in deck.listener.told] == ["started", "finished"]


def test_a_pause_is_reported_at_once_and_exactly() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(500), FORMAT)
    deck.render(110)
    deck.tell()
    deck.playback.pause()
    deck.render(10)
    deck.tell()
    deck.tell()
    paused = [(turn, value) for what, turn, value in deck.listener.told if what == "paused"]
    assert paused == [(1, 115)]


def test_a_pause_is_reported_when_it_is_heard_not_when_the_device_was_told() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(500), FORMAT)
    deck.render(100, ahead_s=0.2)
    deck.playback.pause()
    deck.render(10, ahead_s=0.2)
    wait_s = deck.tell()
    assert wait_s == pytest.approx(0.195)
    assert "paused" not in [what for what, _, _ in deck.listener.told]
    deck.clock.now += 0.195
    deck.tell()
    assert deck.listener.told[-1] == ("paused", 1, 105)


def test_every_pause_is_reported() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(500), FORMAT)
    deck.render(50)
    for _ in range(2):
        deck.playback.pause()
        deck.render(10)
        deck.tell()
        deck.playback.resume()
        deck.render(10)
        deck.tell()
    assert [value for what, _, value in deck.listener.told if what == "paused"] == [55, 70]


def test_ducking_stays_when_the_turn_goes_on_after_a_flush() -> None:
    deck = Deck()
    deck.playback.start(1)
    deck.playback.play(1, loud(500), FORMAT)
    deck.playback.duck(-20, 10)
    deck.render(50)
    deck.playback.pause()
    deck.playback.flush()
    deck.render(50)
    deck.tell()
    deck.playback.play(1, loud(100), FORMAT)
    assert values(deck.render(50))[-1] == 1000
    deck.playback.duck(0, 10)
    assert values(deck.render(50))[-1] == 10_000
