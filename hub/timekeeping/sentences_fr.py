"""What people say in French about alarms, reminders, timers and lists, and what is answered."""

from collections.abc import Mapping

from hub.home.sentence_block import OwnAnswers, Sentences, block

_ANY = {"wildcard": True}
_WHEN: Mapping[str, Mapping[str, object]] = {"when": _ANY}
_REMINDER: Mapping[str, Mapping[str, object]] = {"reminder": _ANY}
_SET = "(mets|mettre|règle|programme|crée|active|ajoute)[(-| )moi]"
_OFF = "(annule|supprime|arrête|éteins|coupe|désactive)"
_ALARM = "[(le |mon |ma |l'|la )](réveil|alarme)"
_SHOPPING = "(la|ma|notre) liste (de courses|des courses|d'achats|de shopping)"

SENTENCES: Sentences = {
    "SottoTimerList": (
        block(
            "quels (minuteurs|minuteries) (sont en cours|sont actifs|tournent|y a-t-il|ai-je)",
            "quels sont (les|mes) minuteurs [en cours]",
            "combien de minuteurs (sont en cours|sont actifs|tournent|y a-t-il|ai-je)",
            "(liste|montre|donne)[(-| )moi] [tous] (les|mes) minuteurs",
        ),
    ),
    "SottoSetAlarm": (
        block("réveille(-| )moi"),
        block(
            "réveille(-| )moi {when}",
            f"{_SET} (un|une|le|mon) (réveil|alarme) {{when}}",
            "(réveil|alarme) {when}",
            lists=_WHEN,
        ),
    ),
    "SottoCancelAlarm": (
        block(f"(annule|supprime|arrête) {_ALARM}"),
        block("(éteins|coupe|désactive) (le|mon) réveil"),
        block(f"{_OFF} {_ALARM} [de|pour|à|du|appelé|nommé] {{when}}", lists=_WHEN),
    ),
    "SottoDisarm": (block("(éteins|coupe|désactive) (l'|mon )alarme"),),
    "SottoCancelAllAlarms": (block(f"{_OFF} [tous|toutes] (les|mes) (réveils|alarmes)"),),
    "SottoAlarmStatus": (
        block(
            "(quels|quelles) [sont] [les|mes] (réveils|alarmes) [sont] "
            "[actifs|actives|programmés|programmées|réglés|réglées]",
            "(quand|à quelle heure) sonne (le|mon) [prochain] réveil",
            "(est-ce que j'ai|ai-je|j'ai|y a-t-il) (un|une|des) (réveil|réveils|alarme|alarmes)",
            "(liste|montre|donne)[(-| )moi] [tous|toutes] (les|mes) (réveils|alarmes)",
            "(le|mon) réveil (est à quelle heure|sonne quand|sonne à quelle heure)",
            "à quelle heure est (réglé|programmé|mis) (le|mon) réveil",
            "à quelle heure est (le|mon) [prochain] réveil",
        ),
        block(
            "(est-ce que j'ai|ai-je|j'ai|y a-t-il) (un|une|des) (réveil|réveils|alarme|alarmes) "
            "[pour] {when}",
            lists=_WHEN,
        ),
    ),
    "SottoSetReminder": (
        block(
            "rappelle(-| )moi {reminder}",
            "fais(-| )moi penser (à|de) {reminder}",
            f"{_SET} un rappel {{reminder}}",
            lists=_REMINDER,
        ),
    ),
    "SottoCancelReminder": (
        block("(annule|supprime|oublie) (le|mon) rappel"),
        block(
            "(annule|supprime|oublie) (le|mon) rappel (de |d'|pour |du ){reminder}",
            lists=_REMINDER,
        ),
    ),
    "SottoCancelAllReminders": (block("(annule|supprime|oublie) [tous] (les|mes) rappels"),),
    "SottoReminderStatus": (
        block(
            "quels sont (les|mes) rappels",
            "quels rappels (ai-je|y a-t-il|sont programmés)",
            "(est-ce que j'ai|ai-je|j'ai|y a-t-il) des rappels",
            "(qu'est-ce que j'ai|j'ai quoi) comme rappels",
            "(liste|montre|donne)[(-| )moi] [tous] (les|mes) rappels",
        ),
    ),
    "SottoSnooze": (
        block(
            "(snooze|plus tard|répète plus tard)", "(reporte|repousse|décale) (le réveil|l'alarme)"
        ),
        block(
            "encore {timer_minutes:minutes} minute[s]",
            "(reporte|repousse|décale) (le réveil|l'alarme) de {timer_minutes:minutes} minute[s]",
            "snooze [de|pour] {timer_minutes:minutes} minute[s]",
        ),
    ),
    "SottoStop": (
        block(
            "(stop|stoppe|arrête|arrête ça|arrête-toi|arrête de sonner|ça suffit|assez)",
            "je suis (réveillé|réveillée|debout)",
        ),
    ),
    "HassShoppingListAddItem": (
        block(
            "(mets|met|note|rajoute|inscris|marque|ajoute) {shopping_list_item:item} (sur|dans|à) "
            f"{_SHOPPING}",
        ),
    ),
    "HassListAddItem": (
        block(
            "(mets|met|note|rajoute|inscris|marque|ajoute) {todo_list_item:item} (sur|dans|à) "
            "(la|ma|notre) liste [(de |d'|des )]{name}",
            domain="todo",
        ),
    ),
    "HassShoppingListCompleteItem": (
        block(
            "(retire|enlève|raye|barre|supprime|coche) {shopping_list_item:item} (de|sur|dans) "
            f"{_SHOPPING}",
        ),
    ),
    "HassListCompleteItem": (
        block(
            "(raye|barre|coche) {todo_list_item:item} (de|sur|dans) "
            "(la|ma|notre) liste [(de |d'|des )]{name}",
            domain="todo",
        ),
    ),
    "SottoListStatus": (
        block(
            f"(qu'y a-t-il|qu'est-ce qu'il y a|il y a quoi) (sur|dans) {_SHOPPING}",
            f"(lis|donne|montre)[(-| )moi] {_SHOPPING}",
            f"(quelle est|c'est quoi) {_SHOPPING}",
            "(que|qu'est-ce que) (dois-je|je dois|il faut) acheter",
        ),
        block(
            "(qu'y a-t-il|qu'est-ce qu'il y a|il y a quoi) (sur|dans) (la|ma|notre) liste "
            "[(de |d'|des )]{name}",
            "(lis|donne|montre)[(-| )moi] (la|ma|notre) liste [(de |d'|des )]{name}",
            domain="todo",
        ),
    ),
    "SottoListClear": (
        block(f"(vide|efface) {_SHOPPING}"),
        block("(vide|efface) (la|ma|notre) liste [(de |d'|des )]{name}", domain="todo"),
    ),
}

