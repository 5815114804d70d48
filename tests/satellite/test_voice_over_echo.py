"""A voice over an echo, by WebRTC's echo cancelling and by what keeps it whole."""

import numpy as np
import pytest

from audio.pcm import from_float, to_float
from audio.sinc import Samples
from satellite.audio_processing import DELAY_SAMPLES, AudioProcessing
from satellite.ports import Processing
from satellite.voice_over_echo import VoiceOverEcho
from tests.satellite.echo_room import RATE_HZ
from tests.satellite.spoken_over import Scene, loss_db, moved, scene


def real() -> AudioProcessing:
    pytest.importorskip("livekit.rtc")
    processing = AudioProcessing(echo=True, noise=False, gain=False)
    processing.expect_echo_after(10)
    return processing


def cleaned(one: Scene, processing: Processing, *, lost_at: int | None = None) -> Samples:
    """Return what comes out, no later than it was heard; sound was lost before a piece."""
    out = b""
    for number, (played, heard) in enumerate(one.chunks()):
        if number == lost_at:
            processing.expect_echo_after(10)
        processing.play(from_float(played))
        out += processing.clean(from_float(heard))
    return to_float(out)[DELAY_SAMPLES:]


def test_without_a_voice_it_is_what_webrtc_leaves_once_the_echo_is_known() -> None:
    one = scene(6.0)
    ours, theirs = cleaned(one, VoiceOverEcho(real())), cleaned(one, real())
    assert np.array_equal(ours[RATE_HZ:], theirs[RATE_HZ:])
    assert loss_db(theirs[: RATE_HZ // 2], ours[: RATE_HZ // 2]) > 6


def test_an_echo_that_takes_another_way_is_turned_down_until_it_is_known() -> None:
    one = moved(8.0, at=4.0)
    ours, theirs = cleaned(one, VoiceOverEcho(real())), cleaned(one, real())
    soon, later = slice(int(4.2 * RATE_HZ), int(4.6 * RATE_HZ)), slice(6 * RATE_HZ, None)
    assert loss_db(theirs[soon], ours[soon]) > 10
    assert np.array_equal(ours[later], theirs[later])


def test_where_sound_was_lost_an_echo_is_turned_down_until_it_is_known_again() -> None:
    one = scene(8.0)
    ours = cleaned(one, VoiceOverEcho(real()), lost_at=400)
    theirs = cleaned(one, real(), lost_at=400)
    soon, known = slice(int(4.1 * RATE_HZ), int(4.3 * RATE_HZ)), slice(5 * RATE_HZ, None)
    assert loss_db(theirs[soon], ours[soon]) > 10
    assert np.array_equal(ours[known], theirs[known])


def test_a_voice_that_is_heard_is_not_turned_down() -> None:
    one = scene(7.0, echo=0.02, voice_at=4.0)
    out = cleaned(one, VoiceOverEcho(real()), lost_at=380)
    speaks = slice(int(4.05 * RATE_HZ), int(4.3 * RATE_HZ))
    assert loss_db(one.voice[speaks], out[speaks]) < 2


def test_nothing_is_turned_down_where_nothing_is_played() -> None:
    one = scene(6.0, echo=0.0, voice_at=2.0)
    one.played[:] = 0.0
    assert np.array_equal(cleaned(one, VoiceOverEcho(real())), cleaned(one, real()))


def weakest_db(one: Scene, out: Samples) -> float:
    """Return by how much the voice's tenth that is kept worst has become quieter."""
    speaks = slice(4 * RATE_HZ, 5 * RATE_HZ)
    pieces = [
        10 * np.log10(np.mean(sound[speaks].reshape(-1, 320) ** 2, axis=1) + 1e-9)
        for sound in (one.voice, out)
    ]
    loud = pieces[0] > pieces[0].max() - 20
    return float(np.quantile((pieces[0] - pieces[1])[loud], 0.9))


def test_a_voice_keeps_its_weak_sounds() -> None:
    one = scene(7.0, echo=0.3, voice_at=4.0)
    assert weakest_db(one, cleaned(one, real())) > 6
    assert weakest_db(one, cleaned(one, VoiceOverEcho(real()))) < 4


def test_no_sample_jumps_where_an_echo_is_turned_down() -> None:
    # As long as nothing of it is taken out, any click stands out of a steady tone.
    one = scene(3.0, echo=0.0)
    one.played[: int(1.005 * RATE_HZ)] = 0.0
    one.voice[:] = 0.2 * np.sin(2 * np.pi * 310 * np.arange(one.voice.size) / RATE_HZ)
    out = cleaned(one, VoiceOverEcho(Halving()))[int(0.1 * RATE_HZ) :]
    assert np.abs(out[int(1.2 * RATE_HZ) : int(1.3 * RATE_HZ)]).max() < 0.03
    assert np.abs(np.diff(out)).max() < 0.1 * 2 * np.pi * 310 / RATE_HZ + 0.004


def test_no_sample_jumps_where_a_voice_begins_and_ends() -> None:
    # A steady tone instead of a voice: any click stands out of it.
    one = scene(7.0, echo=0.02)
    tone = 0.2 * np.sin(2 * np.pi * 300 * np.arange(one.voice.size) / RATE_HZ)
    one.voice[4 * RATE_HZ :] = tone[4 * RATE_HZ :]
    out = cleaned(one, VoiceOverEcho(real()))[int(4.3 * RATE_HZ) :]
    assert np.abs(np.diff(out)).max() < 0.06
    assert loss_db(one.voice[int(4.3 * RATE_HZ) :], out) == pytest.approx(0, abs=1)


class Halving:
    """Keeps what it is given, and makes it quieter."""

    def __init__(self) -> None:
        self.played: list[bytes] = []

    def expect_echo_after(self, delay_ms: int) -> None:
        """Not asked for."""

    def play(self, pcm16: bytes) -> None:
        self.played.append(pcm16)

    def clean(self, pcm16: bytes) -> bytes:
        return from_float(to_float(pcm16) / 2)


def test_what_comes_after_has_the_last_word() -> None:
    after, one = Halving(), scene(5.0, voice_at=4.0)
    without, out = cleaned(one, VoiceOverEcho(real())), cleaned(one, VoiceOverEcho(real(), after))
    assert out == pytest.approx(without / 2, abs=1e-4)
    assert after.played == [from_float(played) for played, _ in one.chunks()]
