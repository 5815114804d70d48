import numpy as np
import pytest

from audio.pcm import FormatError
from hub.rooms.arrival import MAX_GAP_MS, Arrival
from protocol.wyoming_audio import AudioChunk

CHUNK_MS = 32


def samples(start_ms: float, end_ms: float) -> bytes:
    """Return 16 kHz sound in which each sample is known by its value; none is 0."""
    return (np.arange(int(start_ms * 16), int(end_ms * 16)) % 30_000 + 1).astype("<i2").tobytes()


def chunk(start_ms: int, length_ms: int = CHUNK_MS, *, offset_ms: int = 0) -> AudioChunk:
    """Return a chunk of that sound; the clock of its timestamps is `offset_ms` ahead."""
    audio = samples(start_ms, start_ms + length_ms)
    return AudioChunk(16_000, 2, 1, audio, timestamp=start_ms + offset_ms)


def taken(arrival: Arrival, *chunks: AudioChunk) -> bytes:
    return b"".join(arrival.take(one) for one in chunks)


def quiet(ms: float) -> bytes:
    return bytes(int(ms * 16) * 2)


@pytest.mark.parametrize("offset_ms", [0, 12_345])
def test_what_arrives_in_order_is_taken_as_it_is(offset_ms: int) -> None:
    arrival = Arrival()
    heard = taken(arrival, *(chunk(at, offset_ms=offset_ms) for at in range(0, 320, CHUNK_MS)))
    assert heard == samples(0, 320)
    assert (arrival.lost_ms, arrival.repeated_ms) == (0, 0)


def test_what_arrives_again_is_dropped() -> None:
    arrival = Arrival()
    heard = taken(arrival, chunk(0), chunk(32), chunk(0), chunk(32), chunk(32), chunk(64))
    assert heard == samples(0, 96)
    assert arrival.repeated_ms == 96
    assert arrival.lost_ms == 0


def test_what_arrives_again_in_part_adds_only_what_is_new() -> None:
    arrival = Arrival()
    assert taken(arrival, chunk(0, 100), chunk(60, 100), chunk(160)) == samples(0, 192)
    assert arrival.repeated_ms == 40


@pytest.mark.parametrize("lost_ms", [32, 500, int(MAX_GAP_MS)])
def test_silence_stands_for_what_is_lost(lost_ms: int) -> None:
    arrival = Arrival()
    heard = taken(arrival, chunk(0), chunk(32 + lost_ms), chunk(64 + lost_ms))
    after = samples(32 + lost_ms, 96 + lost_ms)
    assert heard == samples(0, 32) + quiet(lost_ms) + after
    assert arrival.lost_ms == lost_ms


def test_a_longer_hole_is_a_pause_of_the_microphone() -> None:
    arrival = Arrival()
    later = 32 + int(MAX_GAP_MS) + 1
    heard = taken(arrival, chunk(0), chunk(later), chunk(later + 32))
    assert heard == samples(0, 32) + samples(later, later + 64)
    assert arrival.lost_ms == 0


def test_a_clock_that_starts_anew_is_followed() -> None:
    arrival = Arrival()
    heard = taken(arrival, chunk(5000), chunk(0), chunk(32))
    assert heard == samples(5000, 5032) + samples(0, 64)
    assert (arrival.lost_ms, arrival.repeated_ms) == (0, 0)


@pytest.mark.parametrize("off_ms", [-3, -1, 1, 3])
def test_a_timestamp_that_is_a_little_off_changes_nothing(off_ms: int) -> None:
    arrival = Arrival()
    heard = taken(arrival, chunk(0), chunk(32, offset_ms=off_ms), chunk(64))
    assert heard == samples(0, 96)
    assert (arrival.lost_ms, arrival.repeated_ms) == (0, 0)


def test_a_clock_that_runs_a_little_fast_loses_nothing_in_an_hour() -> None:
    arrival = Arrival()
    for number in range(1000):
        at_ms = round(number * CHUNK_MS * 1.0005)
        sent = AudioChunk(16_000, 2, 1, samples(0, CHUNK_MS), timestamp=at_ms)
        assert arrival.take(sent) == samples(0, CHUNK_MS)


def test_without_timestamps_everything_is_taken_as_it_comes() -> None:
    arrival = Arrival()
    sent = AudioChunk(16_000, 2, 1, samples(0, 32))
    assert taken(arrival, sent, sent) == samples(0, 32) * 2
    assert (arrival.lost_ms, arrival.repeated_ms) == (0, 0)


@pytest.mark.parametrize("rate_hz", [8000, 22_050, 48_000])
def test_other_rates_are_brought_to_16_khz_and_gaps_are_filled_at_that(rate_hz: int) -> None:
    arrival = Arrival()
    heard = b""
    for at_ms in [*range(0, 1000, 100), *range(1500, 2500, 100)]:
        times = np.arange(rate_hz // 10) / rate_hz
        tone = (np.sin(times * 2 * np.pi * 440) * 8000).astype("<i2").tobytes()
        heard += arrival.take(AudioChunk(rate_hz, 2, 1, tone, timestamp=at_ms))
    assert arrival.lost_ms == 500
    assert len(heard) / 32 == pytest.approx(2500, abs=70)
    whole = np.frombuffer(heard, dtype="<i2")[1000:12_000]
    spectrum = np.abs(np.fft.rfft(whole))
    assert spectrum.argmax() * 16_000 / len(whole) == pytest.approx(440, abs=2)


def test_stereo_of_32_bits_is_heard_as_one_channel() -> None:
    arrival = Arrival()
    both = np.array([[1 << 16, 3 << 16]] * 512, dtype="<i4").tobytes()
    heard = arrival.take(AudioChunk(16_000, 4, 2, both, timestamp=0))
    assert heard == np.full(512, 2, dtype="<i2").tobytes()


def test_audio_that_can_not_be_read_is_refused_and_what_follows_is_heard() -> None:
    arrival = Arrival()
    with pytest.raises(FormatError):
        arrival.take(AudioChunk(16_000, 7, 1, bytes(70), timestamp=0))
    assert arrival.take(chunk(0)) == samples(0, 32)


@pytest.mark.parametrize("per_chunk", [0.0, 0.032])
def test_a_clock_that_does_not_count_milliseconds_is_not_believed_for_long(
    per_chunk: float,
) -> None:
    arrival = Arrival()
    heard = b""
    for number in range(100):
        audio = samples(number * CHUNK_MS, (number + 1) * CHUNK_MS)
        heard += arrival.take(AudioChunk(16_000, 2, 1, audio, timestamp=int(number * per_chunk)))
    assert heard.endswith(samples(1100, 3200))


def test_a_timestamp_beyond_all_clocks_is_left_out() -> None:
    arrival = Arrival()
    audio = samples(0, CHUNK_MS)
    assert arrival.take(AudioChunk(16_000, 2, 1, audio, timestamp=10**400)) == audio
