"""Changes settings of a satellite while it runs, and hears what became of that."""

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from hub.rooms.lasting_link import SatelliteLink
from hub.words import worded
from protocol.errors import LinkClosed
from protocol.live_setting import LiveSetting
from protocol.sotto_messages import Identify, Settings, SettingsTaken, Status

ANSWER_S = 4.0
"""A satellite that is there answers in a round trip."""
MAX_WAITING = 32
"""Changes whose answer is not there yet."""


class NotChanged(Exception):
    """Settings were not changed. The text says why, for people.

    Codes: "bad-setting": the satellite refuses a name or a value; "timeout": it does not answer;
    "busy": too many changes wait for their answers.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Changing:
    """The settings of one satellite, as it told them, and the changes that are under way."""

    def __init__(self, features: frozenset[str]) -> None:
        self.settings: Sequence[LiveSetting] = ()
        """What can be changed, with what holds; empty where it does not tell."""
        self.barge_in = "barge-in" in features
        """Whether it sends its microphone while it plays; that may be changed too."""
        self._features = features
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[SettingsTaken]] = {}

    def follow(self, status: Status) -> None:
        """Take what a status tells of settings."""
        if status.barge_in is not None:
            self.barge_in = status.barge_in
        if status.settings is not None:
            self.settings = status.settings

    async def change(self, link: SatelliteLink, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change settings; return what holds of them now. Raises WireError, NotChanged.

        Those that are not refused are changed also where others are. An older satellite does not
        answer: what it was sent is returned.
        """
        if "settings" not in self._features:
            await link.send(Settings(dict(values)))
            return values
        if len(self._waiting) >= MAX_WAITING:
            text = "{count} changes wait for their answer already"
            raise NotChanged("busy", worded("changes-wait", text, count=MAX_WAITING))
        number = next(self._numbers)
        answer: asyncio.Future[SettingsTaken] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await link.send(Settings(dict(values), number))
            done, _ = await asyncio.wait([answer], timeout=ANSWER_S)
        finally:
            del self._waiting[number]
        if not done:
            text = "the satellite does not answer; it may change it later"
            raise NotChanged("timeout", worded("satellite-silent", text))
        taken = answer.result()
        if taken.refused:
            raise NotChanged("bad-setting", "; ".join(str(why) for why in taken.refused.values()))
        return taken.values

    async def identify(self, link: SatelliteLink, seconds: float) -> bool:
        """Have it show which one it is; False: it can not. Raises WireError."""
        if "identify" not in self._features:
            return False
        await link.send(Identify(seconds))
        return True

    def taken(self, message: SettingsTaken) -> None:
        """Take an answer."""
        answer = self._waiting.get(message.request)
        if answer is not None and not answer.done():
            answer.set_result(message)

    def end(self) -> None:
        """No answer comes any more."""
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(LinkClosed("link-closed", "the satellite was lost"))
