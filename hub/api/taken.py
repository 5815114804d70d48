"""What was typed and has reached the hub: what is sent once more is not done twice."""

from collections import OrderedDict

MOST = 1000
"""Texts that are remembered; one client can send that many in a quarter of an hour at best."""


class Taken:
    """Remembers texts by their client and reference; the oldest is forgotten first."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[str, str], None] = OrderedDict()

    def note(self, satellite: str, ref: str) -> None:
        """Remember a text. One without a reference can not be told from others."""
        if ref:
            self._texts[satellite, ref] = None
            while len(self._texts) > MOST:
                self._texts.popitem(last=False)

    def __contains__(self, text: tuple[str, str]) -> bool:
        """Return whether a client's text of that reference has come already."""
        return text in self._texts
