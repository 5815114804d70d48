"""Which engines there are: name -> where its class is. Nothing is imported until it is chosen."""

import importlib
from typing import Any

from hub.engines.base import EngineError
from hub.words import worded

ENGINES = {
    "phrases": "hub.engines.phrases:PhrasesEngine",
    "whisper": "hub.engines.whisper:WhisperEngine",
    "whisperx": "hub.engines.whisperx:WhisperXEngine",
    "piper": "hub.engines.piper:PiperEngine",
    "coqui": "hub.engines.coqui:CoquiEngine",
    "espeak": "hub.engines.espeak:EspeakEngine",
}

LOAD_TIMEOUT_S = 30.0
"""Importing an engine's library, from a slow disk."""
TORCH_LOAD_TIMEOUT_S = 120.0
"""The same where that library is PyTorch."""

_TORCH = {"whisperx", "coqui"}


def load_timeout_s(name: str) -> float:
    """Return how long an engine may take to load."""
    return TORCH_LOAD_TIMEOUT_S if name in _TORCH else LOAD_TIMEOUT_S


def create(name: str) -> Any:
    """Return a new engine, not loaded yet: one of ENGINES, or any "module:Class".

    The caller knows which of the engine Protocols the name stands for. Raises EngineError
    "engine-missing".
    """
    module, colon, class_name = ENGINES.get(name, name).partition(":")
    if not colon:
        raise EngineError(
            "engine-missing",
            worded(
                "no-engine",
                "There is no engine '{engine}'. There are: {names}.",
                engine=name,
                names=", ".join(ENGINES),
            ),
        )
    try:
        return getattr(importlib.import_module(module), class_name)()
    except (ImportError, AttributeError) as error:
        raise EngineError(
            "engine-missing",
            worded(
                "engine-can-not-load",
                "The engine '{engine}' can not be loaded: {why}",
                engine=name,
                why=str(error),
            ),
        ) from error
