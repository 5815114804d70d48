"""What a person would say of a piece of Markdown."""

import html
import re
import unicodedata
from functools import lru_cache

from hub.conversation.abbreviations import base_language
from hub.conversation.spoken_signs import SpokenSigns

_FENCE = re.compile(r"\s*(?:```|~~~)")
_RULE = re.compile(r"\s*(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,}|={3,}\s*)")
_TABLE_RULE = re.compile(r"[\s|:+-]*\|[\s|:+-]*|[\s|:+-]*---[\s|:+-]*")
_PREFIX = re.compile(r"^\s*(?:(?:>+|#{1,6}(?=\s)|[-*+•‣◦–](?=\s))\s*)+(?:\[[ xX]\]\s+)?")
_LIST_NUMBER = re.compile(r"\s*(?:\*\*|__)?(\d{1,2})[.)](?:\*\*|__)?\s+(?=\S)")
_MONTH = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
_LINK = re.compile(
    r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s[^()]*)?\)|\[[^\[\]]*\])"
)
_FOOTNOTE = re.compile(r"\[\^[^\[\]]*\]:?")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+|[^<>\s@]+@[^<>\s@]+)>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ARROW = re.compile(r"\s*(?:->|=>|[→⇒➜➔▶►])\s*")
_STRAY = re.compile(r"[*`|<>\\^{}\[\]~]+|(?<!\w)#+(?!\w)")
_UNDERSCORES = re.compile(r"_+")
_HYPHEN_DASH = re.compile(r"(?<=\s)-{1,3}(?=\s)")
_EMPTY_PAIR = re.compile(r"\(\s*\)|\"\s*\"|“\s*”|«\s*»")
_MARK_RUN = re.compile(r"[,;:.!?…](?:\s*[,;:.!?…])+(?!\d)")
_SPACE_BEFORE_MARK = re.compile(r"\s+([,.…)\]])(?=[\s\"'”’»)]|$)")
_SPACE_BEFORE_ANY_MARK = re.compile(r"\s+([,.…;:!?)\]])(?=[\s\"'”’»)]|$)")
_LEADING = re.compile(r"^(?:[\s,;:!?…)\]–—-]|\.(?!\d))+")
_TRAILING_DASH = re.compile(r"[\s–—-]+$")
_KEPT_SYMBOLS = "°№"
_ENDS = ".!?…:;,"


def speakable(text: str, language: str) -> str:
    """Return the words to say for `text`, on one line and free of markup; "" if there are none."""
    if not _has_words(text):
        return ""
    signs = _signs(base_language(language))
    said = _say_lines(text, signs)
    return said if _has_words(said) else ""


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


@lru_cache
def _signs(language: str) -> SpokenSigns:
    return SpokenSigns(language)


def _say_lines(text: str, signs: SpokenSigns) -> str:
    said = ""
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            before, closing = line.strip().lstrip("`~"), line.strip().endswith("```")
            if not (closing and before):  # "```code```" is inline code
                fenced = not fenced
                continue
        words = _say_line(line, signs)
        if not _has_words(words):
            continue
        block = fenced or "|" in line or _PREFIX.match(line) or _LIST_NUMBER.match(line)
        if said and block and said[-1] not in _ENDS:
            said += ","
        said = f"{said} {words}" if said else words
    return _tidy(said, signs.language)


def _say_line(line: str, signs: SpokenSigns) -> str:
    if _RULE.fullmatch(line) or _TABLE_RULE.fullmatch(line):
        return ""
    line = _PREFIX.sub("", line, count=1)
    numbered = _LIST_NUMBER.match(line)
    if numbered and not (signs.language == "de" and _MONTH.match(line, numbered.end())):
        line = f"{numbered[1]}, {line[numbered.end() :]}"
    line = _plain(line)
    line = signs.say_addresses(line)
    line = _ARROW.sub(", ", line)
    if "|" in line:
        line = ", ".join(cell.strip() for cell in line.split("|") if cell.strip())
    line = signs.say_signs(" ".join(line.split()))
    return _tidy(_without_symbols(line), signs.language)


def _plain(line: str) -> str:
    """Take links, images, tags and entities for their text."""
    line = _AUTOLINK.sub(r"\1", line)
    line = _LINK.sub(r"\1", _LINK.sub(r"\1", line))  # twice: an image may be a link's text
    line = _FOOTNOTE.sub("", line)
    line = _TAG.sub("", _BREAK.sub(", ", line))
    line = _ESCAPE.sub(r"\1", line)
    return html.unescape(line)


def _without_symbols(line: str) -> str:
    """Drop emoji, invisible characters and what is left of markup."""
    kept = []
    for char in line:
        category = unicodedata.category(char)
        if (category == "So" and char not in _KEPT_SYMBOLS) or category in ("Zl", "Zp", "Cc"):
            kept.append(" ")
        elif category[0] != "C" and not _is_emoji_part(char):
            kept.append(char)
    return _UNDERSCORES.sub(" ", _STRAY.sub("", "".join(kept)))


def _is_emoji_part(char: str) -> bool:
    """Variation selectors, the keycap and skin tones."""
    return "\ufe00" <= char <= "\ufe0f" or char == "\u20e3" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _tidy(text: str, language: str) -> str:
    text = _HYPHEN_DASH.sub("—", _EMPTY_PAIR.sub(" ", text))
    space = _SPACE_BEFORE_MARK if language == "fr" else _SPACE_BEFORE_ANY_MARK
    text = _MARK_RUN.sub(_one_mark, " ".join(text.split()))
    text = space.sub(r"\1", text)
    return _TRAILING_DASH.sub("", _LEADING.sub("", text))


def _one_mark(found: re.Match[str]) -> str:
    """Return the one mark of several that carries the tone of voice."""
    run = found[0]
    for mark in "?!…":
        if mark in run:
            return mark
    if "..." in run:
        return "…"
    if "." in run:
        return run if run in (".,", ".;", ".:") else "."
    return run[0]
