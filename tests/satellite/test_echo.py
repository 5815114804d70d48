"""Echo cancelling: alignment, measuring, resting; and WebRTC's own on a made-up room."""

from collections.abc import Iterator

import numpy as np
import pytest

from audio.pcm import from_float, scale, to_float
from satellite import events
from satellite.audio_processing import DELAY_SAMPLES, AudioProcessing
from satellite.cleaning import decide
from satellite.echo import AIM_S, REST_S, EchoCanceller
from satellite.echo_delay import DelayEstimator
from satellite.echo_loss import EchoLoss
from satellite.errors import SatelliteError
from satellite.events import Event
from satellite.fading_processing import SETTLE_CHUNKS
from satellite.reference import Reference
from satellite.sound_settings import Sound
from satellite.voice_over_echo import VoiceOverEcho
from tests.satellite.echo_room import Room, response

RATE = 16_000
rng = np.random.default_rng(8)


@pytest.fixture(autouse=True)
def same_noise() -> None:
    """Begin the noise anew: it is the same whichever tests ran before."""
    rng.bit_generator.state = np.random.default_rng(8).bit_generator.state


def noise(seconds: float, level: float = 0.1) -> np.ndarray:
    return (level * rng.standard_normal(int(seconds * RATE))).astype(np.float32)


def babble(seconds: float) -> np.ndarray:
    """Return something with the rhythm of speech."""
    sound = noise(seconds, 0.2)
    rhythm = 0.55 + 0.45 * np.sin(2 * np.pi * 3 * np.arange(sound.size) / RATE)
    return (sound * rhythm).astype(np.float32)


class Passing:
    """Cleans nothing, and keeps what it is given."""

    def __init__(self) -> None:
        self.played: list[bytes] = []
        self.delay_ms = 0

    def expect_echo_after(self, delay_ms: int) -> None:
        self.delay_ms = delay_ms

    def play(self, pcm16: bytes) -> None:
        self.played.append(pcm16)

    def clean(self, pcm16: bytes) -> bytes:
        return pcm16


def hear(
    canceller: EchoCanceller,
    reference: Reference,
    played: np.ndarray,
    heard: np.ndarray,
    *,
    told_wrong_s: float = 0.0,
    drift: float = 0.0,
    trembling_s: float = 0.0,
) -> np.ndarray:
    """Run both sounds past each other in pieces of 20 ms; return what is cleaned."""
    out = b""
    spoken = 0
    trembling = np.random.default_rng(11)
    for begin in range(0, heard.size - 320, 320):
        at = 100 + begin / RATE
        while spoken < played.size and 100 + spoken / RATE / (1 + drift) + told_wrong_s < at + 0.09:
            piece = played[spoken : spoken + 160]
            heard_at = 100 + spoken / RATE / (1 + drift) + told_wrong_s
            heard_at += trembling_s * trembling.standard_normal()
            reference.add(from_float(piece), heard_at, RATE)
            spoken += 160
        at += trembling_s * trembling.standard_normal()
        out += canceller.process(from_float(heard[begin : begin + 320]), at)
    return to_float(out)


def echo_of(played: np.ndarray) -> np.ndarray:
    return Room(response()).echo(played)


def loss_db(before: np.ndarray, after: np.ndarray) -> float:
    size = min(before.size, after.size)
    return 10 * float(np.log10(np.mean(before[:size] ** 2) / (np.mean(after[:size] ** 2) + 1e-12)))


@pytest.mark.parametrize("told_wrong_s", [0.0, 0.05, -0.25])
def test_the_reference_is_moved_to_a_little_before_its_echo(told_wrong_s: float) -> None:
    reference, processing = Reference(), Passing()
    canceller = EchoCanceller(processing, reference, lambda event: None)
    played = babble(8.0)
    hear(canceller, reference, played, echo_of(played), told_wrong_s=told_wrong_s)
    assert processing.delay_ms == AIM_S * 1000
    given = to_float(b"".join(processing.played))[-2 * RATE :]
    heard = echo_of(played)[: len(processing.played) * 160][-2 * RATE :]
    lags = np.fft.irfft(np.fft.rfft(heard, 1 << 17) * np.conj(np.fft.rfft(given, 1 << 17)))
    late = int(lags.argmax())
    assert 0.004 * RATE <= late <= 0.15 * RATE
    assert canceller.delay_ms == pytest.approx(10 - told_wrong_s * 1000, abs=1.5)


