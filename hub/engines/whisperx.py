"""Speech-to-text with WhisperX: Whisper as `hub.engines.whisper` has it, in WhisperX's pipeline.

Voice activity has cut the utterance already, so WhisperX's own is left out; so are its word times,
which no answer needs. It always computes windows of 30 s.
Source: whisperx/asr.py of WhisperX 3.8.
"""

import contextlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from audio.pcm import SPEECH_RATE_HZ
from hub.engines import failures
from hub.engines.base import EngineError, Transcript
from hub.engines.hardware import Machine, WhisperChoice, inspect_machine
from hub.engines.whisper import audible, bare, cut_to_windows
from hub.engines.whisper_filters import Decoded, refusal
from hub.engines.whisper_model import ModelSettings, load_first, threads
from hub.words import worded

MAX_HOTWORDS = 40
"""Names that are told to the decoder: about 100 tokens, as with faster-whisper."""


class WhisperXEngine:
    """WhisperX behind the engine port.

    `configure` takes what WhisperEngine's does; what is about windows is of no use here.
    """

    def __init__(self) -> None:
        self._settings: ModelSettings | None = None
        self._pipeline: Any = None
        self._languages: tuple[str, ...] = ()
        self._hotwords: tuple[str, ...] = ()

    def load(self) -> None:
        """Import the library. Raises EngineError "engine-missing"."""
        os.environ.setdefault(
            "PYANNOTE_METRICS_ENABLED", "0"
        )  # it would report what it is used for
        try:
            with _quiet():
                import whisperx.asr  # noqa: F401
        except Exception as error:  # torch and its kin fail in ways of their own
            raise failures.extra_missing("WhisperX", "whisperx", error) from error

    def configure(self, values: dict[str, Any]) -> None:
        """Load the model if it is another one, and take the rest. Raises EngineError.

        After an error the last configuration stays.
        """
        try:
            settings = ModelSettings.of(values)
            languages = values.get("languages") or [values.get("language")]
            known = tuple(dict.fromkeys(bare(str(tag)) for tag in languages if tag))
            hotwords = tuple(" ".join(str(name).split()) for name in values.get("hotwords") or ())
        except (TypeError, ValueError) as error:
            raise failures.not_configuration("WhisperX", error) from error
        pipeline = self._pipeline
        if pipeline is None or settings != self._settings:
            pipeline, _ = load_first(settings, inspect_machine(), _load)
        unknown = [code for code in known if code not in pipeline.model.supported_languages]
        if unknown:
            raise EngineError(
                "bad-request",
                worded(
                    "whisper-hears-no",
                    "The Whisper model hears no '{language}'.",
                    language=", ".join(unknown),
                ),
            )
        self._pipeline, self._settings, self._languages = pipeline, settings, known
        self._hotwords = tuple(dict.fromkeys(filter(None, hotwords)))[:MAX_HOTWORDS]
        told = ", ".join(self._hotwords) or None
        pipeline.options = replace(pipeline.options, hotwords=told)

    def transcribe(self, audio: bytes, language: str) -> Transcript:
        """Return what was said, "" where nobody spoke or nothing can be made of it.

        Raises EngineError.
        """
        if self._pipeline is None:
            raise failures.without_model("WhisperX")
        samples = audible(audio)
        if samples is None:
            return Transcript("", language)
        expected = bare(language)
        spoken, texts, confidences = expected, [], []
        for part in cut_to_windows(samples):
            decoded, spoken = self._hear(part, expected)
            if refusal(decoded, spoken, self._hotwords) is None:
                texts.append(decoded.text)
                confidences.append(decoded.confidence)
        tag = language if spoken == expected else spoken
        if not texts:
            return Transcript("", tag)
        return Transcript(" ".join(texts), tag, min(confidences))

    def _hear(self, samples: npt.NDArray[np.float32], expected: str) -> tuple[Decoded, str]:
        """Return the text of one window and its language."""
        try:
            language = self._language(samples, expected)
            found = self._pipeline.transcribe(samples, batch_size=1, language=language)
        except EngineError:
            raise
        except Exception as error:  # torch and CTranslate2 raise what they like
            raise failures.says("WhisperX", error) from error
        segment = found["segments"][0]
        text = " ".join(segment["text"].split())
        # How likely it is that nobody spoke, WhisperX does not tell.
        return Decoded(text, float(segment["avg_logprob"]), 0.0), language

    def _language(self, samples: npt.NDArray[np.float32], expected: str) -> str:
        languages = self._languages or (expected,)
        if len(languages) > 1:
            heard = str(self._pipeline.detect_language(samples))
            if heard in languages:
                return heard
            return expected if expected in languages else languages[0]
        if languages[0] not in self._pipeline.model.supported_languages:
            raise EngineError(
                "bad-request",
                worded(
                    "whisper-hears-no",
                    "The Whisper model hears no '{language}'.",
                    language=languages[0],
                ),
            )
        return languages[0]


def _load(folder: Path, choice: WhisperChoice, settings: ModelSettings, machine: Machine) -> Any:
    import whisperx

    try:
        with _quiet():
            pipeline = whisperx.load_model(
                str(folder),
                device=choice.device,
                compute_type=choice.compute_type,
                asr_options={"beam_size": settings.beam_size},
                vad_model=_whole_utterance(),
                local_files_only=True,
                threads=threads(settings, machine),
            )
            # GPU libraries are looked up at first use only.
            pipeline.transcribe(np.zeros(SPEECH_RATE_HZ, np.float32), batch_size=1, language="en")
    except Exception as error:  # tokenizers and torch raise what they like
        raise EngineError(
            "engine-failed",
            worded(
                "whisper-does-not-load",
                "The Whisper model in {folder} does not load: {why}",
                folder=str(folder),
                why=str(error),
            ),
        ) from error
    return pipeline


def _whole_utterance() -> Any:
    """Return a voice activity for WhisperX that finds one piece of speech: everything."""
    from whisperx.vads import Vad

    class WholeUtterance(Vad):  # type: ignore[misc]
        def __call__(self, audio: dict[str, Any], **_: Any) -> list[dict[str, Any]]:
            end = len(audio["waveform"]) / audio["sample_rate"]
            return [{"start": 0.0, "end": end, "segments": [(0.0, end)]}]

        @staticmethod
        def preprocess_audio(audio: Any) -> Any:
            return audio

        @staticmethod
        def merge_chunks(segments: Any, *_: Any, **__: Any) -> Any:
            return segments

    return WholeUtterance(0.5)


def _quiet() -> contextlib.AbstractContextManager[Any]:
    """Send what the library prints to where logs go."""
    return contextlib.redirect_stdout(sys.stderr)
