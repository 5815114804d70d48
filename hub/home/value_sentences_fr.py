"""French sentences that ask for values and set them."""

from hub.home.sentence_block import CHOOSING, NUMBERS, OwnAnswers, Sentences, block, words

_PLACE = "[(<ici>|(dans|de|à|du|au) [<le>]{area})]"
_N = f"[<le>]{{name}} {_PLACE}"
_OF = f"(<de>|de [<le>]|d'|pour [<le>]|sur [<le>]|à [<le>]|au ){{name}} {_PLACE}"
_LISTS = {
    **NUMBERS,
    "aspect": words(
        mode="(mode|réglage)", preset="(préréglage|mode prédéfini)", program="(programme|option)",
        fan="(mode de ventilation|vitesse de ventilation|puissance d'aspiration|aspiration)",
        swing="(mode d'oscillation|balayage)", direction="(direction|sens)",
        tone="(son|tonalité)", effect="effet",
    ),
    "figure": words(
        brightness="luminosité", color_temperature="température de couleur",
        humidity="(humidité cible|humidité de consigne|consigne d'humidité)",
        percentage="vitesse", position="position", tilt="inclinaison", volume="volume",
        temperature="(température cible|température de consigne|consigne)",
    ),
    "armed": words(
        armed="(armée|armé|active|activée|activé)", armed_away="armée en mode absence",
        armed_home="armée en mode présence", armed_night="armée en mode nuit",
        disarmed="(désarmée|désarmé|désactivée|désactivé|inactive)",
        triggered="(déclenchée|déclenché)",
    ),
    "more_light": words(
        up="(plus (lumineux|lumineuse|lumineuses|fort|forte|clair|claire))",
        down="(moins (lumineux|lumineuse|lumineuses|fort|forte)|plus sombre[s])",
    ),
    "more_warmth": words(up="plus chaud[e][s]", down="(plus froid[e][s]|moins chaud[e][s])"),
    "on_off": words(
        on="(active|activer|démarre|lance)", off="(désactive|désactiver|arrête|stoppe)",
    ),
    "way": words(open="(ouvre|ouvrir)", close="(ferme|fermer)"),
}  # fmt: skip
_NUMBER = ("({value}|{digits:value})[[ ](%|°|pour[ ]cent|pourcent|degré[s]|watt[s]|volt[s]|"
           "ampère[s]|seconde[s]|minute[s]|heure[s]|litre[s]|kelvin[s]|bar[s])]")  # fmt: skip
_PERCENT = "[[ ](%|pour[ ]cent|pourcent)]"
_DEGREES = "[[ ](°|degré[s])]"
_SET = "(<regle>|<mets>|passe|passer|configure|choisis)"
_TO = "(à|sur|en|au)"
_WARMTH = "({kelvin:temperature}[ ](k|kelvin[s])|{color_temperature_names:temperature})"
_LIGHTS = "[<tous>] [<le>]<lumiere>"
_BIT = "[un peu]"
_MAKE = "(rends|rendre|fais|mets|règle|éclaire)"
_ALARM = "[<le>](alarme|système d'alarme)"
_UPDATE = "mise[s] à jour"
_WHAT = "(quel est|quelle est|c'est quoi|donne-moi|dis-moi)"

