"""Which models the settings name, and whether they are here."""

import asyncio
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.engines.base import EngineError
from hub.engines.hardware import Machine
from hub.engines.model_catalog import OLLAMA, find_model, recommended_voice, whisper_name
from hub.engines.models import Models
from hub.engines.whisper_model import ModelSettings, attempts, find_whisper
from hub.settings import HubSettings
from hub.words import worded

SMART_TURN = "smart-turn/v3"
VOICE = "voice model"

_MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A model that the settings name."""

    role: str
    """What it does, for people."""
    name: str
    optional: bool
    """Whether another engine does its work as long as it is not here."""
    needed: bool = True
    """Whether nothing of the kind is done for the household's language without it."""


@dataclass(frozen=True, slots=True)
class Need:
    """What there is of a model that the settings name."""

    role: str
    name: str
    optional: bool
    here: bool
    text: str
    """What there is; where it is not here, the one thing to do."""
    needed: bool = True
    """As of `Wanted`."""


def models_of(settings: HubSettings) -> Models:
    """Return the models as the settings say where they are."""
    models = settings.models
    return Models(
        models.place, settings.ollama.url, offline=models.offline, endpoint=models.endpoint
    )


def wanted(settings: HubSettings, machine: Machine) -> list[Wanted]:
    """Return the models that the settings name, for "auto" the best ones for this machine.

    What they name as a file or folder of their own is none of them.
    """
    found = [*_hearing(settings, machine), *_speaking(settings)]
    if settings.listening.turn_detector == Path(SMART_TURN):
        found.append(Wanted("turn detector", SMART_TURN, optional=False))
    model = settings.engines.language_model
    if model in {"auto", "ollama"}:
        name = f"{OLLAMA}{settings.ollama.model}"
        found.append(Wanted("language model", name, optional=model == "auto"))
    return found


async def needs(settings: HubSettings, machine: Machine) -> list[Need]:
    """Return what there is of the models that the settings name, but for Ollama's.

    Looks, and fetches nothing.
    """
    found = await asyncio.to_thread(wanted, settings, machine)
    return [
        await asyncio.to_thread(_need, each, settings, machine)
        for each in found
        if not each.name.startswith(OLLAMA)
    ]


def voices_here(settings: HubSettings) -> list[str]:
    """Return the names of the Piper voices that are here."""
    folder = _voice_folder(settings)
    return sorted(path.stem for path in folder.glob("*.onnx"))


def voice_is_here(settings: HubSettings, voice: str) -> bool:
    """Return whether a Piper voice is here, NAME or NAME#SPEAKER or a file."""
    name = voice.partition("#")[0]
    file = Path(name) if name.endswith(".onnx") else _voice_folder(settings) / f"{name}.onnx"
    return file.expanduser().is_file()


def turn_detector_file(settings: HubSettings) -> Path | None:
    """Return the file of the turn detector that is set, in the folder of models if need be."""
    path = settings.listening.turn_detector
    if path != Path(SMART_TURN):
        return path.expanduser() if path is not None else None
    model = find_model(SMART_TURN)
    return settings.models.place / model.folder / model.target


def _hearing(settings: HubSettings, machine: Machine) -> Iterator[Wanted]:
    chosen = settings.engines.speech_to_text
    if chosen not in {"auto", "whisper"}:
        return
    size = attempts(_whisper_settings(settings), machine)[0].model
    if not Path(size).expanduser().is_dir():
        # The embedded recogniser hears English only.
        optional = chosen == "auto" and "en" in settings.spoken_languages
        yield Wanted("speech model", f"whisper/{whisper_name(size)}", optional)


