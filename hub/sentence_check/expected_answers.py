"""What the answer to a question must say, worked out from what the devices have told."""

from collections.abc import Mapping

from hub.sentence_check.home_words import Thing, name_of
from hub.sentence_check.kinds import KINDS, TEMPERATURE, WEATHER
from hub.sentence_check.situation import Expected, Situation, listed

YES_NO: Mapping[str, tuple[str, str]] = {
    "en": ("Yes", "No"),
    "fr": ("Oui", "Non"),
    "de": ("Ja", "Nein"),
    "es": ("Sí", "No"),
}
NONE: Mapping[str, str] = {
    "en": "Not any",
    "fr": "Aucun appareil",
    "de": "Keins",
    "es": "Ningún dispositivo",
}


def state(situation: Situation) -> Expected | None:
    """Hold the answer against what the devices have told."""
    response = situation.sample.template.data.response
    things = situation.things(*listed(situation.slots.get("domain")))
    if not things:
        return None
    wanted = situation.slots.get("state")
    matched = {name_of(t.names, situation.language) for t in things if _state_of(t) == wanted}
    others = {name_of(t.names, situation.language) for t in things if _state_of(t) != wanted}
    yes, no = YES_NO[situation.language]
    if response == "one":
        told = name_of(things[0].names, situation.language)
        if KINDS[things[0].kind].domain == "sensor":
            number = KINDS[things[0].kind].on["state"]
            told = number if situation.language == "en" else number.replace(".", ",")
        return Expected(says=lambda text: told.casefold() in text.casefold())
    if response == "one_yesno":
        return Expected(says=lambda text: text.startswith(yes if matched else no))
    if response == "how_many":
        return Expected(says=lambda text: text == str(sum(_state_of(t) == wanted for t in things)))
    if response == "any":
        return Expected(
            says=lambda text: text.startswith(yes if matched else no) and _names(text, matched)
        )
    if response == "all":
        return Expected(
            says=lambda text: text.startswith(no if others else yes) and _names(text, others)
        )
    if not matched:
        return Expected(says=lambda text: text == NONE[situation.language])
    return Expected(says=lambda text: _names(text, matched) and not _any(text, others - matched))


def _names(text: str, names: set[str]) -> bool:
    """Whether an answer names all of a few, or three of many."""
    told = [name for name in names if name in text]
    return len(told) >= (min(len(names), 3))


def _any(text: str, names: set[str]) -> bool:
    return any(name in text for name in names)


def _state_of(thing: Thing) -> str:
    domain = KINDS[thing.kind].domain
    words = {"cover": ("open", "closed"), "valve": ("open", "closed"),
             "lock": ("locked", "unlocked")}  # fmt: skip
    return words.get(domain, ("on", "off"))[0 if thing.on else 1]


def measured(situation: Situation) -> Expected | None:
    """Return what a question for the temperature is answered with."""
    template = situation.sample.template
    if not situation.things("climate"):
        return None
    number = 21 if template.data.response == "target_temperature" else TEMPERATURE
    said = str(number) if situation.language == "en" else str(number).replace(".", ",")
    return Expected(says=lambda text: said in text)


def weather(situation: Situation) -> Expected:
    """Return what a question for the weather is answered with."""
    key = {"wind": "wind_speed", "pressure": "pressure"}.get(
        situation.sample.template.data.response or "", "temperature"
    )
    if situation.sample.template.data.response == "uv":
        return Expected()
    return Expected(says=lambda text: str(WEATHER[key]) in text)