SENTENCES: Sentences = {
    "HassLawnMowerDock": (
        block("<renvoie> [<le>](tondeuse|robot tondeuse) [(à|sur) (la|sa) base]"),
    ),
    "SottoGetValue": (
        block(f"{_WHAT} {_N}", f"(à combien|sur quoi) est [réglé[e]] {_N}",
              f"{_WHAT} [<le>](valeur|réglage|état) {_OF}",
              domain=("number", "select"), lists=_LISTS),
        block(f"(que dit|qu'indique|qu'affiche|que montre|que dis) {_N}",
              f"qu'est-ce (que dit|qu'affiche|qui est écrit sur|qu'indique) {_N}", f"{_WHAT} {_N}",
              f"lis[-moi] {_N}", domain="text", lists=_LISTS),
    ),
    "SottoGetAlarm": (
        block(f"[est-ce que] {_N} est[-elle|-il] {{armed}}", f"est-ce que {_N} est {{armed}}",
              f"{_WHAT} [<le>](état|statut|mode) {_OF}", domain="alarm_control_panel",
              lists=_LISTS),
        block(f"[est-ce que] {_ALARM} est[-elle|-il] {{armed}}",
              f"est-ce que {_ALARM} est {{armed}}",
              f"{_WHAT} [<le>](état|statut|mode) de {_ALARM}", lists=_LISTS),
    ),
    "SottoGetChoice": (
        block(f"{_WHAT} [<le>]{{aspect}} {_OF}",
              f"(en|dans|sur|à) (quel|quelle) {{aspect}} est {_N}",
              f"(quel|quelle) {{aspect}} (a|joue|affiche|utilise) {_N}",
              domain=CHOOSING, lists=_LISTS),
    ),
    "SottoGetFigure": (
        block(f"{_WHAT} [<le>]{{figure}} {_OF}", f"à quelle {{figure}} est {_N}",
              domain=("light", "fan", "humidifier", "cover", "media_player", "water_heater"),
              lists=_LISTS),
    ),
    "SottoLastEvent": (
        block(f"quand (est-ce que|est-ce qu') {_N} (a|a été|est) [(dernièrement|pour la dernière "
              "fois)] (sonné|appuyé|pressé|enfoncé|déclenché|utilisé|activé|actionné)"
              "[e] [(pour la dernière fois|en dernier)]",
              f"quand {_N} (a[-t-elle|-t-il]|a[-t-elle|-t-il] été) (sonné|appuyé|pressé|enfoncé|"
              "déclenché|utilisé|activé|actionné)[e] [pour la dernière fois]",
              f"quand a (sonné|été (pressé|appuyé|utilisé|déclenché|actionné)[e]) {_N} "
              "[pour la dernière fois]", domain="event", lists=_LISTS),
    ),
    "SottoUpdateOf": (
        block(f"(y a-t-il|il y a|est-ce qu'il y a) (une|des) [nouvelle[s]] {_UPDATE} {_OF}",
              f"[est-ce que] {_N} (a|a-t-elle|a-t-il) (une|besoin d'une) {_UPDATE}",
              f"[est-ce que] {_N} est[-elle|-il] à jour", domain="update"),
    ),
    "SottoUpdates": (
        block(f"(quels appareils ont|quel appareil a) (une|des) {_UPDATE} [disponible[s]]",
              f"(y a-t-il|il y a|est-ce qu'il y a) (une|des) [nouvelle[s]] {_UPDATE} "
              "[disponible[s]]", f"quelles sont les {_UPDATE} [disponibles]",
              "quels appareils (peuvent|doivent) être mis à jour"),
    ),
    "SottoInstallUpdate": (
        block(f"(installe|installer) [<le>][nouvelle] {_UPDATE} {_OF}",
              f"(mets|mettre) à jour {_N}", f"(mets|mettre) {_N} à jour", domain="update"),
    ),
    "HassHumidifierSetpoint": (
        block(f"{_SET} {_N} {_TO} {{humidity}}{_PERCENT}", domain="humidifier", lists=_LISTS),
        block(f"{_SET} [<le>]humidité [cible] {_OF} {_TO} {{humidity}}{_PERCENT}",
              domain=("humidifier", "climate"), lists=_LISTS),
    ),
    "SottoSetValue": (
        block(f"{_SET} {_N} {_TO} {_NUMBER}", domain="number", lists=_LISTS),
    ),
    "SottoSetText": (
        block(f"{_SET} {_N} {_TO} {{text}}", f"(écris|écrire|affiche|afficher) {{text}} sur {_N}",
              f"fais (dire|afficher) {{text}} à {_N}", domain="text", lists=_LISTS),
    ),
    "SottoNotify": (
        block("(envoie|envoyer|affiche|montre) {text:message} (à|sur|au) [<le>]{name}",
              "(préviens|notifie) [<le>]{name} [que] {text:message}", domain="notify",
              lists=_LISTS),
    ),
    "SottoChoose": (
        block(f"{_SET} {_N} {_TO} [(mode|programme)] {{option}}",
              domain=("select", "climate", "water_heater", "humidifier", "fan", "vacuum"),
              lists=_LISTS),
        block(f"{_SET} [<le>]{{aspect}} {_OF} {_TO} {{option}}",
              f"{_SET} {_N} {_TO} [<le>]{{aspect}} {{option}}", domain=CHOOSING, lists=_LISTS),
        block(f"(lance|démarre|joue|mets|active) [<le>]effet {{option}} (sur|de|avec) {_N}",
              domain="light", lists=_LISTS),
    ),
    "SottoStopEffect": (
        block(f"(arrête|stoppe|désactive|coupe) [<le>]effet[s] {_OF}", domain="light"),
        block("(arrête|stoppe|désactive|coupe) [<le>]effet[s] [<ici>]", of="light", here=True),
        block("(arrête|stoppe|désactive|coupe) [<le>]effet[s] <dans> [<le>]{area}", of="light"),
    ),
    "HassLightSet": (
        block(f"{_SET} {_N} {_TO} {_WARMTH}", domain="light", response="temperature",
              lists=_LISTS),
        block(f"{_SET} {_LIGHTS} [<ici>] {_TO} {_WARMTH}", of="light", here=True,
              response="temperature", lists=_LISTS),
        block(f"{_SET} {_LIGHTS} <dans> [<le>]{{area}} {_TO} {_WARMTH}", of="light",
              response="temperature", lists=_LISTS),
    ),
    "SottoBrighter": (
        block(f"{_MAKE} {_N} {_BIT} {{more_light:change}}", domain="light", lists=_LISTS),
        block(f"(tamise|baisse|atténue) {_N}", domain="light", response="down",
              slots={"change": "down"}),
        block(f"[{_MAKE} {_LIGHTS}] [<ici>] {_BIT} {{more_light:change}} [<ici>]",
              of="light", here=True, lists=_LISTS),
        block(f"{_MAKE} {_LIGHTS} <dans> [<le>]{{area}} {_BIT} {{more_light:change}}",
              of="light", lists=_LISTS),
    ),
    "SottoWarmer": (
        block(f"{_MAKE} {_N} {_BIT} {{more_warmth:change}}", domain=("light", "climate"),
              lists=_LISTS),
        block(f"{_MAKE} {_LIGHTS} [<ici>] {_BIT} {{more_warmth:change}}", of="light", here=True,
              lists=_LISTS),
        block(f"{_MAKE} {_LIGHTS} <dans> [<le>]{{area}} {_BIT} {{more_warmth:change}}",
              of="light", lists=_LISTS),
        block(f"({_MAKE}|fais qu'il fasse) [<ici>] {_BIT} {{more_warmth:change}} [<ici>]",
              of=("light", "climate"), here=True, lists=_LISTS),
        block(f"{_MAKE} {_BIT} {{more_warmth:change}} <dans> [<le>]{{area}}",
              of=("light", "climate"), lists=_LISTS),
    ),
    "SottoOscillate": (
        block(f"{{on_off:oscillating}} [<le>](oscillation|rotation) {_OF}", domain="fan",
              lists=_LISTS),
        block(f"(fais|laisse) osciller {_N}", domain="fan", slots={"oscillating": "on"}),
    ),
    "SottoTilt": (
        block(f"{{way}} [<le>](lamelles|lames) {_OF}", domain="cover", lists=_LISTS),
        block(f"{_SET} [<le>](lamelles|lames|inclinaison) {_OF} {_TO} {{position:tilt}}{_PERCENT}",
              f"incline {_N} {_TO} {{position:tilt}}{_PERCENT}", domain="cover", lists=_LISTS),
    ),
    "SottoTemperatureRange": (
        block(f"({_SET}|garde|maintiens) {_N} (entre|de) {{degrees:low}}{_DEGREES} (et|à) "
              f"{{degrees:high}}{_DEGREES}", domain="climate", lists=_LISTS),
        block(f"({_SET}|garde|maintiens) [<le>]température [<ici>] (entre|de) "
              f"{{degrees:low}}{_DEGREES} (et|à) {{degrees:high}}{_DEGREES}", here=True,
              lists=_LISTS),
    ),
    "SottoCleanSpot": (
        block(f"(lance|démarre) [<le|un >]nettoyage localisé (avec|de) {_N}",
              f"(fais|laisse) nettoyer cet endroit (à|par) {_N}", domain="vacuum"),
        block("(nettoie|aspire) cette tache [ici]",
              "(lance|démarre) [<le>|un ]nettoyage localisé"),
    ),
}  # fmt: skip

