"""Carrying out what was understood: publish, wait for the home to confirm, say what happened."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import structlog

from hub.home.answers import AnswerBook, Answers
from hub.home.finding import Finding
from hub.home.intents import IntentMatch
from hub.home.keypad import Keypad
from hub.home.model import UNAVAILABLE, CommandSink, Device, Home, HomeCommand
from hub.home.outcome import Outcome, Sender, complaints, latest_ms
from hub.home.plan import Plan
from hub.home.plans import PLANNERS
from hub.home.questions import QUESTIONS
from hub.home.repeatable import repeatable
from hub.home.sentence_block import OwnAnswers
from hub.home.spoken_codes import Code
from hub.home.targets import Refusal, Request
from hub.home.verbs import VERBS
from hub.origin import Origin

log = structlog.get_logger(__name__)

CONFIRM_TIMEOUT_S = 1.0
"""A device that has not told its new state by then is reported as not reacting."""
_TIMER_INTENTS = ("Timer", "Timers")


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of a sentence."""

    speech: str
    """What to say; empty when there is nothing to say ("never mind")."""
    ok: bool
    """Whether all of it was done, or the question answered."""
    code: str | None = None
    """Why not: an error key of home-assistant-intents, or "unavailable", "unknown-state",
    "no-reaction", "home-unreachable", "out-of-range", "needs-code", "wrong-code", "code-locked",
    "failed"; or of a gate, "confirm" (it asks, and does nothing before a yes) or "refused"."""
    commands: tuple[HomeCommand, ...] = ()
    """What was sent."""
    confirmed: bool = False
    """Whether every device that tells its state has told that it obeyed; never so for none."""
    published_ms: float | None = None
    """From the start until the last command was sent."""
    confirmed_ms: float | None = None
    """From the start until the last device confirmed."""


Sense = Callable[[IntentMatch], str | None]
"""Tells as what else an intent is to be taken just now; None where it is what it is: "stop"."""
NOTHING = ""
"""The sense of a sentence where there is nothing that it could be about."""
Deed = Callable[[Request, Origin, Answers], Awaitable[ActionResult | None]]
"""Carries out an intent that is about something else than devices: a timer, a list, a message to
another room. Returns None where it is about devices after all. Raises Refusal."""


@dataclass(frozen=True, slots=True)
class Order:
    """What devices are to be told."""

    origin: Origin
    match: IntentMatch
    commands: Sequence[HomeCommand]
    tell: Callable[[tuple[HomeCommand, ...]], Awaitable[ActionResult]]
    """Tells them; the commands may have got a code by then."""


class Gate(Protocol):
    """What has a say before anything is done."""

    def check(
        self,
        origin: Origin,
        match: IntentMatch,
        deed: Callable[[], Awaitable[ActionResult]],
    ) -> ActionResult | None:
        """Return what there is to say instead of doing it; None if it may be done now.

        It may keep `deed` and have it done later.
        """

    async def tell(
        self, order: Order, keypad: Keypad, answers: Answers, code: Code | None
    ) -> ActionResult:
        """Have devices told something, once there is no more to ask: no yes and no code."""

    def allows(self, origin: Origin, match: IntentMatch, commands: Sequence[HomeCommand]) -> bool:
        """Return whether it may be done without asking anybody."""