def test_where_the_speaker_has_lost_sound_the_echo_is_learnt_anew() -> None:
    reference, processing = Reference(), Passing()
    canceller = EchoCanceller(processing, reference, lambda event: None)
    played = babble(4.0)
    lost = np.concatenate([played[: 2 * RATE], np.zeros(800, np.float32), played[2 * RATE :]])
    hear(canceller, reference, played[: 2 * RATE], echo_of(played[: 2 * RATE]))
    processing.delay_ms = 0
    for begin in range(2 * RATE, 3 * RATE, 320):
        reference.add(from_float(played[begin : begin + 320]), 100.05 + begin / RATE, RATE)
        canceller.process(from_float(echo_of(lost)[begin : begin + 320]), 100 + begin / RATE)
    assert processing.delay_ms == AIM_S * 1000


def test_while_nothing_plays_sound_passes_as_it_is_and_as_late() -> None:
    reference, processing = Reference(), Passing()
    canceller = EchoCanceller(processing, reference, lambda event: None, may_rest=True)
    heard = noise(REST_S + 1.0)
    out = hear(canceller, reference, np.zeros(heard.size, dtype=np.float32), heard)
    rested = int((REST_S + 0.1) * RATE)
    assert len(processing.played) * 160 < rested + 320
    expected = heard[rested - DELAY_SAMPLES : out.size - DELAY_SAMPLES]
    assert np.allclose(out[rested:], expected, atol=1e-4)


def test_after_a_rest_the_processing_knows_the_last_moments() -> None:
    reference, processing = Reference(), Passing()
    canceller = EchoCanceller(processing, reference, lambda event: None, may_rest=True)
    played = np.concatenate([np.zeros(int(2.5 * RATE)), babble(0.5)]).astype(np.float32)
    heard = noise(3.0)
    hear(canceller, reference, played, heard)
    rested = [number for number, piece in enumerate(processing.played) if any(piece)]
    assert rested[0] >= 2
    assert not any(processing.played[rested[0] - 1])


def test_gain_makes_it_louder() -> None:
    canceller = EchoCanceller(Passing(), None, lambda event: None, gain_db=6.02)
    out = to_float(canceller.process(from_float(np.full(160, 0.1, dtype=np.float32)), 1.0))
    assert out == pytest.approx(0.2, abs=0.001)


def test_the_loss_is_that_of_the_speaker_alone() -> None:
    loss = EchoLoss()
    played = noise(0.5)
    for window in range(12):
        speech = noise(0.5, 0.1) if window % 2 else np.zeros(played.size, dtype=np.float32)
        loss.add(played, played + speech, played * np.float32(0.01) + speech)
    assert loss.db == pytest.approx(40, abs=1)


def test_without_an_echo_there_is_no_loss_to_tell() -> None:
    loss = EchoLoss()
    for _ in range(12):
        loss.add(noise(0.5), noise(0.5, 1e-4), noise(0.5, 1e-4))
        loss.add(noise(0.5, 1e-4), noise(0.5), noise(0.5))
    assert loss.db is None


def estimates(played: np.ndarray, heard: np.ndarray) -> Iterator[float]:
    estimator = DelayEstimator()
    for begin in range(0, played.size - 512, 512):
        found = estimator.add(played[begin : begin + 512], heard[begin : begin + 512])
        if found is not None:
            yield found


@pytest.mark.parametrize("late_s", [-0.2, 0.0, 0.05, 0.7])
def test_a_delay_is_found(late_s: float) -> None:
    played = babble(5.0)
    heard = np.roll(played, int(late_s * RATE)) * 0.2 + noise(5.0, 0.01)
    found = list(estimates(played, heard.astype(np.float32)))
    assert len(found) >= 3
    assert found == pytest.approx([late_s] * len(found), abs=0.001)