ANSWERS: OwnAnswers = {
    "SottoGetValue": {
        "default": "{{ slots.name }} : {{ state.state_with_unit }}",
        "option": "{{ slots.name }} : {{ slots.option }}",
        "text": "{{ slots.name }} affiche {{ state.state }}",
        "empty": "{{ slots.name }} n'affiche rien",
    },
    "SottoGetAlarm": {
        "state": "{{ slots.name }} : {{ state.state_with_unit }}",
        "yes": "Oui, {{ slots.name }} : {{ state.state_with_unit }}",
        "no": "Non, {{ slots.name }} : {{ state.state_with_unit }}",
    },
    "SottoGetChoice": {
        "default": "{{ slots.name }} : {{ slots.option }}",
        "none": "Rien n'est choisi pour {{ slots.name }}",
    },
    "SottoGetFigure": {"default": "{{ slots.name }} : {{ slots.value }}"},
    "SottoLastEvent": {
        "default": "{{ slots.name }} : la dernière fois, c'était {{ slots.moment }}",
        "never": "{{ slots.name }} : jamais, à ma connaissance",
    },
    "SottoUpdateOf": {
        "yes": "Oui, il y a une mise à jour pour {{ slots.name }}"
        "{% if slots.version %} : version {{ slots.version }}{% endif %}",
        "no": "Non, {{ slots.name }} est à jour",
    },
    "SottoUpdates": {
        "none": "Aucun appareil n'a de mise à jour",
        "one": "Il y a une mise à jour : {{ slots.names }}",
        "several": "Il y a des mises à jour pour {{ slots.names }}",
    },
    "SottoInstallUpdate": {"default": "Installation de la mise à jour en cours"},
    "HassHumidifierSetpoint": {"default": "Humidité réglée à {{ slots.humidity }} pour cent"},
    "SottoSetValue": {"default": "{{ slots.name }} réglé à {{ slots.value }}"},
    "SottoSetText": {"default": "{{ slots.name }} réglé sur {{ slots.text }}"},
    "SottoNotify": {"default": "Envoyé"},
    "SottoChoose": {"default": "{{ slots.name }} réglé sur {{ slots.option }}"},
    "SottoStopEffect": {"default": "Effet arrêté"},
    "SottoBrighter": {"up": "Plus lumineux", "down": "Moins lumineux"},
    "SottoWarmer": {"up": "Plus chaud", "down": "Plus froid"},
    "SottoOscillate": {"on": "Oscillation activée", "off": "Oscillation désactivée"},
    "SottoTilt": {"default": "Lamelles en mouvement"},
    "SottoTemperatureRange": {
        "default": "Température réglée de {{ slots.low }} à {{ slots.high }} degrés"
    },
    "SottoCleanSpot": {"default": "Nettoyage localisé en cours"},
}
