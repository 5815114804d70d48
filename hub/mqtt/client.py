"""The MQTT library's client, with what it lacks for a link that must never hang."""

import asyncio
import logging
import math
import socket
import ssl
from contextlib import suppress
from typing import Any

import aiomqtt
from aiomqtt import ProtocolVersion
from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY, CleanStartOption
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from hub.mqtt.address import BrokerAddress
from hub.mqtt.inbox import Inbox
from hub.mqtt.publication import Publication
from hub.mqtt.unreachable import ClosedEarly
from protocol.time_limit import time_limit

CONNECT_TIMEOUT_S = 5.0
TRY_TIMEOUT_S = 2.0
"""For a version that the broker may not know: some then wait for bytes that never come."""
CLOSE_TIMEOUT_S = 1.5
ABORT_TIMEOUT_S = 0.2
"""For taking leave of a broker that never answered."""
KEEPALIVE_S = 20
"""A broker that vanished without a word is noticed after one and a half of these."""
_AT_ONCE = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)
"""Else a command that follows another one waits up to 40 ms for that to be acknowledged."""
_LIBRARY_LOG = logging.getLogger("hub.mqtt.library")
_LIBRARY_LOG.setLevel(logging.CRITICAL)  # what it has to say, it raises as well
_CLEAN: CleanStartOption = MQTT_CLEAN_START_FIRST_ONLY
"""A client of ours connects once, so that this is always."""


class Client(aiomqtt.Client):
    """A client for one connection. Its messages lie in `inbox`."""

    def __init__(
        self,
        address: BrokerAddress,
        version: ProtocolVersion,
        *,
        client_id: str,
        will: Publication | None,
        context: ssl.SSLContext | None,
        session_s: int = 0,
        at_once: int = 0,
    ) -> None:
        """The broker keeps what it has for us for `session_s` after a loss, and sends at most
        `at_once` messages that were not acknowledged; 0: as many as it likes.
        """
        self.inbox = Inbox()
        self.version = version
        self._entering = False
        self._dialled = asyncio.Event()
        self._left = False
        super().__init__(
            address.host,
            address.port,
            username=address.username,
            password=address.password,
            identifier=client_id,
            will=aiomqtt.Will(will.topic, will.payload, will.qos, will.retain) if will else None,
            protocol=version,
            # The library's own limits may swallow a cancel (asyncio.wait_for before Python 3.12
            # does), so it waits for ever and every wait stands under a limit of ours.
            timeout=math.inf,
            keepalive=KEEPALIVE_S,
            clean_session=None if version is ProtocolVersion.V5 else not session_s,
            clean_start=False if session_s and version is ProtocolVersion.V5 else _CLEAN,
            properties=_properties(version, session_s, at_once),
            queue_type=lambda **_: self.inbox,  # type: ignore[arg-type]  # as good as a class
            socket_options=_AT_ONCE,
            logger=_LIBRARY_LOG,
            tls_context=context,
        )

    async def enter(self, timeout_s: float = CONNECT_TIMEOUT_S) -> None:
        """Connect in this time; a cancel leaves no half-made connection behind.

        The library connects in a thread, which can not be cancelled and goes on to hang its socket
        into our loop; so a cancel waits for it and then takes leave of the broker.
        """
        self._entering = True
        disconnected = self._disconnected
        entering = asyncio.ensure_future(self.__aenter__())
        entering.add_done_callback(_retrieve)
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.shield(entering)
            if disconnected.done():
                # A loss that came with the answer to CONNECT. The library forgets it, and whoever
                # waits for messages would wait for ever.
                self._disconnected = disconnected
        except (asyncio.CancelledError, TimeoutError):
            self._left = True  # also where another cancel ends what follows
            try:
                with suppress(TimeoutError):
                    async with time_limit(CLOSE_TIMEOUT_S):
                        await self._dialled.wait()
                await self.leave(ABORT_TIMEOUT_S)
            finally:
                entering.cancel()
            await asyncio.gather(entering, return_exceptions=True)
            raise
        finally:
            self._entering = False

    async def leave(self, timeout_s: float) -> None:
        """Disconnect. What fails here has no consequence: the connection is given up anyway."""
        self._left = True
        try:
            with suppress(aiomqtt.MqttError, OSError, TimeoutError):
                async with time_limit(timeout_s):
                    await self.__aexit__(None, None, None)
        finally:
            _retrieve(self._disconnected)
            if self._dialled.is_set():
                self._close()

    async def subscribe_to(self, topics: list[str]) -> list[int]:
        """Subscribe to filters in one packet; return the broker's code for each.

        QoS 0 is as good as the TCP connection, and what is retained comes again with the next one.
        Brokers drop QoS 1 when thousands of retained messages come at once.
        """
        wanted: Any = [
            (topic, SubscribeOptions(qos=0) if self.version is ProtocolVersion.V5 else 0)
            for topic in topics
        ]
        codes: Any = await self.subscribe(wanted)
        return [int(getattr(code, "value", code)) for code in codes]

    def _client_connect(self) -> None:
        """Dial, in a thread of its own."""
        try:
            super()._client_connect()
        finally:
            self._loop.call_soon_threadsafe(self._take_dialled)

    def _take_dialled(self) -> None:
        """Take note that the thread is through, and close what it brings when we have left."""
        self._dialled.set()
        if self._left:
            self._close()

    def _close(self) -> None:
        """Close the socket if it is open still: the library leaves it when leave-taking fails.

        It would be read and kept alive for ever, and at its end without any rest.
        """
        self._client._sock_close()  # noqa: SLF001 - its other ways to close it want an answer

    def _on_socket_register_write(self, client: Any, userdata: Any, sock: Any) -> None:
        """Watch for room to write, if the socket is still there when the loop comes to it.

        The library watches the number that it had: that may be nobody's by then, or another's, and
        the loop would turn without rest.
        """
        del userdata

        def watch() -> None:
            if sock is not None and client.socket() is sock:
                self._loop.add_writer(sock.fileno(), write)

        def write() -> None:
            try:
                client.loop_write()
            except Exception as error:  # noqa: BLE001 - as in the library: whatever it is, it is lost
                if not self._disconnected.done():
                    self._disconnected.set_exception(error)

        self._loop.call_soon_threadsafe(watch)  # it may be asked for in the thread that dials

    def _on_disconnect(self, *arguments: Any) -> None:
        """End the wait for an answer to CONNECT, which the library would wait for all its time."""
        if self._entering and not self._connected.done():
            self._connected.set_exception(ClosedEarly("closed before an answer"))
            _retrieve(self._connected)  # who waits for it may have been cancelled
            return
        super()._on_disconnect(*arguments)


def _retrieve(future: asyncio.Future[Any]) -> None:
    """Have asyncio not complain of a failure that nobody waits for."""
    if future.done() and not future.cancelled():
        future.exception()


def _properties(version: ProtocolVersion, session_s: int, at_once: int) -> Properties | None:
    """Return what CONNECT says of the session, which MQTT 3.1.1 can not say."""
    if version is not ProtocolVersion.V5 or not (session_s or at_once):
        return None
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    if session_s:
        properties.SessionExpiryInterval = session_s
    if at_once:
        properties.ReceiveMaximum = at_once
    return properties
