"""Several toolboxes as one: names that are unique, an order that stays, and rules around each call.

A model is told of the tools at the beginning of its prompt, which its server remembers: the list is
the same from turn to turn for as long as the boxes offer the same.
"""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import orjson
import structlog

from hub.engines.base import MustAsk, Toolbox, ToolError, ToolSpec
from hub.home import asking_words
from hub.home.actions import ActionResult
from hub.home.confirmations import ASKED, Wish
from hub.home.gate import PolicyGate
from hub.home.policy import Action
from hub.home.verbs import Risk
from hub.origin import Origin
from hub.tools.audit import Audit
from hub.tools.audit import Verdict as AuditVerdict
from hub.tools.home_tools import to_be_asked
from hub.words import worded

log = structlog.get_logger(__name__)

MAX_TOOLS = 64
MAX_SIZES = 1_000
"""Sizes of tools that are remembered."""
"""Of more a small model makes nothing; and each of them is read before the first word."""
MAX_SPEC_BYTES = 8_192
"""Of one tool: its description and schema."""
MAX_SPECS_BYTES = 65_536
"""Of all of them, some 16,000 tokens."""
MAX_SPOKEN_CHARS = 300
"""Of a result that is spoken as it is."""
Say = Callable[[str, str], str]
"""Makes an answer of a result, in a language."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@runtime_checkable
class RiskyTools(Protocol):
    """A toolbox whose tools are not all without risk."""

    def risk(self, name: str) -> Risk:
        """Return whether a yes is needed before a tool is used."""

    def question(self, name: str, arguments: Mapping[str, Any], language: str) -> str:
        """Return how somebody is asked for that yes; empty: as the hub asks."""


@runtime_checkable
class TellingTools(Protocol):
    """A toolbox that tells what is said of a result."""

    def answer(self, name: str, arguments: Mapping[str, Any], result: str, language: str) -> str:
        """Return what is said; empty where it does not tell."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a tool."""

    text: str
    """For a model, or for the answer template of a sentence."""
    stopped: ActionResult | None = None
    """What there is to say where the tool was not used: a question or a refusal."""


