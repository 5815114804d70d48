"""What states are called aloud. English says them as they are, but for sensors of yes and no."""

from collections.abc import Mapping

_DE = {
    "on": "an", "off": "aus", "open": "offen", "closed": "geschlossen", "opening": "am Öffnen",
    "closing": "am Schließen", "locked": "abgeschlossen", "unlocked": "aufgeschlossen",
    "locking": "am Abschließen", "unlocking": "am Aufschließen", "jammed": "verklemmt",
    "playing": "am Spielen", "paused": "pausiert", "idle": "untätig", "standby": "in Bereitschaft",
    "buffering": "am Laden", "heat": "am Heizen", "cool": "am Kühlen", "auto": "auf Automatik",
    "heat_cool": "am Heizen und Kühlen", "dry": "am Entfeuchten", "fan_only": "am Lüften",
    "cleaning": "am Saugen", "docked": "an der Ladestation", "returning": "auf dem Rückweg",
    "mowing": "am Mähen", "error": "gestört", "disarmed": "unscharf",
    "armed_away": "scharf, abwesend", "armed_home": "scharf, anwesend", "armed_night": "scharf, "
    "Nacht", "armed_vacation": "scharf, Urlaub", "triggered": "ausgelöst", "pending": "am Warten",
    "arming": "am Scharfschalten",
}  # fmt: skip
_FR = {
    "on": "allumé", "off": "éteint", "open": "ouvert", "closed": "fermé",
    "opening": "en train de s'ouvrir", "closing": "en train de se fermer",
    "locked": "verrouillé", "unlocked": "déverrouillé", "locking": "en cours de verrouillage",
    "unlocking": "en cours de déverrouillage", "jammed": "bloqué", "playing": "en lecture",
    "paused": "en pause", "idle": "inactif", "standby": "en veille", "buffering": "en chargement",
    "heat": "en chauffage", "cool": "en climatisation", "auto": "en mode automatique",
    "heat_cool": "en chauffage et climatisation", "dry": "en déshumidification",
    "fan_only": "en ventilation", "cleaning": "en nettoyage", "docked": "sur sa base",
    "returning": "sur le chemin du retour", "mowing": "en train de tondre", "error": "en erreur",
    "disarmed": "désarmé", "armed_away": "armé, absent", "armed_home": "armé, présent",
    "armed_night": "armé, nuit", "armed_vacation": "armé, vacances", "triggered": "déclenché",
    "pending": "en attente", "arming": "en cours d'activation",
}  # fmt: skip
_ES = {
    "on": "encendido", "off": "apagado", "open": "abierto", "closed": "cerrado",
    "opening": "abriéndose", "closing": "cerrándose", "locked": "cerrado con llave",
    "unlocked": "sin llave", "locking": "cerrándose", "unlocking": "abriéndose",
    "jammed": "atascado", "playing": "reproduciendo", "paused": "en pausa", "idle": "inactivo",
    "standby": "en espera", "buffering": "cargando", "heat": "en modo calor",
    "cool": "en modo frío", "auto": "en modo automático", "heat_cool": "en modo calor y frío",
    "dry": "en modo seco", "fan_only": "en modo ventilación", "cleaning": "limpiando",
    "docked": "en su base", "returning": "volviendo a su base", "mowing": "cortando el césped",
    "error": "con un error", "disarmed": "desarmado", "armed_away": "armado, ausente",
    "armed_home": "armado, en casa", "armed_night": "armado, noche",
    "armed_vacation": "armado, vacaciones", "triggered": "activado", "pending": "pendiente",
    "arming": "armándose",
}  # fmt: skip
_STATES: Mapping[str, Mapping[str, str]] = {"de": _DE, "fr": _FR, "es": _ES}

_OPENINGS = frozenset({"door", "window", "opening", "garage_door"})
_PRESENCES = frozenset(
    {
        *("occupancy", "presence", "motion", "moisture", "smoke", "gas", "carbon_monoxide"),
        *("vibration", "sound", "tamper", "problem"),
    }
)
_OPEN: Mapping[str, tuple[str, str]] = {
    "en": ("open", "closed"),
    "de": ("offen", "geschlossen"),
    "fr": ("ouvert", "fermé"),
    "es": ("abierto", "cerrado"),
}
_DETECTED: Mapping[str, tuple[str, str]] = {
    "en": ("detected", "clear"),
    "de": ("erkannt", "frei"),
    "fr": ("détecté", "inactif"),
    "es": ("detectado", "despejado"),
}


def state_words(value: str, language: str, device_class: str | None = None) -> str:
    """Return a state as it is said: "locked" is "verrouillé" in French."""
    if value in {"on", "off"}:
        pairs = (
            _OPEN if device_class in _OPENINGS else _DETECTED if device_class in _PRESENCES else {}
        )
        if language in pairs:
            return pairs[language][value == "off"]
    return _STATES.get(language, {}).get(value, value.replace("_", " "))
