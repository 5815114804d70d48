"""How somebody is asked before something is done, and told that it is not done."""

from collections.abc import Mapping, Sequence

from hub.home.policy import Reason, Verdict

_VERBS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unlock": "Shall I unlock {name}?",
        "lock": "Shall I lock {name}?",
        "open": "Shall I open {name}?",
        "close": "Shall I close {name}?",
        "set_position": "Shall I move {name}?",
        "turn_on": "Shall I turn on {name}?",
        "turn_off": "Shall I turn off {name}?",
        "disarm": "Shall I disarm {name}?",
        "arm": "Shall I arm {name}?",
        "run": "Shall I run {name}?",
        "activate": "Shall I activate {name}?",
        "press": "Shall I press {name}?",
        "other": "Shall I do that with {name}?",
        "code": "What is the code of {name}?",
        "tool": "Shall I really do that: {name}?",
    },
    "de": {
        "unlock": "Soll ich {name} aufschließen?",
        "lock": "Soll ich {name} abschließen?",
        "open": "Soll ich {name} öffnen?",
        "close": "Soll ich {name} schließen?",
        "set_position": "Soll ich {name} bewegen?",
        "turn_on": "Soll ich {name} einschalten?",
        "turn_off": "Soll ich {name} ausschalten?",
        "disarm": "Soll ich {name} unscharf schalten?",
        "arm": "Soll ich {name} scharf schalten?",
        "run": "Soll ich {name} ausführen?",
        "activate": "Soll ich {name} aktivieren?",
        "press": "Soll ich {name} drücken?",
        "other": "Soll ich das mit {name} tun?",
        "code": "Wie lautet der Code: {name}?",
        "tool": "Soll ich das wirklich tun: {name}?",
    },
    "fr": {
        "unlock": "Dois-je déverrouiller {name} ?",
        "lock": "Dois-je verrouiller {name} ?",
        "open": "Dois-je ouvrir {name} ?",
        "close": "Dois-je fermer {name} ?",
        "set_position": "Dois-je bouger {name} ?",
        "turn_on": "Dois-je allumer {name} ?",
        "turn_off": "Dois-je éteindre {name} ?",
        "disarm": "Dois-je désarmer {name} ?",
        "arm": "Dois-je armer {name} ?",
        "run": "Dois-je lancer {name} ?",
        "activate": "Dois-je activer {name} ?",
        "press": "Dois-je appuyer sur {name} ?",
        "other": "Dois-je le faire avec {name} ?",
        "code": "Quel est le code : {name} ?",
        "tool": "Dois-je vraiment le faire : {name} ?",
    },
    "es": {
        "unlock": "¿Quieres que desbloquee {name}?",
        "lock": "¿Quieres que bloquee {name}?",
        "open": "¿Quieres que abra {name}?",
        "close": "¿Quieres que cierre {name}?",
        "set_position": "¿Quieres que mueva {name}?",
        "turn_on": "¿Quieres que encienda {name}?",
        "turn_off": "¿Quieres que apague {name}?",
        "disarm": "¿Quieres que desarme {name}?",
        "arm": "¿Quieres que arme {name}?",
        "run": "¿Quieres que ejecute {name}?",
        "activate": "¿Quieres que active {name}?",
        "press": "¿Quieres que pulse {name}?",
        "other": "¿Quieres que lo haga con {name}?",
        "code": "¿Cuál es el código: {name}?",
        "tool": "¿Quieres que lo haga de verdad: {name}?",
    },
}
"""By language and verb."""
_MORE = {"en": "{count} more", "de": "{count} weitere", "fr": "{count} autres", "es": "{count} más"}
_COUNTS = {
    "en": "two three four five six seven eight nine ten",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn",
    "fr": "deux trois quatre cinq six sept huit neuf dix",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez",
}
"""From 2 on."""
_AND = {"en": "and", "de": "und", "fr": "et", "es": "y"}
_REFUSALS: Mapping[str, Mapping[str, str]] = {
    "en": {
        Reason.RULE: "Sorry, I am not allowed to do that",
        Reason.ROOM: "Sorry, that is not allowed from this room",
        Reason.PERSON: "Sorry, I may not do that for you",
        Reason.HOUR: "Sorry, that is not allowed at this time",
        Reason.NOBODY_TO_ASK: "That needs somebody's yes, and I can ask nobody here",
        "dropped": "All right, I leave it",
        "done": "Done",
    },
    "de": {
        Reason.RULE: "Das darf ich leider nicht",
        Reason.ROOM: "Das ist von diesem Raum aus leider nicht erlaubt",
        Reason.PERSON: "Das darf ich für dich leider nicht tun",
        Reason.HOUR: "Das ist um diese Zeit leider nicht erlaubt",
        Reason.NOBODY_TO_ASK: "Dafür brauche ich ein Ja, und hier kann ich niemanden fragen",
        "dropped": "In Ordnung, ich lasse es",
        "done": "Erledigt",
    },
    "fr": {
        Reason.RULE: "Désolé, je n'ai pas le droit de faire cela",
        Reason.ROOM: "Désolé, ce n'est pas permis depuis cette pièce",
        Reason.PERSON: "Désolé, je n'ai pas le droit de le faire pour vous",
        Reason.HOUR: "Désolé, ce n'est pas permis à cette heure",
        Reason.NOBODY_TO_ASK: "Il faut un oui pour cela, et je n'ai personne à qui demander ici",
        "dropped": "Très bien, je ne fais rien",
        "done": "C'est fait",
    },
    "es": {
        Reason.RULE: "Lo siento, no tengo permiso para hacer eso",
        Reason.ROOM: "Lo siento, eso no está permitido desde esta habitación",
        Reason.PERSON: "Lo siento, no puedo hacer eso para ti",
        Reason.HOUR: "Lo siento, eso no está permitido a esta hora",
        Reason.NOBODY_TO_ASK: "Para eso necesito un sí, y aquí no puedo preguntar a nadie",
        "dropped": "De acuerdo, lo dejo",
        "done": "Hecho",
    },
}
"""By language and reason."""
_MAX_NAMES = 4
"""Of more devices nobody would listen to the names."""
_OWN_ARTICLE = ("the ", "my ", "our ", "your ")


