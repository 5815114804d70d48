""" "Continue in the kitchen": a conversation that moves to another room. Pure."""

import re

_PATTERNS = {
    "en": r"(?:(?:please|can you|could you|would you) )?"
    r"(?:continue|go on|carry on|keep talking|move)(?: this| that| it)?"
    r"(?: to me)? (?:in|to) (?:the )?(?P<room>.+?)(?: (?:please|for me))?",
    "de": r"(?:bitte )?(?:mach|rede|sprich|fahr)(?:e)? (?:bitte )?(?:im|in der|in dem|in) "
    r"(?P<room>.+?) (?:weiter|fort)(?: bitte)?",
    "fr": r"(?:continue|poursuis|continuez)(?: cela| ça)? (?:dans|en|à|au) "
    r"(?:la |le |l')?(?P<room>.+?)(?: s'il te plaît)?",
    "es": r"(?:continúa|continua|sigue)(?: esto| eso)? (?:en|a) (?:la |el )?(?P<room>.+?)"
    r"(?: por favor)?",
}
_COMPILED = {
    language: re.compile(pattern, re.IGNORECASE) for language, pattern in _PATTERNS.items()
}


def destination(text: str, language: str) -> str | None:
    """Return the room that `text` asks to continue in; None if it asks for something else."""
    pattern = _COMPILED.get(language.split("-", maxsplit=1)[0].lower())
    found = pattern.fullmatch(text.strip(" .!?")) if pattern else None
    return found["room"].strip(" ,") if found else None