class Actions:
    """Does what sentences ask of a home."""

    def __init__(
        self,
        home: Home,
        sink: CommandSink,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        confirm_timeout_s: float = CONFIRM_TIMEOUT_S,
        deeds: Mapping[str, Deed] | None = None,
        senses: Mapping[str, Sense] | None = None,
        more_answers: Sequence[Mapping[str, OwnAnswers]] = (),
        gate: Gate | None = None,
    ) -> None:
        """`deeds` and `senses` are by intent; without a `gate` everything is done.

        `clock` gives seconds for the timings, `now` the time at home. `more_answers` are by
        language, intent and response.
        """
        self._home = home
        self.keypad = Keypad(home, clock)
        """Takes the codes that are said."""
        self._sender = Sender(home, sink, clock, confirm_timeout_s, self.keypad)
        self._clock = clock
        self._now = now
        self._deeds = dict(deeds or {})
        self._senses = dict(senses or {})
        self._gate = gate
        self._answers = AnswerBook(more_answers)

    def answers(self, language: str) -> Answers:
        """Return the answers of a language, or English ones."""
        return self._answers.of(language)

    def intent(self, match: IntentMatch) -> str:
        """Return as which intent a sentence is to be told of."""
        return self._sense(match) or match.intent

    def is_about_something(self, match: IntentMatch) -> bool:
        """Return whether there is anything that a sentence could be about."""
        return self._sense(match) != NOTHING

    def _sense(self, match: IntentMatch) -> str | None:
        sense = self._senses.get(match.intent)
        return None if sense is None else sense(match)

    async def perform(
        self, match: IntentMatch, origin: Origin, code: Code | None = None
    ) -> ActionResult:
        """Do what was understood, with a code that was said, and return what there is to say about
        it. Never raises."""
        answers = self.answers(origin.language)
        area = self._home.area_named(origin.area) if origin.area else None
        request = Request(self._home, match, None if area is None else area.id)
        try:
            if (deed := self._deeds.get(match.intent)) is not None:
                done = await self._deed(deed, request, origin, answers)
                if done is not None:
                    return done
            if (question := QUESTIONS.get(match.intent)) is not None:
                return await self._allowed(
                    origin, match, lambda: self._answer(request, question, answers)
                )
            if (planner := PLANNERS.get(match.intent)) is not None:
                plan = planner(request)
                return await self._told(
                    origin,
                    match,
                    plan.commands,
                    lambda commands: self._carry_out(
                        request, replace(plan, commands=commands), answers
                    ),
                    code,
                )
        except Refusal as refusal:
            return ActionResult(
                answers.error(refusal.key, **refusal.values), ok=False, code=refusal.key
            )
        timer = match.intent.endswith(_TIMER_INTENTS) or match.intent == "HassTimerStatus"
        error = "no_timer_support" if timer else "feature_not_supported"
        return ActionResult(answers.error(error), ok=False, code=error)

    def needs_yes(self, match: IntentMatch, origin: Origin) -> bool:
        """Return whether it may not be done without asking somebody."""
        plan = self._plan(match, origin)
        commands = () if plan is None else plan.commands
        if self._gate is None:
            return False
        return bool(self.keypad.wanting(commands)) or not self._gate.allows(origin, match, commands)

    def takes_code(self, match: IntentMatch, origin: Origin) -> bool:
        """Return whether a device takes a code for what it would be told."""
        plan = self._plan(match, origin)
        return plan is not None and bool(self.keypad.taking(plan.commands))

    def _plan(self, match: IntentMatch, origin: Origin) -> Plan | None:
        """Return what would be done now; None where that is nothing, or not told to devices."""
        planner = PLANNERS.get(match.intent)
        area = self._home.area_named(origin.area) if origin.area else None
        try:
            request = Request(self._home, match, None if area is None else area.id)
            return None if planner is None else planner(request)
        except Refusal:
            return None

    def repeatable(self, match: IntentMatch, origin: Origin) -> bool:
        """Return whether doing it twice would do no more than doing it once."""
        if match.intent not in PLANNERS or match.intent in self._deeds:
            return False
        plan = self._plan(match, origin)
        if plan is None:
            return True  # nothing will be done at all
        guarded = any(
            VERBS[command.verb].risk(device) == "confirm"
            for command in plan.commands
            if (device := self._home.device(command.device)) is not None
        )
        return not guarded and repeatable(match.intent, plan.commands)

    async def tell(
        self,
        commands: Sequence[HomeCommand],
        match: IntentMatch,
        origin: Origin,
        speech: str,
        code: Code | None = None,
    ) -> ActionResult:
        """Tell devices something that no sentence of the package asks for, and say `speech`."""
        answers = self.answers(origin.language)

        async def tell(commands: tuple[HomeCommand, ...]) -> ActionResult:
            start_s = self._clock()
            outcomes = await self._sender.send(commands)
            return self._result(outcomes, lambda _: speech, answers, start_s)

        return await self._told(origin, match, commands, tell, code)

    async def _told(
        self,
        origin: Origin,
        match: IntentMatch,
        commands: Sequence[HomeCommand],
        tell: Callable[[tuple[HomeCommand, ...]], Awaitable[ActionResult]],
        code: Code | None = None,
    ) -> ActionResult:
        """Have devices told something, unless the gate has something to say instead."""
        if self._gate is None:
            return await tell(tuple(commands))
        order = Order(origin, match, commands, tell)
        return await self._gate.tell(order, self.keypad, self.answers(origin.language), code)

    async def _allowed(
        self,
        origin: Origin,
        match: IntentMatch,
        deed: Callable[[], Awaitable[ActionResult]],
    ) -> ActionResult:
        """Do it, unless the gate has something to say instead."""
        stopped = None if self._gate is None else self._gate.check(origin, match, deed)
        return await deed() if stopped is None else stopped

    async def _deed(
        self, deed: Deed, request: Request, origin: Origin, answers: Answers
    ) -> ActionResult | None:
        """Have something done that is about something else than devices; None if it is not."""
        about_devices = ActionResult("", ok=False)

        async def do() -> ActionResult:
            return await deed(request, origin, answers) or about_devices

        done = await self._allowed(origin, request.match, do)
        return None if done is about_devices else done

    async def _answer(self, request: Request, question: Any, answers: Answers) -> ActionResult:
        return self._tell(request, question(request, self._now()), answers)

    def _tell(self, request: Request, finding: Finding, answers: Answers) -> ActionResult:
        """Say what was found, and of what it is not known."""
        if finding.unknown and not self._home.reachable:
            speech = answers.remark("home_unreachable")
            return ActionResult(speech, ok=False, code="home-unreachable")
        parts = []
        if finding.devices or not finding.unknown:
            parts.append(
                answers.say(
                    request.match.intent,
                    finding.response,
                    slots=request.said_slots(finding.slots),
                    state_of=lambda device: self._home.state(device.id),
                    devices=finding.devices,
                    matched=finding.matched,
                    unmatched=finding.unmatched,
                )
            )
        code = None
        for key, wanted in (("unavailable", True), ("unknown_state", False)):
            names = [
                device.name
                for device in finding.unknown
                if (self._home.state(device.id).value == UNAVAILABLE) is wanted
            ]
            if names:
                code = code or key.replace("_", "-")
                parts.append(answers.remark(key, names))
        return ActionResult(". ".join(parts), ok=code is None, code=code)

    async def _carry_out(self, request: Request, plan: Plan, answers: Answers) -> ActionResult:
        """Send every command at once and wait for the home to confirm them."""
        start_s = self._clock()

        def say(devices: Sequence[Device]) -> str:
            return answers.say(
                request.match.intent,
                plan.response,
                slots=request.said_slots(plan.slots),
                state_of=lambda device: self._home.state(device.id),
                devices=devices,
            )

        return self._result(await self._sender.send(plan.commands), say, answers, start_s)

    def _result(
        self,
        outcomes: Sequence[Outcome],
        say: Callable[[Sequence[Device]], str],
        answers: Answers,
        start_s: float,
    ) -> ActionResult:
        """Return what came of commands; `say` tells of the devices that obeyed."""
        sent = [outcome for outcome in outcomes if outcome.sent_s is not None]
        failed = [outcome for outcome in outcomes if outcome.code is not None]
        done = [outcome.device for outcome in outcomes if outcome.code is None]
        telling = [outcome for outcome in sent if outcome.tells]
        speech = [say(done)] if done else []
        speech += complaints(failed, answers)
        confirmed = bool(telling) and all(outcome.confirmed_s is not None for outcome in telling)
        return ActionResult(
            ". ".join(speech),
            ok=not failed,
            code=failed[0].code if failed else None,
            commands=tuple(outcome.command for outcome in sent),
            confirmed=confirmed,
            published_ms=latest_ms([outcome.sent_s for outcome in sent], start_s),
            confirmed_ms=latest_ms([outcome.confirmed_s for outcome in telling], start_s)
            if confirmed
            else None,
        )
