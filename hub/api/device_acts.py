"""Devices told something by hand: by the rules that hold for what is said, and asked like it."""

import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.acting import Acting
from hub.api.home_views import schema_of
from hub.api.problems import Problem
from hub.home.actions import ActionResult
from hub.home.confirmations import ASKED
from hub.home.gate import REFUSED
from hub.home.intents import IntentMatch
from hub.home.model import Device, HomeCommand
from hub.home.spoken_codes import Code
from hub.origin import Origin
from hub.tools.argument_schemas import ArgumentValidator
from hub.words import worded

TOOL = "dashboard"
"""What rules and the audit call what is done by hand."""
_STATUS = {
    REFUSED: 403,
    "wrong-code": 403,
    "unavailable": 409,
    "needs-code": 409,
    "out-of-range": 422,
    "code-locked": 429,
    "failed": 502,
    "home-unreachable": 503,
    "no-reaction": 504,
}


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody wants of a device."""

    device: Device
    verb: str
    arguments: Mapping[str, Any]
    code: str | None = field(default=None, repr=False)
    confirm: str | None = None
    """What a question gave, by whoever says yes to it."""

    @property
    def match(self) -> IntentMatch:
        """Return it as an intent."""
        slots = {"device": self.device.id, "verb": self.verb, **self.arguments}
        return IntentMatch(TOOL, slots, "default", self.device.name)


class DeviceActs:
    """Carries out what is wanted by hand, and takes note of it."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting
        self._confirmations = acting.rules.confirmations
        self._audit = acting.rules.audit

    async def perform(self, act: Act, person: str, language: str) -> ActionResult:
        """Do it. Raises Problem: "needs-confirmation" or "needs-code" where somebody has to say
        yes, or the code, and whatever keeps the device from obeying."""
        _check(act)
        token = act.confirm or uuid.uuid4().hex
        origin = Origin(language=language, person=person, conversation=token)
        code = None if act.code is None else Code(act.code)
        if act.confirm is not None:
            result = await self._confirmed(act, origin, code)
        else:
            command = HomeCommand(act.device.id, act.verb, act.arguments)
            result = await self._audited(
                act,
                origin,
                "allowed",
                lambda: self._acting.actions.tell((command,), act.match, origin, "", code),
            )
        if result.code == ASKED:
            pending = self._confirmations.open(origin)
            coded = pending is not None and pending.entry is not None
            kind = "needs-code" if coded else "needs-confirmation"
            raise Problem(409, kind, result.speech, confirm=token)
        if not result.ok:
            code_ = result.code or "failed"
            text = result.speech or worded(
                "device-disobeyed", "{device} did not obey.", device=act.device.name
            )
            raise Problem(_STATUS.get(code_, 409), code_, text)
        return result

    async def _confirmed(self, act: Act, origin: Origin, code: Code | None) -> ActionResult:
        """Do what somebody was asked about."""
        pending = self._confirmations.open(origin)
        if pending is None or pending.wish.arguments != act.match.slots:
            raise Problem(
                409, "confirmation-expired", "The question is no longer open. Ask for it again."
            )
        if pending.entry is not None:
            if code is None:
                raise Problem(409, "needs-code", pending.wish.question, confirm=act.confirm)
            pending.entry.origin, pending.entry.code = origin, code
        self._confirmations.redeem(pending)
        return await self._audited(act, origin, "confirmed", pending.deed)

    async def _audited(
        self,
        act: Act,
        origin: Origin,
        verdict: Any,
        deed: Callable[[], Awaitable[ActionResult]],
    ) -> ActionResult:
        began_s = time.monotonic()
        code: str | None = "broken"
        try:
            result = await deed()
            code = result.code
        finally:
            if code not in (ASKED, REFUSED):  # the gate tells of those
                took_ms = (time.monotonic() - began_s) * 1000
                slots = act.match.slots
                self._audit.note(origin, TOOL, slots, verdict, code=code, took_ms=took_ms)
        return result


def _check(act: Act) -> None:
    error = next(
        ArgumentValidator(schema_of(act.verb, act.device)).iter_errors(dict(act.arguments)), None
    )
    if error is not None:
        where = ".".join(map(str, error.absolute_path))
        text = f"{where}: {error.message:.200}" if where else f"{error.message:.200}"
        raise Problem(422, "bad-arguments", f"{act.verb} can not be done with that: {text}.")
