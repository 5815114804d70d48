"""What is put on a list, one by one: "milk, eggs and bread" are three things. Pure.

Commas part things. "And" parts them too, but not in a dish or a brand that is called so ("mac and
cheese"), and alone not on a list of tasks: "call Mum and Dad" is one. What follows a comma shows
that several things are told, so that the "and" before the last one parts there as well.
"""

import re
from collections.abc import Mapping

_AND: Mapping[str, str] = {
    "en": r"and|&",
    "de": r"und|sowie|&",
    "fr": r"et|puis|ainsi que|&",
    "es": r"y|e|&",
}
_ARTICLE: Mapping[str, str] = {
    "en": r"(?:some|the)\s+",
    "de": r"(?:noch|etwas|die|der|das|den)\s+",
    "fr": r"(?:du|de la|des|le|la|les)\s+|(?:de )?l['’]|d['’]",
    "es": r"(?:el|la|los|las|unos|unas)\s+",
}
_ONE: Mapping[str, tuple[str, ...]] = {
    "en": (
        "mac and cheese", "macaroni and cheese", "fish and chips", "half and half",
        "salt and vinegar", "sour cream and onion", "cookies and cream", "head and shoulders",
        "bread and butter pickles",
    ),
    "de": ("salz und essig", "head and shoulders"),
    "fr": ("sel et vinaigre", "head and shoulders"),
    "es": ("sal y vinagre", "head and shoulders"),
}  # fmt: skip
"""What is one thing, though it is called two."""
MAX_ITEMS = 30
"""Nobody says more in one breath."""
_JOINT = "\x00"


def as_said(text: str, item: str) -> str:
    """Return an item with its commas: what recognises sentences leaves them out."""
    words = re.findall(r"\w+", item)
    found = re.search(r"\W+".join(map(re.escape, words)), text, re.IGNORECASE) if words else None
    return (item if found is None else found[0]).strip(" .,!?")


def parted(said: str, language: str, *, tasks: bool = False) -> list[str]:
    """Return the things that are told; `tasks` where they are things to do."""
    language = language.split("-", maxsplit=1)[0]
    and_ = _AND.get(language, _AND["en"])
    for one in _ONE.get(language, ()):
        said = re.sub(rf"\b{one}\b", lambda m: m[0].replace(" ", _JOINT), said, flags=re.IGNORECASE)
    by_and = rf"\s+(?:{and_})\s+"
    by_comma = rf"\s*[,;]\s*(?:(?:{and_})\s+)?(?!\d)|(?<!\d)[,;](?=\d)"
    pieces = re.split(by_comma, said)
    if len(pieces) > 1 or not tasks:
        pieces = [part for piece in pieces for part in re.split(by_and, piece, flags=re.IGNORECASE)]
    article = re.compile(rf"^(?:{_ARTICLE.get(language, '(?!)')})", re.IGNORECASE)
    things = (article.sub("", " ".join(one.replace(_JOINT, " ").split())) for one in pieces)
    return [thing for one in things if (thing := one.strip(" .,!?"))][:MAX_ITEMS]
