"""What is said about time, in four languages: understood, done, and answered."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.home.actions import ActionResult, Actions
from hub.home.intents import IntentRecognizer
from hub.home.model import AreaId, Device, DeviceId, DeviceState, Home
from hub.origin import Origin
from hub.store.errors import StoreError
from hub.timekeeping.alarm_deeds import AlarmDeeds
from hub.timekeeping.appointment import Appointment, Kind, State
from hub.timekeeping.command_deeds import CommandDeeds
from hub.timekeeping.list_deeds import ListDeeds, put_lists
from hub.timekeeping.lists import Lists
from hub.timekeeping.sentences import TIME_ANSWERS, TIME_SENTENCES
from hub.timekeeping.timer_deeds import TimerDeeds
from tests.hub.home.small_home import KITCHEN, OFFICE, ObedientSink, small_home
from tests.hub.timekeeping.house import House, lives

LANGUAGES = ("en", "de", "fr", "es")
ZONE = ZoneInfo("Europe/Berlin")
AREAS = {KITCHEN: "kitchen-1", OFFICE: "office-1"}


def _home(language: str) -> Home:
    home = small_home()
    put_lists(home, language, ("Hardware",))
    return home


_KNOWN: dict[str, tuple[Home, IntentRecognizer]] = {}


def known(language: str) -> tuple[Home, IntentRecognizer]:
    """A home and its recogniser; they are costly to make."""
    if language not in _KNOWN:
        home = _home(language)
        more = (TIME_SENTENCES[language],)
        _KNOWN[language] = home, IntentRecognizer(home, language, more=more)
    return _KNOWN[language]


class Spoken:
    """Somebody in a house speaks."""

    def __init__(self, house: House, language: str, home: Home | None = None) -> None:
        self.house, self.language = house, language
        self.home, self.recognizer = known(language)
        if home is not None:
            self.home = home
            self.recognizer = IntentRecognizer(home, language, more=(TIME_SENTENCES[language],))
        alarms, commands = AlarmDeeds(house.time), CommandDeeds(house.time, self.home)
        self.sink = ObedientSink(self.home)
        self.actions = Actions(
            self.home,
            self.sink,
            deeds={
                **TimerDeeds(house.time, alarms, self).deeds(),
                **alarms.deeds(),
                **commands.deeds(),
                **ListDeeds(Lists(house.store, now=house.clock.now)).deeds(),
            },
            senses={**alarms.senses(), **commands.senses()},
            more_answers=(TIME_ANSWERS,),
        )

    def understands(self, text: str, origin: Origin) -> bool:
        return self.recognizer.recognize(text, area=None) is not None

    def needs_yes(self, text: str, origin: Origin) -> bool:
        return any(word in text for word in ("unlock", "entriegel", "déverrouill", "desbloquea"))

    async def say(self, text: str, area: AreaId = KITCHEN) -> ActionResult:
        match = self.recognizer.recognize(text, area=area)
        assert match is not None, f"not understood: {text}"
        origin = Origin(area, self.language, AREAS[area], "ann")
        return await self.actions.perform(match, origin)

    def is_meant(self, text: str) -> bool:
        """Whether a sentence is the home's, and not one for a language model."""
        match = self.recognizer.recognize(text, area=KITCHEN)
        return match is not None and self.actions.is_about_something(match)

    async def hears(self, text: str, area: AreaId = KITCHEN) -> str:
        return (await self.say(text, area)).speech

    @property
    def set(self) -> list[Appointment]:
        return list(self.house.time.all())


def talk(folder: Path, scene: Callable[[Spoken], Awaitable[None]], language: str = "en") -> House:
    """Play a conversation at one in the afternoon, home time, on Monday, 2 March."""

    async def play(house: House) -> None:
        await scene(Spoken(house, language))

    return lives(folder, play)


