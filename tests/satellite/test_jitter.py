import threading

import numpy as np
import numpy.typing as npt
import pytest

from satellite.jitter import MAX_ORDERS, PlaybackBuffer, PlaybackFull

RATE = 1000  # one sample is one millisecond


def tone(samples: int, value: int = 1000) -> bytes:
    return np.full(samples, value, dtype="<i2").tobytes()


def samples_of(pcm16: bytes) -> npt.NDArray[np.int16]:
    return np.frombuffer(pcm16, dtype="<i2").astype(np.int16)


class Player:
    """Renders on a clock of its own, as a sound card does."""

    def __init__(self, *, limit_ms: float = 30_000) -> None:
        self.buffer = PlaybackBuffer(RATE, limit_ms=limit_ms)
        self.now = 50.0
        self.changes = 0
        self.buffer.on_change = self._count

    def _count(self) -> None:
        self.changes += 1

    def has_finished(self) -> bool:
        return self.buffer.report.finished

    def render(self, samples: int) -> npt.NDArray[np.int16]:
        audio = self.buffer.render(samples, self.now)
        self.now += samples / RATE
        assert len(audio) == samples * 2
        return samples_of(audio)

    def play(self, audio: bytes, *, end: bool = False) -> "Player":
        self.buffer.start(1)
        self.buffer.write(audio)
        if end:
            self.buffer.end()
        return self


def test_a_buffer_that_was_given_nothing_is_idle_and_silent() -> None:
    player = Player()
    assert player.buffer.idle
    assert not player.render(10).any()
    assert player.buffer.report.played_samples == 0


def test_samples_come_out_as_they_went_in() -> None:
    player = Player()
    audio = np.arange(-500, 500, dtype="<i2")
    player.play(audio.tobytes(), end=True)
    out = np.concatenate([player.render(n) for n in (1, 7, 92, 400, 500)])
    assert (out == audio).all()
    assert player.buffer.idle


def test_what_is_missing_at_the_end_of_a_block_is_silence() -> None:
    player = Player().play(tone(15), end=True)
    out = player.render(20)
    assert (out[:15] == 1000).all()
    assert not out[15:].any()


def test_a_stream_has_finished_when_its_last_sample_has_been_taken() -> None:
    player = Player().play(tone(20), end=True)
    player.render(19)
    assert not player.has_finished()
    player.render(1)
    assert player.has_finished()
    assert player.buffer.report.played_samples == 20


def test_a_stream_without_audio_finishes_without_having_been_heard() -> None:
    player = Player()
    player.buffer.start(1)
    player.buffer.end()
    player.render(10)
    assert player.has_finished()
    assert player.buffer.report.started_at is None
    assert player.changes == 1


def test_a_stream_that_is_open_does_not_finish() -> None:
    player = Player()
    player.buffer.start(1)
    player.render(10)
    assert not player.has_finished()
    assert not player.buffer.idle


def test_the_start_is_when_the_first_sample_is_heard() -> None:
    player = Player()
    player.buffer.start(1)
    player.render(10)
    player.buffer.write(tone(5))
    started = player.now
    player.render(10)
    assert player.buffer.report.started_at == started
    assert player.changes == 1


def test_the_position_counts_samples_that_have_been_heard() -> None:
    player = Player().play(tone(100), end=True)
    start = player.now
    player.render(100)  # handed to the device in one piece, heard during the next 100 ms
    assert player.buffer.position_ms(start) == 0
    assert player.buffer.position_ms(start + 0.040) == pytest.approx(40)
    assert player.buffer.position_ms(start + 0.100) == pytest.approx(100)
    assert player.buffer.position_ms(start + 9) == pytest.approx(100)


def test_silence_does_not_count_as_played() -> None:
    player = Player().play(tone(10))
    player.render(50)
    assert player.buffer.report.played_samples == 10


def test_what_waits_is_what_was_written_less_what_was_played_or_dropped() -> None:
    player = Player().play(tone(100))
    assert player.buffer.buffered_ms == 100
    player.render(30)
    assert player.buffer.buffered_ms == 70
    player.buffer.flush()
    player.render(10)
    assert player.buffer.buffered_ms == 0


def test_running_dry_counts_once_however_long_it_lasts() -> None:
    player = Player().play(tone(10))
    for _ in range(5):
        player.render(10)
    assert player.buffer.report.underruns == 1


