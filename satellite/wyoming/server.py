"""The satellite as a plain Wyoming satellite: Home Assistant connects to it and drives it.

Anybody may ask what it is. Who sends `run-satellite` last gets the satellite, until it leaves or
pauses; one that had it before gets it back then.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from protocol import (
    AUDIO_LIMITS,
    Describe,
    Info,
    KeepAlive,
    Limits,
    Link,
    LinkClosed,
    Message,
    PauseSatellite,
    Role,
    RunSatellite,
    SottoError,
    serve,
)
from satellite.errors import SatelliteError
from satellite.ports import Outbound
from satellite.runtime import Satellite
from satellite.settings import SatelliteSettings
from satellite.wyoming.description import describe
from satellite.wyoming.peer import Peer
from satellite.wyoming.presence import announce
from satellite.wyoming.stand_in import StandIn
from satellite.wyoming_settings import Wyoming, is_loopback, parse_uri

_log = logging.getLogger("satellite")

MAX_LINKS = 32
MAX_LINKS_PER_HOST = 8
"""Home Assistant uses two; what one machine opens beyond that must not lock the others out."""
MAX_REFUSALS_TOLD = 32
IDLE_S = 10.0
"""Who has asked for nothing in this time, and does not run the satellite, is let go."""
LIMITS = Limits(data_bytes=AUDIO_LIMITS.data_bytes)
KEEP_ALIVE = KeepAlive(ping_after_s=2.0, dead_after_s=5.0, in_return=True)
"""Home Assistant's own numbers."""


class WyomingServer:
    """Listens for Home Assistant, and decides who has the satellite."""

    def __init__(
        self,
        settings: Wyoming,
        stand_in: StandIn,
        info: Info,
        *,
        label: str,
        complain: Callable[[SottoError], None],
    ) -> None:
        """`label` is what Home Assistant finds it by, and stays over restarts.

        `complain` is told what goes wrong beside the links.
        """
        self._settings = settings
        self._stand_in = stand_in
        self._info = info
        self._label = label
        self._complain = complain
        self._runners: list[Peer] = []  # the last one has the satellite
        self._refused: set[str] = set()

    async def run(self) -> None:
        """Serve until cancelled. Raises SatelliteError "wyoming-address"."""
        host, port = parse_uri(self._settings.uri)
        try:
            server = await serve(
                self._serve,
                host,
                port,
                role=Role.WYOMING,
                max_links=MAX_LINKS,
                max_links_per_host=MAX_LINKS_PER_HOST,
                limits=LIMITS,
                keep_alive=KEEP_ALIVE,
            )
        except OSError as error:
            text = f"{self._settings.uri} can not be listened on: {error.strerror or error}"
            raise SatelliteError("wyoming-address", text) from error
        async with server, asyncio.TaskGroup() as group:
            address, port = server.addresses[0]
            _say_who_may_come(self._settings, address)
            group.create_task(self._stand_in.keep_deadlines())
            if self._settings.discoverable:
                group.create_task(announce(self._label, address, port, self._complain))

    async def _serve(self, link: Link) -> None:
        if not self._settings.allows(link.host):
            self._refuse(link)
            return
        peer = Peer(link)
        sending = asyncio.create_task(peer.send_all(), name=f"wyoming sender {link.peer}")
        try:
            while True:
                await self._obey(peer, await self._next(peer))
        except SottoError as error:
            self._release(peer, error)
            raise
        except TimeoutError:
            link.reject("idle", f"nothing was asked for {IDLE_S:g} s")
        except Exception:
            self._release(
                peer, LinkClosed("internal-error", "a fault of the satellite; see its log")
            )
            raise
        finally:
            sending.cancel()
            await asyncio.wait([sending])

    async def _next(self, peer: Peer) -> Message:
        # Who runs the satellite is pinged, and given up when it is silent.
        async with asyncio.timeout(None if peer in self._runners else IDLE_S):
            return await peer.link.receive()

    async def _obey(self, peer: Peer, message: Message) -> None:
        match message:
            case Describe():
                peer.send(self._info)
            case RunSatellite() if not self._has_it(peer):
                self._take(peer)
            case PauseSatellite():
                self._release(peer, LinkClosed("paused", "Home Assistant has paused the satellite"))
            case _ if self._has_it(peer):
                await self._stand_in.obey(message)

    def _has_it(self, peer: Peer) -> bool:
        return bool(self._runners) and peer is self._runners[-1]

    def _take(self, peer: Peer) -> None:
        """Give the satellite to a peer."""
        if peer in self._runners:
            self._runners.remove(peer)
        if self._runners:
            text = f"{peer.link.peer} runs the satellite now"
            self._stand_in.leave(LinkClosed("taken-over", text))
        self._runners.append(peer)
        self._stand_in.begin(peer)

    def _release(self, peer: Peer, error: SottoError) -> None:
        """Take the satellite from a peer; one that had it before gets it back."""
        had_it = self._has_it(peer)
        if peer in self._runners:
            self._runners.remove(peer)
        if had_it:
            self._stand_in.leave(error)
            if self._runners:
                self._stand_in.begin(self._runners[-1])

    def _refuse(self, link: Link) -> None:
        link.reject("not-allowed", f"{link.host} is not among wyoming.allow of this satellite")
        if link.host not in self._refused and len(self._refused) < MAX_REFUSALS_TOLD:
            self._refused.add(link.host)
            text = f"{link.host} wanted to connect and is not among wyoming.allow"
            self._complain(LinkClosed("not-allowed", text))


def serve_home_assistant(
    settings: SatelliteSettings, satellite: Satellite
) -> tuple[Outbound, Callable[[], Awaitable[None]]]:
    """Return what takes the place of the link to a hub, and what has to run."""
    stand_in = StandIn(satellite, satellite.playback.buffer, has_speaker=settings.speaker != "none")
    words = settings.wake_words
    server = WyomingServer(
        settings.wyoming,
        stand_in,
        describe(settings.name, settings.area, words, _phrases(words, settings.wake.folder)),
        label=settings.satellite_id,
        complain=satellite.complain,
    )
    return stand_in, server.run


def _phrases(wake_words: Sequence[str], folder: Path | None) -> Mapping[str, str]:
    if not wake_words:
        return {}
    # As where they are loaded: nobody else needs the library.
    from audio.wake import WakeWordError, available  # noqa: PLC0415

    try:
        return {name: model.phrase for name, model in available(folder).items()}
    except WakeWordError:
        return {}  # told where they are loaded


def _say_who_may_come(settings: Wyoming, address: str) -> None:
    if is_loopback(address) or settings.allow:
        return
    _log.warning(
        "%s has no authentication: whoever reaches it hears what is said after the wake word, and "
        "can speak here; name Home Assistant's address in wyoming.allow",
        settings.uri,
    )
