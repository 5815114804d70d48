"""What people say and home-assistant-intents leaves out, in four languages."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.home.actions import Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import Area, AreaId, Device, DeviceId, DeviceState, Home
from hub.home.own_sentences import OWN_ANSWERS, OWN_SENTENCES
from hub.origin import Origin
from tests.hub.home.small_home import ObedientSink

STUDIO = AreaId("studio")


def device(name: str, domain: str, *features: str, device_class: str | None = None) -> Device:
    return Device(
        DeviceId(name.casefold()), name, domain, area=STUDIO, device_class=device_class,
        features=frozenset(features),
    )  # fmt: skip


DEVICES = (
    device("Alpha", "switch"),
    device("Luna", "light"),
    device("Beta", "cover", device_class="shutter"),
    device("Gamma", "alarm_control_panel"),
    device("Delta", "humidifier", "humidity"),
    device("Epsilon", "number"),
    device("Zeta", "select"),
    device("Theta", "update"),
    device("Rover", "vacuum"),
    device("Sigma", "climate", "mode", "fan_mode", "temperature"),
    device("Boiler", "water_heater", "temperature"),
    device("Howler", "siren"),
    device("Shaun", "lawn_mower"),
    device("Latch", "lock"),
    device("Bell", "button"),
)
STATES = {
    "alpha": DeviceState("on"),
    "luna": DeviceState("off"),
    "beta": DeviceState("open"),
    "zeta": DeviceState("eco", {"options": ("eco", "boost")}),
}


def studio() -> Home:
    home = Home()
    home.put_area(Area(STUDIO, "Studio"))
    for one in DEVICES:
        home.put(one)
        if one.id in STATES:
            home.update_state(one.id, STATES[one.id])
    return home


async def do(language: str, text: str) -> tuple[list[tuple[str, str, dict[str, Any]]], str]:
    """What a sentence makes the devices do, and what is said about it."""
    home = studio()
    match = IntentRecognizer(home, language).recognize(text, area=STUDIO)
    assert match is not None, f"not understood: {text}"
    result = await Actions(home, ObedientSink(home), confirm_timeout_s=0).perform(
        match, Origin(STUDIO, language)
    )
    return [(c.device, c.verb, dict(c.values)) for c in result.commands], result.speech


@pytest.mark.parametrize(
    ("language", "text", "commands", "speech"),
    [
        ("en", "toggle alpha", [("alpha", "turn_off", {})], "Alpha is off"),
        ("de", "schalte Alpha um", [("alpha", "turn_off", {})], "Alpha ist aus"),
        ("fr", "bascule Alpha", [("alpha", "turn_off", {})], "C'est éteint"),
        ("es", "alterna el Alpha", [("alpha", "turn_off", {})], "Alpha: apagado"),
        ("en", "toggle the lights", [("luna", "turn_on", {})], "Switched over"),
        ("en", "toggle beta", [("beta", "close", {})], "Closing"),
        ("en", "stop the shutters", [("beta", "stop", {})], "Stopped"),
        ("de", "stoppe die Rollläden", [("beta", "stop", {})], "Angehalten"),
        ("fr", "arrête les volets", [("beta", "stop", {})], "Arrêté"),
        ("es", "detén las contraventanas", [("beta", "stop", {})], "Detenido"),
        ("en", "stop beta", [("beta", "stop", {})], "Stopped"),
        ("en", "arm the alarm", [("gamma", "arm_away", {})], "Arming the alarm"),
        ("en", "arm gamma for night mode", [("gamma", "arm_night", {})], "Arming the alarm"),
        ("de", "aktiviere die Alarmanlage für Nacht", [("gamma", "arm_night", {})],
         "Die Alarmanlage wird scharf geschaltet"),
        ("fr", "active l'alarme en mode nuit", [("gamma", "arm_night", {})],
         "L'alarme est en cours d'activation"),
        ("es", "activa la alarma en modo noche", [("gamma", "arm_night", {})],
         "Armando la alarma"),
        ("en", "disarm the alarm", [("gamma", "disarm", {})], "Disarming the alarm"),
        ("de", "deaktiviere die Alarmanlage", [("gamma", "disarm", {})],
         "Die Alarmanlage wird unscharf geschaltet"),
        ("fr", "désactive l'alarme", [("gamma", "disarm", {})],
         "L'alarme est en cours de désactivation"),
        ("es", "desactiva la alarma", [("gamma", "disarm", {})], "Desarmando la alarma"),
        ("en", "set delta to 45 percent", [("delta", "set_humidity", {"humidity": 45})],
         "Humidity set to 45 percent"),
        ("de", "stelle Delta auf 45 Prozent", [("delta", "set_humidity", {"humidity": 45})],
         "Feuchtigkeit auf 45 Prozent eingestellt"),
        ("fr", "règle Delta à 45 %", [("delta", "set_humidity", {"humidity": 45})],
         "Humidité réglée à 45 pour cent"),
        ("es", "ajusta Delta al 45 %", [("delta", "set_humidity", {"humidity": 45})],
         "Humedad establecida al 45 por ciento"),
        ("en", "set epsilon to 7", [("epsilon", "set_value", {"value": 7})], "Epsilon set to 7"),
        ("de", "stelle Epsilon auf sieben", [("epsilon", "set_value", {"value": 7})],
         "Epsilon auf 7 gestellt"),
        ("fr", "règle Epsilon à 7", [("epsilon", "set_value", {"value": 7})],
         "Epsilon réglé à 7"),
        ("es", "pon Epsilon a 7", [("epsilon", "set_value", {"value": 7})],
         "Epsilon establecido en 7"),
        ("en", "set zeta to boost", [("zeta", "select_option", {"option": "boost"})],
         "Zeta set to boost"),
        ("de", "stelle Zeta auf Boost", [("zeta", "select_option", {"option": "boost"})],
         "Zeta auf Boost gestellt"),
        ("fr", "mets Zeta en boost", [("zeta", "select_option", {"option": "boost"})],
         "Zeta réglé sur boost"),
        ("es", "pon Zeta en boost", [("zeta", "select_option", {"option": "boost"})],
         "Zeta establecido en boost"),
        ("en", "install the update for theta", [("theta", "install", {})],
         "Installing the update"),
        ("de", "installiere das Update für Theta", [("theta", "install", {})],
         "Das Update wird installiert"),
        ("fr", "installe la mise à jour de Theta", [("theta", "install", {})],
         "Installation de la mise à jour en cours"),
        ("es", "instala la actualización de la Theta", [("theta", "install", {})],
         "Instalando la actualización"),
        ("en", "set sigma to heating", [("sigma", "set_mode", {"mode": "heat"})], "Sigma set to"),
        ("de", "stelle Sigma auf Heizbetrieb", [("sigma", "set_mode", {"mode": "heat"})],
         "Sigma auf"),
        ("fr", "règle Sigma en mode chauffage", [("sigma", "set_mode", {"mode": "heat"})],
         "Sigma réglé sur"),
        ("es", "pon Sigma en modo calefacción", [("sigma", "set_mode", {"mode": "heat"})],
         "Sigma establecido en"),
        ("fr", "règle la ventilation en mode auto",
         [("sigma", "set_fan_mode", {"fan_mode": "auto"})], "Mode de ventilation réglé"),
        ("es", "pon el modo de ventilación en alto",
         [("sigma", "set_fan_mode", {"fan_mode": "high"})], "Modo de ventilación establecido"),
        ("en", "set the boiler to 55 degrees",
         [("boiler", "set_temperature", {"temperature": 55})], "Temperature set to 55 degrees"),
        ("de", "stelle den Boiler auf 55 Grad",
         [("boiler", "set_temperature", {"temperature": 55})], "Temperatur auf 55 Grad gestellt"),
        ("en", "turn on the howler", [("howler", "turn_on", {})], "Turned on the siren"),
        ("en", "pause rover", [("rover", "pause", {})], "Paused"),
        ("de", "pausiere Rover", [("rover", "pause", {})], "Pausiert"),
        ("fr", "mets Rover en pause", [("rover", "pause", {})], "En pause"),
        ("es", "pausa el Rover", [("rover", "pause", {})], "En pausa"),
        ("en", "where is rover", [("rover", "locate", {})], "It should make itself heard"),
        ("de", "wo ist Rover", [("rover", "locate", {})], "Er sollte sich jetzt bemerkbar machen"),
        ("fr", "où est Rover", [("rover", "locate", {})], "Il devrait se faire entendre"),
        ("es", "dónde está el Rover", [("rover", "locate", {})], "Debería hacerse oír"),
        ("en", "start the vacuum", [("rover", "start", {})], "Started"),
        ("en", "send the vacuum back to the base", [("rover", "return_home", {})], "Returning"),
        ("es", "corta el césped", [("shaun", "start_mowing", {})], "Cortacésped en marcha"),
        ("es", "devuelve el cortacésped a su base", [("shaun", "dock", {})], "Regresando"),
        ("en", "turn everything off", [("alpha", "turn_off", {}), ("luna", "turn_off", {})],
         "Turned everything off"),
        ("de", "schalte alles aus", [("alpha", "turn_off", {}), ("luna", "turn_off", {})],
         "Alles ausgeschaltet"),
        ("fr", "éteins tout", [("alpha", "turn_off", {}), ("luna", "turn_off", {})],
         "Tout est éteint"),
        ("es", "apaga todo", [("alpha", "turn_off", {}), ("luna", "turn_off", {})],
         "Todo apagado"),
        ("en", "turn on all lights everywhere", [("luna", "turn_on", {})],
         "Turned on all of the lights"),
        ("en", "close all shutters", [("beta", "close", {})], "Closing the shutter"),
        ("de", "schließe alle Rollläden", [("beta", "close", {})], "Rollladen geschlossen"),
        ("fr", "ferme tous les volets", [("beta", "close", {})], "Fermeture en cours"),
        ("es", "cierra todas las contraventanas", [("beta", "close", {})], "Cierre completado"),
        ("en", "lock all doors", [("latch", "lock", {})], "Locking"),
        ("fr", "appuie sur Bell", [("bell", "press", {})], "C'est fait"),
        ("es", "pulsa el botón Bell", [("bell", "press", {})], "Pulsado"),
    ],
)  # fmt: skip
async def test_our_own_sentences_are_carried_out_and_answered(
    language: str, text: str, commands: list[tuple[str, str, dict[str, Any]]], speech: str
) -> None:
    done, said = await do(language, text)
    assert done == commands
    assert said.startswith(speech)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
async def test_small_talk_is_answered_in_its_language(language: str) -> None:
    texts = {
        "en": "who created you", "de": "wer hat dich gemacht", "fr": "qui t'a créé",
        "es": "quién te ha creado",
    }  # fmt: skip
    commands, said = await do(language, texts[language])
    assert not commands
    assert "Sotto" in said


async def test_an_option_that_is_not_there_is_refused() -> None:
    commands, said = await do("en", "set zeta to marble")
    assert not commands
    assert said == "Zeta does not know marble. You can choose eco and boost"


async def test_more_sentences_and_answers_can_be_added() -> None:
    home = studio()
    sentences = {"Salute": [{"sentences": ["ahoy [<the>] {name}"], "response": "loud"}]}
    answers = {"en": {"HassTurnOn": {"default": "Aye aye"}}}
    recognizer = IntentRecognizer(home, more=[sentences])
    match = recognizer.recognize("ahoy alpha", area=None)
    assert match is not None
    assert (match.intent, match.response, match.slots["name"]) == ("Salute", "loud", "Alpha")
    actions = Actions(home, ObedientSink(home), more_answers=[answers])
    turned_on = recognizer.recognize("turn on alpha", area=None)
    assert turned_on is not None
    assert (await actions.perform(turned_on, Origin())).speech == "Aye aye"


def test_every_intent_of_our_own_has_an_answer_in_its_language() -> None:
    for language, sentences in OWN_SENTENCES.items():
        for intent in sentences:
            if intent.startswith("Sotto"):
                assert OWN_ANSWERS[language][intent], (language, intent)


async def test_the_fan_of_a_room_is_set_without_its_name() -> None:
    home = Home()
    home.put_area(Area(STUDIO, "Studio"))
    home.put(device("Whirl", "fan", "percentage"))
    for text in ("set the fan speed to 50 percent", "set the fan to 50%"):
        match = IntentRecognizer(home).recognize(text, area=STUDIO)
        assert match is not None, text
        result = await Actions(home, ObedientSink(home), confirm_timeout_s=0).perform(
            match, Origin(STUDIO, "en")
        )
        [command] = result.commands
        assert (command.verb, command.values) == ("set_percentage", {"percentage": 50})


async def test_the_day_of_the_week_is_told() -> None:
    home = studio()
    monday = datetime(2026, 3, 2, 12, tzinfo=UTC)
    for text in ("what day is it", "what day of the week is it today"):
        match = IntentRecognizer(home).recognize(text, area=STUDIO)
        assert match is not None, text
        actions = Actions(home, ObedientSink(home), now=lambda: monday)
        assert (await actions.perform(match, Origin(STUDIO, "en"))).speech == "It is Monday"


async def test_the_heating_of_a_room_is_set_without_its_name() -> None:
    commands, _ = await do("en", "set the heating to 19 degrees")
    assert commands == [("sigma", "set_temperature", {"temperature": 19})]