def test_a_stream_that_ends_with_its_last_sample_has_not_run_dry() -> None:
    player = Player().play(tone(10))
    player.render(10)
    player.buffer.end()
    player.render(10)
    assert player.buffer.report.underruns == 0
    assert player.has_finished()


def test_waiting_for_the_first_sample_is_not_running_dry() -> None:
    player = Player()
    player.buffer.start(1)
    player.render(50)
    assert player.buffer.report.underruns == 0


def test_after_running_dry_a_little_is_gathered_before_it_goes_on() -> None:
    player = Player().play(tone(10))
    player.render(20)
    player.buffer.write(tone(59))
    assert not player.render(10).any()
    player.buffer.write(tone(1))
    assert player.render(10).any()


def test_after_running_dry_the_end_of_the_stream_is_not_waited_for() -> None:
    player = Player().play(tone(10))
    player.render(20)
    player.buffer.write(tone(20))
    player.buffer.end()
    assert player.render(20)[-1] == 1000
    assert player.has_finished()


def test_it_goes_on_without_a_click_after_running_dry() -> None:
    player = Player().play(tone(10, 10_000))
    player.render(20)
    player.buffer.write(tone(100, 10_000))
    out = np.concatenate([[0], player.render(10).astype(int)])
    assert np.abs(np.diff(out)).max() <= 2000
    assert out[-1] == 10_000


def test_what_was_gathered_after_running_dry_is_played_to_its_end() -> None:
    player = Player().play(tone(10))
    player.render(20)
    player.buffer.write(tone(80))
    player.render(50)
    assert (player.render(30) == 1000).all()


def test_a_flush_is_silent_after_five_milliseconds_without_a_click() -> None:
    player = Player().play(tone(500, 10_000))
    player.render(10)
    player.buffer.flush()
    out = player.render(20).astype(int)
    assert (np.diff(out[:5]) <= 0).all()
    assert np.abs(np.diff(out)).max() <= 2000
    assert not out[5:].any()
    assert player.has_finished()
    assert player.buffer.report.played_samples == 15


def test_a_flush_before_anything_was_heard_plays_nothing() -> None:
    player = Player().play(tone(100))
    player.buffer.flush()
    assert not player.render(20).any()
    assert player.has_finished()
    assert player.buffer.report.started_at is None


def test_a_flush_with_less_left_than_its_fade_ends_all_the_same() -> None:
    player = Player().play(tone(12))
    player.render(10)
    player.buffer.flush()
    player.render(10)
    assert player.has_finished()


def test_a_flush_of_a_stream_that_has_finished_does_not_touch_what_follows() -> None:
    player = Player().play(tone(10), end=True)
    player.render(10)
    player.buffer.flush()
    player.buffer.write(tone(10))
    player.buffer.end()
    assert (player.render(10) == 1000).all()


def test_audio_that_follows_a_flush_is_played() -> None:
    player = Player().play(tone(100, 5000))
    player.render(10)
    player.buffer.flush()
    player.buffer.write(tone(20, 77))
    player.buffer.end()
    first, second = player.render(10), player.render(20)
    assert 77 not in first
    assert (second == 77).all()
    assert player.has_finished()


def test_a_pause_holds_the_position_and_loses_nothing() -> None:
    player = Player().play(np.arange(1, 201, dtype="<i2").tobytes(), end=True)
    player.render(50)
    player.buffer.pause()
    faded = player.render(10)
    assert not player.render(100).any()
    position = player.buffer.report.played_samples
    assert position == 55
    assert not faded[5:].any()
    player.buffer.resume()
    rest = player.render(145)
    assert (rest[10:] == np.arange(66, 201)).all()
    assert player.has_finished()
    assert player.buffer.report.underruns == 0


def test_a_pause_before_the_first_sample_keeps_it_for_later() -> None:
    player = Player()
    player.buffer.start(1)
    player.buffer.pause()
    player.buffer.write(tone(10))
    assert not player.render(10).any()
    assert player.buffer.report.started_at is None
    player.buffer.resume()
    assert player.render(10)[-1] == 1000


def test_a_paused_stream_that_is_flushed_finishes() -> None:
    player = Player().play(tone(100))
    player.render(10)
    player.buffer.pause()
    player.render(10)
    player.buffer.flush()
    assert not player.render(10).any()
    assert player.has_finished()


