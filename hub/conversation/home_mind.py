"""The mind of a home: intents are recognised and carried out. No model is asked."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from hub.conversation.consent import consent
from hub.conversation.mind import Reply, Thought, Understanding
from hub.home import asking_words
from hub.home.actions import ActionResult, Actions
from hub.home.confirmations import Confirmations, Pending
from hub.home.gate import ASKED, REFUSED
from hub.home.intents import IntentMatch, IntentRecognizer
from hub.home.model import Home
from hub.origin import Origin
from hub.tools.audit import Audit, Verdict

# Keys of the error sentences of home-assistant-intents.
_ERRORS = {"not-understood": "no_intent", "failed": "handle_error"}
# Keys of our own sentences.
_REMARKS = {"no-room": "no_room", "busy": "busy", "here": "here", "noted": "noted"}
YES, NO = "Yes", "No"
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
class _Consent:
    """A yes or a no, and to what."""

    pending: Pending
    yes: bool


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
        self._clock = clock

    def understand(self, text: str, origin: Origin) -> Understanding | None:
        """Return what `text` means."""
        pending = self._confirmations.open(origin)
        if pending is not None and (yes := consent(text, origin.language)) is not None:
            return Understanding(YES if yes else NO, _Consent(pending, yes))
        if self._own is not None and (own := self._own.recognize(text, origin)) is not None:
            return Understanding(own.intent, _Own(own))
        language = origin.language.split("-", maxsplit=1)[0]
        recognizer = self._recognizers.get(language, self._default)
        area = self._home.area_named(origin.area) if origin.area else None
        match = recognizer.recognize(text, area=None if area is None else area.id)
        if match is None:
            return None
        later = match.slots.get("conversation_command")
        if later is not None and self.understand(str(later), origin) is None:
            return None  # "I will be home in ten minutes" is told, not ordered
        return Understanding(self._actions.intent(match), match)

    async def act(self, understanding: Understanding, origin: Origin) -> Reply:
        """Do it; what the home refuses is told in the reply."""
        match = understanding.match
        if isinstance(match, _Consent):
            return await self._answered(match, origin)
        self._confirmations.drop(origin)  # whatever waits, this is no answer to it
        if isinstance(match, _Own):
            own, said = self._own, match.match
            assert own is not None
            return await self._audited(
                lambda: own.perform(said, origin), origin, said.intent, said.slots
            )
        meant = cast("IntentMatch", match)
        return await self._audited(
            lambda: self._actions.perform(meant, origin), origin, meant.intent, meant.slots
        )

    async def _answered(self, answer: _Consent, origin: Origin) -> Reply:
        """Do what waited for a yes, or let it be."""
        pending = answer.pending
        wish = pending.wish
        if not self._confirmations.redeem(pending):  # somebody else was quicker
            return Reply(self.remark("not-understood", origin.language), ok=False)
        if answer.yes:
            return await self._audited(
                pending.deed, origin, wish.tool, wish.arguments, verdict="confirmed"
            )
        if self._audit is not None:
            self._audit.note(origin, wish.tool, wish.arguments, "declined")
        return Reply(asking_words.dropped(origin.language))

    async def _audited(
        self,
        deed: Callable[[], Awaitable[ActionResult]],
        origin: Origin,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        verdict: Verdict = "allowed",
    ) -> Reply:
        """Do it, take note of it, and tell what came of it."""
        began_s = self._clock()
        result: ActionResult | None = None
        try:
            result = await deed()
        finally:
            code = "broken" if result is None else result.code
            if self._audit is not None and code not in (ASKED, REFUSED):  # the gate tells of those
                took_ms = (self._clock() - began_s) * 1000
                self._audit.note(origin, tool, arguments, verdict, code=code, took_ms=took_ms)
        details = {
            "commands": len(result.commands),
            "confirmed": result.confirmed,
            "published_ms": result.published_ms,
            "confirmed_ms": result.confirmed_ms,
            "code": result.code,
        }
        return Reply(result.speech, ok=result.ok, details=details)

    def think(self, thought: Thought) -> AsyncIterator[str] | None:
        """Return None: no model is asked."""
        del thought
        return None

    def remark(self, code: str, language: str) -> str:
        """Return a short sentence for one of the codes of the port."""
        answers = self._actions.answers(language)
        return answers.error(_ERRORS[code]) if code in _ERRORS else answers.remark(_REMARKS[code])
