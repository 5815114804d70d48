"""Words by which a sentence is open or complete, by language. Chosen by us from school grammars."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenWords:
    """What one language says about the end of a sentence. All words in lower case."""

    joining: frozenset[str]
    """Conjunctions: more follows for certain."""
    leading: frozenset[str]
    """Articles, possessives and prepositions that stand in front of a noun, never at the end."""
    loose: frozenset[str]
    """Mostly in front of a noun, but at times the last word: prepositions that are adverbs too,
    auxiliaries, pronouns that open a clause."""
    fillers: frozenset[str]
    """Sounds of somebody who is thinking."""
    polite: frozenset[str]
    """Words that are no part of what is asked for."""
    openers: tuple[tuple[str, ...], ...]
    """What a request may begin with before its verb; longest first."""
    complete: frozenset[str]
    """Whole turns, of one or more words."""
    questions: frozenset[str]
    """Words that open a question."""
    verbs: frozenset[str]
    """Verbs that ask for an object, or for a name."""
    indirect: frozenset[str]
    """Between verb and object: "me" of "tell me"."""
    particles: Mapping[str, frozenset[str]]
    """Verbs whose particle may stand at the end: "turn the light on"."""
    second_parts: Mapping[str, frozenset[str]]
    """Verbs of two parts, and the words that lead the second: "set" the light "to" blue."""
    digits: frozenset[str]
    """Number words that codes and telephone numbers are told in."""
    tens: frozenset[str]
    """Number words that another one often follows."""
    teens: frozenset[str]
    """Number words that stand alone: "ten" to "nineteen"."""
    measures: frozenset[str]
    """Words before an amount, which needs its unit: "for twenty"."""
    infinitive_endings: tuple[str, ...] = ()
    """How the verb at the end of a sentence with a modal verb ends, where it stands there."""
    modals: frozenset[str] = frozenset()
    """First words of sentences that end in an infinitive."""
    question_endings: frozenset[str] = frozenset()
    """Of the loose words, those with which a question ends in good order."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _phrases(phrases: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in phrases.split(","))


def _openers(phrases: str) -> tuple[tuple[str, ...], ...]:
    split = [tuple(phrase.split()) for phrase in _phrases(phrases)]
    return tuple(sorted(split, key=lambda words: (-len(words), words)))


_ENGLISH = OpenWords(
    joining=_set("and or but because nor so if unless while whereas although than plus"),
    leading=_set(
        "the a an my your his her its our their of to into onto every each some any during "
        "until till without between toward towards via per as whose"
    ),
    loose=_set(
        "on off in at for from with by about up down out over under near inside around after "
        "before through is are was were am be been will would can could should do does did has "
        "have had may might must shall i'm i'll i'd i've which who what where when how why whether "
        "i we he she they very really just also all another more"
    ),
    fillers=_set("um uh umm uhm er erm hmm hm mm mmm uhh"),
    polite=_set("please sotto hey hi kindly now quickly"),
    openers=_openers(
        "can you, could you, would you, will you, i want to, i would like to, i'd like to, i want "
        "you to, let's, go ahead and, can i, could i, i need to, i need you to"
    ),
    complete=_phrases(
        "yes, yeah, yep, yup, no, nope, stop, okay, ok, thanks, thank you, thank you very much, "
        "hello, hi, hey, bye, goodbye, good night, good morning, good evening, cancel, never mind, "
        "nevermind, pause, resume, continue, next, previous, back, louder, quieter, quiet, "
        "stop it, stop that, be quiet, shut up, sure, right, correct, exactly, wrong, help, again, "
        "repeat, wait, maybe, all right, alright, of course, that's all, that's it, mute, unmute, "
        "yes please, no thanks, no thank you, that one, this one, not now, i don't know, go on"
    ),
    questions=_set(
        "what where when who why how which whose is are was were do does did can could will would "
        "should has have what's where's who's when's how's"
    ),
    verbs=_set(
        "turn switch set put play remind add call tell create start make open close give show "
        "find get buy dim change move send read lower raise increase decrease lock unlock ask "
        "want need remove delete write note schedule wake let bring take increase adjust"
    ),
    indirect=_set("me us you him her them it this that on off up down in out back"),
    particles={
        verb: _set("on off up down out over back away")
        for verb in _set("turn switch put shut take bring lower move pull leave keep set")
    },
    second_parts={
        "set": _set("to for at on in as"),
        "add": _set("to on"),
        "put": _set("on in into to at off away up down back out"),
        "remind": _set("to about that of when"),
        "change": _set("to into from"),
    },
    digits=_set("zero oh one two three four five six seven eight nine double triple"),
    tens=_set("twenty thirty forty fifty sixty seventy eighty ninety hundred thousand point"),
    teens=_set("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"),
    measures=_set("for in after every another within"),
    question_endings=_set("on off up down out"),
)

