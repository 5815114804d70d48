import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio import pcm


def test_durations_and_sizes_are_each_others_inverse() -> None:
    assert pcm.duration_ms(1024, rate_hz=16_000) == 32
    assert pcm.size_bytes(32, rate_hz=16_000) == 1024
    assert pcm.size_bytes(10, rate_hz=44_100, width=2, channels=2) == 441 * 4
    assert pcm.duration_ms(441 * 4, rate_hz=44_100, channels=2) == 10


def test_a_size_never_splits_a_sample_frame() -> None:
    assert pcm.size_bytes(0.1, rate_hz=22_050, channels=2) % 4 == 0


@given(st.binary(max_size=400).filter(lambda data: len(data) % 2 == 0))
def test_float_and_back_is_lossless(audio: bytes) -> None:
    assert pcm.from_float(pcm.to_float(audio)) == audio


def test_float_beyond_full_scale_is_clipped_not_wrapped() -> None:
    loud = np.array([2.0, -2.0, 1.0])
    assert np.frombuffer(pcm.from_float(loud), "<i2").tolist() == [32767, -32768, 32767]


@pytest.mark.parametrize(
    ("data", "width"),
    [
        (np.array([128 + 64], np.uint8).tobytes(), 1),
        (np.array([16384], "<i2").tobytes(), 2),
        (np.array([16384 << 16], "<i4").tobytes(), 4),
        (b"\x7f" + np.array([16384], "<i2").tobytes(), 3),
    ],
)
def test_every_sample_width_keeps_its_level(data: bytes, width: int) -> None:
    assert np.frombuffer(pcm.to_mono16(data, width=width, channels=1), "<i2").tolist() == [16384]


def test_channels_are_averaged_without_overflow() -> None:
    stereo = np.array([30000, 32000, -32768, -32768], "<i2").tobytes()
    assert np.frombuffer(pcm.to_mono16(stereo, width=2, channels=2), "<i2").tolist() == [
        31000,
        -32768,
    ]


def test_a_cut_off_sample_is_dropped() -> None:
    assert pcm.to_mono16(b"\x01\x02\x03", width=2, channels=1) == b"\x01\x02"
    assert pcm.to_mono16(b"\x01\x02\x03", width=2, channels=2) == b""


@pytest.mark.parametrize(("width", "channels"), [(0, 1), (5, 1), (2, 0), (-2, 1)])
def test_formats_that_do_not_exist_are_refused(width: int, channels: int) -> None:
    with pytest.raises(pcm.FormatError):
        pcm.to_mono16(bytes(40), width=width, channels=channels)


def test_levels_in_dbfs() -> None:
    square = np.array([32767, -32767] * 100, "<i2").tobytes()
    assert pcm.dbfs(square) == pytest.approx(0, abs=0.01)
    assert pcm.dbfs(pcm.scale(square, 0.5)) == pytest.approx(-6.02, abs=0.01)
    assert pcm.dbfs(bytes(100)) == pcm.SILENCE_DBFS
    assert pcm.dbfs(b"") == pcm.SILENCE_DBFS
    assert pcm.gain_from_db(-20) == pytest.approx(0.1)


def test_a_ramp_runs_straight_from_one_gain_to_the_other() -> None:
    ramped = np.frombuffer(pcm.scale(np.full(101, 1000, "<i2").tobytes(), 1.0, 0.0), "<i2")
    assert ramped[0] == 1000
    assert ramped[50] == 500
    assert ramped[100] == 0
    assert np.abs(np.diff(ramped)).max() <= 10


def test_gain_one_returns_the_same_bytes() -> None:
    audio = bytes(range(200))
    assert pcm.scale(audio, 1.0) is audio
