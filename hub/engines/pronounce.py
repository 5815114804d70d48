"""How words are said, in the phones of the CMU dictionary (ARPAbet without stress).

Known words come from the dictionary; the rest (names of people, rooms, brands, foreign words) from
espeak-ng's reading, with initialisms spelled out.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

from hub.engines.espeak_library import EspeakLibrary

# Each reading multiplies the work of the search; beyond these, none was ever the one that was said.
MAX_READINGS = 6

# espeak-ng's IPA to ARPAbet, longest symbols first where they share a beginning. Sounds that
# English lacks become the English ones that its speakers use for them.
_PHONES = {
    "tʃ": "CH", "dʒ": "JH", "ts": "T S", "pf": "P F", "eɪ": "EY", "aɪ": "AY", "aʊ": "AW",
    "oʊ": "OW", "ɔɪ": "OY", "ɔø": "OY", "əʊ": "OW", "ɔːɹ": "AO R", "oːɹ": "AO R", "ɔːr": "AO R",
    "ɜː": "ER", "ɑː": "AA", "ɔː": "AO", "iː": "IY", "uː": "UW", "eː": "EY", "oː": "OW",
    "aː": "AA", "ɛː": "EH", "yː": "UW", "øː": "ER", "ɑ̃": "AA N", "ɔ̃": "AO N", "ɛ̃": "AE N",
    "œ̃": "AH N", "n̩": "AH N", "l̩": "AH L", "m̩": "AH M", "a": "AA", "æ": "AE", "ɑ": "AA",
    "ɒ": "AA", "ɔ": "AO", "ʌ": "AH", "ə": "AH", "ɐ": "AH", "ɚ": "ER", "ɝ": "ER", "ɜ": "ER",
    "ɛ": "EH", "e": "EY", "ɪ": "IH", "ᵻ": "IH", "i": "IY", "o": "OW", "ʊ": "UH", "u": "UW",
    "y": "UW", "ʏ": "UH", "ø": "ER", "œ": "ER", "ɨ": "IH", "ʉ": "UW", "ɯ": "UW", "b": "B",
    "d": "D", "ð": "DH", "f": "F", "ɡ": "G", "g": "G", "h": "HH", "ɦ": "HH", "j": "Y", "k": "K",
    "l": "L", "ɫ": "L", "m": "M", "n": "N", "ŋ": "NG", "p": "P", "r": "R", "ɹ": "R", "ɾ": "T",
    "ʔ": "T", "s": "S", "ʃ": "SH", "t": "T", "θ": "TH", "v": "V", "w": "W", "z": "Z", "ʒ": "ZH",
    "x": "K", "χ": "K", "ç": "SH", "c": "K", "ʁ": "R", "ʀ": "R", "ɲ": "N Y", "ʎ": "L Y",
    "ɣ": "G", "β": "B", "ʋ": "V", "ɥ": "W", "ɕ": "SH", "ʑ": "ZH", "ʂ": "SH", "ʐ": "ZH",
    "ɭ": "L", "ɳ": "N",
}  # fmt: skip
_phone = re.compile("|".join(sorted(map(re.escape, _PHONES), key=len, reverse=True)))

# The parts of names written in one: "EcoBee", "Zigbee2MQTT", "wi-fi".
_part = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+(?:['’][a-z]+)?|\d+")
_initialism = re.compile(r"[A-Z]{2,5}")

# How words of every day are said in passing, where the dictionary has the careful way only.
_CASUAL = {
    "and": ("AH N",),
    "of": ("AH",),
    "off": ("AH F",),
    "temperature": ("T EH M P CH ER",),
}

_LETTERS = {
    "a": "EY", "b": "B IY", "c": "S IY", "d": "D IY", "e": "IY", "f": "EH F", "g": "JH IY",
    "h": "EY CH", "i": "AY", "j": "JH EY", "k": "K EY", "l": "EH L", "m": "EH M", "n": "EH N",
    "o": "OW", "p": "P IY", "q": "K Y UW", "r": "AA R", "s": "EH S", "t": "T IY", "u": "Y UW",
    "v": "V IY", "w": "D AH B AH L Y UW", "x": "EH K S", "y": "W AY", "z": "Z IY",
}  # fmt: skip


class Pronouncer:
    """Finds the readings of words and remembers them.

    `dictionary` is a file of the CMU dictionary's form. Raises EngineError "engine-missing" when a
    word needs espeak-ng and it is not there.
    """

    def __init__(self, dictionary: Path) -> None:
        self._dictionary = dictionary
        self._known: dict[str, tuple[str, ...]] = {}

    def readings(self, words: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return each word's readings, phones separated by spaces; () for what has no sound."""
        words = set(words)
        missing = words - self._known.keys()
        if missing:
            wanted = {form for word in missing for form in _forms(word)}
            found = read_dictionary(self._dictionary, wanted)
            for word in missing:
                self._known[word] = tuple(self._find(word, found))[:MAX_READINGS]
        return {word: self._known[word] for word in words}

    def _find(self, word: str, found: dict[str, list[str]]) -> list[str]:
        readings = [reading for form in _whole_forms(word) for reading in found.get(form, ())]
        parts = [found.get(part.lower(), []) for part in _part.findall(word)]
        if not readings and len(parts) > 1 and all(parts):
            readings = [" ".join(choice) for choice in product(*(part[:2] for part in parts))]
        if _initialism.fullmatch(word):
            readings.append(spelled(word))
        if not readings:
            readings.append(arpabet(EspeakLibrary().phonemes(_plain(word))))
        readings += _CASUAL.get(word, ())
        return list(dict.fromkeys(_with_merged_vowels(filter(None, readings))))


def read_dictionary(path: Path, wanted: set[str]) -> dict[str, list[str]]:
    """Return the readings that the dictionary file has for the `wanted` words."""
    found: dict[str, list[str]] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            entry, _, reading = line.partition(" ")
            # The second reading of "a" stands under "a(2)".
            word = entry.partition("(")[0]
            if word in wanted:
                found.setdefault(word, []).append(reading.strip())
    return found


def arpabet(ipa: str) -> str:
    """Return espeak-ng's IPA as ARPAbet; stress, length and unknown signs fall away."""
    return " ".join(_PHONES[match.group()] for match in _phone.finditer(ipa))


def spelled(letters: str) -> str:
    """Return the reading of a word that is said letter by letter."""
    return " ".join(_LETTERS[letter] for letter in letters.lower() if letter in _LETTERS)


def _forms(word: str) -> set[str]:
    """Return every form under which a part of `word` may stand in the dictionary."""
    return {*_whole_forms(word), *(part.lower() for part in _part.findall(word))}


def _whole_forms(word: str) -> tuple[str, ...]:
    lower = word.lower().replace("’", "'")
    return tuple(dict.fromkeys((lower, _plain(lower))))


def _plain(word: str) -> str:
    """Return `word` without signs around it."""
    return re.sub(r"^\W+|\W+$", "", word)


def _with_merged_vowels(readings: Iterable[str]) -> Iterator[str]:
    """Yield the readings, and each again as speakers say it to whom "cot" and "caught" are one."""
    for reading in readings:
        yield reading
        yield re.sub(r"\bAO\b(?! R\b)", "AA", reading)
