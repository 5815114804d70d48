"""Takes out of an answer what a model thinks aloud: nobody wants to hear that."""

_OPEN, _CLOSE = "<think>", "</think>"


class ThinkingFilter:
    """Filters one answer, however it is cut. Only thinking that an answer begins with counts."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self._over = False
        self._begun = False

    def feed(self, text: str) -> str:
        """Return what of the answer so far is to be said, and was not returned before."""
        if self._over:
            return self._without_blanks(text)
        self._held += text
        if not self._inside:
            begin = self._held.lstrip()
            if begin.startswith(_OPEN):
                self._inside = True
                self._held = begin[len(_OPEN) :]
            elif _OPEN.startswith(begin):
                return ""  # it may become the sign
            else:
                return self._finish(begin)
        head, sign, rest = self._held.partition(_CLOSE)
        if not sign:
            self._held = head[-len(_CLOSE) :]  # a model may think for ever
            return ""
        return self._finish(rest)

    def finish(self) -> str:
        """Return what was held back and was no sign."""
        return "" if self._inside or self._over else self._finish(self._held)

    def _finish(self, text: str) -> str:
        self._over, self._inside, self._held = True, False, ""
        return self._without_blanks(text)

    def _without_blanks(self, text: str) -> str:
        """Return text without the blanks that an answer begins with."""
        if not self._begun:
            text = text.lstrip()
            self._begun = bool(text)
        return text
