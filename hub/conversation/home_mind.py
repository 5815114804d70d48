"""The mind of a home: intents are recognised and carried out. No model is asked."""

from collections.abc import AsyncIterator, Sequence
from typing import cast

from hub.conversation.mind import Reply, Thought, Understanding
from hub.home.actions import Actions
from hub.home.intents import IntentMatch, IntentRecognizer
from hub.home.model import Home
from hub.origin import Origin

# Keys of the error sentences of home-assistant-intents.
_ERRORS = {"not-understood": "no_intent", "failed": "handle_error"}
# Keys of our own sentences.
_REMARKS = {"no-room": "no_room", "busy": "busy", "here": "here", "noted": "noted"}


class HomeMind:
    """Understands what home-assistant-intents understands, and does it."""

    def __init__(
        self, home: Home, recognizers: Sequence[IntentRecognizer], actions: Actions
    ) -> None:
        """There is a recogniser for each language that is spoken here, the household's first."""
        self._home = home
        self._recognizers = {one.language: one for one in recognizers}
        self._default = recognizers[0]
        self._actions = actions

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        """Return what `text` means."""
        language = origin.language.split("-", maxsplit=1)[0]
        recognizer = self._recognizers.get(language, self._default)
        area = self._home.area_named(origin.area) if origin.area else None
        here = None if area is None else area.id
        match = recognizer.recognize(text, area=here)
        if match is None:
            return None
        later = match.slots.get("conversation_command")
        if later is not None and recognizer.recognize(str(later), area=here) is None:
            return None  # "I will be home in ten minutes" is told, not ordered
        return Understanding(match.intent, match)

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        """Do it; what the home refuses is told in the reply."""
        match = cast("IntentMatch", understanding.match)
        result = await self._actions.perform(match, origin)
        details = {
            "commands": len(result.commands),
            "confirmed": result.confirmed,
            "published_ms": result.published_ms,
            "confirmed_ms": result.confirmed_ms,
            "code": result.code,
        }
        return Reply(result.speech, ok=result.ok, details=details)

    def think(self, thought: Thought) -> AsyncIterator[str] | None:
        """Return None: no model is asked."""
        del thought
        return None

    def remark(self, code: str, language: str) -> str:
        """Return a short sentence for one of the codes of the port."""
        answers = self._actions.answers(language)
        return answers.error(_ERRORS[code]) if code in _ERRORS else answers.remark(_REMARKS[code])