def _speaking(settings: HubSettings) -> Iterator[Wanted]:
    chosen = settings.engines.text_to_speech
    piper = settings.piper
    # With a folder of their own, the voices are the owner's matter.
    if chosen not in {"auto", "piper"} or piper.folder is not None:
        return
    if chosen == "auto" and importlib.util.find_spec("piper") is None:
        return
    folder = settings.models.place / "piper"
    named = [*piper.voices.values(), *_told_voices(settings)]
    usual = {}
    for language in settings.spoken_languages:
        voice = settings.voices.languages.get(language) or piper.voices.get(language) or ""
        if not voice and not any(folder.glob(f"{language}_*.onnx")):
            voice = recommended_voice(language) or ""
        usual[language] = voice.partition("#")[0]
    names = dict.fromkeys(voice.partition("#")[0] for voice in (*named, *usual.values()))
    for voice in filter(None, names):
        if not _is_own(voice, folder):
            needed = voice == usual[settings.language]
            yield Wanted(VOICE, f"piper/{voice}", chosen == "auto", needed)


def _voice_folder(settings: HubSettings) -> Path:
    return (settings.piper.folder or settings.models.place / "piper").expanduser()


def _told_voices(settings: HubSettings) -> Iterator[str]:
    voices = settings.voices
    yield from voices.languages.values()
    for told in (*voices.rooms.values(), *voices.people.values()):
        yield from (told.values() if isinstance(told, dict) else [told])


def _is_own(voice: str, folder: Path) -> bool:
    """Return whether a voice is one of the owner's, named by its file or put into the folder."""
    if voice.endswith(".onnx"):
        return True
    try:
        find_model(f"piper/{voice}")
    except EngineError:
        return (folder / f"{voice}.onnx").is_file()
    return False


def _need(wanted: Wanted, settings: HubSettings, machine: Machine) -> Need:
    here, text = False, _missing(wanted, settings)
    try:
        if models_of(settings).store.find(wanted.name) is not None:
            here, text = True, worded("model-here", "{model} is here", model=wanted.name)
        elif wanted.name.startswith("whisper/"):
            other = _other_whisper(wanted.name, settings, machine)
            if other is not None:
                here, text = True, other
    except EngineError as error:
        text = str(error)
    return Need(wanted.role, wanted.name, wanted.optional, here, text, wanted.needed)


def _missing(wanted: Wanted, settings: HubSettings) -> str:
    model = wanted.name
    others = voices_here(settings) if wanted.role == VOICE else []
    if not others and wanted.optional:
        text = (
            "{model} is not here, and the embedded engine does without. Better: run "
            "`sotto-hub models pull {model}`."
        )
        return worded("model-missing-spare", text, model=model)
    if not others:
        text = "{model} is not here: run `sotto-hub models pull {model}`."
        return worded("model-missing", text, model=model)
    language = model.removeprefix("piper/").partition("_")[0]
    alike = [voice for voice in others if voice.partition("_")[0] == language]
    if not alike:
        text = (
            "{model} is not here, and another voice speaks in its place: run `sotto-hub models "
            "pull {model}`."
        )
        return worded("voice-missing", text, model=model)
    # Perhaps there is no such voice anywhere: a name can be mistyped.
    text = (
        "{model} is not here, and another voice speaks in its place: run `sotto-hub models pull "
        "{model}`, or name one that is here: {voices}."
    )
    return worded("voice-missing-others", text, model=model, voices=", ".join(alike[:_MAX_NAMED]))


def _other_whisper(name: str, settings: HubSettings, machine: Machine) -> str | None:
    """Look where faster-whisper keeps models, and for smaller ones where any will do."""
    for choice in attempts(_whisper_settings(settings), machine):
        try:
            folder = find_whisper(choice.model, _whisper_settings(settings))
        except EngineError:
            continue
        if f"whisper/{whisper_name(choice.model)}" == name:
            return worded(
                "model-here-in", "{model} is here, in {folder}", model=name, folder=str(folder)
            )
        text = "{other} is here. Better: run `sotto-hub models pull {model}`."
        return worded("other-model-here", text, other=choice.model, model=name)
    return None


def _whisper_settings(settings: HubSettings) -> ModelSettings:
    whisper = settings.whisper
    return ModelSettings(
        model=whisper.model,
        device=whisper.device,
        compute_type=whisper.compute_type,
        cache_dir=str(whisper.cache_dir) if whisper.cache_dir else None,
        folder=str(settings.models.place / "whisper"),
    )
