"""Which engines can be chosen here, what keeps others from it, and where each does its work."""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, get_args
from urllib.parse import urlsplit

from hub.engine_choice import CanNotBeChosen, EngineChoice, laid_over
from hub.engine_settings import Engines
from hub.loopback import is_loopback
from hub.settings import HubSettings
from hub.words import worded

Place = Literal["embedded", "model", "service", "cloud"]
Field = Literal["speech_to_text", "text_to_speech", "language_model"]

FIELDS: Mapping[str, Field] = {
    "speech-to-text": "speech_to_text",
    "text-to-speech": "text_to_speech",
    "language-model": "language_model",
}
"""By role: what the settings call the choice."""
_LIBRARIES = {
    "whisper": ("faster_whisper", "hub"),
    "whisperx": ("whisperx", "whisperx"),
    "piper": ("piper", "piper"),
    "coqui": ("TTS", "coqui"),
    "litellm": ("litellm", "litellm"),
}
"""By engine: the library that it needs, and the extra that brings it."""
_EMBEDDED = {"phrases", "espeak", "none"}
_MODELS = {"whisper", "whisperx", "piper", "coqui", "auto"}


@dataclass(frozen=True, slots=True)
class EngineKind:
    """An engine that the settings know."""

    name: str
    place: Place
    """Where it works: within the hub without a download, in this house with a model, at a service
    of the house, or at a service outside, to which what is said goes."""
    usable: bool
    why_not: str = ""
    """What keeps it from being chosen, and what to do."""


def kinds(settings: HubSettings, role: str) -> list[EngineKind]:
    """Return the engines that can do what a role does. Blocks for a moment."""
    field = FIELDS[role]
    names: tuple[str, ...] = get_args(Engines.model_fields[field].annotation)
    return [_kind(settings, field, name) for name in names]


def _kind(settings: HubSettings, field: Field, name: str) -> EngineKind:
    place = _place(settings, field, name)
    library, extra = _LIBRARIES.get(name, ("", ""))
    if library and importlib.util.find_spec(library) is None:
        why = worded(
            "engine-not-installed",
            "It is not installed: install Sotto with its extra `{extra}`.",
            extra=extra,
        )
        return EngineKind(name, place, False, why)
    try:
        laid_over(settings, EngineChoice.model_validate({field: name}))
    except CanNotBeChosen as error:
        return EngineKind(name, place, False, str(error))
    return EngineKind(name, place, True)


def _place(settings: HubSettings, field: Field, name: str) -> Place:
    if name in _EMBEDDED:
        return "embedded"
    if name in _MODELS:
        return "service" if field == "language_model" else "model"
    if name == "elevenlabs":
        return "cloud"
    address = ""
    if name == "openai":
        address = {
            "speech_to_text": settings.openai_speech_to_text.url,
            "text_to_speech": settings.openai_text_to_speech.url,
            "language_model": settings.openai_chat.url,
        }[field]
    elif name == "litellm":
        # Without an address it is the provider's own.
        local = settings.litellm.model.startswith("ollama")
        address = settings.litellm.url or ("" if local else "https://provider.example")
    elif name == "ollama":
        address = settings.ollama.url
    return "cloud" if address and not _is_at_home(address) else "service"


def _is_at_home(url: str) -> bool:
    """Return whether an address looks like one of this house: no name of the internet."""
    host = urlsplit(url).hostname or ""
    if is_loopback(host) or "." not in host or host.endswith((".local", ".lan", ".home.arpa")):
        return True
    try:
        return ip_address(host).is_private
    except ValueError:
        return False
