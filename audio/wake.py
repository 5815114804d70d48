"""Wake words: microWakeWord models, one shared feature extractor for all words of a stream."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pymicro_wakeword
from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures

_MODELS = Path(pymicro_wakeword.__file__).parent / "models"


class WakeWordError(ValueError):
    """A wake word is unknown or its model can not be read; the text names what there is."""


@dataclass(frozen=True, slots=True)
class WakeHit:
    """A wake word was heard."""

    name: str
    score: float
    """Mean probability over the model's sliding window, 0 to 1."""


def available() -> dict[str, str]:
    """Return the names of the built-in wake words and the phrases they stand for."""
    return {
        path.stem: str(json.loads(path.read_text(encoding="utf-8"))["wake_word"])
        for path in sorted(_MODELS.glob("*.json"))
    }


class WakeWords:
    """Listens to one stream for some wake words."""

    def __init__(self, names: Sequence[str]) -> None:
        """Load the models. Raises WakeWordError."""
        known = available()
        for name in names:
            if name not in known:
                raise WakeWordError(
                    f"There is no wake word {name!r}. There are: {', '.join(known)}."
                )
        self.names = tuple(names)
        self._features = MicroWakeWordFeatures()
        self._words = [MicroWakeWord.from_config(_MODELS / f"{name}.json") for name in names]

    def process(self, pcm16: bytes) -> WakeHit | None:
        """Take 16 kHz audio of any length; return the best word that was heard in it, if any."""
        best: WakeHit | None = None
        for features in self._features.process_streaming(pcm16):
            for name, word in zip(self.names, self._words, strict=True):
                score = word.process_streaming_prob(features)
                if score is None or score <= word.probability_cutoff:
                    continue
                if best is None or score > best.score:
                    best = WakeHit(name, score)
        if best is not None:
            # One utterance of the word is one hit.
            self.reset()
        return best

    def reset(self) -> None:
        """Forget the audio so far."""
        self._features.reset()
        for word in self._words:
            word.reset()
