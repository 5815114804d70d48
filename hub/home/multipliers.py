"""Numbers that mean others: the ten of "down by ten" is minus ten."""

from collections.abc import Iterator

from hassil.intents import Intents, RangeSlotList


def keep_apart(intents: Intents) -> Intents:
    """Have hassil keep the number words of lists with a multiplier apart; return the same intents.

    It keeps them for the whole program by language and bounds, multiplied as the first list with
    these bounds was: after "down by ten", "fifty percent" would be minus fifty.
    """
    for numbers in _ranges(intents):
        if numbers.multiplier is not None:
            language = numbers.words_language or intents.language
            numbers.words_language = _Multiplied(language, numbers.multiplier)
    return intents


def _ranges(intents: Intents) -> Iterator[RangeSlotList]:
    own = (block.slot_lists for intent in intents.intents.values() for block in intent.data)
    for lists in (intents.slot_lists, *own):
        yield from (found for found in lists.values() if isinstance(found, RangeSlotList))


class _Multiplied(str):
    """A language, and what its numbers are multiplied with: as a key it is no other one."""

    __slots__ = ("_multiplier",)
    _multiplier: float

    def __new__(cls, language: str, multiplier: float) -> "_Multiplied":
        made = super().__new__(cls, language)
        made._multiplier = multiplier
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Multiplied) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, float]:
        return str.__str__(self), self._multiplier
