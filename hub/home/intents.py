"""From a sentence to an intent: hassil, with the sentences of home-assistant-intents."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hassil.intents import Intents, SlotList, TextSlotList
from hassil.recognize import RecognizeResult, recognize_best
from home_assistant_intents import get_intents

from hub.home.model import Area, AreaId, Floor, Home
from hub.home.multipliers import keep_apart
from hub.home.own_sentences import OWN_SENTENCES
from hub.home.prefilter import Prefilter
from hub.home.sentence_block import Sentences
from hub.home.spoken_names import spoken_forms

MAX_TEXT_CHARS = 300
"""No command is longer, and the time to find none grows with the length."""
_HERE = {"here": True}
Named = tuple[str, str]
"""A name and the kind of thing that it is of, as home-assistant-intents calls it ("todo")."""
_SWITCHED = ("siren", "humidifier", "water_heater")
"""What is turned on and off as a switch is, though the package does not think of it."""
_TEMPERATURES = ("HassClimateSetTemperature", "HassClimateGetTemperature")
_WARM_UP_TEXTS = ("turn on the light in the kitchen", "what is the temperature", "set it to 50 %")


@dataclass(frozen=True, slots=True)
class IntentMatch:
    """What a sentence means, in terms of home-assistant-intents. Nothing has been done yet."""

    intent: str
    slots: Mapping[str, Any]
    """"area" is an AreaId, "floor" a FloorId, "name" is what a device is called, numbers are
    numbers."""
    response: str
    """Which of the intent's answers fits."""
    text: str
    spoken: Mapping[str, str] = field(default_factory=dict)
    """The words that a slot was said with."""
    domains: tuple[str, ...] = ()
    """The kind of thing that "name" is."""
    here: bool = False
    """Whether the area is not in the sentence, but where it was said."""

    @property
    def later(self) -> str | None:
        """The command that is wanted later, in one piece: in German its end stands behind the
        time, as in "schalte die Lampe in zehn Minuten aus"."""
        command, end = self.slots.get("conversation_command"), self.slots.get("command_end")
        return None if command is None else " ".join(map(str, filter(None, (command, end))))


class LanguageUnsupported(Exception):
    """There are no sentences in this language."""


class IntentRecognizer:
    """Recognises sentences about one home in one language. Pure: it only reads the home."""

    def __init__(
        self,
        home: Home,
        language: str = "en",
        *,
        more: Sequence[Sentences] = (),
        also_named: Callable[[], Sequence[Named]] = tuple,
    ) -> None:
        """Load the sentences, and `more` of this language. Raises LanguageUnsupported.

        `also_named` are names of what is no device: lists of the hub.
        """
        self.language = data_language(language)
        self._home = home
        self._intents = _load(self.language, more)
        self._prefilter: Prefilter | None = None
        self._also_named = also_named
        self._known: tuple[int, tuple[Named, ...]] = (-1, ())
        self._lists: dict[str, SlotList] = {}

    def warm_up(self) -> None:
        """Parse every sentence now. Cold, the first recognition takes a quarter of a second.

        What this leaves behind lives as long as the hub; call `gc.freeze()` after it, for the
        collector to leave it alone.
        """
        self._prefilter_ready()
        for text in _WARM_UP_TEXTS:
            self.recognize(text, area=None)

    def recognize(self, text: str, *, area: AreaId | None) -> IntentMatch | None:
        """Return what a sentence means that was said in `area`; None if it means nothing."""
        if not text.strip() or len(text) > MAX_TEXT_CHARS:
            return None
        context: dict[str, Any] = {}
        if area is not None:
            context["area"] = {"value": area, "text": "", "metadata": _HERE}
        result = recognize_best(
            text,
            self._prefilter_ready().narrowed(text),
            slot_lists=self._current_lists(),
            intent_context=context,
            best_slot_name="name",
            language=self.language,
        )
        return None if result is None else _match(result, text)

    def _prefilter_ready(self) -> Prefilter:
        if self._prefilter is None:
            self._prefilter = Prefilter(self._intents)
        return self._prefilter

    def _current_lists(self) -> dict[str, SlotList]:
        known = (self._home.version, tuple(self._also_named()))
        if self._known != known:
            self._known = known
            self._lists = _lists(self._home, known[1])
        return self._lists


