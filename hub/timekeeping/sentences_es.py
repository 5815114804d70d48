"""What people say in Spanish about alarms, reminders, timers and lists, and what is answered."""

from collections.abc import Mapping

from hub.home.sentence_block import OwnAnswers, Sentences, block

_ANY = {"wildcard": True}
_WHEN: Mapping[str, Mapping[str, object]] = {"when": _ANY}
_REMINDER: Mapping[str, Mapping[str, object]] = {"reminder": _ANY}
_SET = "(pon|ponme|pone|programa|prográmame|crea|configura|activa|añade)"
_OFF = "(cancela|quita|elimina|borra|apaga|para|desactiva|det(é|e)n)"
_SHOPPING = "(la|mi|nuestra) lista de [la] compra[s]"

SENTENCES: Sentences = {
    "SottoTimerList": (
        block(
            "qu(é|e) temporizadores (hay|tengo|están) [activos|puestos|en marcha]",
            "cu(á|a)ntos temporizadores (hay|tengo) [activos|puestos|en marcha]",
            "(lista|muestra|muéstrame|dime) [todos] (los|mis) temporizadores",
        ),
    ),
    "SottoSetAlarm": (
        block("despi(é|e)rtame"),
        block(
            "despi(é|e)rtame {when}",
            f"{_SET} (una|la|mi|un|el) (alarma|despertador) {{when}}",
            "(alarma|despertador) {when}",
            lists=_WHEN,
        ),
    ),
    "SottoCancelAlarm": (
        block("(cancela|quita|elimina|borra|para|det(é|e)n) (la|mi|el) (alarma|despertador)"),
        block("(apaga|desactiva) (el|mi) despertador"),
        block(
            f"{_OFF} (la|mi|el) (alarma|despertador) [de|para|del|llamada|llamado] {{when}}",
            lists=_WHEN,
        ),
    ),
    "SottoDisarm": (block("(apaga|desactiva) (la|mi) alarma"),),
    "SottoCancelAllAlarms": (block(f"{_OFF} [todas|todos] (las|mis|los) (alarmas|despertadores)"),),
    "SottoAlarmStatus": (
        block(
            "qu(é|e) alarmas (hay|tengo|están) [puestas|activas]",
            "(cu(á|a)ndo|a qu(é|e) hora) suena (la|mi|el) [próxima|próximo] (alarma|despertador)",
            "(tengo|hay) [alguna] alarma[s] [puesta|puestas]",
            "(lista|muestra|muéstrame|dime) [todas] (las|mis) alarmas",
            "a qu(é|e) hora (tengo|est(á|a)) [puesta] (la|mi|el) [próxima|próximo] "
            "(alarma|despertador)",
        ),
        block("(tengo|hay) [alguna|una] alarma[s] [puesta|puestas] [para] {when}", lists=_WHEN),
    ),
    "SottoSetReminder": (
        block(
            "recu(é|e)rdame {reminder}",
            f"{_SET} un recordatorio {{reminder}}",
            lists=_REMINDER,
        ),
    ),
    "SottoCancelReminder": (
        block("(cancela|quita|elimina|borra|olvida) (el|mi) recordatorio"),
        block(
            "(cancela|quita|elimina|borra|olvida) (el|mi) recordatorio (de|para) {reminder}",
            lists=_REMINDER,
        ),
    ),
    "SottoCancelAllReminders": (
        block("(cancela|quita|elimina|borra|olvida) [todos] (los|mis) recordatorios"),
    ),
    "SottoReminderStatus": (
        block(
            "qu(é|e) recordatorios (hay|tengo)",
            "cu(á|a)les son mis recordatorios",
            "(tengo|hay) [alg(ú|u)n] recordatorio[s]",
            "(lista|muestra|muéstrame|dime) [todos] (los|mis) recordatorios",
        ),
    ),
    "SottoSnooze": (
        block("(posponer|posp(ó|o)n|aplaza|snooze) [la alarma|el despertador|el recordatorio]"),
        block(
            "(posponer|posp(ó|o)n|aplaza|snooze) [la alarma|el despertador|el recordatorio] "
            "{timer_minutes:minutes} minuto[s]",
            "[dame] {timer_minutes:minutes} minuto[s] m(á|a)s",
        ),
    ),
    "SottoStop": (
        block(
            "(para|basta|alto|stop|silencio|c(á|a)llate|suficiente)",
            "(para|det(é|e)n) (eso|el ruido|el recordatorio)",
            "[ya] estoy (despierto|despierta|levantado|levantada)",
        ),
    ),
    "HassShoppingListCompleteItem": (
        block(f"(borra|saca|tacha|quita) {{shopping_list_item:item}} de {_SHOPPING}"),
    ),
    "HassListCompleteItem": (
        block(
            "(saca|tacha) {todo_list_item:item} de (la|mi|nuestra) lista "
            "[de|del|de la|de las|de los] {name}",
            domain="todo",
        ),
    ),
    "SottoListStatus": (
        block(
            f"qu(é|e) (hay|tengo) en {_SHOPPING}",
            f"(lee|léeme|dime|muestra|muéstrame) {_SHOPPING}",
            "qu(é|e) (tengo|hay) que comprar",
        ),
        block(
            "qu(é|e) hay en (la|mi|nuestra) lista [de|del|de la|de las|de los] {name}",
            "(lee|léeme|dime|muestra|muéstrame) (la|mi|nuestra) lista "
            "[de|del|de la|de las|de los] {name}",
            domain="todo",
        ),
    ),
    "SottoListClear": (
        block(f"(vac(í|i)a|borra) {_SHOPPING}"),
        block(
            "(vac(í|i)a|borra) (la|mi|nuestra) lista [de|del|de la|de las|de los] {name}",
            domain="todo",
        ),
    ),
}

