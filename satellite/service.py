"""Keeps the service manager told what the satellite does: `systemctl status` shows it."""

from protocol.service_manager import ServiceManager
from satellite import events
from satellite.events import Event


class ServiceStatus:
    """Follows the events."""

    def __init__(self, manager: ServiceManager) -> None:
        self._manager = manager
        self._hub = ""
        self._muted = ""

    def follow(self, event: Event) -> None:
        """Take an event."""
        match event:
            case events.Ready():
                self._manager.ready()
                self._manager.status("looks for its hub")
            case events.Connected(hub=hub):
                self._hub = hub
                self._say()
            case events.PairingCode(code=code, hub=hub):
                self._manager.status(f"waits to be approved at {hub}, code {code}")
            case events.Disconnected(reason=reason):
                self._hub = ""
                self._manager.status(f"without a hub: {reason}")
            case events.Muted(muted=muted):
                self._muted = ", microphone off" if muted else ""
                self._say()
            case _:
                pass

    def _say(self) -> None:
        if self._hub:
            self._manager.status(f"connected to {self._hub}{self._muted}")