_GERMAN = OpenWords(
    joining=_set("und oder aber weil denn sondern wenn dass ob damit während obwohl als sowie"),
    leading=_set(
        "der die das den dem des ein eine einen einem einer eines mein meine meinen meinem meiner "
        "dein deine deinen deinem deiner unser unsere unseren unserem im am ins ans zum zur vom "
        "beim von in bei seit gegen ohne für jeden jede jedes keine keinen kein diese diesen "
        "diesem dieser dieses"
    ),
    loose=_set(
        "auf an aus mit nach zu um über unter vor hinter neben zwischen durch bis ist sind war "
        "wird werden wurde hat haben habe kann könnte soll sollte muss ich wir sehr noch alle was "
        "wer wo wie wann welche welcher welches"
    ),
    fillers=_set("äh ähm ehm öh öhm hm hmm mh mhm tja also"),
    polite=_set("bitte sotto hey mal doch jetzt schnell"),
    openers=_openers(
        "kannst du, könntest du, würdest du, kannst du mir, könntest du mir, kannst du uns, "
        "ich möchte, ich will, ich hätte gern, ich hätte gerne, können sie, könnten sie"
    ),
    complete=_phrases(
        "ja, jawohl, nein, nö, stopp, stop, halt, okay, ok, danke, danke schön, dankeschön, "
        "vielen dank, hallo, tschüss, gute nacht, guten morgen, guten abend, guten tag, weiter, "
        "pause, abbrechen, vergiss es, zurück, lauter, leiser, ruhe, genau, richtig, falsch, "
        "stimmt, hilfe, nochmal, noch einmal, warte, vielleicht, egal, schon gut, das ist alles, "
        "das war's, ja bitte, nein danke, jetzt nicht, natürlich, klar, nächster, nächstes"
    ),
    questions=_set(
        "was wo wann wer warum wieso wie welche welcher welches wohin woher ist sind war hat kann "
        "kannst läuft brennt gibt wieviel"
    ),
    verbs=_set(
        "mach mache schalte schalt stell stelle setz setze füge füg spiel spiele erinnere ruf rufe "
        "sag sage öffne schließe schließ starte gib zeig zeige dimme dimm dreh drehe leg lege "
        "lies such suche kauf kaufe erstelle ändere bring lösche lösch möchte will fahr fahre"
    ),
    indirect=_set("mir uns mich ihn ihm ihr es"),
    particles={
        **{
            verb: _set("an aus ein auf zu ab um hoch runter weiter lauter leiser")
            for verb in _set("mach mache schalte schalt dreh drehe fahr fahre")
        },
        **{verb: _set("vor ab zu") for verb in _set("spiel spiele lies ruf rufe sag sage")},
        **{verb: _set("an ab aus ein um") for verb in _set("stell stelle leg lege ruf rufe")},
    },
    second_parts={
        "setze": _set("auf in an"),
        "setz": _set("auf in an"),
        "füge": _set("hinzu ein"),
        "füg": _set("hinzu ein"),
        "erinnere": _set("an daran dass um"),
        "stelle": _set("auf für an ab aus ein um"),
        "stell": _set("auf für an ab aus ein um"),
    },
    digits=_set("null eins zwo zwei drei vier fünf sechs sieben acht neun"),
    tens=_set("hundert tausend komma"),
    teens=_set(
        "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig"
    ),
    measures=_set("für in nach alle von weitere"),
    question_endings=_set("an aus auf zu"),
    infinitive_endings=("en", "ern", "eln"),
    modals=_set("kannst könntest würdest könnten"),
)