ANSWERS: OwnAnswers = {
    "SottoTime": {
        "alarm_set": "Alarma puesta {{ slots.when }}",
        "alarm_cancelled": "Alarma cancelada, {{ slots.what }}",
        "alarm_none": "No hay ninguna alarma puesta",
        "alarm_unknown": "No hay ninguna alarma así",
        "alarm_several": "Hay varias alarmas: {{ slots.list }}. Di cuál",
        "alarms": "{{ slots.count }} alarmas: {{ slots.list }}",
        "alarm": "Una alarma, {{ slots.list }}",
        "all_cancelled": "Todo cancelado",
        "reminder_set": "Te lo recordaré {{ slots.when }}",
        "reminder_cancelled": "Recordatorio cancelado, {{ slots.what }}",
        "reminder_none": "No hay recordatorios",
        "reminder_unknown": "No hay ningún recordatorio así",
        "reminder_several": "Hay varios recordatorios: {{ slots.list }}. Di cuál",
        "reminders": "{{ slots.count }} recordatorios: {{ slots.list }}",
        "reminder": "Un recordatorio, {{ slots.list }}",
        "no_time": "No he entendido cuándo. Di por ejemplo: {{ slots.example }}",
        "no_thing": "No he entendido qué recordar. Di por ejemplo: {{ slots.example }}",
        "alarm_example": "despiértame a las siete",
        "reminder_example": "recuérdame a las siete llamar a Ana",
        "timers_none": "No hay temporizadores activos",
        "timer": "Un temporizador: {{ slots.list }}",
        "timers": "{{ slots.count }} temporizadores: {{ slots.list }}",
        "timer_left": "{{ slots.name }}, faltan {{ slots.left }}",
        "timer_paused": "{{ slots.name }}, en pausa, faltan {{ slots.left }}",
        "snoozed": "{{ slots.span }} más",
        "snooze_none": "No hay nada que posponer",
        "list_empty": "{{ slots.name[:1] | upper }}{{ slots.name[1:] }} está vacía",
        "list": "En la lista: {{ slots.list }}",
        "list_cleared": "{{ slots.name[:1] | upper }}{{ slots.name[1:] }} está vacía ahora",
        "shopping": "la lista de la compra",
        "no_item": "{{ slots.item }} no está en la lista",
        "full": "No puedo recordar nada más",
        "store_full": "No puedo anotarlo: el disco está lleno",
        "store_failed": "No he podido anotarlo. Inténtalo otra vez",
        "too_far": "Eso está demasiado lejos en el futuro",
        "past": "Esa hora ya ha pasado",
        "more": "{{ slots.count }} más",
        "command": "Una orden, {{ slots.list }}",
        "commands": "{{ slots.count }} órdenes: {{ slots.list }}",
        "command_none": "No hay ninguna orden pendiente",
        "command_unknown": "No hay ninguna orden así pendiente",
        "command_several": "Hay varias órdenes: {{ slots.list }}. Di cuál",
        "command_cancelled": "Orden cancelada, {{ slots.what }}",
        "tasks": "la lista de tareas",
        "list_named": "la lista {{ slots.name }}",
        "list_called": "la {{ slots.name }}",
        "timer_ended": "{{ slots.name }}, terminado",
        "timer_of": "{{ slots.name }} de {{ slots.span }}",
        "timer_paused_already": "{{ slots.name }} ya está en pausa, faltan {{ slots.left }}",
        "timer_running": "{{ slots.name }} ya está en marcha, faltan {{ slots.left }}",
        "timer_several": "Hay varios temporizadores: {{ slots.list }}. "
        "Di por ejemplo: {{ slots.example }}",
        "timer_example_span": "el temporizador de {{ slots.span }}",
        "timer_example_area": "el temporizador de {{ slots.area }}",
        "timer_example_all": "cancela todos los temporizadores",
        "timer_example": "pon un temporizador de diez minutos",
        "called": "{{ slots.when }}: {{ slots.what }}",
    },
}
