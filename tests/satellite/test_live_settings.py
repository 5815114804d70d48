"""What the hub may change, over the satellite's own message."""

import asyncio
from typing import Any

import pytest

from protocol import Error, Message, Settings, Status
from satellite import events
from satellite.events import Event
from satellite.jitter import PlaybackBuffer
from satellite.live_settings import LiveSettings
from satellite.runtime import Satellite
from satellite.session import Hub
from satellite.settings import Address
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
    def __init__(self) -> None:
        self.told: list[Event] = []
        self.wire = Wire()
        self.models = Models()
        self.satellite = Satellite(PlaybackBuffer(16_000), [self.told.append], clock=lambda: 1.0)
        self.satellite.uplink = self.wire
        self.waking = Waking(
            ("okay_nabu",), Wake(), self.told.append, load=self.models.load, aside=at_once
        )
        self.satellite.listen_with(self.waking)
        self.satellite.link_up(Hub("hub", "Sotto", Address("127.0.0.1", 1), "s"))

    def change(self, **values: Any) -> Status:
        self.satellite.received(Settings(values))
        asyncio.run(self.waking._load_aside())  # what its own task does
        return [message for message in self.wire.sent if isinstance(message, Status)][-1]


def test_the_first_status_tells_the_wake_words() -> None:
    assert Connected().change().wake_words == ("okay_nabu",)


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("volume", 0.25, "volume", 0.25),
        ("volume", 1, "volume", 1.0),
        ("muted", True, "muted", True),
        ("wake_words", ["alexa", "hey_jarvis"], "wake_words", ("alexa", "hey_jarvis")),
        ("wake_words", [], "wake_words", ()),
        ("wake_mode", "push-to-talk", "wake_words", ()),
    ],
)
def test_the_hub_changes_it_and_is_told_what_holds(
    name: str, value: object, field: str, expected: object
) -> None:
    assert getattr(Connected().change(**{name: value}), field) == expected


def test_a_sensitivity_is_taken_by_the_words() -> None:
    connected = Connected()
    connected.change(wake_sensitivity=0.7)
    assert connected.models.loaded[-1] == (("okay_nabu",), 0.7)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"volume": 7}, "volume must be a number from 0 to 1, and is '7'"),
        ({"volume": "loud"}, "volume must be"),
        ({"volume": True}, "volume must be"),
        ({"muted": "yes"}, "muted must be true or false"),
        ({"wake_words": "alexa"}, "wake_words must be a list"),
        ({"wake_words": ["a"] * 5}, "a list of at most 4"),
        ({"wake_mode": "telepathy"}, "'wake-word', 'push-to-talk', 'voice' or 'always'"),
    ],
)
def test_a_bad_value_is_told_here_and_to_the_hub_and_changes_nothing(
    values: dict[str, object], words: str
) -> None:
    connected = Connected()
    before = connected.change()
    after = connected.change(**values)
    (failed,) = [event for event in connected.told if isinstance(event, events.Failed)]
    assert failed.code == "bad-setting"
    assert words in failed.text
    (error,) = [message for message in connected.wire.sent if isinstance(message, Error)]
    assert (error.text, error.code) == (failed.text, "bad-setting")
    assert after == before


def test_a_good_value_is_taken_beside_a_bad_one_and_a_name_nobody_knows_is_left_alone() -> None:
    connected = Connected()
    status = connected.change(volume=0.5, muted="no", hologram=True)
    assert (status.volume, status.muted) == (0.5, False)


def test_what_can_be_changed_has_names() -> None:
    live = LiveSettings()
    live.add("b", int, print)
    live.add("a", int, print)
    assert live.names == ("a", "b")
