"""One call of a tool: run in bounds, its result in words that a model can go on with."""

import asyncio
from dataclasses import dataclass, field

import orjson
import structlog

from hub.engines.base import MustAsk, Toolbox, ToolCall, ToolError, ToolSpec
from hub.origin import Origin

log = structlog.get_logger(__name__)

TOOL_TIMEOUT_S = 5.0
MAX_RESULT_CHARS = 4000
"""About 1000 tokens: a small model at home reads them in a second."""
_CUT = " … (cut: the result is longer)"


@dataclass(frozen=True, slots=True)
class Setting:
    """For whom tools are used."""

    origin: Origin
    committed: asyncio.Event
    """No tool is used before it is set."""
    acted: asyncio.Event = field(default_factory=asyncio.Event)
    """Set before the first tool is used."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of a call."""

    call: ToolCall
    text: str
    ok: bool
    question: str = ""
    """What somebody has to say yes to before it is done."""


class ToolRunner:
    """Uses the tools of one toolbox."""

    def __init__(self, toolbox: Toolbox, timeout_s: float = TOOL_TIMEOUT_S) -> None:
        self._toolbox = toolbox
        self._timeout_s = timeout_s

    def specs(self) -> tuple[ToolSpec, ...]:
        """Return the tools."""
        return tuple(self._toolbox.specs())

    async def run(self, call: ToolCall, setting: Setting) -> ToolResult:
        """Wait until the person has finished, then use the tool. Never raises."""
        await setting.committed.wait()
        if isinstance(call.arguments, str):
            return _failed(call, "the arguments are no JSON object. Write them again.")
        if call.name not in {spec.name for spec in self.specs()}:
            names = ", ".join(spec.name for spec in self.specs())
            return _failed(call, f"there is no such tool. There are: {names or 'none'}.")
        setting.acted.set()
        try:
            async with asyncio.timeout(self._timeout_s):
                text = await self._toolbox.call(call.name, call.arguments, setting.origin)
        except ToolError as error:
            return _failed(call, str(error))
        except TimeoutError:
            log.warning("a tool took too long", tool=call.name)
            text = f"no answer within {self._timeout_s:g} s. It is not known whether it was done."
            return _failed(call, text)
        except Exception as error:  # noqa: BLE001 - a tool's bug costs its result, not the answer
            log.error("a tool failed", tool=call.name, error=repr(error))
            return _failed(call, "the tool is broken.")
        question = text.question if isinstance(text, MustAsk) else ""
        return ToolResult(call, bounded(text) or "Done.", ok=True, question=question)


def bounded(text: str) -> str:
    """Return a result that is not too long."""
    return text if len(text) <= MAX_RESULT_CHARS else text[: MAX_RESULT_CHARS - len(_CUT)] + _CUT


def key_of(call: ToolCall) -> tuple[str, bytes]:
    """Return what two calls have in common that ask for the same."""
    return call.name, orjson.dumps(call.arguments, option=orjson.OPT_SORT_KEYS, default=str)


def _failed(call: ToolCall, why: str) -> ToolResult:
    return ToolResult(call, bounded(f"Error: {why}"), ok=False)