def test_where_nothing_is_alike_no_delay_is_found() -> None:
    assert not list(estimates(babble(5.0), babble(5.0)))
    assert not list(estimates(np.zeros(5 * RATE, dtype=np.float32), babble(5.0)))


@pytest.fixture
def real() -> AudioProcessing:
    pytest.importorskip("livekit.rtc")
    return AudioProcessing(echo=True, noise=False, gain=False)


@pytest.mark.parametrize("trembling_s", [0.0, 0.0002])
@pytest.mark.parametrize(
    ("drift", "least_db"), [(0.0, 25), (0.0001, 25), (-0.0001, 25), (0.0002, 23)]
)
def test_the_echo_is_taken_out_also_where_the_clocks_differ(
    real: AudioProcessing, drift: float, least_db: float, trembling_s: float
) -> None:
    told: list[Event] = []
    reference = Reference()
    canceller = EchoCanceller(VoiceOverEcho(real), reference, told.append)
    played = babble(9.0)
    times = np.arange(int(played.size * 0.99)) * (1 + drift)
    heard = echo_of(np.interp(times, np.arange(played.size), played).astype(np.float32))
    out = hear(canceller, reference, played, heard, drift=drift, trembling_s=trembling_s)
    assert loss_db(heard[4 * RATE : out.size], out[4 * RATE :]) > least_db
    (measured,) = (event for event in told if isinstance(event, events.EchoMeasured))
    assert measured.loss_db > 15
    assert canceller.echo_db is not None
    assert canceller.echo_db > least_db


def quiet_again(out: np.ndarray, since_s: float) -> bool:
    """Tell whether an echo of some -20 dB is as good as gone since then."""
    return bool(np.sqrt(np.mean(out[int(since_s * RATE) :] ** 2)) < 0.005)


def test_a_microphone_that_is_switched_off_for_a_while_hears_no_echo_after_that(
    real: AudioProcessing,
) -> None:
    reference = Reference()
    canceller = EchoCanceller(VoiceOverEcho(real), reference, lambda event: None)
    played = babble(12.0)
    heard = echo_of(played)
    heard[4 * RATE : 6 * RATE] = 0.0
    assert quiet_again(hear(canceller, reference, played, heard), 8.0)


@pytest.mark.parametrize(("begins_s", "times"), [(0.0, 0.0), (4.0, 5.0), (4.0, 0.2)])
def test_a_speaker_that_is_turned_up_or_down_is_not_heard_for_long(
    real: AudioProcessing, begins_s: float, times: float
) -> None:
    """Where it is 0 at first, the loudspeaker is switched on only after a second."""
    reference = Reference()
    canceller = EchoCanceller(VoiceOverEcho(real), reference, lambda event: None)
    played = babble(12.0)
    heard = 0.3 * echo_of(played) + noise(12.0, 0.001)
    changed = slice(int(begins_s * RATE), None if times else RATE)
    heard[changed] *= times
    assert quiet_again(hear(canceller, reference, played, heard.astype(np.float32)), 8.0)


def test_an_echo_that_comes_late_is_looked_for_and_not_heard_after_that(
    real: AudioProcessing,
) -> None:
    reference = Reference()
    canceller = EchoCanceller(VoiceOverEcho(real), reference, lambda event: None)
    played = np.concatenate([np.zeros(2 * RATE, dtype=np.float32), babble(12.0)])
    heard = 0.3 * echo_of(played) + noise(14.0, 0.001)
    out = hear(canceller, reference, played, heard.astype(np.float32), told_wrong_s=-0.25)
    assert quiet_again(out, 9.0)


def test_webrtc_keeps_who_speaks_at_the_same_time(real: AudioProcessing) -> None:
    reference = Reference()
    canceller = EchoCanceller(real, reference, lambda event: None)
    played = babble(8.0)
    heard = Room(response(level=0.1)).echo(played)
    near = np.zeros(heard.size, dtype=np.float32)
    near[5 * RATE : 7 * RATE] = babble(2.0)
    out = hear(canceller, reference, played, heard + near)
    kept_db = loss_db(near[5 * RATE : 7 * RATE], out[5 * RATE : 7 * RATE])
    assert abs(kept_db) < 8


