"""Says sampled sentences to the checked home, and judges what comes of them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hassil.intents import Intents
from home_assistant_intents import get_intents

from hub.home.actions import ActionResult, Actions, Deed
from hub.home.answers import Answers
from hub.home.intents import IntentRecognizer, data_language
from hub.home.model import AreaId
from hub.home.targets import Request
from hub.origin import Origin
from hub.sentence_check.checked_home import CheckedHome
from hub.sentence_check.expected import expected, facts
from hub.sentence_check.home_words import AREAS, WILDCARDS
from hub.sentence_check.sampling import Sample, Sampler, Template, templates
from hub.sentence_check.situation import Expected

MAX_DRAWS = 400
"""So often a template is drawn from until a sentence has a sense in this home."""
CONFIRM_TIMEOUT_S = 0.05
"""The devices obey at once, or never."""
_NOT_SAID = ("None", "Home Assistant", "{", "}", "checked/")

LEFT_OUT = {
    "person": "people and where they are: the hub does not track anybody",
}
"""What has no meaning here, and why: by domain."""
DEEDS = (
    "HassStartTimer", "HassCancelTimer", "HassCancelAllTimers", "HassIncreaseTimer",
    "HassDecreaseTimer", "HassPauseTimer", "HassUnpauseTimer", "HassTimerStatus",
    "HassListAddItem", "HassListCompleteItem", "HassListRemoveItem",
    "HassShoppingListAddItem", "HassShoppingListCompleteItem", "HassBroadcast",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """A sentence that did not lead to what it should."""

    intent: str
    template: str
    text: str
    here: str
    reason: str


@dataclass(slots=True)
class Report:
    """What came of the sentences of one language."""

    language: str
    said: Counter[str] = field(default_factory=Counter)
    """Sentences by intent."""
    right: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    """Templates without a meaning here, by reason."""
    failures: list[Failure] = field(default_factory=list)
    answers: dict[str, set[str]] = field(default_factory=dict)
    """What was said, by intent."""

    @property
    def share(self) -> float:
        """How many of all sentences were right, 0 to 1."""
        return self.right.total() / max(self.said.total(), 1)


class SentenceCheck:
    """Checks the sentences of one language."""

    def __init__(self, language: str, seed: int = 0) -> None:
        """Raises LanguageUnsupported for a language without sentences."""
        self.language = data_language(language)
        self.checked = CheckedHome(self.language)
        self._recognizer = IntentRecognizer(
            self.checked.home, self.language, also_named=self.checked.todo_lists
        )
        self._deed: dict[str, object] = {}
        self._actions = Actions(
            self.checked.home,
            self.checked,
            confirm_timeout_s=CONFIRM_TIMEOUT_S,
            deeds={intent: self._noting(intent) for intent in DEEDS},
        )
        intents = Intents.from_dict(get_intents(self.language) or {})
        self.sampler = Sampler(
            intents, self.language, self.checked.lists(), WILDCARDS[self.language], seed
        )
        self.report = Report(self.language)
        self._templates = []
        for template in templates(intents):
            if (reason := _left_out(template)) is not None:
                self.report.left_out[reason] += 1
            else:
                self._templates.append(template)

    def only(self, intent: str) -> None:
        """Draw from the templates of one intent alone."""
        self._templates = [one for one in self._templates if one.intent == intent]

    def plan(self, count: int | None) -> list[Template]:
        """Return the templates to draw from: each once, or `count` spread over all of them."""
        if count is None:
            return self._templates
        whole, rest = divmod(count, len(self._templates))
        step = len(self._templates) / rest if rest else 0
        some = [self._templates[int(number * step)] for number in range(rest)]
        return [*self._templates * whole, *some]

    async def run(self, count: int | None, on_sentence: Callable[[], None]) -> Report:
        """Say the sentences one after the other."""
        for template in self.plan(count):
            await self._say(template)
            on_sentence()
        return self.report

    async def _say(self, template: Template) -> None:
        found = self._draw(template)
        report = self.report
        report.said[template.intent] += 1
        if found is None:
            report.failures.append(
                Failure(template.intent, template.text, "", "", "no sentence for this home")
            )
            return
        sample, here, right = found
        reason = await self._judge(sample, here, right)
        if reason is None:
            report.right[template.intent] += 1
        else:
            report.failures.append(
                Failure(template.intent, template.text, sample.text, here, reason)
            )

    def _draw(self, template: Template) -> tuple[Sample, str, Expected] | None:
        for _ in range(MAX_DRAWS):
            here = self.sampler.choose(list(AREAS))
            try:
                sample = self.sampler.draw(template)
            except LookupError:
                return None
            right = expected(sample, here, self.language)
            if right is not None:
                return sample, here, right
        return None

    async def _judge(self, sample: Sample, here: str, right: Expected) -> str | None:
        """Return what is wrong, or None."""
        self.checked.reset()
        self._deed.clear()
        match = self._recognizer.recognize(sample.text, area=AreaId(here))
        if match is None:
            return "not understood"
        result = await self._actions.perform(match, Origin(here, self.language))
        self.report.answers.setdefault(match.intent, set()).add(result.speech)
        return next(self._faults(result, right, match.intent, match.response), None)

    def _faults(
        self, result: ActionResult, right: Expected, intent: str, response: str
    ) -> Iterator[str]:
        """Yield what is wrong."""
        as_what = f"as {intent} ({response})"
        sent = frozenset(self.checked.messages)
        if right.deed != self._deed:
            yield f"{as_what}: {self._deed or 'nothing'} was asked for"
        if not result.ok:
            yield f"{as_what}: {result.code}: {result.speech}"
        missing, extra = right.messages - sent, sent - right.messages - right.allowed
        if missing or extra:
            yield f"{as_what}: missing {_shown(missing)}, wrong {_shown(extra)}"
        if not right.deed and not right.says(result.speech):
            yield f"{as_what}: wrong answer {result.speech!r}"
        if any(word in result.speech for word in _NOT_SAID):
            yield f"{as_what}: odd answer {result.speech!r}"

    def _noting(self, intent: str) -> Deed:
        async def note(request: Request, _origin: Origin, _answers: Answers) -> ActionResult:
            await asyncio.sleep(0)
            match = request.match
            said = {
                slot: value
                for slot, value in match.slots.items()
                if not (slot == "area" and match.here)
            }
            self._deed.update({"intent": intent, **facts(said)})
            return ActionResult("", ok=True)

        return note


def _left_out(template: Template) -> str | None:
    domain = template.data.slots.get("domain")
    domains = (*template.domains, *((domain,) if isinstance(domain, str) else ()))
    return next((reason for kind, reason in LEFT_OUT.items() if kind in domains), None)


def _shown(messages: frozenset[tuple[str, str, str]]) -> str:
    shown = [f"{key}/{topic}={payload}" for key, topic, payload in sorted(messages)[:3]]
    return " ".join(shown) or "nothing"
