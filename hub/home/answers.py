"""What is said: home-assistant-intents' own answers, filled in with what was found or done."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import structlog
from jinja2 import Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from hub.home.intents import LanguageUnsupported, data_language, responses
from hub.home.model import Device, DeviceState
from hub.home.own_refusals import OWN_REFUSALS
from hub.home.own_sentences import OWN_ANSWERS
from hub.home.remarks import REMARKS
from hub.home.sentence_block import OwnAnswers
from hub.home.spoken_values import in_words
from hub.home.state_words import state_words
from hub.home.units import DECIMAL_COMMA, spoken_unit, state_with_unit

log = structlog.get_logger(__name__)

MAX_ANSWER_CHARS = 600
"""About a minute of speech."""
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_SPACE_BEFORE = re.compile(r"\s+([,.!?])")
_OUR_NAME = "Sotto"
_WEATHER_UNITS = {"wind_speed_unit": "km/h", "pressure_unit": "hPa"}
"""What weather reports are in, as docs/mqtt.md says."""

StateOf = Callable[[Device], DeviceState]


@dataclass(frozen=True, slots=True)
class _Subject:
    """A device as the templates see it."""

    entity_id: str
    name: str
    domain: str
    state: str
    state_with_unit: str
    attributes: Mapping[str, Any]


class Answers:
    """The answers of one language. Nothing here raises: an answer that fails is an apology."""

    def __init__(self, language: str, more: Sequence[Mapping[str, OwnAnswers]] = ()) -> None:
        """`more` are answers by language, which stand before the package's and our own."""
        self.language = data_language(language)
        self._templates = responses(self.language)
        self._own: dict[str, dict[str, str]] = {}
        for answers in (OWN_ANSWERS, *more):
            for intent, by_response in answers.get(self.language, {}).items():
                self._own.setdefault(intent, {}).update(by_response)

    def say(
        self,
        intent: str,
        response: str,
        *,
        slots: Mapping[str, Any],
        state_of: StateOf,
        devices: Sequence[Device] = (),
        matched: Sequence[Device] = (),
        unmatched: Sequence[Device] = (),
    ) -> str:
        """Return an intent's answer."""
        known = {**self._templates.get("intents", {}).get(intent, {}), **self._own.get(intent, {})}
        source = known.get(response, known.get("default", ""))

        def subject(device: Device) -> _Subject:
            return _subject(device, state_of(device), self.language)

        subjects = {device.id: subject(device) for device in (*devices, *matched, *unmatched)}
        by_id: dict[str, _Subject] = {str(key): value for key, value in subjects.items()}

        def state_attr(entity_id: str, name: str) -> Any:
            found = by_id.get(entity_id)
            return None if found is None else found.attributes.get(name)

        values = {
            "slots": self._spoken(slots),
            "query": {
                "matched": [subjects[device.id] for device in matched],
                "unmatched": [subjects[device.id] for device in unmatched],
            },
            "state": subjects[devices[0].id] if devices else None,
            "state_attr": state_attr,
        }
        text = self._render(f"{intent}.{response}", source, values)
        return text.replace("Home Assistant", _OUR_NAME)

    def error(self, key: str, **values: Any) -> str:
        """Return the answer that says why something can not be done."""
        known = {**self._templates.get("errors", {}), **OWN_REFUSALS.get(self.language, {})}
        source = known.get(key, known.get("handle_error", ""))
        return self._render(key, source, in_words(values, self.language))

    def remark(self, key: str, names: Sequence[str] = ()) -> str:
        """Return one of our own sentences about devices; in a language without it, an apology."""
        own = REMARKS.get(self.language)
        if own is None:
            return self.error("handle_error")
        return own[key].format(name=_listed(names, own["and"]))

    def _spoken(self, slots: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a sentence was filled with, states in the words of the language."""
        spoken = in_words(slots, self.language)
        if isinstance(state := spoken.get("state"), str):
            spoken["state"] = state_words(state, self.language)
        return spoken

    def _render(self, name: str, source: str, values: Mapping[str, Any]) -> str:
        try:
            text = _compiled(source).render(values)
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            # Hundreds of templates in sixty languages: one of them must not cost the answer.
            log.warning("answer failed", answer=name, language=self.language, error=str(error))
            text = str(self._templates.get("errors", {}).get("handle_error", ""))
        text = _SPACE_BEFORE.sub(r"\1", " ".join(text.split()))[:MAX_ANSWER_CHARS]
        return _DECIMAL_POINT.sub(",", text) if self.language in DECIMAL_COMMA else text


def _subject(device: Device, state: DeviceState, language: str) -> _Subject:
    attributes = dict(state.attributes)
    attributes.setdefault("temperature_unit", spoken_unit(device.unit, language))
    if device.domain == "weather":
        attributes = {**_WEATHER_UNITS, **attributes}
    return _Subject(
        entity_id=device.id,
        name=device.name,
        domain=device.domain,
        state=state.value,
        # A thermostat's or weather report's unit is that of its temperature, not of its state.
        state_with_unit=state_with_unit(
            state,
            device.unit if device.domain in {"sensor", "number"} else None,
            language,
            device.device_class if device.domain == "binary_sensor" else None,
        ),
        attributes=attributes,
    )


def _listed(names: Sequence[str], conjunction: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


@cache  # bounded by the number of answers in the package
def _compiled(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)


def _number(value: Any) -> Any:
    """Say a whole number as one, wherever a template computed it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# The templates are the package's; names and states, which strangers choose, only fill them in.
_ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=False, finalize=_number)


class AnswerBook:
    """The answers of each language, made when they are first wanted."""

    def __init__(self, more: Sequence[Mapping[str, OwnAnswers]] = ()) -> None:
        self._more = tuple(more)
        self._made: dict[str, Answers] = {}

    def of(self, language: str) -> Answers:
        """Return the answers of a language, or English ones."""
        if language not in self._made:
            try:
                self._made[language] = Answers(language, self._more)
            except LanguageUnsupported:
                self._made[language] = Answers("en", self._more)
        return self._made[language]
