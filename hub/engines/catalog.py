"""Which engines there are: name -> where its class is. Nothing is imported until it is chosen."""

import importlib
from typing import Any

from hub.engines.base import EngineError

ENGINES = {
    "phrases": "hub.engines.phrases:PhrasesEngine",
    "espeak": "hub.engines.espeak:EspeakEngine",
}


def create(name: str) -> Any:
    """Return a new engine, not loaded yet. Raises EngineError "engine-missing".

    The caller knows which of the engine Protocols the name stands for.
    """
    if name not in ENGINES:
        raise EngineError(
            "engine-missing", f"There is no engine {name!r}. There are: {', '.join(ENGINES)}."
        )
    module, _, class_name = ENGINES[name].partition(":")
    return getattr(importlib.import_module(module), class_name)()
