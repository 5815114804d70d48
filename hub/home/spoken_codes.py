"""Codes as they are said, and sentences without them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hub.home.number_words import LANGUAGES, bare_words, digits

LEAST, MOST = 3, 12
"""Digits of a code."""
MASK = "****"

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BEFORE: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        {"with", "using", "the", "my", "and", "its", "pin", "security", "enter", "use"}
    ),
    "de": frozenset({"mit", "dem", "der", "den", "und", "mein", "meinem", "lautet"}),
    "fr": frozenset({"avec", "le", "et", "mon", "par", "au"}),
    "es": frozenset({"con", "el", "y", "mi", "usando", "por"}),
}
"""What may stand between a command and its code."""
_CODE: Mapping[str, frozenset[str]] = {
    "en": frozenset({"code", "pin", "passcode"}),
    "de": frozenset({"code", "kode", "pin", "zahlencode", "geheimzahl"}),
    "fr": frozenset({"code", "pin"}),
    "es": frozenset({"codigo", "pin", "clave"}),
}
_AFTER: Mapping[str, frozenset[str]] = {
    "en": frozenset({"is", "number", "code"}),
    "de": frozenset({"ist", "lautet", "nummer"}),
    "fr": frozenset({"est", "numero", "pin"}),
    "es": frozenset({"es", "numero", "pin"}),
}
_AROUND: Mapping[str, str] = {
    "en": "it its is that thats please um uh well the my code pin number okay yes yeah sorry so",
    "de": "er es ist das bitte ah ahm also der mein code pin nummer lautet ja sorry okay",
    "fr": "il cest est cetait euh le mon code pin numero sil te vous plait oui pardon",
    "es": "es el mi codigo pin clave numero por favor eh pues si perdon",
}
"""What may stand around a code that is the answer to a question."""
_OTHER_CODES = frozenset({"zip", "area", "postal", "post", "error", "country", "dress", "source"})
"""Before "code": those are no secrets."""
_COMPOUND = re.compile(
    r"(?!(?:bar|post|zip|quell|fehler|lander|strich|de|en|uni)[ck]ode)\w*[ck]ode"
)
"""Words such as "Zugangscode"."""
_SPOKEN_OF = re.compile(
    rf"\b(?:{_COMPOUND.pattern}s?|pins?|passw\w*|kennwort|geheimzahl|mot de passe|codigos?|"
    r"contrasena|clave)\b"
)
"""Where somebody speaks of a code in whatever way, in bare words of any language."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a lock or an alarm panel. It shows itself nowhere."""

    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Coded:
    """A sentence that names a code."""

    rest: str
    """The sentence without it."""
    code: Code


def with_code(text: str, language: str) -> Coded | None:
    """Return a sentence without the code that it names; None if it names none."""
    words = _Words(text, _base(language))
    found = words.named()
    if found is None or not LEAST <= len(found.said) <= MOST:
        return None
    return _without(words, found)


def bare_code(text: str, language: str, least: int = LEAST) -> Coded | None:
    """Return a sentence without the only number in it, which may be a code of its own: "unlock
    the door one two three four"."""
    words = _Words(text, _base(language))
    runs = list(words.runs())
    if len(runs) != 1 or not least <= len(runs[0].said) <= MOST:
        return None
    return _without(words, runs[0])


def only_code(text: str, language: str) -> Code | None:
    """Return the code that a text is, but for words such as "it is"; None if it is none."""
    words = _Words(text, _base(language))
    around, said = _AROUND[words.language].split(), ""
    at = 0
    while at < len(words.bare):
        part, end = digits(words.bare, at, words.language)
        if part:
            if said:
                return None
            said, at = part, end
        elif words.bare[at] in around:
            at += 1
        else:
            return None
    return Code(said) if LEAST <= len(said) <= MOST else None


def masked(text: str, *, all_digits: bool = False) -> str:
    """Return a text without the codes in it, in whatever language: those that are named, all that
    may be one where a code is spoken of, and a text that is nothing but one; with `all_digits`,
    every number of two digits and more."""
    if not text:
        return text
    if any(only_code(text, language) is not None for language in LANGUAGES):
        return MASK
    for language in LANGUAGES:
        words = _Words(text, language)
        if all_digits:
            text = words.without_numbers(2)
            continue
        if (found := words.named()) is not None:
            start = words.starts[found.digits_at]
            text = f"{text[:start]}{MASK}{text[words.ends[found.end - 1] :]}"
            words = _Words(text, language)
        if words.speaks_of_code:
            text = words.without_numbers(LEAST)
    return text


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a code is named: the words before it, its digits, and its end."""

    start: int
    digits_at: int
    end: int
    said: str


class _Words:
    """The bare words of a text, and where each stands."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = language
        self.bare: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for token in _TOKEN.finditer(text):
            for word in bare_words(token[0], language):
                self.bare.append(word)
                self.starts.append(token.start())
                self.ends.append(token.end())

    def named(self) -> _Found | None:
        """Return the first code that is called one."""
        bare, language = self.bare, self.language
        for at, word in enumerate(bare):
            if not self._is_code(word) or (at and bare[at - 1] in _OTHER_CODES):
                continue
            digits_at = at + 1
            while digits_at < len(bare) and bare[digits_at] in _AFTER[language]:
                digits_at += 1
            said, end = digits(bare, digits_at, language)
            if not said:
                continue
            start = at
            while start and (
                bare[start - 1] in _BEFORE[language] or self._is_code(bare[start - 1])
            ):
                start -= 1
            return _Found(start, digits_at, end, said)
        return None

    def _is_code(self, word: str) -> bool:
        return word in _CODE[self.language] or _COMPOUND.fullmatch(word) is not None

    @property
    def speaks_of_code(self) -> bool:
        """Whether it is about a code, but none that is no secret."""
        found = _SPOKEN_OF.search(" ".join(self.bare))
        return found is not None and not any(word in _OTHER_CODES for word in self.bare)

    def runs(self) -> Iterator[_Found]:
        """Return the numbers, each as the digits that are said one after the other."""
        at = 0
        while at < len(self.bare):
            said, end = digits(self.bare, at, self.language)
            if said:
                yield _Found(at, at, end, said)
            at = max(end, at + 1)

    def without_numbers(self, least: int) -> str:
        """Return the text with every number masked that has so many digits."""
        parts, done = [], 0
        for run in self.runs():
            if len(run.said) >= least:
                parts += [self.text[done : self.starts[run.start]], MASK]
                done = self.ends[run.end - 1]
        return "".join(parts) + self.text[done:]


def _without(words: _Words, found: _Found) -> Coded | None:
    text = words.text
    rest = f"{text[: words.starts[found.start]]} {text[words.ends[found.end - 1] :]}"
    rest = " ".join(rest.split()).strip(" ,.;:-")
    return Coded(rest, Code(found.said)) if rest else None


def _base(language: str) -> str:
    base = language.split("-", maxsplit=1)[0].casefold()
    return base if base in LANGUAGES else "en"
