"""Who talks in a browser is shown among the satellites, apart from them."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from hub.api.access import Role
from hub.api.live import Live
from hub.api.parts import Parts
from hub.api.satellite_feed import SatelliteFeed
from hub.bus import Bus
from hub.events import SatelliteChanged, SatelliteConnected, SatelliteGone, TranscriptGrew
from hub.rooms.directory import Connected, Directory
from protocol.sotto_messages import Status
from tests.virtual_time import run_virtual

ADA = "browser-1f0c2a7e-tab-1"


class NoSatellites:
    """A registry that knows none."""

    def __iter__(self) -> Any:
        return iter(())

    def waiting(self) -> tuple[()]:
        return ()

    def follow(self, follower: Callable[[], None]) -> None:
        """Nothing changes."""


def session(satellite: str, person: str, status: Status) -> Any:
    return SimpleNamespace(
        satellite=satellite, name=f"{person}, Linux", area="Kitchen", person=person, status=status
    )


def test_a_browser_is_shown_with_its_words_for_as_long_as_it_is_there() -> None:
    async def main() -> None:
        live, bus, directory = Live(), Bus(), Directory()
        parts = SimpleNamespace(live=live, bus=bus, directory=directory, registry=NoSatellites())
        feeding = asyncio.create_task(SatelliteFeed(cast("Parts", parts)).run())
        await asyncio.sleep(0)  # it follows from now on
        await asyncio.sleep(0)

        async def shown() -> dict[str, Any]:
            await asyncio.wait_for(live.wait(live.number), 5)
            state: dict[str, Any] = live.snapshot(Role.MEMBER)["state"]
            return state

        ada = session(ADA, "Ada", Status("idle", muted=True))
        await directory.enter(cast("Connected", ada))
        bus.publish(SatelliteConnected(ADA, ada.name, ada.area))
        assert (len(directory), directory.satellites) == (1, 0)
        first = (await shown())["browsers"][ADA]
        assert (first["person"], first["area"], first["state"]) == ("Ada", "Kitchen", "idle")
        assert first["microphone"] is False

        ada.status, ada.area = Status("listening", muted=False), None
        bus.publish(SatelliteChanged(ADA))
        later = (await shown())["browsers"][ADA]
        assert (later["area"], later["state"], later["microphone"]) == (None, "listening", True)
        assert later["since"] == first["since"]

        bus.publish(TranscriptGrew(ADA, 1, "turn on"))
        assert (await shown())["satellite_words"][ADA]["words"] == "turn on"
        for role in (Role.PANEL, Role.GUEST):
            assert live.snapshot(role)["state"].keys() == {"satellites"}

        directory.leave(cast("Connected", ada))
        bus.publish(SatelliteGone(ADA, "the window was closed"))
        gone = await shown()
        assert (gone["browsers"], gone["satellite_words"]) == ({}, {})
        feeding.cancel()
        await asyncio.wait([feeding])

    run_virtual(main())
