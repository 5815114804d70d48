"""Delayed commands by voice: which ones wait, when one comes, and taking it back by its words."""

from collections.abc import Mapping, Sequence

from hub.home.actions import NOTHING, ActionResult, Deed, Sense
from hub.home.intents import IntentMatch
from hub.home.model import Home
from hub.timekeeping.appointment import Appointment, Kind
from hub.timekeeping.cancelling import cancel_all, cancel_one, tell
from hub.timekeeping.said_again import is_said_of
from hub.timekeeping.telling import Asked, deed
from hub.timekeeping.timekeeping import Timekeeping


class CommandDeeds:
    """Carries out what is said about delayed commands. The wildcard in their sentences takes many a
    question about the world, which is not theirs."""

    def __init__(self, time: Timekeeping, home: Home) -> None:
        self._time = time
        self._home = home

    def deeds(self) -> Mapping[str, Deed]:
        """Return what is done, by intent."""
        return {
            "SottoCommandList": deed(self._list),
            "SottoCommandStatus": deed(self._status),
            "SottoCancelCommand": deed(self._cancel),
            "SottoCancelAllCommands": deed(
                lambda asked: cancel_all(asked, self._time, Kind.COMMAND)
            ),
        }

    def senses(self) -> Mapping[str, Sense]:
        """Return what tells apart "when does the lamp go off" and "when does the shop open"."""
        return {"SottoCommandStatus": self._sense, "SottoCancelCommand": self._sense}

    def _sense(self, match: IntentMatch) -> str | None:
        said = match.slots.get("command")
        if said is None or any(
            is_said_of(match.text, one.text, one.place.area or "")
            for one in self._time.all(Kind.COMMAND)
        ):
            return None
        names = (name for one in self._home.devices() for name in (one.name, *one.aliases))
        return None if any(is_said_of(str(said), name) for name in names) else NOTHING

    async def _list(self, asked: Asked) -> ActionResult:
        return tell(asked, self._time, Kind.COMMAND, self._time.all(Kind.COMMAND))

    async def _status(self, asked: Asked) -> ActionResult:
        found = self._meant(asked)
        if not found:
            return asked.tell("command_unknown")
        return tell(asked, self._time, Kind.COMMAND, found)

    async def _cancel(self, asked: Asked) -> ActionResult:
        return await cancel_one(asked, self._time, Kind.COMMAND, self._meant(asked))

    def _meant(self, asked: Asked) -> Sequence[Appointment]:
        """Return the commands that a sentence can mean: all, unless it says which."""
        found = self._time.all(Kind.COMMAND)
        if asked.slot("command") is None:
            return found
        said = asked.request.match.text
        return [one for one in found if is_said_of(said, one.text, one.place.area or "")]
