"""What the hub says of its own while a language model works, or can not."""

from typing import Literal

from hub.conversation.abbreviations import base_language

_SIGNS = {
    "moment": {
        "en": "One moment.",
        "de": "Einen Moment.",
        "fr": "Un instant.",
        "es": "Un momento.",
    },
    "away": {
        "en": "Sorry, I can not think about that right now. I can still control your home.",
        "de": "Darüber kann ich gerade nicht nachdenken. Dein Zuhause steuere ich weiterhin.",
        "fr": "Désolé, je ne peux pas y réfléchir pour l'instant. Je peux toujours commander la "
        "maison.",
        "es": "Lo siento, ahora no puedo pensar en eso. Todavía puedo controlar la casa.",
    },
}


def thinking_sign(sign: Literal["moment", "away"], language: str) -> str:
    """Return a short sentence in a language, or in English."""
    return _SIGNS[sign][base_language(language)]
