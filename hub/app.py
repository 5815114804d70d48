"""The hub, put together: what it consists of, in which order it starts, and how it ends."""

import asyncio
import gc
import secrets
import signal
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import structlog

from audio.vad import SileroVad
from hub.acting import Acting
from hub.advertising import advertise
from hub.broker_choice import named_broker, own_broker
from hub.bus import Bus
from hub.clockwork import Clockwork
from hub.control import Control
from hub.conversation.attempt import Parts
from hub.conversation.conversation import Conversations
from hub.conversation.endpoint import Rules
from hub.conversation.mind import Mind
from hub.conversation.patience import Patience
from hub.conversation.tally import Tally
from hub.conversation.turn import Manner
from hub.conversation.voice_activity import VoiceActivity
from hub.driving import Driving
from hub.ears import Ears
from hub.engines.base import EngineError
from hub.events import HomeChanged, TurnEnded, TurnStarted
from hub.home.model import Home
from hub.household import Household
from hub.hub_errors import EXPECTED, HubError, explain, explain_address
from hub.hub_id import hub_id
from hub.loopback import is_loopback
from hub.mqtt.address import BrokerAddress
from hub.mqtt.link import MqttLink
from hub.owner_home import OwnerHome
from hub.reactions import reacting
from hub.rooms.announcements import Announcements
from hub.rooms.arbiter import Arbiter
from hub.rooms.directory import Directory
from hub.rooms.house import FollowUp, FollowUps, House
from hub.rooms.lasting_link import SatelliteLink
from hub.rooms.listener import HubIdentity, Listener
from hub.rooms.neighbours import Neighbours
from hub.rooms.session import Session
from hub.rooms.spoken_requests import SpokenRequests
from hub.settings import HubSettings
from hub.store.database import Store
from hub.thinker import Thinker
from hub.timekeeping.sentences import TIME_ANSWERS, TIME_SENTENCES
from hub.turn_judge import TurnJudge
from hub.voice import Voice
from protocol.limits import AUDIO_LIMITS
from protocol.service_manager import ServiceManager
from protocol.sotto_messages import Hello
from protocol.state import Role
from protocol.stream import serve

log = structlog.get_logger(__name__)

BROKER_TIMEOUT_S = 5.0
SETTLE_TIMEOUT_S = 3.0
"""How long to wait for a home that never stops announcing itself."""


Announce = Callable[[str], None]