def nothing(event: Event) -> None:
    """Listen to nothing."""


def test_echo_is_cancelled_where_both_are_devices(real: AudioProcessing) -> None:
    assert decide(Sound(), "default", "default", nothing).cancels_echo
    assert decide(Sound(microphone_command="arecord"), "default", "USB", nothing).reference
    for pair in (("wav:a.wav", "default"), ("default", "none"), ("default", "wav:b.wav")):
        cleaning = decide(Sound(), *pair, nothing)
        assert cleaning.canceller is None
        assert not cleaning.cancels_echo


@pytest.mark.parametrize(
    ("microphone", "speaker", "left"),
    [
        ("Echo-Cancel Source", "default", True),
        ("Jabra Speak 510 (hw:1,0)", "Jabra Speak 510 (hw:1,0)", True),
        ("Jabra Speak 510", "HDMI", False),
    ],
)
def test_a_device_that_cancels_by_itself_is_left_to_it(
    real: AudioProcessing, microphone: str, speaker: str, left: bool
) -> None:
    cleaning = decide(Sound(), microphone, speaker, nothing)
    assert (cleaning.left_to == microphone) == left
    assert (cleaning.canceller is None) == left
    assert cleaning.cancels_echo
    assert decide(Sound(echo_cancelling="on"), microphone, speaker, nothing).reference


def test_switched_off_nothing_is_cancelled_but_noise_may_be(real: AudioProcessing) -> None:
    assert decide(Sound(echo_cancelling="off"), "default", "default", nothing).canceller is None
    quiet = decide(Sound(echo_cancelling="off", noise_suppression=True), "a", "b", nothing)
    assert quiet.canceller is not None
    assert not quiet.cancels_echo


def test_without_the_library_it_is_said_and_the_satellite_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(**given: bool) -> AudioProcessing:
        raise SatelliteError("no-audio-processing", "install it")

    monkeypatch.setattr("satellite.cleaning.AudioProcessing", missing)
    told: list[Event] = []
    cleaning = decide(Sound(), "default", "default", told.append)
    assert not cleaning.cancels_echo
    assert [event.code for event in told if isinstance(event, events.Failed)] == [
        "no-audio-processing"
    ]


def test_a_missing_package_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "livekit.rtc", None)
    with pytest.raises(SatelliteError, match=r"sotto\[satellite\]") as caught:
        AudioProcessing(echo=True, noise=False, gain=False)
    assert caught.value.code == "no-audio-processing"


class Times(Passing):
    """Makes louder, and counts what it was given."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor
        self.cleaned = 0

    def clean(self, pcm16: bytes) -> bytes:
        self.cleaned += 1
        return scale(pcm16, self.factor)


def test_one_processing_fades_into_another_without_a_click() -> None:
    before, after = Times(1.0), Times(0.25)
    canceller = EchoCanceller(before, None, lambda event: None)
    sound = np.full(160 * 30, 8000, dtype="<i2").tobytes()
    heard = [canceller.process(sound, 0.0)]
    canceller.become(EchoCanceller(after, None, lambda event: None, gain_db=6.0206))
    heard.append(canceller.process(sound, 0.3))
    samples = np.frombuffer(b"".join(heard), dtype="<i2").astype(int)
    assert samples[0] == 8000
    assert samples[-1] == pytest.approx(4000, abs=3)
    assert np.abs(np.diff(samples)).max() < 100
    assert after.cleaned == 30
    assert before.cleaned == 30 + SETTLE_CHUNKS


def test_what_is_changed_twice_in_a_row_goes_on_with_the_last() -> None:
    last = Times(0.5)
    canceller = EchoCanceller(Times(1.0), None, lambda event: None)
    for processing in (Times(2.0), last):
        canceller.become(EchoCanceller(processing, None, lambda event: None))
    heard = canceller.process(np.full(160 * 20, 8000, dtype="<i2").tobytes(), 0.0)
    assert np.frombuffer(heard, dtype="<i2")[-1] == 4000
