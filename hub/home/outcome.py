"""Commands on their way: sent all at once, confirmed by the home or not, and what to say of those
that failed."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import structlog

from hub.home.answers import Answers
from hub.home.keypad import Keypad
from hub.home.model import UNAVAILABLE, CommandFailed, CommandSink, Device, Home, HomeCommand
from hub.home.verbs import VERBS

log = structlog.get_logger(__name__)

_FAILURES = {
    "unavailable": "home-unreachable",
    "out-of-range": "out-of-range",
    "needs-code": "needs-code",
    "wrong-code": "wrong-code",
}
"""What an outcome is called by what a command failed of; "failed" for all else."""
_REMARKS = {
    "unavailable": "unavailable",
    "no-reaction": "no_reaction",
    "out-of-range": "impossible_value",
    "needs-code": "no_code",
    "wrong-code": "wrong_code",
    "code-locked": "code_locked",
}
"""What is said with the names of the devices."""


@dataclass(slots=True)
class Outcome:
    """What came of one command."""

    device: Device
    command: HomeCommand
    sent_s: float | None = None
    confirmed_s: float | None = None
    code: str | None = None
    tells: bool = False
    """Whether the device can show that it obeyed."""


class Sender:
    """Sends commands to the devices of a home."""

    def __init__(
        self,
        home: Home,
        sink: CommandSink,
        clock: Callable[[], float],
        confirm_timeout_s: float,
        keypad: Keypad,
    ) -> None:
        self._home = home
        self._sink = sink
        self._clock = clock
        self._confirm_timeout_s = confirm_timeout_s
        self._keypad = keypad

    async def send(self, commands: Sequence[HomeCommand]) -> list[Outcome]:
        """Send every command at once and wait for the home to confirm them."""
        outcomes = [
            Outcome(device, command)
            for command in commands
            if (device := self._home.device(command.device)) is not None
        ]
        await asyncio.gather(*(self._send(outcome) for outcome in outcomes))
        return outcomes

    async def _send(self, outcome: Outcome) -> None:
        """Send one command and wait for its device to obey."""
        device, command = outcome.device, outcome.command
        if (hindrance := self._hindrance(device, command)) is not None:
            outcome.code = hindrance
            return
        coded = "code" in command.values
        with self._keypad.trying(device.id) if coded else nullcontext():
            await self._try(outcome)
        if outcome.code == "wrong-code":
            outcome.code = self._hindrance(device, command) or outcome.code

    async def _try(self, outcome: Outcome) -> None:
        device, command = outcome.device, outcome.command
        state, verb = self._home.state(device.id), VERBS[command.verb]
        reached = verb.reached
        if reached is not None:
            outcome.tells = (
                "state" in device.features
                if verb.attribute is None
                else verb.attribute in state.attributes
            )
        was_so = reached is not None and reached(state, command.values)
        try:
            await self._sink.perform(command)
        except CommandFailed as error:
            log.warning("command failed", device=device.id, verb=command.verb, reason=str(error))
            outcome.code = _FAILURES.get(error.code, "failed")
            if error.code == "wrong-code":
                self._keypad.note(device.id, right=False)
            return
        outcome.sent_s = self._clock()
        self._note_code(outcome, right=True if self._keypad.checks(device) else None)
        if reached is None or not outcome.tells:
            # Whoever could try codes without end at a device that tells nothing would find it.
            self._note_code(outcome, right=None if self._keypad.checks(device) else False)
            return
        if await self._home.wait_for(
            device.id,
            lambda state: reached(state, command.values),
            self._confirm_timeout_s * verb.patience,
        ):
            outcome.confirmed_s = self._clock()
            # What was so before the command tells nothing of its code.
            self._note_code(outcome, right=None if was_so else True)
        else:
            self._note_code(outcome, right=None if self._keypad.checks(device) else False)
            log.warning("device does not react", device=device.id, verb=command.verb)
            outcome.code = "no-reaction"

    def _hindrance(self, device: Device, command: HomeCommand) -> str | None:
        """Return why a command is not even sent."""
        if not self._home.reachable:
            return "home-unreachable"
        if self._home.state(device.id).value == UNAVAILABLE:
            return "unavailable"
        if "code" in command.values and self._keypad.is_locked(device.id):
            return "code-locked"
        return None

    def _note_code(self, outcome: Outcome, *, right: bool | None) -> None:
        """Take note of whether a code that was said was right, where that is known."""
        if right is not None and "code" in outcome.command.values:
            self._keypad.note(outcome.device.id, right=right)


def complaints(failed: Sequence[Outcome], answers: Answers) -> list[str]:
    """Return a sentence for each way in which devices failed."""
    by_code: dict[str, list[str]] = {}
    for outcome in failed:
        by_code.setdefault(outcome.code or "", []).append(outcome.device.name)
    sentences = []
    for code, names in by_code.items():
        if code in _REMARKS:
            sentences.append(answers.remark(_REMARKS[code], names))
        elif code == "home-unreachable":
            sentences.append(answers.remark("home_unreachable"))
        else:
            sentences.append(answers.error("feature_not_supported"))
    return sentences


def latest_ms(times_s: Sequence[float | None], start_s: float) -> float | None:
    """Return the latest of some times, in ms since `start_s`; None where there is none."""
    known = [time_s for time_s in times_s if time_s is not None]
    return (max(known) - start_s) * 1000 if known else None
