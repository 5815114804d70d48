"""Text as bare words: what is left when two texts are compared by how they sound."""

import re
import unicodedata

_APOSTROPHES = re.compile(r"['’ʼ‘`´]")
_MARKS = re.compile(r"[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")


def plain_words(text: str) -> list[str]:
    """Return the words without case, accents, punctuation, apostrophes and hyphens.

    "Tais-toi, c'est bon!" is `tais toi cest bon`.
    """
    joined = _APOSTROPHES.sub("", text)
    if not joined.isascii():
        joined = _MARKS.sub("", unicodedata.normalize("NFKD", joined))
    return _WORD.findall(joined.casefold())