def data_language(language: str) -> str:
    """Return the language whose sentences serve a BCP 47 tag. Raises LanguageUnsupported."""
    for candidate in (language, language.split("-", maxsplit=1)[0].lower()):
        if _data(candidate) is not None:
            return candidate
    raise LanguageUnsupported(f"There are no sentences for the language {language!r}.")


def responses(language: str) -> Mapping[str, Any]:
    """Return the answer templates that belong to the sentences of a language."""
    data = _data(language)
    found: Mapping[str, Any] = {} if data is None else data["responses"]
    return found


@cache
def _data(language: str) -> dict[str, Any] | None:
    if not language.replace("-", "").isalnum():
        return None  # it becomes a part of a file name
    return get_intents(language)


def _load(language: str, more: Sequence[Sentences]) -> Intents:
    data = _data(language) or {}
    blocks: dict[str, list[Mapping[str, Any]]] = {
        name: [_widened(name, block) for block in intent["data"]]
        for name, intent in data["intents"].items()
    }
    for sentences in (OWN_SENTENCES.get(language, {}), *more):
        for name, own in sentences.items():
            blocks.setdefault(name, []).extend(own)
    theirs = data["intents"]
    intents = {name: {**theirs.get(name, {}), "data": found} for name, found in blocks.items()}
    return keep_apart(Intents.from_dict({**data, "intents": intents}))


def _widened(intent: str, block: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a block of sentences, that it may be about what is used in the same way, too."""
    context = block.get("requires_context", {})
    domains = context.get("domain")
    if not isinstance(domains, list):
        return block
    more: tuple[str, ...] = ()
    if {"switch", "media_player"} <= set(domains):
        more = _SWITCHED
    if domains == ["climate"] and intent in _TEMPERATURES:
        more = ("water_heater",)
    return {**block, "requires_context": {**context, "domain": [*domains, *more]}}


def _lists(home: Home, also_named: Sequence[Named]) -> dict[str, SlotList]:
    """Return the lists that sentences draw names and rooms from."""
    devices = (
        (called, device.domain)
        for device in home.devices()
        for called in (device.name, *device.aliases)
    )
    names: dict[tuple[str, str], tuple[str, str, dict[str, Any]]] = {}
    for called, domain in (*devices, *also_named):
        for form in spoken_forms(called):
            # Devices that share a name are told apart later, by rooms.
            key = (form.casefold(), domain)
            names.setdefault(key, (form, called, {"domain": domain}))
    return {
        "name": _text_list("name", list(names.values())),
        "area": _text_list("area", _places(home.areas())),
        "floor": _text_list("floor", _places(home.floors())),
    }


def _places(places: Iterable[Area | Floor]) -> list[tuple[str, str]]:
    """Return what rooms or floors are called, and which are meant."""
    return [
        (form, place.id)
        for place in places
        for called in (place.name, *place.aliases)
        for form in spoken_forms(called)
    ]


def _text_list(name: str, values: Sequence[tuple[Any, ...]]) -> TextSlotList:
    return TextSlotList.from_tuples(values, allow_template=False, name=name)


def _match(result: RecognizeResult, text: str) -> IntentMatch:
    slots = {name: _tidy(entity.value) for name, entity in result.entities.items()}
    area = result.entities.get("area")
    domain = result.context.get("domain")
    domains = (domain,) if isinstance(domain, str) and "name" in slots else ()
    return IntentMatch(
        intent=result.intent.name,
        slots=slots,
        response=result.response or "default",
        text=text,
        spoken={name: entity.text for name, entity in result.entities.items() if entity.text},
        domains=domains,
        here=area is not None and area.metadata == _HERE,
    )


def _tidy(value: Any) -> Any:
    """Return whole numbers as such: hassil reads them as fractions."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
