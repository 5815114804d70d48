"""Delayed commands by voice: which ones wait, when one comes, and taking it back by its words."""

from collections.abc import Mapping, Sequence

from hub.home.actions import ActionResult, Deed
from hub.timekeeping.appointment import Appointment, Kind
from hub.timekeeping.cancelling import cancel_all, cancel_one, tell
from hub.timekeeping.said_again import is_said_of
from hub.timekeeping.telling import Asked, deed
from hub.timekeeping.timekeeping import Timekeeping


class CommandDeeds:
    """Carries out what is said about delayed commands."""

    def __init__(self, time: Timekeeping) -> None:
        self._time = time

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
