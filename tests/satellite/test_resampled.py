"""A renderer of one rate on a speaker of another."""

import numpy as np
import pytest

from satellite.jitter import PlaybackBuffer
from satellite.resampled import Resampled, at_rate
from tests.satellite.wav_samples import sine


def play(buffer: PlaybackBuffer, rate_hz: int, seconds: float) -> np.ndarray:
    renderer = at_rate(buffer, rate_hz)
    size, at, out = rate_hz // 100, 100.0, []
    for _ in range(int(seconds * 100)):
        out.append(np.frombuffer(renderer.render(size, at), dtype="<i2"))
        at += size / rate_hz
    return np.concatenate(out)


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
def test_what_is_buffered_is_heard_at_the_speakers_rate(rate_hz: int) -> None:
    buffer = PlaybackBuffer(22_050)
    buffer.start(1)
    buffer.write((sine(0.5, 22_050, hz=441) * 32_767).astype("<i2").tobytes())
    buffer.end()
    heard = play(buffer, rate_hz, 0.7)
    loud = np.flatnonzero(np.abs(heard.astype(int)) > 100)
    assert (loud[-1] - loud[0]) / rate_hz == pytest.approx(0.5, abs=0.005)
    power = np.abs(np.fft.rfft(heard[loud[0] : loud[-1]].astype(float)))
    peak_hz = power.argmax() * rate_hz / (loud[-1] - loud[0])
    assert peak_hz == pytest.approx(441, abs=3)
    assert buffer.report.finished
    assert buffer.report.played_samples == 11_025


def test_the_time_at_which_a_sample_is_heard_stays_right() -> None:
    buffer = PlaybackBuffer(22_050)
    renderer = Resampled(buffer, 48_000)
    for block in range(10):
        renderer.render(480, 100 + block * 0.01)
    buffer.start(1)
    buffer.write(bytes(22_050))
    renderer.render(480, 100.1)
    assert buffer.report.started_at == pytest.approx(100.1, abs=0.002)


def test_a_flush_is_silent_at_once() -> None:
    buffer = PlaybackBuffer(22_050)
    buffer.start(1)
    buffer.write(b"\x00\x20" * 22_050)
    renderer = Resampled(buffer, 48_000)
    renderer.render(4800, 100.0)
    buffer.flush()
    after = np.frombuffer(renderer.render(4800, 100.1), dtype="<i2")
    assert not after[int(48_000 * 0.008) :].any()


def test_a_speaker_of_the_same_rate_gets_the_buffer_itself() -> None:
    buffer = PlaybackBuffer(48_000)
    assert at_rate(buffer, 48_000) is buffer
