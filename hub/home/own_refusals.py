"""Why something can not be done, where home-assistant-intents has no sentence that says it."""

from collections.abc import Mapping

OWN_REFUSALS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "no_such_option": "{{ name }} does not know {{ said }}. You can choose {{ options }}",
        "nothing_to_choose": "There is nothing of that kind to choose for {{ name }}",
        "out_of_range": "{{ name }} can be set from {{ least }} to {{ most }}",
        "warmer_what": "Do you mean the light or the heating?",
        "nothing_lit": "No light is on there that I could change",
        "no_way_back": "I do not know how to stop the effect of {{ name }}",
        "wrong_order": "The lower temperature has to come first",
    },
    "de": {
        "no_such_option": "{{ name }} kennt {{ said }} nicht. Zur Wahl: {{ options }}",
        "nothing_to_choose": "Bei {{ name }} gibt es so etwas nicht zu wählen",
        "out_of_range": "{{ name }} geht von {{ least }} bis {{ most }}",
        "warmer_what": "Meinst du das Licht oder die Heizung?",
        "nothing_lit": "Dort ist kein Licht an, das ich ändern kann",
        "no_way_back": "Ich weiß nicht, wie der Effekt von {{ name }} zu beenden ist",
        "wrong_order": "Die niedrigere Temperatur muss zuerst kommen",
    },
    "fr": {
        "no_such_option": "{{ name }} ne connaît pas {{ said }}. Au choix : {{ options }}",
        "nothing_to_choose": "Il n'y a rien de tel à choisir pour {{ name }}",
        "out_of_range": "{{ name }} se règle de {{ least }} à {{ most }}",
        "warmer_what": "Parlez-vous de la lumière ou du chauffage ?",
        "nothing_lit": "Aucune lumière que je puisse changer n'est allumée ici",
        "no_way_back": "Je ne sais pas comment arrêter l'effet de {{ name }}",
        "wrong_order": "La température la plus basse doit venir en premier",
    },
    "es": {
        "no_such_option": "{{ name }} no conoce {{ said }}. Puedes elegir {{ options }}",
        "nothing_to_choose": "No hay nada de eso que elegir en {{ name }}",
        "out_of_range": "{{ name }} se puede ajustar de {{ least }} a {{ most }}",
        "warmer_what": "¿Te refieres a la luz o a la calefacción?",
        "nothing_lit": "Allí no hay ninguna luz encendida que pueda cambiar",
        "no_way_back": "No sé cómo detener el efecto de {{ name }}",
        "wrong_order": "La temperatura más baja tiene que ir primero",
    },
}
"""By language and key, as `Refusal` names them."""
