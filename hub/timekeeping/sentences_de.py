"""What people say in German about alarms, reminders, timers and lists, and what is answered."""

from collections.abc import Mapping

from hub.home.sentence_block import OwnAnswers, Sentences, block

_ANY = {"wildcard": True}
_WHEN: Mapping[str, Mapping[str, object]] = {"when": _ANY}
_REMINDER: Mapping[str, Mapping[str, object]] = {"reminder": _ANY}
_DELETE = "(lösch[e]|entfern[e]|storniere|vergiss)"

SENTENCES: Sentences = {
    "SottoTimerList": (
        block(
            "welche[r] timer (läuft|laufen|sind gestellt|sind aktiv|gibt es|habe ich)",
            "wie viele timer (laufen|sind gestellt|gibt es|habe ich)",
            "(läuft|laufen) [noch] [ein|irgendwelche] timer",
            "zeig[e] [mir] [alle] [meine|die] timer",
        ),
    ),
    "SottoSetAlarm": (
        block("weck[e] mich"),
        block(
            "weck[e] mich [bitte] {when}",
            "[(stell[e]|setz[e]|mach[e]) [mir]] [einen|den|meinen] wecker {when}",
            lists=_WHEN,
        ),
        block(
            "(stell[e]|setz[e]|mach[e]) [mir] (einen|den|meinen) {alarm_name}[-| ]wecker {when}",
            lists={**_WHEN, "alarm_name": _ANY},
        ),
    ),
    "SottoCancelAlarm": (
        block(
            f"{_DELETE} (den|meinen) wecker",
            "(stopp[e]|beende) (den|meinen) wecker",
            "(schalt[e]|stell[e]|mach[e]) (den|meinen) wecker (aus|ab)",
            "[den|meinen] wecker (aus|ausschalten|abschalten|löschen|stoppen|beenden|abstellen)",
        ),
        block(
            f"{_DELETE} (den|meinen) wecker [um|für|am|auf|namens] {{when}}",
            f"{_DELETE} (den|meinen) {{when}}[-| ]wecker",
            "(schalt[e]|stell[e]) (den|meinen) wecker (um|für|am|auf) {when} (aus|ab)",
            lists=_WHEN,
        ),
    ),
    "SottoCancelAllAlarms": (
        block(
            f"{_DELETE} [alle] [meine|die] wecker",
            "(schalt[e]|stell[e]) alle [meine] wecker (aus|ab)",
            "alle wecker (aus|ausschalten|löschen)",
        ),
    ),
    "SottoAlarmStatus": (
        block(
            "welche[r] wecker (ist|sind) (gestellt|gesetzt|aktiv|an)",
            "welche wecker (gibt es|habe ich [gestellt])",
            "wann klingelt (der|mein) [nächste[r]] wecker",
            "(auf wann|auf wie viel uhr) ist (der|mein) wecker gestellt",
            "(ist|habe ich) [ein|einen] wecker gestellt",
            "zeig[e] [mir] [alle] [meine|die] wecker",
        ),
        block(
            "habe ich {when} (einen|den) wecker [gestellt]",
            "(ist|klingelt) {when} ein wecker [gestellt]",
            lists=_WHEN,
        ),
    ),
    "SottoSetReminder": (
        block(
            "erinner[e] mich [bitte] {reminder}",
            "(erstell[e]|setz[e]|mach[e]|leg[e]) [mir] eine [neue] erinnerung {reminder}",
            "neue erinnerung {reminder}",
            lists=_REMINDER,
        ),
    ),
    "SottoCancelReminder": (
        block(f"{_DELETE} (die|meine) erinnerung"),
        block(f"{_DELETE} (die|meine) erinnerung (an|für) {{reminder}}", lists=_REMINDER),
    ),
    "SottoCancelAllReminders": (block(f"{_DELETE} [alle] [meine|die] erinnerungen"),),
    "SottoReminderStatus": (
        block(
            "welche erinnerungen (habe ich|gibt es|sind gesetzt)",
            "was sind meine erinnerungen",
            "woran (sollst|wirst|willst) du mich erinnern",
            "zeig[e] [mir] [alle] [meine|die] erinnerungen",
        ),
    ),
    "SottoSnooze": (
        block("(schlummern|schlummer|snooze|später [noch einmal|nochmal])"),
        block(
            "[noch] {timer_minutes:minutes} Minute[n] (schlummern|länger|weiterschlafen|später)",
            "(schlummern|schlummer|snooze) [für] {timer_minutes:minutes} Minute[n]",
            "noch {timer_minutes:minutes} Minute[n]",
        ),
    ),
    "SottoStop": (
        block(
            "(stopp|stop|halt|ruhe|still|sei still|sei ruhig|aufhören|hör[e] auf|genug|schluss)",
            "(stopp[e]|beende) das (klingeln|geräusch|läuten)",
            "[ja] ich bin wach",
        ),
    ),
    "HassShoppingListCompleteItem": (
        block(
            "(nimm|streich[e]|hak[e]) {shopping_list_item:item} (von|aus) (der|meiner|unserer) "
            "Einkaufsliste [ab|runter|raus]",
        ),
    ),
    "HassListCompleteItem": (
        block(
            "(nimm|hak[e]) {todo_list_item:item} (von|aus) (der|meiner|unserer) "
            "{name}[[ |-]liste] [ab|runter|raus]",
            domain="todo",
        ),
    ),
    "SottoListStatus": (
        block(
            "was (steht|ist) [alles] auf (der|meiner|unserer) einkaufsliste",
            "lies [mir] (die|meine|unsere) einkaufsliste [vor]",
            "was (muss|soll) ich [noch] (einkaufen|kaufen)",
        ),
        block(
            "was (steht|ist) [alles] auf (der|meiner|unserer) {name}[[ |-]liste]",
            "was (steht|ist) [alles] auf (der|meiner|unserer) liste {name}",
            domain="todo",
        ),
    ),
    "SottoListClear": (
        block("(leer[e]|lösch[e]) (die|meine|unsere) einkaufsliste"),
        block(
            "(leer[e]|lösch[e]) (die|meine|unsere) {name}[[ |-]liste]",
            "(leer[e]|lösch[e]) (die|meine|unsere) liste {name}",
            domain="todo",
        ),
    ),
}

