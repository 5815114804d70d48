"""Whisper through faster-whisper and CTranslate2: finding, loading, and decoding one window.

faster-whisper's own transcription pads every utterance to 30 s. The encoder also takes less, and
then costs a tenth or less, so the steps are called one by one here.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from audio.pcm import SPEECH_RATE_HZ
from hub.engines import failures
from hub.engines.base import EngineError
from hub.engines.hardware import Machine, WhisperChoice, whisper_choices
from hub.engines.model_catalog import whisper_name
from hub.engines.whisper_filters import Decoded
from hub.words import worded

log = logging.getLogger(__name__)

AUTO = "auto"
WINDOW_SAMPLES = 30 * SPEECH_RATE_HZ
"""What Whisper was trained on, and the most its encoder takes."""
MAX_HOTWORD_TOKENS = 100
"""Of the 223 that fit before a transcript; each costs decoding time."""
MAX_TOKENS_PER_SECOND = 16
"""Faster than anybody speaks; a decoder that goes in circles stops here."""
MIN_NEW_TOKENS = 24
"""The least bound: names can take many tokens."""
MAX_NEW_TOKENS = 224
"""Half of the decoder's positions."""

_DAMAGED = "engine-failed"
_STEP_DOWN = {"engine-missing", _DAMAGED}
_FILES = ("model.bin", "config.json", "tokenizer.json")
# Frames are 10 ms, and the encoder's second convolution takes every other one.
_GRAIN_SAMPLES = 320
_MAX_THREADS = 4


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model, and how it runs."""

    model: str = AUTO
    """Name as faster-whisper knows it, a folder, or "auto": the best that suits the machine."""
    device: str = AUTO
    """"cpu", "cuda" or "auto"."""
    compute_type: str = AUTO
    """CTranslate2's ("int8", "float16"), or "auto"."""
    threads: int = 0
    """On the CPU; 0: as many as there are cores, 4 at most."""
    folder: str | None = None
    """Folder of models by their names, looked at first."""
    cache_dir: str | None = None
    """Where faster-whisper keeps what it has fetched; None: where Hugging Face's libraries do."""
    beam_size: int = 5
    """Transcripts followed side by side; 1 is fastest."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "ModelSettings":
        """Return what a configuration says of the model. Raises TypeError, ValueError."""
        names = [each.name for each in fields(cls)]
        return cls(**{name: values[name] for name in names if values.get(name) is not None})

    def __post_init__(self) -> None:
        # Values come from a settings file: what is no number raises TypeError here.
        if self.threads < 0:
            raise ValueError(f"{self.threads} threads")
        if self.beam_size < 1:
            raise ValueError(f"{self.beam_size} transcripts side by side")


def attempts(settings: ModelSettings, machine: Machine) -> list[WhisperChoice]:
    """Return what to try to load, in this order."""
    if settings.model == AUTO:
        choices = [
            choice
            for choice in whisper_choices(machine)
            if settings.device in (AUTO, choice.device)
        ]
    else:
        devices = [settings.device] if settings.device != AUTO else ["cpu"]
        if settings.device == AUTO and machine.cuda:
            devices.insert(0, "cuda")
        choices = [
            WhisperChoice(settings.model, "float16" if device == "cuda" else "int8", device)
            for device in devices
        ]
    if settings.compute_type != AUTO:
        choices = [
            WhisperChoice(choice.model, settings.compute_type, choice.device) for choice in choices
        ]
    return choices


def load_first(
    settings: ModelSettings,
    machine: Machine,
    load: Callable[[Path, WhisperChoice, ModelSettings, Machine], Any],
) -> tuple[Any, WhisperChoice]:
    """Return the first model that can be had, as `load` loads it from its folder.

    Raises EngineError, as WhisperModel does.
    """
    failure: EngineError | None = None
    for choice in attempts(settings, machine):
        try:
            loaded = load(find_whisper(choice.model, settings), choice, settings, machine)
            if failure is not None and failure.code == _DAMAGED:
                log.warning("%s Until then %r is used.", failure, choice.model)
            return loaded, choice
        except EngineError as error:
            # A smaller model may be here and whole, and a GPU that does not work is no reason to be
            # deaf.
            step_down = settings.model == AUTO and error.code in _STEP_DOWN
            cpu_next = settings.device == AUTO and choice.device == "cuda"
            failure = _worse(failure, error)
            if not step_down and not cpu_next:
                raise
    text = "There is no device '{device}' for Whisper."
    no_device = worded("no-whisper-device", text, device=settings.device)
    raise failure or EngineError("bad-request", no_device)


def threads(settings: ModelSettings, machine: Machine) -> int:
    """Return how many cores a model may use."""
    return settings.threads or min(_MAX_THREADS, machine.cores)


class WhisperModel:
    """A loaded model. Blocking."""

    def __init__(self, settings: ModelSettings, machine: Machine) -> None:
        """Find and load the model, and try it once.

        Raises EngineError: "engine-missing" (no such model here, or files of it are missing),
        "engine-failed" (its files are damaged), "bad-request" (settings that can not be).
        """
        self._beam_size = settings.beam_size
        self._model, self.choice = load_first(settings, machine, _load)
        self.multilingual = bool(self._model.model.is_multilingual)
        self._tokenizers: dict[str, Any] = {}

    def encode(self, samples: npt.NDArray[np.float32], window_samples: int) -> Any:
        """Return the encoder's view of the samples, with silence up to the window's length."""
        window_samples = min(window_samples + -window_samples % _GRAIN_SAMPLES, WINDOW_SAMPLES)
        padded = np.zeros(window_samples, np.float32)
        padded[: len(samples)] = samples[:window_samples]
        features = self._model.feature_extractor(padded, padding=0)
        try:
            return self._model.encode(features)
        except (RuntimeError, ValueError) as error:
            raise failures.says("Whisper", error) from error

    def detect(self, encoded: Any, languages: Sequence[str]) -> dict[str, float]:
        """Return how likely each of the languages is, as bare codes; unknown ones are left out."""
        try:
            found = self._model.model.detect_language(encoded)[0]
        except RuntimeError as error:
            raise failures.says("Whisper", error) from error
        likely = {token[2:-2]: float(probability) for token, probability in found}
        return {code: likely[code] for code in languages if code in likely}

    def knows(self, language: str) -> bool:
        """Return whether the model hears this language, as a bare code."""
        return language in self._model.supported_languages

    def fitting(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the names from the start that fit in MAX_HOTWORD_TOKENS, without doubles."""
        tokens, fitting = 0, []
        for name in dict.fromkeys(" ".join(name.split()) for name in names):
            tokens += len(self._encoded(f" {name},")) if name else 0
            if tokens > MAX_HOTWORD_TOKENS:
                break
            if name:
                fitting.append(name)
        return tuple(fitting)

    def decode(
        self, encoded: Any, language: str, hotwords: Sequence[str], speech_samples: int
    ) -> Decoded:
        """Return the text in an encoded window. Raises EngineError "engine-failed"."""
        tokenizer = self._tokenizer(language)
        prompt = []
        if hotwords:
            prompt = [tokenizer.sot_prev, *self._encoded(" " + ", ".join(hotwords) + ".")]
        prompt += [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        seconds = speech_samples / SPEECH_RATE_HZ
        new_tokens = min(MIN_NEW_TOKENS + int(seconds * MAX_TOKENS_PER_SECOND), MAX_NEW_TOKENS)
        try:
            result = self._model.model.generate(
                encoded,
                [prompt],
                beam_size=self._beam_size,
                # CTranslate2 gives the text what the prompt leaves, and half of all at most.
                max_length=max(len(prompt) + new_tokens, 2 * new_tokens),
                return_scores=True,
                return_no_speech_prob=True,
            )[0]
        except (RuntimeError, ValueError) as error:
            raise failures.says("Whisper", error) from error
        tokens = result.sequences_ids[0]
        # The score is the mean without the end of the text, which is a token of its own.
        avg_logprob = float(result.scores[0]) * len(tokens) / (len(tokens) + 1)
        text = " ".join(tokenizer.decode(tokens).split())
        return Decoded(text, avg_logprob, float(result.no_speech_prob))

    def _tokenizer(self, language: str) -> Any:
        if language not in self._tokenizers:
            from faster_whisper.tokenizer import Tokenizer

            self._tokenizers[language] = Tokenizer(
                self._model.hf_tokenizer,
                self.multilingual,
                task="transcribe",
                language=language,
            )
        return self._tokenizers[language]

    def _encoded(self, text: str) -> list[int]:
        ids: list[int] = self._model.hf_tokenizer.encode(text, add_special_tokens=False).ids
        return ids


def find_whisper(model: str, settings: ModelSettings) -> Path:
    """Return a model's folder; nothing is fetched.

    Raises EngineError "engine-missing" or "bad-request".
    """
    own = Path(settings.folder) / whisper_name(model) if settings.folder else None
    # A folder of models may hold one that is only half there, beside a whole one elsewhere.
    if own is not None and not missing_files(own):
        return own
    folder = Path(model).expanduser()
    if not folder.is_dir():
        if folder.is_absolute() or model.startswith((".", "~")):
            raise EngineError(
                "engine-missing",
                worded(
                    "no-whisper-in", "There is no Whisper model in {folder}.", folder=str(folder)
                ),
            )
        folder = _kept(model, settings)
    if missing := missing_files(folder):
        raise EngineError(
            "engine-missing",
            worded(
                "whisper-incomplete",
                "The Whisper model in {folder} is incomplete, without {files}: fetch it again.",
                folder=str(folder),
                files=", ".join(missing),
            ),
        )
    return folder


def missing_files(folder: Path) -> list[str]:
    """Return the files that a model needs and that are not in a folder."""
    missing = [name for name in _FILES if not (folder / name).is_file()]
    return missing if any(folder.glob("vocabulary.*")) else [*missing, "vocabulary.json"]


def _kept(model: str, settings: ModelSettings) -> Path:
    """Return the folder in which faster-whisper itself keeps a model. Raises EngineError."""
    from faster_whisper.utils import download_model

    try:
        return Path(download_model(model, local_files_only=True, cache_dir=settings.cache_dir))
    except ValueError as error:
        # huggingface_hub's "not in the cache" is a ValueError, too, and an OSError.
        if not isinstance(error, OSError) and "Invalid model size" in str(error):
            raise EngineError("bad-request", str(error)) from error
        raise _not_here(model) from error
    except Exception as error:  # its libraries may raise anything
        raise _not_here(model) from error


def _worse(one: EngineError | None, other: EngineError) -> EngineError:
    """Return which of two failures to tell: a model that is damaged before one that is not here."""
    if one is None or (other.code == _DAMAGED and one.code != _DAMAGED):
        return other
    return one


def _not_here(model: str) -> EngineError:
    return EngineError(
        "engine-missing",
        worded(
            "whisper-not-here",
            "The Whisper model '{model}' is not on this machine: run `sotto-hub models pull "
            "whisper/{model}`, or choose another.",
            model=model,
        ),
    )


def _load(folder: Path, choice: WhisperChoice, settings: ModelSettings, machine: Machine) -> Any:
    import ctranslate2  # type: ignore[import-untyped]
    import faster_whisper

    try:
        possible = ctranslate2.get_supported_compute_types(choice.device)
    except (RuntimeError, ValueError) as error:
        raise EngineError(
            "bad-request",
            worded(
                "no-whisper-on",
                "No Whisper on '{device}': {why}",
                device=choice.device,
                why=str(error),
            ),
        ) from error
    if choice.compute_type not in possible:
        text = "This {device} has no '{kind}', but {names}."
        named = {"device": choice.device, "kind": choice.compute_type}
        why = worded("no-compute-type", text, names=", ".join(possible), **named)
        raise EngineError("bad-request", why)
    try:
        model = faster_whisper.WhisperModel(
            str(folder),
            device=choice.device,
            compute_type=choice.compute_type,
            cpu_threads=threads(settings, machine),
            local_files_only=True,
        )
        # GPU libraries are looked up at first use only.
        features = model.feature_extractor(np.zeros(SPEECH_RATE_HZ, np.float32), padding=0)
        start = model.hf_tokenizer.token_to_id("<|startoftranscript|>")
        model.model.generate(model.encode(features), [[start]], max_length=2, beam_size=1)
    except Exception as error:  # tokenizers raises bare Exceptions
        advice = worded("fetch-again", "fetch it again")
        if choice.device != "cpu":
            advice = worded("fetch-or-cpu", "fetch it again or use the CPU")
        text = "The Whisper model in {folder} does not load: {why}; {advice}."
        named = {"folder": str(folder), "why": str(error), "advice": advice}
        raise EngineError("engine-failed", worded("whisper-load-advice", text, **named)) from error
    return model
