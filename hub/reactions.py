"""What happens at devices has commands done, as the owner wrote it in `tools.toml`."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from hub.bus import Bus
from hub.controlling import ControlError, Controls, TextAnswer
from hub.events import SomethingHappened
from hub.happenings import Happening, Kind, Source
from hub.household import Household
from hub.owner_home import word
from hub.tooling import Tooling
from hub.tools.when_rules import When
from hub.words import worded

log = structlog.get_logger(__name__)

MAX_UNDER_WAY = 20
"""Commands that are done at the same time; a home whose buttons ask for more is out of order."""


class Reactions:
    """Carries out rules, until cancelled.

    A command goes the way of one by text: rules of the house hold, what needs a yes is not done.
    """

    def __init__(
        self,
        controls: Controls,
        rules: Callable[[], Sequence[When]],
        sources: Callable[[], Sequence[Source]],
    ) -> None:
        """`rules` gives the owner's rules as they are now, `sources` where things happen."""
        self._controls = controls
        self._rules = rules
        self._sources = sources
        self._told: set[tuple[str | None, ...]] = set()
        self._under_way: dict[When, asyncio.Task[None]] = {}

    async def run(self, bus: Bus) -> None:
        """Follow what happens, until cancelled."""
        with bus.subscribe() as facts:
            async with asyncio.TaskGroup() as tasks:
                async for fact in facts:
                    if isinstance(fact, SomethingHappened):
                        self._react(fact, tasks)

    def check(self) -> None:
        """Tell of rules that speak of what is not there, each once."""
        sources = self._sources()
        for rule in self._rules():
            problem = problem_of(rule, sources)
            key = (rule.device, rule.type, rule.subtype)
            if problem is None:
                self._told.discard(key)
            elif key not in self._told:
                self._told.add(key)
                log.warning("nothing will come of a [[when]] of yours", problem=problem)

    def _react(self, fact: SomethingHappened, tasks: asyncio.TaskGroup) -> None:
        kind = Kind(fact.type, fact.subtype)
        for rule in self._rules():
            if not (_means(rule, fact.names) and _fits(rule, kind)):
                continue
            if rule in self._under_way or len(self._under_way) >= MAX_UNDER_WAY:
                log.info("still at it, so this is left out", device=rule.device)
                continue
            task = tasks.create_task(self._do(rule, fact))
            self._under_way[rule] = task
            task.add_done_callback(lambda _, rule=rule: self._under_way.pop(rule, None))  # type: ignore[misc]

    async def _do(self, rule: When, fact: SomethingHappened) -> None:
        try:
            answer = await carry_out(self._controls, rule, fact.area)
        except ControlError as error:
            log.warning("not done", device=rule.device, code=error.code, error=str(error))
        except Exception:  # whatever it is, the other rules go on
            log.exception("not done", device=rule.device)
        else:
            if answer is None or answer.ok:
                said = None if answer is None else answer.text
                log.info("done for what happened", device=rule.device, answer=said)
            else:  # it failed, or it asks for a yes
                log.warning("not done", device=rule.device, answer=answer.text)


async def carry_out(controls: Controls, rule: When, area: str | None) -> TextAnswer | None:
    """Do what a rule says for something that happened in an area; return the answer to a command.

    Raises ControlError.
    """
    room = rule.room or area
    if rule.command is not None:
        return await controls.run_text(rule.command, area=room, language=rule.language)
    controls.listen(_satellite(controls, rule, room))
    return None


def _satellite(controls: Controls, rule: When, room: str | None) -> str:
    """Return the satellite that listens. Raises ControlError."""
    if rule.satellite is not None:
        return rule.satellite
    here = [one.id for one in controls.satellites() if word(one.area) == word(room)]
    if room is None or not here:
        text = f"There is no satellite in {room!r}." if room else "Name a room or a satellite."
        raise ControlError("unknown-satellite", text)
    return here[0]


def reacting(controls: Controls, tooling: Tooling, household: Household, bus: Bus) -> Reactions:
    """Return what carries out the rules of the owner's file, and have happenings on the bus."""
    reactions = Reactions(controls, lambda: tooling.whens, household.sources)
    household.on_happening(lambda happening: bus.publish(fact_of(happening)))
    household.on_structure_changed(reactions.check)
    tooling.on_rules(reactions.check)
    return reactions


def fact_of(happening: Happening) -> SomethingHappened:
    """Return what happened as a fact for the bus."""
    source, kind = happening.source, happening.kind
    return SomethingHappened(source.device, source.names, source.room, kind.type, kind.subtype)


def meant_by(rule: When, sources: Sequence[Source]) -> list[Source]:
    """Return at which of them a rule looks."""
    return [source for source in sources if _means(rule, source.names)]


def _means(rule: When, names: Sequence[str]) -> bool:
    return word(rule.device) in {word(name) for name in names}


def _fits(rule: When, kind: Kind) -> bool:
    return all(
        wanted is None or word(wanted) == word(told)
        for wanted, told in ((rule.type, kind.type), (rule.subtype, kind.subtype))
    )


def problem_of(rule: When, sources: Sequence[Source]) -> str | None:
    """Return why nothing can come of a rule, if that is so."""
    meant = meant_by(rule, sources)
    if not meant:
        names = ", ".join(sorted(source.names[0] for source in sources)[:20])
        if not names:
            text = "nothing happens at '{device}', and at no other device either"
            return worded("nothing-happens", text, device=rule.device)
        text = "nothing happens at '{device}'; devices at which something does: {names}"
        return worded("nothing-happens-at", text, device=rule.device, names=names)
    known = [kind for source in meant for kind in source.kinds]
    if any(_fits(rule, kind) for kind in known):
        return None
    offered = ", ".join(
        " / ".join(part for part in (kind.type, kind.subtype) if part) for kind in known[:20]
    )
    text = "'{device}' knows no such type or subtype; what it knows: {names}"
    return worded("no-such-type", text, device=rule.device, names=offered)
