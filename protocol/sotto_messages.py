"""Sotto's own messages: what Wyoming has no word for. Plain Wyoming peers ignore them."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from protocol.live_setting import LiveSetting
from protocol.loudness_messages import LOUDNESS_MESSAGES
from protocol.pairing_messages import PAIRING_MESSAGES
from protocol.schema import Between, Message
from protocol.wyoming_audio import AudioFormat, Turn

PROTOCOL_VERSION = 1
"""Raised when an older peer could misread a newer one."""
DEFAULT_PORT = 10_710
"""Where a hub listens for satellites unless it is told otherwise."""

Milliseconds = Annotated[int, Between(0, 2**53)]
Count = Annotated[int, Between(0, 2**53)]
Share = Annotated[float, Between(0, 1)]
Decibels = Annotated[float, Between(-200, 200)]


@dataclass(frozen=True, slots=True)
class Hello(Message):
    """A satellite introduces itself: its first message."""

    type_name: ClassVar[str] = "sotto-hello"
    version: int
    """Version of this protocol that the satellite speaks."""
    satellite: str
    """The satellite's id, the same after a restart."""
    name: str
    """Its name, for people."""
    area: str | None
    """The room that it is in."""
    nonce: str
    """32 random bytes in hexadecimal, new for each link."""
    software: str
    """Program and version, for people."""
    features: tuple[str, ...]
    """`flush`, `duck`, `pause`, `playback`; `barge-in`: sends its microphone while it plays;
    `partials`: wants to be told what is heard while somebody speaks; `resume`: can go on with a
    session after a lost link; `settings`: tells which settings can be changed, and answers;
    `identify`: can show which one it is; `volume`: can play a turn at a volume of its own."""
    microphone: AudioFormat
    """What it sends."""
    speaker: AudioFormat
    """What it likes best to play."""
    person: str | None = None
    """Whose it is, where it is one person's: a bedside, a study."""
    session: str | None = None
    """The session that it wants to go on with; its link was lost."""
    received: Count = 0
    """Counted messages of the hub that came in that session."""
    pairing: str | None = None
    """Without a token, what binds the satellite to its key of `sotto-pair`, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Challenge(Message):
    """The hub asks for a proof that the satellite knows the token."""

    type_name: ClassVar[str] = "sotto-challenge"
    version: int
    """Version of this protocol that the hub speaks."""
    hub: str
    """The hub's id, the same after a restart."""
    name: str
    """Its name, for people."""
    nonce: str
    """32 random bytes in hexadecimal, new for each link."""
    key: str | None = None
    """For a satellite that wants to be paired: the hub's key, 256 bytes in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Proof(Message):
    """The satellite proves that it knows the token."""

    type_name: ClassVar[str] = "sotto-proof"
    mac: str
    """The satellite's code, 32 bytes in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Welcome(Message):
    """The hub takes the satellite, and proves that it knows the token too."""

    type_name: ClassVar[str] = "sotto-welcome"
    version: int
    """Version of this protocol that both speak."""
    hub: str
    """The hub's id, the same after a restart."""
    name: str
    """Its name, for people."""
    session: str
    """Names the session in logs of both sides, and when it is gone on with."""
    mac: str | None
    """The hub's code, 32 bytes in hexadecimal; absent without a token."""
    keep_alive_ms: Milliseconds
    """Each side sends something at least this often."""
    settings: dict[str, Any]
    """Settings for the satellite."""
    resume_ms: Milliseconds = 0
    """How long the hub keeps the session when its link is lost; 0: it does not."""
    received: Count | None = None
    """Counted messages of the satellite that came in the session, which goes on; absent in a new
    one."""


@dataclass(frozen=True, slots=True)
class Refused(Message):
    """The hub does not take the satellite, or not any longer. The link ends."""

    type_name: ClassVar[str] = "sotto-refused"
    code: str
    """Why, for programs."""
    text: str
    """Why, for people."""
    retry_after_ms: Milliseconds | None = None
    """When to try again; absent when it is of no use before something changes."""


@dataclass(frozen=True, slots=True)
class Wake(Message):
    """The satellite wants to be listened to. Several may have heard the same words."""

    type_name: ClassVar[str] = "sotto-wake"
    candidate: Count
    """Rises with each wake on the link."""
    trigger: str
    """What woke it: `wake-word`, `button`, `follow-up` or `stream`."""
    wake_word: str | None = None
    """The wake word that was heard."""
    score: float | None = None
    """The detector's score."""
    loudness_dbfs: Decibels | None = None
    """Loudness of the wake word."""
    noise_dbfs: Decibels | None = None
    """Loudness of the room before it."""
    age_ms: Milliseconds | None = None
    """Time from the end of the wake word to this message."""
    language: str | None = None
    """The language that is spoken after this wake word, such as `de`."""


@dataclass(frozen=True, slots=True)
class StandDown(Message):
    """Another satellite answers, or nobody does: be quiet."""

    type_name: ClassVar[str] = "sotto-stand-down"
    candidate: Count
    """The wake that is answered elsewhere."""
    reason: str
    """Why, for logs."""


