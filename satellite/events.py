"""What happened at the satellite, as facts: for the log, and as JSON lines for other programs.

A line is `{"event": NAME, "at": SECONDS, ...}` with the fields below. `at` is `time.monotonic`,
which programs on one machine share. A field that is None is left out.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from satellite.event import Event as Event  # noqa: PLC0414
from satellite.pairing_events import Paired as Paired  # noqa: PLC0414
from satellite.pairing_events import PairingCode as PairingCode  # noqa: PLC0414
from satellite.playback_events import PlaybackDucked as PlaybackDucked  # noqa: PLC0414
from satellite.playback_events import PlaybackFlushed as PlaybackFlushed  # noqa: PLC0414
from satellite.playback_events import PlaybackPaused as PlaybackPaused  # noqa: PLC0414
from satellite.playback_events import PlaybackResumed as PlaybackResumed  # noqa: PLC0414


@dataclass(frozen=True, slots=True)
class Ready(Event):
    """The satellite runs, with the devices that are there, and looks for its hub."""

    name: ClassVar[str] = "ready"
    satellite: str
    """The satellite's id."""
    microphone: str
    """Setting that chose the microphone."""
    speaker: str
    """Setting that chose the speaker."""


@dataclass(frozen=True, slots=True)
class DeviceOpened(Event):
    """A microphone or speaker works, for the first time or again; or a button that did not."""

    name: ClassVar[str] = "device-opened"
    kind: str
    """microphone, speaker or button."""
    device: str
    """What it is called."""


@dataclass(frozen=True, slots=True)
class SoundLost(Event):
    """This machine was too slow for its sound devices; comes at most once a minute."""

    name: ClassVar[str] = "sound-lost"
    overruns: int
    """Times that the microphone's sound was not taken in time, since the start."""
    underruns: int
    """Times that the speaker's device ran dry, since the start."""


@dataclass(frozen=True, slots=True)
class EchoMeasured(Event):
    """How well the echo of the speaker is cancelled; comes at most once a minute."""

    name: ClassVar[str] = "echo-measured"
    loss_db: float
    """How much quieter the echo is than without."""
    delay_ms: int | None = None
    """How long after the devices' own times the echo comes."""


@dataclass(frozen=True, slots=True)
class Connected(Event):
    """A hub has taken the satellite."""

    name: ClassVar[str] = "connected"
    hub: str
    """The hub's name."""
    address: str
    """Where it is, as host:port."""
    session: str
    """Names the link in the hub's log too."""


@dataclass(frozen=True, slots=True)
class Disconnected(Event):
    """The link to the hub has ended, or could not be made."""

    name: ClassVar[str] = "disconnected"
    reason: str
    """Why, for people."""
    code: str
    """Why, for programs."""
    retry_in_ms: int
    """How long until the next try."""


@dataclass(frozen=True, slots=True)
class Resumed(Event):
    """The link was lost for a moment, and nothing of what goes on with it."""

    name: ClassVar[str] = "resumed"
    away_ms: int
    """How long there was no link."""
    again: int
    """Messages that were sent again; the hub had not got them."""


@dataclass(frozen=True, slots=True)
class StateChanged(Event):
    """The satellite went from one state into another."""

    name: ClassVar[str] = "state"
    state: str
    """disconnected, idle, waking, listening, thinking or speaking."""
    before: str
    """The state that it left."""
    turn: int | None = None
    """The turn that is going on."""


@dataclass(frozen=True, slots=True)
class Muted(Event):
    """The microphone was switched off, or on again."""

    name: ClassVar[str] = "muted"
    muted: bool
    """True when it is off."""


@dataclass(frozen=True, slots=True)
class WakeWords(Event):
    """Wake words that can not be used are others than before, or none any more."""

    name: ClassVar[str] = "wake-words"
    words: tuple[str, ...]
    """Those that are listened for."""
    missing: tuple[str, ...]
    """Those that can not be used; why is told as an error."""


@dataclass(frozen=True, slots=True)
class Woken(Event):
    """Something asked for the hub's ear."""

    name: ClassVar[str] = "wake"
    candidate: int
    """Number of the request on this link."""
    trigger: str
    """wake-word, button or stream."""
    wake_word: str | None = None
    """The word that was heard."""
    score: float | None = None
    """Probability that it was that word."""


