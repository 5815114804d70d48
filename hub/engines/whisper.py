"""Speech-to-text with Whisper: any sentence, in many languages; its model is a download.

The encoder sees the utterance and a margin of silence, not the 30 s that Whisper was trained on;
what then looks like a loop or a guess is looked at once more with all 30 s. What is still doubtful,
or made up from silence, is no text (`hub.engines.whisper_filters`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from audio.pcm import SPEECH_RATE_HZ, to_float
from hub.engines import failures
from hub.engines.base import EngineError, Transcript
from hub.engines.hardware import inspect_machine
from hub.engines.whisper_filters import MIN_LOGPROB, Decoded, doubtful, refusal
from hub.engines.whisper_model import WINDOW_SAMPLES, ModelSettings, WhisperModel
from hub.words import worded

MARGIN_S = 2.0
"""Silence after the utterance that the encoder sees. On less, Whisper begins to repeat itself."""
SHORT_S = 1.0
"""An utterance this short is one word: it gets LEAD_S of silence in front as well."""
LEAD_S = 0.3
MIN_S = 0.1
"""Less is no word."""
MAX_S = 300.0
"""More is no utterance, and would hold up everybody else's."""
MIN_PEAK = 0.002
"""Of full scale; audio below it is silence."""
EXPECTED_WEIGHT = 2.0
"""How much likelier the language that is expected of the speaker is made: one word is little to
tell languages by."""

# Longer audio is cut where it is quietest within the last seconds of a window.
_PART_SAMPLES = 28 * SPEECH_RATE_HZ
_SEARCH_SAMPLES = 8 * SPEECH_RATE_HZ
_QUIET_SAMPLES = SPEECH_RATE_HZ // 10


@dataclass(frozen=True, slots=True)
class _Hearing:
    """The part of the configuration that needs no new model."""

    languages: tuple[str, ...] = ()
    """Bare codes; one: fixed; several: detected among them; none: what each utterance expects."""
    hotwords: tuple[str, ...] = ()
    full_window: bool = False
    margin_s: float = MARGIN_S
    min_logprob: float = MIN_LOGPROB


