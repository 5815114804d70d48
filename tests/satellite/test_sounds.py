"""The satellite's own sounds: when they are heard, how loud, and over what."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from satellite import events
from satellite.chimes import Chime, synthesise
from satellite.events import Event
from satellite.mixer import MixedBuffer
from satellite.signs_settings import Sounds
from satellite.sounds import LEAST_RING_VOLUME, SoundPlayer

RATE = 16_000
WOKEN = events.Woken(0.0, 1, "wake-word", "okay_nabu", 0.9)
LISTENING = events.Listening(0.0, 1, 8000)


def heard(buffer: MixedBuffer, seconds: float = 2.0) -> npt.NDArray[np.int16]:
    return np.frombuffer(buffer.render(round(seconds * RATE), 0.0), dtype="<i2")


def after(
    *happened: Event,
    sounds: Sounds | None = None,
    volume: float = 1.0,
    alone: bool = False,
    tell: Callable[[Event], None] = print,
) -> MixedBuffer:
    buffer = MixedBuffer(RATE)
    sounds = sounds or Sounds(done=True, volume=1.0)
    player = SoundPlayer(sounds, buffer, lambda: volume, tell, alone=alone)
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
        ((events.Failed(0.0, "waking-timeout", "nothing came"),), Chime.ERROR),
        ((events.Failed(0.0, "thinking-timeout", "nothing came"),), Chime.ERROR),
        ((events.Failed(0.0, "nothing-hears", "it is unplugged"),), Chime.ERROR),
        ((events.TurnOver(0.0, 1, "cancelled", "microphone-lost", {}),), Chime.ERROR),
        ((events.Failed(0.0, "muted", "it is off"),), Chime.MUTED),
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
        (events.Failed(0.0, "stt-no-text-recognized", "nothing heard", 1),),
        (events.TurnOver(0.0, 1, "failed", "the hub has said so", {}),),
        (events.TurnOver(0.0, 1, "cancelled", "stopped", {}),),
    ],
)
def test_what_is_nothing_to_hear_of_is_not_heard(happened: tuple[Event, ...]) -> None:
    assert not heard(after(*happened)).any()


@pytest.mark.parametrize(
    ("happened", "sounds"),
    [
        (events.TurnOver(0.0, 1, "failed", "speech-to-text failed", {}), True),
        (events.StoodDown(0.0, 1, "stt-provider-missing"), True),
        (events.TurnOver(0.0, 1, "nothing-heard", None, {}), False),
        (events.StoodDown(0.0, 1, "duplicate_wake_up_detected"), False),
    ],
)
def test_what_fails_is_heard_where_home_assistant_says_nothing_of_it(
    happened: Event, sounds: bool
) -> None:
    assert heard(after(happened, alone=True)).any() == sounds


def test_a_sound_can_be_switched_off_or_replaced(tmp_path: Path) -> None:
    import wave

    with wave.open(str(tmp_path / "own.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        file.writeframes(b"\x10\x27" * 1000)
    assert not heard(after(WOKEN, LISTENING, sounds=Sounds(awake=False))).any()
    own = heard(after(WOKEN, LISTENING, sounds=Sounds(awake=str(tmp_path / "own.wav"), volume=1.0)))
    assert (own[100:900] == 10_000).all()


def test_a_file_that_can_not_be_played_is_told_and_the_usual_sound_is_heard(
    tmp_path: Path,
) -> None:
    told: list[Event] = []
    own = Sounds(error=str(tmp_path / "gone.wav"), volume=1.0)
    lost = events.Failed(0.0, "hub-lost", "lost the hub")
    assert heard(after(lost, sounds=own, tell=told.append)).any()
    (failed,) = told
    assert isinstance(failed, events.Failed)
    assert failed.code == "bad-wav"
    assert "sounds.error" in failed.text
    assert "gone.wav" in failed.text


def test_they_are_as_loud_as_the_satellite_times_their_own_volume() -> None:
    loud = np.abs(heard(after(WOKEN, LISTENING)).astype(int)).max()
    soft = np.abs(heard(after(WOKEN, LISTENING, sounds=Sounds(volume=0.5), volume=0.5))).max()
    assert soft == pytest.approx(loud / 16, rel=0.02)


def test_a_timer_is_heard_at_a_volume_of_nothing_but_is_no_louder_than_its_own_volume() -> None:
    def loudest(volume: float, own: float = 0.5) -> int:
        buffer = MixedBuffer(RATE)
        SoundPlayer(Sounds(volume=own), buffer, lambda: volume, print).ring()
        return int(np.abs(heard(buffer).astype(int)).max())

    assert loudest(0.0) == loudest(LEAST_RING_VOLUME) > 500
    assert loudest(1.0) > 3 * loudest(0.0)
    assert loudest(0.0, own=0.0) == 0


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
    player = SoundPlayer(Sounds(volume=1.0), buffer, lambda: 1.0, print)
    player.ring()
    heard(buffer, 0.05)
    player.hush()
    rest = heard(buffer, 1.0)
    assert not rest[RATE // 100 :].any()


def test_only_what_rings_is_heard_when_the_hub_has_switched_the_sounds_off() -> None:
    buffer = MixedBuffer(RATE)
    player = SoundPlayer(Sounds(volume=1.0), buffer, lambda: 1.0, print)
    player.use(Sounds(volume=1.0, enabled=False))
    player.follow(WOKEN)
    player.follow(LISTENING)
    assert not heard(buffer).any()
    player.ring()
    assert heard(buffer).any()


def test_sounds_are_changed_while_it_runs() -> None:
    buffer = MixedBuffer(RATE)
    player = SoundPlayer(Sounds(awake=False, volume=1.0), buffer, lambda: 1.0, print)
    player.follow(WOKEN)
    player.follow(LISTENING)
    assert not heard(buffer).any()
    player.use(Sounds(awake=True, volume=1.0))
    player.follow(WOKEN)
    player.follow(LISTENING)
    loud = np.abs(heard(buffer).astype(int)).max()
    player.use(Sounds(awake=True, volume=0.5))
    player.follow(WOKEN)
    player.follow(LISTENING)
    assert 0 < np.abs(heard(buffer).astype(int)).max() < loud / 2


def test_who_looks_for_a_satellite_hears_it_whatever_is_switched_off() -> None:
    buffer = MixedBuffer(RATE)
    player = SoundPlayer(Sounds(awake=False, enabled=False), buffer, lambda: 1.0, print)
    player.identify()
    assert heard(buffer).any()
