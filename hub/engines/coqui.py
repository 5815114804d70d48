"""Text-to-speech with Coqui's models: natural, offline; each model is a download of its own.

The library is coqui-tts, the fork that is kept. Its models have licences of their own, some of them
not for commercial use. Source: TTS/api.py and TTS/utils/manage.py of coqui-tts 0.28.
"""

import contextlib
import inspect
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from audio.pcm import from_float, silence
from hub.engines import failures
from hub.engines.base import EngineError, SpeechChunk, SpeechRequest
from hub.engines.piper_text import pieces
from hub.words import worded

MIN_SPEED, MAX_SPEED = 0.5, 2.0
"""Beyond these no voice can be understood."""
CHUNK_BYTES = 128 * 1024
"""Audio of a piece goes out in parts of this size: 3 s at 22,050 Hz."""
PAUSE_MS = 150
"""Between two pieces. Coqui's own is 10,000 samples after each."""

_MOST_SHOWN = 10
_NOT_CACHED = {"LocalEntryNotFoundError", "OfflineModeIsEnabled"}
"""What huggingface_hub says when it may not look elsewhere."""
_OF_SEVERAL_FILES = {"xtts", "bark", "tortoise"}


@dataclass(frozen=True, slots=True)
class _Model:
    """What needs loading again when it changes."""

    model: str
    config: str
    cuda: bool
    threads: int


class CoquiEngine:
    """coqui-tts behind the engine port.

    `configure` takes `model` (a name such as "tts_models/en/ljspeech/vits", or the path of a
    checkpoint or its folder), `config` (the checkpoint's config.json; beside it where it is left
    out), `speaker` and `language` (of models that have several; else the first speaker, and what a
    request is in), `speed` (1.0: as the model was trained; models that can not, do not), `threads`
    and `cuda`. A request's voice is a speaker.
    """

    def __init__(self) -> None:
        self._model: _Model | None = None
        self._tts: Any = None
        self._natural_length: float | None = None
        self._speaker = ""
        self._language = ""
        self._speed = 1.0

    def load(self) -> None:
        """Import the library. Raises EngineError "engine-missing"."""
        os.environ.setdefault("HF_HUB_OFFLINE", "1")  # a voice is fetched when somebody wants it
        try:
            with _quiet():
                import TTS.api  # noqa: F401
        except Exception as error:  # torch and its kin fail in ways of their own
            raise failures.extra_missing("Coqui", "coqui", error) from error

    def configure(self, values: dict[str, Any]) -> None:
        """Load the model if it is another one, and take the rest. Raises EngineError.

        After an error the last configuration stays.
        """
        try:
            model = _Model(
                str(values.get("model") or ""),
                str(values.get("config") or ""),
                bool(values.get("cuda")),
                max(0, int(values.get("threads") or 0)),
            )
            speed = min(MAX_SPEED, max(MIN_SPEED, float(values.get("speed") or 1.0)))
        except (TypeError, ValueError) as error:
            raise failures.not_configuration("Coqui", error) from error
        tts = self._tts
        if tts is None or model != self._model:
            tts = _load(model)
            length = getattr(tts.synthesizer.tts_model, "length_scale", None)
            natural = float(length) if isinstance(length, int | float) else None
        else:
            natural = self._natural_length
        speaker, language = str(values.get("speaker") or ""), str(values.get("language") or "")
        _speaker_of(tts, speaker)
        self._tts, self._model, self._natural_length = tts, model, natural
        self._speaker, self._language, self._speed = speaker, language, speed
        if natural is not None:
            tts.synthesizer.tts_model.length_scale = natural / speed

    def synthesize(self, request: SpeechRequest) -> Iterator[SpeechChunk]:
        """Yield audio, a sentence or part of one after the other; leaving off cancels.

        Raises EngineError.
        """
        if self._tts is None:
            raise failures.without_model("Coqui")
        synthesizer = self._tts.synthesizer
        arguments: dict[str, Any] = {
            "speaker": _speaker_of(self._tts, request.voice or self._speaker),
            "language": _language_of(self._tts, self._language or request.language),
            "split_sentences": False,
        }
        if self._natural_length is None and self._speed != 1.0 and _takes_speed(synthesizer):
            arguments["speed"] = self._speed
        rate_hz = int(synthesizer.output_sample_rate)
        for number, piece in enumerate(pieces(request.text)):
            audio = silence(PAUSE_MS, rate_hz=rate_hz) if number else b""
            audio += self._spoken(piece.text, arguments)
            for begin in range(0, len(audio), CHUNK_BYTES):
                yield SpeechChunk(audio[begin : begin + CHUNK_BYTES], rate_hz)

    def _spoken(self, text: str, arguments: dict[str, Any]) -> bytes:
        from TTS.utils.synthesizer import PAD_SILENCE_SAMPLES

        try:
            with _quiet():
                wave = self._tts.tts(text, **arguments)
        except Exception as error:  # forty kinds of models raise what they like
            raise failures.says("Coqui", f"{type(error).__name__}: {error}") from error
        return from_float(np.asarray(wave[:-PAD_SILENCE_SAMPLES], dtype=np.float32))


