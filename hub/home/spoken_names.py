"""How a name is said: "Lamp/Desk 💡" is called "Lamp Desk"."""

import re
import unicodedata

_KEPT = frozenset("'’")
_SIGN_MARKS = re.compile("[\ufe00-\ufe0f\u20d0-\u20f0]")
"""Marks that choose how an emoji looks, not what is said."""
_ARTICLES = (
    "the ",
    "la ",
    "le ",
    "les ",
    "l'",
    "l’",
    "der ",
    "die ",
    "das ",
    "el ",
    "los ",
    "las ",
)
"""Sentences bring their own: "turn on the lamp" is for a device called "The Lamp", too."""


def spoken_forms(name: str) -> tuple[str, ...]:
    """Return the ways in which a name can be said; none for one without letters or digits."""
    letters = "".join(
        character if _is_said(character) else " " for character in _SIGN_MARKS.sub(" ", name)
    )
    plain = " ".join(letters.split())
    if not any(character.isalnum() for character in plain):
        return ()
    lower = plain.casefold()
    article = next((one for one in _ARTICLES if lower.startswith(one)), "")
    bare = plain[len(article) :].strip()
    return (plain, bare) if article and any(map(str.isalnum, bare)) else (plain,)


def _is_said(character: str) -> bool:
    return character in _KEPT or unicodedata.category(character)[0] in "LMN"


def same_name(one: str, other: str) -> bool:
    """Whether two names are said alike."""
    return bool(
        set(map(str.casefold, spoken_forms(one))) & set(map(str.casefold, spoken_forms(other)))
    )
