"""What wakes the satellite."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from satellite.section import BadValue, Section

Mode = Literal["wake-word", "push-to-talk", "voice", "always"]
MOST_WAKE_WORDS = 4
WakeNames = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=60)], ...], Meta(max_length=MOST_WAKE_WORDS)
]
Sensitivity = Annotated[float, Meta(ge=0, le=1)]
LIVE = (
    "wake_words",
    "wake.mode",
    "wake.sensitivity",
    "wake.sensitivities",
    "wake.languages",
    "wake.refractory_s",
    "wake.stop_word",
)
"""What can be changed while it listens."""


class Wake(Section, frozen=True):
    """What wakes the satellite."""

    mode: Mode = "wake-word"
    """`wake-word`; `push-to-talk`: the button alone; `voice`: any voice, and what is said goes to
    the hub; `always`: everything does."""
    sensitivity: Sensitivity = 0.5
    """From 0 to 1; 0.5 is as the models are meant, more hears more, also what was not said."""
    sensitivities: dict[str, Sensitivity] = msgspec.field(default_factory=dict)
    """Of single wake words, by name."""
    languages: dict[str, str] = msgspec.field(default_factory=dict)
    """The language that is spoken after a wake word, by its name: `hey_jarvis = "de"`."""
    refractory_s: Annotated[float, Meta(ge=0, le=30)] = 2.0
    """So long after a wake word the same one is not heard again."""
    stop_word: str = ""
    """A wake word that ends what plays or rings, and wakes nothing."""
    folder: Path | None = None
    """A folder with wake words of your own: microWakeWord's NAME.json beside its .tflite, or
    openWakeWord's NAME.tflite."""

    def __post_init__(self) -> None:
        for name, language in self.languages.items():
            if not language.isascii() or not language.replace("-", "").isalpha():
                raise BadValue("languages", f"{language!r} of {name!r} is no language: en, de, ...")
