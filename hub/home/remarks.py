"""What the hub has to say about a home that home-assistant-intents has no sentence for."""

from collections.abc import Mapping

REMARKS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "no_reaction": "{name} did not react",
        "unavailable": "{name} is not available",
        "unknown_state": "I do not know the state of {name} yet",
        "home_unreachable": "Sorry, I can not reach your home right now",
        "and": "and",
    },
    "de": {
        "no_reaction": "{name} reagiert nicht",
        "unavailable": "{name} ist nicht erreichbar",
        "unknown_state": "Den Zustand von {name} kenne ich noch nicht",
        "home_unreachable": "Ich kann dein Zuhause gerade nicht erreichen",
        "and": "und",
    },
    "fr": {
        "no_reaction": "{name} ne réagit pas",
        "unavailable": "{name} n'est pas disponible",
        "unknown_state": "Je ne connais pas encore l'état de {name}",
        "home_unreachable": "Désolé, la maison est injoignable pour le moment",
        "and": "et",
    },
    "es": {
        "no_reaction": "{name} no reacciona",
        "unavailable": "{name} no está disponible",
        "unknown_state": "Todavía no conozco el estado de {name}",
        "home_unreachable": "Lo siento, ahora no puedo comunicarme con la casa",
        "and": "y",
    },
}
"""By language and key."""
