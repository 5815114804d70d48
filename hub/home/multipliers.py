"""Numbers that mean others: the ten of "down by ten" is minus ten."""

from collections.abc import Mapping
from typing import Any

from hassil.expression import Group
from hassil.intents import Intents, RangeSlotList
from hassil.recognize import RecognizeResult


class Multipliers:
    """What numbers are multiplied with, by the list that they are from.

    hassil multiplies by itself, but keeps the words of a range as the first list had them in which
    they were looked for: after "down by ten" its "fifty percent" is minus fifty, for every home. So
    it is told of no multiplier.
    """

    def __init__(self, intents: Intents) -> None:
        """Take the multipliers off the lists of `intents`."""
        self._rules = intents.expansion_rules
        self._by_list: dict[str, float] = {}
        for name, numbers in intents.slot_lists.items():
            if isinstance(numbers, RangeSlotList) and numbers.multiplier is not None:
                self._by_list[name] = numbers.multiplier
                numbers.multiplier = None

    def values(self, result: RecognizeResult) -> Mapping[str, Any]:
        """Return what was said for each slot.

        Whole numbers, which hassil reads as fractions, are whole; no text has blanks around it.
        """
        values = {name: entity.value for name, entity in result.entities.items()}
        for name, multiplier in self._by_slot(result).items():
            if isinstance(values.get(name), int | float):
                values[name] *= multiplier
        return {name: _tidy(value) for name, value in values.items()}

    def _by_slot(self, result: RecognizeResult) -> Mapping[str, float]:
        sentence = result.intent_sentence
        if sentence is None or not isinstance(sentence.expression, Group):
            return {}
        return {
            reference.slot_name: self._by_list[reference.list_name]
            for reference in sentence.expression.list_references(self._rules)
            if reference.list_name in self._by_list
        }


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    return int(value) if isinstance(value, float) and value.is_integer() else value
