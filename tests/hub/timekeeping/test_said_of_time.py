"""What people say about several things of time at once: commands, names, lists, what has ended."""

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from hub.timekeeping.appointment import Kind
from hub.timekeeping.said_again import is_said_of, plain_name, same_words
from hub.timekeeping.spoken_items import as_said, parted
from hub.timekeeping.spoken_moments import find_moment, find_named
from tests.hub.home.small_home import OFFICE
from tests.hub.timekeeping.house import BERLIN
from tests.hub.timekeeping.patient_loop import START
from tests.hub.timekeeping.test_spoken_time import Spoken, talk


@pytest.mark.parametrize(
    ("language", "command", "timer", "asked", "cancels"),
    [
        ("en", "turn off the kettle in ten minutes", "set a timer for 5 minutes",
         ["what did I schedule", "which commands are waiting", "when will the kettle turn off"],
         ["cancel the command", "don't turn off the kettle", "cancel turning off the kettle",
          "cancel turning off the kitchen kettle"]),
        ("de", "schalte Kettle aus in 10 Minuten", "stelle einen Timer auf 5 Minuten",
         ["was habe ich geplant", "welche Befehle warten", "wann geht Kettle aus",
          "wann wird Kettle ausgeschaltet"],
         ["lösche den Befehl", "schalte Kettle doch nicht aus",
          "lösche das Ausschalten von Kettle"]),
        ("fr", "éteins Kettle dans 10 minutes", "mets un minuteur de 5 minutes",
         ["qu'est-ce que j'ai programmé", "quelles commandes sont en attente",
          "quand est-ce que Kettle va s'éteindre"],
         ["annule la commande", "n'éteins pas Kettle", "annule l'extinction de Kettle"]),
        ("es", "apaga Kettle en 10 minutos", "pon un temporizador de 5 minutos",
         ["qué tengo programado", "qué órdenes hay pendientes", "cuándo se apaga Kettle"],
         ["cancela la orden", "no apagues Kettle", "cancela el apagado de Kettle"]),
    ],
)  # fmt: skip
def test_a_delayed_command_is_asked_about_and_taken_back_while_timers_run(
    tmp_path: Path,
    language: str,
    *,
    command: str,
    timer: str,
    asked: list[str],
    cancels: list[str],
) -> None:
    async def scene(spoken: Spoken) -> None:
        await spoken.say(timer)
        for cancel in cancels:
            await spoken.say(command)
            (waiting,) = (one for one in spoken.set if one.kind is Kind.COMMAND)
            for question in asked:
                answer = await spoken.hears(question)
                assert waiting.text in answer, question
                assert "1:10" in answer or "13:10" in answer
            result = await spoken.say(cancel)
            assert result.ok, f"{cancel}: {result.speech}"
            assert waiting.text in result.speech
            assert [one.kind for one in spoken.set] == [Kind.TIMER]

    talk(tmp_path, scene, language)


@pytest.mark.parametrize(
    "text",
    [
        "schalte Kettle in 10 Minuten aus",
        "schalte Kettle in zehn Minuten aus",
        "mach Kettle in 1 Stunde und 5 Minuten an",
    ],
)
def test_in_german_the_time_stands_inside_of_the_command(tmp_path: Path, text: str) -> None:
    async def scene(spoken: Spoken) -> None:
        assert (await spoken.hears(text)).startswith("Anweisung wird in ")
        (one,) = spoken.set
        assert one.kind is Kind.COMMAND
        assert one.text in {"schalte Kettle aus", "mach Kettle an"}

    talk(tmp_path, scene, "de")


