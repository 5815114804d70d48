"""Which models can be fetched: their names, where they come from, and where their files go.

Repositories are those that faster-whisper, Piper and Smart Turn name themselves, on the Hugging
Face Hub. Models of Ollama are Ollama's own matter (`hub.engines.ollama_models`).
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from hub.engines.base import EngineError
from hub.words import worded

OLLAMA = "ollama/"
"""What names of Ollama's models begin with."""
MAX_SUGGESTIONS = 3

_MB = 1_000_000
_PIPER = re.compile(r"(([a-z]{2,3})_[A-Z]{2})-(\w+)-(x_low|low|medium|high)")
_OLLAMA = re.compile(r"[A-Za-z0-9][\w.:/-]*")
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be fetched."""

    name: str
    """As people name it ("whisper/base")."""
    purpose: str
    """What it is for, in a few words."""
    repository: str
    """On the hub ("Systran/faster-whisper-base")."""
    source: str
    """The folder of its files there; empty: the repository itself."""
    files: tuple[str, ...]
    """Patterns of the names of its files, all in one folder; each must be there."""
    folder: PurePosixPath
    """Where its files go, in the folder of all models."""
    manifest: str
    """The file beside them that tells what they must be."""
    target: str
    """The file that an engine is given; empty: the folder."""
    extra: tuple[str, ...] = ()
    """Patterns of files that only some of these models have."""
    about_bytes: int | None = None
    """Its size, roughly, where that is known before it is fetched."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """All its files."""
        return (*self.extra, *self.files)


# The names of faster_whisper.utils, with what model.bin takes; a test holds them together.
_WHISPER = {
    "tiny": ("Systran/faster-whisper-tiny", 75),
    "tiny.en": ("Systran/faster-whisper-tiny.en", 75),
    "base": ("Systran/faster-whisper-base", 145),
    "base.en": ("Systran/faster-whisper-base.en", 145),
    "small": ("Systran/faster-whisper-small", 484),
    "small.en": ("Systran/faster-whisper-small.en", 484),
    "distil-small.en": ("Systran/faster-distil-whisper-small.en", 333),
    "medium": ("Systran/faster-whisper-medium", 1528),
    "medium.en": ("Systran/faster-whisper-medium.en", 1528),
    "distil-medium.en": ("Systran/faster-distil-whisper-medium.en", 789),
    "large-v1": ("Systran/faster-whisper-large-v1", 3087),
    "large-v2": ("Systran/faster-whisper-large-v2", 3087),
    "large-v3": ("Systran/faster-whisper-large-v3", 3087),
    "large-v3-turbo": ("mobiuslabsgmbh/faster-whisper-large-v3-turbo", 1618),
    "distil-large-v2": ("Systran/faster-distil-whisper-large-v2", 1513),
    "distil-large-v3": ("Systran/faster-distil-whisper-large-v3", 1513),
    "distil-large-v3.5": ("distil-whisper/distil-large-v3.5-ct2", 1513),
}
_WHISPER_ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}

# The first of a language is what is fetched for it when nobody has chosen.
_VOICES = {
    "en": ("en_US-lessac-medium", "en_GB-alba-medium", "en_US-ryan-high"),
    "fr": ("fr_FR-siwis-medium", "fr_FR-upmc-medium"),
    "de": ("de_DE-thorsten-medium", "de_DE-thorsten-high"),
    "es": ("es_ES-davefx-medium", "es_MX-claude-high"),
}
_VOICE_MB = {"x_low": 28, "low": 63, "medium": 63, "high": 114}

_SMART_TURN = Model(
    name="smart-turn/v3",
    purpose="tells by the voice whether somebody has finished",
    repository="pipecat-ai/smart-turn-v3",
    source="",
    files=("smart-turn-v3.2-cpu.onnx",),
    folder=PurePosixPath("smart-turn/v3"),
    manifest="manifest.json",
    target="smart-turn-v3.2-cpu.onnx",
    about_bytes=9 * _MB,
)


def listed() -> tuple[Model, ...]:
    """Return the models that are worth a line in a list; every other Piper voice goes as well."""
    voices = [voice for names in _VOICES.values() for voice in names]
    return (
        *(_whisper(size) for size in _WHISPER),
        *(_piper(voice) for voice in voices),
        _SMART_TURN,
    )


def find_model(name: str) -> Model:
    """Return the model of a name. Raises EngineError "bad-request", with the nearest names."""
    kind, _, rest = name.partition("/")
    if kind == "whisper":
        size = whisper_name(rest)
        if size in _WHISPER or _REPOSITORY.fullmatch(size):
            return _whisper(size)
        if size.startswith(("/", "~", "./")):
            raise EngineError(
                "bad-request",
                worded(
                    "no-model-folder",
                    "There is no folder {folder}. Name one that is there, or a model.",
                    folder=size,
                ),
            )
    if kind == "piper" and _PIPER.fullmatch(rest):
        return _piper(rest)
    if name == _SMART_TURN.name:
        return _SMART_TURN
    raise unknown(name, (model.name for model in listed()))


def ollama_name(name: str) -> str:
    """Return what Ollama calls a model, "ollama/NAME". Raises EngineError "bad-request"."""
    called = name.removeprefix(OLLAMA)
    if not _OLLAMA.fullmatch(called):
        raise EngineError(
            "bad-request",
            worded(
                "no-ollama-model",
                "There is no model '{model}'. Ollama's are named like {example}.",
                model=name,
                example=f"{OLLAMA}qwen3:4b",
            ),
        )
    return called


def unknown(name: str, known: Iterable[str]) -> EngineError:
    """Return the error for a name that is none."""
    near = similar(name, known)
    if near:
        text = "There is no model '{model}'. Did you mean {near}?"
        why = worded("no-model-near", text, model=name, near=", ".join(near))
    else:
        text = "There is no model '{model}'. `sotto-hub models list` names them."
        why = worded("no-model", text, model=name)
    return EngineError("bad-request", why)


def similar(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that look most like this one, which may lack its kind."""
    wanted = name.lower()
    keys: dict[str, str] = {}
    for entry in known:
        keys[entry.lower()] = entry
        if "/" not in wanted:
            keys[entry.partition("/")[2].lower()] = entry
    if wanted in keys:
        return [keys[wanted]]
    near = difflib.get_close_matches(wanted, keys, n=MAX_SUGGESTIONS, cutoff=0.7)
    return list(dict.fromkeys(keys[key] for key in near))


