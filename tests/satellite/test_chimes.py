import wave
from pathlib import Path

import numpy as np
import pytest

from audio.pcm import dbfs
from satellite.chimes import LONGEST_S, Chime, load, synthesise
from satellite.errors import SatelliteError


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 48_000])
@pytest.mark.parametrize("chime", list(Chime))
def test_a_chime_is_short_clear_and_does_not_click(chime: Chime, rate_hz: int) -> None:
    samples = np.frombuffer(synthesise(chime, rate_hz), dtype="<i2").astype(int)
    assert 0.05 < samples.size / rate_hz < 1.5
    assert 7_000 < np.abs(samples).max() < 9_000
    assert abs(samples[0]) < 100
    assert abs(samples[-1]) < 300
    # The steepest that the highest partial could be, over the peak: a click is steeper.
    assert np.abs(np.diff(samples)).max() < 9_000 * 2 * np.pi * 5_300 / rate_hz


def test_awake_is_over_before_a_command_has_begun() -> None:
    assert len(synthesise(Chime.AWAKE, 16_000)) / 2 / 16_000 < 0.2


def test_no_two_chimes_sound_the_same() -> None:
    assert len({synthesise(chime, 16_000) for chime in Chime}) == len(Chime)


def write(path: Path, seconds: float, rate_hz: int = 8_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate_hz, 0, "NONE", "not compressed"))
        file.writeframes(b"\x00\x20" * round(seconds * rate_hz))
    return path


def test_a_file_of_the_owner_is_played_at_the_speakers_rate(tmp_path: Path) -> None:
    pcm16 = load(write(tmp_path / "a.wav", 0.5), 16_000)
    assert len(pcm16) == pytest.approx(16_000, abs=100)
    assert dbfs(pcm16) == pytest.approx(-12, abs=1)


def test_a_file_that_is_no_short_sound_is_named(tmp_path: Path) -> None:
    with pytest.raises(SatelliteError, match=r"long\.wav: a sound lasts at most 10 s"):
        load(write(tmp_path / "long.wav", LONGEST_S + 0.1), 16_000)
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(SatelliteError, match=r"text\.wav"):
        load(tmp_path / "text.wav", 16_000)
    with pytest.raises(SatelliteError, match=r"gone\.wav: No such file"):
        load(tmp_path / "gone.wav", 16_000)
