"""Takes out of an answer what a model thinks aloud: nobody wants to hear that.

Some servers have written the opening sign before the model begins: then there is only the closing
one, and what came before it was said. It is known from then on (`unopened`).
"""

import re

_OPEN, _CLOSE = "<think>", "</think>"
_SIGN = re.compile(f"{_OPEN}|{_CLOSE}")
MAX_HELD_CHARS = 16_000
"""Of thinking that may turn out to be an answer; it is far longer than an answer may be."""


class ThinkingFilter:
    """Filters one answer, however it is cut. Only thinking that an answer begins with counts."""

    def __init__(self, *, unopened: bool = False) -> None:
        """`unopened`: an answer before has shown that this model thinks without an opening sign."""
        self._held = ""
        self._inside = unopened
        self._opened = False
        self._over = False
        self._seeks_close = not unopened
        self._begun = False
        self.unopened = unopened
        """Whether the model thinks without an opening sign, as far as this answer shows."""

    def feed(self, text: str) -> str:
        """Return what of the answer so far is to be said, and was not returned before."""
        if self._over:
            return self._without_blanks(self._after_close(text))
        self._held += text
        if not self._opened:
            begin = self._held.lstrip()
            if begin.startswith(_OPEN):
                self._inside = self._opened = True
                self._seeks_close = False
                self._held = begin[len(_OPEN) :]
            elif not self._inside:
                if _OPEN.startswith(begin):
                    return ""  # it may become the sign
                return self._finish(begin)
        head, sign, rest = self._held.partition(_CLOSE)
        if not sign:
            self._held = head[-MAX_HELD_CHARS:]  # a model may think for ever
            return ""
        return self._finish(rest)

    def finish(self, *, cut: bool = False) -> str:
        """Return what was held back and was no thinking; `cut` tells that the answer was."""
        if self._opened and self._inside:
            return ""
        if self._inside:
            # It did not think this time, or was not given the time to, or only called tools.
            self.unopened = cut or not self._held.strip()
            return "" if cut else self._without_blanks(self._held)
        held, self._held = self._held, ""
        return self._without_blanks(held)

    def _finish(self, text: str) -> str:
        self._over, self._inside, self._held = True, False, ""
        return self._without_blanks(self._after_close(text))

    def _after_close(self, text: str) -> str:
        """Return text without what comes before a closing sign that nothing has opened."""
        if not self._seeks_close:
            return text
        text, self._held = self._held + text, ""
        found = _SIGN.search(text)
        if found is None:
            self._held = _begun_sign(text)
            return text[: len(text) - len(self._held)]
        self._seeks_close = False
        if found[0] == _OPEN:
            return text  # it speaks of the sign
        self.unopened, self._begun = True, False
        return text[found.end() :]

    def _without_blanks(self, text: str) -> str:
        """Return text without the blanks that an answer begins with."""
        if not self._begun:
            text = text.lstrip()
            self._begun = bool(text)
        return text


def _begun_sign(text: str) -> str:
    """Return the end of a text that may become a sign."""
    at = text.rfind("<", -len(_CLOSE) + 1)
    rest = text[at:] if at >= 0 else ""
    return rest if rest and (_OPEN.startswith(rest) or _CLOSE.startswith(rest)) else ""