def test_a_pause_does_not_outlive_its_stream() -> None:
    player = Player().play(tone(100))
    player.buffer.pause()
    player.buffer.start(2)
    player.buffer.write(tone(10))
    assert (player.render(10) == 1000).all()


def test_a_gain_moves_in_a_straight_line_and_stays() -> None:
    player = Player().play(tone(300, 10_000))
    player.render(10)
    player.buffer.set_gain(0.25, ramp_ms=100)
    ramp = player.render(100).astype(int)
    assert (np.diff(ramp) <= 0).all()
    assert np.abs(np.diff(ramp)).max() <= 76
    assert (player.render(50) == 2500).all()


def test_the_shortest_gain_ramp_is_long_enough_not_to_click() -> None:
    player = Player().play(tone(300, 10_000))
    player.render(10)
    player.buffer.set_gain(0.0, ramp_ms=0)
    out = np.concatenate([[10_000], player.render(20).astype(int)])
    assert np.abs(np.diff(out)).max() <= 2000
    assert not out[6:].any()


def test_a_gain_above_one_is_clipped_and_does_not_wrap() -> None:
    player = Player().play(tone(50, 30_000))
    player.buffer.set_gain(4.0, ramp_ms=5)
    assert (player.render(50)[5:] == 32_767).all()


def test_a_new_stream_drops_what_is_left_and_counts_from_zero() -> None:
    player = Player().play(tone(100))
    player.render(10)
    player.buffer.start(2)
    player.buffer.write(tone(30, 7))
    player.buffer.end()
    assert (player.render(30) == 7).all()
    assert player.buffer.report.stream == 2
    assert player.buffer.report.played_samples == 30
    assert player.buffer.buffered_ms == 0


def test_more_audio_after_the_end_goes_on_with_the_same_count() -> None:
    player = Player().play(tone(10), end=True)
    started = player.now
    player.render(10)
    player.buffer.write(tone(5))
    player.buffer.end()
    assert not player.buffer.idle
    player.render(10)
    assert player.buffer.report.played_samples == 15
    assert player.buffer.report.started_at == started
    assert player.has_finished()


def test_a_stream_that_goes_on_after_its_end_is_open_again() -> None:
    player = Player().play(tone(10), end=True)
    player.render(10)
    player.buffer.write(tone(5))
    player.render(10)
    assert not player.has_finished()


def test_audio_beyond_the_limit_is_refused_and_the_rest_kept() -> None:
    player = Player(limit_ms=100)
    player.play(tone(100))
    with pytest.raises(PlaybackFull):
        player.buffer.write(tone(1))
    player.render(40)
    player.buffer.write(tone(40))
    assert player.buffer.buffered_ms == 100


def test_crumbs_for_a_device_that_never_renders_are_refused_in_the_end() -> None:
    buffer = PlaybackBuffer(RATE)
    buffer.start(1)
    for _ in range(MAX_ORDERS - 1):
        buffer.write(tone(1))
    with pytest.raises(PlaybackFull):
        buffer.write(tone(1))


def test_half_a_sample_is_dropped() -> None:
    player = Player().play(tone(3) + b"\1", end=True)
    player.render(3)
    assert player.has_finished()


def test_the_writer_hears_of_every_order() -> None:
    player = Player()
    calls: list[int] = []
    player.buffer.on_order = lambda: calls.append(1)
    player.play(tone(10), end=True)
    player.buffer.write(b"")
    assert len(calls) == 3


def test_a_writer_and_a_renderer_on_two_threads_lose_no_sample() -> None:
    buffer = PlaybackBuffer(RATE, limit_ms=1_000_000)
    done = threading.Event()
    heard: list[bytes] = []

    def render() -> None:
        while not (done.is_set() and buffer.idle):
            heard.append(buffer.render(64, 0.0))

    audio = np.arange(1, 30_001, dtype="<i2").tobytes()
    thread = threading.Thread(target=render, daemon=True)
    thread.start()
    buffer.start(1)
    for begin in range(0, len(audio), 200):
        buffer.write(audio[begin : begin + 200])
    buffer.end()
    done.set()
    thread.join(60)
    assert not thread.is_alive()
    assert buffer.report.played_samples == 30_000
    assert buffer.buffered_ms == 0