ANSWERS: OwnAnswers = {
    "SottoTime": {
        "alarm_set": "Réveil réglé {{ slots.when }}",
        "alarm_cancelled": "Réveil supprimé, {{ slots.what }}",
        "alarm_none": "Aucun réveil n'est réglé",
        "alarm_unknown": "Ce réveil n'existe pas",
        "alarm_several": "Il y a plusieurs réveils : {{ slots.list }}. Dites lequel",
        "alarms": "{{ slots.count }} réveils : {{ slots.list }}",
        "alarm": "Un réveil, {{ slots.list }}",
        "all_cancelled": "Tout est supprimé",
        "reminder_set": "Rappel {{ slots.when }}",
        "reminder_cancelled": "Rappel supprimé, {{ slots.what }}",
        "reminder_none": "Il n'y a aucun rappel",
        "reminder_unknown": "Ce rappel n'existe pas",
        "reminder_several": "Il y a plusieurs rappels : {{ slots.list }}. Dites lequel",
        "reminders": "{{ slots.count }} rappels : {{ slots.list }}",
        "reminder": "Un rappel, {{ slots.list }}",
        "no_time": "Je n'ai pas compris quand. Dites par exemple : {{ slots.example }}",
        "no_thing": "Je n'ai pas compris de quoi. Dites par exemple : {{ slots.example }}",
        "alarm_example": "réveille-moi à sept heures",
        "reminder_example": "rappelle-moi à sept heures d'appeler Anna",
        "timers_none": "Aucun minuteur en cours",
        "timer": "Un minuteur : {{ slots.list }}",
        "timers": "{{ slots.count }} minuteurs : {{ slots.list }}",
        "timer_left": "{{ slots.name }}, encore {{ slots.left }}",
        "timer_paused": "{{ slots.name }}, en pause, encore {{ slots.left }}",
        "snoozed": "Encore {{ slots.span }}",
        "snooze_none": "Il n'y a rien à reporter",
        "list_empty": "{{ slots.name[:1] | upper }}{{ slots.name[1:] }} est vide",
        "list": "Sur la liste : {{ slots.list }}",
        "list_cleared": "{{ slots.name[:1] | upper }}{{ slots.name[1:] }} est vide maintenant",
        "shopping": "la liste de courses",
        "no_item": "{{ slots.item }} n'est pas sur la liste",
        "full": "Je ne peux pas en retenir davantage",
        "store_full": "Je ne peux pas le noter : le disque est plein",
        "store_failed": "Je n'ai pas pu le noter. Réessayez, s'il vous plaît",
        "too_far": "C'est trop loin dans le futur",
        "past": "Cette heure est déjà passée",
        "more": "{{ slots.count }} de plus",
        "command": "Une commande, {{ slots.list }}",
        "commands": "{{ slots.count }} commandes : {{ slots.list }}",
        "command_none": "Aucune commande n'est en attente",
        "command_unknown": "Aucune commande de ce genre n'est en attente",
        "command_several": "Il y a plusieurs commandes : {{ slots.list }}. Dites laquelle",
        "command_cancelled": "Commande annulée, {{ slots.what }}",
        "tasks": "la liste de tâches",
        "list_named": "la liste {{ slots.name }}",
        "list_called": "la {{ slots.name }}",
        "timer_ended": "{{ slots.name }}, terminé",
        "timer_of": "{{ slots.name }} de {{ slots.span }}",
        "timer_paused_already": "{{ slots.name }} est déjà en pause, encore {{ slots.left }}",
        "timer_running": "{{ slots.name }} tourne déjà, encore {{ slots.left }}",
        "timer_several": "Il y a plusieurs minuteurs : {{ slots.list }}. "
        "Dites par exemple : {{ slots.example }}",
        "timer_example_span": "le minuteur de {{ slots.span }}",
        "timer_example_area": "le minuteur de {{ slots.area }}",
        "timer_example_all": "annule tous les minuteurs",
        "timer_example": "mets un minuteur de dix minutes",
        "called": "{{ slots.when }} : {{ slots.what }}",
    },
}
