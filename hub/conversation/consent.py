"""Yes and no, as people say them to a question of the hub."""

from collections.abc import Mapping
from functools import cache

from hub.conversation.plain_words import plain_words

_MAX_WORDS = 8
"""More words than this are a sentence of their own."""

_YES: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("yes", "yeah", "yep", "yup", "yes please", "please do", "please", "do it", "do that"),
        *("go ahead", "sure", "of course", "okay", "ok", "alright", "all right", "certainly"),
        *("absolutely", "definitely", "by all means", "yes do", "you may", "you can", "confirm"),
        *("confirmed", "i do", "right", "correct", "that's right", "go for it", "I'm sure"),
        *("I am sure", "yes you may", "that would be nice", "that would be great", "aye"),
    ),
    "de": (
        *("ja", "jo", "jap", "ja bitte", "bitte", "gerne", "gern", "mach das", "mach es", "mach"),
        *("mach mal", "tu das", "tu es", "klar", "na klar", "sicher", "okay", "ok", "in Ordnung"),
        *("natürlich", "selbstverständlich", "auf jeden Fall", "unbedingt", "genau", "richtig"),
        *("ja mach", "ja gern", "bestätigt", "ich bitte darum", "tun Sie das", "machen Sie das"),
        *("jawohl", "doch", "einverstanden", "los", "bin ich", "ich bin sicher", "das wäre nett"),
    ),
    "fr": (
        *("oui", "ouais", "oui merci", "vas-y", "allez-y", "fais-le", "faites-le", "fais ça"),
        *("d'accord", "bien sûr", "volontiers", "avec plaisir", "okay", "ok", "certainement"),
        *("absolument", "je veux bien", "s'il te plaît", "s'il vous plaît", "tout à fait"),
        *("exactement", "je confirme", "confirmé", "entendu", "mais oui", "oui je veux bien"),
        *("bien entendu", "évidemment", "ça marche", "je suis sûr", "je suis sûre", "si"),
    ),
    "es": (
        *("sí", "si", "sí por favor", "por favor", "hazlo", "hágalo", "adelante", "claro"),
        *("claro que sí", "por supuesto", "vale", "de acuerdo", "okay", "ok", "desde luego"),
        *("seguro", "correcto", "exacto", "confirmo", "confirmado", "sí quiero", "me gustaría"),
        *("cómo no", "está bien", "bueno", "sí hazlo", "estoy seguro", "estoy segura", "dale"),
    ),
}
_NO: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("no", "nope", "nah", "no thanks", "no thank you", "don't", "do not", "please don't"),
        *("never mind", "nevermind", "cancel", "cancel that", "cancel it", "leave it", "stop"),
        *("forget it", "forget about it", "not now", "better not", "rather not", "I'd rather not"),
        *("don't do it", "don't do that", "no don't", "not really", "no way", "wait", "hold on"),
        *("of course not", "certainly not", "stop it", "not yet"),
    ),
    "de": (
        *("nein", "nee", "nö", "nein danke", "lieber nicht", "nicht", "bitte nicht", "lass es"),
        *("lass das", "lass mal", "lass gut sein", "vergiss es", "egal", "schon gut", "stopp"),
        *("abbrechen", "brich ab", "jetzt nicht", "noch nicht", "auf keinen Fall", "doch nicht"),
        *("mach das nicht", "mach es nicht", "tu das nicht", "danke nein", "stop", "warte"),
        *("besser nicht", "lassen Sie es", "halt", "nicht nötig"),
    ),
    "fr": (
        *("non", "non merci", "pas maintenant", "laisse tomber", "laissez tomber", "laisse"),
        *("annule", "annulez", "annuler", "tant pis", "oublie", "oubliez", "surtout pas"),
        *("ne fais rien", "ne le fais pas", "pas encore", "non non", "arrête", "arrêtez", "stop"),
        *("plutôt pas", "mieux vaut pas", "bien sûr que non", "attends", "attendez", "jamais"),
    ),
    "es": (
        *("no", "no gracias", "ahora no", "déjalo", "déjelo", "olvídalo", "olvídelo", "cancela"),
        *("cancelar", "cancélalo", "no importa", "mejor no", "no lo hagas", "no lo haga"),
        *("todavía no", "para nada", "de ninguna manera", "espera", "para", "nada", "alto"),
        *("claro que no", "por supuesto que no", "aún no", "stop"),
    ),
}
_AROUND: Mapping[str, tuple[str, ...]] = {
    "en": ("um", "uh", "well", "oh", "please", "thanks", "thank you", "now", "then", "just"),
    "de": ("äh", "ähm", "also", "ach", "bitte", "danke", "jetzt", "dann", "mal", "na", "das"),
    "fr": ("euh", "ben", "ah", "s'il te plaît", "s'il vous plaît", "merci", "alors", "bon"),
    "es": ("eh", "pues", "por favor", "gracias", "ahora", "entonces", "bueno", "ah"),
}
"""Politeness and hesitation, which decide nothing."""


def consent(text: str, language: str) -> bool | None:
    """Return whether `text` is a yes or a no; None if it is neither, or both.

    Only a text made of nothing but such words counts: "yes and turn on the light" is neither.
    `language` is a BCP 47 tag; unknown ones count as English.
    """
    words = tuple(plain_words(text))
    if not words or len(words) > _MAX_WORDS:
        return None
    yes, no, around = _phrases(language.split("-", maxsplit=1)[0].casefold())
    # A no is never taken for a yes because of a word that both know: "no, please don't".
    if _covered(words, no | around) and not _covered(words, around):
        return False
    if _covered(words, yes | around) and (words in yes or not _covered(words, around)):
        return True
    return None


_Phrase = tuple[str, ...]


@cache
def _phrases(
    language: str,
) -> tuple[frozenset[_Phrase], frozenset[_Phrase], frozenset[_Phrase]]:
    language = language if language in _YES else "en"
    return _bare(_YES[language]), _bare(_NO[language]), _bare(_AROUND[language])


def _bare(phrases: tuple[str, ...]) -> frozenset[_Phrase]:
    return frozenset(tuple(plain_words(phrase)) for phrase in phrases)


def _covered(words: _Phrase, phrases: frozenset[_Phrase]) -> bool:
    """Tell whether the words are nothing but these phrases, one after the other."""
    reached = {0}
    for start in range(len(words)):
        if start in reached:
            reached.update(
                end for end in range(start + 1, len(words) + 1) if words[start:end] in phrases
            )
    return len(words) in reached
