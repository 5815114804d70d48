"""What the options of devices are called aloud: "heat" is "Heizen" in German.

The first word is the one that is said; all are understood. Options that are not here are called as
the device calls them.
"""

from collections.abc import Mapping

from hub.home.spoken_names import spoken_forms

_EN = {
    "heat": ("heating", "heat"),
    "cool": ("cooling", "cool"),
    "heat_cool": ("heat and cool", "heating and cooling"),
    "auto": ("automatic", "auto"),
    "dry": ("dry", "drying"),
    "fan_only": ("fan only",),
    "high_demand": ("high demand",),
    "heat_pump": ("heat pump",),
    "low": ("low", "slow"),
    "high": ("high", "fast"),
    "reverse": ("reverse", "backward", "backwards", "in reverse"),
    "forward": ("forward", "forwards"),
}
_DE = {
    "off": ("aus",),
    "on": ("ein", "an"),
    "heat": ("Heizen", "Heizung", "Heizbetrieb"),
    "cool": ("Kühlen", "Kühlung", "Kühlbetrieb"),
    "heat_cool": ("Heizen und Kühlen",),
    "auto": ("Automatik", "automatisch", "auto"),
    "dry": ("Entfeuchten", "Trocknen"),
    "fan_only": ("nur Lüfter", "Lüften"),
    "eco": ("Eco", "Öko", "Sparmodus", "sparsam"),
    "electric": ("elektrisch",),
    "gas": ("Gas",),
    "heat_pump": ("Wärmepumpe",),
    "high_demand": ("hoher Bedarf",),
    "performance": ("Leistung",),
    "low": ("niedrig", "langsam", "schwach"),
    "medium": ("mittel",),
    "high": ("hoch", "schnell", "stark"),
    "sleep": ("Schlafen", "Schlaf", "Nacht"),
    "away": ("abwesend", "Abwesenheit"),
    "home": ("zu Hause", "anwesend"),
    "comfort": ("Komfort",),
    "boost": ("Boost", "Turbo"),
    "quiet": ("leise",),
    "silent": ("lautlos", "still"),
    "normal": ("normal",),
    "none": ("keine", "nichts", "kein"),
    "forward": ("vorwärts",),
    "reverse": ("rückwärts",),
    "horizontal": ("waagerecht", "horizontal"),
    "vertical": ("senkrecht", "vertikal"),
    "both": ("beide", "beides"),
    "rainbow": ("Regenbogen",),
    "candle": ("Kerze",),
}
_FR = {
    "off": ("arrêt", "éteint"),
    "on": ("marche", "allumé"),
    "heat": ("chauffage", "chaud"),
    "cool": ("climatisation", "froid", "refroidissement"),
    "heat_cool": ("chauffage et climatisation",),
    "auto": ("automatique", "auto"),
    "dry": ("déshumidification", "sec"),
    "fan_only": ("ventilation seule", "ventilation"),
    "eco": ("éco", "eco", "économique"),
    "electric": ("électrique",),
    "gas": ("gaz",),
    "heat_pump": ("pompe à chaleur",),
    "high_demand": ("forte demande",),
    "performance": ("performance",),
    "low": ("bas", "lent", "faible"),
    "medium": ("moyen",),
    "high": ("haut", "rapide", "fort"),
    "sleep": ("sommeil", "nuit"),
    "away": ("absent", "absence"),
    "home": ("présent", "maison"),
    "comfort": ("confort",),
    "boost": ("boost", "turbo"),
    "quiet": ("discret", "doux"),
    "silent": ("silencieux",),
    "normal": ("normal",),
    "none": ("aucun", "rien"),
    "forward": ("avant", "en avant", "marche avant"),
    "reverse": ("arrière", "en arrière", "inverse", "marche arrière"),
    "horizontal": ("horizontal",),
    "vertical": ("vertical",),
    "both": ("les deux",),
    "rainbow": ("arc-en-ciel", "arc en ciel"),
    "candle": ("bougie",),
}
_ES = {
    "off": ("apagado",),
    "on": ("encendido",),
    "heat": ("calor", "calefacción", "calentar"),
    "cool": ("frío", "enfriar", "refrigeración"),
    "heat_cool": ("calor y frío",),
    "auto": ("automático", "auto"),
    "dry": ("seco", "deshumidificar"),
    "fan_only": ("solo ventilación", "ventilación"),
    "eco": ("eco", "ecológico", "económico"),
    "electric": ("eléctrico",),
    "gas": ("gas",),
    "heat_pump": ("bomba de calor",),
    "high_demand": ("alta demanda",),
    "performance": ("rendimiento",),
    "low": ("bajo", "baja", "lento"),
    "medium": ("medio", "media"),
    "high": ("alto", "alta", "rápido"),
    "sleep": ("sueño", "noche"),
    "away": ("ausente",),
    "home": ("en casa",),
    "comfort": ("confort", "comodidad"),
    "boost": ("boost", "turbo"),
    "quiet": ("tranquilo",),
    "silent": ("silencioso",),
    "normal": ("normal",),
    "none": ("ninguno", "nada"),
    "forward": ("adelante", "hacia adelante"),
    "reverse": ("atrás", "hacia atrás", "inverso"),
    "horizontal": ("horizontal",),
    "vertical": ("vertical",),
    "both": ("ambos",),
    "rainbow": ("arcoíris", "arco iris"),
    "candle": ("vela",),
}
_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES}


def option_words(option: str, language: str) -> str:
    """Return what an option is called."""
    words = _WORDS.get(language, {}).get(option.casefold())
    return words[0] if words else _plain(option)


def means_option(said: str, option: str) -> bool:
    """Return whether an option is called so, by the device or in one of the languages."""
    wanted = _folded(said)
    called = [option, _plain(option)]
    for words in _WORDS.values():
        called += words.get(option.casefold(), ())
    return bool(wanted) and wanted in {_folded(one) for one in called}


def _plain(option: str) -> str:
    return option.replace("_", " ")


def _folded(text: str) -> str:
    """Return a text as it is compared: without signs, spaces or an article."""
    forms = spoken_forms(text)
    return forms[-1].casefold().replace(" ", "") if forms else text.casefold().strip()
