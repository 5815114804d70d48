"""Wake words: several detectors over one stream, of microWakeWord and of openWakeWord.

The words of a kind share one feature extractor: it is the dear part.
"""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

from audio.pcm import SPEECH_RATE_HZ
from audio.wake_models import WakeModel, WakeWordError, available, check, find

__all__ = ["WakeHit", "WakeWord", "WakeWordError", "WakeWords", "available", "detector_of"]

REFRACTORY_S = 2.0
"""One utterance of a word is one hit, also where its echo is heard again."""
OPEN_CUTOFF = 0.5
"""openWakeWord's usual threshold."""
MOST_CUTOFF = 0.995


@dataclass(frozen=True, slots=True)
class WakeHit:
    """A wake word was heard."""

    name: str
    score: float
    """Probability that it was said: the mean over the model's window, 0 to 1."""


@dataclass(frozen=True, slots=True)
class WakeWord:
    """A wake word to listen for."""

    name: str
    sensitivity: float = 0.5
    """From 0 to 1; 0.5 is as its makers mean it, more hears more, also what was not said."""


def cutoff(usual: float, sensitivity: float) -> float:
    """Return the score that a word must exceed.

    At 0.5 it is the model's own. From there it falls to half of that at 1, in a straight line, and
    rises to MOST_CUTOFF at 0.
    """
    if sensitivity >= 0.5:
        return usual * (1.5 - sensitivity)
    return usual + (MOST_CUTOFF - usual) * (1 - 2 * sensitivity)


class Detector(Protocol):
    """Listens for one word. The scores are those of the piece of audio that was heard last."""

    usual_cutoff: float

    def hear(self, pcm16: bytes) -> Iterable[float]:
        """Take 16 kHz audio by itself, without shared features; return its scores."""

    def score(self, features: Any) -> Iterable[float]:
        """Take features that are shared; return their scores."""

    def reset(self) -> None:
        """Forget the audio so far."""


