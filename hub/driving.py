"""What drives the hub over MQTT, put together."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from hub.announcing import Announcement, Fate
from hub.bus import Bus
from hub.controlling import ControlError, Controls, TimerView
from hub.home_settings import Mqtt
from hub.mqtt.address import BrokerAddress
from hub.mqtt.own import OwnMqtt, OwnSettings
from hub.rooms.announcements import Announcements
from hub.rooms.kept_announcements import KeptAnnouncements, TooMany
from hub.rooms.listener import HubIdentity
from hub.store.database import Store
from hub.store.errors import StoreError
from hub.timekeeping.appointment import Appointment, State
from hub.timekeeping.timekeeping import Timekeeping
from hub.words import worded

ID_CHARS = 8
"""Of the hub's id: enough to tell the hubs of a house apart."""


class KeptTimers:
    """The household's appointments, as they are driven from outside."""

    def __init__(self, timekeeping: Timekeeping) -> None:
        self._timekeeping = timekeeping

    def views(self) -> Sequence[TimerView]:
        """Return all there are; what is due first comes first."""
        return [_view(one, self._timekeeping.now) for one in self._timekeeping.all()]

    def follow(self, follower: Callable[[], None]) -> None:
        """Have `follower` called whenever something of that changes."""
        self._timekeeping.follow(follower)

    async def stop_ringing(self, satellite: str | None = None) -> Sequence[str]:
        """Silence what rings at a satellite, or everywhere; return the ids. Raises ControlError."""
        try:
            return [one.id for one in await self._timekeeping.stop_ringing(satellite)]
        except StoreError as error:
            raise ControlError(
                "not-kept", worded("may-ring-again", "It may ring again: {why}", why=str(error))
            ) from None

    async def cancel(self, timer: str) -> bool:
        """Forget one; return whether there was one. Raises ControlError."""
        try:
            return bool(await self._timekeeping.cancel(timer))
        except StoreError as error:
            raise ControlError(
                "not-kept", worded("still-there", "It is still there: {why}", why=str(error))
            ) from None


class Driving:
    """The hub's own topics, and the announcements that come by them."""

    def __init__(
        self,
        settings: Mqtt,
        identity: HubIdentity,
        controls: Controls,
        announcements: Announcements,
        store: Store,
        *,
        timekeeping: Timekeeping | None = None,
    ) -> None:
        self._settings = settings
        self._identity = identity
        self._controls = controls
        self.kept = KeptAnnouncements(announcements, store, over=self._over)
        """What waits to be said, however it came."""
        self._timers = None if timekeeping is None else KeptTimers(timekeeping)
        self._own: OwnMqtt | None = None

    async def run(self, address: BrokerAddress, bus: Bus) -> None:
        """Be driven by the broker at `address`, until cancelled."""
        short = self._identity.id[:ID_CHARS]
        settings = OwnSettings(
            short,
            self._identity.name,
            self._settings.topic or f"sotto/{short}",
            self._settings.discovery_prefix,
            self._settings.publish_words,
        )
        self._own = OwnMqtt(settings, address, self._controls, self, timers=self._timers)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.kept.run())
            tasks.create_task(self._own.run(bus))

    async def accept(self, announcement: Announcement, key: str) -> bool:
        """Keep an announcement until it was said. Raises ControlError."""
        try:
            return await self.kept.accept(announcement, key)
        except TooMany as error:
            raise ControlError("busy", str(error)) from None
        except StoreError as error:
            raise ControlError(
                "not-kept",
                worded(
                    "announcement-not-kept",
                    "The announcement can not be kept: {why}",
                    why=str(error),
                ),
            ) from None

    def confirm(self, key: str | None = None) -> int:
        """Say one no more, or none that is said several times; return how many there were."""
        return self.kept.confirm(key)

    def _over(self, key: str, fates: Mapping[str, Fate]) -> None:
        if self._own is not None:
            self._own.announced(key, fates)


def _view(one: Appointment, now: datetime) -> TimerView:
    return TimerView(
        one.id,
        one.kind.value,
        one.state.value,
        one.due,
        one.left_s(now) if one.state is State.PAUSED else None,
        one.place.satellite,
        one.place.area,
        one.name,
        one.text,
    )
