"""What a service tells the service manager that started it: systemd's notification protocol.

One datagram of lines `NAME=VALUE` for each message, to the socket that the variable NOTIFY_SOCKET
names; see sd_notify(3). Without that variable nothing is told.
"""

import asyncio
import os
import socket
from collections.abc import Mapping
from contextlib import suppress

_MOST_STATUS = 200


class ServiceManager:
    """Whoever started the program; nobody where it was started by hand."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        usec = environment.get("WATCHDOG_USEC", "")
        pid = environment.get("WATCHDOG_PID", str(os.getpid()))
        watched = self._address and usec.isdecimal() and int(usec) > 0 and pid == str(os.getpid())
        self.watchdog_s = int(usec) / 1e6 if watched else None
        """The program is ended if it says nothing for this long; None where nobody watches."""

    @property
    def present(self) -> bool:
        """Return whether a manager started the program."""
        return bool(self._address)

    def ready(self) -> None:
        """Say that the start is over."""
        self._tell("READY=1")

    def status(self, text: str) -> None:
        """Say in a line what the program is doing; `systemctl status` shows it."""
        self._tell(f"STATUS={' '.join(text.split())[:_MOST_STATUS]}")

    def stopping(self) -> None:
        """Say that the program ends."""
        self._tell("STOPPING=1")

    async def serve(self) -> None:
        """Say that the start is over, then that all is well, until cancelled; then that it ends."""
        self.ready()
        try:
            await self.stay_alive()
        finally:
            self.stopping()

    async def stay_alive(self) -> None:
        """Say again and again that the event loop still turns, until cancelled."""
        if self.watchdog_s is None:
            await asyncio.Event().wait()
            return
        while True:
            self._tell("WATCHDOG=1")
            await asyncio.sleep(self.watchdog_s / 3)

    def _tell(self, text: str) -> None:
        if not self._address:
            return
        # A leading @ is an abstract socket, whose name begins with a zero byte.
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with (
            suppress(OSError),  # a manager that does not listen is no reason to end
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sending,
        ):
            sending.sendto(text.encode(), address)