ANSWERS: OwnAnswers = {
    "SottoTime": {
        "alarm_set": "Wecker gestellt: {{ slots.when }}",
        "alarm_cancelled": "Wecker gelöscht, {{ slots.what }}",
        "alarm_none": "Es ist kein Wecker gestellt",
        "alarm_unknown": "So einen Wecker gibt es nicht",
        "alarm_several": "Es gibt mehrere Wecker: {{ slots.list }}. Sag, welchen du meinst",
        "alarms": "{{ slots.count }} Wecker: {{ slots.list }}",
        "alarm": "Ein Wecker, {{ slots.list }}",
        "all_cancelled": "Alle gelöscht",
        "reminder_set": "Ich erinnere dich {{ slots.when }}",
        "reminder_cancelled": "Erinnerung gelöscht, {{ slots.what }}",
        "reminder_none": "Es gibt keine Erinnerungen",
        "reminder_unknown": "So eine Erinnerung gibt es nicht",
        "reminder_several": "Es gibt mehrere Erinnerungen: {{ slots.list }}. Sag, welche du meinst",
        "reminders": "{{ slots.count }} Erinnerungen: {{ slots.list }}",
        "reminder": "Eine Erinnerung, {{ slots.list }}",
        "no_time": "Ich habe nicht verstanden, wann. Sag zum Beispiel: {{ slots.example }}",
        "no_thing": "Ich habe nicht verstanden, woran. Sag zum Beispiel: {{ slots.example }}",
        "alarm_example": "wecke mich um sieben",
        "reminder_example": "erinnere mich um sieben daran, Anna anzurufen",
        "timers_none": "Es läuft kein Timer",
        "timer": "Ein Timer: {{ slots.list }}",
        "timers": "{{ slots.count }} Timer: {{ slots.list }}",
        "timer_left": "{{ slots.name }}, noch {{ slots.left }}",
        "timer_paused": "{{ slots.name }}, angehalten, noch {{ slots.left }}",
        "snoozed": "Noch {{ slots.span }}",
        "snooze_none": "Es klingelt gerade nichts",
        "list_empty": "{{ slots.name[:1] | upper }}{{ slots.name[1:] }} ist leer",
        "list": "Auf der Liste: {{ slots.list }}",
        "list_cleared": "{{ slots.name[:1] | upper }}{{ slots.name[1:] }} ist jetzt leer",
        "shopping": "die Einkaufsliste",
        "no_item": "{{ slots.item }} steht nicht auf der Liste",
        "full": "Mehr kann ich mir nicht merken",
        "store_full": "Das kann ich mir nicht merken: Der Speicher ist voll",
        "store_failed": "Das konnte ich mir nicht merken. Bitte versuche es noch einmal",
        "too_far": "Das liegt zu weit in der Zukunft",
        "past": "Diese Zeit ist schon vorbei",
        "more": "{{ slots.count }} weitere",
        "command": "Ein Befehl, {{ slots.list }}",
        "commands": "{{ slots.count }} Befehle: {{ slots.list }}",
        "command_none": "Es wartet kein Befehl",
        "command_unknown": "So ein Befehl wartet nicht",
        "command_several": "Es gibt mehrere Befehle: {{ slots.list }}. Sag, welchen du meinst",
        "command_cancelled": "Befehl gelöscht, {{ slots.what }}",
        "tasks": "die Aufgabenliste",
        "list_named": "die Liste {{ slots.name }}",
        "list_called": "die {{ slots.name }}",
        "timer_ended": "{{ slots.name }}, abgelaufen",
        "timer_of": "{{ slots.name }} über {{ slots.span }}",
        "timer_paused_already": "{{ slots.name }} ist schon angehalten, noch {{ slots.left }}",
        "timer_running": "{{ slots.name }} läuft schon, noch {{ slots.left }}",
        "timer_several": "Es gibt mehrere Timer: {{ slots.list }}. "
        "Sag zum Beispiel: {{ slots.example }}",
        "timer_example_span": "den Timer für {{ slots.span }}",
        "timer_example_area": "den Timer in {{ slots.area }}",
        "timer_example_all": "beende alle Timer",
        "timer_example": "stelle einen Timer auf zehn Minuten",
        "called": "{{ slots.when }}: {{ slots.what }}",
    },
}
