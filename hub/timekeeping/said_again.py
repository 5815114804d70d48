"""Whether what is said now means what was said before: "don't turn off the lamp". Pure.

Both are reduced to their telling words, and a word fits another one of its family: "éteindre" and
"éteins", "Nudel" and "Nudeln".
"""

import re

_BESIDE = """
a the my that of to for about when will does do don t dont not and any more be
cancel delete remove forget delayed scheduled command commands you
go going goes turn turned turning switch switched switching
der die das den dem des eine einen mein meine meinen vom von und wann wird du doch nicht
lösch lösche entfern entferne storniere vergiss befehl bitte geht gehen
schalt schalte schaltest schalten schaltet mach mache machst machen macht
le la les l de du d des un une mon ma mes au aux et quand à quelle heure est ce que qu s se
va vont vas tu ne n pas plus annule supprime oublie commande
el los las del al mi mis y cuándo cuando qué que hora vas no cancela quita elimina borra
olvida orden comando para
"""
"""What a sentence about a command says beside it, and verbs that mean nothing without "on"."""
_EMPTY = frozenset(_BESIDE.split())
_SEPARABLE = re.compile(
    r"\b(aus|ein|an|auf|zu|ab)(?:ge|zu)?((?:schalt|mach|dreh|stell|fahr)\w*)", re.IGNORECASE
)
_SAME = {"ein": "an", "extinction": "éteins", "ouverture": "ouvre", "apertura": "abre"}
_BEFORE = re.compile(
    r"^(?:(?:the|my|a|an|called|named|for|der|die|das|den|dem|mein|meine|meinen|namens|für|le|la|les|"
    r"mon|ma|mes|un|une|du|de|des|pour|appelée?|nommée?|el|los|las|mi|mis|una|unos|del|para|"
    r"llamad[oa]|con nombre)\s+|[ld]['’])+",
    re.IGNORECASE,
)
"""What may stand before a name."""
_SHORT = 3
_FAMILY = 4
"""Words of one family begin with as many letters alike."""
_ENDINGS = re.compile(r"(?:es|en|s|n|e)$")


def is_said_of(said: str, command: str, *places: str) -> bool:
    """Return whether every telling word of `said` is one of a command, or of where it was said."""
    there = {*_words(command), *(word for place in places for word in _words(place))}
    wanted = _words(said)
    return bool(wanted) and all(any(_akin(one, other) for other in there) for one in wanted)


def same_words(one: str, other: str) -> bool:
    """Return whether two names are the same but for a plural or a joint: "Nudel" and "Nudeln"."""
    return _key(one) == _key(other)


def plain_name(name: str) -> str:
    """Return a name without what stands before it: "the pasta" is "pasta"."""
    return _BEFORE.sub("", name.strip(" -.,!?"))


def _words(text: str) -> list[str]:
    text = _SEPARABLE.sub(r"\1 \2", text.casefold())
    words = [_SAME.get(word, word) for word in re.findall(r"[^\W_]+", text)]
    return [word.replace("ie", "e") for word in words if word not in _EMPTY]


def _akin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORT:
        return short == long
    return long.startswith(short[: max(_SHORT, min(_FAMILY, len(short) - 1))])


def _key(name: str) -> str:
    words = re.findall(r"[^\W_]+", name.casefold())
    return "".join(_ENDINGS.sub("", word) if len(word) > _SHORT else word for word in words)
