"""What the hub may change, over the satellite's own message."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from protocol import Error, Listen, LiveSetting, Message, Settings, SettingsTaken, Status
from satellite import events
from satellite.events import Event
from satellite.jitter import PlaybackBuffer
from satellite.live_settings import MOST_BYTES, Change, LiveSettings
from satellite.runtime import Satellite
from satellite.session import Hub
from satellite.settings import Address, SatelliteSettings
from satellite.signs_settings import Sounds
from satellite.wake_settings import Wake
from satellite.waking import Waking
from tests.satellite.test_waking import at_once
from tests.satellite.waking_doubles import Models


class Wire:
    dropped_chunks = 0

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.sent.append(message)

    async def wait_for_room(self) -> None:
        return


class Connected:
    def __init__(self, *, barge_in: bool = False) -> None:
        self.told: list[Event] = []
        self.wire = Wire()
        self.models = Models()
        own = SatelliteSettings(wake_words=("okay_nabu",))
        self.satellite = Satellite(
            PlaybackBuffer(16_000),
            [self.told.append],
            barge_in=barge_in,
            live=LiveSettings(own),
            clock=lambda: 1.0,
        )
        self.satellite.uplink = self.wire
        self.waking = Waking(
            ("okay_nabu",), Wake(), self.told.append, load=self.models.load, aside=at_once
        )
        self.satellite.listen_with(self.waking)
        self.satellite.link_up(Hub("hub", "Sotto", Address("127.0.0.1", 1), "s"))

    def change(self, values: dict[str, Any], request: int | None = None) -> Status:
        self.satellite.received(Settings(values, request))
        asyncio.run(self.waking._load_aside())  # what its own task does
        return self.statuses[-1]

    def ask(self, values: dict[str, Any]) -> SettingsTaken:
        """Change what can be, and return the answer to that."""
        self.change(values, request=7)
        taken = self.wire.sent[-1]
        if isinstance(taken, Status):  # other words were loaded
            taken = self.wire.sent[-2]
        assert isinstance(taken, SettingsTaken)
        assert taken.request == 7
        return taken

    @property
    def statuses(self) -> list[Status]:
        return [message for message in self.wire.sent if isinstance(message, Status)]


def setting(name: str, status: Status) -> LiveSetting:
    """Return what a status tells of a setting."""
    (found,) = [one for one in status.settings or () if one.name == name]
    return found


def test_the_first_status_tells_the_wake_words() -> None:
    assert Connected().change({}).wake_words == ("okay_nabu",)


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("volume", 0.25, "volume", 0.25),
        ("volume", 1, "volume", 1.0),
        ("muted", True, "muted", True),
        ("wake_words", ["alexa", "hey_jarvis"], "wake_words", ("alexa", "hey_jarvis")),
        ("wake_words", [], "wake_words", ()),
        ("wake.mode", "push-to-talk", "wake_words", ()),
    ],
)
def test_the_hub_changes_it_and_is_told_what_holds(
    name: str, value: object, field: str, expected: object
) -> None:
    connected = Connected()
    taken = connected.ask({name: value})
    assert getattr(connected.statuses[-1], field) == expected
    assert taken.values == {name: value}
    assert taken.refused == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("wake.sensitivity", 0.7),
        ("wake.sensitivities", {"okay_nabu": 0.9}),
        ("wake.languages", {"okay_nabu": "de"}),
        ("wake.refractory_s", 3.5),
        ("wake.stop_word", "alexa"),
    ],
)
def test_all_of_the_wake_words_can_be_changed_and_the_file_holds_again_with_null(
    name: str, value: object
) -> None:
    connected = Connected()
    own = connected.satellite.live.value(name)
    assert connected.ask({name: value}).values == {name: value}
    assert connected.satellite.live.changes == {name: Change(value, own)}
    [changed] = [event for event in connected.told if isinstance(event, events.SettingChanged)]
    assert (changed.setting, changed.value) == (name, value)
    assert connected.ask({name: None}).values == {name: own}
    assert connected.satellite.live.changes == {}


def test_a_sensitivity_is_taken_by_the_words() -> None:
    connected = Connected()
    connected.change({"wake.sensitivity": 0.7})
    assert connected.models.loaded[-1] == (("okay_nabu",), 0.7)


BAD = [
    ({"volume": 7}, "volume must be a number from 0 to 1, and is '7'"),
    ({"volume": "loud"}, "volume must be"),
    ({"volume": True}, "volume must be"),
    ({"muted": "yes"}, "muted must be true or false"),
    ({"wake_words": "alexa"}, "wake_words must be a list"),
    ({"wake_words": ["okay_nabu"] * 5}, "a list of at most 4"),
    ({"wake_words": ["hey_hal"]}, "hey_hal"),
    ({"wake.mode": "telepathy"}, "'wake-word', 'push-to-talk', 'voice' or 'always'"),
    ({"wake.languages": {"okay_nabu": "!"}}, "is no language"),
    ({"wake.stop_word": "x" * MOST_BYTES}, "wake.stop_word must be shorter"),
    ({"hub": "evil.example"}, "hub can not be changed while it runs: which hub it trusts"),
    ({"microphone": "USB"}, "the sound devices are chosen at the start"),
    ({"pins.button": 3}, "set it in the satellite's settings file and start it anew"),
    ({"hooks": {"wake": "rm"}}, "for its owner alone"),
    ({"wake.folder": "/tmp"}, "for its owner alone"),
    ({"wake": {"mode": "voice"}}, "there is no setting 'wake'"),
    ({"hologram": True}, "there is no setting 'hologram'"),
]


@pytest.mark.parametrize(("values", "words"), BAD)
def test_a_bad_value_is_told_here_and_to_the_hub_and_changes_nothing(
    values: dict[str, object], words: str
) -> None:
    connected = Connected()
    before = connected.change({})
    after = connected.change(values)
    (failed,) = [event for event in connected.told if isinstance(event, events.Failed)]
    assert failed.code == "bad-setting"
    assert words in failed.text
    (error,) = [message for message in connected.wire.sent if isinstance(message, Error)]
    assert (error.text, error.code) == (failed.text, "bad-setting")
    assert after == before


@pytest.mark.parametrize(("values", "words"), BAD)
def test_who_asks_for_an_answer_hears_what_is_refused(
    values: dict[str, object], words: str
) -> None:
    connected = Connected()
    taken = connected.ask(values)
    assert taken.values == {}
    assert list(taken.refused) == list(values)
    assert words in taken.refused[next(iter(values))]
    assert not [message for message in connected.wire.sent if isinstance(message, Error)]


def test_a_good_value_is_taken_beside_a_bad_one() -> None:
    connected = Connected()
    taken = connected.ask({"volume": 0.5, "muted": "no", "wake.sensitivity": 0.25})
    assert taken.values == {"volume": 0.5, "wake.sensitivity": 0.25}
    assert list(taken.refused) == ["muted"]


def test_what_a_switch_has_muted_the_hub_is_told_it_can_not_unmute() -> None:
    connected = Connected()
    connected.satellite.switch_mute(muted=True)
    assert (
        "switched off at the satellite itself" in connected.ask({"muted": False}).refused["muted"]
    )


def test_all_settings_are_told_with_their_limits_at_first_and_when_one_has_changed() -> None:
    connected = Connected()
    first = connected.statuses[0]
    sensitivity = setting("wake.sensitivity", first)
    assert (sensitivity.kind, sensitivity.value, sensitivity.own) == ("number", 0.5, 0.5)
    assert (sensitivity.least, sensitivity.greatest) == (0, 1)
    modes = ("wake-word", "push-to-talk", "voice", "always")
    assert setting("wake.mode", first).choices == modes
    words, muted = setting("wake_words", first), setting("muted", first)
    assert (words.kind, words.greatest) == ("list", 4)
    assert (muted.kind, muted.value) == ("boolean", False)
    connected.satellite.tell_status()
    assert connected.statuses[-1].settings is None
    mode = setting("wake.mode", connected.change({"wake.mode": "voice"}))
    assert (mode.value, mode.own) == ("voice", "wake-word")
    connected.satellite.set_volume(0.25)  # a knob
    assert setting("volume", connected.statuses[-1]).value == 0.25
    connected.satellite.link_resumed(100, 0)
    assert connected.statuses[-1].settings is not None


def test_the_hub_may_not_listen_over_what_plays_any_more_from_the_next_turn_on() -> None:
    connected = Connected(barge_in=True)
    hearing = connected.satellite.machine.hearing
    connected.satellite.received(Listen(turn=1, candidate=None, max_ms=5000, keep_open=True))
    connected.satellite.hear_while_playing(False)
    assert connected.statuses[-1].barge_in is False
    assert hearing.stays_open, "this turn goes on as it began"
    connected.satellite.received(Listen(turn=2, candidate=None, max_ms=5000, keep_open=True))
    assert not hearing.stays_open


def test_what_can_be_changed_has_names() -> None:
    live = LiveSettings()
    live.add("wake.mode", "volume", apply=print)
    live.add_state("muted", print, lambda: False)
    assert live.names == ("muted", "volume", "wake.mode")


def test_a_sound_is_switched_off_and_on_and_is_the_owners_own_again() -> None:
    own = SatelliteSettings(sounds=Sounds(awake="/home/me/gong.wav"))
    live = LiveSettings(own)
    live.add("sounds.awake", apply=lambda now: None, kind=bool)
    assert live.value("sounds.awake") is True
    assert live.change({"sounds.awake": False}) == {}
    assert live.changes == {"sounds.awake": Change(False, "/home/me/gong.wav")}
    assert live.change({"sounds.awake": True}) == {}
    assert (live.now.sounds.awake, live.changes) == ("/home/me/gong.wav", {})
    assert live.change({"sounds.awake": "/etc/shadow"}) != {}


def test_what_was_kept_holds_unless_the_file_says_something_new_or_it_makes_no_sense() -> None:
    own = SatelliteSettings(wake_words=("okay_nabu",), wake=Wake(sensitivity=0.5))
    kept = {
        "wake.sensitivity": Change(0.8, 0.5),
        "wake_words": Change(["alexa"], ["okay_nabu"]),
        "wake.mode": Change("voice", "always"),
        "wake.refractory_s": Change(900, 2.0),
        "wake.languages": Change({"alexa": "?"}, {}),
        "hologram": Change(1, 2),
        "wake.folder.deep": Change(1, None),
        "token_file": Change("/etc/passwd", str(Path("/none"))),
        "": Change(1, 2),
    }
    now = LiveSettings(own, kept).now
    assert (now.wake.sensitivity, now.wake_words) == (0.8, ("alexa",))
    assert (now.wake.mode, now.wake.refractory_s, now.wake.languages) == ("wake-word", 2.0, {})
