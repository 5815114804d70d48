"""A real hub and real satellites in real time, with scripted engines and wires that can be cut."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

from hub.bus import Bus
from hub.conversation.attempt import Parts
from hub.conversation.conversation import Conversations
from hub.conversation.turn import Manner
from hub.conversation.voice_activity import VoiceActivity
from hub.events import TurnEnded
from hub.rooms.arbiter import Arbiter
from hub.rooms.directory import Directory
from hub.rooms.house import House
from hub.rooms.lasting_link import LastingLink, SatelliteLink
from hub.rooms.listener import HubIdentity, Listener
from hub.rooms.neighbours import Neighbours
from hub.rooms.session import Session
from protocol import Hello, Role, Server, Status, serve
from satellite import events
from satellite.handshake import Identity
from satellite.jitter import PlaybackBuffer
from satellite.locate import Locator
from satellite.pairing import Pairing
from satellite.runtime import Satellite
from satellite.state import State, Trigger
from satellite.uplink import Uplink
from satellite.wav_devices import WavMicrophone, WavSpeaker
from tests.hub.conversation.scripted import Loudness
from tests.satellite.unsteady_wire import Wire
from tests.virtual_house import VOICE_RATE_HZ, Engines, pause, words

TOKEN = "a-token-that-is-long-enough"
COMMAND = "turn on the lamp"
ANSWER = "it is done and now it is bright"
PATIENCE_S = 60.0
LOOK_S = 0.01
MOST_LATE_S = 0.05

E = TypeVar("E", bound=events.Event)


async def until(condition: Callable[[], object], limit_s: float = PATIENCE_S) -> float:
    """Wait for something to become true; return how long that took.

    What this process was held up meanwhile, on a busy machine, does not count.
    """
    took_s = 0.0
    async with asyncio.timeout(limit_s):
        while not condition():
            began = time.monotonic()
            await asyncio.sleep(LOOK_S)
            took_s += min(time.monotonic() - began, MOST_LATE_S)
    return took_s


class UnsteadyHub:
    """A hub that can be restarted: it forgets everything, and keeps its port."""

    def __init__(self, id_: str = "hub-1") -> None:
        self.port = 0
        self.turns: list[TurnEnded] = []
        self.directory = Directory()
        self._id = id_
        self._server: Server | None = None
        self._following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin with nothing known."""
        engines = Engines(commands={COMMAND: ANSWER})
        bus, clock = Bus(), time.monotonic
        self.directory = Directory()
        house = House(
            Parts(engines, engines, engines),
            VoiceActivity(Loudness()),
            bus,
            "en",
            clock,
            Manner(),
            self.directory,
            Conversations(clock),
            Arbiter(clock),
            Neighbours(),
        )

        def make_session(link: SatelliteLink, hello: Hello) -> Session:
            return Session(link, hello, house)

        identity = HubIdentity(self._id, "Unsteady")
        listener = Listener(identity, TOKEN, self.directory, bus, make_session)
        self._server = await serve(listener.handle, "127.0.0.1", self.port, role=Role.HUB)
        self.port = self._server.addresses[0][1]
        subscription = bus.subscribe()

        async def follow() -> None:
            with subscription as facts:
                async for fact in facts:
                    if isinstance(fact, TurnEnded):
                        self.turns.append(fact)

        self._following = asyncio.create_task(follow())
        await asyncio.sleep(0)

    async def stop(self) -> None:
        """Go away."""
        if self._server is not None:
            await self._server.close()
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait([self._following])


class Room:
    """A satellite, its wire, and a person in front of it."""

    def __init__(
        self, name: str, hub: UnsteadyHub, wire: Wire, folder: Path, *, direct: bool = False
    ) -> None:
        """Dial over the wire, or past it: then a hub that is gone refuses."""
        self.name = name
        self.wire = wire
        self.told: list[events.Event] = []
        self.undisturbed_ms = 0
        """How long an answer is that nothing disturbs."""
        self._hub = hub
        self.microphone = WavMicrophone()
        self.speaker = WavSpeaker(rate_hz=VOICE_RATE_HZ)
        self.satellite = Satellite(PlaybackBuffer(VOICE_RATE_HZ), [self.told.append])
        identity = Identity(name, name, name, VOICE_RATE_HZ)
        pairing = Pairing(folder / f"{name}.json", TOKEN)
        port = hub.port if direct else wire.port
        places = Locator([f"127.0.0.1:{port}"], pairing, has_token=True)
        self.uplink = Uplink(self.satellite, identity, TOKEN, places)
        self.satellite.uplink, self.satellite.link_health = self.uplink, self.uplink.health

    async def run(self) -> None:
        """Be there until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for work in (
                self.uplink.run(),
                self.satellite.hear(self.microphone),
                self.satellite.keep_deadlines(),
                self.satellite.playback.watch(),
                self.speaker.run(self.satellite.playback.buffer),
            ):
                tasks.create_task(work)

    @property
    def agrees(self) -> bool:
        """Whether satellite and hub are linked, and mean the same."""
        session = self._hub.directory.get(self.name)
        if not isinstance(session, Session) or session.status is None:
            return False
        satellite, status = self.satellite, session.status
        return (
            not session._link.closed
            and satellite.state is not State.DISCONNECTED
            and self.uplink._link is not None
            and not self.uplink._link.closed
            and status.state == satellite.state
            and status.muted == satellite.machine.muted
            and status.volume == satellite.playback.volume
            and session.at_rest == (satellite.state in (State.IDLE, State.WAKING))
        )

    @property
    def hub_session(self) -> str | None:
        """The session that the hub has with it."""
        session = self._hub.directory.get(self.name)
        link = session._link if isinstance(session, Session) else None
        return link.session if isinstance(link, LastingLink) else None

    @property
    def status(self) -> Status | None:
        """How the hub thinks that the satellite is."""
        session = self._hub.directory.get(self.name)
        return None if session is None else session.status

    def of(self, kind: type[E], since: int = 0) -> list[E]:
        """Return the events of a kind, from some event on."""
        return [event for event in self.told[since:] if isinstance(event, kind)]

    def ask(self) -> None:
        """Press the button and say the command."""
        self.satellite.wake(Trigger("button"))
        self.microphone.say(pause(320) + words(COMMAND))

    @property
    def turns(self) -> list[TurnEnded]:
        """The hub's turns with this satellite."""
        return [turn for turn in self._hub.turns if turn.satellite == self.name]


@asynccontextmanager
async def unsteady(
    count: int, folder: Path, *, direct: bool = False
) -> AsyncIterator[tuple[UnsteadyHub, list[Room]]]:
    """Run a hub and satellites that are connected to it; every second one `direct`ly, if any."""
    hub = UnsteadyHub()
    async with AsyncExitStack() as stack:
        await hub.start()
        stack.push_async_callback(hub.stop)
        rooms = []
        for number in range(count):
            wire = await stack.enter_async_context(Wire(hub.port))
            past_it = direct and number % 2 == 1
            room = Room(f"room-{number}", hub, wire, folder, direct=past_it)
            task = asyncio.create_task(room.run())
            stack.push_async_callback(_end, task)
            rooms.append(room)
        for room in rooms:
            await until(lambda room=room: room.agrees)  # type: ignore[misc]
        yield hub, rooms


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
