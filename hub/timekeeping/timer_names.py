"""What people say of timers by their names, beyond home-assistant-intents: "the pasta timer".

One way to say how long, and one way to name a timer, serve all sentences of a language.
"""

from collections.abc import Mapping

from hub.home.sentence_block import Sentences, block, words

_HOURS, _MINUTES, _SECONDS = (
    f"{{timer_{unit}:{unit}}}" for unit in ("hours", "minutes", "seconds")
)


_LENGTH: Mapping[str, Mapping[str, object]] = {"span": {"wildcard": True}}
"""How long, where it is said otherwise than in numbers: "an hour and a half"."""


def _span(hour: str, minute: str, second: str, and_: str) -> str:
    """Return how long something is, in hassil's notation."""
    hours, minutes, seconds = f"{_HOURS}{hour}", f"{_MINUTES}{minute}", f"{_SECONDS}{second}"
    more = f"{hours} [{and_}] {minutes}|{minutes} [{and_}] {seconds}"
    return f"({hours}|{minutes}|{seconds}|{more})"


def _english() -> Sentences:
    span = _span("( |-)hour[s]", "( |-)minute[s]", "( |-)second[s]", "and")
    named = "[the|my] {timer_name:name} timer"
    return {
        "HassStartTimer": (
            block(
                f"[<timer_set>] [a|an|the|my] {{timer_name:name}} timer (for|of) {span}",
                f"[<timer_set>] [a|an|the|my] {span} {{timer_name:name}} timer",
                f"[<timer_set>] [a|an|the|my] timer for [the|my] {{timer_name:name}} for {span}",
                f"[<timer_set>] [a|an|the|my] timer (for|of) {span} for [the|my] "
                "{timer_name:name}",
            ),
            block(f"[<timer_set>] [another|a new|one more] timer [for|of] {span}",
                  f"[<timer_set>] another {span} timer"),
            block(
                "[<timer_set>] [a|an|the|my|another] timer [for|of] {span}",
                "[<timer_set>] [a|an|the|my|another] {span} timer",
                "(set|start|create) timer [for] {span}",
                lists=_LENGTH,
            ),
        ),
        "HassTimerStatus": (
            block(
                f"how (long|much time) (does|do) {named} have [left]",
                f"how (long|much longer) until {named} (ends|rings|goes off|is done|is up)",
                f"when (does|will) {named} (end|ring|go off|be done|finish)",
                f"(how is|how's|check) {named} [doing]",
            ),
            block("how (much time|long|much longer) (is left|is there|do I have [left])",
                  "how much longer",
                  "when (does|will) [the|my] timer (end|ring|go off|be done|finish)",
                  "how (long|much longer) until [the|my] timer (ends|rings|goes off|is done)"),
        ),
        "HassCancelTimer": (block(f"(delete|remove|end|dismiss|turn off) {named}"),),
        "HassPauseTimer": (block(f"(hold|freeze) {named}"),),
        "HassUnpauseTimer": (block(f"(restart|unpause|start) {named}"),),
    }  # fmt: skip