def _load(model: _Model) -> Any:
    from TTS.api import TTS

    if not model.model:
        raise EngineError(
            "engine-missing", worded("coqui-unset", "No Coqui model is set: set coqui.model.")
        )
    if model.threads:
        import torch

        torch.set_num_threads(model.threads)
    path = Path(model.model).expanduser()
    if path.exists():
        folder = path if path.is_dir() else path.parent
        config = Path(model.config).expanduser() if model.config else folder / "config.json"
        if not config.is_file():
            raise EngineError(
                "engine-missing",
                worded(
                    "coqui-without-config",
                    "The Coqui model {model} has no {config}.",
                    model=str(path),
                    config=str(config),
                ),
            )
        arguments = {"model_path": str(_checkpoint(path, config)), "config_path": str(config)}
    else:
        _require(model.model)
        arguments = {"model_name": model.model}
    try:
        with _quiet():
            tts = TTS(**arguments, progress_bar=False)
            return tts.to("cuda" if model.cuda else "cpu")
    except Exception as error:  # forty kinds of models raise what they like
        if type(error).__name__ in _NOT_CACHED:
            raise _not_here(model.model) from None
        raise EngineError(
            "engine-failed",
            worded(
                "coqui-does-not-load",
                "The Coqui model '{model}' does not load: {why}",
                model=model.model,
                why=f"{type(error).__name__}: {error}",
            ),
        ) from error


def _checkpoint(path: Path, config: Path) -> Path:
    """Return a model's file, or its folder where it loads all that is in it. Raises EngineError."""
    if path.is_file():
        return path
    try:
        kind = json.loads(config.read_bytes()).get("model")
    except (OSError, ValueError, AttributeError) as error:
        raise EngineError(
            "engine-failed",
            worded(
                "coqui-bad-config",
                "{config} is no Coqui configuration: {why}",
                config=str(config),
                why=str(error),
            ),
        ) from None
    files = sorted(path.glob("*.pth"))
    if kind in _OF_SEVERAL_FILES:
        return path
    if len(files) != 1:
        names = ", ".join(file.name for file in files) or "none"
        raise EngineError(
            "engine-missing",
            worded(
                "coqui-checkpoint",
                "{folder} must have one checkpoint, or coqui.model must name it; .pth files: "
                "{names}.",
                folder=str(path),
                names=names,
            ),
        )
    return files[0]


def _require(name: str) -> None:
    """Raise EngineError if a named model, or what it needs, is unknown or was not fetched."""
    from TTS.utils.manage import ModelManager

    manager = ModelManager(progress_bar=False)
    parts = name.split("/")
    if len(parts) != 4 or parts[0] != "tts_models":
        raise EngineError(
            "bad-request",
            worded(
                "coqui-no-model",
                "There is no Coqui model '{model}': it is a path, or "
                "tts_models/LANGUAGE/DATA/MODEL.",
                model=name,
            ),
        )
    told = _told(manager, name)
    if not told and "fairseq" not in parts:
        raise EngineError(
            "bad-request",
            worded(
                "coqui-unknown-model",
                "Coqui knows no model '{model}'; `tts --list_models` does.",
                model=name,
            ),
        )
    folder = manager.output_prefix / name.replace("/", "--")
    if not manager.tos_agreed(told, folder):
        raise EngineError(
            "engine-missing",
            worded(
                "coqui-terms",
                "{model} wants its terms agreed to ({licence}). Fetch it: `{command}`",
                model=name,
                licence=str(told.get("license")),
                command=_fetch(name),
            ),
        )
    for needed in filter(None, (name, told.get("default_vocoder"))):
        folder = manager.output_prefix / needed.replace("/", "--")
        # Those of Hugging Face are looked for in its cache, when they are loaded.
        if "repo_id" not in _told(manager, needed) and not folder.is_dir():
            raise _not_here(name)


def _told(manager: Any, name: str) -> dict[str, Any]:
    """Return what Coqui's list says of a model."""
    told: Any = manager.models_dict
    for part in name.split("/"):
        told = told.get(part, {})
    return dict(told)


def _not_here(name: str) -> EngineError:
    return EngineError(
        "engine-missing",
        worded(
            "coqui-not-here",
            "The Coqui model '{model}' is not on this machine. Fetch it: `{command}`",
            model=name,
            command=_fetch(name),
        ),
    )


def _fetch(name: str) -> str:
    return f'tts --model_name {name} --text "Ready." --out_path ready.wav'


def _speaker_of(tts: Any, wanted: str) -> str | None:
    """Return a speaker's name, None where there is but one. Raises EngineError "bad-request"."""
    speakers = list(tts.speakers or ())
    if not speakers:
        return None
    if wanted and wanted not in speakers:
        some = ", ".join(map(str, speakers[:_MOST_SHOWN]))
        raise EngineError(
            "bad-request",
            worded(
                "coqui-no-speaker",
                "The Coqui model has no speaker '{speaker}', but {count}: {names}.",
                speaker=wanted,
                count=len(speakers),
                names=some,
            ),
        )
    return wanted or speakers[0]


def _language_of(tts: Any, tag: str) -> str | None:
    """Return the model's name of a language, None where there is but one. Raises EngineError."""
    languages = [str(language) for language in tts.languages or ()]
    if not languages:
        return None
    code = tag.replace("_", "-").lower()
    for wanted in (code, code.split("-")[0]):
        for language in languages:
            if language.lower() == wanted or language.lower().split("-")[0] == wanted:
                return language
    raise EngineError(
        "bad-request",
        worded(
            "coqui-no-language",
            "The Coqui model does not speak '{language}', but {names}.",
            language=tag,
            names=", ".join(languages),
        ),
    )


def _takes_speed(synthesizer: Any) -> bool:
    """Return whether the model takes its speed with each text, as XTTS does."""
    return "speed" in inspect.signature(synthesizer.tts_model.inference).parameters


def _quiet() -> contextlib.AbstractContextManager[Any]:
    """Send what the library prints to where logs go."""
    return contextlib.redirect_stdout(sys.stderr)
