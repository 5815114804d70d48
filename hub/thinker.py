"""What thinks about whatever is no command, chosen by the settings."""

import asyncio
from collections.abc import Callable

from hub.conversation.mind import Mind
from hub.conversation.model_mind import ModelMind
from hub.conversation.prompt import PromptBuilder
from hub.engines.base import Toolbox
from hub.engines.litellm_chat import LiteLlmChat
from hub.engines.ollama import Ollama
from hub.engines.openai_chat import OpenAiChat
from hub.events import EngineChanged
from hub.home.model import Home
from hub.settings import HubSettings
from hub.supplied_model import supplied

ROLE = "language-model"
Publish = Callable[[EngineChanged], None]


class Thinker:
    """The mind of the hub: the home's own, with a language model behind it where one is set."""

    def __init__(
        self,
        settings: HubSettings,
        home: Home,
        home_mind: Mind,
        toolbox: Toolbox,
        publish: Publish = lambda _: None,
    ) -> None:
        self.mind: Mind = home_mind
        self._model_mind: ModelMind | None = None
        chosen = settings.engines.language_model
        name = "ollama" if chosen == "auto" else chosen
        model = language_model(settings)
        if model is not None:
            prompts = PromptBuilder(home, rules=settings.engines.rules)
            self._model_mind = ModelMind(
                home_mind,
                supplied(model, settings),
                toolbox,
                prompts,
                optional=chosen == "auto",
                changed=lambda ready, text: publish(EngineChanged(ROLE, name, ready, text)),
            )
            self.mind = self._model_mind

    async def run(self) -> None:
        """Keep the model ready until cancelled."""
        if self._model_mind is not None:
            await self._model_mind.keep_warm()
        await asyncio.Event().wait()

    def home_changed(self) -> None:
        """Take note that the home is another one now."""
        if self._model_mind is not None:
            self._model_mind.home_changed()


def language_model(settings: HubSettings) -> Ollama | OpenAiChat | LiteLlmChat | None:
    """Return the model that the settings name; None where they name none."""
    match settings.engines.language_model:
        case "auto" | "ollama":
            ollama = settings.ollama
            return Ollama(
                ollama.model,
                ollama.url,
                context_tokens=ollama.context_tokens,
                keep_alive=ollama.keep_alive,
            )
        case "openai":
            chat = settings.openai_chat
            key = "" if chat.key is None else chat.key.get_secret_value()
            return OpenAiChat(chat.model, chat.url, key=key, context_tokens=chat.context_tokens)
        case "litellm":
            lite = settings.litellm
            key = "" if lite.key is None else lite.key.get_secret_value()
            return LiteLlmChat(
                lite.model, url=lite.url, key=key, context_tokens=lite.context_tokens
            )
        case _:
            return None
