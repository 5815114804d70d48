"""What stands before every deed: the policy, and the question whether it shall really be done."""

from collections.abc import Callable, Collection, Sequence

from hub.home import asking_words
from hub.home.actions import ActionResult, Order
from hub.home.answers import Answers
from hub.home.confirmations import ASKED, Confirmations, Deed, Wish
from hub.home.intents import IntentMatch
from hub.home.keypad import Entry, Keypad
from hub.home.model import Device, DeviceId, Home, HomeCommand
from hub.home.policy import Action, Policy, Reason, Verdict
from hub.home.spoken_codes import Code
from hub.origin import Origin

WRONG_CODE = "wrong-code"
"""Code of a result that tells that a code was not the right one."""
REFUSED = "refused"
"""Code of a result that tells that the policy forbids it."""


Noted = Callable[[Wish, str], None]
"""Told of a wish that is not carried out now, with its code."""


class PolicyGate:
    """Lets through what the policy allows, and asks about what needs a yes."""

    def __init__(
        self,
        home: Home,
        policy: Policy,
        confirmations: Confirmations,
        *,
        noted: Noted = lambda _wish, _code: None,
    ) -> None:
        self._home = home
        self._noted = noted
        self.policy = policy
        self.confirmations = confirmations

    def check(self, origin: Origin, match: IntentMatch, deed: Deed) -> ActionResult | None:
        """Return what there is to say instead of doing it; None if it may be done now."""
        verdict = self.policy.verdict(origin, Action(match.intent))
        question = asking_words.question("tool", [match.text], origin.language)
        return self.judged(Wish(origin, match.intent, match.slots, question), verdict, deed)

    async def tell(
        self, order: Order, keypad: Keypad, answers: Answers, code: Code | None
    ) -> ActionResult:
        """Have devices told something, once there is no more to ask.

        A code is more than a yes: who says it, or is asked for it, is not asked for a yes as well.
        """
        entry, commands = Entry(order.origin, code), order.commands
        wanting = keypad.wanting(commands)

        async def deed() -> ActionResult:
            said, entry.code = entry.code, None  # of the next try it is not the code
            locked = [one.name for one in wanting if keypad.is_locked(one.id)]
            if locked:
                speech = answers.remark("code_locked", locked)
                return ActionResult(speech, ok=False, code="code-locked")
            if said is None:
                question = self._ask_code(order, entry, wanting, deed) if wanting else None
                return question or await order.tell(tuple(commands))
            result = await order.tell(keypad.with_code(commands, said))
            if result.code == WRONG_CODE and len(commands) == 1:
                taking = keypad.taking(commands)
                return self._ask_code(order, entry, taking, deed, result.speech) or result
            return result

        coded = wanting if code is None else keypad.taking(commands)
        stopped = self._stopped(order, deed, [device.id for device in coded])
        return await deed() if stopped is None else stopped

    def _stopped(
        self, order: Order, deed: Deed, coded: Collection[DeviceId]
    ) -> ActionResult | None:
        """Return what there is to say before devices are told something; of those `coded` a code
        is said."""
        origin, match, commands = order.origin, order.match, order.commands
        if not commands:
            return self.check(origin, match, deed)
        verdict = self.policy.of_commands(origin, match.intent, commands)
        # What everybody may do needs no question, and of what is asked only that is named.
        asked = [
            command
            for command in commands
            if self.policy.of_commands(origin, match.intent, (command,)).ruling == "confirm"
        ] or commands
        if verdict.ruling == "confirm" and all(command.device in coded for command in asked):
            return None
        names = [device.name for one in asked if (device := self._home.device(one.device))]
        question = asking_words.question(asked[0].verb, names or [match.text], origin.language)
        return self.judged(Wish(origin, match.intent, match.slots, question), verdict, deed)

    def _ask_code(
        self,
        order: Order,
        entry: Entry,
        devices: Sequence[Device],
        deed: Deed,
        wrong: str = "",
    ) -> ActionResult | None:
        """Ask for the code of devices, after what there is to say of a `wrong` one; None where
        nobody can be asked."""
        origin, names = entry.origin, [device.name for device in devices]
        question = asking_words.question("code", names, origin.language)
        wish = Wish(origin, order.match.intent, order.match.slots, question)
        if wrong:
            self._noted(wish, WRONG_CODE)
        if not self.confirmations.ask(wish, deed, entry):
            return None
        self._noted(wish, ASKED)
        return ActionResult(f"{wrong}. {question}" if wrong else question, ok=False, code=ASKED)

    def allows(self, origin: Origin, match: IntentMatch, commands: Sequence[HomeCommand]) -> bool:
        """Return whether it may be done without asking anybody."""
        if commands:
            verdict = self.policy.of_commands(origin, match.intent, commands)
        else:
            verdict = self.policy.verdict(origin, Action(match.intent))
        return verdict.ruling == "allow"

    def judged(self, wish: Wish, verdict: Verdict, deed: Deed) -> ActionResult | None:
        """Act on a verdict: ask, refuse, or return None."""
        if verdict.ruling == "allow":
            return None
        if verdict.ruling == "confirm":
            if self.confirmations.ask(wish, deed):
                self._noted(wish, ASKED)
                return ActionResult(wish.question, ok=False, code=ASKED)
            verdict = Verdict("refuse", Reason.NOBODY_TO_ASK)
        self._noted(wish, REFUSED)
        speech = asking_words.refusal(verdict, wish.origin.language)
        return ActionResult(speech, ok=False, code=REFUSED)