@dataclass(frozen=True, slots=True)
class Listen(Message):
    """Open the microphone: a turn begins."""

    type_name: ClassVar[str] = "sotto-listen"
    turn: Turn
    """The new turn; higher than every turn before it on the link."""
    candidate: Count | None
    """The wake that won; absent when the hub starts to listen by itself."""
    max_ms: Milliseconds
    """Close the microphone by yourself after this time."""
    keep_open: bool = False
    """Keep the microphone open until the turn is over, also while the answer plays."""


@dataclass(frozen=True, slots=True)
class TurnEnded(Message):
    """A turn is over, however it went. Audio that was sent before is still played."""

    type_name: ClassVar[str] = "sotto-turn-ended"
    turn: Turn
    """The turn."""
    outcome: str
    """What came of it, one of those under "Turns", such as `answered`."""
    text: str | None
    """The answer, or what failed, for people."""
    stages: dict[str, Any]
    """Milliseconds from the turn's start, by stage."""


@dataclass(frozen=True, slots=True)
class Cancel(Message):
    """Give up: everything of this turn and of the turns before it is stale."""

    type_name: ClassVar[str] = "sotto-cancel"
    turn: Turn
    """The highest turn that is stale."""
    reason: str
    """Why, for logs."""


@dataclass(frozen=True, slots=True)
class Flush(Message):
    """Drop the audio that has not been played yet."""

    type_name: ClassVar[str] = "sotto-flush"
    turn: Turn
    """The turn whose audio is dropped."""


@dataclass(frozen=True, slots=True)
class Duck(Message):
    """Play more quietly, or as loud as before with a gain of 0 dB."""

    type_name: ClassVar[str] = "sotto-duck"
    turn: Turn
    """The turn whose audio it concerns."""
    gain_db: Decibels
    """Gain; 0 is unchanged, negative is quieter."""
    ramp_ms: Milliseconds
    """Time in which the gain changes."""


@dataclass(frozen=True, slots=True)
class Pause(Message):
    """Stop playing where you are and keep the rest."""

    type_name: ClassVar[str] = "sotto-pause"
    turn: Turn
    """The turn whose audio it concerns."""


@dataclass(frozen=True, slots=True)
class Resume(Message):
    """Go on playing after a pause."""

    type_name: ClassVar[str] = "sotto-resume"
    turn: Turn
    """The turn whose audio it concerns."""


@dataclass(frozen=True, slots=True)
class Playback(Message):
    """How far the speaker is. Sent while audio plays, and once when it has ended."""

    type_name: ClassVar[str] = "sotto-playback"
    turn: Turn
    """The turn whose audio plays."""
    position_ms: Milliseconds
    """Audio of this turn that has really been heard, also across flushes; it never falls."""
    buffered_ms: Milliseconds
    """Audio of this turn that waits to be played."""
    finished: bool
    """Whether the speaker is done with this turn."""


@dataclass(frozen=True, slots=True)
class Status(Message):
    """How the satellite is. Its first message after a welcome, and sent at each change."""

    type_name: ClassVar[str] = "sotto-status"
    state: str
    """State of the satellite, such as `idle`."""
    muted: bool
    """Whether the microphone is off."""
    volume: Share | None = None
    """Volume of the speaker, from 0 to 1."""
    underruns: Count = 0
    """Times that playback ran dry since the start."""
    dropped_chunks: Count = 0
    """Audio chunks that were dropped since the start."""
    wake_words: tuple[str, ...] = ()
    """Wake words that it listens for."""
    reconnects: Count = 0
    """Links that were made anew since the start."""
    round_trip_ms: float | None = None
    """Time that the last ping to the hub took, there and back."""
    echo_db: float | None = None
    """How much quieter its echo cancelling makes what it plays; none while not known."""
    device_losses: Count = 0
    """Times that its sound devices over- or underran since the start."""
    barge_in: bool | None = None
    """Whether it sends its microphone while it plays, from now on; absent: as its hello said."""
    settings: tuple[LiveSetting, ...] | None = None
    """Settings that can be changed, all of them; absent: as it told before on this link."""


@dataclass(frozen=True, slots=True)
class Settings(Message):
    """Change the satellite's settings; those not named stay as they are."""

    type_name: ClassVar[str] = "sotto-settings"
    values: dict[str, Any]
    """New values by name, as in the satellite's settings file, and `muted`. Null: what the file
    says holds again."""
    request: Count | None = None
    """Asks for `sotto-settings-taken` with this number."""


@dataclass(frozen=True, slots=True)
class SettingsTaken(Message):
    """What became of `sotto-settings` that asked for it."""

    type_name: ClassVar[str] = "sotto-settings-taken"
    request: Count
    """Its number."""
    values: dict[str, Any]
    """What holds now of the settings that were taken."""
    refused: dict[str, Any]
    """Why the others were not, for people, by name."""


@dataclass(frozen=True, slots=True)
class Identify(Message):
    """Show which one you are, with light and sound."""

    type_name: ClassVar[str] = "sotto-identify"
    seconds: Annotated[float, Between(0, 60)]
    """For so long; 0 ends it."""


SOTTO_MESSAGES: tuple[type[Message], ...] = (
    Hello,
    Challenge,
    Proof,
    Welcome,
    Refused,
    Wake,
    StandDown,
    Listen,
    TurnEnded,
    Cancel,
    Flush,
    Duck,
    Pause,
    Resume,
    Playback,
    Status,
    Settings,
    SettingsTaken,
    Identify,
    *PAIRING_MESSAGES,
    *LOUDNESS_MESSAGES,
)
