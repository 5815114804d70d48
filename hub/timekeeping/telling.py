"""What the deeds of time have in common: who asks, what is answered, and what goes wrong."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hub.home.actions import ActionResult, Deed
from hub.home.answers import Answers
from hub.home.model import DeviceState
from hub.home.targets import Request
from hub.origin import Origin
from hub.store.errors import StoreError
from hub.timekeeping.appointment import Appointment, local
from hub.timekeeping.spoken_spans import listed, spoken_moment
from hub.timekeeping.timekeeping import AgendaFull, Timekeeping

MAX_NAMED = 6
"""As many as somebody can listen to; of more, one less is named, and how many are left."""


class Answered(Exception):
    """Nothing is to be done: the answer is there already."""

    def __init__(self, result: ActionResult) -> None:
        super().__init__(result.speech)
        self.result = result


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence about time, and how to answer it."""

    request: Request
    origin: Origin
    answers: Answers

    @property
    def language(self) -> str:
        """The language of the answer."""
        return self.answers.language

    @property
    def place(self) -> Origin:
        """Where an appointment is set: the room is kept by its name."""
        area = None if self.request.area is None else self.request.home.area(self.request.area)
        name = self.origin.area if area is None else area.name
        return replace(self.origin, area=name, conversation=None, turn=None)

    def slot(self, name: str) -> Any:
        """Return the value of a slot, or None."""
        return self.request.slot(name)

    def package(self, slots: Mapping[str, Any] | None = None, response: str = "") -> ActionResult:
        """Answer with the package's own sentence."""
        match = self.request.match
        speech = self.answers.say(
            match.intent,
            response or match.response,
            slots={**match.slots, **(slots or {})},
            state_of=_no_state,
        )
        return ActionResult(speech, ok=True)

    def words(self, key: str, **slots: Any) -> str:
        """Return one of our own sentences."""
        return self.answers.say("SottoTime", key, slots=slots, state_of=_no_state)

    def tell(self, key: str, **slots: Any) -> ActionResult:
        """Answer with one of our own sentences."""
        return ActionResult(self.words(key, **slots), ok=True)

    def refuse(self, key: str, **slots: Any) -> ActionResult:
        """Answer that it was not done, and why."""
        return ActionResult(self.words(key, **slots), ok=False, code=key.replace("_", "-"))

    def when(self, one: Appointment, time: Timekeeping) -> str:
        """Return when an appointment is, in words."""
        now: datetime = local(time.now, time.zone)
        return spoken_moment(local(one.due, time.zone), now, one.weekdays, self.language)

    def few(self, texts: Sequence[str]) -> list[str]:
        """Return some of several things, and how many are left."""
        if len(texts) <= MAX_NAMED:
            return [*texts]
        named = texts[: MAX_NAMED - 1]
        return [*named, self.words("more", count=len(texts) - len(named))]

    def list(self, texts: Sequence[str]) -> str:
        """Return several things in one sentence."""
        return listed(self.few(texts), self.language)


Handler = Callable[[Asked], Awaitable[ActionResult | None]]


def deed(handler: Handler) -> Deed:
    """Return a deed of the home's actions; what can not be kept is told."""

    async def carry_out(request: Request, origin: Origin, answers: Answers) -> ActionResult | None:
        asked = Asked(request, origin, answers)
        try:
            return await handler(asked)
        except Answered as answered:
            return answered.result
        except AgendaFull:
            return asked.refuse("full")
        except ValueError:
            return asked.refuse("too_far")
        except StoreError as error:
            return asked.refuse("store_full" if error.code == "full" else "store_failed")

    return carry_out


def _no_state(_: object) -> DeviceState:
    return DeviceState("unknown")
