"""Does what the owner's sentences say."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

import orjson
import structlog
from jsonschema import Draft202012Validator

from hub.engines.base import ToolError
from hub.home import asking_words
from hub.home.actions import ActionResult, Actions
from hub.home.confirmations import ASKED, Confirmations, Rest
from hub.home.intents import IntentMatch
from hub.home.model import Home, HomeCommand
from hub.home.spoken_command import SpokenCommand
from hub.home.spoken_names import same_name
from hub.home.verbs import VERBS
from hub.mqtt.errors import DiscoveryError
from hub.mqtt.templates import Template
from hub.origin import Origin
from hub.tools.sentence_files import OwnSentence, Step
from hub.tools.toolbox import JoinedToolbox

log = structlog.get_logger(__name__)

MAX_DEPTH = 3
"""A command in words may be one of these sentences again."""

Perform = Callable[[str, Origin], Awaitable[ActionResult | None]]
"""Does what a text says; returns None if it means nothing."""

_depth: ContextVar[int] = ContextVar("depth", default=0)


class OwnSentences:
    """The deeds of the owner's sentences."""

    def __init__(
        self,
        home: Home,
        actions: Actions,
        toolbox: JoinedToolbox,
        perform: Perform,
        confirmations: Confirmations,
    ) -> None:
        self._confirmations = confirmations
        self._home = home
        self._actions = actions
        self._toolbox = toolbox
        self._perform = perform

    def commands(self, sentences: Sequence[OwnSentence]) -> list[SpokenCommand]:
        """Return the sentences with their deeds."""
        return [replace(one.command, do=self._deed(one)) for one in sentences]

    def _deed(self, sentence: OwnSentence) -> Callable[..., Awaitable[ActionResult]]:
        async def do(slots: Mapping[str, Any], origin: Origin) -> ActionResult:
            if _depth.get() >= MAX_DEPTH:
                return self._failed(origin, "it goes round in circles", sentence)
            token = _depth.set(_depth.get() + 1)
            try:
                return await self._all(sentence, slots, origin, ())
            except (DiscoveryError, ToolError) as error:
                return self._failed(origin, str(error), sentence)
            finally:
                _depth.reset(token)

        return do

    async def _all(
        self,
        sentence: OwnSentence,
        slots: Mapping[str, Any],
        origin: Origin,
        done: tuple[ActionResult, ...],
    ) -> ActionResult:
        """Do what is not done yet, up to the first that fails; a yes goes on after a question."""
        results = [*done]
        for step in sentence.steps[len(done) :]:
            result = await self._one(step, sentence.command.name, slots, origin)
            if result.code == ASKED:
                self._go_on(sentence, slots, origin, tuple(results))
            results.append(result)
            if not result.ok:
                return result
        said = " ".join(result.speech for result in results if result.speech)
        if sentence.response:
            said = _filled(sentence.response, slots)
        commands = tuple(command for result in results for command in result.commands)
        return ActionResult(said or asking_words.done(origin.language), ok=True, commands=commands)

    def _go_on(
        self,
        sentence: OwnSentence,
        slots: Mapping[str, Any],
        origin: Origin,
        done: tuple[ActionResult, ...],
    ) -> None:
        """Have the rest done once somebody said yes to what is asked now."""

        async def more(result: ActionResult, answered: Origin) -> ActionResult:
            try:
                return await self._all(sentence, slots, answered, (*done, result))
            except (DiscoveryError, ToolError) as error:
                return self._failed(answered, str(error), sentence)

        self._confirmations.follow(origin, Rest(sentence.command.name, slots, more))

    async def _one(
        self, step: Step, name: str, slots: Mapping[str, Any], origin: Origin
    ) -> ActionResult:
        if step.command is not None:
            text = _filled(step.command, slots)
            result = await self._perform(text, origin)
            if result is None:
                raise ToolError(f"nobody understands {text!r}")
            return result
        if step.tool is not None:
            return await self._use(step.tool, _values(step.arguments, slots), origin)
        called, verb = _filled(step.device or "", slots), step.verb or ""
        values = _values(step.values, slots)
        for error in Draft202012Validator(dict(VERBS[verb].schema)).iter_errors(values):
            raise ToolError(f"{verb}: {error.message[:200]}")
        devices = [
            device
            for device in self._home.devices()
            if device.domain in VERBS[verb].domains
            and any(same_name(called, one) for one in (device.name, *device.aliases))
        ]
        if not devices:
            raise ToolError(f"there is no {called!r} that knows {verb!r}")
        commands = [HomeCommand(device.id, verb, values) for device in devices]
        match = IntentMatch(name, dict(slots), "default", called)
        return await self._actions.tell(commands, match, origin, "")

    async def _use(self, tool: str, arguments: Mapping[str, Any], origin: Origin) -> ActionResult:
        result = await self._toolbox.use(tool, arguments, origin)
        return result.stopped or ActionResult("", ok=True)

    def _failed(self, origin: Origin, why: str, sentence: OwnSentence) -> ActionResult:
        log.warning("an own sentence failed", intent=sentence.command.name, reason=why)
        speech = self._actions.answers(origin.language).error("handle_error")
        return ActionResult(speech, ok=False, code=f"failed: {why}"[:200])


def _values(values: Mapping[str, Any], slots: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with their templates filled; what a template makes is read as JSON."""
    filled: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, str) and "{" in value:
            text = _filled(value, slots)
            try:
                filled[key] = orjson.loads(text)
            except orjson.JSONDecodeError:
                filled[key] = text
        else:
            filled[key] = value
    return filled


def _filled(source: str, slots: Mapping[str, Any]) -> str:
    """Raises DiscoveryError."""
    return Template(source).render("", slots=dict(slots)) if "{" in source else source
