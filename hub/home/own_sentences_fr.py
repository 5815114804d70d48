"""Our own French sentences, with the rules and lists of home-assistant-intents."""

from hub.home.sentence_block import SWITCHABLE, OwnAnswers, Sentences, block, words

_ALARM = {
    "alarm_mode": words(
        arm_home="(présent|présence|maison)", arm_away="(absent|absence)", arm_night="nuit",
        arm_vacation="(vacances|congés)",
        arm_custom="personnalisé",
    )
}  # fmt: skip
_FAN_MODES = {
    "fan_mode": words(
        auto="auto[matique]", on="marche", off="arrêt", low="(bas|lent|faible)",
        medium="(moyen|médium)", high="(haut|fort|rapide)", top="haut de pièce",
        middle="milieu", focus="focalisé", diffuse="diffus",
    )
}  # fmt: skip
_EVERYTHING = ("light", "switch", "fan", "media_player")
_TOGGLE = "(bascule|basculer|inverse|inverser)"
_VACUUM = "[<le>](aspirateur|robot aspirateur)"

SENTENCES: Sentences = {
    "HassLightSet": (
        block("<regle> [<le>]{area} en {color_temperature_names:temperature}",
              "<regle> [<tous>] [<le>]<lumiere> [<dans>] [<le>]{area} en "
              "{color_temperature_names:temperature}", of="light", response="temperature"),
        block("<regle> [<tous>] [<le>]<lumiere> [<ici>] en {color_temperature_names:temperature}",
              of="light", here=True, response="temperature"),
    ),
    "HassTurnOn": (
        block("<ouvre> <tous> [<le>]{cover_classes:device_class} [<partout>]",
              of="cover", response="cover"),
        block("<verrouille> <tous> [<le>](portes|serrures|verrous) [<partout>]",
              of="lock", response="lock"),
        block("(appuie|appuyer) sur [<le>]{name}", "(presse|presser) [<le>]{name}",
              domain="button", response="button"),
    ),
    "HassTurnOff": (
        block("<ferme> <tous> [<le>]{cover_classes:device_class} [<partout>]",
              of="cover", response="cover"),
        block("<eteins> tout [<ici>]", of=_EVERYTHING, here=True, response="everything"),
        block("<eteins> tout <dans> [<le>]{area}", of=_EVERYTHING, response="everything"),
        block("<eteins> tout <partout>", of=_EVERYTHING, response="everything"),
    ),
    "HassToggle": (
        block(f"{_TOGGLE} [<le>]{{name}}", domain=(*SWITCHABLE, "cover")),
        block(f"{_TOGGLE} [<le>]<lumiere> <dans> [<le>]{{area}}", of="light", response="several"),
        block(f"{_TOGGLE} [<le>]<lumiere> [<ici>]", of="light", here=True, response="several"),
    ),
    "HassStopMoving": (
        block("<arrete> [<le>]{name}", domain=("cover", "valve")),
        block("<arrete> [<le>]{cover_classes:device_class} <dans> [<le>]{area}", of="cover"),
        block("<arrete> [<le>]{cover_classes:device_class} [<ici>]", of="cover", here=True),
    ),
    "HassClimateSetFanMode": (
        block("<regle> [<le>](ventilation|ventilateur) <de> [<le>]{name} (en|sur) "
              "[mode ]{fan_mode}", domain="climate", lists=_FAN_MODES),
        block("<regle> [<le>]ventilation <dans> [<le>]{area} (en|sur) [mode ]{fan_mode}",
              lists=_FAN_MODES),
        block("<regle> [<le>]ventilation [<ici>] (en|sur) [mode ]{fan_mode}", here=True,
              lists=_FAN_MODES),
    ),
    "SottoArm": (
        block("(arme|armer|active|activer) [<le>]{name} [[en] [mode] {alarm_mode:mode}]",
              domain="alarm_control_panel", lists=_ALARM),
        block("(arme|armer|active|activer) [<le>]alarme [[en] [mode] {alarm_mode:mode}]",
              lists=_ALARM),
    ),
    "SottoDisarm": (
        block("(désarme|désarmer|désactive|désactiver) [<le>]{name}",
              domain="alarm_control_panel"),
        block("(désarme|désarmer|désactive|désactiver) [<le>]alarme"),
    ),
    "SottoPause": (
        block("<mets> [<le>]{name} en pause", domain=("vacuum", "lawn_mower")),
    ),
    "SottoLocate": (
        block("(trouve|trouver|localise|localiser|où est) [<le>]{name}", domain="vacuum"),
    ),
    "HassVacuumStart": (block(f"<demarre> {_VACUUM}"),),
    "HassVacuumReturnToBase": (
        block(f"<renvoie> {_VACUUM} [(à|sur) (la|sa) base]"),
    ),
}  # fmt: skip

ANSWERS: OwnAnswers = {
    "HassRespond": {
        "hello": "Bonjour, ici Sotto.",
        "data": "Ce que vous dites reste dans cette maison, sauf si elle utilise un service "
        "extérieur.",
        "commands": "Demandez-moi par exemple d'allumer la lumière, si la porte est verrouillée, "
        "ou un minuteur de cinq minutes.",
        "creator": "Je suis Sotto, un logiciel libre fait par beaucoup de gens.",
    },
    "HassTurnOn": {"button": "C'est fait"},
    "HassTurnOff": {"everything": "Tout est éteint"},
    "HassToggle": {
        "on": "C'est allumé",
        "off": "C'est éteint",
        "open": "Ouverture en cours",
        "close": "Fermeture en cours",
        "several": "C'est fait",
    },
    "HassStopMoving": {"default": "Arrêté"},
    "HassClimateSetFanMode": {"default": "Mode de ventilation réglé"},
    "SottoArm": {"default": "L'alarme est en cours d'activation"},
    "SottoDisarm": {"default": "L'alarme est en cours de désactivation"},
    "SottoPause": {"default": "En pause"},
    "SottoLocate": {"default": "Il devrait se faire entendre"},
}