_FRENCH = OpenWords(
    joining=_set("et ou mais parce car donc ni or que qu' si quand lorsque puisque puis comme"),
    leading=_set(
        "le la les l' un une des du de d' au aux à mon ma mes ton ta tes son sa ses notre nos "
        "votre vos leur leurs ce cet cette ces chaque quelques sans sur vers chez par pour en dans "
        "pendant entre jusqu' jusque s' j' n' m' t' c'"
    ),
    loose=_set(
        "avec après avant sous depuis contre je tu il elle on nous est sont était a ont ai as "
        "sera peut peux veux va très plus qui où quel quelle quels quelles quoi tout toute tous"
    ),
    fillers=_set("euh heu hum hm hmm ben bah alors"),
    polite=_set("sotto hé donc maintenant vite"),
    openers=_openers(
        "peux-tu, tu peux, est-ce que tu peux, pourrais-tu, tu pourrais, pouvez-vous, je veux, "
        "je voudrais, j'aimerais, s'il te plaît, s'il vous plaît, s' il te plaît, s' il vous plaît"
    ),
    complete=_phrases(
        "oui, ouais, non, stop, arrête, arrête-toi, d'accord, ok, okay, merci, merci beaucoup, "
        "bonjour, salut, bonsoir, bonne nuit, au revoir, annule, annuler, laisse tomber, pause, "
        "continue, suivant, précédent, reprends, plus fort, moins fort, silence, tais-toi, exact, "
        "exactement, voilà, c'est tout, c'est ça, c'est bon, encore, répète, attends, peut-être, "
        "oui merci, non merci, bien sûr, pas maintenant, je ne sais pas, à l'aide, "
        "oui s'il te plaît"
    ),
    questions=_set(
        "que qu' quoi où quand qui pourquoi comment combien quel quelle quels quelles est-ce est "
        "y-a-t-il"
    ),
    verbs=_set(
        "allume allumer éteins éteindre mets mettre règle régler ajoute ajouter joue jouer "
        "rappelle rappeler appelle appeler dis ouvre ouvrir ferme fermer lance lancer crée créer "
        "donne montre baisse monte augmente diminue cherche trouve envoie lis supprime supprimer "
        "veux voudrais programme programmer change changer verrouille déverrouille achète"
    ),
    indirect=_set("moi nous lui -moi"),
    particles={},
    second_parts={
        "mets": _set("à au aux sur en dans de pour du"),
        "mettre": _set("à au aux sur en dans de pour du"),
        "règle": _set("à au sur en pour"),
        "régler": _set("à au sur en pour"),
        "ajoute": _set("à au aux sur dans"),
        "ajouter": _set("à au aux sur dans"),
        "rappelle-moi": _set("de d' que qu' à"),
    },
    digits=_set("zéro un deux trois quatre cinq six sept huit neuf"),
    tens=_set("vingt trente quarante cinquante soixante quatre-vingt cent mille virgule"),
    teens=_set("dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"),
    measures=_set("pour dans pendant de après toutes"),
    question_endings=_set("est sont était on il elle tu"),
)

_SPANISH = OpenWords(
    joining=_set("y e o u pero porque ni sino que si cuando mientras aunque como pues"),
    leading=_set(
        "el la los las un una unos unas de del a al mi mis tu tus su sus nuestro nuestra nuestros "
        "nuestras en con por para sin sobre entre hasta desde hacia según cada este esta estos "
        "estas ese esa esos esas lo"
    ),
    loose=_set(
        "tras durante ante bajo es son era está están fue será ha han he hay yo qué quién dónde "
        "cuál cuándo cómo muy más todo toda todos todas se me te le"
    ),
    fillers=_set("eh em ehm este hm hmm mmm pues bueno"),
    polite=_set("sotto oye ahora rápido"),
    openers=_openers(
        "puedes, podrías, puede, podría, quiero, quisiera, me gustaría, por favor, quiero que"
    ),
    complete=_phrases(
        "sí, si, no, para, alto, vale, ok, okay, gracias, muchas gracias, hola, adiós, "
        "buenas noches, buenos días, buenas tardes, cancela, cancelar, olvídalo, pausa, continúa, "
        "continua, sigue, siguiente, anterior, más alto, más bajo, silencio, cállate, exacto, "
        "correcto, claro, eso es, eso es todo, nada más, ayuda, otra vez, repite, espera, quizás, "
        "sí gracias, no gracias, ahora no, no sé, por supuesto, de acuerdo, basta, sí por favor"
    ),
    questions=_set(
        "qué que quién quien dónde donde cuándo cuando cómo como cuál cual cuáles cuánto cuánta "
        "cuántos cuántas está están es hay"
    ),
    verbs=_set(
        "enciende encender apaga apagar pon poner ajusta añade añadir agrega reproduce recuérdame "
        "llama di dime abre abrir cierra cerrar inicia crea dame muestra sube baja busca envía lee "
        "quita compra cambia establece quiero elimina borra bloquea desbloquea toca programa"
    ),
    indirect=_set("me nos le"),
    particles={},
    second_parts={
        "pon": _set("en a al de para por"),
        "poner": _set("en a al de para por"),
        "ajusta": _set("a al en"),
        "añade": _set("a al en"),
        "añadir": _set("a al en"),
        "agrega": _set("a al en"),
        "establece": _set("a al en de para"),
    },
    digits=_set("cero uno dos tres cuatro cinco seis siete ocho nueve"),
    tens=_set("treinta cuarenta cincuenta sesenta setenta ochenta noventa cien mil coma"),
    teens=_set("diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve"),
    measures=_set("por durante en de dentro cada"),
    question_endings=_set("es son era está están fue será hay"),
)

OPEN_WORDS: Mapping[str, OpenWords] = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
}