class WakeWords:
    """Listens to one stream for some wake words."""

    def __init__(
        self,
        words: Sequence[WakeWord | str],
        *,
        folder: Path | None = None,
        refractory_s: float = REFRACTORY_S,
        problems: dict[str, str] | None = None,
    ) -> None:
        """Load the models; `folder` holds the owner's.

        With `problems`, what is wrong with a word is noted there by its name, and the others are
        listened for. Raises WakeWordError: without `problems`, or for the folder.
        """
        known = available(folder)
        self._words: list[_Listening] = []
        for wanted in words:
            word = WakeWord(wanted) if isinstance(wanted, str) else wanted
            try:
                model = find(word.name, known)
                if model.own:
                    check(model)
                self._words.append(_Listening(word, model, detector_of(model)))
            except WakeWordError as error:
                if problems is None:
                    raise
                problems[word.name] = str(error)
        self.names = tuple(one.word.name for one in self._words)
        self._extractors = {kind: _extractor(kind) for kind in {one.kind for one in self._words}}
        self._refractory = round(refractory_s * SPEECH_RATE_HZ)

    @property
    def scores(self) -> dict[str, float]:
        """Return the highest score of each word in the audio that was taken last."""
        return {one.word.name: one.last for one in self._words}

    @property
    def cutoffs(self) -> dict[str, float]:
        """Return what the score of each word must exceed."""
        return {one.word.name: one.cutoff for one in self._words}

    def process(self, pcm16: bytes) -> WakeHit | None:
        """Take 16 kHz audio of any length; return the best word that was heard in it, if any."""
        features = {
            kind: list(extractor.features(pcm16)) for kind, extractor in self._extractors.items()
        }
        best: tuple[_Listening, float] | None = None
        for one in self._words:
            one.take(features[one.kind], len(pcm16) // 2)
            if one.rest <= 0 and one.last > one.cutoff and (best is None or one.last > best[1]):
                best = one, one.last
        if best is None:
            return None
        heard, score = best
        heard.rest = self._refractory
        for one in self._words:
            one.detector.reset()
        for extractor in self._extractors.values():
            extractor.reset()
        return WakeHit(heard.word.name, score)

    def reset(self) -> None:
        """Forget the audio so far."""
        for extractor in self._extractors.values():
            extractor.reset()
        for one in self._words:
            one.detector.reset()
            one.rest = 0


class _Listening:
    """A word and how it is doing."""

    def __init__(self, word: WakeWord, model: WakeModel, detector: Detector) -> None:
        self.word = word
        self.kind = model.kind
        self.detector = detector
        self.cutoff = cutoff(detector.usual_cutoff, word.sensitivity)
        self.last = 0.0
        self.rest = 0
        """Samples until it may be heard again."""

    def take(self, features: Sequence[Any], samples: int) -> None:
        self.rest = max(0, self.rest - samples)
        scores = [score for part in features for score in self.detector.score(part)]
        self.last = max(scores, default=0.0)


def detector_of(model: WakeModel) -> Detector:
    """Load a model. Raises WakeWordError where its package is not installed."""
    return _Micro(model.file) if model.kind == "micro" else _Open(model.file)


class _Micro:
    """A word of microWakeWord."""

    def __init__(self, file: Path) -> None:
        # Each kind only if it is used.
        from pymicro_wakeword import MicroWakeWord, microwakeword  # noqa: PLC0415

        # Its mean of some scores is made of fractions: a tenth of what a satellite at rest does.
        faster = {**vars(statistics), "mean": statistics.fmean}
        vars(microwakeword)["statistics"] = SimpleNamespace(**faster)
        self._word = MicroWakeWord.from_config(file)
        self.usual_cutoff = float(self._word.probability_cutoff)

    def hear(self, pcm16: bytes) -> Iterator[float]:
        for features in _extractor("micro").features(pcm16):
            yield from self.score(features)

    def score(self, features: Any) -> Iterator[float]:
        score = self._word.process_streaming_prob(features)
        if score is not None:
            yield float(score)

    def reset(self) -> None:
        self._word.reset()


class _Open:
    """A word of openWakeWord."""

    usual_cutoff = OPEN_CUTOFF

    def __init__(self, file: Path) -> None:
        self._word = _open_wakeword().OpenWakeWord.from_model(file)

    def hear(self, pcm16: bytes) -> Iterator[float]:
        for features in _extractor("open").features(pcm16):
            yield from self.score(features)

    def score(self, features: Any) -> Iterator[float]:
        yield from map(float, self._word.process_streaming(features))

    def reset(self) -> None:
        self._word.reset()


class _MicroFeatures:
    def __init__(self) -> None:
        from pymicro_wakeword import MicroWakeWordFeatures  # noqa: PLC0415

        self._made = MicroWakeWordFeatures()

    def features(self, pcm16: bytes) -> Iterable[Any]:
        return self._made.process_streaming(pcm16)

    def reset(self) -> None:
        self._made.reset()


class _OpenFeatures:
    """Is not reset after a hit: it fills its window of 8 s anew then, which takes 0.4 s."""

    def __init__(self) -> None:
        self._made = _open_wakeword().OpenWakeWordFeatures.from_builtin()
        # The first piece of audio costs that time: better now than in the middle of a word.
        list(self._made.process_streaming(bytes(2560)))

    def features(self, pcm16: bytes) -> Iterable[Any]:
        return self._made.process_streaming(pcm16)  # type: ignore[no-any-return]

    def reset(self) -> None:
        return


def _extractor(kind: str) -> _MicroFeatures | _OpenFeatures:
    return _MicroFeatures() if kind == "micro" else _OpenFeatures()


def _open_wakeword() -> Any:
    try:
        import pyopen_wakeword  # noqa: PLC0415
    except ImportError as error:
        raise WakeWordError(
            "openWakeWord models need the package pyopen-wakeword: install 'sotto[openwakeword]'."
        ) from error
    return pyopen_wakeword
