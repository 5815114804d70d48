"""A language model that Ollama is made to fetch, where the owner allows it."""

from collections.abc import AsyncIterator

from hub.engines.base import ChatPart, ChatRequest, EngineError, LanguageModel, ModelInfo
from hub.engines.model_catalog import OLLAMA
from hub.fetching import fetch
from hub.model_needs import models_of
from hub.settings import HubSettings


def supplied(model: LanguageModel, settings: HubSettings) -> LanguageModel:
    """Return the model of the settings, fetched when it is looked for, if that may be."""
    if settings.engines.language_model not in {"auto", "ollama"}:
        return model
    if not settings.models.download or settings.models.offline:
        return model
    return SuppliedModel(model, settings)


class SuppliedModel:
    """One of Ollama's. Only `check` fetches it: a question must not wait for a download."""

    def __init__(self, model: LanguageModel, settings: HubSettings) -> None:
        self._model = model
        self._models = models_of(settings)
        self._name = f"{OLLAMA}{settings.ollama.model}"

    def stream(self, request: ChatRequest) -> AsyncIterator[ChatPart]:
        """Yield an answer as it is written."""
        return self._model.stream(request)

    async def warm_up(self, request: ChatRequest) -> None:
        """Load the model and have it read the request. Raises EngineError."""
        await self._model.warm_up(request)

    async def check(self) -> ModelInfo:
        """Have the model there, and ask what it can do. Raises EngineError."""
        try:
            return await self._model.check()
        except EngineError as error:
            if error.code != "engine-missing" or not await self._is_lacking():
                raise
        await fetch(self._models, self._name)
        return await self._model.check()

    async def _is_lacking(self) -> bool:
        """Return whether Ollama is there, and the model is not."""
        try:
            return not await self._models.here(self._name)
        except EngineError:
            return False