@dataclass(frozen=True, slots=True)
class StoodDown(Event):
    """Another satellite answers."""

    name: ClassVar[str] = "stood-down"
    candidate: int
    """The request that is answered elsewhere."""
    reason: str
    """The hub's reason."""


@dataclass(frozen=True, slots=True)
class TimerChanged(Event):
    """Home Assistant says something about one of its timers."""

    name: ClassVar[str] = "timer"
    timer: str
    """The timer's id."""
    change: str
    """started, updated, cancelled or finished."""
    label: str | None = None
    """The timer's name, if it has one."""
    seconds: int | None = None
    """Seconds that it runs for, or that are left."""
    active: bool | None = None
    """False while it is paused."""


@dataclass(frozen=True, slots=True)
class Listening(Event):
    """A turn has begun and the microphone is open."""

    name: ClassVar[str] = "listening"
    turn: int
    """The turn."""
    max_ms: int
    """The microphone closes by itself after this time."""


@dataclass(frozen=True, slots=True)
class MicrophoneStreamed(Event):
    """The first frame of a turn was sent. `at` is when its first sample was in the air."""

    name: ClassVar[str] = "microphone"
    turn: int
    """The turn."""
    sample_index: int
    """Samples at 16 kHz since the microphone was opened."""
    clip_sample: int | None = None
    """Where in the WAV file the frame begins, in samples at 16 kHz."""


@dataclass(frozen=True, slots=True)
class ClipStarted(Event):
    """A WAV file is spoken. `at` is when its first sample was in the air."""

    name: ClassVar[str] = "clip-started"
    file: str
    """The file."""
    number: int
    """Which of the files it is, from 1."""


@dataclass(frozen=True, slots=True)
class Heard(Event):
    """The hub has recognised what was said."""

    name: ClassVar[str] = "transcript"
    turn: int
    """The turn."""
    text: str
    """The words; empty when nothing was understood."""


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """What the hub answers, or the next part of it."""

    name: ClassVar[str] = "answer"
    turn: int
    """The turn."""
    text: str
    """The words that are spoken."""


@dataclass(frozen=True, slots=True)
class FirstAudio(Event):
    """The answer can be heard. `at` is when its first sample left the speaker."""

    name: ClassVar[str] = "first-audio"
    turn: int
    """The turn."""


@dataclass(frozen=True, slots=True)
class PlaybackFinished(Event):
    """The speaker is quiet again."""

    name: ClassVar[str] = "playback-finished"
    turn: int
    """The turn."""
    position_ms: int
    """How much of the turn's audio was heard, in all."""


@dataclass(frozen=True, slots=True)
class TurnOver(Event):
    """The hub has ended the turn; audio may still play."""

    name: ClassVar[str] = "turn-ended"
    turn: int
    """The turn."""
    outcome: str
    """answered, nothing-heard, not-understood, interrupted, cancelled or failed."""
    text: str | None
    """The whole answer, or what failed."""
    stages: dict[str, Any]
    """The hub's timing record, in ms."""


@dataclass(frozen=True, slots=True)
class VolumeChanged(Event):
    """The speaker plays louder or quieter from now on."""

    name: ClassVar[str] = "volume"
    volume: float
    """From 0 to 1."""


@dataclass(frozen=True, slots=True)
class SettingChanged(Event):
    """The hub has changed a setting; volume and mute are told by their own events."""

    name: ClassVar[str] = "setting"
    setting: str
    """Its name, as in the settings file."""
    value: Any
    """What holds now."""


@dataclass(frozen=True, slots=True)
class KeptAgain(Event):
    """What was changed could not be kept over a restart, and now is."""

    name: ClassVar[str] = "kept"


@dataclass(frozen=True, slots=True)
class Identifying(Event):
    """The satellite shows which one it is, or no longer."""

    name: ClassVar[str] = "identify"
    identifying: bool
    """True when it begins."""


@dataclass(frozen=True, slots=True)
class Ringing(Event):
    """A timer rings here, by the hub or, where that can not, by the satellite; or no longer."""

    name: ClassVar[str] = "ringing"
    ringing: bool
    """True when it begins."""
    timer: str | None = None
    """The timer's name, if it has one."""


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """Something went wrong; the satellite goes on."""

    name: ClassVar[str] = "error"
    code: str
    """For programs."""
    text: str
    """For people."""
    turn: int | None = None
    """The turn that it cost."""
