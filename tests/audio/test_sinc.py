"""The resampler with little delay."""

import numpy as np
import pytest

from audio.sinc import REACH, SincResampler, between

RATES = [(48_000, 16_000), (44_100, 16_000), (22_050, 48_000), (8_000, 16_000)]


def sine(hz: float, rate_hz: int, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(int(seconds * rate_hz)) / rate_hz).astype(np.float32)


def in_pieces(resampler: SincResampler, sound: np.ndarray, size: int) -> np.ndarray:
    return np.concatenate(
        [resampler.process(sound[begin : begin + size]) for begin in range(0, sound.size, size)]
    )


@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
def test_a_tone_is_the_same_tone_at_the_other_rate(from_hz: int, to_hz: int) -> None:
    out = in_pieces(SincResampler(from_hz, to_hz), sine(1000, from_hz), 441)
    expected = sine(1000, to_hz)[: out.size]
    assert np.abs(out[100:] - expected[100:]).max() < 0.002


@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
def test_it_holds_less_than_three_milliseconds_back(from_hz: int, to_hz: int) -> None:
    resampler = SincResampler(from_hz, to_hz)
    out = in_pieces(resampler, sine(1000, from_hz), 480)
    assert out.size > to_hz * (1 - 0.003)
    assert resampler.held_samples / from_hz < 0.003
    assert out.size / to_hz + resampler.held_samples / from_hz == pytest.approx(1.0, abs=1e-4)


def test_what_the_lower_rate_can_not_carry_is_gone() -> None:
    out = in_pieces(SincResampler(48_000, 16_000), sine(11_000, 48_000), 480)
    assert np.abs(out[100:]).max() < 0.001


@pytest.mark.parametrize("size", [1, 7, 160, 48_000])
def test_the_size_of_the_pieces_changes_nothing(size: int) -> None:
    sound = np.random.default_rng(1).standard_normal(4800).astype(np.float32)
    whole = SincResampler(48_000, 16_000).process(sound)
    assert np.allclose(in_pieces(SincResampler(48_000, 16_000), sound, size), whole, atol=1e-6)


def test_silence_stays_silence() -> None:
    assert not SincResampler(48_000, 16_000).process(np.zeros(4800, dtype=np.float32)).any()


@pytest.mark.parametrize("rates", [(0, 16_000), (16_000, -1)])
def test_rates_are_positive(rates: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="can not resample"):
        SincResampler(*rates)


def test_sound_is_read_between_its_samples() -> None:
    places = REACH + 50.25 + np.arange(200, dtype=np.float64)
    read = between(sine(500, 16_000), places)
    assert np.allclose(read, np.sin(2 * np.pi * 500 * places / 16_000), atol=0.002)
