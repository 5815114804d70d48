"""What a full stop after a word means: the end of a sentence, or part of the word.

English, French, German and Spanish; any other language is judged like English.
"""

import re
from enum import Enum


class Stop(Enum):
    """Whether the full stop ends the sentence."""

    YES = "yes"
    NO = "no"
    UNLESS_LOWER = "unless a lower-case letter follows"
    IF_UPPER = "if an upper-case letter follows"
    UNLESS_DIGIT = "unless a digit follows"

    def ends_before(self, char: str) -> bool:
        """Return whether the sentence ends when `char` is the next that is not blank."""
        if self is Stop.UNLESS_LOWER:
            return not char.islower()
        if self is Stop.IF_UPPER:
            return char.isupper() or char in "¿¡"
        if self is Stop.UNLESS_DIGIT:
            return not char.isdigit()
        return self is Stop.YES


_NEVER = {
    "en": "dr mr mrs ms prof st vs e.g i.e approx mt ft gen rep sen rev capt cf dept est vol fig",
    "fr": "mm mme mmes mlle mlles dr pr prof p.ex ex env av bd st ste tél cf c.-à-d apr vol boul",
    "de": "bzw ca nr str dr prof z.b d.h u.a hr fr st inkl exkl ggf evtl vgl tel sog max min zzgl "
    "abs bspw allg geb mio mrd tsd pck hl ing dipl",
    "es": "sr sra sres srta dr dra ud uds vd vds prof profa p.ej ej núm num pág págs av avda tel "
    "aprox cda cdas cdta cdtas ee d dña cap vol art",
}
"""Something always follows these."""

_SOMETIMES = {
    "en": "etc a.m p.m inc ltd co corp jr min hr hrs sq al",
    "fr": "etc max min a.m p.m c s",
    "de": "etc usw u.v.m std jh",
    "es": "etc uu ee.uu a.m p.m m min máx",
}
"""These may stand last in a sentence."""

_BEFORE_NUMBERS = {
    "en": "no nos jan feb aug sept oct nov dec p pp",
    "fr": "no art n° nos janv févr juil sept oct nov déc",
    "de": "jan feb aug sept okt nov dez art kap",
    "es": "n.º nº ene feb abr ago sept oct nov dic",
}
"""Abbreviations before a number, words elsewhere: "No. 5 is off", "No. It is off"."""

_LOWER_INITIALS = {"en": "", "fr": "p", "de": "zdbhuaoisvn", "es": "paqs"}
"""Single lower-case letters that abbreviate: "z. B.", "p. ex.", "a. m."; not "il y en a"."""

_BEFORE_ORDINALS = (
    "am der dem den das die vom zum zur im bis ab seit jeder jeden jedem beim ihr ihre ihrem ihren "
    "sein seine seinem seinen mein meine meinem meinen und oder montag dienstag mittwoch "
    "donnerstag freitag samstag sonntag"
)
"""German words after which "3." is a third, not a three."""

_ALL_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_LIST_NUMBER = re.compile(r"\d{1,3}|[a-zA-Z]")
_ROMAN = re.compile(r"[IVX]{1,7}")
_DAY_AND_MONTH = re.compile(r"\d{1,2}\.\d{1,2}")
_LINE_MARKUP = " \t#>*-+_"
_UNIT_BEFORE = re.compile(r"[\d°]\s*$")


def base_language(language: str) -> str:
    """Return "en" for "en-GB" and "en_US", and "en" for a language without word lists."""
    base = re.split(r"[-_]", language, maxsplit=1)[0].lower()
    return base if base in _NEVER else "en"


def full_stop(word: str, before: str, language: str) -> Stop:
    """Return what "." after `word` means; `before` is what stands before the word in its piece.

    `language` is one that `base_language` returned.
    """
    word = word.lstrip("\"'“„‘«([{*_~`¿¡")
    line = before.rpartition("\n")[2]
    if not line.strip(_LINE_MARKUP) and _LIST_NUMBER.fullmatch(word):
        return Stop.NO
    if language == "de" and _DAY_AND_MONTH.fullmatch(word):
        return Stop.UNLESS_LOWER
    if word.isdigit() or (language == "de" and len(word) > 1 and _ROMAN.fullmatch(word)):
        return _after_number(word, line, language)
    if len(word) == 1 and word.isalpha():
        return _after_letter(word, line, language)
    return _after_abbreviation(word.casefold(), language)


def _after_abbreviation(word: str, language: str) -> Stop:
    if word in _WORDS[language]:
        return _WORDS[language][word]
    return Stop.NO if _ALL_INITIALS.fullmatch(word) else Stop.YES


def _after_number(word: str, line: str, language: str) -> Stop:
    if language != "de" or (word.isdigit() and int(word) > 31):
        return Stop.YES
    previous = line.split()[-1:] or [""]
    ordinal = previous[0].endswith(",") or previous[0].casefold().strip("*_(") in _ORDINAL_SIGNS
    return Stop.NO if ordinal else Stop.UNLESS_LOWER


def _after_letter(word: str, line: str, language: str) -> Stop:
    if word.casefold() in _WORDS[language] and word.islower():
        return _WORDS[language][word]
    unit = _UNIT_BEFORE.search(line)  # "60 W." and "21 ° C."
    if word in _LOWER_INITIALS[language] and not (unit and word == "s"):  # "90 s."
        return Stop.NO
    return Stop.NO if word.isupper() and not unit else Stop.YES


_WORDS = {
    language: dict.fromkeys(_NEVER[language].split(), Stop.NO)
    | dict.fromkeys(_SOMETIMES[language].split(), Stop.IF_UPPER)
    | dict.fromkeys(_BEFORE_NUMBERS[language].split(), Stop.UNLESS_DIGIT)
    for language in _NEVER
}

_ORDINAL_SIGNS = frozenset(_BEFORE_ORDINALS.split())