def question(verb: str, names: Sequence[str], language: str) -> str:
    """Return the question before devices are told something, or, of the verb "tool", a tool."""
    language = _base(language)
    forms = _VERBS[language]
    form = forms.get("arm" if verb.startswith("arm_") else verb, forms["other"])
    known = list(dict.fromkeys(names))
    if language == "en" and verb != "tool":
        known = [_with_article(name) for name in known]
    more = len(known) - _MAX_NAMES
    if more > 1:  # of one more the name is as short
        counts = _COUNTS[language].split()
        count = counts[more - 2] if more - 2 < len(counts) else str(more)
        known = [*known[:_MAX_NAMES], _MORE[language].format(count=count)]
    listed = (
        known[0] if len(known) == 1 else f"{', '.join(known[:-1])} {_AND[language]} {known[-1]}"
    )
    return form.format(name=listed)


def refusal(verdict: Verdict, language: str) -> str:
    """Return why something is not done."""
    return verdict.words or _REFUSALS[_base(language)][verdict.reason]


def dropped(language: str) -> str:
    """Return the answer to a no."""
    return _REFUSALS[_base(language)]["dropped"]


def done(language: str) -> str:
    """Return the answer once something without an answer of its own is done."""
    return _REFUSALS[_base(language)]["done"]


def _base(language: str) -> str:
    base = language.split("-", maxsplit=1)[0].casefold()
    return base if base in _VERBS else "en"


def _with_article(name: str) -> str:
    own = name.casefold().startswith(_OWN_ARTICLE) or "'s " in name or "’s " in name
    return name if own else f"the {name}"
