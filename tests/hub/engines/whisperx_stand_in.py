"""Stands in for WhisperX where it is not installed, on the real faster-whisper underneath.

Names and signatures are those of whisperx/asr.py and whisperx/vads/vad.py of 3.8, as far as the
adapter uses them.
"""

from types import ModuleType
from typing import Any

import faster_whisper
import numpy as np
import numpy.typing as npt
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import TranscriptionOptions

SAMPLE_RATE = 16_000
_OPTIONS: dict[str, Any] = {
    "beam_size": 5, "best_of": 5, "patience": 1, "length_penalty": 1, "repetition_penalty": 1,
    "no_repeat_ngram_size": 0, "temperatures": [0.0], "compression_ratio_threshold": 2.4,
    "log_prob_threshold": -1.0, "no_speech_threshold": 0.6, "condition_on_previous_text": False,
    "prompt_reset_on_temperature": 0.5, "initial_prompt": None, "prefix": None,
    "suppress_blank": True, "suppress_tokens": [-1], "without_timestamps": True,
    "max_initial_timestamp": 0.0, "word_timestamps": False, "prepend_punctuations": "",
    "append_punctuations": "", "max_new_tokens": None, "clip_timestamps": "0",
    "hallucination_silence_threshold": None, "hotwords": None,
}  # fmt: skip


class Vad:
    def __init__(self, vad_onset: float) -> None:
        if not (0 < vad_onset < 1):
            raise ValueError("vad_onset is a decimal value between 0 and 1.")


class FasterWhisperPipeline:
    def __init__(self, model: Any, vad: Any, options: TranscriptionOptions) -> None:
        self.model = model
        self.vad_model = vad
        self.options = options

    def transcribe(
        self,
        audio: npt.NDArray[np.float32],
        batch_size: int | None = None,
        num_workers: int = 0,
        language: str | None = None,
    ) -> dict[str, Any]:
        assert language is not None
        waveform = self.vad_model.preprocess_audio(audio)
        found = self.vad_model({"waveform": waveform, "sample_rate": SAMPLE_RATE})
        segments = []
        for part in self.vad_model.merge_chunks(found, 30, onset=0.5, offset=0.363):
            samples = audio[int(part["start"] * SAMPLE_RATE) : int(part["end"] * SAMPLE_RATE)]
            text, avg_logprob = self._decoded(samples, language)
            segments.append(
                {
                    "text": text,
                    "start": round(part["start"], 3),
                    "end": round(part["end"], 3),
                    "avg_logprob": avg_logprob,
                }
            )
        return {"segments": segments, "language": language}

    def detect_language(self, audio: npt.NDArray[np.float32]) -> str:
        encoded = self.model.encode(self._features(audio))
        return str(self.model.model.detect_language(encoded)[0][0][0][2:-2])

    def _features(self, audio: npt.NDArray[np.float32]) -> Any:
        return self.model.feature_extractor(np.pad(audio, (0, 480_000 - len(audio))), padding=0)

    def _decoded(self, samples: npt.NDArray[np.float32], language: str) -> tuple[str, float]:
        tokenizer = Tokenizer(
            self.model.hf_tokenizer,
            self.model.model.is_multilingual,
            task="transcribe",
            language=language,
        )
        prompt = self.model.get_prompt(
            tokenizer, [], without_timestamps=True, hotwords=self.options.hotwords
        )
        result = self.model.model.generate(
            self.model.encode(self._features(samples)),
            [prompt],
            beam_size=self.options.beam_size,
            max_length=self.model.max_length,
            return_scores=True,
        )[0]
        tokens = result.sequences_ids[0]
        return tokenizer.decode(tokens), result.scores[0] * len(tokens) / (len(tokens) + 1)


def load_model(  # noqa: PLR0917 - as the library has it
    whisper_arch: str,
    device: str,
    device_index: int = 0,
    compute_type: str = "default",
    asr_options: dict[str, Any] | None = None,
    language: str | None = None,
    vad_model: Vad | None = None,
    local_files_only: bool = False,
    threads: int = 4,
) -> FasterWhisperPipeline:
    assert isinstance(vad_model, Vad), "without one it would load another model"
    model = faster_whisper.WhisperModel(
        whisper_arch,
        device=device,
        device_index=device_index,
        compute_type=compute_type,
        local_files_only=local_files_only,
        cpu_threads=threads,
    )
    options = _OPTIONS | {"multilingual": model.model.is_multilingual} | (asr_options or {})
    print("Use manually assigned vad_model. vad_method is ignored.")  # noqa: T201 - as it does
    return FasterWhisperPipeline(model, vad_model, TranscriptionOptions(**options))


def modules() -> dict[str, ModuleType]:
    """Return what to put in sys.modules."""
    made = {name: ModuleType(name) for name in ("whisperx", "whisperx.asr", "whisperx.vads")}
    vars(made["whisperx"]).update(load_model=load_model, asr=made["whisperx.asr"])
    vars(made["whisperx.vads"])["Vad"] = Vad
    return made
