"""The mind of a home: intents are recognised and carried out. No model is asked."""

import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, cast

from hub.conversation.consent import consent
from hub.conversation.mind import Reply, Thought, Understanding
from hub.events import ToolAnswered, ToolCalled
from hub.home import asking_words
from hub.home.actions import ActionResult, Actions
from hub.home.confirmations import ASKED, Confirmations, Pending, Rest
from hub.home.gate import REFUSED
from hub.home.intents import IntentMatch, IntentRecognizer
from hub.home.model import Home
from hub.home.spoken_codes import MASK, Code, Coded, bare_code, masked, only_code, with_code
from hub.origin import Origin
from hub.tools.audit import Audit, Verdict, shown

# Keys of the error sentences of home-assistant-intents.
_ERRORS = {"not-understood": "no_intent", "failed": "handle_error"}
# Keys of our own sentences.
_REMARKS = {
    "late": "late",
    "no-room": "no_room",
    "busy": "busy",
    "here": "here",
    "noted": "noted",
}
YES, NO, CODE = "Yes", "No", "Code"
"""Intents of the answers to a question of the hub."""


class OwnCommands(Protocol):
    """Sentences that are not the package's, and what they do."""

    def recognize(self, text: str, origin: Origin) -> IntentMatch | None:
        """Return what `text` means; None if it means nothing. Does nothing."""

    async def perform(self, match: IntentMatch, origin: Origin) -> ActionResult:
        """Do it. Never raises."""


@dataclass(frozen=True, slots=True)
class _Own:
    """A sentence that is not the package's."""

    match: IntentMatch


@dataclass(frozen=True, slots=True)
class _Coded:
    """A sentence that names a code."""

    match: IntentMatch
    code: Code


@dataclass(frozen=True, slots=True)
class _Consent:
    """A yes or a no, and to what; or the code that was asked for."""

    pending: Pending
    yes: bool
    code: Code | None = None


