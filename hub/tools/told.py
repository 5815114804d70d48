"""Tells the hub of a model's tools while they run."""

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hub.engines.base import Toolbox, ToolError, ToolSpec
from hub.events import ToolAnswered, ToolCalled
from hub.origin import Origin
from hub.tools.audit import shown

MAX_CHARS = 500
"""Of a result that is shown."""

Publish = Callable[[ToolCalled | ToolAnswered], None]


class ToldToolbox:
    """Another toolbox, whose calls are told."""

    def __init__(
        self, box: Toolbox, publish: Publish, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._box = box
        self._publish = publish
        self._clock = clock
        self._numbers = itertools.count(1)

    def specs(self) -> Sequence[ToolSpec]:
        """Return the tools."""
        return self._box.specs()

    async def call(self, name: str, arguments: Mapping[str, Any], origin: Origin) -> str:
        """Use a tool. Raises ToolError."""
        call, began_s = f"t{next(self._numbers)}", self._clock()
        here, turn = origin.satellite, origin.turn
        self._publish(ToolCalled(here, turn, call, name, shown(arguments)))
        ok, text = False, "It was given up."
        try:
            result = await self._box.call(name, arguments, origin)
            ok, text = True, result
            return result
        except ToolError as error:
            text = str(error)
            raise
        except Exception:
            text = "The tool is broken."
            raise
        finally:
            took_ms = (self._clock() - began_s) * 1000
            self._publish(ToolAnswered(here, turn, call, ok, text[:MAX_CHARS], took_ms))
