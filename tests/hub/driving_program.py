"""A hub of one satellite that is driven by MQTT, as a process of its own: it can be killed.

python -m tests.hub.driving_program PORT FOLDER busy|free
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hub.announcing import Announcement, Fate
from hub.bus import Bus
from hub.controlling import SatelliteView, SettingView, TextAnswer
from hub.driving import Driving
from hub.home_settings import Mqtt
from hub.mqtt.address import BrokerAddress
from hub.rooms.announcements import Announcements
from hub.rooms.directory import Directory
from hub.rooms.listener import HubIdentity
from hub.rooms.opening import Begin
from hub.rooms.saying import Saying
from hub.store.database import Store
from protocol.live_setting import LiveSetting
from protocol.schema import Message


class Room:
    """A session that prints what it says. While it is busy it says nothing."""

    satellite = name = "kitchen-1"
    area: str | None = "Kitchen"
    person: str | None = None
    status = None
    at_rest = True
    hears_wake_words = True

    def __init__(self, *, busy: bool) -> None:
        self._busy = busy

    def begin(self, begin: Begin) -> None:
        raise AssertionError(begin)

    async def rest(self) -> None:
        if self._busy:
            await asyncio.Event().wait()

    async def say(self, saying: Saying) -> Fate | None:
        _tell("said", saying.text)
        return Fate.HEARD

    def stop(self) -> None:
        _tell("stopped")

    settings: Sequence[LiveSetting] = ()

    async def set(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        _tell("set", values)
        return values

    async def identify(self, seconds: float) -> bool:
        raise AssertionError(seconds)

    async def tell(self, *messages: Message) -> None:
        raise AssertionError(messages)

    async def replace(self) -> None:
        raise AssertionError


class Controls:
    """What is commanded is printed."""

    def satellites(self) -> Sequence[SatelliteView]:
        return [SatelliteView("kitchen-1", "Kitchen", "Kitchen", "idle")]

    async def ask(self, satellite: str, question: Announcement) -> tuple[Fate, str | None]:
        raise AssertionError(satellite, question)

    def listen(self, satellite: str) -> None:
        raise AssertionError(satellite)

    def stop(self, satellite: str | None = None) -> None:
        raise AssertionError(satellite)

    async def set_volume(self, satellite: str, volume: float) -> None:
        raise AssertionError(satellite, volume)

    async def set_muted(self, satellite: str, muted: bool) -> None:
        raise AssertionError(satellite, muted)

    def settings(self, satellite: str) -> Sequence[SettingView]:
        raise AssertionError(satellite)

    async def set(self, satellite: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        raise AssertionError(satellite, values)

    async def identify(self, satellite: str, seconds: float) -> None:
        raise AssertionError(satellite, seconds)

    async def run_text(
        self, text: str, *, area: str | None = None, language: str | None = None
    ) -> TextAnswer:
        _tell("did", text)
        return TextAnswer("done", ok=True)


async def main(port: int, folder: Path, *, busy: bool) -> None:
    """Run until killed."""
    directory = Directory()
    await directory.enter(Room(busy=busy))
    announcements = Announcements(directory, asyncio.get_running_loop().time)
    async with Store(f"sqlite:///{folder}/hub.db") as store:
        driving = Driving(
            Mqtt(topic="sotto/test"), HubIdentity("1234", "Home"), Controls(), announcements, store
        )
        await driving.run(BrokerAddress.parse(f"mqtt://127.0.0.1:{port}"), Bus())


def _tell(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), busy=sys.argv[3] == "busy"))
