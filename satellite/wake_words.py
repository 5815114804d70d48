"""Loads wake words, each by itself: one that can not be used takes none of the others away."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from satellite.wake_settings import Wake


class WakeHit(Protocol):
    """A wake word that was heard."""

    @property
    def name(self) -> str:
        """Which one."""

    @property
    def score(self) -> float:
        """How sure that is, from 0 to 1."""


class Detector(Protocol):
    """Listens for wake words."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return those it listens for."""

    def process(self, pcm16: bytes) -> WakeHit | None:
        """Take 16 kHz audio; return the word that was heard in it."""


Loaded = tuple[Detector | None, Mapping[str, str]]
LoadWords = Callable[[Sequence[str], Wake, float], Loaded]


def load_words(names: Sequence[str], wake: Wake, sensitivity: float) -> Loaded:
    """Return a detector for the words that can be used, and by name what is wrong with the others.

    `sensitivity` is that of words that have none of their own.
    """
    if not names:
        return None, {}
    # The models and their library are 5 MB and a tenth of a second.
    from audio.wake import WakeWord, WakeWordError, WakeWords  # noqa: PLC0415

    words = [
        WakeWord(name, wake.sensitivities.get(name, sensitivity)) for name in dict.fromkeys(names)
    ]
    problems: dict[str, str] = {}

    def load(folder: Path | None) -> WakeWords:
        return WakeWords(words, folder=folder, refractory_s=wake.refractory_s, problems=problems)

    try:
        loaded = load(wake.folder)
    except WakeWordError as error:
        loaded = load(None)
        problems[str(wake.folder)] = str(error)
    return (loaded if loaded.names else None), problems


def check_words(names: Sequence[str], wake: Wake) -> None:
    """Raise ValueError where a word, or the stop word, is none that there is a model for."""
    from audio.wake import WakeWordError, available  # noqa: PLC0415  # as above
    from audio.wake_models import find  # noqa: PLC0415

    try:
        known = available(wake.folder)
    except WakeWordError:
        known = available(None)
    for name in (*names, *([wake.stop_word] if wake.stop_word else ())):
        try:
            find(name, known)
        except WakeWordError as error:
            raise ValueError(str(error)) from error