class Hub:
    """One hub. `run` builds it, serves until cancelled, and takes it down again."""

    def __init__(self, settings: HubSettings, announce: Announce) -> None:
        """Raises HubError for engines that can not be made as the settings say."""
        self.tally = Tally()
        """How often it paid to work ahead, over all turns so far."""
        self._settings = settings
        self._announce = announce
        self._bus = Bus()
        self._directory = Directory()
        self._announcements = Announcements(self._directory, time.monotonic)
        self._identity = HubIdentity(hub_id(), settings.name)
        self._home = Home()
        try:
            self._ears = Ears(settings, self._bus.publish)
            self._voice = Voice(settings, self._bus.publish)
        except EngineError as error:
            raise HubError(str(error)) from None
        self._turn_judge = TurnJudge(settings, self._bus.publish)
        self._thinker: Thinker | None = None
        self._own_sentences: Callable[[], Sequence[str]] = tuple
        self._home_changed = asyncio.Event()
        self._learned_version = -1

    async def run(self) -> None:
        """Serve until cancelled. Raises HubError."""
        settings = self._settings
        try:
            token = settings.satellites.read_token()
            address = named_broker(settings.mqtt)
            async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
                store = await stack.enter_async_context(Store(settings.store.place))
                tasks.create_task(self._ears.run())
                tasks.create_task(self._voice.run())
                tasks.create_task(self._turn_judge.run())
                # Loading engines and learning the home go on side by side.
                voice = tasks.create_task(self._voice.configure())
                address, household = await self._learn_home(address, stack, tasks)
                clockwork = Clockwork(
                    store,
                    self._home,
                    self._directory,
                    self._announcements,
                    language=settings.language,
                    lists=settings.store.lists,
                )
                requests = SpokenRequests(self._directory, self._announcements)
                acting = Acting(
                    settings,
                    self._home,
                    household,
                    store,
                    deeds={**clockwork.deeds, **requests.deeds()},
                    senses=clockwork.senses,
                    sentences=TIME_SENTENCES,
                    answers=TIME_ANSWERS,
                    boxes=(clockwork.tools,),
                    changed=self._tools_changed,
                )
                thinker = Thinker(
                    settings, self._home, acting.mind, acting.tooling.toolbox, self._bus.publish
                )
                self._thinker = thinker
                clockwork.bind(thinker.mind, acting.actions)
                self._own_sentences = partial(acting.tooling.commands.heard, "en")
                house = self._house(thinker.mind)
                await self._learn()
                await voice
                tasks.create_task(thinker.run())
                tasks.create_task(acting.tooling.run())
                tasks.create_task(clockwork.run(self._bus))
                tasks.create_task(self._follow_home())
                tasks.create_task(self._log_turns())
                tasks.create_task(self._wake_engines())
                controls = Control(house, self._announcements, settings.spoken_languages)
                reactions = reacting(controls, acting.tooling, household, self._bus)
                tasks.create_task(reactions.run(self._bus))
                driving = Driving(
                    settings.mqtt,
                    self._identity,
                    controls,
                    self._announcements,
                    store,
                    timekeeping=clockwork.time,
                )
                tasks.create_task(driving.run(address, self._bus))
                gc.collect()  # what lives until the end need not be searched again and again
                gc.freeze()
                async with self._listening(token, house):
                    self._announce("Ready.")
                    await ServiceManager().serve()
        except EXPECTED as error:
            raise HubError(str(error)) from None
        except ExceptionGroup as group:
            raise explain(group) from None

    def _tools_changed(self) -> None:
        """Have the engines told of other tools and sentences."""
        self._learned_version = -1
        self._home_changed.set()

    async def _learn_home(
        self, address: BrokerAddress | None, stack: AsyncExitStack, tasks: asyncio.TaskGroup
    ) -> tuple[BrokerAddress, Household]:
        """Connect to the broker, ours if there is no other, and learn what is there."""
        mqtt = self._settings.mqtt
        kind = "MQTT broker"
        if address is None:
            kind = "Built-in MQTT broker"
            address = (await stack.enter_async_context(own_broker(mqtt))).own_address
        # Two hubs of one machine may share a broker, and a broker knows a client by its id alone.
        link = MqttLink(address, client_id=f"sotto-hub-{secrets.token_hex(6)}")
        owner = OwnerHome(self._settings.home)
        household = Household(self._home, link, prefix=mqtt.discovery_prefix, owner=owner)
        household.on_structure_changed(self._home_changed.set)
        tasks.create_task(link.run())
        tasks.create_task(household.run())
        await link.wait_connected(BROKER_TIMEOUT_S)
        self._announce(f"{kind}: {address}")
        await household.settled(SETTLE_TIMEOUT_S)
        return address, household

    async def _learn(self) -> None:
        """Teach the engines the home as it is now."""
        self._home_changed.clear()
        if self._home.version == self._learned_version:
            return
        version = self._home.version
        started = time.monotonic()
        await self._ears.learn(self._home, self._own_sentences())
        if self._thinker is not None:
            self._thinker.home_changed()
        self._learned_version = version
        areas, devices = len(self._home.areas()), len(self._home.devices())
        self._bus.publish(HomeChanged(areas, devices))
        log.info(
            "home learned",
            areas=areas,
            devices=devices,
            took_ms=round((time.monotonic() - started) * 1000),
        )

    async def _follow_home(self) -> None:
        """Teach the recogniser anew whenever the home changes."""
        while True:
            await self._home_changed.wait()
            try:
                await self._learn()
            except EngineError as error:
                log.error("the home can not be learned", code=error.code, error=str(error))

    @asynccontextmanager
    async def _listening(self, token: str | None, house: House) -> AsyncGenerator[None]:
        """Take satellites for as long as the block runs, and be found by them."""
        settings, identity = self._settings, self._identity

        def make_session(link: SatelliteLink, hello: Hello) -> Session:
            return Session(link, hello, house)

        listener = Listener(identity, token, self._directory, self._bus, make_session)
        host, port = settings.satellites.listen_host, settings.satellites.port
        try:
            server = await serve(
                listener.handle,
                host,
                port,
                role=Role.HUB,
                max_links=settings.satellites.max_links,
                limits=AUDIO_LIMITS,
            )
        except OSError as error:
            raise HubError(explain_address(host, port, error)) from None
        async with server, asyncio.TaskGroup() as tasks:
            port = server.addresses[0][1]
            self._announce(f"Satellites: {host}:{port}")
            if token is None:
                self._announce(
                    "Only this machine can connect, for there is no token. To let satellites in, "
                    "run `sotto-hub token` and set satellites.token."
                )
            advertising = None
            if settings.satellites.discoverable and not is_loopback(host):
                advertising = tasks.create_task(advertise(identity, host, port))
            yield
            if advertising is not None:
                advertising.cancel()

    def _house(self, mind: Mind) -> House:
        settings = self._settings
        listening, conversation = settings.listening, settings.conversation
        clock = time.monotonic
        parts = Parts(
            self._ears.port,
            self._voice.port,
            mind,
            self._turn_judge.port,
            lambda: self._ears.hears_along,
        )
        return House(
            parts,
            VoiceActivity(SileroVad()),
            self._bus,
            settings.language,
            clock,
            Manner(
                Rules(listening.no_speech_ms, listening.max_ms),
                Patience(
                    min_ms=listening.least_pause_ms,
                    max_ms=listening.longest_pause_ms,
                    open_ms=listening.longest_pause_ms,
                    open_max_ms=listening.longest_pause_ms * 1.5,
                ),
            ),
            self._directory,
            Conversations(clock, idle_limit_s=conversation.idle_s),
            Arbiter(clock),
            Neighbours(),
            FollowUps(FollowUp(conversation.follow_up), conversation.follow_up_ms),
            knows_room=lambda name: self._home.area_named(name) is not None,
            heard_s=lambda: self._ears.transcript_s,
            voice=settings.voice,
            languages=settings.spoken_languages,
        )

    async def _wake_engines(self) -> None:
        """Start engines that have ended for want of work when somebody begins to speak."""
        with self._bus.subscribe() as facts:
            async for fact in facts:
                if isinstance(fact, TurnStarted):
                    self._ears.wake()
                    self._voice.wake()

    async def _log_turns(self) -> None:
        with self._bus.subscribe() as facts:
            async for fact in facts:
                if isinstance(fact, TurnEnded):
                    self.tally.add(fact.details)
                    log.info(
                        "turn",
                        satellite=fact.satellite,
                        turn=fact.turn,
                        outcome=fact.outcome,
                        intent=fact.intent,
                        stages_ms={s.name: round(s.end_ms - s.start_ms) for s in fact.stages},
                        ahead_ms=fact.details.get("ahead_ms", 0),
                        paid_percent=round(self.tally.paid_percent),
                    )


async def run_hub(settings: HubSettings, announce: Announce) -> None:
    """Run a hub until it is told to end by SIGINT or SIGTERM. Raises HubError."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    told = False

    def end() -> None:
        nonlocal told
        told = True
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    try:
        await Hub(settings, announce).run()
    except asyncio.CancelledError:
        if not told:
            raise
        announce("Ended.")
