"""One block of sentences in hassil's form, written short."""

from collections.abc import Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]
Sentences = Mapping[str, Sequence[Block]]
"""By intent."""
OwnAnswers = Mapping[str, Mapping[str, str]]
"""Answer templates by intent and response."""

SWITCHABLE = (
    "light", "switch", "fan", "media_player", "climate", "siren", "humidifier", "water_heater",
)  # fmt: skip
CHOOSING = (
    "select", "climate", "water_heater", "humidifier", "fan", "light", "siren", "vacuum",
)  # fmt: skip
"""What has modes, presets, effects or the like."""
NUMBERS: Mapping[str, Any] = {
    "humidity": {"range": {"type": "percentage", "from": 0, "to": 100}},
    "value": {"range": {"from": 0, "to": 1000}},
    "option": {"wildcard": True},
    "text": {"wildcard": True},
    "digits": {"range": {"from": -100_000, "to": 100_000, "words": False, "fractions": "tenths"}},
    "kelvin": {"range": {"from": 1000, "to": 12_000, "step": 50}},
    "degrees": {"range": {"from": -50, "to": 300, "fractions": "halves"}},
}
"""Lists that are the same in every language."""


def block(
    *sentences: str,
    domain: str | Sequence[str] = (),
    of: str | Sequence[str] = (),
    here: bool = False,
    response: str = "default",
    lists: Mapping[str, Mapping[str, Any]] | None = None,
    slots: Mapping[str, str] | None = None,
) -> Block:
    """Return a block: `domain` is what its {name} is of, `of` what it means without a name.

    With `here` it means the room that it is said in. `lists` are its own, beside the package's;
    `slots` hold whatever the words are.
    """
    context: dict[str, Any] = {}
    if domain:
        context["domain"] = [domain] if isinstance(domain, str) else list(domain)
    if here:
        context["area"] = {"slot": True}
    return {
        "sentences": list(sentences),
        "slots": {
            **({"domain": of if isinstance(of, str) else list(of)} if of else {}),
            **(slots or {}),
        },
        "requires_context": context,
        "response": response,
        "lists": dict(lists or {}),
    }


def words(**entries: str) -> Mapping[str, Any]:
    """Return a list: what an entry stands for, and how it is said."""
    return {"values": [{"in": said, "out": value} for value, said in entries.items()]}
