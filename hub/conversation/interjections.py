"""Short things people say into an answer: signs that they listen, and words that end it.

A sign of listening ("mm-hmm", "right") must not silence the speaker; a word that ends it ("stop")
must at once, whatever else the home understands.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from hub.conversation.plain_words import plain_words


class Kind(StrEnum):
    """What was said into an answer."""

    NOTHING = "nothing"
    """No words, or only sounds of hesitation."""
    BACKCHANNEL = "backchannel"
    """A sign of listening or of assent: go on speaking."""
    STOP = "stop"
    """Be quiet, without any other wish."""
    WORDS = "words"
    """Anything else."""


@dataclass(frozen=True, slots=True)
class _Phrases:
    """What is said in one language, written as a recogniser would."""

    fillers: tuple[str, ...]
    backchannels: tuple[str, ...]
    stops: tuple[str, ...]
    around_stops: tuple[str, ...] = ()
    """Politeness and emphasis, which mean nothing of their own."""


_INTERNATIONAL = _Phrases(
    fillers=("um", "umm", "uh", "uhh", "uhm", "hm", "hmm", "er", "erm", "ah", "oh", "eh"),
    backchannels=(
        "okay",
        "ok",
        "mm-hmm",
        "mhm",
        "uh-huh",
        "mm",
        "mmm",
        "aha",
        "mmhmm",
        "uhuh",
        "uhhuh",
    ),
    stops=("stop", "sh", "shh"),
)

_LANGUAGES: dict[str, _Phrases] = {
    "en": _Phrases(
        fillers=("ehm", "hum"),
        backchannels=(
            *("yeah", "yes", "yep", "yup", "right", "I see", "sure", "alright", "all right"),
            *("got it", "thanks", "thank you", "cool", "great", "good", "nice", "fine", "wow"),
            *("really", "indeed", "exactly", "of course", "true", "I know", "go on", "oh really"),
            *("makes sense", "that makes sense", "sounds good", "that's right", "you're right"),
            *("thanks a lot", "thank you very much", "good to know", "okey dokey", "ah ha"),
        ),
        stops=(
            *("stop it", "stop that", "stop talking", "stop speaking", "quiet", "be quiet"),
            *("shut up", "cancel", "cancel that", "cancel it", "never mind", "nevermind"),
            *("that's enough", "that is enough", "enough", "that'll do", "that will do"),
            *("hold on", "hang on", "wait", "wait a minute", "wait a second", "wait a moment"),
            *("hold on a second", "just a second", "just a moment", "one moment", "silence"),
            *("hush", "shush", "forget it", "forget about it", "leave it", "no more"),
        ),
        around_stops=(
            *("please", "now", "just", "no", "hey", "right now", "already", "for now", "would you"),
            *("can you", "could you", "will you"),
        ),
    ),
    "fr": _Phrases(
        fillers=("euh", "heu", "hein", "ben", "bah", "bof"),
        backchannels=(
            *("d'accord", "ouais", "oui", "ah oui", "bien", "très bien", "bon", "voilà", "merci"),
            *("je vois", "super", "parfait", "exact", "exactement", "bien sûr", "entendu"),
            *("compris", "j'ai compris", "c'est ça", "tout à fait", "ça marche", "vraiment"),
            *("merci beaucoup", "continue", "génial", "c'est vrai"),
        ),
        stops=(
            *("arrête", "arrêtez", "arrête-toi", "arrête ça", "tais-toi", "taisez-vous", "chut"),
            *("ça suffit", "suffit", "silence", "assez", "c'est assez", "c'est bon", "attends"),
            *("attendez", "attends une seconde", "une seconde", "un instant", "un moment"),
            *("annule", "annuler", "annule ça", "laisse tomber", "laisse", "oublie", "oublie ça"),
            *("arrête de parler", "la ferme", "ferme-la", "tant pis"),
        ),
        around_stops=(
            *("s'il te plaît", "s'il vous plaît", "s'te plaît", "maintenant", "non", "hé", "là"),
            *("tout de suite", "mais", "bon alors", "allez"),
        ),
    ),
    "de": _Phrases(
        fillers=("äh", "ähm", "öh", "öhm", "hä", "tja", "na"),
        backchannels=(
            *("ja", "jo", "jap", "genau", "gut", "sehr gut", "alles klar", "klar", "richtig"),
            *("verstehe", "ich verstehe", "verstanden", "ach so", "achso", "danke", "stimmt"),
            *(
                "in Ordnung",
                "natürlich",
                "super",
                "prima",
                "toll",
                "echt",
                "wirklich",
                "danke schön",
            ),
            *("dankeschön", "vielen Dank", "weiter", "aha okay", "na gut", "na klar", "weiß ich"),
        ),
        stops=(
            *("stopp", "halt", "hör auf", "aufhören", "ruhe", "sei still", "sei ruhig", "still"),
            *("leise", "schluss", "schluss jetzt", "genug", "das reicht", "es reicht", "reicht"),
            *("warte", "warte mal", "moment", "moment mal", "einen Moment", "eine Sekunde"),
            *(
                "abbrechen",
                "brich ab",
                "vergiss es",
                "egal",
                "schon gut",
                "lass es",
                "lass gut sein",
            ),
            *("hör bitte auf", "hör jetzt auf", "hör auf zu reden", "sei bitte still"),
            *("sei jetzt still", "sei bitte ruhig", "sei mal still"),
            *("halt den Mund", "halt die Klappe", "klappe", "schweig", "psst", "pst"),
        ),
        around_stops=(
            *("bitte", "jetzt", "nein", "nee", "mal", "hey", "doch", "endlich", "damit", "sofort"),
        ),
    ),
    "es": _Phrases(
        fillers=("pues", "em", "ehm"),
        backchannels=(
            *(
                "vale",
                "sí",
                "ajá",
                "claro",
                "bien",
                "muy bien",
                "bueno",
                "ya",
                "ya veo",
                "entiendo",
            ),
            *(
                "entendido",
                "de acuerdo",
                "gracias",
                "muchas gracias",
                "perfecto",
                "exacto",
                "genial",
            ),
            *("eso es", "por supuesto", "cierto", "es verdad", "verdad", "sigue", "claro que sí"),
            *("ajam", "está bien", "guay"),
        ),
        stops=(
            *("para", "para ya", "páralo", "basta", "basta ya", "silencio", "cállate", "calla"),
            *("cállese", "chitón", "alto", "detente", "espera", "espera un momento", "un momento"),
            *("un segundo", "cancela", "cancelar", "cancélalo", "déjalo", "olvídalo", "no importa"),
            *("es suficiente", "suficiente", "ya está", "ya basta", "deja de hablar", "quieto"),
        ),
        around_stops=("por favor", "ahora", "no", "oye", "ahora mismo", "de una vez", "anda"),
    ),
}

_MAX_WORDS = 12
"""More words than this are a sentence."""

_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
"""A letter that was held, as in "hmmm" and "stooop"."""


def classify(text: str, language: str) -> Kind:
    """Tell what kind of thing was said; `language` is a BCP 47 tag, unknown ones count as English.

    Only a text made of nothing but such phrases counts: "stop the music" is WORDS.
    """
    bare = plain_words(text)
    if len(bare) > _MAX_WORDS:
        return Kind.WORDS
    words = tuple(_DRAWN_OUT.sub(r"\1", word) for word in bare)
    said = _sayings(_base(language))
    if _covered(words, said.fillers):
        return Kind.NOTHING
    if _covered(words, said.fillers | said.backchannels):
        return Kind.BACKCHANNEL
    if _covered(words, said.all) and not _covered(words, said.all - said.stops):
        return Kind.STOP
    return Kind.WORDS


def without_address(text: str, language: str, names: Collection[str] = ()) -> str:
    """Return `text` without the words before what is meant: "um, okay, hey Jarvis, turn on ..."

    Those are sounds of hesitation, signs of listening and `names`; all of it if nothing else is
    left.
    """
    said = _sayings(_base(language))
    called = frozenset(tuple(plain_words(name)) for name in names)
    phrases = said.fillers | said.backchannels | called
    words = text.split()
    start = 0
    while start < len(words):
        ends = range(len(words) - 1, start, -1)
        end = next((e for e in ends if tuple(plain_words(" ".join(words[start:e]))) in phrases), 0)
        if not end:
            break
        start = end
    return " ".join(words[start:])


def stop_phrases(language: str) -> tuple[str, ...]:
    """Return the phrases that end an answer, as they are written."""
    return _written(_INTERNATIONAL.stops, _LANGUAGES[_base(language)].stops)


def backchannels(language: str) -> tuple[str, ...]:
    """Return the signs of listening, as they are written."""
    return _written(_INTERNATIONAL.backchannels, _LANGUAGES[_base(language)].backchannels)


_Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sayings:
    """A language's phrases as bare words, ready to compare."""

    fillers: frozenset[_Phrase]
    backchannels: frozenset[_Phrase]
    stops: frozenset[_Phrase]
    all: frozenset[_Phrase]


@cache
def _sayings(language: str) -> _Sayings:
    own = _LANGUAGES[language]
    fillers = _bare(_written(_INTERNATIONAL.fillers, own.fillers))
    signs = _bare(backchannels(language))
    stops = _bare(stop_phrases(language))
    return _Sayings(fillers, signs, stops, fillers | signs | stops | _bare(own.around_stops))


def _bare(phrases: Collection[str]) -> frozenset[_Phrase]:
    """Return phrases as words, each also with held letters as `classify` shortens them."""
    return frozenset(
        tuple(plain_words(form)) for one in phrases for form in (one, _DRAWN_OUT.sub(r"\1", one))
    )


def _written(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase for group in groups for phrase in group))


def _base(language: str) -> str:
    base = language.replace("_", "-").split("-")[0].casefold()
    return base if base in _LANGUAGES else "en"


def _covered(words: _Phrase, phrases: Collection[_Phrase]) -> bool:
    """Tell whether the words are nothing but these phrases, one after the other."""
    reached = {0}
    for start in range(len(words)):
        if start in reached:
            reached.update(
                end for end in range(start + 1, len(words) + 1) if words[start:end] in phrases
            )
    return len(words) in reached
