"""Every verb of the home is reached by a sentence in each language."""

from collections.abc import Mapping

import pytest

from hub.home.actions import Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import Area, AreaId, Device, DeviceId, DeviceState, Home
from hub.home.verbs import VERBS
from hub.origin import Origin
from tests.hub.home.small_home import ObedientSink

STUDIO = AreaId("studio")
_DEVICES: Mapping[str, tuple[str, str, Mapping[str, object]]] = {
    "Luna": ("light", "on", {"brightness": 50}),
    "Mood": ("scene", "unknown", {}),
    "Party": ("script", "unknown", {}),
    "Bell": ("button", "unknown", {}),
    "Pager": ("notify", "unknown", {}),
    "Theta": ("update", "on", {}),
    "Epsilon": ("number", "3", {"min": 0, "max": 10}),
    "Zeta": ("select", "eco", {"options": ("eco", "boost")}),
    "Sign": ("text", "free", {}),
    "Beta": ("cover", "open", {"position": 50, "tilt": 20}),
    "Latch": ("lock", "locked", {}),
    "Sigma": (
        "climate",
        "heat",
        {
            "options": ("off", "heat", "cool"),
            "presets": ("none", "eco"),
            "fan_modes": ("low", "high"),
            "swing_modes": ("on", "off"),
        },
    ),
    "Delta": ("humidifier", "on", {"min": 30, "max": 80}),
    "Breeze": ("fan", "on", {"percentage": 10}),
    "Rover": ("vacuum", "docked", {"fan_speeds": ("quiet", "high"), "areas": ("Studio",)}),
    "Shaun": ("lawn_mower", "docked", {}),
    "Radio": ("media_player", "playing", {"volume": 30, "muted": False}),
    "Gamma": ("alarm_control_panel", "disarmed", {}),
}
_ABILITIES = frozenset(
    {
        *("state", "brightness", "position", "tilt", "temperature", "temperature_range", "mode"),
        *("humidity", "preset", "fan_mode", "swing_mode", "percentage", "oscillate", "direction"),
        *("clean_area", "clean_spot", "fan_speed", "play_media"),
    }
)
SENTENCES: Mapping[str, tuple[str, str, str, str]] = {
    "turn_on": ("turn on luna", "schalte Luna ein", "allume Luna", "enciende Luna"),
    "turn_off": ("turn off luna", "schalte Luna aus", "éteins Luna", "apaga Luna"),
    "activate": ("activate mood", "aktiviere Mood", "active Mood", "activa Mood"),
    "run": ("run party", "starte Party", "lance Party", "ejecuta Party"),
    "press": ("press bell", "drücke Bell", "appuie sur Bell", "pulsa Bell"),
    "notify": ("show food is ready on pager", "zeige Essen ist da auf Pager",
               "envoie à table à Pager", "envía la cena está lista a Pager"),
    "install": ("install the update of theta", "installiere das Update von Theta",
                "installe la mise à jour de Theta", "instala la actualización de Theta"),
    "set_value": ("set epsilon to 5", "stelle Epsilon auf 5", "règle Epsilon à 5",
                  "pon Epsilon a 5"),
    "select_option": ("set zeta to boost", "stelle Zeta auf boost", "règle Zeta sur boost",
                      "pon Zeta en boost"),
    "set_text": ("set the sign to busy", "setze Sign auf besetzt", "règle Sign sur occupé",
                 "pon Sign en ocupado"),
    "open": ("open beta", "öffne Beta", "ouvre Beta", "abre Beta"),
    "close": ("close beta", "schließe Beta", "ferme Beta", "cierra Beta"),
    "stop": ("stop beta", "stoppe Beta", "arrête Beta", "para Beta"),
    "set_position": ("set beta to 30 percent", "stelle Beta auf 30 Prozent", "règle Beta à 30 %",
                     "pon Beta al 30 %"),
    "open_tilt": ("open the tilt of beta", "öffne die Lamellen von Beta",
                  "ouvre les lamelles de Beta", "abre las lamas de Beta"),
    "close_tilt": ("close the tilt of beta", "schließe die Lamellen von Beta",
                   "ferme les lamelles de Beta", "cierra las lamas de Beta"),
    "set_tilt": ("set the tilt of beta to 30 percent",
                 "stelle die Lamellen von Beta auf 30 Prozent",
                 "règle les lamelles de Beta à 30 %", "ajusta las lamas de Beta al 30 %"),
    "lock": ("lock latch", "schließe Latch ab", "verrouille Latch", "bloquea Latch"),
    "unlock": ("unlock latch", "schließe Latch auf", "déverrouille Latch", "desbloquea Latch"),
    "set_temperature": ("set sigma to 20 degrees", "stelle Sigma auf 20 Grad",
                        "règle la température à 20 degrés", "pon la temperatura a 20 grados"),
    "set_temperature_range": ("keep sigma between 19 and 23 degrees",
                              "halte Sigma zwischen 19 und 23 Grad",
                              "maintiens Sigma entre 19 et 23 degrés",
                              "mantén Sigma entre 19 y 23 grados"),
    "set_humidity": ("set delta to 45 percent", "stelle Delta auf 45 Prozent", "règle Delta à 45 %",
                     "ajusta Delta al 45 %"),
    "set_mode": ("set sigma to cooling", "stelle Sigma auf Kühlen", "règle Sigma en mode froid",
                 "pon Sigma en modo frío"),
    "set_fan_mode": ("set the fan mode of sigma to low",
                     "stelle den Lüftermodus von Sigma auf niedrig",
                     "règle le mode de ventilation de Sigma sur bas",
                     "ajusta el modo de ventilación de Sigma a bajo"),
    "set_swing_mode": ("set the swing of sigma to off", "stelle die Lamellen von Sigma auf aus",
                       "règle le balayage de Sigma sur arrêt",
                       "ajusta el balanceo de Sigma a apagado"),
    "set_preset": ("set sigma to the eco preset", "stelle die Voreinstellung von Sigma auf eco",
                   "règle le préréglage de Sigma sur eco", "ajusta el preajuste de Sigma a eco"),
    "set_percentage": ("set breeze to 40 percent", "stelle Breeze auf 40 Prozent",
                       "règle Breeze à 40 %", "pon Breeze al 40 %"),
    "oscillate": ("let breeze swing", "lass Breeze schwenken", "active l'oscillation de Breeze",
                  "activa la oscilación de Breeze"),
    "set_direction": ("set the direction of breeze to reverse",
                      "stelle die Drehrichtung von Breeze auf rückwärts",
                      "règle la direction de Breeze sur arrière",
                      "ajusta la dirección de Breeze a atrás"),
    "start": ("start rover", "starte Rover", "démarre Rover", "inicia Rover"),
    "return_home": ("return rover to base", "schicke Rover zurück", "renvoie Rover à sa base",
                    "devuelve Rover a su base"),
    "locate": ("find rover", "finde Rover", "trouve Rover", "encuentra Rover"),
    "clean_spot": ("clean this spot", "reinige diese Stelle", "nettoie cette tache",
                   "limpia este punto"),
    "clean_area": ("vacuum the studio", "sauge Studio", "aspire le Studio", "aspira el Studio"),
    "set_fan_speed": ("set the suction of rover to high", "stelle die Saugkraft von Rover auf hoch",
                      "règle l'aspiration de Rover sur fort", "ajusta la succión de Rover a alta"),
    "start_mowing": ("mow the lawn", "mähe den Rasen", "tonds la pelouse", "corta el césped"),
    "dock": ("dock the mower", "schicke den Rasenmäher zurück", "renvoie la tondeuse à sa base",
             "devuelve el cortacésped a su base"),
    "play": ("resume", "weiter", "reprends la lecture", "reanuda"),
    "pause": ("pause", "Pause", "pause", "pausa"),
    "play_media": ("play abbey road", "spiele Abbey Road", "joue Abbey Road",
                   "reproduce Abbey Road"),
    "next": ("next song", "nächstes Lied", "chanson suivante", "siguiente canción"),
    "previous": ("previous song", "vorheriges Lied", "chanson précédente", "canción anterior"),
    "set_volume": ("set the volume to 40 percent", "stelle die Lautstärke auf 40 Prozent",
                   "règle le volume à 40 %", "pon el volumen al 40 %"),
    "set_mute": ("mute radio", "schalte Radio stumm", "coupe le son de Radio", "silencia Radio"),
    "arm_home": ("arm gamma for home", "aktiviere Gamma für zuhause", "arme Gamma en mode maison",
                 "arma Gamma en modo en casa"),
    "arm_away": ("arm gamma", "aktiviere Gamma", "arme Gamma", "arma Gamma"),
    "arm_night": ("arm gamma for night", "aktiviere Gamma für Nacht", "arme Gamma en mode nuit",
                  "arma Gamma en modo noche"),
    "arm_vacation": ("arm gamma for vacation", "aktiviere Gamma für Urlaub",
                     "arme Gamma en mode vacances", "arma Gamma en modo vacaciones"),
    "arm_custom": ("arm gamma for custom bypass", "aktiviere Gamma für benutzerdefiniert",
                   "arme Gamma en mode personnalisé", "arma Gamma en modo personalizado"),
    "disarm": ("disarm gamma", "deaktiviere Gamma", "désarme Gamma", "desarma Gamma"),
}  # fmt: skip
"""By verb: English, German, French, Spanish."""
_LANGUAGES = ("en", "de", "fr", "es")


def studio() -> Home:
    home = Home()
    home.put_area(Area(STUDIO, "Studio"))
    for name, (domain, value, attributes) in _DEVICES.items():
        home.put(Device(DeviceId(name), name, domain, area=STUDIO, features=_ABILITIES))
        home.update_state(DeviceId(name), DeviceState(value, attributes))
    return home


@pytest.mark.parametrize("language", _LANGUAGES)
async def test_every_verb_is_reached_by_a_sentence(language: str) -> None:
    missed = {}
    recognizer = IntentRecognizer(studio(), language)
    for verb in VERBS:
        if verb not in SENTENCES:
            missed[verb] = "no sentence"
            continue
        text = SENTENCES[verb][_LANGUAGES.index(language)]
        home = studio()
        if verb == "play":
            home.update_state(DeviceId("Radio"), DeviceState("paused", {}))
        match = recognizer.recognize(text, area=STUDIO)
        if match is None:
            missed[verb] = f"not understood: {text}"
            continue
        actions = Actions(home, ObedientSink(home), confirm_timeout_s=0)
        result = await actions.perform(match, Origin(STUDIO, language))
        if verb not in {command.verb for command in result.commands}:
            missed[verb] = f"{text}: {match.intent}, {result.speech}"
    assert not missed
