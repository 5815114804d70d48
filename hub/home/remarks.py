"""What the hub has to say about a home that home-assistant-intents has no sentence for."""

from collections.abc import Mapping

REMARKS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "no_reaction": "{name} did not react",
        "impossible_value": "That value is not possible for {name}",
        "no_code": "I have no code for {name}",
        "wrong_code": "That code is wrong",
        "code_locked": "That was the wrong code three times: I take no code for {name} for five "
        "minutes",
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
        "impossible_value": "Dieser Wert ist bei {name} nicht möglich",
        "no_code": "Für {name} habe ich keinen Code",
        "wrong_code": "Dieser Code ist falsch",
        "code_locked": "Das war dreimal der falsche Code: fünf Minuten lang nehme ich für {name} "
        "keinen an",
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
        "impossible_value": "Cette valeur n'est pas possible pour {name}",
        "no_code": "Je n'ai pas de code pour {name}",
        "wrong_code": "Ce code est faux",
        "code_locked": "Le code était faux trois fois : je n'en accepte plus pour {name} pendant "
        "cinq minutes",
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
        "impossible_value": "Ese valor no es posible para {name}",
        "no_code": "No tengo ningún código para {name}",
        "wrong_code": "Ese código no es correcto",
        "code_locked": "El código ha sido incorrecto tres veces: no acepto ninguno para {name} "
        "durante cinco minutos",
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
