import numpy as np
import numpy.typing as npt
import pytest

from audio.pcm import SPEECH_RATE_HZ, from_float, silence
from hub.conversation.prosody import Prosody, prosody

Floats = npt.NDArray[np.float64]


def voice(
    start_hz: float, end_hz: float, ms: float, *, start_db: float = -12, end_db: float = -12
) -> Floats:
    """A sawtooth without overtones above 4 kHz that glides in semitones, and in level in dB."""
    count = int(ms * SPEECH_RATE_HZ / 1000)
    pitch = np.geomspace(start_hz, end_hz, count)
    phase = 2 * np.pi * np.cumsum(pitch) / SPEECH_RATE_HZ
    overtones = range(1, int(4000 / max(start_hz, end_hz)))
    wave = np.sum([np.sin(n * phase) / n for n in overtones], axis=0) / 2
    result: Floats = wave * 10 ** (np.linspace(start_db, end_db, count) / 20)
    return result


def heard(*parts: Floats, noise_db: float = -70, after_ms: float = 200) -> Prosody:
    samples = np.concatenate([*parts, np.zeros(int(after_ms * SPEECH_RATE_HZ / 1000))])
    noise = np.random.default_rng(1).normal(size=samples.size) * 10 ** (noise_db / 20)
    found = prosody(from_float(samples + noise))
    assert found is not None
    return found


def gap(ms: float) -> Floats:
    return np.zeros(int(ms * SPEECH_RATE_HZ / 1000))


@pytest.mark.parametrize("base_hz", [95, 120, 210, 310])
@pytest.mark.parametrize("slope", [-12, -4, 0, 4, 12])
def test_the_slope_of_the_pitch_is_measured_in_semitones_a_second(
    base_hz: float, slope: float
) -> None:
    end_hz = base_hz * 2 ** (slope * 0.5 / 12)
    found = heard(voice(base_hz, base_hz, 800), voice(base_hz, end_hz, 500))
    assert found.pitch_slope == pytest.approx(slope, abs=1)


def test_the_last_pitch_is_compared_with_the_median_of_the_utterance() -> None:
    low = heard(voice(200, 200, 2000), voice(200, 150, 300), voice(150, 150, 150))
    high = heard(voice(200, 200, 2000), voice(200, 267, 300), voice(267, 267, 150))
    assert low.pitch_end == pytest.approx(-5, abs=0.7)
    assert high.pitch_end == pytest.approx(5, abs=0.7)


@pytest.mark.parametrize("slope", [-60, -20, 0, 20])
def test_the_slope_of_the_level_is_measured_in_db_a_second(slope: float) -> None:
    found = heard(
        voice(150, 150, 600, start_db=-15, end_db=-15),
        voice(150, 150, 400, start_db=-15, end_db=-15 + slope * 0.4),
    )
    assert found.level_slope == pytest.approx(slope, abs=max(3, abs(slope) * 0.15))


def test_a_drawn_out_last_sound_is_told_from_one_as_long_as_the_others() -> None:
    beat = [voice(150, 150, 150), gap(60)]
    even = heard(*beat, *beat, *beat, voice(150, 150, 150))
    drawn_out = heard(*beat, *beat, *beat, voice(150, 150, 300))
    assert even.lengthening == pytest.approx(1, abs=0.2)
    assert drawn_out.lengthening == pytest.approx(2, abs=0.3)


def test_the_length_of_the_silence_after_the_last_word_does_not_matter() -> None:
    word = [voice(180, 180, 600), voice(180, 140, 400)]
    near, far = heard(*word, after_ms=20), heard(*word, after_ms=2000)
    assert near.pitch_slope == pytest.approx(far.pitch_slope, abs=1.5)
    assert near.pitch_end == pytest.approx(far.pitch_end, abs=0.5)


def test_a_voiceless_ending_does_not_hide_the_pitch_before_it() -> None:
    hiss = np.random.default_rng(2).normal(size=SPEECH_RATE_HZ // 5) * 0.05
    found = heard(voice(180, 180, 600), voice(180, 140, 400), hiss)
    assert found.pitch_slope == pytest.approx(12 * np.log2(140 / 180) / 0.4, abs=1.5)


def test_a_noisy_room_moves_the_pitch_little() -> None:
    word = [voice(140, 140, 900), voice(140, 115, 400)]
    quiet, noisy = heard(*word), heard(*word, noise_db=-32)
    assert noisy.pitch_slope == pytest.approx(quiet.pitch_slope, abs=2)


def test_a_whisper_has_a_level_but_no_pitch() -> None:
    whisper = np.random.default_rng(3).normal(size=SPEECH_RATE_HZ) * 0.05
    found = heard(whisper)
    assert (found.pitch_slope, found.pitch_end) == (None, None)
    assert abs(found.level_slope) < 10


@pytest.mark.parametrize(
    "audio",
    [
        b"",
        b"\x01",
        silence(2000),
        from_float(voice(150, 150, 150)),
        silence(500) + from_float(voice(150, 150, 100)) + silence(500),
        from_float(np.random.default_rng(4).normal(size=SPEECH_RATE_HZ) * 1e-3),
    ],
)
def test_without_enough_speech_there_is_nothing_to_say(audio: bytes) -> None:
    assert prosody(audio) is None


def test_half_a_sample_at_the_end_and_full_scale_are_taken() -> None:
    audio = from_float(voice(150, 120, 400, start_db=6, end_db=6))
    assert prosody(audio + b"\x01") == prosody(audio)


@pytest.mark.parametrize("ms", [200, 230, 410, 707])
def test_the_shortest_utterances_are_no_trouble(ms: float) -> None:
    assert prosody(from_float(voice(150, 150, ms))) is not None