def _german() -> Sentences:
    span = _span(" Stunde[n]", " Minute[n]", " Sekunde[n]", "und")
    start = "[<timer_set>|starte|mach[e]|stell[e]|setz[e]] [mir] [einen|den|meinen]"
    named = "[(den|meinen|unseren) ]{timer_name:name}[-| ]Timer"
    whose = "(der|mein|unser) {timer_name:name}[-| ]Timer"
    after = "[(den|meinen) ]Timer {timer_name:name}"
    return {
        "HassStartTimer": (
            block(
                f"{start} {{timer_name:name}}[-| ]Timer [auf|für|von|mit|über] {span}",
                f"{start} {span} {{timer_name:name}}[-| ]Timer",
                f"{start} Timer {{timer_name:name}} (auf|von|mit|über) {span}",
            ),
            block(f"{start} [neuen|weiteren|anderen] Timer [auf|für|von|mit|über] {span}"),
            block(
                f"{start} [neuen|weiteren] (Timer|Kurzzeitwecker|Countdown) "
                "[auf|für|von|mit|über] {span}",
                "[stell[e]] [die] Eieruhr [auf|für] {span}",
                lists=_LENGTH,
            ),
            block(
                f"{{timer_command:conversation_command}} (in|nach) {span} {{command_end}}",
                response="command",
                lists={"command_end": words(aus="aus", an="an", ein="ein", auf="auf", zu="zu",
                                            ab="ab", hoch="hoch", runter="runter")},
            ),
        ),
        "HassTimerStatus": (
            block(
                f"wie lang[e] (läuft|braucht|hat|dauert|geht) {whose} noch",
                "wie (viel Zeit|lang[e]) [ist|bleibt|hat|läuft] [noch] "
                "(auf dem|beim|für den|der|mein) {timer_name:name}[-| ]Timer [noch] [übrig]",
                f"wann (endet|klingelt) {whose}",
                f"wann (läuft {whose} ab|ist {whose} (fertig|zu ende))",
                "wie lang[e] (läuft|braucht|dauert|geht) (der|mein) Timer {timer_name:name} noch",
            ),
            block("wie (viel Zeit|lang[e]) [ist|bleibt|habe ich] [noch] [übrig]",
                  "wann (klingelt|endet) (der|mein) Timer"),
        ),
        "HassCancelTimer": (
            block(
                f"(beende|stopp[e]|lösch[e]|entfern[e]|storniere) {named}",
                f"(beende|stopp[e]|lösch[e]|entfern[e]|storniere) {after}",
                f"(brich|breche) {named} ab", f"(schalt[e]|mach[e]|stell[e]) {named} (aus|ab)",
                f"{named} (ausschalten|abbrechen|stoppen|löschen|beenden|aus)",
            ),
        ),
        "HassPauseTimer": (
            block(f"(pausiere|halt[e]) {named} [an]", f"pausiere {after}",
                  f"{named} (pausieren|anhalten)"),
        ),
        "HassUnpauseTimer": (
            block(f"setz[e] {named} fort", f"setz[e] {after} fort",
                  f"{named} (fortsetzen|weiter[ ]laufen lassen)",
                  f"lass[e] {named} weiter[ ]laufen"),
        ),
        "HassIncreaseTimer": (
            block(f"verlänger[e] {named} um {span}", f"verlänger[e] {after} um {span}",
                  f"{named} um {span} verlängern", f"{named} {span} (mehr|länger)",
                  f"gib {named} noch {span}",
                  f"(füg[e]|gib) [dem|meinem] {{timer_name:name}}[-| ]Timer [noch] {span} [hinzu]"),
        ),
        "HassDecreaseTimer": (
            block(f"(verkürz[e]|verringer[e]|reduzier[e]) {named} um {span}",
                  f"(verkürz[e]|verringer[e]|reduzier[e]) {after} um {span}",
                  f"{named} um {span} verkürzen", f"{named} {span} (weniger|kürzer)"),
        ),
    }  # fmt: skip


def _french() -> Sentences:
    span = _span(" (heure[s]|h)", " <minute_unit>", " (seconde[s]|sec|s)", "et")
    start = (
        "(mets|met|mettre|lance|démarre|règle|programme|crée|active|ajoute)[(-| )moi] "
        "[un|une|le|mon]"
    )
    named = "[le |mon |la |ma ](<minuteur>) {timer_name:name}"
    to = "(au|à mon|du|de mon|sur le|dans le|à la) (<minuteur>) {timer_name:name}"
    return {
        "HassStartTimer": (
            block(
                f"{start} (<minuteur>) {{timer_name:name}} (de|pour|sur|à|dans) {span}",
                f"[un|une] (<minuteur>) {{timer_name:name}} [de|pour|sur|à|dans] {span}",
                f"[{start}|un|une] (<minuteur>) [de|pour|sur|à] {span} pour [le |la |les |l'|mes ]"
                "{timer_name:name}",
            ),
            block(f"{start} [autre|nouveau] (<minuteur>) (de|pour|sur|à) {span}"),
            block(
                f"{start} (<minuteur>|chronomètre) [de |d'|pour |sur |à ]{{span}}",
                "[fais] [un|une] (<minuteur>|chronomètre) [de |d'|pour |sur |à ]{span}",
                lists=_LENGTH,
            ),
        ),
        "HassTimerStatus": (
            block(
                "[encore] combien (de temps;[reste-t-il|reste t il|il reste]) "
                "(sur|dans|pour|au|avant la fin du) [le |mon |la |ma ](<minuteur>) "
                "{timer_name:name}",
                f"(où en est|quand (sonne|finit|se termine)|à quelle heure sonne) {named}",
                f"il reste combien de temps {to}",
            ),
            block("combien de temps (reste-t-il|il reste|reste t il)", "il reste combien de temps",
                  "(quand|à quelle heure) (sonne|finit|se termine) (le|mon) (<minuteur>)"),
        ),
        "HassCancelTimer": (
            block(f"(annule|supprime|arrête|stoppe|éteins|coupe) {named}"),
            block("(arrête|stoppe|annule|coupe) (le|mon|la) (<minuteur>)"),
        ),
        "HassPauseTimer": (
            block(f"(mets|met|mettre) (en|sur) pause {named}", f"(mets|met) {named} en pause",
                  f"(suspends|pause) {named}"),
            block("(suspends|pause) [le |mon |la ](<minuteur>)"),
        ),
        "HassUnpauseTimer": (
            block(f"(relance|reprends|redémarre|continue|remets en marche) {named}"),
        ),
        "HassIncreaseTimer": (
            block(f"(ajoute|rajoute) {span} {to}",
                  f"(prolonge|rallonge|augmente) {named} de {span}"),
            block(f"(prolonge|rallonge|augmente) [le |mon |la ](<minuteur>) de {span}"),
        ),
        "HassDecreaseTimer": (
            block(f"(enlève|retire|ôte) {span} {to}",
                  f"(raccourcis|réduis|diminue) {named} de {span}"),
            block(f"(raccourcis|réduis|diminue) [le |mon |la ](<minuteur>) de {span}"),
        ),
    }  # fmt: skip


