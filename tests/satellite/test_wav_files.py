import os
import stat
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from audio import wav as audio_wav
from satellite.errors import SatelliteError
from satellite.wav_files import WavWriter, read_speech
from tests.satellite.wav_samples import (
    EXTENSIBLE,
    FLOAT,
    PCM,
    chunk,
    layout,
    riff,
    sine,
    wav,
)

RATE = 16_000


def encoded(samples: npt.NDArray[np.float64], kind: int, width: int) -> bytes:
    if kind == FLOAT:
        return samples.astype(f"<f{width}").tobytes()
    if width == 1:
        return (samples * 127 + 128).astype(np.uint8).tobytes()
    whole = (samples * (2 ** (8 * width - 1) - 1)).astype("<i8")
    return b"".join(int(value).to_bytes(width, "little", signed=True) for value in whole)


def as_float(pcm16: bytes) -> npt.NDArray[np.float64]:
    return np.frombuffer(pcm16, dtype="<i2") / 32768


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("kind", "width", "tolerance"),
    [
        (PCM, 1, 2e-2),
        (PCM, 2, 1e-4),
        (PCM, 3, 1e-4),
        (PCM, 4, 1e-4),
        (FLOAT, 4, 1e-4),
        (FLOAT, 8, 1e-4),
    ],
)
@pytest.mark.parametrize("extensible", [False, True])
def test_every_sample_format_gives_the_same_sound(
    tmp_path: Path, kind: int, width: int, tolerance: float, extensible: bool
) -> None:
    tone = sine(0.1, RATE)
    content = wav(
        encoded(tone, kind, width),
        kind=EXTENSIBLE if extensible else kind,
        width=width,
        subformat=kind,
    )
    heard = as_float(read_speech(write(tmp_path / "a.wav", content)))
    assert heard.size == tone.size
    assert np.abs(heard - tone).max() < tolerance


@pytest.mark.parametrize("kind", [PCM, FLOAT])
def test_channels_are_mixed(tmp_path: Path, kind: int) -> None:
    left, right = sine(0.1, RATE, level=0.5), np.zeros(1600)
    width = 2 if kind == PCM else 4
    both = np.stack([left, right], axis=1).reshape(-1)
    content = wav(encoded(both, kind, width), kind=kind, channels=2, width=width)
    heard = as_float(read_speech(write(tmp_path / "a.wav", content)))
    assert np.abs(heard - left / 2).max() < 1e-3


@pytest.mark.parametrize("rate_hz", [8000, 22_050, 44_100, 48_000])
def test_other_rates_become_16_khz(tmp_path: Path, rate_hz: int) -> None:
    tone = sine(1.0, rate_hz)
    heard = as_float(
        read_speech(write(tmp_path / "a.wav", wav(encoded(tone, PCM, 2), rate_hz=rate_hz)))
    )
    assert abs(heard.size - RATE) <= 16
    middle = heard[4000:12_000]
    peak = np.argmax(np.abs(np.fft.rfft(middle))) * RATE / middle.size
    assert abs(peak - 440) < 4
    assert np.abs(middle).max() == pytest.approx(0.5, abs=0.02)


def test_float_that_is_no_number_or_too_loud_is_tamed(tmp_path: Path) -> None:
    audio = np.array([np.nan, np.inf, -np.inf, 7.0], dtype="<f4").tobytes()
    heard = as_float(read_speech(write(tmp_path / "a.wav", wav(audio, kind=FLOAT, width=4))))
    assert [round(value, 2) for value in heard.tolist()] == [0, 1, -1, 1]


def test_a_program_that_wrote_to_a_pipe_left_no_size(tmp_path: Path) -> None:
    content = riff(
        chunk(b"fmt ", layout(PCM, 1, RATE, 2)), chunk(b"data", b"\1\0" * 100, 0xFFFFFFFF)
    )
    assert read_speech(write(tmp_path / "a.wav", content)) == b"\1\0" * 100


def test_chunks_of_other_kinds_are_passed_over(tmp_path: Path) -> None:
    content = riff(
        chunk(b"LIST", b"odd"), chunk(b"fmt ", layout(PCM, 1, RATE, 2)), chunk(b"data", b"\1\0")
    )
    assert read_speech(write(tmp_path / "a.wav", content)) == b"\1\0"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a WAV file"),
        (b"ID3\4 some music", "not a WAV file"),
        (riff(), "no audio"),
        (riff(chunk(b"fmt ", layout(PCM, 1, RATE, 2))), "no audio"),
        (riff(chunk(b"data", b"\0\0")), "audio before its format"),
        (riff(chunk(b"fmt ", b"\1\0")), "cut off"),
        (wav(b"\0", kind=7, width=1), "compressed (format 7)"),
        (wav(b"\0", kind=EXTENSIBLE, subformat=0x55), "compressed (format 85)"),
        (wav(b"\0\0", channels=0), "0 channels"),
        (wav(b"\0\0", channels=1000), "1000 channels"),
        (wav(b"\0\0", rate_hz=0), "0 Hz"),
        (wav(b"\0\0", width=5), "40 bits"),
        (wav(b"\0\0", kind=FLOAT, width=2), "16 bits"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_in_one_line_that_names_it(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = write(tmp_path / "broken.wav", content)
    with pytest.raises(SatelliteError) as caught:
        read_speech(path)
    assert caught.value.code == "bad-wav"
    assert str(path) in caught.value.text
    assert words in caught.value.text
    assert "\n" not in caught.value.text


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path if kind == "folder" else tmp_path / "missing.wav"
    with pytest.raises(SatelliteError) as caught:
        read_speech(path)
    assert caught.value.code == "bad-wav"


def test_a_file_that_is_too_large_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio_wav, "MAX_FILE_BYTES", 1024)
    with pytest.raises(SatelliteError, match="larger than"):
        read_speech(write(tmp_path / "a.wav", wav(bytes(2000))))


def test_a_device_that_never_ends_and_a_pipe_that_says_nothing_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    for path in (Path("/dev/zero"), pipe):
        with pytest.raises(SatelliteError, match="only files can be read"):
            read_speech(path)


def test_no_more_is_read_than_a_file_may_have_whatever_size_it_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.wav", wav(bytes(2000)))
    monkeypatch.setattr(audio_wav, "MAX_FILE_BYTES", 1024)
    told = os.stat_result((stat.S_IFREG, *[0] * 9))
    monkeypatch.setattr(Path, "stat", lambda _: told)
    with pytest.raises(SatelliteError, match="larger than"):
        read_speech(path)


@pytest.mark.parametrize("seed", range(30))
def test_damaged_bytes_are_read_or_refused_and_nothing_else(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    content = bytearray(wav(bytes(400), channels=2, width=3, kind=EXTENSIBLE))
    for place in random.integers(8, 60, size=4):
        content[place] = int(random.integers(256))
    path = write(tmp_path / "a.wav", bytes(content[: random.integers(1, len(content))]))
    outcome = "read"
    try:
        audio = read_speech(path)
    except SatelliteError as error:
        outcome, audio = error.code, b""
    assert outcome in {"read", "bad-wav"}
    assert len(audio) % 2 == 0


def test_what_was_written_can_be_read_after_every_sync(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.wav"
    with WavWriter(path, RATE) as writer:
        writer.write(b"\1\0" * 10)
        writer.sync()
        assert read_speech(path) == b"\1\0" * 10
        writer.write(b"\2\0" * 10)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (RATE, 1, 20)


def test_a_place_that_can_not_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SatelliteError) as caught:
        WavWriter(tmp_path / "file" / "a.wav", RATE)
    assert caught.value.code == "speaker-file"