def test_a_flush_of_a_paused_stream_finishes_in_the_same_block() -> None:
    player = Player().play(tone(100))
    player.render(10)
    player.buffer.pause()
    player.render(10)
    changes = player.changes
    player.buffer.flush()
    player.render(1)
    assert player.has_finished()
    assert player.changes == changes + 1
    assert player.buffer.buffered_ms == 0


def test_a_pause_before_a_flush_does_not_hold_what_follows_the_flush() -> None:
    player = Player().play(tone(100))
    player.render(10)
    player.buffer.pause()
    player.render(10)
    player.buffer.flush()
    player.buffer.write(tone(20, 77))
    player.render(10)
    assert (player.render(20) == 77).all()


def test_a_flush_lifts_a_pause_that_came_when_all_had_been_played() -> None:
    player = Player().play(tone(10), end=True)
    player.render(10)
    player.buffer.pause()
    player.buffer.flush()
    player.buffer.write(tone(20, 77))
    assert (player.render(20) == 77).all()


def test_what_is_played_again_after_a_flush_counts_on_from_where_it_was() -> None:
    player = Player().play(tone(100))
    player.render(50)
    player.buffer.flush()
    player.render(10)
    player.now += 1
    assert player.buffer.position_ms(player.now) == 55
    player.buffer.write(tone(30))
    player.buffer.end()
    player.render(30)
    assert player.buffer.position_ms(player.now) == 85
    assert player.has_finished()
    assert player.buffer.report.underruns == 0


def test_the_gain_stays_when_the_stream_goes_on_after_a_flush() -> None:
    player = Player().play(tone(100, 10_000))
    player.buffer.set_gain(0.25, ramp_ms=5)
    player.render(20)
    player.buffer.flush()
    player.render(10)
    player.buffer.write(tone(30, 10_000))
    assert (player.render(30) == 2500).all()


@pytest.mark.parametrize("gap", ["flush", "pause", "underrun"])
def test_the_position_does_not_fall_behind_a_device_that_plays_late(gap: str) -> None:
    player = Player().play(tone(100))
    player.buffer.render(50, player.now + 0.2)
    if gap == "flush":
        player.buffer.flush()
        player.buffer.render(10, player.now + 0.25)
    elif gap == "pause":
        player.buffer.pause()
        player.buffer.render(10, player.now + 0.25)
    else:
        player.buffer.render(100, player.now + 0.25)
    player.now += 1
    before = player.buffer.position_ms(player.now)
    assert before == pytest.approx(100 if gap == "underrun" else 55)
    player.buffer.resume()
    player.buffer.write(tone(100))
    player.buffer.render(10, player.now + 0.2)
    assert player.buffer.position_ms(player.now) == pytest.approx(before)
    assert player.buffer.position_ms(player.now + 0.205) == pytest.approx(before + 5)


def test_a_pause_is_told_once_when_it_is_silent() -> None:
    player = Player().play(tone(100))
    player.render(50)
    changes = player.changes
    player.buffer.pause()
    assert player.buffer.report.paused_at is None
    silent_at = player.now + 0.005
    player.render(10)
    player.render(10)
    assert player.buffer.report.paused_at == pytest.approx(silent_at)
    assert player.changes == changes + 1
    player.buffer.resume()
    player.render(10)
    assert player.buffer.report.paused_at is None


def test_a_pause_that_finds_nothing_to_fade_is_silent_at_once_and_stays_so() -> None:
    player = Player().play(tone(12, 10_000))
    player.render(10)
    player.buffer.pause()
    player.render(10)
    assert player.buffer.report.paused_at is not None
    player.buffer.write(tone(100, 10_000))
    assert not player.render(20).any()
    player.buffer.resume()
    assert player.render(20)[-1] == 10_000
    assert player.buffer.report.played_samples == 32


def test_a_pause_that_is_taken_back_in_its_fade_loses_nothing() -> None:
    player = Player().play(np.arange(1, 201, dtype="<i2").tobytes(), end=True)
    player.render(50)
    player.buffer.pause()
    player.render(3)
    player.buffer.resume()
    out = player.render(147)
    assert (out[5:] == np.arange(59, 201)).all()
    assert player.buffer.report.paused_at is None
    assert player.has_finished()