class WhisperEngine:
    """faster-whisper behind the engine port.

    `configure` takes ModelSettings' fields and `language` or `languages`, `hotwords` (names of
    rooms and devices, the most important first), `full_window` (True: always 30 s), `margin_s`,
    `min_logprob`; all may be left out.
    """

    def __init__(self) -> None:
        self._settings: ModelSettings | None = None
        self._model: WhisperModel | None = None
        self._hearing = _Hearing()

    def load(self) -> None:
        """Import the libraries. Raises EngineError "engine-missing"."""
        try:
            import ctranslate2  # type: ignore[import-untyped]  # noqa: F401
            import faster_whisper  # noqa: F401
        except ImportError as error:
            raise failures.library_missing("faster-whisper", error) from error

    def configure(self, values: dict[str, Any]) -> None:
        """Load the model if it is another one, and take the rest. Raises EngineError.

        After an error the last configuration stays.
        """
        try:
            settings = ModelSettings.of(values)
            hearing = _hearing(values)
        except (TypeError, ValueError) as error:
            raise failures.not_configuration("Whisper", error) from error
        model = self._model
        if model is None or settings != self._settings:
            model = WhisperModel(settings, inspect_machine())
        unknown = [code for code in hearing.languages if not model.knows(code)]
        if unknown:
            raise EngineError(
                "bad-request",
                worded(
                    "model-hears-no",
                    "The model '{model}' hears no {names}.",
                    model=model.choice.model,
                    names=", ".join(unknown),
                ),
            )
        self._model, self._settings = model, settings
        self._hearing = _Hearing(
            hearing.languages,
            model.fitting(hearing.hotwords),
            hearing.full_window,
            hearing.margin_s,
            hearing.min_logprob,
        )

    def transcribe(self, audio: bytes, language: str) -> Transcript:
        """Return what was said, "" where nobody spoke or nothing can be made of it.

        The transcript's language is `language`, or another one of the household's if that was
        spoken. Raises EngineError.
        """
        if self._model is None:
            raise failures.without_model("Whisper")
        samples = audible(audio)
        if samples is None:
            return Transcript("", language)
        expected = bare(language)
        spoken, texts, confidences = expected, [], []
        for part in cut_to_windows(samples):
            decoded, spoken = self._hear(self._model, part, expected)
            if refusal(decoded, spoken, self._hearing.hotwords, self._hearing.min_logprob) is None:
                texts.append(decoded.text)
                confidences.append(decoded.confidence)
        tag = language if spoken == expected else spoken
        if not texts:
            return Transcript("", tag)
        return Transcript(" ".join(texts), tag, min(confidences))

    def _hear(
        self, model: WhisperModel, samples: npt.NDArray[np.float32], expected: str
    ) -> tuple[Decoded, str]:
        """Return the text of one window and its language."""
        if len(samples) < SHORT_S * SPEECH_RATE_HZ:
            samples = np.concatenate([np.zeros(int(LEAD_S * SPEECH_RATE_HZ), np.float32), samples])
        window_samples = len(samples) + int(self._hearing.margin_s * SPEECH_RATE_HZ)
        if self._hearing.full_window or window_samples >= WINDOW_SAMPLES:
            return self._look(model, samples, WINDOW_SAMPLES, expected)
        decoded, language = self._look(model, samples, window_samples, expected)
        if doubtful(decoded, self._hearing.min_logprob):
            return self._look(model, samples, WINDOW_SAMPLES, expected)
        return decoded, language

    def _look(
        self,
        model: WhisperModel,
        samples: npt.NDArray[np.float32],
        window_samples: int,
        expected: str,
    ) -> tuple[Decoded, str]:
        encoded = model.encode(samples, window_samples)
        language = self._language(model, encoded, expected)
        return model.decode(encoded, language, self._hearing.hotwords, len(samples)), language

    def _language(self, model: WhisperModel, encoded: Any, expected: str) -> str:
        languages = self._hearing.languages or (expected,)
        if len(languages) > 1:
            likely = model.detect(encoded, languages)
            if likely:
                weights = {expected: EXPECTED_WEIGHT}
                return max(likely, key=lambda code: likely[code] * weights.get(code, 1.0))
        if not model.knows(languages[0]):
            raise EngineError(
                "bad-request",
                worded(
                    "whisper-hears-no",
                    "The Whisper model hears no '{language}'.",
                    language=languages[0],
                ),
            )
        return languages[0]


def _hearing(values: dict[str, Any]) -> _Hearing:
    languages = values.get("languages") or [values.get("language")]
    return _Hearing(
        tuple(dict.fromkeys(bare(str(tag)) for tag in languages if tag)),
        tuple(str(name) for name in values.get("hotwords") or ()),
        bool(values.get("full_window", False)),
        max(0.0, float(values.get("margin_s", MARGIN_S))),
        float(values.get("min_logprob", MIN_LOGPROB)),
    )


def audible(audio: bytes) -> npt.NDArray[np.float32] | None:
    """Return the samples of an utterance, None of silence. Raises EngineError "bad-request"."""
    samples = to_float(audio[: len(audio) - len(audio) % 2])
    if len(samples) > MAX_S * SPEECH_RATE_HZ:
        raise EngineError(
            "bad-request",
            worded(
                "too-much-at-once",
                "This is more than {seconds:g} s of audio at a time.",
                seconds=MAX_S,
            ),
        )
    if len(samples) < MIN_S * SPEECH_RATE_HZ or np.abs(samples).max() < MIN_PEAK:
        return None
    return samples


def bare(tag: str) -> str:
    """Return a BCP 47 tag's language ("fr" of "fr-CA")."""
    return tag.replace("_", "-").split("-")[0].lower()


def cut_to_windows(samples: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
    """Cut audio into parts that fit in a window, where it is quietest."""
    parts = []
    while len(samples) > _PART_SAMPLES:
        searched = samples[_PART_SAMPLES - _SEARCH_SAMPLES : _PART_SAMPLES]
        levels = np.square(searched).reshape(-1, _QUIET_SAMPLES).sum(axis=1)
        quietest = int(np.argmin(levels)) * _QUIET_SAMPLES + _QUIET_SAMPLES // 2
        cut = _PART_SAMPLES - _SEARCH_SAMPLES + quietest
        parts.append(samples[:cut])
        samples = samples[cut:]
    return [*parts, samples]
