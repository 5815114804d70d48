"""Engines that the owner has chosen in the dashboard, kept beside the store.

They are laid over the settings file: what is not chosen here is as that says.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
import structlog
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from hub.settings import HubSettings
from hub.store.restoring import waiting
from hub.words import Words

log = structlog.get_logger(__name__)

MAX_FILE_BYTES = 65_536
NAME = "engines.json"

ModelName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class EngineChoice(BaseModel):
    """What was chosen; null: as the settings file says."""

    speech_to_text: (
        Literal["auto", "phrases", "whisper", "whisperx", "wyoming", "openai"] | None
    ) = None
    """What hears."""
    whisper_model: ModelName | None = None
    """The size that Whisper uses, such as `base`, or `auto`."""
    text_to_speech: (
        Literal["auto", "espeak", "piper", "coqui", "wyoming", "openai", "elevenlabs"] | None
    ) = None
    """What speaks."""
    voices: dict[Language, ModelName] = Field(default_factory=dict, max_length=20)
    """Which voice speaks a language."""
    language_model: Literal["auto", "none", "ollama", "openai", "litellm"] | None = None
    """What thinks."""
    ollama_model: ModelName | None = None
    """The model's name at Ollama."""

    model_config = ConfigDict(
        extra="forbid",
        use_attribute_docstrings=True,
        json_schema_extra={
            "examples": [
                {"speech_to_text": "whisper", "whisper_model": "base", "text_to_speech": "piper"}
            ]
        },
    )


class CanNotBeChosen(Exception):
    """The settings do not allow a choice; the text says why and what to do."""


def choice_file(settings: HubSettings) -> Path:
    """Return where the choice is kept: beside the store's file, if it has one."""
    place = settings.store.place.removeprefix("sqlite:///")
    folder = Path(place).expanduser().parent if place.startswith("/") else None
    return (folder or platformdirs.user_data_path("sotto")) / NAME


def read_choice(file: Path) -> EngineChoice:
    """Return what was chosen; nothing where there is no file, or one that can not be used."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise ValueError("it is too large")
        return EngineChoice.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return EngineChoice()
    except (OSError, ValueError) as error:
        why = str(error).splitlines()[0]
        log.error("the engines chosen in the dashboard can not be read", file=str(file), why=why)
        return EngineChoice()


def write_choice(file: Path, choice: EngineChoice) -> None:
    """Keep a choice, all of it or nothing. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as opened:
        opened.write(choice.model_dump_json(indent=2, exclude_none=True))
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)


def restore_choice(backup: Path, file: Path) -> None:
    """Have the next start take up the choice of a backup, if it holds one that can be used.

    Raises OSError.
    """
    new = waiting(file)
    new.unlink(missing_ok=True)
    try:
        choice = EngineChoice.model_validate_json(backup.read_bytes())
    except FileNotFoundError:
        return  # it was made before backups held the choice
    except ValueError as error:
        log.warning("the engines chosen in a backup can not be used", why=str(error)[:300])
        return
    write_choice(new, choice)


def take_up(file: Path) -> None:
    """Put a choice that waits in place; the one before is kept beside it."""
    new = waiting(file)
    try:
        if not new.is_file():
            return
        if file.is_file():
            file.replace(file.with_name(f"{file.name}.before-restore"))
        new.replace(file)
    except OSError as error:
        log.error("the engines chosen in a backup can not be taken up", why=str(error))


def chosen_settings(choice: EngineChoice) -> dict[str, Any]:
    """Return what was chosen by the names that the settings have, like whisper.model."""
    wanted = {
        "engines.speech_to_text": choice.speech_to_text,
        "engines.text_to_speech": choice.text_to_speech,
        "engines.language_model": choice.language_model,
        "whisper.model": choice.whisper_model,
        "ollama.model": choice.ollama_model,
        "voices.languages": choice.voices or None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def laid_over(settings: HubSettings, choice: EngineChoice) -> HubSettings:
    """Return the settings with a choice laid over them. Raises CanNotBeChosen."""
    sections: dict[str, Any] = {}
    for name, value in chosen_settings(choice).items():
        section, _, field = name.partition(".")
        before = sections.get(section, getattr(settings, section))
        known = getattr(before, field)
        wanted = {**known, **value} if isinstance(known, Mapping) else value
        sections[section] = before.model_copy(update={field: wanted})
    try:
        return settings.changed(sections)
    except ValidationError as error:
        raise CanNotBeChosen(_reason(error)) from None


def _reason(error: ValidationError) -> str:
    """Return what is wrong as a sentence, without the setting that it is wrong with."""
    first = error.errors(include_url=False)[0]
    raised = str(first.get("ctx", {}).get("error", ""))
    told = raised.values.get("what") if isinstance(raised, Words) else None
    text = str(first["msg"]).removeprefix("Value error, ").rpartition(": ")[2]
    sentence = f"{text[:1].upper()}{text[1:]}."
    return Words(sentence, told.key, told.values) if isinstance(told, Words) else sentence
