"""A small home in memory, and a sink that obeys, or does not, at once."""

from collections.abc import Mapping
from typing import Any

from hub.home.intents import IntentMatch, IntentRecognizer
from hub.home.model import (
    Area,
    AreaId,
    CommandFailed,
    Device,
    DeviceId,
    DeviceState,
    Home,
    HomeCommand,
)
from hub.home.targets import Request

KITCHEN = AreaId("kitchen")
OFFICE = AreaId("office")

_STATE = frozenset({"state"})
_COLOR = _STATE | {"brightness", "color", "color_temperature"}

DEVICES = (
    Device(DeviceId("ceiling"), "Ceiling Light", "light", area=KITCHEN, features=_COLOR),
    Device(DeviceId("counter"), "Counter Light", "light", area=KITCHEN, features=_STATE),
    Device(DeviceId("standing"), "Standing Light", "light", area=OFFICE, features=_STATE),
    Device(DeviceId("bed"), "Bed Light", "light", aliases=("Night Light",), features=_COLOR),
    Device(DeviceId("lamp1"), "Lamp", "light", area=KITCHEN, features=_STATE),
    Device(DeviceId("lamp2"), "Lamp", "light", area=OFFICE, features=_STATE),
    Device(DeviceId("kettle"), "Kettle", "switch", area=KITCHEN, features=_STATE),
    Device(
        DeviceId("left"), "Left Window", "cover", area=KITCHEN, device_class="window",
        features=_STATE | {"position"},
    ),
    Device(
        DeviceId("right"), "Right Window", "cover", area=KITCHEN, device_class="window",
        features=_STATE,
    ),
    Device(DeviceId("garage"), "Garage Door", "cover", device_class="garage", features=_STATE),
    Device(DeviceId("front"), "Front Door", "lock", features=_STATE),
    Device(DeviceId("back"), "Back Door", "lock", features=_STATE),
    Device(
        DeviceId("ecobee"), "EcoBee", "climate", area=OFFICE, unit="°C",
        features=_STATE | {"temperature", "mode"},
    ),
    Device(
        DeviceId("tv"), "TV", "media_player", area=KITCHEN, features=_STATE,
    ),
    Device(DeviceId("radio"), "Radio", "media_player", area=OFFICE, features=_STATE),
    Device(DeviceId("york"), "New York", "weather", unit="°C", features=_STATE),
    Device(
        DeviceId("humid"), "Outdoor Humidity", "sensor", device_class="humidity", unit="%",
        features=_STATE,
    ),
    Device(DeviceId("leak"), "Leak", "binary_sensor", features=_STATE),
    Device(DeviceId("party"), "Party Time", "script"),
    Device(DeviceId("mood"), "Mood Lighting", "scene"),
    Device(DeviceId("bell"), "Bell", "button"),
)  # fmt: skip

STATES: Mapping[str, DeviceState] = {
    "ceiling": DeviceState(
        "on", {"brightness": 50, "color": (255, 255, 255), "color_temperature": 4000}
    ),
    "counter": DeviceState("off"),
    "standing": DeviceState("off"),
    "bed": DeviceState("off", {"brightness": 10}),
    "lamp1": DeviceState("off"),
    "lamp2": DeviceState("off"),
    "kettle": DeviceState("off"),
    "left": DeviceState("open", {"position": 100}),
    "right": DeviceState("closed"),
    "garage": DeviceState("closed"),
    "front": DeviceState("locked"),
    "back": DeviceState("unlocked"),
    "ecobee": DeviceState("heat", {"temperature": 21, "current_temperature": 20.5, "mode": "heat"}),
    "tv": DeviceState("playing", {"volume": 30, "muted": False}),
    "radio": DeviceState("paused"),
    "york": DeviceState("sunny", {"temperature": 14}),
    "humid": DeviceState("54"),
    "leak": DeviceState("off"),
}


def small_home() -> Home:
    """The home above."""
    home = Home()
    home.put_area(Area(KITCHEN, "Kitchen"))
    home.put_area(Area(OFFICE, "Office", aliases=("Study",)))
    for device in DEVICES:
        home.put(device)
        if device.id in STATES:
            home.update_state(device.id, STATES[device.id])
    return home


_RECOGNIZERS: dict[str, tuple[Home, IntentRecognizer]] = {}


def recognizer(language: str = "en") -> IntentRecognizer:
    """A recogniser of the small home; they are costly to make, and only read."""
    if language not in _RECOGNIZERS:
        home = small_home()
        _RECOGNIZERS[language] = (home, IntentRecognizer(home, language))
    return _RECOGNIZERS[language][1]


def understood(text: str, area: AreaId | None = KITCHEN, language: str = "en") -> IntentMatch:
    """What a sentence means; one that means nothing fails the test."""
    match = recognizer(language).recognize(text, area=area)
    assert match is not None, f"not understood: {text}"
    return match


def request(text: str, area: AreaId | None = KITCHEN, home: Home | None = None) -> Request:
    """A sentence that was said in a room of the small home."""
    return Request(home or small_home(), understood(text, area), area)


_BECOMES: Mapping[str, Mapping[str, Any]] = {
    "turn_on": {"value": "on"},
    "turn_off": {"value": "off"},
    "open": {"value": "opening"},
    "close": {"value": "closing"},
    "lock": {"value": "locked"},
    "unlock": {"value": "unlocked"},
    "play": {"value": "playing"},
    "pause": {"value": "paused"},
}


class ObedientSink:
    """Makes every command come true at once, but for the devices that are deaf or cut off."""

    def __init__(self, home: Home, *, deaf: tuple[str, ...] = (), failing: str = "") -> None:
        self.commands: list[HomeCommand] = []
        self._home = home
        self._deaf = deaf
        self._failing = failing

    async def perform(self, command: HomeCommand) -> None:
        if self._failing:
            raise CommandFailed(self._failing, "no")
        self.commands.append(command)
        if command.device in self._deaf:
            return
        state = self._home.state(command.device)
        value = _BECOMES.get(command.verb, {}).get("value", state.value)
        attributes = {**state.attributes, **command.values}
        self._home.update_state(command.device, DeviceState(value, attributes))
