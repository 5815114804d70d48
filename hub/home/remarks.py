"""What the hub has to say about a home that home-assistant-intents has no sentence for."""

from collections.abc import Mapping

REMARKS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "no_reaction": "{name} did not react",
        "unavailable": "I can not reach {name}",
        "unknown_state": "I do not know the state of {name} yet",
        "home_unreachable": "Sorry, I can not reach your home right now",
        "no_room": "I have no satellite there",
        "busy": "I am busy there right now",
        "here": "Here I am",
        "noted": "Okay",
        "nobody_else": "There is no satellite in another room",
        "not_later": "That needs a yes, so it can not be done later: ask me then",
        "and": "and",
    },
    "de": {
        "no_reaction": "Keine Reaktion von {name}",
        "unavailable": "{name} kann ich nicht erreichen",
        "unknown_state": "Den Zustand von {name} kenne ich noch nicht",
        "home_unreachable": "Ich kann dein Zuhause gerade nicht erreichen",
        "no_room": "Dort habe ich keinen Satelliten",
        "busy": "Dort bin ich gerade beschäftigt",
        "here": "Hier bin ich",
        "noted": "Okay",
        "nobody_else": "In keinem anderen Raum ist ein Satellit",
        "not_later": "Das braucht ein Ja, darum geht es nicht später: sag es mir dann",
        "and": "und",
    },
    "fr": {
        "no_reaction": "Pas de réaction de {name}",
        "unavailable": "Je n'arrive pas à joindre {name}",
        "unknown_state": "Je ne connais pas encore l'état de {name}",
        "home_unreachable": "Désolé, la maison est injoignable pour le moment",
        "no_room": "Je n'ai pas de satellite là-bas",
        "busy": "Je suis déjà occupé là-bas",
        "here": "Me voici",
        "noted": "D'accord",
        "nobody_else": "Il n'y a pas de satellite dans une autre pièce",
        "not_later": "Il me faut un oui, donc pas plus tard : demande-le-moi le moment venu",
        "and": "et",
    },
    "es": {
        "no_reaction": "Sin respuesta de {name}",
        "unavailable": "No puedo comunicarme con {name}",
        "unknown_state": "Todavía no conozco el estado de {name}",
        "home_unreachable": "Lo siento, ahora no puedo comunicarme con la casa",
        "no_room": "Allí no tengo ningún satélite",
        "busy": "Allí estoy ocupado en este momento",
        "here": "Aquí estoy",
        "noted": "De acuerdo",
        "nobody_else": "No hay ningún satélite en otra habitación",
        "not_later": "Eso necesita un sí, así que más tarde no puede ser: pídemelo entonces",
        "and": "y",
    },
}
"""By language and key. Each is right for one name and for several."""