@pytest.mark.parametrize(
    ("language", "text", "seconds", "name", "answer"),
    [
        ("en", "set a timer for 5 minutes", 300, "", "Timer set for 5 minutes"),
        ("en", "set a 1 hour timer for the pizza", 3600, "pizza",
         "Timer set for 1 hour named pizza"),
        ("en", "set a pasta timer for 10 minutes", 600, "pasta",
         "Timer set for 10 minutes named pasta"),
        ("en", "timer for 2 and a half hours", 9000, "", "Timer set for 2 hours and 30 minutes"),
        ("en", "start a timer for half an hour", 1800, "", "Timer set for 30 minutes"),
        ("de", "stelle einen Timer auf 5 Minuten", 300, "", "Timer für 5 Minuten gestartet"),
        ("de", "einen Pasta Timer für 10 Minuten", 600, "Pasta", ""),
        ("fr", "mets un minuteur de 5 minutes", 300, "", "Minuteur lancé"),
        ("es", "pon un temporizador de 5 minutos", 300, "", "Temporizador iniciado"),
        ("es", "crea un temporizador para la pasta de 10 minutos", 600, "pasta",
         "Temporizador iniciado"),
    ],
)  # fmt: skip
def test_a_timer_is_set(
    tmp_path: Path, language: str, text: str, *, seconds: float, name: str, answer: str
) -> None:
    async def scene(spoken: Spoken) -> None:
        result = await spoken.say(text)
        assert result.ok, result.speech
        (one,) = spoken.set
        assert (one.kind, one.duration_s, one.name) == (Kind.TIMER, seconds, name)
        assert one.place == Origin("Kitchen", language, "kitchen-1", "ann")
        assert result.speech == answer or not answer

    talk(tmp_path, scene, language)


def test_several_timers_are_told_apart(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        await spoken.say("set a 10 minute timer for pasta")
        await spoken.say("set a 5 minute timer for eggs")
        await spoken.say("set a timer for 20 minutes", OFFICE)
        assert await spoken.hears("cancel the timer") == (
            "There are several timers: eggs timer, 5 minutes left; pasta timer, 10 minutes left. "
            "Say for example: the timer for 5 minutes"
        )
        assert await spoken.hears("cancel the pizza timer") == "Sorry, I couldn't find that timer"
        assert await spoken.hears("cancel the timer", OFFICE) == "Timer cancelled"
        assert await spoken.hears("pause the eggs timer") == "Timer paused"
        assert await spoken.hears("add 2 minutes to the pasta timer") == (
            "2 minutes added to timer named pasta"
        )
        assert await spoken.hears("remove 1 minute from the 10 minute timer") == (
            "1 minute removed from timer"
        )
        assert await spoken.hears("which timers are running") == (
            "2 timers: eggs timer, paused, 5 minutes left; pasta timer, 11 minutes left"
        )
        assert "11 minutes left on 10 minute pasta timer." in await spoken.hears("timer status")
        assert await spoken.hears("resume the timer") == "Timer resumed"
        assert await spoken.hears("how much time is left on the eggs timer") == "5 minutes left."
        assert await spoken.hears("cancel the pasta timer") == "Timer cancelled"
        assert [one.name for one in spoken.set] == ["eggs"]
        assert await spoken.hears("cancel all timers in the kitchen") == (
            "Canceled 1 timer in Kitchen."
        )
        assert await spoken.hears("cancel all timers") == "No timers were canceled."
        assert await spoken.hears("timer status") == "No timers."
        assert await spoken.hears("which timers are running") == "No timers are running"
        assert await spoken.hears("pause the timer") == "Sorry, I couldn't find that timer"

    talk(tmp_path, scene)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("de", [
            ("[wie lange läuft] der Timer noch", "wie lange läuft mein Timer noch"),
            ("pause", "pausiere den Timer"), ("resume", "setze den Timer fort"),
            ("increase", "verlängere den Timer um 5 Minuten"),
            ("decrease", "verkürze den Timer um 2 Minuten"),
            ("list", "welche Timer laufen"), ("cancel", "beende den Timer"),
        ]),
        ("fr", [
            ("status", "combien de temps reste-t-il sur le minuteur"),
            ("pause", "mets en pause le minuteur"), ("resume", "relance le minuteur"),
            ("increase", "ajoute 5 minutes au minuteur"),
            ("decrease", "enlève 2 minutes au minuteur"),
            ("list", "quels minuteurs sont en cours"), ("cancel", "supprime le minuteur"),
        ]),
        ("es", [
            ("status", "cuánto tiempo falta para el temporizador"),
            ("pause", "pausa el temporizador"), ("resume", "continúa el temporizador"),
            ("increase", "añade 5 minutos al temporizador"),
            ("decrease", "quita 2 minutos al temporizador"),
            ("list", "qué temporizadores hay"), ("cancel", "cancela el temporizador"),
        ]),
    ],
)  # fmt: skip
def test_a_timer_is_handled_in_every_language(
    tmp_path: Path, language: str, sentences: list[tuple[str, str]]
) -> None:
    set_it = {
        "de": "stelle einen Timer auf 10 Minuten",
        "fr": "mets un minuteur de 10 minutes",
        "es": "pon un temporizador de 10 minutos",
    }

    async def scene(spoken: Spoken) -> None:
        await spoken.say(set_it[language])
        left = []
        for _, sentence in sentences:
            result = await spoken.say(sentence)
            assert result.ok, f"{sentence}: {result.speech}"
            assert result.speech, sentence
            left += [round(one.left_s(spoken.house.clock.now()) / 60) for one in spoken.set]
        assert left == [10, 10, 10, 15, 13, 13]

    talk(tmp_path, scene, language)


