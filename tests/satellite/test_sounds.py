"""The satellite's own sounds: when they are heard, how loud, and over what."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from satellite import events
from satellite.chimes import Chime, synthesise
from satellite.errors import SatelliteError
from satellite.events import Event
from satellite.mixer import MixedBuffer
from satellite.signs_settings import Sounds
from satellite.sounds import SoundPlayer

RATE = 16_000
WOKEN = events.Woken(0.0, 1, "wake-word", "okay_nabu", 0.9)
LISTENING = events.Listening(0.0, 1, 8000)


def heard(buffer: MixedBuffer, seconds: float = 2.0) -> npt.NDArray[np.int16]:
    return np.frombuffer(buffer.render(round(seconds * RATE), 0.0), dtype="<i2")


def after(*happened: Event, sounds: Sounds | None = None, volume: float = 1.0) -> MixedBuffer:
    buffer = MixedBuffer(RATE)
    player = SoundPlayer(sounds or Sounds(done=True, volume=1.0), buffer, lambda: volume)
    for event in happened:
        player.follow(event)
    return buffer


@pytest.mark.parametrize(
    ("happened", "chime"),
    [
        ((WOKEN, LISTENING), Chime.AWAKE),
        ((events.StateChanged(0.0, "thinking", "listening", 1),), Chime.DONE),
        ((events.Failed(0.0, "hub-lost", "lost the hub"),), Chime.ERROR),
        ((events.Failed(0.0, "no-hub", "there is none"),), Chime.ERROR),
        ((events.Muted(0.0, True),), Chime.MUTED),
        ((events.Muted(0.0, False),), Chime.UNMUTED),
    ],
)
def test_what_happens_is_heard(happened: tuple[Event, ...], chime: Chime) -> None:
    sound = np.frombuffer(synthesise(chime, RATE), dtype="<i2")
    assert np.array_equal(heard(after(*happened))[: sound.size], sound)


@pytest.mark.parametrize(
    "happened",
    [
        (WOKEN,),  # another satellite may answer
        (WOKEN, events.StoodDown(0.0, 1, "other"), LISTENING),
        (LISTENING,),  # the hub listens by itself: it has just asked
        (events.StateChanged(0.0, "thinking", "waking", 1),),
        (events.Failed(0.0, "hook-failed", "no such file"),),
    ],
)
def test_what_is_nothing_to_hear_of_is_not_heard(happened: tuple[Event, ...]) -> None:
    assert not heard(after(*happened)).any()


def test_a_sound_can_be_switched_off_or_replaced(tmp_path: Path) -> None:
    import wave

    with wave.open(str(tmp_path / "own.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        file.writeframes(b"\x10\x27" * 1000)
    assert not heard(after(WOKEN, LISTENING, sounds=Sounds(awake=False))).any()
    own = heard(after(WOKEN, LISTENING, sounds=Sounds(awake=str(tmp_path / "own.wav"), volume=1.0)))
    assert (own[100:900] == 10_000).all()
    with pytest.raises(SatelliteError, match=r"gone\.wav"):
        after(sounds=Sounds(error=str(tmp_path / "gone.wav")))


def test_they_are_as_loud_as_the_satellite_times_their_own_volume() -> None:
    loud = np.abs(heard(after(WOKEN, LISTENING)).astype(int)).max()
    soft = np.abs(heard(after(WOKEN, LISTENING, sounds=Sounds(volume=0.5), volume=0.5))).max()
    assert soft == pytest.approx(loud / 16, rel=0.02)


def test_they_sound_over_an_answer_whose_position_does_not_count_them() -> None:
    buffer = after(WOKEN, LISTENING)
    buffer.start(1)
    buffer.write(b"\xe8\x03" * RATE)
    both = heard(buffer, 1.0).astype(int)
    alone = np.frombuffer(synthesise(Chime.AWAKE, RATE), dtype="<i2").astype(int)
    assert np.abs(both[: alone.size] - alone - 1000).max() <= 1
    assert (both[alone.size :] == 1000).all()
    assert buffer.report.played_samples == RATE


def test_two_loud_ones_clip_instead_of_turning_over() -> None:
    buffer = after(WOKEN, LISTENING)
    buffer.start(1)
    buffer.write(b"\xff\x7f" * RATE)
    assert heard(buffer, 0.1).min() > 20_000


def test_what_sounds_falls_silent_without_a_click_when_it_is_hushed() -> None:
    buffer = MixedBuffer(RATE)
    player = SoundPlayer(Sounds(volume=1.0), buffer, lambda: 1.0)
    player.ring()
    heard(buffer, 0.05)
    player.hush()
    rest = heard(buffer, 1.0)
    assert not rest[RATE // 100 :].any()


def test_only_what_rings_is_heard_when_the_hub_has_switched_the_sounds_off() -> None:
    buffer = MixedBuffer(RATE)
    player = SoundPlayer(Sounds(volume=1.0), buffer, lambda: 1.0)
    player.enabled = False
    player.follow(WOKEN)
    player.follow(LISTENING)
    assert not heard(buffer).any()
    player.ring()
    assert heard(buffer).any()
