"""Digits as people say them: one by one, in pairs, or as one number."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

_UNITS: Mapping[str, str] = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen",
    "de": "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn "
    "funfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix-sept dix-huit dix-neuf",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
    "quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres "
    "veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve",
}
"""From 0 on, without accents; a hyphen stands between words."""
_TENS: Mapping[str, str] = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante soixante-dix quatre-vingt quatre-vingt-dix",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
}
_OTHERS: Mapping[str, Mapping[str, int]] = {
    "en": {"oh": 0, "o": 0, "nought": 0},
    "de": {"ein": 1, "eine": 1, "zwo": 2},
    "fr": {"une": 1, "quatre-vingts": 80, "septante": 70, "huitante": 80, "nonante": 90},
    "es": {"un": 1, "una": 1, "veintiun": 21},
}
_HUNDREDS: Mapping[str, Mapping[str, int]] = {
    "en": {"hundred": 1},
    "de": {"hundert": 1},
    "fr": {"cent": 1, "cents": 1},
    "es": {
        "cien": 1, "ciento": 1, "doscientos": 2, "trescientos": 3, "cuatrocientos": 4,
        "quinientos": 5, "seiscientos": 6, "setecientos": 7, "ochocientos": 8, "novecientos": 9,
    },
}  # fmt: skip
_THOUSANDS: Mapping[str, frozenset[str]] = {
    "en": frozenset({"thousand"}),
    "de": frozenset({"tausend"}),
    "fr": frozenset({"mille"}),
    "es": frozenset({"mil"}),
}
_AND = {"en": "and", "de": "und", "fr": "et", "es": "y"}
_LONGEST = 4
"""Words of a number below 100: "quatre-vingt-dix-sept"."""
_MARKS = re.compile(r"[\u0300-\u036f'’]")
"""Accents and apostrophes."""
_GERMAN_PARTS = re.compile(r"(tausend|hundert)")

LANGUAGES = tuple(_UNITS)

_TIMES: Mapping[str, Mapping[str, int]] = {
    "en": {"double": 2, "triple": 3},
    "de": {"doppel": 2, "doppelt": 2, "zweimal": 2, "dreimal": 3},
    "fr": {"double": 2, "triple": 3},
    "es": {"doble": 2, "triple": 3},
}
"""Before a digit that is said once for several."""


def digits(words: Sequence[str], start: int, language: str) -> tuple[str, int]:
    """Return the digits that `words`, bare ones, say from `start` on, and where they end.

    "one two three four", "twelve thirty-four" and "one thousand two hundred and thirty-four" all
    say 1234; "double one" says 11.
    """
    said, end = "", start
    while end < len(words):
        times = _TIMES[language].get(words[end], 1)
        part, part_end = _part(words, end + (times > 1), language)
        if not part or (times > 1 and len(part) > 1):
            break
        said, end = said + part * times, part_end
    return said, end


def bare_words(word: str, language: str) -> list[str]:
    """Return a word without case and accents; the numbers that German joins stand apart."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", word)).casefold()
    if language != "de" or not _GERMAN_PARTS.search(bare):
        return [bare]
    parts = [part.removeprefix("und") for part in _GERMAN_PARTS.split(bare) if part]
    joins = _HUNDREDS[language].keys() | _THOUSANDS[language]
    known = _below_hundred(language)
    return parts if all(part in joins or (part,) in known for part in parts) else [bare]


def _part(words: Sequence[str], start: int, language: str) -> tuple[str, int]:
    """Return the digits of one number and where it ends; none where there is none."""
    if start < len(words) and words[start].isdecimal():
        return words[start], start + 1
    number, end = _number(words, start, language)
    return ("", start) if number is None else (str(number), end)


def _number(words: Sequence[str], start: int, language: str) -> tuple[int | None, int]:
    """Return one number and where it ends; None where there is none."""
    value, end = _below_thousand(words, start, language)
    if end < len(words) and words[end] in _THOUSANDS[language]:
        thousands = 1 if value is None else value
        rest, rest_end = _below_thousand(words, _after_and(words, end + 1, language), language)
        if rest is None:
            return thousands * 1000, end + 1
        return thousands * 1000 + rest, rest_end
    return value, end


def _below_thousand(words: Sequence[str], start: int, language: str) -> tuple[int | None, int]:
    value, end = _small(words, start, language)
    hundreds = _HUNDREDS[language].get(words[end]) if end < len(words) else None
    if hundreds is None or (value is not None and language == "es"):
        return value, end
    value = (1 if value is None else value) * 100 * hundreds
    rest, rest_end = _small(words, _after_and(words, end + 1, language), language)
    return (value, end + 1) if rest is None else (value + rest, rest_end)


def _small(words: Sequence[str], start: int, language: str) -> tuple[int | None, int]:
    """Return a number below 100 and where it ends."""
    known = _below_hundred(language)
    for end in range(min(len(words), start + _LONGEST), start, -1):
        value = known.get(tuple(words[start:end]))
        if value is not None:
            return value, end
    return None, start


def _after_and(words: Sequence[str], at: int, language: str) -> int:
    return at + 1 if at < len(words) and words[at] == _AND[language] else at


@cache
def _below_hundred(language: str) -> Mapping[tuple[str, ...], int]:
    units = _UNITS[language].split()
    found = {word: value for value, word in enumerate(units)} | dict(_OTHERS[language])
    for number, ten in enumerate(_TENS[language].split(), 2):
        found.setdefault(ten, number * 10)
        for unit in range(1, 10):
            for word in _compounds(ten, units, unit, language):
                found.setdefault(word, number * 10 + unit)
    return {tuple(word.split("-")): value for word, value in found.items()}


def _compounds(ten: str, units: Sequence[str], unit: int, language: str) -> tuple[str, ...]:
    word = units[unit]
    if language == "de":
        return (f"{'ein' if unit == 1 else word}und{ten}",)
    if language == "es":
        return (f"{ten}-y-{word}",)
    if language == "fr":
        if ten.endswith("-dix"):  # soixante-douze is 60 and 12
            ten, word = ten.removesuffix("-dix"), units[unit + 10]
        return (f"{ten}-{word}", f"{ten}-et-{word}", *((f"{ten}-une",) if unit == 1 else ()))
    return (f"{ten}-{word}",)