class HomeMind:
    """Understands what home-assistant-intents and the owner's sentences say, and does it."""

    def __init__(
        self,
        home: Home,
        recognizers: Sequence[IntentRecognizer],
        actions: Actions,
        *,
        confirmations: Confirmations | None = None,
        own: OwnCommands | None = None,
        audit: Audit | None = None,
        publish: Callable[[ToolCalled | ToolAnswered], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """There is a recogniser for each language that is spoken here, the household's first.

        `own` sentences come before those of the package.
        """
        self._home = home
        self._recognizers = {one.language: one for one in recognizers}
        self._default = recognizers[0]
        self._actions = actions
        self._confirmations = confirmations or Confirmations()
        self._own = own
        self._audit = audit
        self._publish = publish
        self._calls = itertools.count(1)
        self._clock = clock

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        """Return what `text` means."""
        pending = self._confirmations.open(origin)
        if pending is not None and pending.entry is not None:
            code = only_code(text, origin.language)
            if code is not None:
                return Understanding(CODE, _Consent(pending, True, code), grows=True)
        if pending is not None and (yes := consent(text, origin.language)) is not None:
            return Understanding(YES if yes else NO, _Consent(pending, yes))
        if (coded := self._coded(text, origin)) is not None:
            return Understanding(coded.match.intent, coded, grows=True)
        if self._own is not None and (own := self._own.recognize(text, origin)) is not None:
            return Understanding(own.intent, _Own(own))
        match = self._recognized(text, origin)
        if match is None or not self._actions.is_about_something(match):
            return None
        if match.later is not None and self.understand(match.later, origin) is None:
            return None  # "I will be home in ten minutes" is told, not ordered
        return Understanding(self._actions.intent(match), match)

    def kept(self, text: str, origin: Origin) -> str:
        """Return `text` without the code in it, where the home has something that wants codes."""
        pending = self._confirmations.open(origin)
        if pending is not None and pending.entry is not None:
            return masked(text, all_digits=True)
        if not self._actions.keypad.used:
            return text
        # Of a code that is not called one, not even the first digits are shown.
        bare = self._barely_coded(text, origin, least=1)
        return masked(text) if bare is None else f"{bare.rest} {MASK}"

    def is_answer(self, text: str, origin: Origin) -> bool:
        """Return whether `text` is a yes or a no to what is being asked in this turn."""
        asked = self._confirmations.asked(origin)
        return asked and consent(text, origin.language) is not None

    def _recognized(self, text: str, origin: Origin) -> IntentMatch | None:
        language = origin.language.split("-", maxsplit=1)[0]
        recognizer = self._recognizers.get(language, self._default)
        area = self._home.area_named(origin.area) if origin.area else None
        return recognizer.recognize(text, area=None if area is None else area.id)

    def _coded(self, text: str, origin: Origin) -> _Coded | None:
        """Return what a sentence with a code means, where a device takes one for that."""
        said = with_code(text, origin.language)
        if said is None and self._actions.keypad.used:
            said = self._barely_coded(text, origin)
        match = None if said is None else self._recognized(said.rest, origin)
        if said is None or match is None or not self._actions.takes_code(match, origin):
            return None
        return _Coded(match, said.code)

    def _barely_coded(self, text: str, origin: Origin, **least: int) -> Coded | None:
        """Return a sentence without its only number, where that can only be a code: "unlock the
        door one two three four"."""
        said = bare_code(text, origin.language, **least)
        match = None if said is None else self._recognized(said.rest, origin)
        if match is None or not self._actions.takes_code(match, origin):
            return None
        return said if self._recognized(text, origin) is None else None

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        """Do it; what the home refuses is told in the reply."""
        match = understanding.match
        if isinstance(match, _Consent):
            return await self._answered(match, origin)
        self._confirmations.drop(origin)  # whatever waits, this is no answer to it
        deed: Callable[[], Awaitable[ActionResult]]
        if isinstance(match, _Own):
            assert self._own is not None
            meant = match.match
            deed = partial(self._own.perform, meant, origin)
        elif isinstance(match, _Coded):
            meant = match.match
            deed = partial(self._actions.perform, meant, origin, match.code)
        else:
            meant = cast("IntentMatch", match)
            deed = partial(self._actions.perform, meant, origin)
        return _reply(await self._audited(deed, origin, meant.intent, meant.slots))

    async def _answered(self, answer: _Consent, origin: Origin) -> Reply:
        """Do what waited for a yes, or let it be."""
        pending = answer.pending
        wish = pending.wish
        if not self._confirmations.redeem(pending):  # somebody else was quicker
            return Reply(self.remark("not-understood", origin.language), ok=False)
        if answer.yes:
            if pending.entry is not None:
                pending.entry.origin, pending.entry.code = origin, answer.code
            result = await self._audited(
                pending.deed, origin, wish.tool, wish.arguments, verdict="confirmed"
            )
            return _reply(await self._followed(result, pending.rest, origin))
        if self._audit is not None:
            self._audit.note(origin, wish.tool, self._shown(wish.arguments), "declined")
        return Reply(asking_words.dropped(origin.language))

    async def _followed(
        self, result: ActionResult, rest: Sequence[Rest], origin: Origin
    ) -> ActionResult:
        """Do what comes after something that waited, up to what fails or waits itself."""
        for number, one in enumerate(rest):
            if result.code == ASKED:
                self._confirmations.follow(origin, *rest[number:])
            if not result.ok:
                break
            deed = partial(one.deed, result, origin)
            result = await self._audited(deed, origin, one.tool, one.arguments)
        return result

    async def _audited(
        self,
        deed: Callable[[], Awaitable[ActionResult]],
        origin: Origin,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        verdict: Verdict = "allowed",
    ) -> ActionResult:
        """Do it, take note of it, and return what came of it."""
        began_s, call = self._clock(), f"h{next(self._calls)}"
        result: ActionResult | None = None
        here, turn, safe = origin.satellite, origin.turn, self._shown(arguments)
        self._publish(ToolCalled(here, turn, call, tool, shown(safe)))
        try:
            result = await deed()
        finally:
            took_ms = (self._clock() - began_s) * 1000
            code = "broken" if result is None else result.code
            if self._audit is not None and code not in (ASKED, REFUSED):  # the gate tells of those
                self._audit.note(origin, tool, safe, verdict, code=code, took_ms=took_ms)
            ok, text = (False, "") if result is None else (result.ok, result.speech)
            self._publish(ToolAnswered(here, turn, call, ok, text, took_ms, code == ASKED))
        return result

    def _shown(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return arguments without the codes that free words among them may tell."""
        if not self._actions.keypad.used:
            return arguments
        return {
            name: masked(value) if isinstance(value, str) else value
            for name, value in arguments.items()
        }

    def think(self, thought: Thought) -> AsyncIterator[str] | None:
        """Return None: no model is asked."""
        del thought
        return None

    def remark(self, code: str, language: str) -> str:
        """Return a short sentence for one of the codes of the port."""
        answers = self._actions.answers(language)
        return answers.error(_ERRORS[code]) if code in _ERRORS else answers.remark(_REMARKS[code])


def _reply(result: ActionResult) -> Reply:
    details = {
        "commands": len(result.commands),
        "confirmed": result.confirmed,
        "published_ms": result.published_ms,
        "confirmed_ms": result.confirmed_ms,
        "code": result.code,
    }
    return Reply(result.speech, ok=result.ok, details=details)