def whisper_name(size: str) -> str:
    """Return the one name of a Whisper model that has several, as it stands in the folder."""
    return _WHISPER_ALIASES.get(size, size)


def recommended_voice(language: str) -> str | None:
    """Return the Piper voice to take for a language ("en"), where one is known."""
    return next(iter(_VOICES.get(language, ())), None)


def _whisper(size: str) -> Model:
    repository, megabytes = _WHISPER.get(size, (size, None))
    only = "English" if size.endswith(".en") or size.startswith("distil-large") else "any language"
    return Model(
        name=f"whisper/{size}",
        purpose=f"hears any sentence, {only}",
        repository=repository,
        source="",
        # The order in which they are put in place: with the weights, it is there.
        files=("config.json", "tokenizer.json", "vocabulary.*", "model.bin"),
        extra=("preprocessor_config.json",),
        folder=PurePosixPath("whisper") / size,
        manifest="manifest.json",
        target="",
        about_bytes=None if megabytes is None else megabytes * _MB,
    )


def _piper(voice: str) -> Model:
    fields = _PIPER.fullmatch(voice)
    assert fields is not None
    tag, language, speaker, quality = fields.groups()
    return Model(
        name=f"piper/{voice}",
        purpose=f"speaks {tag.replace('_', '-')}",
        repository="rhasspy/piper-voices",
        source=f"{language}/{tag}/{speaker}/{quality}",
        files=(f"{voice}.onnx.json", f"{voice}.onnx"),
        folder=PurePosixPath("piper"),
        manifest=f"{voice}.manifest.json",
        target=f"{voice}.onnx",
        about_bytes=_VOICE_MB[quality] * _MB,
    )