@pytest.mark.parametrize(
    ("language", "worldly", "ours"),
    [
        ("en", ["when does the pharmacy open", "when will the shop close",
                "cancel playing the guitar"],
         "when will the kettle turn off"),
        ("de", ["wann geht die Sonne auf", "wann wird der Reichstag geöffnet"],
         "wann geht Kettle aus"),
        ("fr", ["à quelle heure s'ouvre le musée", "quand est-ce que la mairie va s'ouvrir"],
         "quand est-ce que Kettle va s'éteindre"),
        ("es", ["a qué hora se abre el museo", "cuándo se cierra la farmacia"],
         "cuándo se apaga Kettle"),
    ],
)  # fmt: skip
def test_a_question_about_the_world_is_not_one_about_a_command(
    tmp_path: Path, language: str, worldly: list[str], ours: str
) -> None:
    async def scene(spoken: Spoken) -> None:
        assert [text for text in worldly if spoken.is_meant(text)] == []
        assert spoken.is_meant(ours)

    talk(tmp_path, scene, language)


def test_another_command_is_not_taken_back(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        await spoken.say("turn off the kettle in ten minutes")
        await spoken.say("turn on the bed light in twenty minutes")
        assert await spoken.hears("don't turn on the kettle") == "No such command is waiting"
        assert (await spoken.hears("cancel the command")).startswith(
            "There are several commands: at 1:10 PM: turn off the kettle and at 1:20 PM: turn on"
        )
        assert await spoken.hears("which commands are waiting") == (
            "2 commands: at 1:10 PM: turn off the kettle and at 1:20 PM: turn on the bed light"
        )
        assert await spoken.hears("cancel all commands") == "All cancelled"
        assert await spoken.hears("what is scheduled") == "No command is waiting"

    talk(tmp_path, scene)


@pytest.mark.parametrize(
    ("said", "command", "same"),
    [
        ("don't turn off the lights", "turn off the light", True),
        ("cancel turning off the kitchen light", "turn off the light", True),
        ("don't turn off the hall light", "turn off the light", False),
        ("don't turn on the light", "turn off the light", False),
        ("lösche das Einschalten der Lampe", "schalte die Lampe aus", False),
        ("no enciendas la lámpara", "enciende la lámpara", True),
        ("cancela el cierre de la persiana", "cierra la persiana", True),
        ("annule l'ouverture du volet", "ouvre le volet", True),
    ],
)
def test_a_command_is_known_by_its_words(said: str, command: str, *, same: bool) -> None:
    assert is_said_of(said, command, "Kitchen") is same


@pytest.mark.parametrize(
    ("language", "name", "starts", "rest"),
    [
        ("en", "pasta",
         ["pasta timer for 10 minutes", "10 minute pasta timer", "set a 10 minute pasta timer",
          "set a timer for the pasta for 10 minutes", "set a pasta timer for 10 minutes"],
         ["how long is left on the pasta timer", "pause the pasta timer", "resume the pasta timer",
          "add 5 minutes to the pasta timer", "remove 5 minutes from the pasta timer",
          "cancel the pasta timer"]),
        ("de", "Nudel",
         ["Stelle einen Nudeltimer auf 10 Minuten", "Nudeltimer 10 Minuten",
          "stell einen Nudel-Timer auf 10 Minuten", "stelle einen Nudel Timer auf 10 Minuten"],
         ["wie lange läuft der Nudeltimer noch", "pausiere den Nudeltimer",
          "setze den Nudeltimer fort", "verlängere den Nudeltimer um 5 Minuten",
          "verkürze den Nudeltimer um 5 Minuten", "stoppe den Nudeltimer"]),
        ("fr", "pâtes",
         ["mets un minuteur pâtes de 10 minutes", "un minuteur de 10 minutes pour les pâtes",
          "minuteur pâtes 10 minutes", "mets un minuteur pour les pâtes de 10 minutes"],
         ["combien de temps reste-t-il sur le minuteur des pâtes",
          "mets en pause le minuteur pâtes", "relance le minuteur des pâtes",
          "ajoute 5 minutes au minuteur pâtes", "enlève 5 minutes au minuteur des pâtes",
          "annule le minuteur des pâtes"]),
        ("es", "pasta",
         ["pon un temporizador de pasta de 10 minutos",
          "pon un temporizador de 10 minutos para la pasta",
          "pon un temporizador pasta de 10 minutos"],
         ["cuánto queda del temporizador de la pasta", "pausa el temporizador de la pasta",
          "reanuda el temporizador de la pasta", "añade 5 minutos al temporizador de la pasta",
          "quita 5 minutos al temporizador de pasta", "cancela el temporizador de la pasta"]),
    ],
)  # fmt: skip
def test_a_timer_is_handled_by_its_name(
    tmp_path: Path, language: str, *, name: str, starts: list[str], rest: list[str]
) -> None:
    async def scene(spoken: Spoken) -> None:
        for start in starts:
            result = await spoken.say(start)
            assert result.ok, f"{start}: {result.speech}"
            (one,) = spoken.set
            assert (one.kind, one.name, one.duration_s) == (Kind.TIMER, name, 600), start
            left = []
            for sentence in rest:
                result = await spoken.say(sentence)
                assert result.ok, f"{sentence}: {result.speech}"
                left += [round(one.left_s(spoken.house.clock.now()) / 60) for one in spoken.set]
            assert left == [10, 10, 10, 15, 10], start

    talk(tmp_path, scene, language)


@pytest.mark.parametrize(
    ("language", "text", "seconds"),
    [
        ("en", "set a timer for an hour and a half", 5400), ("en", "set timer 15 minutes", 900),
        ("en", "set another timer for 3 minutes", 180),
        ("de", "stell einen Timer für anderthalb Stunden", 5400), ("de", "Timer 10 Minuten", 600),
        ("de", "setz einen Timer auf 15 Minuten", 900), ("de", "Eieruhr auf 6 Minuten", 360),
        ("fr", "mets un minuteur d'une demi-heure", 1800), ("fr", "minuteur 10 minutes", 600),
        ("fr", "règle un minuteur sur 15 minutes", 900),
        ("es", "pon un temporizador de hora y media", 5400),
        ("es", "ponme un temporizador de 2 minutos", 120),
        ("es", "pon el temporizador a 3 minutos", 180),
    ],
)  # fmt: skip
def test_how_long_is_said_as_people_say_it(
    tmp_path: Path, language: str, text: str, seconds: float
) -> None:
    async def scene(spoken: Spoken) -> None:
        result = await spoken.say(text)
        assert result.ok, result.speech
        (one,) = spoken.set
        assert (one.name, one.duration_s) == ("", seconds)

    talk(tmp_path, scene, language)


def test_a_timer_without_a_span_is_asked_for_one(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        result = await spoken.say("set a timer for the neighbours")
        assert (result.ok, result.code) == (False, "no-time")
        assert result.speech.endswith("set a timer for ten minutes")

    talk(tmp_path, scene)


def test_a_timer_that_has_ended_is_told_as_ended(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        spoken.house.connected = []
        await spoken.say("set a pasta timer for 1 minute")
        await asyncio.sleep(70)
        assert await spoken.hears("which timers are running") == (
            "One timer: pasta timer, which has ended"
        )
        for question in ("timer status", "how long is left on the pasta timer"):
            assert await spoken.hears(question) == "Your pasta timer has ended."
        for order in ("pause the pasta timer", "resume the pasta timer"):
            result = await spoken.say(order)
            assert (result.speech, result.ok) == ("Your pasta timer has ended.", False)
        await spoken.say("set a timer for 5 minutes")
        assert await spoken.hears("timer status") == "Your pasta timer has ended. 5 minutes left."

    talk(tmp_path, scene)


@pytest.mark.parametrize(
    ("language", "sentences", "answers"),
    [
        ("en", ["set a pasta timer for 10 minutes", "resume the pasta timer",
                "pause the pasta timer", "pause the pasta timer"],
         ["The pasta timer is running, 10 minutes left",
          "The pasta timer is paused already, 10 minutes left"]),
        ("de", ["stelle einen Timer auf 10 Minuten", "setze den Timer fort", "pausiere den Timer",
                "pausiere den Timer"],
         ["Der Timer über 10 Minuten läuft schon, noch 10 Minuten",
          "Der Timer über 10 Minuten ist schon angehalten, noch 10 Minuten"]),
        ("fr", ["mets un minuteur de 10 minutes", "relance le minuteur",
                "mets en pause le minuteur", "mets en pause le minuteur"],
         ["Le minuteur de 10 minutes tourne déjà, encore 10 minutes",
          "Le minuteur de 10 minutes est déjà en pause, encore 10 minutes"]),
        ("es", ["pon un temporizador de 10 minutos", "continúa el temporizador",
                "pausa el temporizador", "pausa el temporizador"],
         ["El temporizador de 10 minutos ya está en marcha, faltan 10 minutos",
          "El temporizador de 10 minutos ya está en pausa, faltan 10 minutos"]),
    ],
)  # fmt: skip
def test_what_a_timer_does_already_is_told(
    tmp_path: Path, language: str, sentences: list[str], answers: list[str]
) -> None:
    async def scene(spoken: Spoken) -> None:
        told = [await spoken.hears(sentence) for sentence in sentences]
        assert [told[1], told[3]] == answers

    talk(tmp_path, scene, language)


def test_two_timers_of_one_name_are_told_with_what_to_say(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        await spoken.say("set a 10 minute pasta timer")
        await spoken.say("set a 5 minute pasta timer")
        result = await spoken.say("cancel the pasta timer")
        assert result.speech == (
            "There are several timers: pasta timer of 5 minutes, 5 minutes left; "
            "pasta timer of 10 minutes, 10 minutes left. Say for example: the timer for 5 minutes"
        )
        assert (result.ok, result.code) == (False, "multiple_timers_matched")
        assert (await spoken.say("cancel the 5 minute timer")).ok
        await spoken.say("set a 10 minute pasta timer", OFFICE)
        await spoken.say("set a 10 minute pasta timer", OFFICE)
        assert (await spoken.hears("cancel the pasta timer", OFFICE)).endswith("cancel all timers")

    talk(tmp_path, scene)


@pytest.mark.parametrize("text", ["stop", "never mind"])
def test_what_stops_a_timer_is_told_as_that(tmp_path: Path, text: str) -> None:
    async def scene(spoken: Spoken) -> None:
        match = spoken.recognizer.recognize(text, area=OFFICE)
        assert match is not None
        before = spoken.actions.intent(match)
        await spoken.house.timer(10)
        await asyncio.sleep(11)
        assert (before, spoken.actions.intent(match)) == (match.intent, "SottoStop")

    talk(tmp_path, scene)


@pytest.mark.parametrize(
    ("language", "sentences", "ring", "cancel", "cancelled"),
    [
        ("en", ["set an alarm for 7:30 called work"], "It is 7:30 AM. work.",
         "cancel the work alarm", "Alarm cancelled, tomorrow at 7:30 AM: work"),
        ("en", ["set a work alarm for 7:30"], "It is 7:30 AM. work.",
         "cancel the alarm called work", "Alarm cancelled, tomorrow at 7:30 AM: work"),
        ("de", ["stell einen Wecker namens Arbeit auf 7 Uhr 30"], "Es ist 7:30 Uhr. Arbeit.",
         "lösche den Wecker Arbeit", "Wecker gelöscht, morgen um 7:30 Uhr: Arbeit"),
        ("de", ["stell einen Arbeitswecker auf 7 Uhr 30"], "Es ist 7:30 Uhr. Arbeit.",
         "lösche den Arbeitswecker", "Wecker gelöscht, morgen um 7:30 Uhr: Arbeit"),
        ("fr", ["mets un réveil à 7h30 appelé travail"], "Il est 7:30. travail.",
         "annule le réveil travail", "Réveil supprimé, demain à 7:30 : travail"),
        ("es", ["pon una alarma a las 7:30 llamada trabajo"], "Es la hora: 7:30. trabajo.",
         "cancela la alarma trabajo", "Alarma cancelada, mañana a las 7:30: trabajo"),
    ],
)  # fmt: skip
def test_an_alarm_keeps_its_name(
    tmp_path: Path, language: str, *, sentences: list[str], ring: str, cancel: str, cancelled: str
) -> None:
    async def scene(spoken: Spoken) -> None:
        for sentence in sentences:
            await spoken.say(sentence)
        assert await spoken.hears(cancel) == cancelled
        assert spoken.set == []
        await spoken.say(sentences[0])
        spoken.house.clock.set(18.5 * 3600 - 2)
        await asyncio.sleep(40)
        assert spoken.house.texts[0] == ring

    talk(tmp_path, scene, language)


@pytest.mark.parametrize(
    ("language", "texts", "answer"),
    [
        ("en", ["remind me yesterday at five to call mum", "remind me today at nine am to sing"],
         "That time has passed already"),
        ("de", ["erinnere mich gestern um 5 an die Wäsche",
                "erinnere mich heute um 9 Uhr morgens an die Wäsche"],
         "Diese Zeit ist schon vorbei"),
        ("fr", ["rappelle-moi hier à cinq heures d'appeler maman",
                "rappelle-moi aujourd'hui à 9 heures du matin de chanter"],
         "Cette heure est déjà passée"),
        ("es", ["recuérdame ayer a las cinco llamar a mamá",
                "recuérdame hoy a las 9 de la mañana cantar"],
         "Esa hora ya ha pasado"),
    ],
)  # fmt: skip
def test_a_time_that_has_passed_is_refused(
    tmp_path: Path, language: str, texts: list[str], answer: str
) -> None:
    async def scene(spoken: Spoken) -> None:
        for text in texts:
            result = await spoken.say(text)
            assert (result.speech, result.ok, result.code) == (answer, False, "past")
        assert spoken.set == []

    talk(tmp_path, scene, language)


def test_of_many_alarms_it_is_told_how_many_more_there_are(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        for hour in range(5, 11):
            await spoken.say(f"wake me at {hour}")
        six = await spoken.hears("which alarms are set")
        assert six.startswith("6 alarms: tomorrow at 5:00 AM")
        assert six.endswith("and tomorrow at 10:00 AM")
        await spoken.say("wake me at 11")
        assert (await spoken.hears("which alarms are set")).endswith("at 9:00 AM and 2 more")

    talk(tmp_path, scene)


@pytest.mark.parametrize(
    ("language", "add", "remove", "ask", "told", "left"),
    [
        ("en", "add milk, eggs and bread to the shopping list",
         "remove bread from the shopping list", "what is on the shopping list",
         "On the shopping list: milk, eggs, bread", "On the shopping list: milk, eggs"),
        ("de", "füge Milch, Eier und Brot zur Einkaufsliste hinzu",
         "entferne Brot von der Einkaufsliste", "was steht auf der Einkaufsliste",
         "Auf der Liste: Milch, Eier, Brot", "Auf der Liste: Milch, Eier"),
        ("fr", "ajoute du lait, des œufs et du pain à la liste de courses",
         "supprime le pain de la liste de courses", "qu'y a-t-il sur la liste de courses",
         "Sur la liste : lait, œufs, pain", "Sur la liste : lait, œufs"),
        ("es", "añade leche, huevos y pan a la lista de la compra",
         "quita pan de la lista de la compra", "qué hay en la lista de la compra",
         "En la lista: leche, huevos, pan", "En la lista: leche, huevos"),
    ],
)  # fmt: skip
def test_several_things_are_put_on_a_list_and_one_taken_off(
    tmp_path: Path, language: str, *, add: str, remove: str, ask: str, told: str, left: str
) -> None:
    async def scene(spoken: Spoken) -> None:
        assert (await spoken.say(add)).ok
        assert await spoken.hears(ask) == told
        assert (await spoken.say(remove)).ok
        assert await spoken.hears(ask) == left

    talk(tmp_path, scene, language)


def test_what_is_not_on_the_list_is_told_beside_what_was(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        await spoken.say("add milk and mac and cheese to the shopping list")
        result = await spoken.say("take milk and butter off the shopping list")
        assert (result.speech, result.ok) == (
            "Checked off milk. butter is not on the list", False,
        )  # fmt: skip
        result = await spoken.say("remove mac and cheese from the shopping list")
        assert (result.speech, result.ok) == ("Checked off mac and cheese", True)
        assert await spoken.hears("what is on the shopping list") == "The shopping list is empty"
        assert await spoken.hears("what is on the to-do list") == "The to-do list is empty"

    talk(tmp_path, scene)


@pytest.mark.parametrize(
    ("said", "tasks", "things"),
    [
        ("milk, eggs, and bread", False, ["milk", "eggs", "bread"]),
        ("some milk and 2 eggs", False, ["milk", "2 eggs"]),
        ("mac and cheese and milk", False, ["mac and cheese", "milk"]),
        ("1,5 litres of milk", False, ["1,5 litres of milk"]),
        ("call Mum and Dad", True, ["call Mum and Dad"]),
        ("call Mum, buy bread and sing", True, ["call Mum", "buy bread", "sing"]),
        (" , ", False, []),
    ],
)
def test_things_are_told_apart(said: str, *, tasks: bool, things: list[str]) -> None:
    assert parted(said, "en", tasks=tasks) == things


def test_the_commas_of_a_sentence_are_found_again() -> None:
    text = "Add milk, eggs (six) and bread to the list."
    assert as_said(text, "milk eggs six and bread") == "milk, eggs (six) and bread"
    assert as_said(text, "butter") == "butter"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Nudel", "Nudeln", True), ("egg", "eggs", True), ("pâte", "pâtes", True),
     ("pasta", "pizza", False), ("Arbeits", "Arbeit", True), ("", "pasta", False)],
)  # fmt: skip
def test_a_name_is_known_in_the_plural(one: str, other: str, *, same: bool) -> None:
    assert same_words(one, other) is same


def test_what_stands_before_a_name_is_not_part_of_it() -> None:
    for name in (
        "the pasta",
        "for the pasta",
        "de la pasta",
        "pour pasta",
        "namens pasta",
        "pasta-",
    ):
        assert plain_name(name) == "pasta"


@pytest.mark.parametrize(
    ("language", "text", "due"),
    [
        ("en", "on march 15 at 8", "15 Mar 2026 08:00"),
        ("en", "on the first of january", "01 Jan 2027 09:00"),
        ("en", "on the 31st of february", None),
        ("de", "am 15. März um 8 Uhr", "15 Mar 2026 08:00"),
        ("fr", "le 15 mars à 8 heures", "15 Mar 2026 08:00"),
        ("fr", "le premier avril", "01 Apr 2026 09:00"),
        ("es", "el 15 de marzo a las 8", "15 Mar 2026 08:00"),
    ],
)
def test_a_date_is_the_next_one(language: str, text: str, due: str | None) -> None:
    moment = find_moment(text, language, START, BERLIN)
    assert due == (None if moment is None else f"{moment.due.astimezone(BERLIN):%d %b %Y %H:%M}")


def test_a_name_before_the_time_is_found_too() -> None:
    now = datetime(2026, 3, 2, 13, tzinfo=BERLIN)
    for text in ("called gym at 6 pm", "at 6 pm called gym"):
        moment, name = find_named(text, "en", now, BERLIN)
        assert moment is not None
        assert (f"{moment.due.astimezone(BERLIN):%H:%M}", name) == ("18:00", "gym")


PHRASES = {
    "fr": """
        démarre un minuteur de 30 secondes | combien de temps reste-t-il | annule tous les minuteurs
        mets une alarme à 7h15 | programme un réveil pour demain à 7 heures
        mets un réveil pour le lundi à 7 heures | réveille-moi tous les lundis à 6h30
        est-ce que j'ai un réveil demain | à quelle heure est mon réveil
        annule le réveil de 7 heures | supprime toutes les alarmes
        rappelle-moi ce soir de prendre mes médicaments
        fais-moi penser à appeler maman à 17 heures
        crée un rappel pour demain à 10h pour appeler le médecin
        rappelle-moi le 15 mars de payer les impôts | ajoute un rappel à 8h pour la réunion
        qu'est-ce que j'ai comme rappels | supprime mes rappels
        mets du beurre sur la liste de courses | rajoute du sel à la liste des courses
        note du lait sur la liste de courses | c'est quoi ma liste de courses
        retire le beurre de la liste de courses | enlève le sel de ma liste de courses
        ajoute appeler le plombier à ma liste de tâches | vide la liste de courses
    """,
    "de": """
        starte einen Timer für 5 Minuten | wie viel Zeit habe ich noch | lösche alle Timer
        stelle einen Wecker für morgen früh um 6 Uhr 45 | Wecker auf 6 Uhr
        stell einen Wecker für Montag um 7 | weck mich am Wochenende um 9
        habe ich morgen einen Wecker | wann klingelt mein Wecker
        schalte den Wecker um 6 Uhr aus | lösche alle Wecker
        erinnere mich heute Abend daran, meine Medikamente zu nehmen
        erinnere mich daran, Mama um 17 Uhr anzurufen
        erstelle eine Erinnerung für morgen um 10 Uhr: Arzt anrufen
        erinnere mich am 15. März an die Steuer | neue Erinnerung für 16 Uhr Kuchen backen
        welche Erinnerungen habe ich | lösche alle Erinnerungen
        setz Butter auf die Einkaufsliste | schreib Tomaten und Käse auf die Einkaufsliste
        pack Salz auf die Einkaufsliste | lies mir meine Einkaufsliste vor
        nimm Butter von der Einkaufsliste | streiche Salz von meiner Einkaufsliste
        setze Klempner anrufen auf meine Aufgabenliste | leere die Einkaufsliste
    """,
    "es": """
        programa un temporizador de 15 minutos | cuánto tiempo queda
        cancela todos los temporizadores
        pon la alarma a las siete menos cuarto | pon una alarma para las 7 de la mañana
        pon una alarma para el lunes a las 7 | despiértame los fines de semana a las 9
        tengo alguna alarma mañana | a qué hora tengo la alarma
        cancela la alarma de las 7 de la mañana | borra todas las alarmas
        recuérdame esta noche tomar la medicina | recuérdame que tengo que llamar a mamá a las 5
        crea un recordatorio para mañana a las 10 para llamar al médico
        recuérdame el 15 de marzo pagar los impuestos
        añade un recordatorio a las 8 para la reunión
        cuáles son mis recordatorios | borra mis recordatorios
        pon mantequilla en la lista de la compra | añade tomates y queso a la lista de la compra
        apunta sal en la lista de la compra | qué tengo en la lista de la compra
        quita la mantequilla de la lista de la compra | borra el queso de la lista de la compra
        añade llamar al fontanero a mi lista de tareas | vacía la lista de la compra
    """,
}


@pytest.mark.parametrize("language", PHRASES)
def test_what_people_say_to_other_assistants_is_done(tmp_path: Path, language: str) -> None:
    async def scene(spoken: Spoken) -> None:
        for sentence in PHRASES[language].replace("\n", "|").split("|"):
            if sentence.strip():
                result = await spoken.say(sentence.strip())
                assert result.ok, f"{sentence.strip()}: {result.speech}"

    talk(tmp_path, scene, language)
