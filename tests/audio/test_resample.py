import numpy as np
import pytest

from audio.resample import Resampler, resample


def tone(rate_hz: int, seconds: float = 1.0) -> bytes:
    t = np.arange(int(rate_hz * seconds)) / rate_hz
    return (np.sin(2 * np.pi * 440 * t) * 20000).astype("<i2").tobytes()


@pytest.mark.parametrize("rate_hz", [8000, 22050, 44100, 48000])
def test_a_tone_keeps_its_length_and_level(rate_hz: int) -> None:
    out = np.frombuffer(resample(tone(rate_hz), rate_hz, 16_000), "<i2").astype(float)
    assert len(out) == pytest.approx(16_000, abs=2)
    expected = np.frombuffer(tone(16_000), "<i2").astype(float)[: len(out)]
    middle = slice(800, 15_000)
    error = out[middle] - expected[middle]
    assert 10 * np.log10(np.mean(expected[middle] ** 2) / np.mean(error**2)) > 40


def test_chunk_borders_do_not_click() -> None:
    audio = tone(22_050)
    stream = Resampler(22_050, 16_000)
    pieces = [stream.process(audio[start : start + 998]) for start in range(0, len(audio), 998)]
    pieces.append(stream.process(b"", last=True))
    whole = np.frombuffer(resample(audio, 22_050, 16_000), "<i2").astype(int)
    chunked = np.frombuffer(b"".join(pieces), "<i2").astype(int)
    assert len(chunked) == pytest.approx(len(whole), abs=2)
    shared = min(len(whole), len(chunked))
    assert np.abs(whole[:shared] - chunked[:shared]).max() <= 2


def test_the_same_rate_is_passed_through_untouched() -> None:
    assert Resampler(16_000, 16_000).process(b"\x01\x02") == b"\x01\x02"


def test_a_stream_can_be_used_again_after_its_last_chunk() -> None:
    stream = Resampler(48_000, 16_000)
    first, second = (
        np.frombuffer(stream.process(tone(48_000, 0.2), last=True), "<i2").astype(int)
        for _ in range(2)
    )
    # soxr dithers the last bit.
    assert np.abs(first - second).max() <= 2


def test_a_rate_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="can not resample"):
        Resampler(0, 16_000)
