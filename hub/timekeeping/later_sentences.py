"""What people say of commands that wait for their time: asking about them, and taking them back."""

from collections.abc import Mapping

from hub.home.sentence_block import Sentences, block

_ANY: Mapping[str, Mapping[str, object]] = {"command": {"wildcard": True}}

LATER_SENTENCES: Mapping[str, Sentences] = {
    "en": {
        "SottoCommandList": (
            block(
                "what (did I|have I|have we|did we) (schedule|scheduled|plan|planned)",
                "(what is|what's) (scheduled|planned|waiting)",
                "(which|what) commands (are|do I have) [waiting|scheduled|set|planned|there]",
                "(are there|do I have) any (commands|delayed commands) [waiting|scheduled]",
                "(list|show [me]|read [me]|tell me) [all] [of] [the|my] [delayed] commands",
            ),
        ),
        "SottoCommandStatus": (
            block(
                "when (will|does|do) {command} (go|turn|switch|be turned|be switched) (on|off)",
                "when (will|does|do) {command} (open|close|start|stop)",
                "when (will|do) you (turn|switch|open|close|lock|start|stop|set|dim) {command}",
                lists=_ANY,
            ),
        ),
        "SottoCancelCommand": (
            block(
                "(cancel|delete|remove|forget) [the|my|that] [delayed|scheduled] command",
            ),
            block(
                "(cancel|delete|remove|forget) [the|my|that] [delayed|scheduled] command "
                "(to|for|about) {command}",
                "(cancel|forget [about]) (turning|switching|opening|closing|locking|starting|"
                "stopping|setting|dimming|playing) {command}",
                "(don't|do not|dont) (turn|switch|open|close|lock|start|stop|set|dim) {command}",
                lists=_ANY,
            ),
        ),
        "SottoCancelAllCommands": (
            block("(cancel|delete|remove|forget) [all] [of] [the|my] [delayed|scheduled] commands"),
        ),
    },
    "de": {
        "SottoCommandList": (
            block(
                "was (habe ich|haben wir|ist) [alles] geplant",
                "welche[r] befehl[e] (wartet|warten|ist geplant|sind geplant|gibt es|stehen aus)",
                "(gibt es|warten) [noch] [irgendwelche] befehle",
                "zeig[e] [mir] [alle] [meine|die] befehle",
            ),
        ),
        "SottoCommandStatus": (
            block(
                "wann (geht|gehen) {command} (an|aus|auf|zu)",
                "wann wird {command} (ausgeschaltet|eingeschaltet|angeschaltet|ausgemacht|"
                "angemacht|geöffnet|geschlossen)",
                "wann (schaltest|machst) du {command} (an|ein|aus|auf|zu)",
                "wann (öffnest|schließt) du {command}",
                lists=_ANY,
            ),
        ),
        "SottoCancelCommand": (
            block(
                "(lösch[e]|entfern[e]|storniere|vergiss) (den|meinen|diesen) befehl",
                "(brich|breche) den befehl ab",
            ),
            block(
                "(lösch[e]|entfern[e]|storniere|vergiss) (den|meinen) befehl {command}",
                "(lösch[e]|storniere|vergiss) das (ausschalten|einschalten|anschalten|ausmachen|"
                "anmachen|öffnen|schließen) (der|des|vom|von|von der) {command}",
                "(schalt[e]|mach[e]|fahr[e]|dreh[e]) {command} [doch] nicht "
                "(aus|an|ein|auf|zu|ab|hoch|runter)",
                "(öffne|schließ[e]) {command} [doch] nicht",
                lists=_ANY,
            ),
        ),
        "SottoCancelAllCommands": (
            block("(lösch[e]|entfern[e]|storniere|vergiss) [alle] [meine|die] befehle"),
        ),
    },
    "fr": {
        "SottoCommandList": (
            block(
                "(qu'est-ce que j'ai|qu'ai-je|j'ai quoi de) (programmé|prévu)",
                "qu'est-ce qui est (programmé|prévu)",
                "quelles commandes (attendent|sont en attente|sont programmées|y a-t-il)",
                "quelles sont (les|mes) commandes [en attente|programmées]",
                "y a-t-il des commandes [en attente|programmées]",
            ),
        ),
        "SottoCommandStatus": (
            block(
                "(quand|à quelle heure) [est-ce que] {command} (va|vont) "
                "(s'éteindre|s'allumer|s'ouvrir|se fermer)",
                "(quand|à quelle heure) [est-ce que] (s'éteint|s'éteindra|s'allume|s'allumera|"
                "s'ouvre|s'ouvrira|se ferme|se fermera) {command}",
                "(quand|à quelle heure) [est-ce que] {command} "
                "(s'éteint|s'éteindra|s'allume|s'allumera|s'ouvre|se ferme)",
                "quand (vas-tu|est-ce que tu vas) (éteindre|allumer|ouvrir|fermer) {command}",
                lists=_ANY,
            ),
        ),
        "SottoCancelCommand": (
            block("(annule|supprime|oublie) (la|ma|cette) commande"),
            block(
                "(annule|supprime|oublie) (la|ma) commande {command}",
                "annule (l'extinction|l'allumage|l'ouverture|la fermeture) {command}",
                "(n'|ne )(éteins|allume|ouvre|ferme|démarre|lance|arrête|mets) (pas|plus) "
                "{command}",
                lists=_ANY,
            ),
        ),
        "SottoCancelAllCommands": (block("(annule|supprime|oublie) [toutes] (les|mes) commandes"),),
    },
    "es": {
        "SottoCommandList": (
            block(
                "qu(é|e) (he|tengo|hay|hemos) programado",
                "qu(é|e) (órdenes|ordenes|comandos) (hay|tengo|están|esperan) "
                "[pendientes|programadas|programados|en espera]",
                "hay (órdenes|ordenes|comandos) [pendientes|programadas|programados]",
                "(muestra|muéstrame|dime) [todas|todos] (las|mis|los) (órdenes|ordenes|comandos)",
            ),
        ),
        "SottoCommandStatus": (
            block(
                "(cu(á|a)ndo|a qu(é|e) hora) se (apaga|apagará|enciende|encenderá|abre|abrirá|"
                "cierra|cerrará|va a (apagar|encender|abrir|cerrar)) {command}",
                "cu(á|a)ndo vas a (apagar|encender|abrir|cerrar) {command}",
                lists=_ANY,
            ),
        ),
        "SottoCancelCommand": (
            block("(cancela|quita|elimina|borra|olvida) (la|mi|esa|el|ese) (orden|comando)"),
            block(
                "(cancela|quita|elimina|borra|olvida) (la|mi|el) (orden|comando) (de|para) "
                "{command}",
                "cancela [el] (apagar|encender|abrir|cerrar|apagado|encendido|apertura|cierre) "
                "[de|del] {command}",
                "no (apagues|enciendas|abras|cierres|inicies|pares|pongas) {command}",
                lists=_ANY,
            ),
        ),
        "SottoCancelAllCommands": (
            block(
                "(cancela|quita|elimina|borra|olvida) [todas|todos] (las|mis|los) "
                "(órdenes|ordenes|comandos)"
            ),
        ),
    },
}
"""By language and intent."""
