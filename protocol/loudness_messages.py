"""How loud it is: what a microphone hears while somebody looks, and how loud a turn is played."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from protocol.schema import Between, Message
from protocol.wyoming_audio import Turn

Level = Annotated[float, Between(-200, 200)]


@dataclass(frozen=True, slots=True)
class Watch(Message):
    """Tell how loud it is, for somebody looks."""

    type_name: ClassVar[str] = "sotto-watch"
    seconds: Annotated[float, Between(0, 60)]
    """For so long from now; 0 ends it."""


@dataclass(frozen=True, slots=True)
class Meter(Message):
    """How loud it is at the satellite, and how good its radio is. Sent while somebody looks."""

    type_name: ClassVar[str] = "sotto-meter"
    level_dbfs: Level | None = None
    """Loudest 32 ms since the last one; absent while the microphone is off or away."""
    noise_dbfs: Level | None = None
    """Loudness of the room when nobody speaks."""
    signal_dbm: Level | None = None
    """Strength of the Wi-Fi; absent where the satellite is on a cable, or does not know."""
    signal: Annotated[float, Between(0, 1)] | None = None
    """The same as a share: 0 is -100 dBm and less, 1 is -50 dBm and more."""


@dataclass(frozen=True, slots=True)
class TurnVolume(Message):
    """Play this turn as loud as this, whatever the satellite's own volume is."""

    type_name: ClassVar[str] = "sotto-turn-volume"
    turn: Turn
    """The turn; the next one is played as before."""
    volume: Annotated[float, Between(0, 1)]
    """From 0 to 1, as the volume of the satellite."""


LOUDNESS_MESSAGES: tuple[type[Message], ...] = (Watch, Meter, TurnVolume)