def _spanish() -> Sentences:
    span = _span(" hora[s]", " minuto[s]", " segundo[s]", "y")
    start = "(pon|ponme|pone|programa|prográmame|inicia|crea|activa|empieza|configura)"
    named = "[el |mi |la ](temporizador|cuenta atrás) {timer_name:name}"
    return {
        "HassStartTimer": (
            block(
                f"{start} [un|una|el|mi] temporizador {{timer_name:name}} (de|en|para) {span}",
                f"[{start}] [un|una|el|mi] temporizador de {span} (para|de) {{timer_name:name}}",
                f"[un] temporizador {{timer_name:name}} (de|para) {span}",
            ),
            block(f"[{start}] [un|una|el|mi|otro] temporizador [de|a|para|en] {span}"),
            block(
                f"[{start}] [un|una|el|mi|otro] (temporizador|cuenta atrás) "
                "[de|a|para|en] {span}",
                lists=_LENGTH,
            ),
        ),
        "HassTimerStatus": (
            block(
                "cu(a|á)nto [tiempo] [le] (falta|queda|resta) (en|al|del|para) "
                "[el |mi ](temporizador|cuenta atrás) {timer_name:name}",
                "cu(a|á)nto [tiempo] (falta|queda) para (el|la|los|las) {timer_name:name}",
                f"(cu(á|a)ndo|a qu(é|e) hora) (acaba|termina|suena) {named}",
            ),
            block("cu(a|á)nto [tiempo] [me|le] (falta|queda)",
                  "(cu(á|a)ndo|a qu(é|e) hora) (acaba|termina|suena) (el|mi) temporizador"),
        ),
        "HassCancelTimer": (block(f"(cancela|borra|elimina|quita|para|det(é|e)n) {named}"),
                            block("(para|det(é|e)n|quita|borra) (el|mi) temporizador")),
        "HassPauseTimer": (block(f"(pausa|pon en pausa) {named}", f"pon {named} en pausa"),
                           block("(pon en pausa) (el|mi) temporizador")),
        "HassUnpauseTimer": (
            block(f"(reanuda|continúa|contin(u|ú)a con|sigue con) {named}"),
        ),
        "HassIncreaseTimer": (
            block(f"(añade|suma|pon|agrega) {span} [más] al temporizador {{timer_name:name}}",
                  f"(alarga|prolonga|aumenta) {named} (en|por) {span}"),
            block(f"(alarga|prolonga|aumenta) (el|mi) temporizador (en|por) {span}"),
        ),
        "HassDecreaseTimer": (
            block(f"(quita|resta) {span} (al|del) temporizador {{timer_name:name}}",
                  f"(acorta|reduce) {named} (en|por) {span}"),
        ),
    }  # fmt: skip


NAMED_TIMERS: Mapping[str, Sentences] = {
    "en": _english(),
    "de": _german(),
    "fr": _french(),
    "es": _spanish(),
}
"""By language and intent."""
