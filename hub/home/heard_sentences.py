"""Own sentences as the embedded recogniser can hear them: with all their words in one template."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hub.home.spoken_command import LIST_REFERENCE, RULE_REFERENCE, SpokenCommand

MAX_VALUES = 200
"""Of a list; more of them are not told apart by sound anyway."""
_WORDS = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)*")


def heard_sentences(commands: Sequence[SpokenCommand], language: str) -> list[str]:
    """Return the templates that can be heard; what may be any text, or any number, can not."""
    found = []
    for command in commands:
        if command.language == language:
            found += [_whole(sentence, command) for sentence in command.sentences]
    return list(dict.fromkeys(one for one in found if one))


def _whole(sentence: str, command: SpokenCommand, depth: int = 0) -> str:
    """Return a sentence with its own rules and lists written out; empty where that can not be."""
    if depth > 8:
        return ""
    for name in RULE_REFERENCE.findall(sentence):
        if name in command.rules:
            body = _whole(command.rules[name], command, depth + 1)
            if not body:
                return ""
            sentence = sentence.replace(f"<{name}>", f"({body})")
    for name, _ in LIST_REFERENCE.findall(sentence):
        if name not in command.lists:
            continue
        words = _words(command.lists[name])
        if not words:
            return ""
        sentence = re.sub(rf"\{{{re.escape(name)}(:[\w-]+)?\}}", f"({'|'.join(words)})", sentence)
    return sentence


def _words(values: Mapping[str, Any]) -> list[str]:
    """Return what may be said of a list."""
    entries = values.get("values")
    if not isinstance(entries, list) or len(entries) > MAX_VALUES:
        return []
    words = [one if isinstance(one, str) else str(one["in"]) for one in entries]
    return words if all(_WORDS.fullmatch(word) for word in words) else []
