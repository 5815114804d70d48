"""What the speaker plays, by the time at which it is heard."""

import numpy as np
import pytest

from satellite.jitter import PlaybackBuffer
from satellite.reference import JUMP_S, Reference, Timeline

RATE = 16_000


def tone(begin_s: float, samples: int, rate_hz: int = RATE, hz: float = 440) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hz * (begin_s + np.arange(samples) / rate_hz))


def pcm(sound: np.ndarray) -> bytes:
    return (sound * 32_767).astype("<i2").tobytes()


def sound_of(reference: Reference, at: float, samples: int) -> np.ndarray:
    return reference.sound(reference.place(at), samples)


def played(seconds: float, *, rate_hz: int = RATE) -> Reference:
    """Play a tone that began at clock time 100."""
    reference = Reference()
    size = rate_hz // 100
    for block in range(int(seconds * 100)):
        at = 100 + block * 0.01
        reference.add(pcm(tone(block * 0.01, size, rate_hz)), at, rate_hz)
        if block % 3 == 0:
            sound_of(reference, at - 1, 160)
    return reference


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 48_000])
def test_the_sound_of_a_time_is_found(rate_hz: int) -> None:
    reference = played(3.0, rate_hz=rate_hz - rate_hz % 100)
    sound = sound_of(reference, 101.7, 480)
    assert np.allclose(sound, tone(1.7, 480), atol=0.01)


def errors_ms(seconds: int, *, trembling_s: float, drift: float) -> np.ndarray:
    """Return by how much a line is wrong after each block of 10 ms."""
    line, rng, errors = Timeline(), np.random.default_rng(3), []
    for block in range(1, seconds * 100):
        at = 100 + block * 0.01 * (1 + drift)
        line.see(block * 160, at + rng.normal() * trembling_s, 0.01)
        assert line.zero is not None
        errors.append((line.zero - (at - block * 0.01)) * 1000)
    return np.array(errors)


def test_trembling_times_are_smoothed() -> None:
    errors = errors_ms(30, trembling_s=0.004, drift=0.0)
    assert np.abs(errors[300:]).max() < 0.7
    assert np.abs(errors[2000:]).max() < 0.3


def line_after(times_wrong_by: list[float], *, steps_from_s: float = 0.0) -> float:
    """Return by how many ms a line is wrong after blocks of 10 ms with these errors, in s."""
    line = Timeline(steps_from_s=steps_from_s)
    for block, wrong_s in enumerate(times_wrong_by, 1):
        line.see(block * 160, 100 + block * 0.01 + wrong_s, 0.01)
    assert line.zero is not None
    return (line.zero - 100) * 1000


def test_wrong_times_of_the_first_seconds_are_soon_forgotten() -> None:
    settling = [0.03 * max(0.0, 1 - block / 200) for block in range(800)]
    assert abs(line_after(settling)) < 1


@pytest.mark.parametrize("moved_s", [0.006, 0.02, -0.03])
def test_sound_that_is_earlier_or_later_from_now_on_is_followed_at_once(moved_s: float) -> None:
    assert line_after([0.0] * 2000 + [moved_s] * 20) == pytest.approx(moved_s * 1000, abs=1)


@pytest.mark.parametrize("since_s", [3.0, 20.0])
@pytest.mark.parametrize("moved_s", [0.01, -0.03])
def test_sound_that_is_lost_is_followed_at_once_also_early_and_past_a_bad_reading(
    since_s: float, moved_s: float
) -> None:
    after = [moved_s] * 20
    after[9] += 0.02
    assert line_after([0.0] * int(since_s * 100) + after) == pytest.approx(moved_s * 1000, abs=1.5)


@pytest.mark.parametrize(("since_s", "follows"), [(9.0, False), (11.0, True)])
def test_losses_may_be_believed_from_some_time_on_only(since_s: float, follows: bool) -> None:
    times = [0.0] * int(since_s * 100) + [0.01] * 20
    assert (line_after(times, steps_from_s=10.0) > 9) is follows


@pytest.mark.parametrize("blocks", [5, 10, 12])
def test_times_that_are_wrong_for_a_moment_move_nothing(blocks: int) -> None:
    assert abs(line_after([0.0] * 2000 + [0.008] * blocks + [0.0] * 100)) < 0.3


def test_times_that_wander_far_are_not_followed_at_once() -> None:
    line, moved_s = Timeline(), []
    for block in range(1, 3000):
        wrong_s = 0.008 * min(1.0, max(0.0, (block - 2000) / 400))
        moved_s.append(line.see(block * 160, 100 + block * 0.01 + wrong_s, 0.01))
    assert not any(moved_s[1:])


@pytest.mark.parametrize("drift", [0.0001, -0.0002])
def test_a_clock_that_is_fast_or_slow_is_followed(drift: float) -> None:
    errors = errors_ms(400, trembling_s=0.003, drift=drift)
    assert np.abs(errors).max() < 8
    assert np.abs(errors[39_000:].mean()) < 1
    slope = (errors[39_000:].mean() - errors[30_000:31_000].mean()) / 90_000
    assert abs(slope) < abs(drift) / 5


def test_what_is_not_known_is_silence() -> None:
    assert not sound_of(Reference(), 100.0, 160).any()
    reference = played(3.0)
    assert not sound_of(reference, 90.0, 160).any()
    assert not sound_of(reference, 110.0, 160).any()
    edge = sound_of(reference, 102.98, 640)
    assert edge[:160].any()
    assert not edge[400:].any()


def test_after_a_jump_the_old_sound_is_forgotten() -> None:
    reference = played(1.0)
    sound_of(reference, 100.5, 160)
    reference.add(pcm(tone(1.0, 1600)), 105.0, RATE)
    assert not sound_of(reference, 104.5, 160).any()
    assert sound_of(reference, 105.01, 160).any()


def test_nobody_who_listens_costs_no_memory() -> None:
    reference = Reference()
    for block in range(10_000):
        reference.add(bytes(320), block * 0.01, RATE)
    assert sound_of(reference, 99.9, 160).size == 160


def test_a_tap_plays_the_same_and_adds_it() -> None:
    reference, buffer = Reference(), PlaybackBuffer(RATE)
    tap = reference.tap(buffer)
    assert tap.rate_hz == RATE
    buffer.start(1)
    buffer.write(pcm(tone(0, 1600)))
    heard = tap.render(1600, 100.0)
    assert heard == pcm(tone(0, 1600))
    assert np.allclose(sound_of(reference, 100.03, 160), tone(0.03, 160), atol=0.001)


def test_a_line_begins_anew_at_a_jump() -> None:
    line = Timeline()
    assert line.see(160, 100.01, 0.01)
    assert not line.see(320, 100.02, 0.01)
    assert line.see(480, 100.03 + 2 * JUMP_S, 0.01)
    assert line.zero == pytest.approx(100.0 + 2 * JUMP_S)


def test_times_that_wander_are_told_from_times_that_tremble() -> None:
    wandering_s = []
    for trembling_s, wander_s in ((0.0, 0.0), (0.001, 0.0), (0.0, 0.001)):
        line, rng = Timeline(), np.random.default_rng(3)
        for block in range(1, 3000):
            wrong_s = rng.normal() * trembling_s + wander_s * np.sin(block / 150)
            line.see(block * 160, 100 + block * 0.01 + wrong_s, 0.01)
        wandering_s.append(line.wandering_s)
    steady, trembles, wanders = wandering_s
    assert steady == pytest.approx(0.0, abs=1e-9)
    assert trembles < 0.0001
    assert wanders == pytest.approx(0.0005, rel=0.4)