class JoinedToolbox:
    """The tools of all boxes."""

    def __init__(
        self,
        boxes: Sequence[Toolbox],
        gate: PolicyGate | None = None,
        audit: Audit | None = None,
        *,
        guarded_within: Sequence[str] = ("control_device",),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Boxes that come first keep their names. Tools of `guarded_within` ask the gate
        themselves, for each device."""
        self._boxes = tuple(boxes)
        self._gate = gate
        self._audit = audit
        self._guarded_within = frozenset(guarded_within)
        self._clock = clock
        self._told: set[tuple[str, str]] = set()
        self._sizes: dict[str, tuple[ToolSpec, int]] = {}

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tools: those of the first box first, each box in its own order."""
        return [spec for spec, _ in self._offered().values()]

    def boxes(self) -> Sequence[tuple[ToolSpec, Toolbox]]:
        """Return the tools and whose each is."""
        return list(self._offered().values())

    def left_out(self, name: str) -> str:
        """Return why a tool that a box has is not offered; empty where it is."""
        if name in self._offered():
            return ""
        why = [reason for key, reason in self._told if key == name]
        return why[-1] if why else worded("no-such-tool", "there is no such tool")

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        """Use a tool for a model. Raises ToolError."""
        result = await self.use(name, arguments, origin)
        if result.stopped is None:
            return result.text
        if result.stopped.code == ASKED:
            return to_be_asked(result.stopped.speech)
        raise ToolError(f"not allowed; tell the person: {result.stopped.speech}.")

    async def use(
        self,
        name: str,
        arguments: Mapping[str, Any],
        origin: Origin,
        *,
        say: Say | None = None,
    ) -> Result:
        """Use a tool, if it may be used. Raises ToolError.

        `say` makes an answer of the result, where somebody says yes later on.
        """
        offered = self._offered().get(name)
        if offered is None:
            raise ToolError(f"there is no tool {name}.")
        _, box = offered
        if self._gate is not None and name not in self._guarded_within:
            wish = self._wish(box, name, arguments, origin)
            stopped = self._stopped(self._gate, box, wish, say or _said(box, wish))
            if stopped is not None:
                return Result("", stopped)
        return Result(await self._run(box, name, arguments, origin))

    @staticmethod
    def _wish(box: Toolbox, name: str, arguments: Mapping[str, Any], origin: Origin) -> Wish:
        question = ""
        if isinstance(box, RiskyTools):
            question = box.question(name, arguments, origin.language)
        words = [name.replace("_", " ")]
        question = question or asking_words.question("tool", words, origin.language)
        return Wish(origin, name, arguments, question)

    def _stopped(self, gate: PolicyGate, box: Toolbox, wish: Wish, say: Say) -> ActionResult | None:
        risk = box.risk(wish.tool) if isinstance(box, RiskyTools) else "low"
        verdict = gate.policy.verdict(wish.origin, Action(wish.tool, risk=risk))

        async def deed() -> ActionResult:
            try:  # whoever carries out what somebody said yes to takes note of it
                text = await box.call(wish.tool, wish.arguments, wish.origin)
            except ToolError as error:
                return ActionResult(str(error), ok=False, code="failed")
            return ActionResult(say(text, wish.origin.language), ok=True)

        return gate.judged(wish, verdict, deed)

    async def _run(
        self,
        box: Toolbox,
        name: str,
        arguments: Mapping[str, Any],
        origin: Origin,
    ) -> str:
        """Use a tool, and take note of it. Raises ToolError."""
        began_s, code = self._clock(), "cancelled"
        verdict: AuditVerdict = "allowed"
        try:
            text = await box.call(name, arguments, origin)
            code = "ok"
            if isinstance(text, MustAsk):  # nothing was done yet
                verdict, code = "asked", ASKED
            return text
        except ToolError as error:
            code = f"failed: {error}"[:200]
            raise
        except Exception as error:
            code = f"broken: {type(error).__name__}"
            raise
        finally:
            if self._audit is not None:
                took_ms = (self._clock() - began_s) * 1000
                self._audit.note(origin, name, arguments, verdict, code=code, took_ms=took_ms)

    def _offered(self) -> dict[str, tuple[ToolSpec, Toolbox]]:
        """Return the tools that a model may be told of, and whose they are."""
        offered: dict[str, tuple[ToolSpec, Toolbox]] = {}
        room = MAX_SPECS_BYTES
        for box in self._boxes:
            for spec in box.specs():
                size = self._size(spec)
                why: str = ""
                if not _NAME.fullmatch(spec.name):
                    why = worded("odd-name", "its name is not made of letters, digits, _ and -")
                elif spec.name in offered:
                    why = worded("another-has-name", "another tool has its name")
                elif size > MAX_SPEC_BYTES:
                    text = "its schema is longer than {most} bytes"
                    why = worded("schema-too-long", text, most=MAX_SPEC_BYTES)
                elif size > room or len(offered) >= MAX_TOOLS:
                    text = "there are too many tools: at most {most}"
                    why = worded("too-many-tools", text, most=MAX_TOOLS)
                if why:
                    self._leave_out(spec.name, why)
                    continue
                room -= size
                offered[spec.name] = (spec, box)
        return offered

    def _size(self, spec: ToolSpec) -> int:
        """Return the size of a tool, which is found once: specs are asked for in each turn."""
        known = self._sizes.get(spec.name)
        if known is None or known[0] != spec:
            if len(self._sizes) >= MAX_SIZES:
                self._sizes.clear()
            known = self._sizes[spec.name] = (spec, _size(spec))
        return known[1]

    def _leave_out(self, name: str, why: str) -> None:
        key = (name[:100], why)
        if key not in self._told and len(self._told) < 1_000:
            self._told.add(key)
            log.warning("a tool is left out", tool=key[0], reason=why)


def _size(spec: ToolSpec) -> int:
    try:
        return len(spec.description) + len(orjson.dumps(spec.parameters, default=str))
    except (orjson.JSONEncodeError, RecursionError):
        return MAX_SPEC_BYTES + 1


def _said(box: Toolbox, wish: Wish) -> Say:
    """Return what makes an answer of a result, where no sentence has one of its own."""

    def said(text: str, language: str) -> str:
        told = ""
        if isinstance(box, TellingTools):
            told = box.answer(wish.tool, wish.arguments, text, language)
        return _spoken(told or text, language)

    return said


def _spoken(text: str, language: str) -> str:
    """Return a result as an answer: short ones as they are."""
    line = " ".join(text.split())
    return line if 0 < len(line) <= MAX_SPOKEN_CHARS else asking_words.done(language)
