"""Tools that can be said: each sentence uses one, and its answer is what came of it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from hub.engines.base import ToolError
from hub.home import asking_words
from hub.home.actions import ActionResult
from hub.home.spoken_command import Do, SpokenCommand
from hub.origin import Origin
from hub.tools.mqtt_tool_file import MqttTool
from hub.tools.mqtt_tools import MqttTools
from hub.tools.toolbox import JoinedToolbox

MAX_SPOKEN_CHARS = 300
"""A result without an answer template is spoken as it is up to this length."""

Said = Callable[[Mapping[str, Any], str, str], str]
"""Makes an answer of arguments, result and language; empty: the result itself."""


def by_sentence(
    toolbox: JoinedToolbox,
    name: str,
    said: Said,
    *,
    failed: Callable[[str], str],
    arguments: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda slots: slots,
) -> Do:
    """Return what a sentence does that uses a tool.

    `failed` returns, in a language, that it did not work; `arguments` are made of what was said.
    """

    async def do(slots: Mapping[str, Any], origin: Origin) -> ActionResult:
        given = arguments(slots)

        def answer(result: str, language: str) -> str:
            told = said(given, result, language) or " ".join(result.split())
            return told if 0 < len(told) <= MAX_SPOKEN_CHARS else asking_words.done(language)

        try:
            result = await toolbox.use(name, given, origin, say=answer)
        except ToolError as error:
            return ActionResult(failed(origin.language), ok=False, code=f"failed: {error}"[:200])
        if result.stopped is not None:
            return result.stopped
        return ActionResult(answer(result.text, origin.language), ok=True)

    return do


def mqtt_commands(
    tools: Sequence[MqttTool], box: MqttTools, toolbox: JoinedToolbox, failed: Callable[[str], str]
) -> list[SpokenCommand]:
    """Return the sentences of MQTT tools."""
    return [
        SpokenCommand(
            tool.name,
            language,
            tuple(sentences),
            by_sentence(toolbox, tool.name, partial(box.answer, tool.name), failed=failed),
            lists=tool.lists(),
        )
        for tool in tools
        for language, sentences in tool.sentences.items()
    ]
