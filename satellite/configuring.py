"""Carries out what the hub wants changed, and tells it what became of that and what holds."""

from collections.abc import Callable, Mapping
from typing import Any

from protocol import Error, LiveSetting, Message, SettingsTaken
from satellite import events
from satellite.events import Event
from satellite.live_settings import LiveSettings

_TOLD_OTHERWISE = ("volume", "muted")


class Configuring:
    """The hub's view of the settings that can be changed."""

    def __init__(
        self,
        live: LiveSettings,
        tell: Callable[[Event], None],
        send: Callable[[Message], None],
        clock: Callable[[], float],
    ) -> None:
        self._live = live
        self._tell = tell
        self._send = send
        self._clock = clock
        self._is_news = True
        self._taken: dict[str, Any] = {}
        self._refused: dict[str, str] = {}

    def news(self) -> tuple[LiveSetting, ...] | None:
        """Return all settings where the hub does not know them as they are, else None."""
        news, self._is_news = self._is_news, False
        return self._live.views() if news else None

    def tell_all(self) -> None:
        """Let the next status tell all settings."""
        self._is_news = True

    def change(self, values: Mapping[str, Any]) -> None:
        """Take values over; what can not be used is told here."""
        self.tell_all()
        self._refused = self._live.change(values)
        self._taken = {
            name: self._live.value(name)
            for name in values
            if name in self._live.names and name not in self._refused
        }
        for text in self._refused.values():
            self._tell(events.Failed(self._clock(), "bad-setting", text))
        for name, value in self._taken.items():
            if name not in _TOLD_OTHERWISE:
                self._tell(events.SettingChanged(self._clock(), name, value))

    def answer(self, request: int | None) -> None:
        """Tell the hub what became of the last change, as it wants to hear it."""
        if request is not None:
            self._send(SettingsTaken(request, self._taken, dict(self._refused)))
            return
        for text in self._refused.values():
            self._send(Error(text, code="bad-setting"))