@pytest.mark.parametrize(
    ("language", "text", "command"),
    [
        ("en", "turn on the bed light in ten minutes", "turn on the bed light"),
        ("en", "in 10 minutes turn on the bed light", "turn on the bed light"),
        ("de", "schalte Kettle aus in 10 Minuten", "schalte Kettle aus"),
        ("fr", "allume Kettle dans 10 minutes", "allume Kettle"),
        ("es", "enciende Kettle en 10 minutos", "enciende Kettle"),
    ],
)
def test_a_command_is_carried_out_later(
    tmp_path: Path, language: str, text: str, command: str
) -> None:
    async def scene(spoken: Spoken) -> None:
        assert (await spoken.say(text)).ok
        (one,) = spoken.set
        assert (one.kind, one.text, one.duration_s) == (Kind.COMMAND, command, 600)
        await asyncio.sleep(601)
        assert spoken.house.hands.done == [command]

    talk(tmp_path, scene, language)


def test_what_needs_a_yes_is_not_promised_for_later(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        result = await spoken.say("unlock the front door in 10 minutes")
        assert (result.ok, result.code) == (False, "not-later")
        assert result.speech == "That needs a yes, so it can not be done later: ask me then"
        assert spoken.set == []

    talk(tmp_path, scene)


def test_what_is_no_command_is_not_promised(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        result = await spoken.say("I will be home in 20 minutes")
        assert (result.ok, result.code) == (False, "no_intent")
        assert spoken.set == []

    talk(tmp_path, scene)


@pytest.mark.parametrize(
    ("language", "text", "due", "days", "answer"),
    [
        ("en", "wake me at seven", "03 07:00", "", "Alarm set tomorrow at 7:00 AM"),
        ("en", "wake me up every weekday at seven", "03 07:00", "01234",
         "Alarm set every weekday at 7:00 AM"),
        ("en", "set an alarm for half past six on saturday", "07 06:30", "",
         "Alarm set on Saturday at 6:30 AM"),
        ("en", "wake me in 20 minutes", "02 13:20", "", "Alarm set at 1:20 PM"),
        ("de", "weck mich um halb acht", "03 07:30", "", "Wecker gestellt: morgen um 7:30 Uhr"),
        ("de", "stell einen Wecker auf sieben Uhr", "03 07:00", "",
         "Wecker gestellt: morgen um 7:00 Uhr"),
        ("de", "wecke mich jeden Werktag um sieben", "03 07:00", "01234",
         "Wecker gestellt: jeden Werktag um 7:00 Uhr"),
        ("fr", "réveille-moi à sept heures et demie", "03 07:30", "",
         "Réveil réglé demain à 7:30"),
        ("fr", "mets un réveil à sept heures tous les jours", "03 07:00", "0123456",
         "Réveil réglé tous les jours à 7:00"),
        ("es", "despiértame a las siete y media", "03 07:30", "",
         "Alarma puesta mañana a las 7:30"),
        ("es", "pon una alarma a las siete de lunes a viernes", "03 07:00", "01234",
         "Alarma puesta de lunes a viernes a las 7:00"),
    ],
)  # fmt: skip
def test_an_alarm_is_set(
    tmp_path: Path, language: str, text: str, *, due: str, days: str, answer: str
) -> None:
    async def scene(spoken: Spoken) -> None:
        result = await spoken.say(text)
        (one,) = spoken.set
        assert one.kind is Kind.ALARM
        assert f"{one.due.astimezone(ZONE):%d %H:%M}" == due
        assert "".join(str(day) for day in sorted(one.weekdays)) == days
        assert (result.speech, result.ok) == (answer, True)

    talk(tmp_path, scene, language)


@pytest.mark.parametrize(
    ("language", "set_it", "asked", "told", "cancel", "cancelled", "none"),
    [
        ("en", "wake me at seven", "which alarms are set", "One alarm, tomorrow at 7:00 AM",
         "cancel the alarm", "Alarm cancelled, tomorrow at 7:00 AM", "No alarm is set"),
        ("de", "weck mich um sieben", "welche Wecker sind gestellt",
         "Ein Wecker, morgen um 7:00 Uhr", "lösche den Wecker",
         "Wecker gelöscht, morgen um 7:00 Uhr",
         "Es ist kein Wecker gestellt"),
        ("fr", "réveille-moi à sept heures", "à quelle heure sonne mon réveil",
         "Un réveil, demain à 7:00", "annule le réveil", "Réveil supprimé, demain à 7:00",
         "Aucun réveil n'est réglé"),
        ("es", "despiértame a las siete", "qué alarmas hay", "Una alarma, mañana a las 7:00",
         "cancela la alarma", "Alarma cancelada, mañana a las 7:00",
         "No hay ninguna alarma puesta"),
    ],
)  # fmt: skip
def test_an_alarm_is_asked_about_and_cancelled(
    tmp_path: Path,
    language: str,
    *,
    set_it: str,
    asked: str,
    told: str,
    cancel: str,
    cancelled: str,
    none: str,
) -> None:
    async def scene(spoken: Spoken) -> None:
        await spoken.say(set_it)
        assert await spoken.hears(asked) == told
        assert await spoken.hears(cancel) == cancelled
        assert await spoken.hears(asked) == none

    talk(tmp_path, scene, language)


def test_several_alarms_are_told_apart(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        await spoken.say("wake me at seven")
        await spoken.say("wake me at seven")
        await spoken.say("wake me at eight")
        assert len(spoken.set) == 2, "said twice, it is set once"
        assert await spoken.hears("cancel the alarm") == (
            "There are several alarms: tomorrow at 7:00 AM and tomorrow at 8:00 AM. "
            "Say which one you mean"
        )
        assert await spoken.hears("cancel the alarm for nine") == "There is no such alarm"
        assert await spoken.hears("cancel the seven o'clock alarm") == (
            "Alarm cancelled, tomorrow at 7:00 AM"
        )
        assert await spoken.hears("cancel all alarms") == "All cancelled"
        assert await spoken.hears("cancel all alarms") == "No alarm is set"
        result = await spoken.say("wake me before you go")
        assert (result.ok, result.code) == (False, "no-time")
        assert result.speech.endswith("wake me at seven")

    talk(tmp_path, scene)


@pytest.mark.parametrize(
    ("language", "text", "due", "thing", "answer"),
    [
        ("en", "remind me to call Mum in ten minutes", "02 13:10", "call Mum",
         "I will remind you at 1:10 PM: call Mum"),
        ("en", "remind me in 10 minutes to call Mum", "02 13:10", "call Mum",
         "I will remind you at 1:10 PM: call Mum"),
        ("en", "remind me tomorrow at nine to water the plants", "03 09:00", "water the plants",
         "I will remind you tomorrow at 9:00 AM: water the plants"),
        ("de", "erinnere mich um acht daran, Mama anzurufen", "02 20:00", "Mama anzurufen",
         "Ich erinnere dich um 20:00 Uhr: Mama anzurufen"),
        ("de", "erinnere mich in 10 Minuten an die Wäsche", "02 13:10", "Wäsche",
         "Ich erinnere dich um 13:10 Uhr: Wäsche"),
        ("fr", "rappelle-moi demain à huit heures d'appeler maman", "03 08:00", "appeler maman",
         "Rappel demain à 8:00 : appeler maman"),
        ("fr", "rappelle-moi dans 10 minutes de sortir les poubelles", "02 13:10",
         "sortir les poubelles", "Rappel à 13:10 : sortir les poubelles"),
        ("es", "recuérdame llamar a mamá a las ocho", "02 20:00", "llamar a mamá",
         "Te lo recordaré a las 20:00: llamar a mamá"),
        ("es", "recuérdame en 10 minutos que saque la basura", "02 13:10", "saque la basura",
         "Te lo recordaré a las 13:10: saque la basura"),
    ],
)  # fmt: skip
def test_a_reminder_is_set(
    tmp_path: Path, language: str, text: str, *, due: str, thing: str, answer: str
) -> None:
    async def scene(spoken: Spoken) -> None:
        result = await spoken.say(text)
        assert result.speech == answer
        (one,) = spoken.set
        assert (one.kind, one.text) == (Kind.REMINDER, thing)
        assert f"{one.due.astimezone(ZONE):%d %H:%M}" == due

    talk(tmp_path, scene, language)


def test_reminders_are_asked_about_and_cancelled(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        await spoken.say("remind me to call Mum at eight")
        await spoken.say("remind me to water the plants at nine")
        assert await spoken.hears("what are my reminders") == (
            "2 reminders: at 8:00 PM: call Mum and at 9:00 PM: water the plants"
        )
        assert await spoken.hears("cancel the reminder to call mum") == (
            "Reminder cancelled, at 8:00 PM: call Mum"
        )
        assert await spoken.hears("cancel the reminder to sing") == "There is no such reminder"
        assert await spoken.hears("cancel the reminder") == (
            "Reminder cancelled, at 9:00 PM: water the plants"
        )
        assert await spoken.hears("do I have any reminders") == "There are no reminders"
        result = await spoken.say("remind me to call Mum")
        assert (result.ok, result.code) == (False, "no-time")
        result = await spoken.say("remind me at seven")
        assert (result.ok, result.code) == (False, "no-thing")

    talk(tmp_path, scene)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "stop"), ("en", "stop the timer"), ("en", "never mind"), ("en", "cancel the timer"),
        ("en", "turn off the alarm"), ("en", "quiet"),
        ("de", "stopp"), ("de", "beende den Timer"), ("de", "ich bin wach"), ("de", "ruhe"),
        ("fr", "arrête"), ("fr", "supprime le minuteur"), ("fr", "stop"), ("fr", "ça suffit"),
        ("es", "para"), ("es", "cancela el temporizador"), ("es", "basta"),
        ("es", "para la alarma"),
    ],
)  # fmt: skip
def test_what_rings_is_stopped_by_voice(tmp_path: Path, language: str, text: str) -> None:
    async def scene(spoken: Spoken) -> None:
        await spoken.house.timer(10)
        await asyncio.sleep(11)
        assert spoken.house.time.ringing("kitchen-1")
        result = await spoken.say(text)
        assert result.ok
        assert spoken.house.time.ringing() == ()
        assert spoken.set == []

    talk(tmp_path, scene, language)


@pytest.mark.parametrize(
    ("language", "text", "seconds", "answer"),
    [
        ("en", "snooze", 540, "9 minutes more"),
        ("en", "snooze for five minutes", 300, "5 minutes more"),
        ("en", "5 more minutes", 300, "5 minutes more"),
        ("de", "noch 5 Minuten", 300, "Noch 5 Minuten"),
        ("de", "schlummern", 540, "Noch 9 Minuten"),
        ("fr", "encore 5 minutes", 300, "Encore 5 minutes"),
        ("fr", "reporte le réveil", 540, "Encore 9 minutes"),
        ("es", "5 minutos más", 300, "5 minutos más"),
        ("es", "posponer", 540, "9 minutos más"),
    ],
)
def test_what_rings_is_put_off_by_voice(
    tmp_path: Path, language: str, text: str, seconds: float, answer: str
) -> None:
    async def scene(spoken: Spoken) -> None:
        now = spoken.house.clock.now()
        await spoken.house.at(now + timedelta(seconds=10), Kind.ALARM)
        await asyncio.sleep(11)
        assert await spoken.hears(text) == answer
        (one,) = spoken.set
        assert one.state is State.WAITING
        assert one.left_s(spoken.house.clock.now()) == pytest.approx(seconds, abs=0.1)

    talk(tmp_path, scene, language)


def test_with_nothing_to_stop_or_snooze_nothing_happens(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        await spoken.say("wake me at seven")
        assert await spoken.hears("be quiet") == ""
        assert await spoken.hears("never mind") == ""
        assert await spoken.hears("stop") == "Paused", "the television"
        assert await spoken.hears("snooze") == "There is nothing to snooze"
        assert len(spoken.set) == 1

    talk(tmp_path, scene)


def test_an_alarm_system_is_not_taken_for_an_alarm_clock(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        home = _home("en")
        home.put(Device(DeviceId("panel"), "House Alarm", "alarm_control_panel"))
        spoken = Spoken(house, "en", home)
        await spoken.say("wake me at seven")
        await spoken.say("turn off the alarm")
        assert [command.verb for command in spoken.sink.commands] == ["disarm"]
        assert len(spoken.set) == 1
        spoken.home.update_state(DeviceId("panel"), DeviceState("armed_away"))
        assert await spoken.hears("is the alarm set") == "Yes, House Alarm is armed away"
        assert await spoken.hears("cancel the alarm") == "Alarm cancelled, tomorrow at 7:00 AM"

    lives(tmp_path, play)


def test_without_an_alarm_system_the_alarm_is_an_alarm_clock(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        assert await spoken.hears("is the alarm set") == "No alarm is set"
        await spoken.say("wake me at seven")
        assert "7:00 AM" in await spoken.hears("is the alarm on")

    talk(tmp_path, scene)


@pytest.mark.parametrize(
    ("language", "add", "ask", "told", "complete", "empty"),
    [
        ("en", ["add milk to the shopping list", "put two apples on my list"],
         "what is on the shopping list", "On the shopping list: milk, two apples",
         ["check off milk from the shopping list", "check off apples from the shopping list"],
         "The shopping list is empty"),
        ("de", ["setze Milch auf die Einkaufsliste", "füge Brot zur Einkaufsliste hinzu"],
         "was steht auf der Einkaufsliste", "Auf der Liste: Milch, Brot",
         ["streiche Milch von der Einkaufsliste", "streiche Brot von der Einkaufsliste"],
         "Die Einkaufsliste ist leer"),
        ("fr", ["ajoute du lait à la liste de courses", "ajoute du pain à la liste de courses"],
         "qu'y a-t-il sur la liste de courses", "Sur la liste : lait, pain",
         ["coche lait de la liste de courses", "coche pain de la liste de courses"],
         "La liste de courses est vide"),
        ("es", ["añade leche a la lista de la compra", "añade pan a la lista de la compra"],
         "qué hay en la lista de la compra", "En la lista: leche, pan",
         ["tacha leche de la lista de la compra", "tacha pan de la lista de la compra"],
         "La lista de la compra está vacía"),
    ],
)  # fmt: skip
def test_the_shopping_list_is_kept(
    tmp_path: Path,
    language: str,
    *,
    add: list[str],
    ask: str,
    told: str,
    complete: list[str],
    empty: str,
) -> None:
    async def put(house: House) -> None:
        spoken = Spoken(house, language)
        for sentence in (*add, add[0]):
            result = await spoken.say(sentence)
            assert result.ok, result.speech

    async def take(house: House) -> None:
        spoken = Spoken(house, language)
        assert await spoken.hears(ask) == told
        for sentence in complete:
            result = await spoken.say(sentence)
            assert result.ok, f"{sentence}: {result.speech}"
        assert await spoken.hears(ask) == empty
        assert not (await spoken.say(complete[0])).ok

    lives(tmp_path, put, take)


@pytest.mark.parametrize(
    ("language", "sentences", "told"),
    [
        ("en", ["add sing to the to-do list", "add nails to my hardware list",
                "remove sing from the to-do list", "what is on the hardware list"],
         "On the Hardware list: nails"),
        ("de", ["setze Singen auf die Aufgaben Liste", "setze Nägel auf die Hardware Liste",
                "entferne Singen von der Aufgaben Liste", "was steht auf der Hardware Liste"],
         "Auf der Liste: Nägel"),
        ("fr", ["ajoute chanter à la liste tâches", "ajoute des clous à la liste Hardware",
                "supprime chanter de la liste tâches", "qu'y a-t-il sur la liste Hardware"],
         "Sur la liste : clous"),
        ("es", ["añade cantar a la lista de tareas", "añade clavos a la lista Hardware",
                "elimina cantar de la lista de tareas", "qué hay en la lista Hardware"],
         "En la lista: clavos"),
    ],
)  # fmt: skip
def test_other_lists_have_names(
    tmp_path: Path, language: str, sentences: list[str], told: str
) -> None:
    async def scene(spoken: Spoken) -> None:
        for sentence in sentences[:-1]:
            result = await spoken.say(sentence)
            assert result.ok, f"{sentence}: {result.speech}"
        assert await spoken.hears(sentences[-1]) == told

    talk(tmp_path, scene, language)


def test_a_list_is_emptied(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        await spoken.say("add milk to the shopping list")
        assert await spoken.hears("clear the shopping list") == "The shopping list is empty now"
        assert await spoken.hears("what do we need to buy") == "The shopping list is empty"

    talk(tmp_path, scene)


def test_every_language_has_every_sentence_and_answer() -> None:
    for table in (TIME_SENTENCES, TIME_ANSWERS):
        assert set(table) == set(LANGUAGES)
    own = {key for key in TIME_SENTENCES["en"] if key.startswith("Sotto")} - {"SottoDisarm"}
    for language in LANGUAGES:
        assert own <= set(TIME_SENTENCES[language])
        assert set(TIME_ANSWERS[language]["SottoTime"]) == set(TIME_ANSWERS["en"]["SottoTime"])


def test_what_can_not_be_written_down_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(spoken: Spoken) -> None:
        async def fail(*_: object) -> None:
            raise StoreError("full", "no space")

        monkeypatch.setattr(spoken.house.time._repository, "put", fail)
        result = await spoken.say("set a timer for 5 minutes")
        assert (result.speech, result.ok) == (
            "I can not write that down: the hub's disk is full", False,
        )  # fmt: skip
        assert spoken.set == []

    talk(tmp_path, scene)


def test_a_time_too_far_is_refused(tmp_path: Path) -> None:
    async def scene(spoken: Spoken) -> None:
        result = await spoken.say("remind me in 90 weeks to sing")
        assert (result.speech, result.ok) == ("That is too far in the future", False)

    talk(tmp_path, scene)
