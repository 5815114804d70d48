"""PortAudio's devices, and a new look at them, on a PortAudio that is made up."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from satellite import sound_library
from satellite.errors import SatelliteError
from satellite.sound_library import Opened, SoundLibrary, SoundStream
from tests.satellite.test_sound_devices import FakePortAudioError, FakeSound, FakeStream, device
from tests.satellite.test_sound_devices import sound as sound  # noqa: PLC0414


class Plugs:
    """What is plugged in, as the system tells."""

    def __init__(self) -> None:
        self.now = 0.0
        self.state = 0

    def change(self) -> None:
        self.now += 10
        self.state += 1


@pytest.fixture
def plugs(monkeypatch: pytest.MonkeyPatch) -> Plugs:
    made = Plugs()
    monkeypatch.setattr(sound_library, "_what_is_plugged_in", lambda: (made.state,))
    return made


def open_one(
    library: SoundLibrary,
    wanted: str,
    kind: Any = "input",
    *,
    channels: int = 1,
    lost: Callable[[], None] = lambda: None,
) -> SoundStream:
    def options(opened: Opened) -> dict[str, Any]:
        return {"callback": None, "finished_callback": None, "blocksize": opened.rate_hz // 100}

    return library.open(
        kind, wanted, rate_hz=16_000, channels=channels, options=options, on_lost=lost
    )


def begin_anew(sound: FakeSound, devices: list[dict[str, Any]], looks: list[str]) -> None:
    """Let the made-up PortAudio see these devices after its next beginning."""

    def initialize() -> None:
        looks.append("looked")
        sound.devices = devices

    sound._terminate = lambda: looks.append("ended")  # type: ignore[attr-defined]
    sound._initialize = initialize  # type: ignore[attr-defined]


def test_a_device_that_is_plugged_in_later_is_found_and_the_other_stream_goes_on(
    sound: FakeSound, plugs: Plugs
) -> None:
    library = SoundLibrary(clock=lambda: plugs.now)
    speaker = open_one(library, "Line out", "output")
    first = FakeStream.opened
    speaker.start()
    with pytest.raises(SatelliteError, match="no microphone 'New'"):
        open_one(library, "New")
    undisturbed = not first.closed
    assert undisturbed, "nothing was plugged in"

    looks: list[str] = []
    plugs.change()
    begin_anew(sound, [device("New mic", 1, 0), device("New 2", 0, 1), *sound.devices], looks)
    microphone = open_one(library, "New mic")
    assert looks == ["ended", "looked"]
    assert first.closed
    assert microphone.opened.device.name == "New mic"
    assert speaker.opened.device.index == 4, "it is another index now"
    assert not speaker.held


def test_a_stream_whose_device_is_gone_after_a_new_look_is_lost(
    sound: FakeSound, plugs: Plugs
) -> None:
    library = SoundLibrary(clock=lambda: plugs.now)
    lost: list[str] = []
    speaker = open_one(library, "Line out", "output", lost=lambda: lost.append("speaker"))
    plugs.change()
    begin_anew(sound, [device("New mic", 1, 0)], [])
    open_one(library, "New")
    assert lost == ["speaker"]
    speaker.close()


def test_a_sound_system_that_does_not_begin_anew_is_told_and_asked_again(
    sound: FakeSound, plugs: Plugs
) -> None:
    library = SoundLibrary(clock=lambda: plugs.now)
    lost: list[str] = []
    speaker = open_one(library, "Line out", "output", lost=lambda: lost.append("speaker"))
    looks: list[str] = []
    plugs.change()
    begin_anew(sound, [device("New mic", 1, 0), *sound.devices], looks)
    begin, broken = sound._initialize, True

    def initialize() -> None:
        if broken:
            raise FakePortAudioError("Error initializing PortAudio", -9999)
        begin()

    sound._initialize = initialize  # type: ignore[attr-defined]
    with pytest.raises(SatelliteError, match=r"does not start \(Error initializing") as caught:
        open_one(library, "New mic")
    assert caught.value.code == "no-microphone"
    assert lost == ["speaker"]
    speaker.close()
    plugs.now += 10
    with pytest.raises(SatelliteError, match="does not start") as caught:
        open_one(library, "Line out", "output")
    assert caught.value.code == "no-speaker"

    broken = False
    plugs.now += 10
    assert open_one(library, "New mic").opened.device.name == "New mic"
    assert looks == ["ended", "looked"], "what has not begun is not ended"


def test_a_sound_system_that_does_not_begin_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class PortAudioError(Exception):
        pass

    class Broken:
        def find_spec(self, name: str, *rest: object) -> None:
            if name == "sounddevice":
                raise PortAudioError("Error initializing PortAudio", -9999)

    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(SatelliteError, match=r"does not start \(Error initializing"):
        SoundLibrary()


def test_a_stream_comes_back_at_the_rate_of_another_device(sound: FakeSound, plugs: Plugs) -> None:
    library = SoundLibrary(clock=lambda: plugs.now)
    speaker = open_one(library, "default", "output")
    assert speaker.opened.rate_hz == 44_100
    plugs.change()
    sound.default.device = (0, 1)
    begin_anew(sound, [device("New mic", 1, 0), device("Good card", 1, 2)], [])
    open_one(library, "New")
    assert speaker.opened.rate_hz == 48_000


def test_a_busy_device_is_said_to_be_busy(
    sound: FakeSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**settings: Any) -> None:
        raise FakePortAudioError("Device unavailable", -9985)

    monkeypatch.setattr(sound, "check_input_settings", busy)
    with pytest.raises(SatelliteError, match="'Good card' is busy: another program") as caught:
        open_one(SoundLibrary(), "Good")
    assert caught.value.code == "no-microphone"


def test_what_alsa_says_is_told_where_portaudio_says_nothing(
    sound: FakeSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**settings: Any) -> None:
        raise FakePortAudioError("Unanticipated host error", -9999, (0, -13, "Permission denied"))

    monkeypatch.setattr(sound, "check_input_settings", refuse)
    with pytest.raises(SatelliteError, match=r"\(Unanticipated host error: Permission denied\)"):
        open_one(SoundLibrary(), "Good")


def test_a_device_that_refuses_every_rate_is_told_with_its_reason(
    sound: FakeSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**settings: Any) -> None:
        raise FakePortAudioError("Invalid sample rate", -9997)

    monkeypatch.setattr(sound, "check_output_settings", refuse)
    with pytest.raises(SatelliteError, match=r"'Good card' can not be opened \(Invalid") as caught:
        open_one(SoundLibrary(), "Good", "output")
    assert caught.value.code == "no-speaker"


def test_a_channel_that_the_device_lacks_is_told() -> None:
    with pytest.raises(SatelliteError, match="'Good card' has 1 channels, so no channel 3"):
        open_one(SoundLibrary(), "Good", channels=3)


def test_a_channel_is_opened_with_those_before_it() -> None:
    assert open_one(SoundLibrary(), "Studio", channels=2).opened.channels == 2


def test_a_stream_is_closed_once(sound: FakeSound) -> None:
    stream = open_one(SoundLibrary(), "Good")
    stream.close()
    FakeStream.opened.closed = False
    stream.close()
    assert not FakeStream.opened.closed


def test_what_is_plugged_in_is_a_cheap_look_at_the_system() -> None:
    assert sound_library._what_is_plugged_in() == sound_library._what_is_plugged_in()


def test_a_card_that_comes_is_seen_also_where_proc_shows_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound_library, "_CARDS", (tmp_path / "none",))
    monkeypatch.setattr(sound_library, "_NODES", tmp_path / "snd")
    seen = [sound_library._what_is_plugged_in()]
    (tmp_path / "snd").mkdir()
    seen.append(sound_library._what_is_plugged_in())
    (tmp_path / "snd" / "controlC1").touch()
    seen.append(sound_library._what_is_plugged_in())
    assert seen[0] != seen[1] != seen[2]
    assert sound_library._what_is_plugged_in() == seen[2]
