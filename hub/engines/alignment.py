"""From the times of a text's characters, which come in tables, to the times of its words."""

import math
import re
from typing import Any

from hub.engines.base import WordTime

_WORD = re.compile(r"\S+")
# A service may leave out a character or two, hardly a word.
_LOOK_AHEAD = 8


class Alignment:
    """Reads the tables of one text in their order. What can not be read costs words, no more."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = {word.start(): word.end() for word in _WORD.finditer(text)}
        self._position = 0
        self._latest_ms = 0.0
        self._from_piece = False

    def feed(self, table: Any, sent_ms: float) -> list[WordTime]:
        """Return the words that begin in a table; `sent_ms` of audio came before its piece.

        Times count from the start of the text. Where a table begins again at zero, they are taken
        to count from its own piece, from then on.
        """
        pairs = _pairs(table)
        if not pairs:
            return []
        if pairs[0][1] < self._latest_ms - 1.0:
            self._from_piece = True
        base_ms = sent_ms if self._from_piece else 0.0
        words = []
        for character, offset_ms in pairs:
            self._latest_ms = offset_ms
            begin = self._find(character)
            if begin is not None and begin in self._ends:
                words.append(WordTime(begin, self._ends[begin], base_ms + offset_ms))
        return words

    def _find(self, character: str) -> int | None:
        """Return where a character stands in the text, if it is near, and go on behind it."""
        near = self._position + _LOOK_AHEAD
        begin = self._text.find(character, self._position, near)
        if begin < 0 or not character:
            return None
        self._position = begin + len(character)
        return begin


def _pairs(table: Any) -> list[tuple[str, float]]:
    """Return characters and their times in milliseconds; nothing if the table is no table."""
    if not isinstance(table, dict):
        return []
    characters = table.get("characters")
    times = table.get("character_start_times_seconds")
    if not isinstance(characters, list) or not isinstance(times, list):
        return []
    pairs = []
    for character, time_s in zip(characters, times, strict=False):
        if not isinstance(character, str) or not isinstance(time_s, int | float):
            return []
        if not math.isfinite(time_s) or time_s < 0:
            return []
        pairs.append((character, float(time_s) * 1000))
    return pairs
